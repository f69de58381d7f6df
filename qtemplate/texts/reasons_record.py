"""What `verify` and `pack` say. key -> (zh, en). Data only."""

from __future__ import annotations

RECORD_REASONS: dict[str, tuple[str, str]] = {
    "verify.whole": (
        "处理记录完整：自 {since} 起共 {n} 条，均与封存时一致。当前末条：{head}",
        "The history is whole: {n} entries since {since}, all of them as they were sealed. It ends at {head}",
    ),
    "verify.broken": (
        "处理记录与封存时不一致（自 {since} 起共 {n} 条，当前末条：{head}）：",
        "The history is not what was sealed ({n} entries since {since}, the end is {head}):",
    ),
    "verify.changed": ("第 {n} 条被改动：{what} {about}，{at}", "Entry {n} was changed: {what} {about}, {at}"),
    "verify.missing": ("第 {n} 条缺失：{what}，在 {at} 之后", "Entry {n} is missing: {what}, after {at}"),
    "verify.added": (
        "有一条未经封存、夹在已封存记录之间：{what} {about}，{at}",
        "An entry without a seal stands among sealed ones: {what} {about}, {at}",
    ),
    "verify.cut": (
        "邮件中记有第 {n} 条，而现存记录没有那么多：末尾被截去，或 state.db 换成了较早的备份",
        "The mail names entry {n}, and there are not that many: the end was cut off, or an older state.db was put back",
    ),
    "verify.rewritten": (
        "第 {n} 条与邮件中所记不符：这一条或更早的记录被改写后重新封存",
        "Entry {n} is not the one that the mail names: it, or an earlier one, was rewritten and sealed anew",
    ),
    "verify.more": ("另有 {n} 处", "{n} more"),
    "verify.of_change": ("登记表改动", "change of"),
    "verify.of_mail": ("邮件", "mail"),
    "verify.of_any": ("记录", "something"),
    "verify.about_unknown": ("（不详）", "(unknown)"),
    "verify.head_fits": ("与邮件中所记的第 {n} 条一致。", "Entry {n} is the one that the mail names."),
    "verify.ask_head": (
        "要查出末尾被截去的情形，请用收件箱里某封夜间运行结果中的一行：qtemplate verify --head 条数:封存码",
        "To find an end that was cut off, take the line of a nightly result from somebody's mailbox: qtemplate verify --head N:SEAL",
    ),
}
