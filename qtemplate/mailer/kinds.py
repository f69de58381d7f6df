"""Every mail there is, as data: who may get it, the facts its template may use, and what it must not leave without.

This is the contract between the rules, which make `Message.facts`, and `templates/mail`, which put them into words.
A display string is final: in the mail's language, enumerations as labels, moments as `2026年7月15日 14:30` or
`15 Jul 2026 14:30`, dates alone without the time, empty as "". Codes end in `_code` or are called `key`.

Common to all mails (`MailTemplates.render` takes team and today for a whole run):
    team        sender's name, such as 质量部
    today       display date; begins the subject of mails without a feedback id
    to          recipient's name; absent or "" = the name of the first recipient
    contact     whom to ask: {"name", "mail"}, or None
Mails about one feedback (`MailKind.row`) besides:
    row         field key -> display string; an absent known field counts as empty. Mails to insiders may carry the
                team's own headers too. For a mail that may go outside, only PUBLIC fields are kept, whatever is given
                M01 promises respond_by and resolve_by: give them as "" once they are past
    labels      field key -> header; absent ones are taken from the fields
Templates also see `id` (the feedback's), `language`, and `insider` (every recipient is one).
"""

from __future__ import annotations

from dataclasses import dataclass

from ..fields import Field
from ..plan import Message
from .fact_shapes import Fact, Shape

LANGUAGES = ("zh", "en")
PARTS = ("subject", "txt", "html")
SECTIONS = ("overdue", "due_soon", "escalated", "to_accept", "to_approve")
MAX_DIGEST_ROWS = 50
EACH_SECTION = 8


@dataclass(frozen=True, slots=True)
class MailKind:
    """A kind of mail.

    Attributes:
        code: `M01` … `M27`.
        zh, en: What the mail is called where mails are listed.
        outside: It may go to outsiders, so its templates may use PUBLIC fields only.
        row: It is about one feedback.
        facts: What its templates may use besides the common facts.
        content: Fields that must not be empty, and that the text and the HTML must show.
        template: Stem of its files; differs from the code only for variants.
    """

    code: str
    zh: str
    en: str
    outside: bool
    row: bool = True
    facts: tuple[Fact, ...] = ()
    content: tuple[Field, ...] = ()
    variant: str = ""

    @property
    def template(self) -> str:
        return self.code + self.variant

    def label(self, language: str) -> str:
        return self.zh if language == "zh" else self.en


T, N, B, L, D, R = Shape.TEXT, Shape.COUNT, Shape.FLAG, Shape.TEXTS, Shape.RECORD, Shape.RECORDS


def _text(name: str, about: str, required: bool = True) -> Fact:
    return Fact(name, T, about, required)


COMMON = (
    _text("team", "sender's name"),
    _text("today", "display date"),
    _text("to", "recipient's name", required=False),
    Fact("contact", D, "whom to ask", False, (_text("name", "name"), _text("mail", "address", required=False))),
)

_FORM = _text("form", "file name of the attached form, such as 转交单-QF-2026-0001.xlsx", required=False)
_REGISTER = _text("register", "path of the register, as people would open it", required=False)
_LEVEL_CODE = _text("level_code", "urgent | major | normal | minor; colours the level", required=False)
_RECORD = Fact(
    "record",
    R,
    "the whole record in stage groups, empty cells left out, own columns in a group of their own",
    True,
    (
        _text("title", "stage, such as 反馈受理"),
        Fact("rows", R, "label and value", True, (_text("label", "header"), _text("value", "display", False))),
    ),
)
_LIMITS = Fact("limits", R, "the clocks that run", False, (_text("label", "clock"), _text("due", "display moment")))
_SECTIONS = Fact(
    "sections",
    R,
    "sections with rows, in any order; fifty rows are shown, of each section at least eight; the rest is counted",
    True,
    (
        Fact("key", T, "which section", one_of=SECTIONS),
        Fact(
            "rows",
            R,
            "one a clock, worst first",
            False,
            (
                _text("id", "feedback id"),
                _text("product", "product and model, such as 智能温控器 TC-200"),
                _text("title", "problem title", False),
                _text("level", "label", False),
                _text("level_code", "urgent | major | normal | minor", False),
                _text("clock", "clock, such as 首次响应", False),
                _text("due", "display moment", False),
                _text("late", "how late or how long left: 超 3 天, 剩 4 小时, 3 d late, 4 h left", False),
                _text("owner", "shown to whom it is escalated or to be approved", False),
                _text("department", "as owner", False),
            ),
        ),
        Fact("more", N, "rows not listed", False),
    ),
)
_QUESTIONS = Fact(
    "questions",
    R,
    "questions of the 回访表; none = the template's own seven (solved?, five ratings, opinion)",
    False,
    (_text("text", "question"), _text("answers", "such as 已解决 / 未解决 or 1–5", False)),
)
_REPLY_BY = _text("reply_by", "display date until which an answer is hoped for", required=False)
_ANSWER_BY = _text("reply_by", "display moment of the new limit of the final reply", required=False)

OUT, IN = True, False

ALL = (
    MailKind("M01", "收悉确认", "Acknowledgement", OUT, content=(Field.RECEIVED_AT,)),
    MailKind(
        "M02",
        "请补充信息",
        "Missing information",
        OUT,
        facts=(
            Fact(
                "missing",
                R,
                "what is missing, and only that",
                True,
                (_text("label", "header"), _text("hint", "what is expected, with an example", False)),
            ),
            _FORM,
            _REPLY_BY,
        ),
    ),
    MailKind(
        "M03",
        "转交",
        "Transfer",
        IN,
        facts=(
            _RECORD,
            _text("why", "the rule that gave the level and the values that matched"),
            _LIMITS,
            _text("owner", "who is asked to take it"),
            _text("department", "责任部门"),
            _text("form", "file name of the attached 转交单"),
            _LEVEL_CODE,
            _REGISTER,
        ),
        content=(Field.LEVEL, Field.TITLE),
    ),
    MailKind(
        "M05",
        "会议邀请",
        "Meeting invitation",
        IN,
        facts=(
            Fact(
                "meeting",
                D,
                "when, where, what for",
                True,
                (
                    _text("subject", "subject"),
                    _text("start", "display moment"),
                    _text("end", "display moment or time", False),
                    _text("place", "room or link", False),
                    _text("organiser", "name", False),
                    Fact("attendees", L, "names", False),
                    Fact("agenda", L, "points", False),
                ),
            ),
            Fact("record", R, "as in M03", False, _RECORD.parts),
            _FORM,
            _LEVEL_CODE,
        ),
    ),
    MailKind("M10", "每日待办", "Daily digest", IN, row=False, facts=(_SECTIONS, _REGISTER)),
    MailKind("M10", "紧急提醒", "Urgent reminder", IN, row=False, facts=(_SECTIONS, _REGISTER), variant="U"),
    MailKind(
        "M13",
        "验证未通过",
        "Verification failed",
        IN,
        facts=(
            Fact(
                "verify",
                D,
                "the verification that failed",
                True,
                (
                    _text("method", "label", False),
                    _text("verifier", "name", False),
                    _text("at", "display moment", False),
                    _text("result", "label"),
                    _text("note", "what was seen", False),
                ),
            ),
            _LIMITS,
            _LEVEL_CODE,
            _FORM,
        ),
    ),
    MailKind(
        "M14",
        "答复：已解决",
        "Reply: solved",
        OUT,
        content=(Field.CAUSE_FOR_REPORTER, Field.SOLUTION, Field.IMPLEMENTED_AT),
    ),
    MailKind("M15", "答复：处理中", "Reply: in progress", OUT, content=(Field.REPLY_TEXT, Field.ETA)),
    MailKind("M16", "答复：无法满足", "Reply: declined", OUT, content=(Field.REPLY_TEXT,)),
    MailKind("M18", "确认与满意度回访", "Confirmation and satisfaction", OUT, facts=(_QUESTIONS, _REPLY_BY, _FORM)),
    MailKind("M19", "回访提醒", "Confirmation reminder", OUT, facts=(_QUESTIONS, _REPLY_BY, _FORM)),
    MailKind(
        "M20",
        "重新打开",
        "Reopened",
        OUT,
        facts=(Fact("times", N, "how often it has been reopened, this time included"), _ANSWER_BY),
    ),
    MailKind(
        "M21",
        "关闭通知",
        "Closed",
        OUT,
        facts=(Fact("silent", B, "closed because no answer came (no objection)", False),),
    ),
    MailKind(
        "M22",
        "重复发生",
        "Recurrence",
        IN,
        facts=(
            Fact(
                "related",
                R,
                "the earlier feedback",
                True,
                (_text("id", "id"), _text("title", "title", False), _text("received_at", "display moment", False)),
            ),
            _text("why", "what they have in common", False),
            _LEVEL_CODE,
        ),
    ),
    MailKind(
        "M25",
        "夜间运行结果",
        "Nightly result",
        IN,
        row=False,
        facts=(
            Fact("counts", R, "what was done", True, (_text("label", "what"), Fact("value", N, "how many"))),
            Fact("attention", L, "sentences a person should act on, worst first", False),
            Fact("more", N, "sentences not listed", False),
            Fact("errors", N, "findings of severity error and failed actions", False),
            _text("when", "display moment of the run", False),
            Fact("register", T, "path of the register"),
        ),
    ),
    MailKind(
        "M27",
        "运行失败",
        "Run failed",
        IN,
        row=False,
        facts=(
            _text("error", "the sentence of the error"),
            _text("when", "display moment"),
            _text("advice", "what to do", False),
            _REGISTER,
        ),
    ),
)

KINDS = {kind.template: kind for kind in ALL}
"""Template stem -> kind; `M10U` is the urgent row that goes alone."""


def kind_of(message: Message) -> MailKind | None:
    """The kind of a message, None when there is none: an M10 about one feedback is the urgent reminder, `M10U`."""
    return KINDS.get("M10U" if message.kind == "M10" and message.id else message.kind)
