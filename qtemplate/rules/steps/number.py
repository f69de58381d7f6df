"""Step 2, number: every record gets an id that is never given twice; copied rows get one of their own. Pure.

A row that has lost its id (an older copy was restored, the cell was emptied) gets it back while it is among the newest:
it is known by what people wrote into it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from ...fields import PROGRAM_FIELDS, Field, Filler
from ...plan import CellEdit, FactName, Finding, Memory, Phrase, Plan, Remember, Severity
from ...register import Register, is_missing, plain
from ..mail_facts import fingerprint
from ..propose import Mask, finding, written_values
from ..rulebook import RuleBook

MOST_KEPT = 1000
"""So many of the newest rows are known again when they have lost their id."""

TELLING = (Field.RECEIVED_AT, Field.CHANNEL, Field.REPORTER, Field.EMAIL, Field.PHONE, Field.TITLE, Field.DESCRIPTION)


def number(register: Register, rulebook: RuleBook, memory: Memory, now: dt.datetime) -> Plan:
    """Ids for rows without one; a row whose id stands higher up already is a copy: new id, program cells made anew."""
    ids = register.frame[Field.ID]
    if Field.ID not in register.columns:
        return Plan()
    pattern = re.compile(rf"{re.escape(register.id_prefix)}-(\d{{4}})-(\d{{4,}})")
    well_formed = register.by_row(
        ("well formed", pattern), (Field.ID,), lambda frame: _well_formed(frame[Field.ID], pattern)
    )
    repeated = ids.duplicated(keep="first") & ids.notna()
    wanted = ~well_formed | repeated.to_numpy(dtype=bool)
    findings: list[Finding] = []
    edits: list[CellEdit] = []
    new_rows: dict[str, str] = {}
    found = _highest(ids[well_formed]) if wanted.any() else {}
    serials = {year: max(memory.serials.get(year, 0), found.get(year, 0)) for year in {*memory.serials, *found}}
    lost = _lost_ids(memory, set(ids[~wanted])) if wanted.any() else {}
    for row in register.frame.index[wanted]:
        print_ = _print(register, int(row))
        known = [] if repeated.at[row] else lost.get(print_, [])
        if known:
            back = known.pop(0)
            shown = register.wrong.get((int(row), Field.ID), plain(ids.at[row]))
            edits.append(CellEdit(int(row), back, Field.ID, shown, back, Phrase("because.id_back")))
            if shown is not None:
                findings.append(finding(register, "QT141", Severity.WARNING, int(row), Field.ID, new=back))
            continue
        received = register.value(row, Field.RECEIVED_AT)
        year = now.year if is_missing(received) else received.year
        serials[year] = serials.get(year, 0) + 1
        new = f"{register.id_prefix}-{year}-{serials[year]:04d}"
        new_rows[new] = print_
        old = plain(ids.at[row])
        if old is None:
            edits.append(
                CellEdit(
                    int(row), new, Field.ID, register.wrong.get((int(row), Field.ID)), new, Phrase("because.new_row")
                )
            )
        elif repeated.at[row]:
            findings.append(finding(register, "QT140", Severity.WARNING, int(row), Field.ID, new=new))
            edits.append(CellEdit(int(row), new, Field.ID, old, new, Phrase.of("because.copied_row", id=old)))
            edits += _cleared(register, memory, int(row), new, old)
        else:
            findings.append(finding(register, "QT141", Severity.WARNING, int(row), Field.ID, new=new))
            edits.append(CellEdit(int(row), new, Field.ID, old, new, Phrase("because.bad_id")))
    told = _copies(memory, [str(edit.id) for edit in edits if edit.field == Field.ID and _is_copy(edit)], now)
    return Plan(tuple(findings), tuple(edits), facts=(*_remembered(memory, new_rows), *told))


def _well_formed(ids: pd.Series, pattern: re.Pattern[str]) -> Mask:
    return np.array([isinstance(id, str) and pattern.fullmatch(id) is not None for id in ids.tolist()], dtype=bool)


def _highest(ids: pd.Series) -> dict[int, int]:
    """Year -> the highest serial number in use; of well-formed ids."""
    highest: dict[int, int] = {}
    for id in ids.tolist():
        year, serial = map(int, id.rsplit("-", 2)[1:])
        if serial > highest.get(year, 0):
            highest[year] = serial
    return highest


def _is_copy(edit: CellEdit) -> bool:
    return edit.because.key == "because.copied_row"


def _copies(memory: Memory, copies: list[str], now: dt.datetime) -> Iterable[Remember]:
    """Keeps which rows are copies of this moment, and forgets those of an earlier one."""
    for id, at in memory.facts_named(FactName.COPIED).items():
        if at != now.isoformat():
            yield Remember(id, FactName.COPIED, None)
    for id in copies:
        yield Remember(id, FactName.COPIED, now.isoformat())


def _print(register: Register, row: int) -> str:
    """What tells a row from others before it has an id."""
    return fingerprint({str(field): str(register.value(row, field)) for field in TELLING})


def _lost_ids(memory: Memory, present: set[str]) -> dict[str, list[str]]:
    """Fingerprint -> ids in order, for the newest rows whose id is nowhere in the register."""
    lost: dict[str, list[str]] = {}
    for id, print_ in sorted(memory.facts_named(FactName.NUMBERED).items()):
        if id not in present:
            lost.setdefault(print_, []).append(id)
    return lost


def _remembered(memory: Memory, new_rows: dict[str, str]) -> tuple[Remember, ...]:
    """The fingerprints of the newest rows, `MOST_KEPT` at the most; an import of more is not kept."""
    if not new_rows or len(new_rows) > MOST_KEPT:
        return ()
    known = sorted(memory.facts_named(FactName.NUMBERED))
    old = known[: max(0, len(known) + len(new_rows) - MOST_KEPT)]
    return (
        *(Remember(id, FactName.NUMBERED, None) for id in old),
        *(Remember(id, FactName.NUMBERED, print_) for id, print_ in new_rows.items()),
    )


def _cleared(register: Register, memory: Memory, row: int, new: str, old: str) -> Iterable[CellEdit]:
    """The copy's program cells are emptied in memory, so that the later steps make them anew.

    What a person has put into the copy since (the first row shows something else, and so does the journal) stays.
    """
    first = int(register.frame.index[register.frame[Field.ID].eq(old).fillna(False)][0])
    for field in PROGRAM_FIELDS:
        before = register.value(row, field)
        if field is Field.ID or before is None or field not in register.columns:
            continue
        written = written_values(register, memory, field).at[row]
        if field.filler is Filler.PROGRAM or before in (register.value(first, field), plain(written)):
            yield CellEdit(row, new, field, before, None, Phrase.of("because.copied_row", id=old))


def regained(register: Register, plan: Plan) -> dict[str, tuple[dict[str, Any], ...]]:
    """Rows that got their id back and hold nothing of the program's: an older copy, from before its first run."""
    return {
        str(edit.id): ({},)
        for edit in plan.edits
        if edit.because.key == "because.id_back" and register.value(edit.row, Field.CHECK) is None
    }


def fresh_copies(register: Register, memory: Memory, now: dt.datetime) -> frozenset[int]:
    """Rows that were copied since the last run: no mail goes for them at this moment, however often it is repeated."""
    copied = {id for id, at in memory.facts_named(FactName.COPIED).items() if at == now.isoformat()}
    if not copied:
        return frozenset()
    return frozenset(int(row) for row in register.frame.index[register.frame[Field.ID].isin(copied)])
