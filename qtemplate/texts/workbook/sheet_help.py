"""The line of help under each sheet's title, zh and en. Data only."""

from __future__ import annotations

HELP: dict[str, tuple[str, str]] = {
    "findings": (
        "由程序每次运行时整张重写：先错误、后警告、再提示，同类中新出现的在前。在登记表改正后，下次运行自动消失。",
        "Written anew by every run: errors first, then warnings, then hints, of each the newest first. Correct the register and "
        "they are gone.",
    ),
    "view_intake": (
        "登记的人看：资料不齐或填错的反馈，缺什么写在“待补充”。"
        "由程序每次运行时重写，并受保护：最紧急的在最上面。要改什么，点编号，到登记表里改；填在这里的不算数，会在《校验结果》里提醒。",
        "For whoever records: what is missing or wrong in a feedback. "
        "Written by the program at each run, the most urgent first, and protected. To change a value click the ID and change it in the register; what is typed here does not count, and Findings will say so.",
    ),
    "view_assess": (
        "评估人和协调人看：等着定级、指定责任人或决定是否上报的反馈。"
        "由程序每次运行时重写，并受保护：最紧急的在最上面。要改什么，点编号，到登记表里改；填在这里的不算数，会在《校验结果》里提醒。",
        "For assessors and coordinators: what waits for a level, an owner or the decision whether to report it. "
        "Written by the program at each run, the most urgent first, and protected. To change a value click the ID and change it in the register; what is typed here does not count, and Findings will say so.",
    ),
    "view_owner": (
        "责任人和验证人看：正在处理、等着验证的反馈。"
        "由程序每次运行时重写，并受保护：最紧急的在最上面。要改什么，点编号，到登记表里改；填在这里的不算数，会在《校验结果》里提醒。",
        "For owners and verifiers: what is in work or waits to be verified. "
        "Written by the program at each run, the most urgent first, and protected. To change a value click the ID and change it in the register; what is typed here does not count, and Findings will say so.",
    ),
    "view_service": (
        "客服看：等着联系、答复、确认或关闭的反馈。"
        "由程序每次运行时重写，并受保护：最紧急的在最上面。要改什么，点编号，到登记表里改；填在这里的不算数，会在《校验结果》里提醒。",
        "For customer service: who has to be contacted or replied to, what has to be confirmed or closed. "
        "Written by the program at each run, the most urgent first, and protected. To change a value click the ID and change it in the register; what is typed here does not count, and Findings will say so.",
    ),
    "limits": (
        "每个时限、每个等级一行。单位：小时 = 工作小时（紧急按 24 小时连续计），工作日 = 一个标准工作日，天 = 自然日。",
        "One row a clock and level. Unit: h = working hours (round the clock for Urgent), wd = working days, d = days.",
    ),
    "escalation": (
        "时限快到或已超时的时候通知谁。剩余比例：20% 表示剩余时间不足两成时；时限、等级留空表示全部；通知可写几个。",
        "Who is told when a clock runs out. Share left: 20 % = less than a fifth is left. Empty clock or level = all; several may be told.",
    ),
    "gates": (
        "选了关闭方式之后，打 ● 的条件都满足才能关闭。不想要求的，把 ● 删掉；想加严的，填上 ●。去掉原来要求的条件，运行结果邮件里会提到。",
        "Once a way of closing is chosen, every condition marked ● has to hold before the program closes it. Delete a ● to "
        "drop it, enter one to add it. What was dropped is named in the mail about the run.",
    ),
    "scoring": (
        "8D 和方案评分用的数值，可以改。D1–D8 的权重合计不必是 100，程序按比例折算；评分只供质量主管参考，不决定任何事。",
        "The numbers by which 8Ds and options are judged; change them as you like. The weights need not make 100. A score is "
        "for the quality lead and decides nothing.",
    ),
    "calendar": (
        "左：每周工作时段，一天可有几段。中：法定休假（休）和调休上班（班）。右：该年日期是否已按通知核对；"
        "未确认的年份会有提示。",
        "Left: working hours of the week, several segments a day. Middle: days off and make-up days. Right: whether "
        "the year's "
        "days have been announced and checked; a year that is not confirmed is pointed out.",
    ),
    "people": (
        "反馈处理涉及的每个人一行。只有这里的邮箱算内部；休假期间由代理人接手。请先填登记管理员和各部门负责人。",
        "One row a person. Only mail addresses listed here count as insiders; a deputy takes over in an absence. Start "
        "with "
        "the keeper and the heads of the departments.",
    ),
    "products": (
        "每个型号一行，同一产品的型号放在一起。批次号格式为正则表达式，可留空。"
        "新产品名称请同时加入《数据字典》的产品名称列表。",
        "One row a model, models of one product together. The batch pattern is a regular expression and may stay "
        "empty. "
        "Add a new product's name to its list in Dictionary too.",
    ),
    "volumes": (
        "可选：每个产品每月售出或在用的数量。填了之后，月报里的控制图按反馈率而不是条数判断。型号可留空；"
        "月份写成 2026-10。",
        "Optional: how many of a product were sold or in use in a month. With it, the control charts of the monthly report go by rates instead of "
        "counts. The model may stay empty; write the month like 2026-10.",
    ),
    "phases": (
        "改进见效之后，登记生效日期：从下一个整月起，控制图以新的水平为准，不再反复报同一个变化。产品留空表示全部产品。",
        "Once an improvement works, enter the day: from the next whole month on, the control charts take the new level as their centre and do not report "
        "the same change again. An empty product means all of them.",
    ),
    "dictionary": (
        "左：每个字段的要求，团队自己的列也可以加在这里。右：下拉列表的内容，每列一个列表。",
        "Left: what each column must hold; add your own columns too. Right: the drop-down lists, one a column.",
    ),
    "faults": (
        "把说法不同的同一故障归到一个代码，用于发现重复发生。同义词用顿号或逗号分开。",
        "Different words for one fault, so that recurrence is seen. Separate synonyms by commas.",
    ),
    "pauses": (
        "状态改为“等待外部”时程序自动开一行，结束时填上结束时间；可以更正。暂停期间时限不走。",
        "The program opens a row when a feedback waits for others, and ends it; correct it where needed. Clocks stand "
        "still.",
    ),
    "contacts": (
        "每次和反馈者的沟通一行。打了电话、当面谈过，请在这里记一笔，首次响应和进展马上算数；“是否最终答复”填“是”，就算最终答复，不用再审批。",
        "One row each time somebody talked to the reporter. A call counts as first response and progress at once; with Yes under Final reply it is the final reply and needs no approval.",
    ),
    "actions": (
        "每条措施一行，表单里的措施自动记到这里，也可以手工加。到期前和逾期后会提醒责任人；做完了请填“实际完成”和证据。改进项目的措施，反馈编号可以空着。",
        "One row an action. Forms add theirs, and you may add your own. The owner is reminded before it is due and after; enter Done and the evidence once it is. An action of an improvement project needs no ID.",
    ),
    "causes": (
        "每个“为什么”一行：发生（为什么会出现）、流出（为什么没有发现）、系统（为什么体系没有防住）。8D 报告和 5-Why 分析交回后自动记入。",
        "One row a why: occurrence (why it happened), escape (why nobody noticed), system (why it was possible). Filled from 8D reports and 5-Why pages that came back.",
    ),
    "options": (
        "每个备选方案一行，成本、时间、可行性、风险各打 1–5 分（5 分最好），选用的标“是”。8D 报告交回后自动记入。",
        "One row an option, with 1 to 5 for cost, time, feasibility and risk (5 is best); Yes marks the one chosen. Filled from 8D reports that came back.",
    ),
    "verifications": (
        "每个验证项目一行：要求是什么，实测多少，是否合格。验证报告交回后自动记入，也可以手工加。",
        "One row a criterion: what was required, what was measured, whether it passed. Filled from verification reports; you may add rows.",
    ),
    "surveys": (
        "每次回访一行，各项评分 1–5 分。回访表交回后自动记入。",
        "One row a survey, ratings from 1 to 5. Filled from follow-up forms that came back.",
    ),
    "meetings": (
        "每次会议一行。写上以后的时间、地点和出席的人（《人员》里的姓名），下次运行就发出邀请；改了会再通知，决议写“取消”或删行就取消。会议纪要交回后自动记入。",
        "One row a meeting. Enter a time to come, place and names of People: the next run invites them, tells of changes, and calls it off when Decisions says cancelled or the row goes. Minutes that come back fill it in.",
    ),
    "decisions": (
        "交回的表单或网页上的答复与登记表现在的内容不同，请在“裁决”栏选：采纳就用送来的，不采纳就保留登记表的；下次运行照办。字段为“来信”的一行问的是一封邮件：采纳就归入这条反馈，不采纳就不予处理。",
        "What came in (a form, an answer on a page) says something else than the register does now. Choose under Decision: Accept for what came in, Reject to keep the register; the next run carries it out. Where the field is Mail, a mail came: Accept puts it to this feedback, Reject lets it be.",
    ),
    "changes": (
        "程序改过的每个单元格：原值、新值和原因。最近 5,000 条，最新的在上。",
        "Every cell the program changed: before, after and why. The latest 5,000, newest first.",
    ),
    "grading": (
        "自上而下，第一条符合的规则决定建议等级。“-”表示不限；严重性为空时不定级（有安全隐患除外）。",
        'From the top, the first rule that fits proposes the level. "-" = any. Without a severity nothing is graded, '
        "except a safety risk.",
    ),
    "assignment": (
        "按问题领域决定责任部门。方式：最少负荷、轮流，或固定（写明人员）；无人合适时交给部门负责人。",
        "The category decides the department. Method: Least load, Round robin, or Fixed (with a person). Nobody fits: "
        "the head of the department.",
    ),
    "priority": (
        "等级决定优先级；同型号同故障在 90 天内再次出现，就是“重复发生”。部门负荷只影响排队位置。",
        "The level decides. recurrent = model and fault were seen before, within 90 days. Load moves the queue only.",
    ),
    "points": (
        "每一条符合的规则都加分，总分高的在本部门同一优先级内排在前面；同分按反馈时间。积分可以改，可以是负数；不影响优先级。",
        "Every rule that fits adds its points. Within a department and priority the highest sum comes first, then the "
        "oldest. Change the points as you like, also below 0; they never change the priority.",
    ),
    "checks": (
        "每一条符合的规则都会提示；“字段”是要标出的列，“程度”为错误、警告或提示。null = 空，not(null) = 已填。",
        "Every rule that fits is reported. Field is the column to mark; severity is Error, Warning or Info. "
        "null = empty, not(null) = filled in.",
    ),
}
