"""Phrases about what came in: why it was not taken up, and where a row is from. key -> (zh, en). Data only."""

from __future__ import annotations

INCOMING_REASONS: dict[str, tuple[str, str]] = {
    "because.came_in": ("经 {channel} 收到（{ref}）", "came in through {channel} ({ref})"),
    "because.linked": ("{who} {at} 来信，由人归入", "{who} wrote on {at}; a person linked it"),
    "because.mailed": ("{who} {at} 来信", "{who} wrote on {at}"),
    "intake.no_volume_column": ("缺少“{column}”一列", "the column {column} is missing"),
    "intake.bounce": ("退信", "mails that came back"),
    "intake.auto_reply": ("自动答复", "automatic answers"),
    "intake.list": ("群发邮件", "mails of lists"),
    "intake.own": ("本系统自己的邮件", "mails of our own"),
    "intake.came_back": ("邮件被退回（{status}）", "mail came back ({status})"),
    "intake.for_a_person": ("需要人来决定", "a person has to decide"),
    "intake.too_many": (
        "{sender} 一天内来信超过 {most} 封，其余的留给人看",
        "{sender} sent more than {most} {most:mail|mails} in a day; the others are for a person",
    ),
    "intake.mail_number": ("来信 {number}", "Mail {number}"),
    "intake.unsure": (
        "可能属于 {ids}，不能确定；确定后请在主题中只写一个编号，例如 [QF-2026-0001]",
        "it may belong to {ids}; once you know, leave one number in the subject, such as [QF-2026-0001]",
    ),
    "intake.answers_nothing": (
        "是一封回信，但找不到它回复的反馈；请在主题中写上编号，例如 [QF-2026-0001]，或转发成新邮件",
        "it is an answer to something unknown; write the number into its subject, such as [QF-2026-0001], or forward it as "
        "a new mail",
    ),
    "intake.colleague": (
        "是同事的来信，不是转发的反馈；需要登记的，请直接填写登记表",
        "a colleague wrote it and forwards nothing; what is to be recorded, please type into the register",
    ),
    "intake.stranger": (
        "可能属于 {id}，但 {sender} 不是这条反馈的反馈者或经办人；确认后请把地址填入该行的邮箱或其他联系方式",
        "it may belong to {id}, but {sender} is neither its reporter nor one of its people; once you are sure, enter the "
        "address into its row",
    ),
    "intake.of_staff": (
        "{name} 就 {id} 来信，第一行不是接受或退回这样的口令，内容没有写入；请直接填写登记表",
        "{name} wrote about {id}, and the first line is no code such as accept or return, so nothing was entered; please "
        "type it into the register",
    ),
    "intake.mailbox_away": ("{server}：{problem}", "{server}: {problem}"),
    "intake.no_password": (
        "没有密码：请设置 QTEMPLATE_IMAP_PASSWORD，或存入密钥环",
        "there is no password: set QTEMPLATE_IMAP_PASSWORD, or put it into the keyring",
    ),
    "intake.no_report": ("看不出是反馈", "nothing says that it reports a problem"),
    "pile.line": (
        "{number}  {at}  {channel}  {sender}  “{subject}”",
        '{number}  {at}  {channel}  {sender}  "{subject}"',
    ),
    "pile.why": ("      {why}", "      {why}"),
    "pile.how": (
        "归入一条反馈：qtemplate intake --link 编号 QF-…；登记为新反馈：--link 编号 new；看内容：--show 编号；不处理：--discard 编号",
        "To a case: qtemplate intake --link NUMBER QF-…; as a new row: --link NUMBER new; to read it: --show NUMBER; to let it "
        "be: --discard NUMBER",
    ),
    "pile.empty": ("没有等人处理的来件。", "Nothing that came in waits for a person."),
    "pile.unknown": ("不明原因", "for a reason that was not kept"),
    "pile.head": ("第 {number} 号：{sender}，{at}，“{subject}”", '{number}: {sender}, {at}, "{subject}"'),
    "pile.auth": ("邮件头 Authentication-Results：{auth}", "Authentication-Results: {auth}"),
    "pile.files": ("附件：{files}", "files: {files}"),
    "pile.discarded": ("第 {number} 号来件不再处理，原件保留。", "{number} is let be; its original is kept."),
    "intake.left": ("“{subject}”（{why}）", '"{subject}" ({why})'),
    "bot.digest": ("质量反馈 {day}：{n} 条超时或即将到期", "Quality feedback {day}: {n} late or soon due"),
    "bot.urgent": ("紧急反馈", "Urgent feedback"),
    "bot.more": ("另有 {n} 条", "and {n} more"),
    "bot.not_https": ("机器人的地址不是 https", "the bot's address is not https"),
    "bot.http": ("服务器返回 HTTP {code}", "the server answered HTTP {code}"),
    "bot.away": ("无法连接（{problem}）", "it cannot be reached ({problem})"),
    "bot.no_answer": ("服务器的回答无法识别，不再重发", "the answer cannot be read, so it is not sent again"),
    "bot.code": ("{code} {said}", "{code} {said}"),
    "because.approved_by_mail": ("{name} {at} 来信批准", "{name} approved it by mail on {at}"),
    "because.returned_by_mail": ("{name} {at} 来信退回：{why}", "{name} returned it by mail on {at}: {why}"),
    "intake.not_approver": (
        "对 {id} 的答复表示批准或退回，但 {sender} 不是被请来审批的人，或者答复是本人写的，没有写入；请由有权的人用自己的邮箱回复，或在登记表中审批",
        "it decides about the reply to {id}, but {sender} was not asked to, may not decide at this level, or wrote the reply, so "
        "nothing was entered; somebody who may approve it has to answer from their own mailbox, or decide in the register",
    ),
    "intake.decided_already": (
        "{id} 的答复已有人在登记表中审批过，这封来信没有改动它",
        "somebody has decided about the reply to {id} in the register already, so this changed nothing",
    ),
    "intake.reply_changed": (
        "{id} 的答复在请您批准之后改过，这次批准不算数；改过的答复会另发一封邮件",
        "the reply to {id} was changed since this approval was asked for, so it does not count; another mail asks about "
        "the new words",
    ),
    "intake.unproven": (
        "主题或回复关系指向 {id}，但收信服务器怀疑发件人 {sender} 是伪造的（{auth}），内容没有写入；请向本人核实后在登记表中填写",
        "it answers {id}, but the mail server doubts that {sender} sent it ({auth}), so nothing was entered; ask the sender, "
        "then type it into the register",
    ),
    "intake.changed": ("{ref}（{id}）{differs}", "{ref} ({id}) {differs}"),
    "intake.differs": ("{name}：{before} → {after}", "{name}: {before} → {after}"),
    "intake.more": ("，另有 {n} 条", ", and {n} more"),
    "intake.empty": ("里面没有表头或没有记录", "it has no headers, or no records below them"),
    "intake.csv_long": (
        "第 {line} 行有 {found} 格，表头只有 {wanted} 格，可能有未加引号的分隔符",
        "line {line} has {found} {found:cell|cells} and the header {wanted}; there may be a delimiter without quotes around it",
    ),
    "intake.csv_short": (
        "最后一行（第 {line} 行）只有 {found} 格，应有 {wanted} 格",
        "the last line ({line}) has only {found} of {wanted} {wanted:cell|cells}",
    ),
    "intake.csv_quotes": ("第 {line} 行附近的引号不成对", "a quotation mark near line {line} has no counterpart"),
    "intake.no_encoding": (
        "映射文件中的编码 {encoding} 不存在，请用 utf-8、gb18030 等",
        "the mapping names the encoding {encoding}, which does not exist; use one such as utf-8 or gb18030",
    ),
    "intake.undecodable": (
        "文字编码不是 {encoding}；请另存为 UTF-8，或在映射文件中写明 encoding",
        "its text is not {encoding}; save it as UTF-8, or name the encoding in the mapping",
    ),
    "intake.no_sheet": ("没有工作表“{sheet}”，只有 {known}", "it has no sheet {sheet}, only {known}"),
    "intake.unreadable": ("无法读取（{problem}）", "it cannot be read ({problem})"),
    "intake.no_json": ("不是有效的 JSON（{problem}）", "it is no valid JSON ({problem})"),
    "intake.no_records": ("在 {where} 处没有找到记录", "no records were found at {where}"),
    "intake.wrong_type": ("不认识这种文件，应为 {known}", "files of this kind are not read; {known} are"),
    "intake.link": (
        "这是一个链接，程序不跟随链接；请放入文件本身",
        "it is a link, which is not followed; put in the file itself",
    ),
    "intake.folder": (
        "这不是文件；请把文件直接放进渠道的文件夹",
        "it is no file; put files right into the folder of their channel",
    ),
    "intake.too_big": (
        "文件有 {size} MB，最大 {most} MB；请分成几份",
        "it has {size} MB, and {most} MB is the most; divide it",
    ),
    "intake.growing": ("读取时还在变化", "it changed while it was read"),
    "intake.no_mapping": (
        "“{name}”不是渠道名，也没有映射文件 {file}；请建立映射文件，或使用渠道名 {known}",
        "{name} is no channel, and there is no mapping {file}; write one, or use a channel's name: {known}",
    ),
    "intake.mapping": ("映射文件 {file} 不能使用（{problem}）", "the mapping {file} cannot be used ({problem})"),
    "intake.mapping_key": (
        "映射文件 {file} 中有不认识的 {found}，是不是 {near}？可用：{known}",
        "the mapping {file} has {found}, which is unknown; is {near} meant? Known are {known}",
    ),
    "intake.mapping_value": (
        "映射文件 {file} 中 {which} 的值“{found}”不合适",
        'the mapping {file} gives {which} the value "{found}", which does not fit',
    ),
    "intake.mapping_channel": (
        "映射文件 {file} 中的渠道“{found}”不存在，应为 {known} 之一",
        'the mapping {file} names the channel "{found}"; it has to be one of {known}',
    ),
    "intake.mapping_own_words": (
        "映射文件 {file} 写了 own_words = true，但“{channel}”的内容是别人转述的，不能当作反馈者的原话；请去掉这一行",
        "the mapping {file} says own_words = true, but what comes through {channel} is told by somebody else and never "
        "counts as the reporter's own words; take that line out",
    ),
    "intake.mapping_field": (
        "映射文件 {file} 指向“{field}”，这一列由负责的人判断或由程序填写，来件不能填",
        "the mapping {file} fills {field}, which people judge or the program fills; what comes in cannot",
    ),
    "intake.no_columns": (
        "文件里没有映射文件 {file} 所说的列 {missing}；文件的列是 {headers}",
        "the mapping {file} names the columns {missing}, which the file does not have; it has {headers}",
    ),
    "intake.nothing_known": (
        "没有一列是登记表认识的（{headers}）；请写映射文件",
        "none of its columns is known to the register ({headers}); write a mapping",
    ),
}
