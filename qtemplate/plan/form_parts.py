"""What a kind of form is made of: answers, tables, and the parts in which people meet them. Data only.

`form_kinds` declares the forms with these; `samples/build_forms.py` draws them, `forms.collect` reads them, and
`rules.returned` works in what they say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum

from msgspec import Struct, field

from ..fields import Field
from .mail_kinds import MailKind

SIMILAR = ("id", "shared", "cause", "solution")
"""What a form shows of each similar case, a column each; `s_similar_NAME` names its cells."""

MOST_SIMILAR = 3

YES_NO: Mapping[str, tuple[str, ...]] = {"yes": ("是", "yes", "y"), "no": ("否", "no", "n")}


class AnswerType(StrEnum):
    """How an answer is read, and what its cell offers."""

    TEXT = "text"
    DATE = "date"  # a day as ISO text
    MOMENT = "moment"  # a day with or without a time, ISO text
    NUMBER = "number"  # as it is displayed
    PERSON = "person"  # a name; 人员 is offered
    CHOICE = "choice"  # the code of one of `choices`
    LISTED = "listed"  # as typed; what its column allows is offered, a team's additions included
    LABEL = "label"  # of a table: printed beforehand, read but not asked for


class FormAnswer(Struct, frozen=True):
    """One cell that a person fills in.

    Attributes:
        name: What the answer is called in the journal, in `--json` and in the texts.
        cell: The defined name of its cell in the template.
        type: How it is read.
        choices: Code -> what counts as it, compared without case and width.
        required: Whether the form is taken up without it.
        required_for: The choice of the form's outcome that needs this answer, or "".
        field: The column it goes to, where that still holds what the form was made with; None = the logs only.
        wanted: Whoever sent the form is told that it is still empty.
        tall: Its cell has room for several lines.
    """

    name: str
    cell: str
    type: AnswerType = AnswerType.TEXT
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    required: bool = False
    required_for: str = ""
    field: Field | None = None
    wanted: bool = False
    tall: bool = False


class FormColumn(Struct, frozen=True):
    """A column of a table: its key, how it is read, and how many of the form's twelve grid columns it takes."""

    key: str
    span: int
    type: AnswerType = AnswerType.TEXT
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


class FormTable(Struct, frozen=True):
    """Lines below a header, as many as people need: what is inserted is read, what is blank is not.

    Attributes:
        name: What the table is called; the defined name of a column's cells is `t_NAME_COLUMN`.
        columns: From left to right.
        rows: Blank lines in the template that ships.
        labels: Names of the words that are printed into the first column, one a line; () for blank lines.
        log: Layout key of the log that its lines go to; "" = they are noted with the form's other words.
        constants: What its lines say in columns of the log that the form does not ask for.
    """

    name: str
    columns: tuple[FormColumn, ...]
    rows: int
    labels: tuple[str, ...] = ()
    log: str = ""
    constants: Mapping[str, str] = field(default_factory=dict)

    def cell(self, column: FormColumn) -> str:
        """The defined name of the cells of a column."""
        return f"t_{self.name}_{column.key}"


class FormPart(Struct, frozen=True):
    """What stands together below one heading: lines of answers, then tables; `title` names its words."""

    title: str
    lines: tuple[tuple[FormAnswer, ...], ...] = ()
    tables: tuple[FormTable, ...] = ()


class FormContract(Struct, frozen=True):
    """What a kind of form is.

    Attributes:
        parts: What people fill in, from top to bottom.
        facts: The columns shown beforehand, line by line: first what stands above the answers, then what stands below.
        bound_to: Columns that must be filled before the form can be made. Their values are part of its key: once they
            change, an answer is one to an earlier form and is only noted.
        answered_by: The column that names who may answer.
        mail: The mail that carries the form and is about the very same; None where no mail is.
        outcome: Name of the choice that decides what the form says, or "".
        version: Counted up when an answer gets another meaning; a form of a version we do not know is set aside.
        whole: The form is taken up as a whole or not at all; else what can be read counts, and the rest is asked for.
        prefilled: The answers that go to a column show what it holds.
        derives: The columns that follow from its tables.
        outside: Whether it may leave the house, and so shows public facts only.
        similar_before: Title of the part before which earlier cases are shown that tell much the same, or "".
    """

    parts: tuple[FormPart, ...]
    facts: tuple[tuple[tuple[Field, ...], ...], tuple[tuple[Field, ...], ...]]
    bound_to: tuple[Field, ...]
    answered_by: Field
    mail: MailKind | None = None
    outcome: str = ""
    version: int = 1
    whole: bool = False
    prefilled: bool = True
    derives: tuple[Field, ...] = ()
    outside: bool = False
    similar_before: str = ""

    @property
    def answers(self) -> tuple[FormAnswer, ...]:
        """The single cells that a person fills in."""
        return tuple(answer for part in self.parts for line in part.lines for answer in line)

    @property
    def tables(self) -> tuple[FormTable, ...]:
        """The tables that a person fills in."""
        return tuple(table for part in self.parts for table in part.tables)

    @property
    def merged(self) -> tuple[Field, ...]:
        """The columns that answers go to."""
        return (*(answer.field for answer in self.answers if answer.field is not None), *self.derives)

    def columns(self) -> Iterator[tuple[FormTable, FormColumn]]:
        """Every column of every table."""
        return ((table, column) for table in self.tables for column in table.columns)


def to_field(
    field: Field, type: AnswerType = AnswerType.TEXT, *, wanted: bool = True, tall: bool = False
) -> FormAnswer:
    """An answer that goes to a column and is called as that is."""
    return FormAnswer(field.value, f"f_{field.value}", type, field=field, wanted=wanted, tall=tall)


def noted(name: str, type: AnswerType = AnswerType.TEXT, *, wanted: bool = False, tall: bool = False) -> FormAnswer:
    """An answer that is noted and goes to no column."""
    return FormAnswer(name, f"f_{name}", type, wanted=wanted, tall=tall)
