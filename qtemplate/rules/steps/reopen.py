"""The step that reopens what was not solved, or what a person took back from closing. Pure.

It stands before the steps that ask which cycle a row is in, so that all of them see the same one in a run.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from ...choices import Confirmation
from ...fields import FIELDS, Field
from ...plan import CellEdit, FactName, Phrase, Plan, Remember
from ...register import is_missing, plain
from ..case import Case, case_by_id, cases
from ..outcomes import ANSWERS, OF_THE_CYCLE, answered, from_earlier, kept_of
from ..propose import missing_mask, of_older_copy, propose, was_ours, written_values
from ..situation import Situation
from ..standing import Mask, cycles, equals, has, in_cycle, numbered

CYCLE_FIELDS = (
    Field.REPLIED_AT,
    Field.CONFIRM_SENT_AT,
    *ANSWERS,
    Field.CLOSED_AT,
    Field.WATCH_UNTIL,
    Field.VERIFIED_AT,
)
"""Cells that belong to a cycle; emptied when a row is reopened, kept in the journal and 变更日志.

What people typed of the reporter's answer stays in its cell, and counts no more.
"""


def reopen(situation: Situation) -> Plan:
    """未解决, or a person emptied 关闭时间: the row goes back to its owner, the former cycle into the change log."""
    memory = situation.memory
    facts: list[Remember] = list(_baseline(situation)) if memory.fresh else []
    facts += _answered_anew(situation)
    cycle = cycles(situation.with_facts(facts)).copy()
    older = of_older_copy(situation)
    earlier_cycle = has(situation, Field.REPLIED_AT) & ~in_cycle(situation, Field.REPLIED_AT)
    not_solved = equals(situation, Field.CONFIRMATION, Confirmation.NOT_SOLVED) & numbered(situation)
    not_solved &= in_cycle(situation, Field.REPLIED_AT) | in_cycle(situation, Field.CLOSED_AT)
    not_solved &= answered(situation, Field.CONFIRMATION)
    ours = {field: was_ours(situation, field) for field in ANSWERS}
    closed = written_values(situation, Field.CLOSED_AT)
    emptied = ~missing_mask(closed) & ~has(situation, Field.CLOSED_AT) & numbered(situation)
    edits: list[CellEdit] = []
    for case in cases(situation, not_solved | emptied | (older & earlier_cycle)):
        place = case.place
        closing = plain(closed[place]).isoformat() if emptied[place] else ""
        if not_solved[place]:
            because = Phrase("because.not_solved")
        elif older[place]:  # put back from a copy of an earlier time: nobody reopened anything
            if emptied[place] and is_missing(case.value(Field.CLOSE_TYPE)):
                facts += _lost(case, closing)
            if earlier_cycle[place]:
                edits += _cleared(case, Phrase("because.reopened"), ours)
            continue
        elif case.fact(FactName.CLOSING_LOST) == closing:
            continue
        else:
            because = Phrase("because.closing_undone")
        if emptied[place]:
            facts += _lost(case, closing)  # once is enough
        cycle[place] += 1
        facts += [
            case.remember(FactName.CYCLE, int(cycle[place])),
            case.remember(FactName.REOPENED_AT, situation.now.isoformat()),
            *_left_behind(case, ours),
        ]
        edits += _cleared(case, because, ours)
    counts = np.array([None if value <= 1 else value - 1 for value in cycle.tolist()], dtype=object)
    counted = numbered(situation) & ((cycle > 1) | has(situation, Field.REOPENED))
    told = propose(situation, Field.REOPENED, counts, Phrase("because.reopened"), rows=counted)
    return Plan(edits=tuple(edits), facts=tuple(facts)) + told


def _baseline(situation: Situation) -> Iterable[Remember]:
    """Without a journal the sheet alone knows how often a row was reopened."""
    for case in cases(situation, numbered(situation) & has(situation, Field.REOPENED)):
        count = int(case.value(Field.REOPENED))
        if count > 0:  # the first cycle goes without saying
            yield case.remember(FactName.CYCLE, count + 1)


def _cleared(case: Case, because: Phrase, ours: Mapping[Field, Mask]) -> list[CellEdit]:
    """The cells of a cycle that is over, emptied; an answer that a person typed stays."""
    emptied = [field for field in CYCLE_FIELDS if field not in ours or ours[field][case.place]]
    return [case.edit(field, None, because) for field in emptied if case.value(field) is not None]


def _left_behind(case: Case, ours: Mapping[Field, Mask]) -> list[Remember]:
    """Remembers what stays in the cells of the cycle that is over."""
    stays = [field for field in OF_THE_CYCLE if field not in ours or not ours[field][case.place]]
    kept = kept_of({field: case.value(field) for field in stays})
    seen = [case.value(Field.VERIFY_RESULT), False]
    facts = ((FactName.EARLIER, kept or None), (FactName.VERIFIED, seen if seen[0] else None))
    return [case.remember(name, value) for name, value in facts if value is not None or case.fact(name) is not None]


def _answered_anew(situation: Situation) -> Iterable[Remember]:
    """Forgets what no longer stands in its cell: the same words typed again count."""
    for id, kept in situation.memory.facts_named(FactName.EARLIER).items():
        case = case_by_id(situation, id)
        if case is not None:
            there = {key: value for key, value in kept.items() if from_earlier(situation, FIELDS[key])[case.place]}
            if there != kept:
                yield case.remember(FactName.EARLIER, there or None)


def _lost(case: Case, closing: str) -> list[Remember]:
    """Remembers that this closing was taken back, or lost with an older copy: the next run must not reopen for it."""
    known = case.fact(FactName.CLOSING_LOST) == closing
    return [] if known else [case.remember(FactName.CLOSING_LOST, closing)]
