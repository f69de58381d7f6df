"""Findings about what came in through a channel (83x to 86x), in words. Data only."""

from __future__ import annotations

from ..entry import Entry

INCOMING: dict[str, Entry] = {
    "QT830": Entry(
        "",
        "来件 {file} 未能采用：{problem}。改正后放回 intake/in 下原来的文件夹，再从 intake/problem 删除。",
        "",
        "{file} came in and was not taken up: {problem}. Correct it, put it back into its folder below intake/in, and "
        "delete it from intake/problem.",
    ),
    "QT831": Entry(
        "",
        "来件 {file} 可能还没有写完（{problem}），下次再看。",
        "",
        "{file} may not be complete yet ({problem}) and will be looked at again next time.",
    ),
    "QT832": Entry(
        "",
        "{channel} 再次送来已登记的记录，有 {n} 条内容不同，登记表未改动：{named}{more}。需要更正的，请在登记表中修改。",
        "",
        "{channel} delivered records again that are in the register, {n} of them with other content; the register was left "
        "as it is: {named}{more}. What is to be corrected, please correct in the register.",
    ),
    "QT833": Entry(
        "",
        "来件 {file} 没有存下来：{problem}。文件留在原处，下次再收。",
        "",
        "{file} could not be stored: {problem}. It stays where it is and will be taken up next time.",
    ),
    "QT840": Entry(
        "",
        "收到 {n} 封{kind}，没有登记：{names}。",
        "",
        "{n} {n:mail was|mails were} {kind} and put aside: {names}.",
    ),
    "QT841": Entry(
        "能收到邮件的地址",
        "{at} 发往这个地址的邮件被退回（{status}），此后不再向它发信。请核对，或填写{@contact_other}。",
        "an address that mail reaches",
        "Mail to this address came back on {at} ({status}), and no more is sent there. Check it, or use another way to reach "
        "the reporter.",
    ),
    "QT842": Entry(
        "",
        "{who} 于 {at} 来信：“{words}”。请阅读《沟通记录》并处理；问过是否解决的，请填写{@confirmation}，已答复或联系的，请记入《沟通记录》。",
        "",
        '{who} wrote on {at}: "{words}". Read it in Contacts and act on it; fill in the confirmation if that was asked, and log '
        "in Contacts that you answered or spoke to the reporter.",
    ),
    "QT843": Entry(
        "",
        "关闭后 {who} 于 {at} 又来信：“{words}”。需要重新处理的，请清空{@closed_at}；已另行联系的，请记入《沟通记录》。",
        "",
        '{who} wrote on {at}, after the closing: "{words}". Clear the closing time to reopen it; if you answered, log it in '
        "Contacts.",
    ),
    "QT845": Entry(
        "",
        "来件中提到“{guess}”，可能就是它；请核对后填入。",
        "",
        'What came in names "{guess}", which may be it; check and fill it in.',
    ),
    "QT846": Entry(
        "",
        "来信“{subject}”带有可执行文件 {name}，没有保存；确有需要的，请从原邮件中取。",
        "",
        'The mail "{subject}" came with {name}, a file that runs when it is opened, so it was not kept; if it is needed, take '
        "it from the mail itself.",
    ),
    "QT847": Entry(
        "",
        "来信所附的 {n} 个文件没有写到登记表旁边：{problem}。下次运行时再写。",
        "",
        "{n} {n:file|files} that came with mails could not be written beside the register: {problem}. The next run tries again.",
    ),
    "QT848": Entry(
        "",
        "来信“{subject}”自称写于 {dated}，与服务器的时间相差太远；反馈时间按 {at} 登记。",
        "",
        'The mail "{subject}" says it was written at {dated}, too far from the server\'s time; it counts as received at {at}.',
    ),
    "QT850": Entry(
        "",
        "邮箱这次没有收取：{problem}。下次运行再试；持续如此的，请检查 [mailbox] 的设置。",
        "",
        "The mailbox was not read this time: {problem}. The next run tries again; if it stays like this, check [mailbox].",
    ),
    "QT851": Entry(
        "",
        "邮箱 {folder} 中有一封超过 {most} MB 的邮件，没有收取；请在邮箱中查看，或调大 [mailbox] max_mb。",
        "",
        "A mail in {folder} is larger than {most} MB and was not fetched; look at it in the mailbox, or raise [mailbox] max_mb.",
    ),
    "QT852": Entry(
        "",
        "邮箱中有 {n} 封邮件留给人看：{named}。用 qtemplate intake --list 列出，--link 归入反馈或登记成行。",
        "",
        "{n} {n:mail was|mails were} left to people in the mailbox: {named}. qtemplate intake --list names them, --link puts one to its case "
        "or makes a row of it.",
    ),
    "QT853": Entry(
        "",
        "邮箱中新邮件很多：这次收取 {most} 封，其余 {n} 封下次再收。",
        "",
        "There are many new mails: {most} were fetched this time, {n} more will be next time.",
    ),
    "QT854": Entry(
        "",
        "收到“{name}”{decision}；下一次运行把它写入登记表。",
        "",
        "A form came back, {name}{decision}; the next run works it into the register.",
    ),
    "QT870": Entry(
        "",
        "网页所用的文件无法写入 web/export/（{problem}），新链接暂时打不开。请检查磁盘空间和文件夹权限；下次运行会重写。",
        "",
        "What the pages are made from could not be written into web/export/ ({problem}); new links do not open yet. Look at "
        "the disk and the rights of the folder; the next run writes it anew.",
    ),
    "QT855": Entry(
        "采纳，或不采纳",
        "来信“{subject}”（{who}）：{why}。是这条反馈的，请在“裁决”栏选“采纳”，来信就归入这条反馈；不是的，选“不采纳”。下次运行照办。",
        "Accept, or Reject",
        'The mail "{subject}" of {who}: {why}. If it belongs to this feedback, choose "Accept" under Decision, and it '
        'is put there; if not, "Reject". The next run carries it out.',
    ),
    "QT860": Entry(
        "",
        "给群 {name} 的消息没有发出：{problem}。",
        "",
        "The message to the group {name} did not go out: {problem}.",
    ),
    "QT834": Entry(
        "登记表中有“{name}”列",
        "来件中 {n} 条记录填有“{name}”，但登记表没有这一列，内容没有写入。请运行 qtemplate upgrade 补上该列，或修改渠道的映射文件。",
        "a column {name} in the register",
        "{n} {n:record|records} that came in {n:says|say} something about {name}, and the register has no such column, so it was not written. "
        "Add the column with qtemplate upgrade, or change the channel's mapping.",
    ),
}
