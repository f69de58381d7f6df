"""What people typed or cleared on a view sheet: told with the cell of the register it belongs to, and kept. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from msgspec import Struct

from ...fields import FIELDS, Field
from ...plan import CellEdit, FactName, Finding, Phrase, Plan, Remember, Severity
from ...register import CellRef, TypedCell, label_of
from ...texts import say, show
from ..case import Case, case_by_id
from ..situation import Situation

TOLD_FOR = dt.timedelta(days=7)
"""So long a finding stands; the change log keeps the words for good."""


class Typed(Struct, frozen=True):
    """A cell that people typed in, and the day on which it was seen."""

    day: dt.date
    cell: TypedCell

    def as_fact(self) -> list[str | int]:
        cell, where = self.cell, self.cell.where
        return [self.day.isoformat(), where.sheet, where.row, where.column, cell.id, cell.field, cell.text]


def typed_on_views(after: Situation) -> Plan:
    """A finding for each cell, until the register says the same or a week has passed; new ones for the change log, too.

    Args:
        after: With this run's edits. Its register knows what stands on the views, its memory what stood there before.
    """
    today = after.now.date()
    known = tuple(_known(after))
    seen = {typed.cell for typed in known}
    new = tuple(Typed(today, cell) for cell in dict.fromkeys(after.register.typed) if cell not in seen)
    young = (typed for typed in (*known, *new) if today - typed.day < TOLD_FOR)
    kept = tuple(typed for typed in young if not _is_entered(after, typed.cell))
    facts: tuple[Remember, ...] = ()
    if kept != known:
        facts = (Remember("", FactName.TYPED_ON_VIEWS, [typed.as_fact() for typed in kept] or None),)
    findings = tuple(_finding(after, typed.cell) for typed in kept)
    because = Phrase("because.typed_on_view")
    edits = tuple(
        CellEdit(0, typed.cell.id, str(typed.cell.where), typed.cell.text, None, because)
        for typed in new
        if typed.cell.text  # what was cleared is written anew, nothing of it is lost
        and case_by_id(after, typed.cell.id) is not None
        and not _is_entered(after, typed.cell)
    )
    return Plan(findings, edits=edits, facts=facts)


def _known(after: Situation) -> Iterator[Typed]:
    for day, sheet, row, column, id, key, text in after.memory.fact("", FactName.TYPED_ON_VIEWS) or ():
        yield Typed(dt.date.fromisoformat(day), TypedCell(CellRef(sheet, row, column), id, key, text))


def _is_entered(after: Situation, cell: TypedCell) -> bool:
    """Whether the register says so by now."""
    case = case_by_id(after, cell.id)
    return case is not None and cell.field in FIELDS and _shown(case, cell.field) == cell.text


def _shown(case: Case, field: str) -> str:
    language = case.situation.register.language
    return show(label_of(field, case.value(field), language), language).strip()


def _finding(after: Situation, cell: TypedCell) -> Finding:
    case = case_by_id(after, cell.id)
    place = None if case is None else case.cell(cell.field) or case.cell(Field.ID)
    belongs: object = Phrase("view.some_row") if place is None else str(place)
    id, field = (None, None) if case is None else (cell.id, cell.field or None)
    found = cell.text or say(Phrase("view.cleared"), after.register.language)
    return Finding("QT718", Severity.WARNING, cell.where, found, (("cell", belongs),), id, field)
