"""The sheets of the workbook as data: names, blocks and columns in zh and en.

The standard workbook is made from these declarations; by them the rule sheets are read and the logs and the program's own
sheets written. A block's header row is found by its headers (either language, or the key), so people may move columns
and add lines above.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

REGISTER_ZH, REGISTER_EN = "反馈登记", "Feedback"
REGISTER_TABLE = "tblFeedback"


class Writer(StrEnum):
    """Who writes a sheet."""

    PEOPLE = "people"
    BOTH = "both"  # people and the program add rows
    PROGRAM = "program"  # regenerated as a whole part


class Need(StrEnum):
    """What rests on a column of a block."""

    READ = "read"  # without it nothing of the block is read
    WRITE = "write"  # without it the program adds no rows, which would lose what they say there
    NONE = "none"


class Column(Struct, frozen=True):
    """A column of a sheet other than the register; a `later` one is no fault of a workbook from before it."""

    key: str
    zh: str
    en: str
    width: float = 14.0
    need: Need = Need.NONE
    later: bool = False

    def header(self, language: str) -> str:
        return self.zh if language == "zh" else self.en


class BlockSpec(Struct, frozen=True):
    """Columns that belong together under one header row; several blocks stand side by side, an empty column between."""

    key: str
    columns: tuple[Column, ...]
    table: str = ""  # name of the Excel table, "" = none


class SheetSpec(Struct, frozen=True):
    """A sheet: key, names, who writes it, its blocks (none for decision tables, guide and dashboard)."""

    key: str
    zh: str
    en: str
    writer: Writer = Writer.PEOPLE
    blocks: tuple[BlockSpec, ...] = ()
    decision_table: bool = False

    def title(self, language: str) -> str:
        return self.zh if language == "zh" else self.en


HEADER_ROW = 3
"""Row of the headers in the standard workbook's block sheets: row 1 is the title, row 2 one line of help."""

C = Column
R, W = Need.READ, Need.WRITE

FROM_FORM = (
    Column("round", "轮次", "Round", 7),
    Column("who", "填报人", "Filled in by", 12),
    Column("at", "填报时间", "Filled in at", 17),
    Column("form", "来源", "From", 24),
)
"""What a row of the investigation's logs says of where it came from; empty in a row that a person wrote by hand."""

SEAL = Column("seal", "校验码", "Seal", 6, Need.WRITE)
"""A hidden column: what the program wrote into a row, so that what people typed over it is noticed."""

# fmt: off
SHEETS: tuple[SheetSpec, ...] = (
    SheetSpec("guide", "使用说明", "Guide"),
    SheetSpec("dashboard", "看板", "Dashboard", Writer.PROGRAM),
    SheetSpec(
        "view_intake", "受理视图", "Intake view", Writer.PROGRAM,
        (BlockSpec("view_intake", (
            C("id", "反馈编号", "ID", 14), C("clock", "时限状态", "Clock", 16), C("due", "到期", "Due", 16),
            C("received_at", "反馈时间", "Received at", 16), C("channel", "反馈渠道", "Channel", 11),
            C("reporter", "反馈者", "Reporter", 13), C("product", "产品名称", "Product", 15), C("title", "问题标题", "Title", 30),
            C("todo", "待补充", "To complete", 34), C("recorder", "登记人", "Recorder", 10), SEAL,
        ), "tblViewIntake"),),
    ),
    SheetSpec(
        "view_assess", "评估视图", "Assessment view", Writer.PROGRAM,
        (BlockSpec("view_assess", (
            C("id", "反馈编号", "ID", 14), C("clock", "时限状态", "Clock", 16), C("due", "到期", "Due", 16),
            C("received_at", "反馈时间", "Received at", 16), C("product", "产品名称", "Product", 15),
            C("title", "问题标题", "Title", 34), C("suggested_level", "建议等级", "Suggested level", 9),
            C("todo", "要做什么", "To do", 42), C("assessor", "评估人", "Assessor", 10), SEAL,
        ), "tblViewAssess"),),
    ),
    SheetSpec(
        "view_owner", "责任人视图", "Owner view", Writer.PROGRAM,
        (BlockSpec("view_owner", (
            C("id", "反馈编号", "ID", 14), C("clock", "时限状态", "Clock", 16), C("due", "到期", "Due", 16),
            C("level", "等级", "Level", 8), C("product", "产品名称", "Product", 15), C("title", "问题标题", "Title", 30),
            C("todo", "要做什么", "To do", 36), C("planned_at", "计划完成", "Planned at", 12), C("owner", "责任人", "Owner", 10),
            C("verifier", "验证人", "Verifier", 10), C("department", "责任部门", "Department", 11), SEAL,
        ), "tblViewOwner"),),
    ),
    SheetSpec(
        "view_service", "客服视图", "Customer service view", Writer.PROGRAM,
        (BlockSpec("view_service", (
            C("id", "反馈编号", "ID", 14), C("clock", "时限状态", "Clock", 16), C("due", "到期", "Due", 16),
            C("level", "等级", "Level", 8), C("reporter", "反馈者", "Reporter", 13), C("title", "问题标题", "Title", 30),
            C("status", "状态", "Status", 10), C("todo", "要做什么", "To do", 40), C("reply_state", "答复状态", "Reply state", 10),
            C("contact", "沟通负责人", "Contact", 11), SEAL,
        ), "tblViewService"),),
    ),
    SheetSpec("figures", "统计", "Figures", Writer.PROGRAM),
    SheetSpec(
        "findings", "校验结果", "Findings", Writer.PROGRAM,
        (BlockSpec("findings", (
            C("severity", "程度", "Severity", 8), C("code", "代码", "Code", 9), C("id", "反馈编号", "ID", 15),
            C("cell", "单元格", "Cell", 10), C("field", "字段", "Field", 14), C("found", "现值", "Found", 24),
            C("expected", "应为", "Expected", 40), C("action", "怎么办", "What to do", 50),
            C("since", "首次出现", "First seen", 12, later=True),
        ), "tblFindings"),),
    ),
    SheetSpec("grading", "分级规则", "Grading", decision_table=True),
    SheetSpec("assignment", "分派规则", "Assignment", decision_table=True),
    SheetSpec("priority", "优先级规则", "Priority", decision_table=True),
    SheetSpec("points", "排队积分", "Queue points", decision_table=True),
    SheetSpec("checks", "校验规则", "Checks", decision_table=True),
    SheetSpec(
        "limits", "答复时限", "Time limits", Writer.PEOPLE,
        (BlockSpec("limits", (
            C("clock", "时限", "Clock", 14, R), C("level", "等级", "Level", 10, R), C("number", "数值", "Number", 8, R),
            C("unit", "单位", "Unit", 10, R), C("note", "说明", "Note", 50),
        ), "tblLimits"),),
    ),
    SheetSpec(
        "escalation", "升级阶梯", "Escalation", Writer.PEOPLE,
        (BlockSpec("escalation", (
            C("clock", "时限", "Clock", 24), C("level", "等级", "Level", 10), C("when", "时机", "When", 14, R),
            C("number", "数值", "Number", 8, R), C("unit", "单位", "Unit", 10), C("to", "通知", "Tell", 22, R), C("note", "说明", "Note", 50),
        ), "tblEscalation"),),
    ),
    SheetSpec(
        "gates", "关闭条件", "Gates", Writer.PEOPLE,
        (BlockSpec("gates", (
            C("gate", "条件", "Condition", 26, R), C("urgent", "紧急", "Urgent", 9), C("major", "重要", "Major", 9),
            C("normal", "一般", "Normal", 9), C("minor", "轻微", "Minor", 9), C("note", "说明", "Note", 70),
        ), "tblGates"),),
    ),
    SheetSpec(
        "scoring", "评分设置", "Scoring", Writer.PEOPLE,
        (BlockSpec("scoring", (
            C("item", "项目", "Item", 26, R), C("number", "数值", "Number", 10, R), C("note", "说明", "Note", 70),
        ), "tblScoring"),),
    ),
    SheetSpec(
        "calendar", "工作日历", "Calendar", Writer.PEOPLE,
        (
            BlockSpec("week", (
                C("weekday", "星期", "Weekday", 10, R), C("from", "开始", "From", 9, R), C("to", "结束", "To", 9, R),
            )),
            BlockSpec("days", (
                C("date", "日期", "Date", 13, R), C("type", "休/班", "Off/On", 9, R), C("name", "名称", "Name", 18),
            )),
            BlockSpec("years", (C("year", "年份", "Year", 8, R), C("confirmed", "已确认", "Confirmed", 11, R))),
        ),
    ),
    SheetSpec(
        "people", "人员", "People", Writer.PEOPLE,
        (BlockSpec("people", (
            C("name", "姓名", "Name", 12, R), C("mail", "邮箱", "Mail", 26), C("department", "部门", "Department", 18),
            C("role", "角色", "Role", 16), C("manager", "上级", "Manager", 12), C("deputy", "代理人", "Deputy", 12),
            C("skills", "专长", "Skills", 18), C("capacity", "容量", "Capacity", 9),
            C("away_from", "休假自", "Away from", 12), C("away_to", "休假至", "Away to", 12),
            C("active", "在职", "Active", 8), C("monthly", "月报", "Monthly report", 9, later=True),
        ), "tblPeople"),),
    ),
    SheetSpec(
        "products", "产品", "Products", Writer.PEOPLE,
        (BlockSpec("products", (
            C("product", "产品名称", "Product", 20, R), C("model", "型号", "Model", 16, R), C("kind", "类别", "Kind", 10),
            C("batch_pattern", "批次号格式", "Batch pattern", 20),
        ), "tblProducts"),),
    ),
    SheetSpec(
        "volumes", "产量", "Volumes", Writer.PEOPLE,
        (BlockSpec("volumes", (
            C("product", "产品名称", "Product", 20, R), C("model", "型号", "Model", 16), C("month", "月份", "Month", 12, R),
            C("number", "数量", "Number", 12, R),
        ), "tblVolumes"),),
    ),
    SheetSpec(
        "phases", "阶段", "Phases", Writer.PEOPLE,
        (BlockSpec("phases", (
            C("date", "日期", "Date", 13, R), C("product", "产品名称", "Product", 20), C("why", "说明", "Why", 60),
        ), "tblPhases"),),
    ),
    SheetSpec(
        "dictionary", "数据字典", "Dictionary", Writer.PEOPLE,
        (
            BlockSpec("fields", (
                C("field", "字段", "Field", 16, R), C("required", "必填", "Required", 8), C("type", "类型", "Type", 9),
                C("allowed", "允许值列表", "Allowed list", 14), C("pattern", "模式", "Pattern", 18),
                C("unique", "唯一", "Unique", 8), C("minimum", "最小", "Minimum", 8), C("maximum", "最大", "Maximum", 8),
                C("severity", "程度", "Severity", 9), C("note", "说明", "Note", 30),
            ), "tblFields"),
            BlockSpec("lists", ()),  # one column a list: the list's name as header, its values below
        ),
    ),
    SheetSpec(
        "faults", "故障词典", "Faults", Writer.PEOPLE,
        (BlockSpec("faults", (
            C("fault", "故障代码", "Fault", 18, R), C("synonyms", "同义词", "Synonyms", 60, R),
        ), "tblFaults"),),
    ),
    SheetSpec(
        "pauses", "暂停记录", "Pauses", Writer.BOTH,
        (BlockSpec("pauses", (
            C("id", "反馈编号", "ID", 15, R), C("from", "开始", "From", 17, R), C("to", "结束", "To", 17, R),
            C("reason", "原因", "Reason", 50),
        ), "tblPauses"),),
    ),
    SheetSpec(
        "contacts", "沟通记录", "Contacts", Writer.BOTH,
        (BlockSpec("contacts", (
            C("at", "时间", "Time", 17, R), C("id", "反馈编号", "ID", 15, R), C("direction", "方向", "Direction", 10, W),
            C("way", "方式", "Way", 12, W), C("who", "沟通人", "Who", 14),
            C("final", "是否最终答复", "Final reply", 13, later=True), C("summary", "摘要", "Summary", 70, W),
        ), "tblContacts"),),
    ),
    SheetSpec(
        "actions", "措施跟踪", "Actions", Writer.BOTH,
        (BlockSpec("actions", (
            C("no", "序号", "No.", 8), C("id", "反馈编号", "ID", 15, R), C("kind", "类别", "Kind", 10, W),
            C("against", "针对", "Against", 16), C("text", "措施", "Action", 46, R), C("owner", "责任人", "Owner", 12, R),
            C("due", "计划完成", "Due", 12, R), C("done", "实际完成", "Done", 12, R),
            C("evidence", "证据", "Evidence", 30), C("effect", "效果", "Effect", 30), *FROM_FORM,
        ), "tblActions"),),
    ),
    SheetSpec(
        "causes", "原因分析", "Causes", Writer.BOTH,
        (BlockSpec("causes", (
            C("id", "反馈编号", "ID", 15, R), C("chain", "原因链", "Chain", 12, W), C("step", "层次", "Step", 8),
            C("why", "为什么", "Why", 50, R), C("evidence", "证据", "Evidence", 40), *FROM_FORM,
        ), "tblCauses"),),
    ),
    SheetSpec(
        "options", "方案评分", "Options", Writer.BOTH,
        (BlockSpec("options", (
            C("id", "反馈编号", "ID", 15, R), C("option", "方案", "Option", 46, R), C("cost", "成本", "Cost", 8),
            C("time", "时间", "Time", 8), C("feasibility", "可行性", "Feasibility", 10), C("risk", "风险", "Risk", 8),
            C("total", "总分", "Total", 8), C("chosen", "选用", "Chosen", 8, W), *FROM_FORM,
        ), "tblOptions"),),
    ),
    SheetSpec(
        "verifications", "验证记录", "Verifications", Writer.BOTH,
        (BlockSpec("verifications", (
            C("id", "反馈编号", "ID", 15, R), C("date", "验证日期", "Date", 12), C("verifier", "验证人", "Verifier", 12),
            C("method", "验证方法", "Method", 16), C("samples", "样本数", "Samples", 9),
            C("criterion", "验证项目", "Criterion", 34, R), C("limit", "要求", "Limit", 18), C("measured", "实测", "Measured", 18),
            C("pass", "合格", "Pass", 8, W), C("note", "说明", "Note", 30), *FROM_FORM,
        ), "tblVerifications"),),
    ),
    SheetSpec(
        "surveys", "回访", "Surveys", Writer.BOTH,
        (BlockSpec("surveys", (
            C("id", "反馈编号", "ID", 15, R), C("confirmation", "是否解决", "Solved", 12, W),
            C("satisfaction", "总体满意度", "Overall", 10), C("speed", "处理速度", "Speed", 10),
            C("clarity", "答复清楚", "Clarity", 10), C("attitude", "服务态度", "Attitude", 10),
            C("result", "解决效果", "Result", 10), C("opinion", "意见", "Opinion", 46),
            C("agrees", "同意关闭", "Agrees to close", 11), *FROM_FORM,
        ), "tblSurveys"),),
    ),
    SheetSpec(
        "meetings", "会议", "Meetings", Writer.BOTH,
        (BlockSpec("meetings", (
            C("id", "反馈编号", "ID", 15, R), C("date", "会议时间", "Held at", 17, R), C("place", "地点", "Place", 18),
            C("present", "出席", "Present", 34), C("decisions", "决议", "Decisions", 60, W), *FROM_FORM,
        ), "tblMeetings"),),
    ),
    SheetSpec(
        "decisions", "待裁决", "Decisions", Writer.BOTH,
        (BlockSpec("decisions", (
            C("id", "反馈编号", "ID", 15, R), C("field", "字段", "Field", 16, R), C("register", "登记表现值", "Register says", 34, W),
            C("said", "表单填写", "Form says", 34, R), C("decide", "裁决", "Decision", 14, R),
            C("settled", "处理时间", "Settled at", 17, R), *FROM_FORM,
        ), "tblDecisions"),),
    ),
    SheetSpec(
        "changes", "变更日志", "Changes", Writer.PROGRAM,
        (BlockSpec("changes", (
            C("at", "时间", "Time", 17), C("id", "反馈编号", "ID", 15), C("field", "字段", "Field", 14),
            C("before", "原值", "Before", 28), C("after", "新值", "After", 28), C("because", "原因", "Because", 50),
            C("who", "由谁", "Who", 14),
        ), "tblChanges"),),
    ),
)
# fmt: on

BY_KEY = {spec.key: spec for spec in SHEETS}

VIEWS = ("view_intake", "view_assess", "view_owner", "view_service")
"""Sheets that show each role what it has to do; their columns are called like the fields they show."""

INVESTIGATION = ("actions", "causes", "options", "verifications", "surveys", "meetings", "decisions")
"""Logs that forms fill and people write in: what was found out, decided and done about a feedback."""

WORDS: dict[str, dict[str, str]] = {
    # canonical word -> labels people may type, zh label first, en label second
    "yes": {"是": "zh", "Yes": "en"},
    "no": {"否": "zh", "No": "en"},
    "off": {"休": "zh", "Off": "en"},
    "on": {"班": "zh", "On": "en"},
    "h": {"小时": "zh", "h": "en"},
    "wd": {"工作日": "zh", "wd": "en"},
    "d": {"天": "zh", "d": "en"},
    "share_left": {"剩余比例": "zh", "Share left": "en"},
    "overdue": {"超时后": "zh", "Overdue by": "en"},
    "owner": {"责任人": "zh", "Owner": "en"},
    "contact": {"沟通负责人": "zh", "Contact": "en"},
    "assessor": {"评估人": "zh", "Assessor": "en"},
    "out": {"发出": "zh", "Out": "en"},
    "in": {"收到": "zh", "In": "en"},
    "software": {"软件": "zh", "Software": "en"},
    "hardware": {"硬件": "zh", "Hardware": "en"},
    "error": {"错误": "zh", "Error": "en"},
    "warning": {"警告": "zh", "Warning": "en"},
    "info": {"提示": "zh", "Info": "en"},
    "text": {"文本": "zh", "Text": "en"},
    "number": {"数字": "zh", "Number": "en"},
    "date": {"日期": "zh", "Date": "en"},
    "list": {"列表": "zh", "List": "en"},
    "stop": {"停止": "zh", "Stop": "en"},
    "unknown": {"未知": "zh", "Unknown": "en"},
    "interim": {"临时": "zh", "Interim": "en"},
    "corrective": {"纠正": "zh", "Corrective": "en"},
    "preventive": {"预防": "zh", "Preventive": "en"},
    "improvement": {"改进": "zh", "Improvement": "en"},
    "occurrence": {"发生": "zh", "Occurrence": "en"},
    "escape": {"流出": "zh", "Escape": "en"},
    "system": {"系统": "zh", "System": "en"},
    "keep": {"不采纳": "zh", "Reject": "en", "保留登记表": "zh", "Keep the register": "en"},
    "take": {"采纳": "zh", "Accept": "en", "采用表单": "zh", "Take the form": "en"},
}


def word(code: str, language: str) -> str:
    """The label of a canonical word in `language`."""
    return next(label for label, lang in WORDS[code].items() if lang == language)


LOG_WORDS: Mapping[str, tuple[str, ...]] = {
    "direction": ("out", "in"),
    "final": ("yes", "no"),
    "kind": ("interim", "corrective", "preventive", "improvement"),
    "chain": ("occurrence", "escape", "system"),
    "chosen": ("yes", "no"),
    "pass": ("yes", "no"),
    "agrees": ("yes", "no"),
    "decide": ("keep", "take"),
}
"""Columns of the logs that hold closed words, and which."""
