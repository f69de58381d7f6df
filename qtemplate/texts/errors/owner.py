"""Why a workspace may not write its register, and what to do. code -> (zh, en). Data only."""

from __future__ import annotations

OWNER_ERRORS: dict[str, tuple[str, str]] = {
    "owner.other": (
        "{register} 由另一个工作区写入（{folder}）；两个工作区同时写会互相抵消。那个工作区确已停用时，运行 qtemplate claim 由本工作区接管。",
        "{register} is written by another workspace ({folder}); two would undo each other's work. If that one is gone for "
        "good, run qtemplate claim and this one takes over.",
    ),
    "owner.moved": (
        "{register} 由位于 {folder} 的工作区写入，本工作区（{here}）是它的副本，或者是搬过来的。两份不能同时运行，否则每位客户都会收到两次邮件。"
        "原来那份不再运行时，运行 qtemplate claim 由本工作区接管。",
        "{register} is written by the workspace in {folder}, and this one ({here}) is a copy of it, or it was moved here. Both must "
        "not run, or every customer is written to twice. If the other one no longer runs, run qtemplate claim and this one takes over.",
    ),
    "owner.older": (
        "本工作区的状态（.qtemplate/state.db）比 {register} 旧：它是从备份恢复的，或者丢失后新建的，不知道此后发过哪些邮件。"
        "请运行 qtemplate claim：凡登记表上看得出已经做过的，都算已做，不会再发。",
        "The state of this workspace (.qtemplate/state.db) is older than {register}: it was restored from a backup, or was lost and made "
        "anew, and does not know which mails have gone since. Run qtemplate claim: whatever the register shows to have happened then "
        "counts as done and is not sent again.",
    ),
    "owner.undecided": (
        "{register} 里程序的列已有 {n} 个单元格填了内容，却看不出程序写过这张表。请先说明这些内容是谁的："
        "是团队自己填的，运行 qtemplate claim --theirs（全部保留）；是程序以前写的，运行 qtemplate claim --ours（重新计算）。",
        "In {register} {n} cells of the program's columns are filled, and nothing shows that the program ever wrote in this book. Say "
        "first whose they are: if people filled them, run qtemplate claim --theirs (all are kept); if the program did, run "
        "qtemplate claim --ours (they are worked out anew).",
    ),
    "claim.no_column": (
        "程序没有可以移交的列 {name}；{near}",
        "The program has no column {name} that could be handed over; {near}",
    ),
    "owner.unreadable": (
        "{register} 旁边记录由谁写入的隐藏文件无法读取。若只有本工作区写这张登记表，运行 qtemplate claim。",
        "The hidden file beside {register} that says who writes it cannot be read. If only this workspace does, run qtemplate claim.",
    ),
}
