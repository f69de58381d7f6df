"""Cells of the logs in the change log: what they are called there, and which cell such a name means."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from typing import Any

from ...plan import CellEdit, SheetCell
from ..layout import BY_KEY, INVESTIGATION

NAMES = {
    (spec.title(language), column.header(language)): (spec.key, column.key)
    for spec in (BY_KEY[key] for key in INVESTIGATION)
    for column in spec.blocks[0].columns
    for language in ("zh", "en")
}
"""(sheet, header) in either language -> their layout keys."""

_NAME = re.compile(r"(.+)!(\d+) (.+)")


def logged_cells(cells: Iterable[SheetCell], language: str) -> Iterator[CellEdit]:
    """The cells of rows about a feedback as edits for the journal: `措施跟踪!5 实际完成`, their values as texts."""
    for cell in cells:
        if cell.id and cell.sheet in INVESTIGATION:
            spec = BY_KEY[cell.sheet]
            header = next(each.header(language) for each in spec.blocks[0].columns if each.key == cell.column)
            field = f"{spec.title(language)}!{cell.row} {header}"
            yield CellEdit(0, cell.id, field, as_text(cell.before), as_text(cell.after), cell.because)


def cell_of(field: str) -> tuple[str, int, str] | None:
    """Layout key of the log, worksheet row and key of the column that such a name means; None for any other name."""
    found = _NAME.fullmatch(field)
    known = None if found is None else NAMES.get((found[1], found[3]))
    return None if found is None or known is None else (known[0], int(found[2]), known[1])


def as_text(value: Any) -> str | None:
    """A value as the change log has it: a day, or a moment, as ISO text."""
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ", "minutes")
    return None if value is None else str(value)


def as_value(text: Any) -> Any:
    """What such a text puts back into its cell."""
    try:
        moment = dt.datetime.fromisoformat(str(text))
    except ValueError:
        return text
    return moment.date() if len(str(text)) == len("2026-07-20") else moment
