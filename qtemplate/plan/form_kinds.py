"""Every form there is, as data: what it asks, who may answer, what an answer is checked against. Data only.

A new kind is a member with its contract here, the workbooks `templates/forms/KIND.{zh,en}.xlsx`, and its words in
`texts/reasons_forms.py`: `form.KIND` is what it is called, `form.said_KIND` (for a kind with an `outcome`, one
`form.said_CHOICE` for each choice) the line of the contact log, `form.choice_CHOICE` the choice in a word,
`form.no_ANSWER` and `form.bad_ANSWER` why an answer was not taken. Only what an answer means beyond the cell it goes to
is code: `rules/steps/form_answers.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from ..fields import Field
from .mail_kinds import MailKind


class FormKind(StrEnum):
    """A kind of form by its key on the command line and in the names of its templates."""

    TRANSFER = "transfer"

    @property
    def contract(self) -> FormContract:
        """What the form is."""
        return FORMS[self]


class AnswerType(StrEnum):
    """How an answer is read."""

    TEXT = "text"
    DATE = "date"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class FormAnswer:
    """One cell that a person fills in.

    Attributes:
        name: What the answer is called in the journal, in `--json` and in the texts.
        cell: The defined name of its cell in the template.
        type: How it is read: a text as typed, a day as ISO text, a choice as its code.
        choices: Code -> what counts as it, compared without case and width.
        required: Whether the form is taken up without it.
        required_for: The choice of the form's outcome that needs this answer, or "".
        field: The column it goes to, where that still holds what the form was made with; None = the contact log only.
    """

    name: str
    cell: str
    type: AnswerType = AnswerType.TEXT
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    required: bool = False
    required_for: str = ""
    field: Field | None = None


@dataclass(frozen=True, slots=True)
class FormContract:
    """What a kind of form is.

    Attributes:
        answers: The cells that a person fills in.
        bound_to: Columns that must be filled before the form can be made. Their values are part of its key: once they
            change, an answer is one to an earlier form and is only noted.
        answered_by: The column that names who may answer.
        mail: The mail that carries the form; None = it is made by `forms make` only.
        outcome: Name of the choice that decides what the form says, or "".
    """

    answers: tuple[FormAnswer, ...]
    bound_to: tuple[Field, ...]
    answered_by: Field
    mail: MailKind | None = None
    outcome: str = ""

    @property
    def merged(self) -> tuple[Field, ...]:
        """The columns that answers go to."""
        return tuple(answer.field for answer in self.answers if answer.field is not None)


FORMS: Mapping[FormKind, FormContract] = {
    FormKind.TRANSFER: FormContract(
        answers=(
            FormAnswer(
                "decision",
                "f_decision",
                AnswerType.CHOICE,
                choices={"accept": ("接受", "accept", "accepted"), "return": ("退回", "return", "returned")},
                required=True,
            ),
            FormAnswer("planned_at", "f_planned_at", AnswerType.DATE, field=Field.PLANNED_AT),
            FormAnswer("reason", "f_reason", required_for="return"),
            FormAnswer("note", "f_owner_note"),
        ),
        bound_to=(Field.DEPARTMENT, Field.OWNER),
        answered_by=Field.OWNER,
        mail=MailKind.TRANSFER,
        outcome="decision",
    )
}
