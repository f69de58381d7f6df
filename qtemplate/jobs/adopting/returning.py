"""What the program worked out and wrote into the team's own columns since it adopted them, back to what stood there.

What people said stays: reports that came in and the rows made for them, answers by mail and in forms.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from msgspec import Struct

from ...fields import FIELDS, Field, Filler
from ...journal import Journal
from ...ooxml.references import column_name
from ...register import Register, is_missing

WORKED_OUT = (Filler.SUGGESTED, Filler.PROGRAM)


class Returned(Struct, frozen=True):
    """What goes back.

    Attributes:
        cells: Address -> what stood there, None for nothing.
        changed: Cells that people have changed since; they stay.
    """

    cells: dict[str, Any]
    changed: tuple[str, ...]


def cells_to_return(
    journal: Journal,
    register: Register,
    theirs: Collection[str],
    adopted: str,
    given: Mapping[str, Mapping[str, str]],
) -> Returned:
    """Finds them.

    Args:
        journal: With every change since.
        register: Read through the map.
        theirs: Keys of the fields that are columns of the team's.
        adopted: The run that adopted the workbook; what earlier ones did is not looked at.
        given: Key -> id -> what a cell showed when its column was given to the program.
    """
    since = _runs_since(journal, adopted)
    first: dict[tuple[str, str], Any] = {}
    last: dict[tuple[str, str], Any] = {}
    for change in journal.changes(limit=10**9):  # newest first
        if change.run in since:
            last.setdefault((change.id, change.field), change.after)
            first[change.id, change.field] = change.before
    came_in = {id for id, key in first if key in FIELDS and FIELDS[key].filler is Filler.PERSON}
    rows = {str(id): int(row) for row, id in register.frame[Field.ID].dropna().items()}  # type: ignore[call-overload] # the index holds row numbers
    cells: dict[str, Any] = {}
    changed: list[str] = []
    for (id, key), after in last.items():
        if key not in theirs or FIELDS[key].filler not in WORKED_OUT or id in came_in or id not in rows:
            continue
        before, now = first[id, key], register.value(rows[id], key)
        word = given.get(key, {}).get(id)
        where = f"{column_name(register.columns[key])}{rows[id]}"
        if _equal(before, after):
            continue
        if _equal(now, after):
            cells[where] = word or (None if is_missing(before) else register.written(key, before))
        elif not _equal(now, before):
            changed.append(where)
    return Returned(cells, tuple(changed))


def _runs_since(journal: Journal, adopted: str) -> frozenset[str]:
    runs = list(journal.run_kinds())
    return frozenset(runs[runs.index(adopted) :] if adopted in runs else runs)


def _equal(left: Any, right: Any) -> bool:
    return (is_missing(left) and is_missing(right)) or bool(left == right)
