"""The sheets of the workbook as data: names, blocks and columns in zh and en.

The standard workbook is made from these declarations; by them the rule sheets are read and the logs and the program's own
sheets written. A block's header row is found by its headers (either language, or the key), so people may move columns
and add lines above.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

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


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet other than the register; a `later` one is no fault of a workbook from before it."""

    key: str
    zh: str
    en: str
    width: float = 14.0
    need: Need = Need.NONE
    later: bool = False

    def header(self, language: str) -> str:
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True, slots=True)
class BlockSpec:
    """Columns that belong together under one header row; several blocks stand side by side, an empty column between."""

    key: str
    columns: tuple[Column, ...]
    table: str = ""  # name of the Excel table, "" = none


@dataclass(frozen=True, slots=True)
class SheetSpec:
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

# fmt: off
SHEETS: tuple[SheetSpec, ...] = (
    SheetSpec("guide", "使用说明", "Guide"),
    SheetSpec("dashboard", "看板", "Dashboard", Writer.PROGRAM),
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
            C("active", "在职", "Active", 8),
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
}


def word(code: str, language: str) -> str:
    """The label of a canonical word in `language`."""
    return next(label for label, lang in WORDS[code].items() if lang == language)
