"""Cells of the program's columns that are people's: they were filled before the program first wrote in this book. Pure.

Such a cell is shown and not used. The steps see the value the program works out itself, which the journal holds as a
fact, and the cell is never written. Two things count as they stand: a number is the row's id, and a date in 转交时间 or
关闭时间 is the moment it names.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pandas as pd
from msgspec import Struct
from msgspec.structs import replace

from ...fields import FIELDS, Field, Filler, Kind
from ...plan import CellEdit, FactName, Finding, Memory, Phrase, Plan, Remember, Severity
from ...register import Register, is_missing
from ..mail_facts import fingerprint
from ..situation import Situation

PROGRAM = tuple(field for field in Field if field.filler is Filler.PROGRAM)
AS_THEY_STAND = (Field.ID, Field.TRANSFERRED_AT, Field.CLOSED_AT)
UNFIT = "/#"
"""Characters of the keys of mails: a number with one of them cannot be a row's id."""

ROW = "row:"
"""Begins the name of a row that has no id of its own: what people wrote into it tells it from others."""

_TELLING = (Field.RECEIVED_AT, Field.CHANNEL, Field.REPORTER, Field.EMAIL, Field.PHONE, Field.TITLE, Field.DESCRIPTION)

Cells = frozenset[tuple[int, str]]
"""Worksheet row and field key."""


class Kept(Struct, frozen=True):
    """The kept cells of a register, and those among them that count as they stand."""

    cells: Cells = frozenset()
    standing: Cells = frozenset()


def row_names(register: Register) -> dict[int, str]:
    """Worksheet row -> its id, where it is the first with it and fit to be one; else a name by what people wrote."""
    ids = register.frame[Field.ID]
    first = (~ids.duplicated(keep="first") & ids.notna()).tolist()
    rows = zip(register.frame.index.tolist(), ids.tolist(), first, strict=True)
    return {
        row: str(id) if is_first and not any(mark in str(id) for mark in UNFIT) else name_by_words(register, row)
        for row, id, is_first in rows
    }


def name_by_words(register: Register, row: int) -> str:
    """The name of a row by what people wrote into it."""
    return ROW + fingerprint({str(key): str(register.value(row, key)) for key in _TELLING})


def filled_cells(register: Register) -> dict[str, tuple[str, ...]]:
    """Field key -> names of the rows in which that column of the program's holds something, readable or not."""
    names, found = row_names(register), dict[str, tuple[str, ...]]()
    for field in PROGRAM:
        if field not in register.columns or field in register.handed_over:
            continue
        rows = register.frame.index.tolist()
        filled = register.frame[field].notna().tolist()
        if field is Field.CLOSED_AT:  # of rows that are over it is a column of theirs that says when
            filled = [full and row not in register.past for row, full in zip(rows, filled, strict=True)]
        here = [names[row] for row, full in zip(rows, filled, strict=True) if full or (row, field) in register.wrong]
        if here:
            found[field.value] = tuple(here)
    return found


def kept_cells(register: Register, memory: Memory) -> Kept:
    """Which cells of this register are kept."""
    over = frozenset((row, str(Field.CLOSED_AT)) for row in register.past)
    if not memory.kept and not memory.handed_over:
        return Kept(standing=over)
    names = row_names(register)
    # a row that had no id at the first look may have got one in this run
    by_words = any(name.startswith(ROW) for those in memory.kept.values() for name in those)
    words = {row: name_by_words(register, row) for row in names} if by_words else {}
    cells = {
        (row, key)
        for key, those in memory.kept.items()
        if key in register.columns
        for row, name in names.items()
        if name in those or words.get(row) in those
    }
    cells |= {(row, key) for key in memory.handed_over if key in register.columns for row in names}
    standing = frozenset(at for at in cells if at[1] in AS_THEY_STAND and _stands(register, *at))
    return Kept(frozenset(cells), standing | over)


def _stands(register: Register, row: int, key: str) -> bool:
    # a number that is unfit stays too: its row rests without an id
    return key == Field.ID or not is_missing(register.value(row, key))


def own_view(situation: Situation, kept: Kept) -> Situation:
    """The situation as the program sees it: its own values in kept cells, no id where it is unfit or doubled."""
    if not kept.cells:
        return situation
    register, names = situation.register, row_names(situation.register)
    edits = []
    for row, key in sorted(kept.cells):
        if key == Field.ID:
            value = None if names[row].startswith(ROW) else register.value(row, key)
        elif (row, key) in kept.standing:
            continue
        else:
            value = _decoded(key, situation.memory.fact(names[row], FactName.KEPT.of(key)))
        edits.append(CellEdit(row, None, key, register.value(row, key), value, Phrase("because.rules")))
    return situation.with_edits(edits)


def without_standing(plan: Plan, kept: Kept) -> Plan:
    """The plan without what it would do about kept cells that count as they stand."""
    if not kept.standing:
        return plan
    dropped = [edit for edit in plan.edits if (edit.row, edit.field) in kept.standing]
    if not dropped:
        return plan
    renumbered = {edit.id for edit in dropped if edit.field == Field.ID}
    rows = {edit.row for edit in dropped if edit.field == Field.ID}
    return replace(
        plan,
        edits=tuple(e for e in plan.edits if (e.row, e.field) not in kept.standing and e.row not in rows),
        findings=tuple(
            item
            for item in plan.findings
            if not (item.where is not None and (item.where.row, str(item.field)) in kept.standing)
        ),
        facts=tuple(fact for fact in plan.facts if fact.id not in renumbered),
    )


def facts_for_kept(plan: Plan, kept: Kept, memory: Memory) -> Plan:
    """The plan with what it would write into kept cells as facts; the cells stay."""
    if not kept.cells:
        return plan
    ours = [edit for edit in plan.edits if (edit.row, edit.field) in kept.cells]
    facts = (
        Remember(edit.id, FactName.KEPT.of(edit.field), _encoded(edit.after)) for edit in ours if edit.id is not None
    )
    news = tuple(fact for fact in facts if memory.fact(fact.id, fact.name) != fact.value)
    edits = tuple(edit for edit in plan.edits if (edit.row, edit.field) not in kept.cells)
    return replace(plan, edits=edits, facts=(*plan.facts, *news))


def kept_findings(kept: Kept) -> Iterator[Finding]:
    """One finding for all of them: how many, and in which columns."""
    if kept.cells:
        counts = Counter(key for _, key in kept.cells)
        columns = tuple(FIELDS[key] for key in FIELDS if counts[key])
        yield Finding("QT172", Severity.INFO, None, "", (("n", len(kept.cells)), ("columns", columns)))


def _encoded(value: Any) -> Any:
    return value.isoformat() if isinstance(value, (dt.datetime, dt.date)) else value


def _decoded(key: str, value: Any) -> Any:
    if value is not None and FIELDS[key].kind in (Kind.DATE, Kind.DATETIME):
        return pd.Timestamp(value).to_pydatetime()
    return value
