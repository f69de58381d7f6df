"""The three-way merge of one answer: what the form was made with, what it says, what the register holds now. Pure.

An answer goes in where the cell is empty or still what it was when the form left; that nobody had answered in time is
no answer. Where somebody wrote something else meanwhile, theirs stays, and a row of 待裁决 asks a person which holds.
Who sends a form once more by mail corrects what they had said in it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from msgspec import Struct
from msgspec import field as by_default

from ...choices import Confirmation
from ...fields import Field
from ...plan import NewRow, Phrase, Plan, Severity
from ..case import Case
from ..forms.requests import answer_text, base_text
from .values import shown_value, value_of


class Returned(Struct, frozen=True):
    """A form that came back, as the rules look at it.

    Attributes:
        form: Its key.
        file: Its name.
        at: When it was answered; naive, the register's zone.
        who: Whom it had been sent to.
        title: What a form of its kind is called.
        was: Column -> what it was made with; None where nobody knows.
        answers: Name -> answer.
        tables: Table -> lines.
        wrong: Name, or table, line and column -> what cannot be read.
        pictures: Files beside the register that came with it.
        sender: The address it came from; "" where nobody knows.
        before: Column -> what the same sender put there with the same form before.
    """

    form: str
    file: str
    at: dt.datetime
    who: str
    title: str
    was: Mapping[str, str] | None
    answers: Mapping[str, str]
    tables: Mapping[str, tuple[Mapping[str, str], ...]]
    wrong: Mapping[str, str]
    pictures: tuple[str, ...] = ()
    sender: str = ""
    before: Mapping[str, str] = by_default(default_factory=dict)

    @property
    def because(self) -> Phrase:
        """The reason of what it changes: which form, who filled it in, when."""
        return Phrase.of("because.form_of", form=self.title, who=self.who or "–", at=self.at)

    def source(self, case: Case) -> dict[str, Any]:
        """What a row of a log says of where it came from."""
        return {"round": str(case.cycle), "who": self.who, "at": self.at, "form": self.title}


def merge(case: Case, field: Field, said: str, form: Returned) -> Plan:
    """What one answer changes: the cell, or nothing but a finding and a row of 待裁决.

    Args:
        case: The row as it is after the answers before this one.
        field: The column that the answer goes to.
        said: The answer.
        form: Where it stands.
    """
    if not said or case.cell(field) is None:
        return Plan()
    after = value_of(case, field, said)
    if after is None:
        return Plan((case.finding("QT632", Severity.WARNING, field, found=said, file=form.file),))
    value, wrong = case.value(field), case.is_wrong(field)
    held = "" if value == Confirmation.SILENT else str(case.content(field)) if wrong else answer_text(value)
    was = None if form.was is None else form.was.get(field, "")
    if not wrong and (value == after or (was and was in (answer_text(after), base_text(after)))):
        return Plan()  # the register says so too, or the form says what it said when it left
    corrected = field in form.before and base_text(held) == form.before[field]
    if held and not corrected and (was is None or was not in (held, base_text(held))):
        return _conflict(case, field, after, form)
    return Plan(edits=(case.edit(field, after, form.because),))


def _conflict(case: Case, field: Field, after: Any, form: Returned) -> Plan:
    language = case.situation.register.language
    shown = str(case.content(field)) if case.is_wrong(field) else shown_value(field, case.value(field), language)
    said = shown_value(field, after, language)
    finding = case.finding("QT623", Severity.WARNING, field, found=shown, form=said)
    if "decisions" in case.situation.rulebook.unread:
        return Plan((finding,))
    values = {
        "id": case.id,
        "field": field.header(language),
        "register": shown,
        "said": said,
        "decide": None,
        "settled": None,
        **form.source(case),
    }
    row = NewRow("decisions", case.id, f"decision/{form.form}/{form.at.isoformat()}/{field}", values)
    return Plan((finding,), rows=(row,))
