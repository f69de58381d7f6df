"""Every column of the register the product knows, declared once, as data.

The standard workbook, its drop-downs, the reader, validation and the column reference (docs/columns.md) are all made
from these declarations. A `Field` equals its key as a string, so `frame[Field.OWNER]` is the column of owners.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Self

from . import choices as c


class Kind(StrEnum):
    """What a cell of the column holds, and how the frame keeps it (missing is always None or NaT)."""

    TEXT = "text"  # one line
    LONG = "long"  # several lines
    CODE = "code"  # text whose leading zeros matter: batch, serial, phone
    EMAIL = "email"
    ENUM = "enum"  # the frame holds the canonical code
    SCALE = "scale"  # int 1..5
    INT = "int"  # int >= 0
    DATE = "date"  # datetime64[s] at midnight
    DATETIME = "datetime"  # datetime64[s], naive, in the register's time zone; midnight = a date alone
    PERSON = "person"  # a name of the 人员 sheet
    IDS = "ids"  # feedback ids separated by comma, semicolon or line break
    SNOOZE = "snooze"  # datetime.date, or the word for "stop" as "stop"


class Filler(StrEnum):
    """Who fills a cell, and so who wins (docs/design.md, "People win")."""

    PERSON = "P"  # never written by the program
    PROGRAM = "A"  # something typed over it is put back and reported
    SUGGESTED = "S"  # the program suggests, a person may overrule
    LEARNED = "PA"  # the program fills it when it learns it, a person's entry wins


class Stage(StrEnum):
    """Column groups that fold together, in the order of the process."""

    OVERVIEW = "overview"
    INTAKE = "intake"
    EVALUATION = "evaluation"
    ASSIGNMENT = "assignment"
    SOLUTION = "solution"
    REPLY = "reply"
    CONFIRMATION = "confirmation"
    CLOSING = "closing"


P, A, S, PA = Filler.PERSON, Filler.PROGRAM, Filler.SUGGESTED, Filler.LEARNED
K, G = Kind, Stage


class Tongue(str):
    """`"zh"` or `"en"`, with the headers of an adopted workbook: whoever speaks it calls a column as the team does.

    It equals the bare language; `str(tongue)` is the bare one, for mails to people who have never seen the workbook.
    """

    __slots__ = ("headers",)
    headers: Mapping[str, str]

    def __new__(cls, language: str, headers: Mapping[str, str]) -> Self:
        """`headers`: field key -> header, of the fields that the workbook has under a name of its own."""
        made = super().__new__(cls, language)
        made.headers = headers
        return made

    def __getnewargs__(self) -> tuple[str, Mapping[str, str]]:  # type: ignore[override] # how copies are made
        return str(self), self.headers


def in_tongue_of(known: str, language: str) -> str:
    """A language with the headers that `known` brings, if it is one that does."""
    return Tongue(language, known.headers) if isinstance(known, Tongue) else language


class Field(StrEnum):
    """A column: key, zh header, kind, filler, stage; optional choices, en header, visible and shown to outsiders."""

    zh: str
    en: str
    kind: Kind
    filler: Filler
    stage: Stage
    choices: type[c.Choice] | None
    visible: bool
    public: bool

    def __new__(
        cls,
        key: str,
        zh: str,
        kind: Kind,
        filler: Filler,
        stage: Stage,
        choices: type[c.Choice] | None = None,
        en: str = "",
        visible: bool = False,
        public: bool = False,
    ) -> Self:
        member = str.__new__(cls, key)
        member._value_ = key
        member.zh = zh
        member.en = en or key.replace("_", " ").capitalize()
        member.kind, member.filler, member.stage = kind, filler, stage
        member.choices, member.visible, member.public = choices, visible, public
        return member

    def header(self, language: str) -> str:
        """The column's header in the sheet; `language` is `"zh"` or `"en"`, or a `Tongue`."""
        if isinstance(language, Tongue) and (own := language.headers.get(self)) is not None:
            return own
        return self.zh if language == "zh" else self.en

    ID = "id", "反馈编号", K.CODE, A, G.OVERVIEW, None, "ID", True, True
    STATUS = "status", "状态", K.ENUM, S, G.OVERVIEW, c.Status, "", True
    CHECK = "check", "校验结果", K.TEXT, A, G.OVERVIEW, None, "", True
    RECEIVED_AT = "received_at", "反馈时间", K.DATETIME, P, G.OVERVIEW, None, "", True, True
    REPORTER = "reporter", "反馈者", K.TEXT, P, G.OVERVIEW, None, "", True, True
    PRODUCT = "product", "产品名称", K.TEXT, P, G.OVERVIEW, None, "", True, True
    MODEL = "model", "型号", K.CODE, P, G.OVERVIEW, None, "", True, True
    TITLE = "title", "问题标题", K.TEXT, P, G.OVERVIEW, None, "", True, True
    LEVEL = "level", "等级", K.ENUM, S, G.OVERVIEW, c.Level, "", True
    DEPARTMENT = "department", "责任部门", K.TEXT, S, G.OVERVIEW, None, "", True
    OWNER = "owner", "责任人", K.PERSON, S, G.OVERVIEW, None, "", True
    RESPOND_BY = "respond_by", "首次响应期限", K.DATETIME, A, G.OVERVIEW, None, "", True, True
    RESOLVE_BY = "resolve_by", "答复期限", K.DATETIME, A, G.OVERVIEW, None, "", True, True
    CLOCK = "clock", "时限状态", K.TEXT, A, G.OVERVIEW, None, "", True

    RECORDER = "recorder", "登记人", K.PERSON, P, G.INTAKE
    CHANNEL = "channel", "反馈渠道", K.ENUM, P, G.INTAKE, c.Channel, "", False, True
    CHANNEL_REF = "channel_ref", "渠道单号", K.CODE, PA, G.INTAKE, None, "Channel reference"
    REPORTER_TYPE = "reporter_type", "反馈者类型", K.ENUM, P, G.INTAKE, c.ReporterType
    ORGANISATION = "organisation", "单位部门", K.TEXT, P, G.INTAKE, None, "", False, True
    PHONE = "phone", "联系电话", K.CODE, P, G.INTAKE
    EMAIL = "email", "邮箱", K.EMAIL, P, G.INTAKE
    CONTACT_OTHER = "contact_other", "其他联系方式", K.TEXT, P, G.INTAKE, None, "Other contact"
    LANGUAGE = "language", "答复语言", K.ENUM, S, G.INTAKE, c.Language, "Reply language"
    VERSION = "version", "版本号", K.CODE, P, G.INTAKE, None, "", False, True
    BATCH = "batch", "批次号", K.CODE, P, G.INTAKE, None, "", False, True
    SERIAL = "serial", "序列号", K.CODE, P, G.INTAKE, None, "", False, True
    QUANTITY = "quantity", "涉及数量", K.INT, P, G.INTAKE, None, "", False, True
    DESCRIPTION = "description", "问题描述", K.LONG, P, G.INTAKE, None, "", False, True
    CATEGORY = "category", "问题领域", K.ENUM, P, G.INTAKE, c.Category
    FAULT = "fault", "故障代码", K.TEXT, S, G.INTAKE
    ENV_HARDWARE = "env_hardware", "硬件配置", K.TEXT, P, G.INTAKE, None, "Hardware environment"
    ENV_SOFTWARE = "env_software", "软件环境", K.TEXT, P, G.INTAKE, None, "Software environment"
    ENV_NETWORK = "env_network", "网络条件", K.TEXT, P, G.INTAKE, None, "Network environment"
    SCENE = "scene", "使用场景", K.TEXT, P, G.INTAKE
    ATTACHMENTS = "attachments", "附件", K.LONG, PA, G.INTAKE
    FIRST_GUESS = "first_guess", "初步判断", K.LONG, P, G.INTAKE

    ASSESSOR = "assessor", "评估人", K.PERSON, S, G.EVALUATION
    ASSESSED_AT = "assessed_at", "评估时间", K.DATETIME, A, G.EVALUATION
    AUTHENTICITY = "authenticity", "真实性", K.ENUM, P, G.EVALUATION, c.Authenticity
    SEVERITY = "severity", "严重性", K.SCALE, P, G.EVALUATION
    SAFETY = "safety", "安全隐患", K.ENUM, P, G.EVALUATION, c.Safety
    SCOPE = "scope", "影响范围", K.ENUM, P, G.EVALUATION, c.Scope
    FREQUENCY = "frequency", "发生频率", K.ENUM, P, G.EVALUATION, c.Frequency
    WORKAROUND = "workaround", "规避措施", K.ENUM, P, G.EVALUATION, c.Workaround
    SUGGESTED_LEVEL = "suggested_level", "建议等级", K.ENUM, A, G.EVALUATION, c.Level
    LEVEL_REASON = "level_reason", "定级依据", K.LONG, A, G.EVALUATION
    OVERRIDE_REASON = "override_reason", "等级调整理由", K.TEXT, P, G.EVALUATION
    PRIORITY = "priority", "优先级", K.ENUM, A, G.EVALUATION, c.Priority
    QUEUE = "queue", "排队位置", K.INT, A, G.EVALUATION
    ITERATION = "iteration", "迭代计划", K.TEXT, P, G.EVALUATION

    ASSIGN_REASON = "assign_reason", "分派依据", K.LONG, A, G.ASSIGNMENT
    TRANSFERRED_AT = "transferred_at", "转交时间", K.DATETIME, A, G.ASSIGNMENT
    ACCEPTED_AT = "accepted_at", "接受时间", K.DATETIME, PA, G.ASSIGNMENT
    RETURNED = "returned", "退回次数", K.INT, A, G.ASSIGNMENT

    CONTAINMENT = "containment", "临时措施", K.LONG, P, G.SOLUTION
    CONTAINED_AT = "contained_at", "临时措施时间", K.DATETIME, PA, G.SOLUTION
    ROOT_CAUSE = "root_cause", "根本原因", K.LONG, P, G.SOLUTION
    CAUSE_CODE = "cause_code", "原因分类", K.ENUM, P, G.SOLUTION, c.CauseCode
    SOLUTION = "solution", "解决方案", K.LONG, P, G.SOLUTION, None, "", False, True
    PLANNED_AT = "planned_at", "计划完成", K.DATE, P, G.SOLUTION
    IMPLEMENTED_AT = "implemented_at", "实施完成", K.DATETIME, P, G.SOLUTION, None, "", False, True
    VERIFY_METHOD = "verify_method", "验证方法", K.ENUM, P, G.SOLUTION, c.VerifyMethod
    VERIFIER = "verifier", "验证人", K.PERSON, P, G.SOLUTION
    VERIFIED_AT = "verified_at", "验证时间", K.DATETIME, PA, G.SOLUTION
    VERIFY_RESULT = "verify_result", "验证结论", K.ENUM, P, G.SOLUTION, c.VerifyResult
    PREVENTION = "prevention", "防再发措施", K.LONG, P, G.SOLUTION

    RESPONDED_AT = "responded_at", "首次响应时间", K.DATETIME, PA, G.REPLY
    UPDATE_BY = "update_by", "下次进展期限", K.DATETIME, A, G.REPLY
    SNOOZE_UNTIL = "snooze_until", "提醒暂停至", K.SNOOZE, P, G.REPLY
    REPLY_TYPE = "reply_type", "答复类型", K.ENUM, P, G.REPLY, c.ReplyType
    REPLY_TEXT = "reply_text", "答复要点", K.LONG, P, G.REPLY, None, "", False, True
    CAUSE_FOR_REPORTER = "cause_for_reporter", "对外原因说明", K.LONG, P, G.REPLY, None, "", False, True
    ETA = "eta", "预计解决时间", K.DATE, P, G.REPLY, None, "Expected date", False, True
    INTERIM_ADVICE = "interim_advice", "临时建议", K.LONG, P, G.REPLY, None, "", False, True
    CONTACT = "contact", "沟通负责人", K.PERSON, S, G.REPLY, None, "", False, True
    CONTACT_WAY = "contact_way", "沟通方式", K.ENUM, P, G.REPLY, c.ContactWay
    REPLY_APPROVAL = "reply_approval", "答复审批", K.ENUM, P, G.REPLY, c.Approval
    REPLY_STATE = "reply_state", "答复状态", K.ENUM, A, G.REPLY, c.ReplyState
    REPLIED_AT = "replied_at", "答复时间", K.DATETIME, PA, G.REPLY

    CONFIRM_SENT_AT = "confirm_sent_at", "确认发出时间", K.DATETIME, A, G.CONFIRMATION
    CONFIRMATION = "confirmation", "确认结果", K.ENUM, PA, G.CONFIRMATION, c.Confirmation
    SATISFACTION = "satisfaction", "满意度", K.SCALE, PA, G.CONFIRMATION
    OPINION = "opinion", "客户意见", K.LONG, PA, G.CONFIRMATION
    LOW_SCORE_REVIEW = "low_score_review", "低分处理意见", K.LONG, P, G.CONFIRMATION

    REOPENED = "reopened", "重开次数", K.INT, A, G.CLOSING
    WATCH_UNTIL = "watch_until", "跟踪截止日期", K.DATE, S, G.CLOSING
    CLOSE_TYPE = "close_type", "关闭方式", K.ENUM, P, G.CLOSING, c.CloseType
    CLOSED_AT = "closed_at", "关闭时间", K.DATETIME, A, G.CLOSING
    MASTER = "master", "主反馈", K.CODE, P, G.CLOSING
    RELATED = "related", "关联反馈", K.IDS, S, G.CLOSING
    REPORTABLE = "reportable", "是否上报", K.ENUM, P, G.CLOSING, c.Reportable
    REPORTED_AT = "reported_at", "上报时间", K.DATETIME, P, G.CLOSING
    REPORT_REASON = "report_reason", "上报说明", K.LONG, P, G.CLOSING
    NOTES = "notes", "内部备注", K.LONG, P, G.CLOSING
    OWN_NUMBER = "own_number", "原编号", K.TEXT, P, G.CLOSING, None, "", False, True


STANDARD = tuple(f for f in Field if f is not Field.OWN_NUMBER)
"""The columns of the standard workbook; a number of its own has only a team that brings its own workbook."""

PUBLIC = tuple(f for f in Field if f.public)
"""The only fields that may ever be rendered to an outsider."""

APPROVED_WORDS = (
    Field.TITLE,
    Field.DESCRIPTION,
    Field.SOLUTION,
    Field.IMPLEMENTED_AT,
    Field.CAUSE_FOR_REPORTER,
    Field.REPLY_TEXT,
    Field.ETA,
    Field.INTERIM_ADVICE,
)
"""Public fields in which colleagues write freely: they leave the house only in a mail that a person approves."""

OPEN_FACTS = tuple(f for f in PUBLIC if f not in APPROVED_WORDS)
"""Public fields that any mail to an outsider may show."""

PROGRAM_FIELDS = tuple(f for f in Field if f.filler is not Filler.PERSON)
"""Fields the program writes; what it wrote last is kept by the journal under their keys."""

REQUIRED = (
    Field.RECEIVED_AT,
    Field.CHANNEL,
    Field.REPORTER_TYPE,
    Field.REPORTER,
    Field.PRODUCT,
    Field.MODEL,
    Field.TITLE,
    Field.DESCRIPTION,
    Field.CATEGORY,
)
"""Required in every row; what is required under a condition besides is in `rules.standing.requirements`."""

FIELDS: dict[str, Field] = {f.value: f for f in Field}
"""Key -> field; `FIELDS.get(name)` tells a field from a team's own header."""
