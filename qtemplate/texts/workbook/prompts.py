"""What Excel says when a cell of the register is chosen: worded scales, formats, who fills it. Data only.

At most 255 characters each (the limit of an input message, ECMA-376 part 1, 18.3.1.32 `prompt`).
"""

from __future__ import annotations

from ...fields import Field, Filler

F = Field
Pair = tuple[str, str]

BY_FILLER: dict[Filler, Pair] = {
    Filler.PROGRAM: ("由程序填写。手工改动会被还原。", "Filled in by the program. Changes by hand are put back."),
    Filler.SUGGESTED: ("程序给出建议，可以改；改过的以人为准。", "The program suggests; change it and yours stays."),
    Filler.LEARNED: ("程序得知后自动填写；人工填写的优先。", "The program fills it in when it learns it; yours wins."),
}
"""Added to, or standing in for, a field's own prompt; people's fields have none."""

HEADER_TITLE: Pair = ("可能对外", "May go outside")
HEADER_OF_WORDS: Pair = (
    "本列的文字可能写进发给反馈者的邮件，须先经人批准；反馈者本人写来的原话除外。填写时请按对方会看到来写。",
    "These words may go into mail to the reporter, once a person has approved it, or if they are the reporter's own. "
    "Please write what the reporter may read.",
)
HEADER_OF_FACTS: Pair = (
    "本列的内容可能直接出现在发给反馈者的邮件中，不需要再批准。请核对无误。",
    "What stands here may be shown in mail to the reporter without anybody approving it. Please make sure it is right.",
)
"""The input messages of the headers whose columns may be shown outside the company."""

IN_WORDS: Pair = ("可能对外，发出前须批准。", "May go outside once approved.")
IN_FACTS: Pair = ("可能出现在发给反馈者的邮件中。", "May be shown in mail to the reporter.")
"""The same in a line, for the cells below."""

PROMPTS: dict[Field, Pair] = {
    F.RECEIVED_AT: (
        "例如 2026-07-15 14:30。只知道日期也可以；紧急的请写到分钟。不能晚于现在。",
        "Such as 2026-07-15 14:30. A date alone will do, unless it is urgent. Not in the future.",
    ),
    F.REPORTER: ("反馈者姓名或称呼。", "Name of whoever reported it."),
    F.PRODUCT: ("从《产品》表的产品中选择。", "Choose a product of the sheet Products."),
    F.MODEL: ("先选产品，再从该产品的型号中选择。", "Choose the product first, then one of its models."),
    F.TITLE: ("一句话说清是什么问题，4 至 60 个字。", "One line that says what is wrong, 4 to 60 characters."),
    F.STATUS: (
        "由已填写的内容推出。需要等外部时可选“等待外部”，时限随之暂停。",
        "Follows from what is filled in. Choose “Waiting for others” to pause the clocks.",
    ),
    F.LEVEL: (
        "紧急、重要、一般、轻微。与建议等级不同时请填写“等级调整理由”。",
        "Urgent, Major, Normal, Minor. If it differs from the suggestion, give an override reason.",
    ),
    F.DEPARTMENT: ("按《分派规则》建议，可以改选。", "Suggested by the sheet Assignment; may be changed."),
    F.OWNER: (
        "《人员》表中的一人。改选后转交给新的责任人。",
        "A name of the sheet People. Change it and it is handed over.",
    ),
    F.RECORDER: ("谁登记的，《人员》表中的一人。", "Who entered it: a name of the sheet People."),
    F.CHANNEL: ("反馈从哪里来。", "How the feedback came in."),
    F.CHANNEL_REF: (
        "热线单号、留言编号、邮件 Message-ID 等，便于查原始记录。",
        "Ticket number, Message-ID and the like.",
    ),
    F.REPORTER_TYPE: (
        "外部客户、经销商或内部员工；后两者请填单位部门。",
        "Customer, dealer or staff; the last two with organisation.",
    ),
    F.ORGANISATION: ("经销商名称或内部部门。", "Name of the dealer, or the staff member's department."),
    F.PHONE: (
        "联系电话、邮箱、其他联系方式至少填一项。按文本保存，前导零不丢。",
        "One of phone, e-mail or other contact is required. Kept as text, leading zeros stay.",
    ),
    F.EMAIL: ("例如 name@example.com；一格只填一个。", "Such as name@example.com; one address a cell."),
    F.CONTACT_OTHER: ("微信号、旺旺、社交账号等。", "Messenger or social-media account."),
    F.LANGUAGE: ("给反馈者的答复用中文还是英文。", "Language of mail to the reporter."),
    F.VERSION: ("软件产品必填，例如 3.2.1。", "Required for software, such as 3.2.1."),
    F.BATCH: (
        "硬件产品必填，按铭牌原样填写，前导零不丢；查不到填“未知”。",
        "Required for hardware, as printed; “Unknown” if it cannot be read.",
    ),
    F.SERIAL: ("按铭牌原样填写，按文本保存。", "As printed on the label; kept as text."),
    F.QUANTITY: ("涉及多少台（件），整数。", "How many pieces are concerned; a whole number."),
    F.DESCRIPTION: (
        "发生了什么、怎样出现、已经试过什么；至少 15 个字。不要只写“坏了”“不好用”。",
        "What happened, how it shows, what was tried; at least 15 characters. Not just “broken”.",
    ),
    F.CATEGORY: ("决定转交给哪个部门，见《分派规则》。", "Decides the department, see the sheet Assignment."),
    F.FAULT: ("《故障词典》中的故障，用来发现重复发生。", "A fault of the sheet Faults; shows what comes back."),
    F.ENV_HARDWARE: ("硬件、软件、网络、场景四项至少填一项。", "At least one of hardware, software, network, scene."),
    F.ENV_SOFTWARE: ("例如 Android 15、小程序 2.8。", "Such as Android 15, app 2.8."),
    F.ENV_NETWORK: ("例如 家用 Wi-Fi、4G、无网络。", "Such as home Wi-Fi, 4G, offline."),
    F.SCENE: ("在哪里、做什么的时候发生。", "Where, and during what, it happened."),
    F.ATTACHMENTS: ("照片、视频的文件名，一行一个。", "File names of photos and videos, one a line."),
    F.FIRST_GUESS: ("登记时的初步看法，只在内部使用。", "A first opinion; internal."),
    F.AUTHENTICITY: (
        "属实、部分属实；误解、操作不当（直接进入答复）；一时说不准选“待查”。",
        "Real, partly real; misunderstanding or misuse go straight to the reply; Open if not known yet.",
    ),
    F.SEVERITY: (
        "5 核心功能丧失或有危险\n4 主要功能受损\n3 功能受影响，有替代办法\n2 小瑕疵\n1 建议",
        "5 core function lost, or danger\n4 main function impaired\n3 affected, an alternative exists\n2 blemish\n1 "
        "suggestion",
    ),
    F.SAFETY: (
        "可能伤人、起火、漏电、失控的选“是”，立即按紧急处理；说不准选“不确定”。",
        "Yes if somebody could be hurt (fire, shock, loss of control): graded urgent at once. Unsure if in doubt.",
    ),
    F.SCOPE: (
        "个别：只此一例\n少量：几例，原因可能相同\n部分：同批次或同型号的一部分\n大量：同批次或同型号的多数",
        "Single: this case only\nFew: a handful, maybe one cause\nSome: part of a batch or model\nMany: most of a "
        "batch or model",
    ),
    F.FREQUENCY: (
        "偶发：很难再现\n时有发生：不定期出现\n必然：照做就会出现",
        "Rare: hard to see again\nSometimes: now and then\nAlways: every time it is done",
    ),
    F.WORKAROUND: (
        "有：用户自己能绕开\n部分：能缓解，不能完全避开\n无：没有办法",
        "Yes: users can get round it\nPartial: it helps, but not fully\nNo: nothing helps",
    ),
    F.OVERRIDE_REASON: ("等级与建议不同时必填。", "Required when the level differs from the suggestion."),
    F.ITERATION: ("轻微问题和建议：计划放进哪个版本。", "For minor ones: the release it is planned for."),
    F.ACCEPTED_AT: ("责任人接受转交的时间。", "When the owner accepted."),
    F.CONTAINMENT: (
        "先止住影响的办法：停发、隔离、临时指导。紧急、重要必填。",
        "What stops the harm first. Required for urgent and major.",
    ),
    F.ROOT_CAUSE: ("为什么会发生；内部使用，不对外。", "Why it happened; internal, never sent out."),
    F.SOLUTION: ("怎样解决；会写进给反馈者的答复。", "How it is solved; appears in the reply to the reporter."),
    F.CAUSE_CODE: (
        "根本原因属于哪一类；找不到时选“未查明”。",
        "What kind of cause it is; “Not found” if it stays unclear.",
    ),
    F.VERIFY_METHOD: ("怎样验证方案有效。", "How it was shown that the solution works."),
    F.PLANNED_AT: ("计划完成的日期。", "The date it is planned for."),
    F.IMPLEMENTED_AT: ("方案实际落实的时间。", "When the solution was really in place."),
    F.VERIFIER: ("不能是责任人本人。", "Somebody other than the owner."),
    F.VERIFY_RESULT: ("不通过时退回处理，并通知责任人。", "Failed sends it back to work and tells the owner."),
    F.PREVENTION: (
        "怎样防止再次发生。紧急、重要必填。",
        "What keeps it from coming back. Required for urgent and major.",
    ),
    F.SNOOZE_UNTIL: (
        "填日期：到那天前不再提醒；填“停止”：不再提醒。",
        "A date: no reminders until then. “Stop”: no more reminders.",
    ),
    F.REPLY_TYPE: (
        "已解决：要有对外原因说明、解决方案、实施完成\n处理中：要有答复要点、预计解决时间\n无法满足：要有答复要点",
        "Solved: needs cause for reporter, solution, implemented at\nIn progress: reply text, expected date\n"
        "Declined: reply text",
    ),
    F.REPLY_TEXT: ("写给反馈者的话，会原样出现在答复里。", "Goes into the reply as it stands."),
    F.CAUSE_FOR_REPORTER: ("能对外讲的原因，说得明白、不推责任。", "The cause in words for the reporter."),
    F.ETA: ("处理中的答复要写明预计哪天解决。", "When it will be solved, for replies in progress."),
    F.INTERIM_ADVICE: ("解决之前，反馈者可以先怎么做。", "What the reporter can do until then."),
    F.CONTACT: (
        "谁与反馈者沟通：外部由客服，内部由协调人。",
        "Who talks to the reporter: service outside, coordinator inside.",
    ),
    F.CONTACT_WAY: (
        "邮件由程序发出；其他方式请在《沟通记录》记一笔。",
        "E-mail is sent; for the others add a row to Contacts.",
    ),
    F.REPLY_APPROVAL: (
        "选“批准”后答复才会发出；之后内容有改动的，核对后改选“重新批准”。",
        "Only approved replies leave. After a later change choose the other word of approval.",
    ),
    F.CONFIRMATION: ("反馈者是否确认已解决。未解决会重新打开。", "Does the reporter agree? Not solved reopens it."),
    F.SATISFACTION: (
        "5 很满意　4 满意　3 一般　2 不满意　1 很不满意",
        "5 very satisfied, 4 satisfied, 3 fair, 2 dissatisfied, 1 very dissatisfied",
    ),
    F.OPINION: ("反馈者的原话或要点。", "What the reporter said."),
    F.LOW_SCORE_REVIEW: (
        "满意度 2 分及以下时，由质量主管写明怎样处理；写了才能关闭。仅供内部。",
        "For a satisfaction of 2 or less: what the quality lead decided. It closes only then. Internal.",
    ),
    F.CLOSE_TYPE: (
        "选了关闭方式且条件齐备后，程序填写关闭时间。",
        "Choose it; the program closes the row once all conditions hold.",
    ),
    F.MASTER: ("与哪一条合并，填那一条的反馈编号。", "The id of the feedback it was merged into."),
    F.RELATED: ("相关的反馈编号，用逗号分开。", "Ids of related feedback, separated by commas."),
    F.REPORTABLE: (
        "安全隐患为“是”时，由质量主管决定是否向监管部门上报；选“否”要写上报说明。仅供内部。",
        "With a safety hazard the quality lead decides whether it is reported to the authority; No needs a reason. Internal.",
    ),
    F.REPORTED_AT: ("向监管部门上报的时间。仅供内部。", "When it was reported to the authority. Internal."),
    F.REPORT_REASON: (
        "上报给谁、编号；不上报的写明理由。仅供内部。",
        "To whom and under which number; or why it is not reported. Internal.",
    ),
    F.NOTES: ("内部备注，不对外。", "Internal notes, never sent out."),
    F.OWN_NUMBER: ("团队自己的编号；邮件中与反馈编号一起显示。", "The team's own number; mails show it beside the id."),
}
