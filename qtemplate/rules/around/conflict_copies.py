"""A conflict copy held against the register: what only the copy has, what it could fill, what differs. Pure.

Compared are the columns that people fill, and what they typed over a suggestion; what the program wrote is made anew by
every run. Rows belong together by id, rows without one by what people wrote into them. Nothing is decided where both
sides hold something.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from ...fields import FIELDS, Field, Filler
from ...plan import CellEdit, NewRow, Phrase
from ...register import CellRef, Register, is_missing, label_of

REGISTER = "register"
"""Sheet key of a row that is appended to the register itself."""

NEVER_FILLED = frozenset({Field.REPLY_APPROVAL, Field.CLOSE_TYPE})
"""A decision about the row as it stood in the copy; the register's row may say something else by now."""

SAME_STORY = (Field.RECEIVED_AT, Field.REPORTER, Field.TITLE)


@dataclass(frozen=True, slots=True)
class Difference:
    """A cell that both sides fill and each otherwise, or that must not be filled from a copy; values as shown."""

    where: CellRef
    id: str | None
    field: str
    register: Any
    copy: Any


@dataclass(slots=True)
class Comparison:
    """What a copy has that the register has not.

    Attributes:
        rows: Rows to be appended, with what people filled in; the program numbers them in its next run.
        fills: Cells that are empty in the register.
        differs: For a person to decide.
        gone: Ids of the copy's rows that were deleted from the register since.
    """

    rows: list[NewRow] = field(default_factory=list)
    fills: list[CellEdit] = field(default_factory=list)
    differs: list[Difference] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)


Written = Collection[tuple[str, str, Any]]
"""Id, field and value of every cell that the program ever wrote."""


def compare(register: Register, copy: Register, written: Written, name: str) -> Comparison:
    """Holds a copy against the register.

    Args:
        register, copy: As they were read.
        written: A row with one of these ids that is absent was deleted on purpose.
        name: Of the copy's file, for the reasons of the edits.
    """
    found = Comparison()
    keys = [key for key in copy.columns if key in register.columns and _is_persons(key)]
    known_ids = {id for id, _, _ in written}
    here, there = register.rows_by_id(), copy.rows_by_id()
    mine = _stories(register, keys)
    for row in (int(at) for at in copy.frame.index):
        id = copy.value(row, Field.ID)
        own = id if there.get(id) == row else None  # of two rows with one id, the second is a copied row
        place = here.get(own) if own else mine.get(_whole(copy, row, keys), mine.get(_short(copy, row)))
        if place is not None:
            _compare_row(register, place, copy, row, keys, name, found)
            _compare_suggestions(register, place, copy, row, written, found)
        elif own in known_ids:
            found.gone.append(str(own))
        else:
            found.rows.append(_new_row(register, copy, row))
    return found


def _is_persons(key: str) -> bool:
    return key not in FIELDS or FIELDS[key].filler is Filler.PERSON


def _stories(register: Register, keys: list[str]) -> dict[Any, int]:
    """What people wrote into a row -> the row: all of it, and the little that tells feedback apart."""
    rows: dict[Any, int] = {}
    for row in (int(at) for at in register.frame.index):
        rows.setdefault(_whole(register, row, keys), row)
        rows.setdefault(_short(register, row), row)
    return rows


def _whole(register: Register, row: int, keys: list[str]) -> Any:
    return tuple(str(_content(register, row, key)) for key in keys)


def _short(register: Register, row: int) -> Any:
    story = tuple(register.value(row, key) for key in SAME_STORY)
    return story if not any(is_missing(value) for value in story) else ("", row, register.sha256)


def _compare_row(
    register: Register, place: int, copy: Register, row: int, keys: list[str], name: str, found: Comparison
) -> None:
    id = register.value(place, Field.ID)
    for key in keys:
        mine, theirs = _content(register, place, key), _content(copy, row, key)
        if is_missing(theirs) or mine == theirs:
            continue
        if is_missing(mine) and id is not None and key not in NEVER_FILLED and (row, key) not in copy.wrong:
            because = Phrase.of("because.conflict_copy", file=name)
            found.fills.append(CellEdit(place, id, key, None, copy.value(row, key), because))
            continue
        found.differs.append(_difference(register, place, copy, row, key))


def _compare_suggestions(
    register: Register, place: int, copy: Register, row: int, written: Written, found: Comparison
) -> None:
    """What somebody typed in the copy where the program only suggests: told, and for a person to decide."""
    id = str(register.value(place, Field.ID))
    for key in copy.columns:
        known = FIELDS.get(key)
        if known is None or known.filler not in (Filler.SUGGESTED, Filler.LEARNED) or key not in register.columns:
            continue
        theirs = _content(copy, row, key)
        if is_missing(theirs) or theirs == _content(register, place, key) or (id, key, theirs) in written:
            continue
        found.differs.append(_difference(register, place, copy, row, key))


def _difference(register: Register, place: int, copy: Register, row: int, key: str) -> Difference:
    where = register.cell(place, key)
    assert where is not None  # only columns of both are compared
    id = register.value(place, Field.ID)
    return Difference(where, id, key, _shown(register, place, key), _shown(copy, row, key))


def _content(register: Register, row: int, key: str) -> Any:
    """What stands in a cell: its value, or the text that could not be read as one."""
    return register.wrong.get((row, key), register.value(row, key))


def _shown(register: Register, row: int, key: str) -> Any:
    return label_of(key, _content(register, row, key), register.language)


def _new_row(register: Register, copy: Register, row: int) -> NewRow:
    """A row of the copy as a person typed it there, without what the program wrote."""
    values = dict(_typed(register, copy, row))
    return NewRow(REGISTER, "", f"conflict/{copy.sha256[:12]}/{row}", values)


def _typed(register: Register, copy: Register, row: int) -> Iterator[tuple[str, Any]]:
    numbered = copy.value(row, Field.ID) is not None  # the program has been there: only people's columns are theirs
    for key in copy.columns:
        known = FIELDS.get(key)
        if key not in register.columns or key in NEVER_FILLED:
            continue
        if known is not None and (known.filler is Filler.PROGRAM or (numbered and known.filler is not Filler.PERSON)):
            continue
        content = copy.raw.get((row, key), _content(copy, row, key))
        if not is_missing(content):
            yield key, content
