"""The words of 使用说明 / Guide. Data only: sections of (heading, lines); a line may be a pair (term, explanation)."""

from __future__ import annotations

from ...fields import Filler

Line = str | tuple[str, str]
Section = tuple[str, tuple[Line, ...]]

GOES_OUT = "out"
"""Stands for the colour of headers whose columns may be shown outside the company."""

STORIES_FROM = 5
"""Row of the first story, in the workbook of a demo."""

STORIES = {
    "zh": ("演示：这一夜的五条反馈", "运行 qtemplate demo 之后，这里写着这条反馈之前怎样、之后怎样、引出了哪封邮件。"),
    "en": (
        "The demo: five feedbacks of this night",
        "After qtemplate demo this says how the feedback stood before, how it stands now, and which mail it caused.",
    ),
}
"""Heading, and what stands in a row before the demo has run."""

NUMBER_OF_STORIES = 5

FOLDS = {
    "zh": "列标上方的 [+] 展开一个阶段的列：登记人看一，评估人看二，责任人看三，客服看四和五，质量主管看六",
    "en": "[+] above the column letters opens a stage: 1 is for whoever records, 2 for assessors, 3 for owners, 4 and 5 for "
    "service, 6 for the quality lead",
}
"""Stands above the headers of the register."""

TITLE = {"zh": "质量反馈登记表 · 使用说明", "en": "Quality feedback register · Guide"}
LEAD = {
    "zh": "这本工作簿是团队唯一的反馈登记表：从收到反馈到关闭，一条反馈一行。规则也写在这里，由你们自己维护。",
    "en": "This workbook is the team's one register: a feedback is one row, from arrival to closing. The rules live "
    "here too, "
    "and they are yours to change.",
}

GUIDE: dict[str, tuple[Section, ...]] = {
    "zh": (
        (
            "每天怎么用",
            (
                (
                    "登记",
                    "在《反馈登记》表格最下面接着写一行。表头的颜色说明由谁填写，见下；选中单元格会出现填写提示。",
                ),
                ("编号", "不用自己编。程序下次运行时补上编号、校验结果、建议等级、责任人和各项期限。"),
                (
                    "看自己的活",
                    "《受理视图》《评估视图》《责任人视图》《客服视图》列出各角色现在要做的，最紧急的在最上面。点编号就到登记表的那一行；要改的在登记表里改，视图每次运行重写。",
                ),
                ("看结果", "“校验结果”写着“待补充”或“错误”的，按提示改；详细清单在《校验结果》。"),
                (
                    "表单交回",
                    "交回的表单自动记入登记表和《措施跟踪》等记录；与登记表不一致的列在《待裁决》，请在“裁决”栏选一个。",
                ),
                ("看全局", "《看板》的数字和图表随时是最新的。"),
            ),
        ),
        (
            "表头的颜色",
            (
                ("P", "人工填写。程序从不改动。"),
                ("S", "程序给出建议，可以改；改过的以人为准，程序会说明它原来的建议。"),
                ("A", "程序填写。手工改动会被还原，并提示。"),
                ("PA", "程序得知后填写（如发出答复的时间）；人工填写的优先。"),
                (
                    GOES_OUT,
                    "底色浅黄的列，内容可能发给公司以外的人；字和下边线的颜色仍说明由谁填写。问题标题、问题描述、解决方案、"
                    "答复要点等文字，要有人批准后才会发出；其他浅黄的列会直接出现在邮件里。其余颜色的列从不对外。",
                ),
            ),
        ),
        (
            "折起来的列",
            (
                (
                    "展开、折起",
                    "登记表平时只显示总览。点列标上方的 [+] 展开一个阶段，[–] 折起；左上角的 1、2 折起或展开全部。",
                ),
                (
                    "谁看哪些",
                    "登记人：一；评估人：二；责任人和验证人：三；客服：四和五；质量主管：六，以及需要时全部。",
                ),
            ),
        ),
        (
            "六个阶段",
            (
                ("一 登记", "来源、时间、产品、问题描述、发生环境、联系方式填全。缺的内容程序会向反馈者或登记人询问。"),
                (
                    "二 评估",
                    "填真实性、严重性、安全隐患、影响范围、发生频率、规避措施；等级按《分级规则》得出，并写明依据。",
                ),
                (
                    "三 转交与解决",
                    "按《分派规则》转交责任部门，附完整记录和转交单；紧急、重要的另附 8D 报告，一般的附 5-Why 分析。写明根本原因、解决方案，实施后由他人验证。",
                ),
                (
                    "四 答复",
                    "选答复类型，填好答复内容；审批选“批准”后才会发出。打电话答复的，请记入《沟通记录》，“是否最终答复”填“是”。",
                ),
                ("五 确认", "答复后请反馈者确认并评分。未解决会重新打开；到期无回音视为无异议，并告知反馈者。"),
                ("六 关闭", "选关闭方式。条件齐备后程序填写关闭时间；紧急、重要的继续跟踪一段时间。"),
            ),
        ),
        (
            "关闭的条件",
            (
                ("都需要", "校验通过；等级已定（调整过的写明理由）；已答复；合并进来的反馈都已答复。"),
                (
                    "一般以上",
                    "根本原因和原因分类；由他人验证通过；反馈者已确认或到期无回音；问过满意度，2 "
                    "分及以下由质量主管写明处理意见。",
                ),
                ("紧急、重要", "临时措施、防再发措施、跟踪截止日期。"),
                ("误解、操作不当", "等级、答复和说明即可，关闭方式选“解释”。"),
                ("安全隐患为“是”", "任何等级、任何关闭方式：已上报并填写上报时间，或是否上报填“否”并写明理由。"),
                ("可以调整", "其余每个条件对哪些等级要求，在《关闭条件》里改。"),
            ),
        ),
        (
            "程序每晚做什么",
            (
                ("读一遍", "校验每一行，编号、定级、分派、计算期限，推出状态。"),
                ("写回来", "只改该改的单元格，其余原样不动；改了什么记在《变更日志》。人填的内容从不改。"),
                ("发邮件", "转交、提醒（每人每天一封汇总）、经批准的答复、确认请求。同一封不会发两次。"),
                ("不打扰", "表格正被打开时不写入，等下一次；可以放心编辑。"),
            ),
        ),
        (
            "可以改的规则",
            (
                (
                    "五张规则表",
                    "《分级规则》《分派规则》《优先级规则》自上而下取第一条；《排队积分》《校验规则》取每一条。下次运行生效。",
                ),
                (
                    "时限、升级、日历",
                    "《答复时限》《升级阶梯》《工作日历》。每年年底补上次年的放假和调休安排，再标“已确认”。",
                ),
                ("人员、产品、列表", "《人员》《产品》《数据字典》《故障词典》。先填《人员》，程序才知道交给谁。"),
                ("自己的列", "可以在登记表右侧加列，程序不会动它们；要求写进《数据字典》。"),
            ),
        ),
        (
            "有疑问找谁",
            (
                ("填写问题", "登记管理员（见《人员》中角色为“登记管理员”的同事）。"),
                ("规则问题", "质量主管。"),
                ("程序没有运行", "登记管理员每天会收到运行结果邮件；没收到就是没有运行。"),
            ),
        ),
    ),
    "en": (
        (
            "Every day",
            (
                (
                    "Enter",
                    "Write the next row at the bottom of Feedback. The colour of a header says who fills it, see below; "
                    "choose a cell and a hint appears.",
                ),
                (
                    "Number",
                    "Leave the id empty. The next run fills id, check, suggested level, owner and all deadlines.",
                ),
                (
                    "Your work",
                    "Intake view, Assessment view, Owner view and Customer service view list what each role has to do, the most "
                    "urgent first. A click on the ID leads to its row; change things there, for every run writes the views anew.",
                ),
                ("Look", "Where Check says Incomplete or Error, do what it says; the whole list is in Findings."),
                (
                    "Forms",
                    "What comes back goes into the register and into Actions and the other logs. Where the register says "
                    "something else, Decisions asks: choose under Decision.",
                ),
                ("Overview", "Figures and charts of Dashboard are always up to date."),
            ),
        ),
        (
            "Colours of the headers",
            (
                ("P", "Filled by people. The program never changes it."),
                ("S", "The program suggests. Change it and yours stays; the program says what it would have said."),
                ("A", "Filled by the program. Changes by hand are put back and reported."),
                ("PA", "The program fills it when it learns it, such as the time of a reply; a person's entry wins."),
                (
                    GOES_OUT,
                    "What stands under a pale yellow header may be shown outside the company; ink and line below still "
                    "say who fills it. Title, description, solution, reply text and the like leave only once a person "
                    "has approved them; the other yellow columns may stand in any mail. All other columns never go out.",
                ),
            ),
        ),
        (
            "Folded columns",
            (
                (
                    "Open and fold",
                    "The register shows the overview. [+] above the column letters opens a stage, [–] folds it; 1 and 2 at "
                    "the top left fold or open all.",
                ),
                (
                    "Who opens which",
                    "Whoever records: 1. Assessors: 2. Owners and verifiers: 3. Service: 4 and 5. The quality lead: 6, and "
                    "all of them when needed.",
                ),
            ),
        ),
        (
            "Six stages",
            (
                (
                    "1 Intake",
                    "Who, when, product, what happened, where, how to reach them. What is missing is asked for.",
                ),
                (
                    "2 Evaluation",
                    "Authenticity, severity, safety, scope, frequency, workaround. Grading turns them into a level "
                    "and says why.",
                ),
                (
                    "3 Transfer, solution",
                    "Assignment picks department and owner, who get the whole record and a transfer form, with an 8D "
                    "for urgent and major feedback and a 5-Why for normal ones. Cause, solution, then verification by "
                    "somebody else.",
                ),
                (
                    "4 Reply",
                    "Choose the reply type and fill in its content; it leaves once it is Approved. Calls go into "
                    "Contacts, with Yes under Final reply.",
                ),
                (
                    "5 Confirmation",
                    "The reporter confirms and rates. Not solved reopens it; silence past the limit counts as no "
                    "objection.",
                ),
                (
                    "6 Closing",
                    "Choose how it is closed. The program fills the time once all conditions hold; urgent and major "
                    "are watched on.",
                ),
            ),
        ),
        (
            "Conditions for closing",
            (
                (
                    "Always",
                    "Check passed; level final, an override with its reason; reply sent or call logged; every merged "
                    "feedback answered.",
                ),
                (
                    "Normal and above",
                    "Root cause and its code; verified by somebody else; confirmed or silent; satisfaction asked, 2 "
                    "or less "
                    "with the quality lead's review.",
                ),
                ("Urgent, major", "Containment, prevention, and a watch date."),
                ("Misunderstanding, misuse", "Level, reply and its reason will do; close as Explained."),
                (
                    "A safety hazard",
                    "At every level, by every way of closing: reported, with its time; or Reportable is No, with the reason.",
                ),
                ("To change the others", "Gates says which condition is asked at which level."),
            ),
        ),
        (
            "What the program does at night",
            (
                ("Reads", "Checks every row, numbers, grades, assigns, works out deadlines and states."),
                (
                    "Writes",
                    "Only the cells that need it, everything else stays as it is; Changes says what. People's "
                    "entries never change.",
                ),
                (
                    "Mails",
                    "Transfers, reminders (one digest a person a day), approved replies, requests to confirm. "
                    "Nothing goes twice.",
                ),
                ("Waits", "While somebody has the workbook open it does not write, and tries again later."),
            ),
        ),
        (
            "Rules you may change",
            (
                (
                    "The five rule sheets",
                    "Grading, Assignment, Priority: the first rule that fits counts. Queue points, Checks: every one. In force "
                    "from the next run.",
                ),
                (
                    "Time limits, Escalation, Calendar",
                    "At the end of a year enter next year's days off and make-up days, then mark it confirmed.",
                ),
                (
                    "People, Products, lists",
                    "People, Products, Dictionary, Faults. Start with People: the program has to know whom to ask.",
                ),
                (
                    "Your own columns",
                    "Add them to the right of the register; they are left alone. Say in Dictionary what they must "
                    "hold.",
                ),
            ),
        ),
        (
            "Whom to ask",
            (
                ("About an entry", "The keeper (role Keeper in People)."),
                ("About a rule", "The quality lead."),
                ("Nothing happens", "The keeper gets a mail about every run; no mail means that it did not run."),
            ),
        ),
    ),
}

LEGEND: dict[str, dict[Filler, str]] = {
    "zh": {Filler.PERSON: "人工", Filler.SUGGESTED: "建议", Filler.PROGRAM: "程序", Filler.LEARNED: "两者"},
    "en": {Filler.PERSON: "People", Filler.SUGGESTED: "Suggested", Filler.PROGRAM: "Program", Filler.LEARNED: "Either"},
}
"""What the colours of the headers mean."""

LEGEND_GOES_OUT = {"zh": "可能对外", "en": "May go outside"}
