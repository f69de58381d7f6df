"""The one way a step fills a column: who fills the cell decides whether the program may.

Pure. `A` cells are put right (and a value typed over them is reported), `S` cells are filled while they are empty or
still hold what the program wrote, `PA` cells are filled while empty. See docs/design.md, "People win".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from msgspec.structs import replace

from ..fields import Field, Filler
from ..plan import CellEdit, Finding, Memory, Phrase, Plan, Severity
from ..register import CellRef, Register, is_missing, label_of, plain
from ..texts import show
from .case import MOST_SHOWN, case_at
from .situation import Situation
from .standing import Mask, Moments, of_ids, values

Cells = npt.NDArray[Any]
"""A column along the rows: objects with None, or datetime64."""

Because = Phrase | Sequence[Phrase | None] | npt.NDArray[np.object_]


def written_values(situation: Situation, field: Field) -> Cells:
    """What the program wrote last into `field`, along the rows; missing where it wrote nothing. For reading only."""
    index, written = situation.frame.index, situation.memory.written
    if written.empty or field not in written.columns:
        return np.full(len(index), None, dtype=object)
    if written.index.is_(index):  # laid along the rows by `align`
        return written[field].to_numpy()
    return written[field].reindex(values(situation, Field.ID)).to_numpy()


def written_dates(situation: Situation, field: Field) -> Moments:
    """The same of a date column."""
    written = written_values(situation, field)
    return written.astype("M8[s]") if written.dtype.kind == "M" else pd.to_datetime(written).to_numpy(dtype="M8[s]")


def align(memory: Memory, frame: pd.DataFrame) -> Memory:
    """The memory with `written` laid along the rows of a frame, so that no step needs to look every id up again."""
    if memory.written.empty:
        return memory
    written = memory.written.reindex(frame[Field.ID].to_numpy())
    written.index = frame.index
    return replace(memory, written=written)


def missing_mask(cells: Cells) -> Mask:
    """True where a frame value is missing (a frame never holds empty text)."""
    return np.asarray(pd.isna(cells))


def same_mask(one: Cells, other: Cells) -> Mask:
    """True where two columns hold the same value, missing equal to missing; dates meet date columns only."""
    if one.dtype == other.dtype and one.dtype.kind == "M":
        return np.asarray(one.view(np.int64) == other.view(np.int64))  # NaT is one of the numbers
    if one.dtype != object or other.dtype != object:
        one, other = one.astype(object), other.astype(object)
    same = np.asarray(one == other, dtype=bool)  # numpy takes a fifth of pandas' time for it
    rest = np.flatnonzero(~same)
    rest = rest[pd.isna(one[rest])]
    same[rest] = pd.isna(other[rest])
    return same


def was_ours(situation: Situation, field: Field) -> Mask:
    """True where the cell holds what the program wrote, now or at the time an older copy of the row is from."""
    current, ids, former = values(situation, field), values(situation, Field.ID), situation.memory.former
    ours = same_mask(current, written_values(situation, field)) & situation.answers.filled(field)
    ours |= _given(situation, field)
    for position in np.flatnonzero(~ours & of_older_copy(situation)).tolist() if former else ():
        value, states = plain(current[position]), former[str(ids[position])]
        ours[position] = any(_equal(value, state.get(field)) for state in states)
    return ours


def _given(situation: Situation, field: Field) -> Mask:
    """True where a column that the program was given to fill holds what it held then, and was never written since."""
    frame, cells = situation.frame, situation.memory.given.get(field)
    found = np.zeros(len(frame), dtype=bool)
    if cells:
        held, unwritten = frame[field].tolist(), missing_mask(written_values(situation, field))
        for position, row in enumerate(frame.index.tolist()):
            found[position] = row in cells and unwritten[position] and str(plain(held[position])) == cells[row]
    return found


def of_older_copy(situation: Situation) -> Mask:
    """True for rows that somebody put back from an older copy of the workbook; see `older_copies`."""
    return of_ids(situation, situation.memory.former)


def older_copies(register: Register, memory: Memory) -> Memory:
    """The memory with only those earlier states that a row is really in: all its A cells are from that time.

    Ask it of the register as it was read: the steps put the A cells right one after the other.
    """
    former: dict[str, tuple[Mapping[str, Any], ...]] = {}
    if memory.former:
        always = [f for f in Field if f.filler is Filler.PROGRAM and f is not Field.ID and f is not Field.QUEUE]
        rows = register.frame.loc[register.frame[Field.ID].isin(list(memory.former))].drop_duplicates(Field.ID)
        for _, row in rows.iterrows():
            id = str(row[Field.ID])
            # what the program never wrote was there before it came, and says nothing about the time
            telling = [f for f in always if not is_missing(memory.written.at[id, f])]
            states = [state for state in memory.former[id] if all(_equal(row[f], state.get(f)) for f in telling)]
            if states:
                former[id] = tuple(states)
    return replace(memory, former=former)


def _equal(left: Any, right: Any) -> bool:
    return (is_missing(left) and is_missing(right)) or bool(left == right)


def propose(
    situation: Situation,
    field: Field,
    wanted: Cells,
    because: Because,
    *,
    rows: Mask | None = None,
) -> Plan:
    """Edits that bring `field` to what is wanted as far as its filler allows.

    Args:
        situation: As the earlier steps left it; its memory knows what the program wrote before.
        field: A program, suggested or learned field.
        wanted: Frame values along the rows; None or NaT = empty.
        because: One phrase for all rows, or one per row.
        rows: Rows that may be edited; all by default.

    Returns:
        Edits in sheet order; findings for A cells typed over (QT341) and S cells a person overruled (QT342).
    """
    register = situation.register
    if field not in register.columns:
        return Plan()
    mine = np.ones(len(register.frame), dtype=bool) if rows is None else rows
    if not mine.any():
        return Plan()
    current = values(situation, field)
    if mine.all():
        differs = ~same_mask(current, wanted)
    else:
        differs = np.zeros(len(mine), dtype=bool)
        differs[mine] = ~same_mask(current[mine], wanted[mine])
    unreadable = [row for row, key in register.wrong if key == field]
    if unreadable:
        # such text that a person typed is reported and stays; in the program's own columns it is put right
        differs[register.frame.index.get_indexer(pd.Index(unreadable))] = field.filler is Filler.PROGRAM
    differs &= mine
    if not differs.any():
        return Plan()
    filled = situation.answers.filled(field)
    findings: list[Finding] = []
    if field.filler is Filler.LEARNED:
        edit = differs & ~filled
    elif field.filler is Filler.SUGGESTED:
        ours = was_ours(situation, field)
        edit = differs & (~filled | ours)
        overruled = differs & filled & ~ours & ~missing_mask(wanted)
        findings += _reports(situation, "QT342", field, wanted, overruled)
    else:
        edit = differs
        if not situation.memory.fresh:
            known = ~missing_mask(written_values(situation, field))
            typed = differs & filled & known & ~was_ours(situation, field)
            findings += _reports(situation, "QT341", field, wanted, typed)
    return Plan(tuple(findings), tuple(_edits(situation, field, wanted, because, edit)))


def _edits(situation: Situation, field: Field, wanted: Cells, because: Because, edit: Mask) -> Iterable[CellEdit]:
    places, register = np.flatnonzero(edit), situation.register
    ids = values(situation, Field.ID)[places].tolist()
    befores, afters = (plain_cells(column[places]) for column in (values(situation, field), wanted))
    rows = register.frame.index[places].tolist()
    if isinstance(because, Phrase):
        phrases: list[Phrase | None] = [because] * len(rows)
    else:
        phrases = [because[place] for place in places.tolist()]
    for row, id, before, after, phrase in zip(rows, ids, befores, afters, phrases, strict=True):
        shown = register.wrong.get((row, field), before)
        known = None if is_missing(id) else str(id)
        yield CellEdit(row, known, field, shown, after, phrase or Phrase("because.rules"))


def plain_cells(cells: Cells) -> list[Any]:
    """Frame values as plain Python."""
    return cells.astype("M8[us]").tolist() if cells.dtype.kind == "M" else [plain(cell) for cell in cells.tolist()]


SEVERITIES = {"QT341": Severity.WARNING, "QT342": Severity.INFO}


def _reports(situation: Situation, code: str, field: Field, wanted: Cells, mask: Mask) -> Iterable[Finding]:
    """What a person has typed there, and what the rules say instead."""
    language = situation.register.language
    for position in np.flatnonzero(mask).tolist():
        case = case_at(situation, position)
        shown = str(label_of(field, case.value(field), language))
        ours = label_of(field, plain(wanted[position]), language)
        yield case.finding(code, SEVERITIES[code], field, shown, ours=ours)


def findings_at(
    situation: Situation, code: str, severity: Severity, mask: Mask, key: str, /, **facts: Any
) -> Iterable[Finding]:
    """A finding per row of `mask` about its cell of `key`, as `Case.finding` makes them one by one."""
    places, register = np.flatnonzero(mask), situation.register
    if not len(places):
        return
    rows = register.frame.index[places].tolist()
    held, ids = (values(situation, name)[places] for name in (key, Field.ID))
    column, shared = register.columns.get(key), tuple(facts.items())
    for row, value, id in zip(rows, plain_cells(held), ids.tolist(), strict=True):
        value = register.wrong.get((row, key), value)
        found = "" if value is None else show(label_of(key, value, register.language), register.language)[:MOST_SHOWN]
        where = None if column is None else CellRef(register.sheet, row, column)
        yield Finding(code, severity, where, found, shared, None if is_missing(id) else str(id), key)
