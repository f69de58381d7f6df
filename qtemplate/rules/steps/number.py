"""The step that numbers: every record gets an id that is never given twice, a copied row one of its own. Pure.

A row that has lost its id (an older copy was restored, the cell was emptied) gets it back while it is among the newest:
it is known by what people wrote into it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from ...fields import PROGRAM_FIELDS, Field, Filler
from ...plan import CellEdit, FactName, Finding, Memory, Phrase, Plan, Remember, Severity
from ...register import is_missing, plain
from ..case import Case, case_at, cases
from ..incoming.ids import Numbering, well_formed
from ..mail_facts import fingerprint
from ..propose import written_values
from ..situation import Situation
from ..standing import has, of_ids, values

MOST_KEPT = 1000
"""So many of the newest rows are recognised when they have lost their id."""

TELLING = (Field.RECEIVED_AT, Field.CHANNEL, Field.REPORTER, Field.EMAIL, Field.PHONE, Field.TITLE, Field.DESCRIPTION)


def number(situation: Situation) -> Plan:
    """Ids for rows without one; a row whose id stands higher up already is a copy: new id, program cells made anew."""
    register, memory = situation.register, situation.memory
    if Field.ID not in register.columns:
        return Plan()
    ids = values(situation, Field.ID)
    repeated = pd.Series(ids).duplicated().to_numpy() & has(situation, Field.ID)
    kept = of_ids(situation, frozenset(memory.kept.get(Field.ID, ())))
    wanted = (~well_formed(situation) & ~kept) | repeated
    findings: list[Finding] = []
    edits: list[CellEdit] = []
    new_rows: dict[str, str] = {}
    numbering = Numbering(situation)
    lost = _lost_ids(memory, set(ids[~wanted].tolist())) if wanted.any() else {}
    for case in cases(situation, wanted):
        print_, old = _print(case), case.value(Field.ID)
        known = [] if repeated[case.place] else lost.get(print_, [])
        if known:
            back = known.pop(0)
            shown = case.content(Field.ID)
            edits.append(CellEdit(case.row, back, Field.ID, shown, back, Phrase("because.id_back")))
            if shown is not None:
                findings.append(case.finding("QT141", Severity.WARNING, Field.ID, new=back))
            continue
        received = case.value(Field.RECEIVED_AT)
        new = numbering.next(None if is_missing(received) else received)
        new_rows[new] = print_
        if old is None:
            edits.append(CellEdit(case.row, new, Field.ID, case.content(Field.ID), new, Phrase("because.new_row")))
        elif repeated[case.place]:
            because = Phrase.of("because.copied_row", id=old)
            findings.append(case.finding("QT140", Severity.WARNING, Field.ID, new=new))
            edits += [CellEdit(case.row, new, Field.ID, old, new, because), *_cleared(case, new, because)]
        else:
            findings.append(case.finding("QT141", Severity.WARNING, Field.ID, new=new))
            edits.append(CellEdit(case.row, new, Field.ID, old, new, Phrase("because.bad_id")))
    copies = [str(edit.id) for edit in edits if edit.field == Field.ID and _is_copy(edit)]
    return Plan(tuple(findings), tuple(edits), facts=(*_remembered(memory, new_rows), *_copies(situation, copies)))


def _is_copy(edit: CellEdit) -> bool:
    return edit.because.key == "because.copied_row"


def _copies(situation: Situation, copies: list[str]) -> Iterable[Remember]:
    """Keeps which rows are copies of this moment, and forgets those of an earlier one."""
    moment = situation.now.isoformat()
    for id, at in situation.memory.facts_named(FactName.COPIED).items():
        if at != moment:
            yield Remember(id, FactName.COPIED, None)
    for id in copies:
        yield Remember(id, FactName.COPIED, moment)


def _print(case: Case) -> str:
    """What tells a row from others before it has an id."""
    return fingerprint({str(field): str(case.value(field)) for field in TELLING})


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


def _cleared(copy: Case, new: str, because: Phrase) -> Iterable[CellEdit]:
    """The copy's program cells are emptied in memory, so that the later steps make them anew.

    What a person has put into the copy since (the first row shows something else, and so does the journal) stays.
    """
    situation = copy.situation
    same_id = situation.frame[Field.ID].eq(copy.value(Field.ID)).fillna(False).to_numpy(dtype=bool)
    first = case_at(situation, int(np.flatnonzero(same_id)[0]))
    for field in PROGRAM_FIELDS:
        before = copy.value(field)
        if field is Field.ID or before is None or copy.cell(field) is None:
            continue
        written = plain(written_values(situation, field)[copy.place])
        if field.filler is Filler.PROGRAM or before in (first.value(field), written):
            yield CellEdit(copy.row, new, field, before, None, because)


def regained(situation: Situation, plan: Plan) -> dict[str, tuple[dict[str, Any], ...]]:
    """Rows that got their id back and hold nothing of the program's: an older copy, from before its first run."""
    return {
        str(edit.id): ({},)
        for edit in plan.edits
        if edit.because.key == "because.id_back" and situation.register.value(edit.row, Field.CHECK) is None
    }


def fresh_copies(situation: Situation) -> frozenset[int]:
    """Rows that were copied since the last run: no mail goes for them at this moment, however often it is repeated."""
    moment = situation.now.isoformat()
    copied = {id for id, at in situation.memory.facts_named(FactName.COPIED).items() if at == moment}
    if not copied:
        return frozenset()
    frame = situation.frame
    return frozenset(int(row) for row in frame.index[frame[Field.ID].isin(copied)])
