"""Findings about validation, decisions, replies, forms and states (11x to 14x, 30x to 34x, 5xx, 6xx, 8xx), in words. Data only."""

from __future__ import annotations

from ..entry import Entry

RULES: dict[str, Entry] = {
    "QT110": Entry("非空", "请填写{field}。", "filled in", "Fill in {field}."),
    "QT111": Entry(
        "{@phone}、{@email}、{@contact_other}任一",
        "请至少填写一种联系方式。",
        "one of {@phone}, {@email}, {@contact_other}",
        "Fill in at least one way to reach the reporter.",
    ),
    "QT112": Entry(
        "硬件、软件、网络、场景任一",
        "请至少填写一项发生环境。",
        "hardware, software, network or scene",
        "Describe the environment in at least one of the four columns.",
    ),
    "QT120": Entry(
        "4 至 60 字",
        "标题现有 {length} 字，请改为一句话概括。",
        "4 to 60 characters",
        "The title has {length} characters; say it in one line.",
    ),
    "QT121": Entry(
        "至少 15 字的具体描述",
        "请写明何时、何种操作下、出现什么现象。",
        "a description of at least 15 characters that says something",
        "Say when, doing what, and what happened.",
    ),
    "QT122": Entry(
        "name@example.com 样式的邮箱",
        "请核对邮箱；一格只填一个地址。",
        "an address such as name@example.com",
        "Check the address; one address a cell.",
    ),
    "QT123": Entry(
        "电话号码，例如 0571-88886666",
        "请核对电话号码。",
        "a phone number such as 0571-88886666",
        "Check the phone number.",
    ),
    "QT124": Entry(
        "该产品的型号：{known}",
        "请核对{@product}与{@model}，或在“产品”表中补充。",
        "a model of this product: {known}",
        "Check {@product} and {@model}, or add the model to Products.",
    ),
    "QT125": Entry(
        "“产品”表中的产品：{known}",
        "{near}如确是新产品，请先加入“产品”表。",
        "a product of the Products sheet: {known}",
        "{near}Add new products to Products first.",
    ),
    "QT126": Entry(
        "批次号格式 {pattern}",
        "请对照标签核对批次号；确实不知可填“未知”。",
        "a batch number of the form {pattern}",
        "Check it against the label; if it cannot be found, say Unknown.",
    ),
    "QT127": Entry(
        "1 至 5 的整数", "请从下拉列表中选择 1 至 5。", "a whole number from 1 to 5", "Choose 1 to 5 from the list."
    ),
    "QT128": Entry(
        "不晚于现在", "时间在将来，请核对日期。", "not later than now", "This is in the future; check the date."
    ),
    "QT129": Entry(
        "日期和时间，例如 2026-07-15 14:30",
        "紧急反馈的时限以小时计，请补上时间。",
        "date and time, such as 2026-07-15 14:30",
        "Urgent limits run in hours: add the time.",
    ),
    "QT130": Entry(
        "不早于{other}（{other_value}）",
        "请核对这两个时间。",
        "not before {other} ({other_value})",
        "Check the two dates.",
    ),
    "QT131": Entry(
        "标签上的批次号",
        "批次未知时无法按批次追查；如能查到请补上。",
        "the batch number of the label",
        "Without it the batch cannot be traced; add it if it can be found.",
    ),
    "QT132": Entry(
        "{@owner}以外的人",
        "{@verifier}不能是{@owner}本人，请另选{@verifier}。",
        "somebody other than the owner",
        "The owner cannot verify the own work: choose another verifier.",
    ),
    "QT140": Entry(
        "不重复的编号",
        "此行由上面的行复制而来，已给新编号 {new}，本次不发邮件。",
        "an id of its own",
        "The row is a copy of one above; it got the new id {new}, and no mail goes for it now.",
    ),
    "QT141": Entry(
        "程序给出的编号", "编号格式不符，已改为 {new}。", "an id given by the program", "It was replaced by {new}."
    ),
    "QT143": Entry(
        "“人员”表中的姓名",
        "{near}如是新同事，请先加入“人员”表。",
        "a name of the People sheet",
        "{near}Add new colleagues to People first.",
    ),
    "QT144": Entry(
        "在职人员", "此人已不在职，请改由他人负责。", "somebody who is active", "This person has left: choose another."
    ),
    "QT145": Entry(
        "登记表所在文件夹中的文件",
        "找不到该附件，请放到登记表旁或改正文件名。",
        "a file beside the register",
        "The file was not found: put it there or correct the name.",
    ),
    "QT310": Entry(
        "可读的值",
        "此格无法识别，因此“{table}”无法判定；请先改正此格。",
        "a value that can be read",
        'It cannot be read, so "{table}" cannot decide: correct the cell first.',
    ),
    "QT311": Entry(
        "",
        "分级规则未能给出等级：{problem}。请补充评估或检查分级规则。",
        "",
        "The grading table gave no level: {problem}. Complete the evaluation or check the table.",
    ),
    "QT312": Entry(
        "",
        "“{table}”对这一行没有结果：{problem}。请补充这一行或检查该表。",
        "",
        "{table} gives nothing for this row: {problem}. Complete the row or check the table.",
    ),
    "QT320": Entry(
        "“{ours}”，或填写{@override_reason}",
        "人工等级与建议不同，请填写{@override_reason}。",
        '"{ours}", or a reason for the change',
        "The level differs from the suggestion: fill in {@override_reason}.",
    ),
    "QT321": Entry(
        "", "人工等级保留；规则建议为“{ours}”。", "", 'The level typed by a person stands; the rules suggest "{ours}".'
    ),
    "QT330": Entry(
        "在岗的责任人",
        "{department}：{why}。请指定{@owner}，或补充“人员”表。",
        "an owner who is there",
        "{department}: {why}. Fill in {@owner}, or complete People.",
    ),
    "QT331": Entry(
        "{@department}",
        "分派规则未给出部门：请填写{@category}或{@department}，或检查分派规则。",
        "a department",
        "The assignment table gave none: fill in {@category} or {@department}, or check the table.",
    ),
    "QT332": Entry(
        "有邮箱的责任人",
        "已分派，但此人没有邮箱；请当面转交，并在“人员”表补上邮箱。",
        "an owner with a mail address",
        "Assigned, but there is no address: hand it over in person and complete People.",
    ),
    "QT333": Entry(
        "有邮箱的责任人",
        "转交单已生成，但无法发信；请当面转交，并填写{@accepted_at}。",
        "an owner with a mail address",
        "The transfer form is made, but no mail can go: hand it over and fill in {@accepted_at}.",
    ),
    "QT341": Entry(
        "由程序填写",
        "此列由程序填写，已恢复为“{ours}”。",
        "filled by the program",
        'This column is the program\'s; "{ours}" was put back.',
    ),
    "QT342": Entry(
        "",
        "人工填写的值保留；程序建议为“{ours}”。",
        "",
        'The value typed by a person stands; the program suggests "{ours}".',
    ),
    "QT510": Entry(
        "答复（{kind}）所需内容：{fields}",
        "请填齐后再批准；缺少内容的答复不会发出。",
        "what a reply ({kind}) must say: {fields}",
        "Fill it in; a reply that lacks it does not leave.",
    ),
    "QT511": Entry(
        "批准",
        "答复（{kind}）等待批准；核对后在“{@reply_approval}”中选择“批准”。",
        "Approved",
        'The reply ({kind}) waits for approval: check it and choose "Approved".',
    ),
    "QT512": Entry(
        "重新批准",
        "批准之后，答复内容或收件人有变；请核对现在的内容，{how}。",
        "a new approval",
        "What the reply says, or to whom, has changed since it was approved: check what it says now and {how}.",
    ),
    "QT513": Entry(
        "沟通记录",
        "该反馈者以电话等方式答复；沟通后请在“沟通记录”中登记一行{how}。",
        "an entry in Contacts",
        "This reply is given in person or by phone: log it in Contacts afterwards{how}.",
    ),
    "QT514": Entry(
        "可用的联系途径",
        "没有可用邮箱；请填写{@email}，或选择{@contact_way}。",
        "a way to reach the reporter",
        "There is no usable address: fill in {@email}, or choose another {@contact_way}.",
    ),
    "QT515": Entry(
        "修改后的答复",
        "答复（{kind}）已退回{why}；请修改，改后会再请人审批。",
        "a revised reply",
        "The reply ({kind}) was rejected{why}: revise it, and its approval is asked for again.",
    ),
    "QT516": Entry(
        "已发",
        "答复邮件 {key} 的状态是“{state}”；请用 qtemplate outbox show 查看后重发或作废。",
        "Sent",
        "Mail {key} is {state}: look at it with qtemplate outbox show, then resend or discard it.",
    ),
    "QT517": Entry(
        "重发，或撤回批准",
        "答复邮件 {key} 已作废，没有发出；要发出请用 qtemplate outbox resend，否则请清空“{@reply_approval}”。",
        "sent again, or no approval",
        "Mail {key} was discarded and did not go: resend it with qtemplate outbox resend, or empty the approval.",
    ),
    "QT518": Entry(
        "{since} 或以后",
        "答复已批准，但这条反馈在开始发邮件（[mail] since）之前收到，按历史处理，不会发出：请另行告知反馈者并记入“沟通记录”；确实要由程序发，请把 since 改早。",
        "{since} or later",
        "The reply is approved but does not leave: the feedback came in before mail began ([mail] since) and counts as history. Tell the "
        "reporter another way and log it in Contacts, or set since to an earlier moment.",
    ),
    "QT520": Entry("", "邮件 {key} 未能生成：{problem}。", "", "Mail {key} could not be made: {problem}."),
    "QT521": Entry("", "邮件 {key} 暂缓：{detail}", "", "Mail {key} is held: {detail}"),
    "QT522": Entry(
        "",
        "邮件 {key} 待审批后发出；请用 qtemplate outbox approve 批准。{detail}",
        "",
        "Mail {key} waits for approval: qtemplate outbox approve. {detail}",
    ),
    "QT523": Entry("", "邮件 {key} {state}：{detail}。{advice}", "", "Mail {key} {state}: {detail}. {advice}"),
    "QT524": Entry(
        "",
        "邮件 {key} 只发给了一部分收件人：{detail}",
        "",
        "Mail {key} went to some of its recipients only: {detail}",
    ),
    "QT525": Entry(
        "",
        "有 {n} 封邮件最早从 {since} 起就可以发出，却一直没有发：工作时间内没有运行过 qtemplate outbox send。"
        "请补上第二个定时任务，见 docs/operate.md。",
        "",
        "Mail that could have left has not ({n} since {since} or later): nothing sent mail in working hours. "
        "Schedule qtemplate outbox send, see docs/operate.md.",
    ),
    "QT526": Entry(
        "",
        "团队自己的邮件模板有误：{problem}。这类邮件暂用程序自带的措辞；请改正该模板，运行 qtemplate doctor 可列出全部错误。",
        "",
        "One of the team's own mail templates is at fault: {problem}. Until it is mended, these mails go in the shipped "
        "words; qtemplate doctor lists all faults.",
    ),
    "QT610": Entry("", "表单 {key} 未能生成：{problem}。", "", "Form {key} could not be made: {problem}."),
    "QT620": Entry(
        "",
        "收回的表单 {file} 未能采用：{problem}。改正后放回 forms/in，再从 forms/problem 删除。",
        "",
        "The returned form {file} was not taken: {problem}. Correct it, put it into forms/in, delete it from forms/problem.",
    ),
    "QT621": Entry(
        "能接受的部门或责任人",
        "已被退回：{reason}。请改{@department}或{@owner}，或清空{@owner}由程序另选他人；随后重新转交。",
        "a department or owner who can take it",
        "It was returned: {reason}. Choose another department or owner, or empty the owner and the program picks somebody "
        "else; it is then transferred anew.",
    ),
    "QT622": Entry(
        "",
        "{file} 回复的是以前的转交，责任部门或责任人已变；只记入沟通记录。",
        "",
        "{file} answers an earlier transfer, department or owner have changed since; it is only noted in Contacts.",
    ),
    "QT623": Entry(
        "{form}（表单）",
        "表单上写的是 {form}，登记表里已另有内容；程序不改，请决定以哪个为准（有《待裁决》的，在那里选）。",
        "{form} (the form)",
        "The form says {form}, somebody wrote something else meanwhile; nothing was changed, please decide (in Decisions, "
        "where there is that sheet).",
    ),
    "QT630": Entry(
        "采纳，或不采纳",
        "送来的是“{said}”，登记表是“{held}”（{field}）；请在“裁决”栏选：采纳就改成送来的，不采纳就保留登记表的。下次运行照办。",
        "Accept, or Reject",
        'What came in says "{said}", the register "{held}" ({field}). Choose under Decision: "Accept" for what came in, '
        '"Reject" for what the register says; the next run carries it out.',
    ),
    "QT631": Entry(
        "能照办的裁决",
        "“采纳”没有照办：{why}。请直接改登记表，再把这一行删掉。",
        "a decision that can be carried out",
        '"Accept" was not carried out: {why}. Correct the register itself, then delete this row.',
    ),
    "QT632": Entry(
        "这一列能填的内容",
        "表单 {file} 在这一项填的内容，登记表的这一列不能填，没有写入；已告知填表的人。",
        "what this column can hold",
        "What the form {file} says here cannot stand in this column and was not entered; whoever sent it is told.",
    ),
    "QT633": Entry(
        "按期完成的措施",
        "改进措施“{action}”已晚 {days} 天，责任人是 {owner}；它不属于哪条反馈，每日汇总里没有，请直接催办。",
        "an action done in time",
        "The improvement action “{action}” of {owner} is {days} {days:day|days} late; it belongs to no feedback, so no digest names it: "
        "please ask for it.",
    ),
    "QT634": Entry(
        "《人员》里的姓名",
        "措施“{action}”的责任人不在《人员》里，没有人会被提醒；请改成《人员》里的姓名。",
        "a name of People",
        "The owner of the action “{action}” is not in People, so nobody is reminded of it; enter a name from there.",
    ),
    "QT624": Entry(
        "",
        "收回了表单（{files}），登记表里却没有这一行；表单保存在 forms/done。",
        "",
        "Forms came back ({files}), but the register has no such row; they are kept in forms/done.",
    ),
    "QT710": Entry("", "登记表未写入：{reason}。", "", "The register was not written: {reason}."),
    "QT810": Entry(
        "“{carried}”",
        "手工状态暂时保留；本行事实支持的状态是“{carried}”。",
        '"{carried}"',
        'The status typed by a person stands for now; the facts carry "{carried}".',
    ),
    "QT820": Entry(
        "先满足：{lacking}",
        "已选{@close_type}，但还不能关闭；请补齐后自动关闭。",
        "first: {lacking}",
        "A way of closing is chosen, but it cannot be closed yet; complete it and it closes by itself.",
    ),
}
