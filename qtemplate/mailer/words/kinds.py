"""Every mail as data: who may get it, the facts its template may use, and what it must contain before it may leave.

This is the contract between the rules, which make `Message.facts`, and `templates/mail`, which put them into words.
A display string is final: in the mail's language, enumerations as labels, moments as `2026年7月15日 14:30` or
`15 Jul 2026 14:30`, dates alone without the time, empty as "". Codes end in `_code` or are called `key`.

Common to all mails (`MailTemplates.render` takes team and today for a whole run):
    team        sender's name, such as 质量部
    today       display date; begins the subject of mails without a feedback id
    to          recipient's name; absent or "" = the name of the first recipient
    contact     whom to ask: {"name", "mail"}, or None
Mails about one feedback (`MailContract.row`) besides:
    row         field key -> display string; an absent known field counts as empty. Mails to insiders may carry the
                team's own headers too. For a mail that may go outside, only PUBLIC fields are kept, whatever is given
    labels      field key -> header; absent ones are taken from the fields
Templates also see `id` (the feedback's), `language`, and `insider` (every recipient is one).
"""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from ...choices import ReplyType
from ...fields import Field
from ...plan import Message
from ...plan.mail_kinds import ALONE, TO_KEEPER, MailKind
from ...plan.replies import REPLY_OF
from .fact_shapes import Fact
from .month_facts import MONTH, SIGNALS, THE_MONTH
from .shared_facts import (
    ANSWER_BY,
    DIGEST,
    FORM,
    LEVEL_CODE,
    LIMITS,
    MEETING,
    OWN_WORDS,
    PAGE,
    QUESTIONS,
    RECORD,
    REGISTER,
    RELATED,
    REPLY_BY,
    SAID,
    SIMILAR,
    VERIFIED,
    B,
    D,
    L,
    N,
    R,
    T,
    text,
)

LANGUAGES = ("zh", "en")
PARTS = ("subject", "txt", "html")


class Quotes(StrEnum):
    """Whether a mail to an outsider may show what colleagues wrote (`fields.APPROVED_WORDS`)."""

    NEVER = "never"  # it leaves without a person's approval
    APPROVED = "approved"  # it may quote an approved reply, and must read well without
    ALWAYS = "always"  # a person approves the mail itself


class MailContract(Struct, frozen=True):
    """What a kind of mail is.

    Attributes:
        code: Which kind.
        zh, en: What the mail is called where mails are listed.
        outside: It may go to outsiders, so its templates may use PUBLIC fields only.
        row: It is about one feedback.
        facts: What its templates may use besides the common facts.
        content: Fields that must not be empty, and that the text and the HTML must show.
        quotes: Whether an outsider may read colleagues' words in it; says nothing about internal mail.
        template: Stem of its files; differs from the code only for variants.
    """

    code: MailKind
    zh: str
    en: str
    outside: bool
    row: bool = True
    facts: tuple[Fact, ...] = ()
    content: tuple[Field, ...] = ()
    variant: str = ""
    quotes: Quotes = Quotes.NEVER

    @property
    def template(self) -> str:
        return self.code + self.variant

    def label(self, language: str) -> str:
        return self.zh if language == "zh" else self.en


OUT, IN = True, False

ALL = (
    MailContract(
        MailKind.ACKNOWLEDGEMENT,
        "收悉确认",
        "Acknowledgement",
        OUT,
        facts=(
            OWN_WORDS,
            text(
                "respond_by",
                "day of the promised first response; absent until it is graded, and once it is past",
                required=False,
            ),
            text(
                "resolve_by",
                "day of the promised final reply; absent until it is graded, and once it is past",
                required=False,
            ),
        ),
        content=(Field.RECEIVED_AT,),
    ),
    MailContract(
        MailKind.MISSING,
        "请补充信息",
        "Missing information",
        OUT,
        facts=(
            Fact(
                "missing",
                R,
                "what is missing, and only that",
                True,
                (text("label", "header"), text("hint", "what is expected, with an example", False)),
            ),
            text("topic", "what the feedback is about, for colleagues only", False),
            OWN_WORDS,
            FORM,
            REPLY_BY,
            *PAGE,
        ),
    ),
    MailContract(
        MailKind.TRANSFER,
        "转交",
        "Transfer",
        IN,
        facts=(
            RECORD,
            text("why", "the rule that gave the level and the values that matched"),
            LIMITS,
            text("owner", "who is asked to take it"),
            Fact(
                "returned",
                D,
                "who handed it back last, if anybody did",
                False,
                (text("by", "name"), text("reason", "in their words")),
            ),
            SIMILAR,
            text("department", "责任部门"),
            text("form", "file name of the attached 转交单"),
            text("report", "file name of the attached 8D报告 or 5-Why分析", False),
            *PAGE,
            LEVEL_CODE,
            REGISTER,
        ),
        content=(Field.LEVEL, Field.TITLE),
    ),
    MailContract(
        MailKind.INVITATION,
        "会议邀请",
        "Meeting invitation",
        IN,
        facts=(
            MEETING,
            Fact("record", R, "as in M03", False, RECORD.parts),
            FORM,
            LEVEL_CODE,
        ),
    ),
    MailContract(MailKind.DIGEST, "每日待办", "Daily digest", IN, row=False, facts=(DIGEST, REGISTER)),
    MailContract(
        MailKind.DIGEST, "紧急提醒", "Urgent reminder", IN, row=False, facts=(DIGEST, REGISTER), variant=ALONE
    ),
    MailContract(
        MailKind.APPROVAL,
        "答复待批",
        "Reply to approve",
        IN,
        facts=(
            Fact(
                "reply",
                D,
                "the reply that waits",
                True,
                (text("kind", "label"), text("to", "who gets it"), text("way", "label", False), SAID),
            ),
        ),
    ),
    MailContract(
        MailKind.TO_VERIFY,
        "请验证",
        "Please verify",
        IN,
        facts=(
            text("verifier", "name of the verifier, empty where none is named yet", False),
            replace(VERIFIED, about="the verification that failed before", required=False),
            LIMITS,
            LEVEL_CODE,
            FORM,
        ),
    ),
    MailContract(
        MailKind.NOT_VERIFIED,
        "验证未通过",
        "Verification failed",
        IN,
        facts=(
            VERIFIED,
            LIMITS,
            LEVEL_CODE,
            FORM,
        ),
    ),
    MailContract(
        MailKind.SOLVED,
        "答复：已解决",
        "Reply: solved",
        OUT,
        content=REPLY_OF[ReplyType.SOLVED].must,
        quotes=Quotes.ALWAYS,
    ),
    MailContract(
        MailKind.IN_PROGRESS,
        "答复：处理中",
        "Reply: in progress",
        OUT,
        content=REPLY_OF[ReplyType.IN_PROGRESS].must,
        quotes=Quotes.ALWAYS,
    ),
    MailContract(
        MailKind.DECLINED,
        "答复：无法满足",
        "Reply: declined",
        OUT,
        content=REPLY_OF[ReplyType.DECLINED].must,
        quotes=Quotes.ALWAYS,
    ),
    MailContract(
        MailKind.EXPLAINED,
        "答复：解释说明",
        "Reply: explained",
        OUT,
        content=REPLY_OF[ReplyType.EXPLAINED].must,
        quotes=Quotes.ALWAYS,
    ),
    MailContract(
        MailKind.CONFIRMATION,
        "确认与满意度回访",
        "Confirmation and satisfaction",
        OUT,
        facts=(QUESTIONS, REPLY_BY, FORM, *PAGE),
        quotes=Quotes.APPROVED,
    ),
    MailContract(
        MailKind.REMINDER,
        "回访提醒",
        "Confirmation reminder",
        OUT,
        facts=(QUESTIONS, REPLY_BY, FORM, *PAGE),
        quotes=Quotes.APPROVED,
    ),
    MailContract(
        MailKind.REOPENED,
        "重新打开",
        "Reopened",
        OUT,
        facts=(Fact("times", N, "how often it has been reopened, this time included"), ANSWER_BY, OWN_WORDS),
    ),
    MailContract(
        MailKind.CLOSED,
        "关闭通知",
        "Closed",
        OUT,
        facts=(Fact("silent", B, "closed because no answer came (no objection)", False),),
        quotes=Quotes.APPROVED,
    ),
    MailContract(
        MailKind.RECURRENCE,
        "重复发生",
        "Recurrence",
        IN,
        facts=(
            RELATED,
            text("why", "what they have in common", False),
            LEVEL_CODE,
        ),
    ),
    MailContract(
        MailKind.SIGNAL, "数字出现异常", "A signal in the figures", IN, row=False, facts=(SIGNALS, MONTH, REGISTER)
    ),
    MailContract(MailKind.MONTH, "月报", "The month", IN, row=False, facts=(*THE_MONTH, MONTH, REGISTER)),
    MailContract(
        MailKind.NIGHTLY,
        "夜间运行结果",
        "Nightly result",
        IN,
        row=False,
        facts=(
            Fact("counts", R, "what was done", True, (text("label", "what"), Fact("value", N, "how many"))),
            Fact("banners", L, "sentences above everything else: that mail goes to a tester, or into a folder", False),
            Fact("attention", L, "sentences a person should act on, worst first", False),
            Fact("more", N, "sentences not listed", False),
            Fact("same", N, "findings that earlier nights have told already and that are not listed again", False),
            text("same_since", "day of the oldest of them", False),
            Fact("listed", B, "whether the sheet of findings shows them all", False),
            Fact("errors", N, "findings of severity error and failed actions", False),
            text("when", "display moment of the run", False),
            Fact("register", T, "path of the register"),
            text("history", "where the chain of what was done ends, for `verify --head`", False),
        ),
    ),
    MailContract(
        MailKind.FAILURE,
        "运行失败",
        "Run failed",
        IN,
        row=False,
        facts=(
            text("error", "the sentence of the error"),
            text("when", "display moment"),
            text("advice", "what to do", False),
            REGISTER,
        ),
    ),
    MailContract(
        MailKind.FORM_TAKEN,
        "表单回执",
        "Receipt for a form",
        OUT,
        facts=(
            text("name", "kind of form, such as 转交单"),
            text("file", "name of the file that came"),
            text("said", "what it says, such as 接受; empty = it was not taken up", False),
            Fact("notes", L, "what of it does not count, and why", False),
            text("problem", "why it was not taken up, and what to do; without a full stop", False),
            text("topic", "what the feedback is about, for colleagues only", False),
        ),
    ),
    MailContract(
        MailKind.FORM_TAKEN,
        "表单未采用",
        "Forms set aside",
        IN,
        row=False,
        facts=(
            Fact(
                "files",
                R,
                "what came, of which nobody knows who sent it",
                True,
                (text("file", "name in the folder"), text("problem", "why it was not taken; without a full stop")),
            ),
            text("folder", "path of forms/problem"),
            REGISTER,
        ),
        variant=TO_KEEPER,
    ),
)

KINDS = {contract.template: contract for contract in ALL}
"""Template stem -> contract; `M10U` is the reminder about one urgent feedback, that goes alone, `M28K` the keeper's."""


def contract_of(message: Message) -> MailContract | None:
    """The contract of a message, None for a kind without words.

    An `M10` about one feedback is the urgent reminder; an `M28` about none tells the keeper what was set aside.
    """
    if message.kind == MailKind.DIGEST and message.id:
        return KINDS[message.kind + ALONE]
    if message.kind == MailKind.FORM_TAKEN and not message.id:
        return KINDS[message.kind + TO_KEEPER]
    return KINDS.get(message.kind)
