"""Every form there is, as data: what it asks, who may answer, what an answer is checked against. Data only.

A new kind is a member with its contract here, the workbooks `templates/forms/KIND.{zh,en}.xlsx`, which
`samples/build_forms.py` draws from the contract, and its words in `texts/form_words.py` and `texts/reasons/forms.py`:
`form.KIND` is what it is called, `form.said_KIND` (for a kind with an `outcome`, one `form.said_CHOICE` for each
choice) the line of the contact log, `form.choice_CHOICE` the choice in a word. Only what an answer means beyond the
cell or the log it goes to is code: `rules/returned/`.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from ..fields import Field
from .form_parts import YES_NO, AnswerType, FormAnswer, FormColumn, FormContract, FormPart, FormTable, noted, to_field
from .mail_kinds import MailKind

A, F, Col = AnswerType, Field, FormColumn


class FormKind(StrEnum):
    """A kind of form by its key on the command line and in the names of its templates."""

    TRANSFER = "transfer"
    EIGHT_D = "8d"
    WHY = "why"
    VERIFICATION = "verification"
    MINUTES = "minutes"
    FOLLOW_UP = "follow_up"
    MISSING = "missing"

    @property
    def contract(self) -> FormContract:
        """What the form is."""
        return FORMS[self]


MOST_MISSING = 12
"""So many missing fields one form asks for."""

CHAINS: Mapping[str, tuple[str, ...]] = {
    "occurrence": ("发生", "occurrence"),
    "escape": ("流出", "escape"),
    "system": ("系统", "system"),
}
RATINGS = ("speed", "clarity", "attitude", "result")

_ACTION = (
    Col("text", 4),
    Col("owner", 2, A.PERSON),
    Col("due", 2, A.DATE),
    Col("done", 2, A.DATE),
    Col("evidence", 2),
)
_AGAINST_ACTION = (
    Col("text", 3),
    Col("against", 1, A.CHOICE, {chain: CHAINS[chain] for chain in ("occurrence", "escape")}),
    *_ACTION[1:],
)
_WHY = (Col("step", 1, A.LABEL), Col("why", 7), Col("evidence", 4))
_STEPS = ("1", "2", "3", "4", "5")

_PROBLEM = ((F.PRODUCT, F.MODEL, F.BATCH), (F.LEVEL, F.OWNER, F.RESOLVE_BY), (F.TITLE,))
_RECORD = (
    (F.RECEIVED_AT, F.REPORTER, F.QUANTITY),
    (F.DESCRIPTION,),
    (F.CATEGORY, F.FAULT, F.SCENE),
    (F.SEVERITY, F.SCOPE, F.FREQUENCY),
)


def _chain(name: str, steps: int = 5) -> FormTable:
    return FormTable(name, _WHY, steps, _STEPS[:steps], "causes", {"chain": name})


_REPLY = FormPart(
    "reply",
    (
        (to_field(F.REPLY_TYPE, A.LISTED, wanted=False),),
        (to_field(F.CAUSE_FOR_REPORTER, wanted=False, tall=True),),
        (to_field(F.REPLY_TEXT, wanted=False, tall=True),),
    ),
)
"""What whoever knows the cause would tell the reporter; it leaves only once somebody approves it."""


_TRANSFER = FormContract(
    parts=(
        FormPart(
            "answer",
            (
                (
                    FormAnswer(
                        "decision",
                        "f_decision",
                        A.CHOICE,
                        choices={"accept": ("接受", "accept", "accepted"), "return": ("退回", "return", "returned")},
                        required=True,
                    ),
                    FormAnswer("planned_at", "f_planned_at", A.DATE, field=F.PLANNED_AT),
                ),
                (FormAnswer("reason", "f_reason", required_for="return", tall=True),),
                (FormAnswer("note", "f_owner_note", tall=True),),
            ),
        ),
        FormPart(
            "outcome",
            (
                (to_field(F.SOLUTION, wanted=False, tall=True),),
                (
                    to_field(F.IMPLEMENTED_AT, A.DATE, wanted=False),
                    to_field(F.REPLY_TYPE, A.LISTED, wanted=False),
                ),
                (to_field(F.CAUSE_FOR_REPORTER, wanted=False, tall=True),),
                (to_field(F.REPLY_TEXT, wanted=False, tall=True),),
            ),
        ),
    ),
    facts=(
        (
            (F.LEVEL, F.PRIORITY, F.STATUS),
            (F.DEPARTMENT, F.OWNER, F.ASSESSOR),
            (F.RESPOND_BY, F.RESOLVE_BY, F.CLOCK),
            (F.TITLE,),
        ),
        (
            (F.LEVEL_REASON,),
            (F.ASSIGN_REASON,),
            (F.RECEIVED_AT, F.CHANNEL, F.CHANNEL_REF),
            (F.REPORTER, F.REPORTER_TYPE, F.ORGANISATION),
            (F.PHONE, F.EMAIL, F.CONTACT_OTHER),
            (F.RECORDER, F.LANGUAGE, F.CONTACT),
            (F.PRODUCT, F.MODEL, F.QUANTITY),
            (F.VERSION, F.BATCH, F.SERIAL),
            (F.DESCRIPTION,),
            (F.CATEGORY, F.FAULT, F.SCENE),
            (F.ENV_HARDWARE, F.ENV_SOFTWARE, F.ENV_NETWORK),
            (F.ATTACHMENTS,),
            (F.AUTHENTICITY, F.SEVERITY, F.SAFETY),
            (F.SCOPE, F.FREQUENCY, F.WORKAROUND),
            (F.FIRST_GUESS,),
            (F.CONTAINMENT,),
        ),
    ),
    bound_to=(F.DEPARTMENT, F.OWNER),
    answered_by=F.OWNER,
    mail=MailKind.TRANSFER,
    outcome="decision",
    whole=True,
    prefilled=False,
)

_EIGHT_D = FormContract(
    parts=(
        FormPart("d1", tables=(FormTable("team", (Col("name", 4, A.PERSON), Col("part", 8)), 6),)),
        FormPart(
            "d2",
            tables=(
                FormTable(
                    "facts",
                    (Col("question", 3, A.LABEL), Col("answer", 9)),
                    7,
                    ("what", "where", "when", "who", "which", "how", "how_many"),
                ),
                FormTable(
                    "bounds",
                    (Col("question", 2, A.LABEL), Col("is", 5), Col("is_not", 5)),
                    4,
                    ("what", "where", "when", "extent"),
                ),
            ),
        ),
        FormPart(
            "d3",
            ((to_field(F.CONTAINMENT, tall=True),), (noted("break_point"),)),
            (
                FormTable(
                    "places",
                    (
                        Col("place", 2, A.LABEL),
                        Col("quantity", 1, A.NUMBER),
                        Col("checked", 1, A.NUMBER),
                        Col("bad", 1, A.NUMBER),
                        Col("marking", 3),
                        Col("owner", 2, A.PERSON),
                        Col("done", 2, A.DATE),
                    ),
                    6,
                    ("customer", "transit", "stock", "line", "incoming", "service"),
                    "actions",
                    {"kind": "interim"},
                ),
            ),
        ),
        FormPart(
            "d4",
            ((to_field(F.ROOT_CAUSE, tall=True),), (to_field(F.CAUSE_CODE, A.LISTED),)),
            (_chain("occurrence"), _chain("escape"), _chain("system")),
        ),
        FormPart(
            "d5",
            tables=(
                FormTable(
                    "options",
                    (
                        Col("option", 6),
                        Col("cost", 1, A.NUMBER),
                        Col("time", 1, A.NUMBER),
                        Col("feasibility", 1, A.NUMBER),
                        Col("risk", 1, A.NUMBER),
                        Col("chosen", 2, A.CHOICE, YES_NO),
                    ),
                    3,
                    log="options",
                ),
            ),
        ),
        FormPart(
            "d6",
            ((to_field(F.PLANNED_AT, A.DATE),),),
            (
                FormTable(
                    "actions",
                    (
                        Col("text", 3),
                        Col("against", 1, A.CHOICE, CHAINS),
                        Col("owner", 1, A.PERSON),
                        Col("due", 2, A.DATE),
                        Col("done", 2, A.DATE),
                        Col("before", 1),
                        Col("after", 1),
                        Col("n", 1, A.NUMBER),
                    ),
                    8,
                    log="actions",
                    constants={"kind": "corrective"},
                ),
            ),
        ),
        FormPart(
            "d7",
            ((to_field(F.PREVENTION, tall=True),),),
            (
                FormTable(
                    "documents",
                    (
                        Col("document", 4, A.LABEL),
                        Col("changed", 2, A.CHOICE, {**YES_NO, "na": ("不适用", "n.a.", "na", "n/a")}),
                        Col("revision", 4),
                        Col("done", 2, A.DATE),
                    ),
                    8,
                    (
                        "control_plan",
                        "fmea",
                        "instruction",
                        "inspection",
                        "drawing",
                        "supplier",
                        "training",
                        "checklist",
                    ),
                    "actions",
                    {"kind": "preventive"},
                ),
                FormTable("elsewhere", _ACTION, 5, log="actions", constants={"kind": "preventive"}),
            ),
        ),
        FormPart("d8", ((noted("conclusion", tall=True),),)),
        _REPLY,
    ),
    facts=(_PROBLEM, _RECORD),
    bound_to=(F.OWNER,),
    answered_by=F.OWNER,
    derives=(F.CONTAINED_AT, F.SOLUTION, F.IMPLEMENTED_AT),
    similar_before="d4",
)

_FIVE_WHY = FormContract(
    parts=(
        FormPart(
            "cause",
            ((to_field(F.ROOT_CAUSE, tall=True),), (to_field(F.CAUSE_CODE, A.LISTED),)),
            (_chain("occurrence"), _chain("escape", 2)),
        ),
        FormPart(
            "measures",
            ((to_field(F.SOLUTION, tall=True),), (to_field(F.PLANNED_AT, A.DATE),)),
            (FormTable("actions", _AGAINST_ACTION, 3, log="actions", constants={"kind": "corrective"}),),
        ),
        _REPLY,
    ),
    facts=(_PROBLEM, _RECORD),
    bound_to=(F.OWNER,),
    answered_by=F.OWNER,
    derives=(F.IMPLEMENTED_AT,),
)

_VERIFICATION = FormContract(
    parts=(
        FormPart(
            "verified",
            (
                (to_field(F.VERIFY_RESULT, A.LISTED), to_field(F.VERIFY_METHOD, A.LISTED)),
                (to_field(F.VERIFIER, A.PERSON), to_field(F.VERIFIED_AT, A.DATE)),
                (noted("samples", A.NUMBER, wanted=True),),
                (noted("remark", tall=True),),
            ),
            (
                FormTable(
                    "criteria",
                    (Col("criterion", 5), Col("limit", 3), Col("measured", 2), Col("pass", 2, A.CHOICE, YES_NO)),
                    5,
                    log="verifications",
                ),
            ),
        ),
    ),
    facts=(
        ((F.PRODUCT, F.MODEL, F.BATCH), (F.LEVEL, F.OWNER, F.IMPLEMENTED_AT), (F.TITLE,), (F.SOLUTION,)),
        ((F.ROOT_CAUSE,), (F.DESCRIPTION,), (F.SCENE, F.SEVERITY, F.QUANTITY)),
    ),
    bound_to=(),
    answered_by=F.VERIFIER,
)

_MINUTES = FormContract(
    parts=(
        FormPart(
            "meeting",
            ((noted("held_at", A.MOMENT, wanted=True), noted("place")), (noted("present", wanted=True, tall=True),)),
            (
                FormTable(
                    "decided",
                    (Col("text", 7), Col("owner", 3, A.PERSON), Col("due", 2, A.DATE)),
                    8,
                    log="actions",
                    constants={"kind": "corrective"},
                ),
            ),
        ),
    ),
    facts=(_PROBLEM, (*_RECORD, (F.CONTAINMENT,), (F.ROOT_CAUSE,))),
    bound_to=(),
    answered_by=F.CONTACT,
)

_FOLLOW_UP = FormContract(
    parts=(
        FormPart(
            "survey",
            (
                (to_field(F.CONFIRMATION, A.LISTED), to_field(F.SATISFACTION, A.LISTED)),
                (noted("speed", A.LISTED), noted("clarity", A.LISTED)),
                (noted("attitude", A.LISTED), noted("result", A.LISTED)),
                (FormAnswer("agrees", "f_agrees", A.CHOICE, YES_NO),),
                (to_field(F.OPINION, wanted=False, tall=True),),
            ),
        ),
    ),
    facts=(((F.PRODUCT, F.MODEL, F.RECEIVED_AT), (F.CONTACT,)), ()),
    bound_to=(),
    answered_by=F.REPORTER,
    prefilled=False,
    outside=True,
)

_MISSING = FormContract(
    parts=(FormPart("missing", tuple((noted(f"missing_{at}"),) for at in range(1, MOST_MISSING + 1))),),
    facts=(((F.PRODUCT, F.MODEL, F.RECEIVED_AT), (F.CONTACT,)), ()),
    bound_to=(),
    answered_by=F.RECORDER,
    prefilled=False,
    outside=True,
)

FORMS: Mapping[FormKind, FormContract] = {
    FormKind.TRANSFER: _TRANSFER,
    FormKind.EIGHT_D: _EIGHT_D,
    FormKind.WHY: _FIVE_WHY,
    FormKind.VERIFICATION: _VERIFICATION,
    FormKind.MINUTES: _MINUTES,
    FormKind.FOLLOW_UP: _FOLLOW_UP,
    FormKind.MISSING: _MISSING,
}
