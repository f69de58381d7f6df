"""The step that reopens what was not solved, or what a person took back from closing. Pure.

It stands before the steps that ask which cycle a row is in, so that all of them see the same one in a run.
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from ...choices import Confirmation
from ...fields import Field
from ...plan import CellEdit, FactName, Phrase, Plan, Remember
from ...register import is_missing, plain
from ..case import Case, cases
from ..propose import of_older_copy, propose, written_values
from ..situation import Situation
from ..standing import cycles, equals, has, in_cycle, numbered

CYCLE_FIELDS = (
    Field.REPLIED_AT,
    Field.CONFIRM_SENT_AT,
    Field.CONFIRMATION,
    Field.SATISFACTION,
    Field.CLOSED_AT,
    Field.WATCH_UNTIL,
    Field.VERIFIED_AT,
)
"""Cells of the program that belong to a cycle; emptied when a row is reopened, kept in the journal and 变更日志."""


def reopen(situation: Situation) -> Plan:
    """未解决, or a person emptied 关闭时间: the row goes back to its owner, the former cycle into the change log."""
    memory, frame = situation.memory, situation.frame
    facts: list[Remember] = list(_baseline(situation)) if memory.fresh else []
    cycle = cycles(situation.with_facts(facts)).to_numpy(copy=True)
    older = of_older_copy(situation)
    earlier_cycle = has(situation, Field.REPLIED_AT) & ~in_cycle(situation, Field.REPLIED_AT)
    not_solved = equals(situation, Field.CONFIRMATION, Confirmation.NOT_SOLVED) & numbered(situation)
    not_solved &= in_cycle(situation, Field.REPLIED_AT) | in_cycle(situation, Field.CLOSED_AT)
    closed = written_values(situation, Field.CLOSED_AT)
    emptied = closed.notna().to_numpy(dtype=bool, copy=True) & ~has(situation, Field.CLOSED_AT) & numbered(situation)
    edits: list[CellEdit] = []
    for case in cases(situation, not_solved | emptied | (older & earlier_cycle)):
        place = case.place
        closing = plain(closed.iat[place]).isoformat() if emptied[place] else ""
        if not_solved[place]:
            because = Phrase("because.not_solved")
        elif older[place]:  # put back from a copy of an earlier time: nobody reopened anything
            if emptied[place] and is_missing(case.value(Field.CLOSE_TYPE)):
                facts += _lost(case, closing)
            if earlier_cycle[place]:
                edits += _cleared(case, Phrase("because.reopened"))
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
        ]
        edits += _cleared(case, because)
    counts = pd.Series([None if value <= 1 else value - 1 for value in cycle.tolist()], index=frame.index, dtype=object)
    counted = numbered(situation) & (counts.notna().to_numpy() | has(situation, Field.REOPENED))
    told = propose(situation, Field.REOPENED, counts, Phrase("because.reopened"), rows=counted)
    return Plan(edits=tuple(edits), facts=tuple(facts)) + told


def _baseline(situation: Situation) -> Iterable[Remember]:
    """Without a journal the sheet alone knows how often a row was reopened."""
    for case in cases(situation, numbered(situation) & has(situation, Field.REOPENED)):
        count = int(case.value(Field.REOPENED))
        if count > 0:  # the first cycle goes without saying
            yield case.remember(FactName.CYCLE, count + 1)


def _cleared(case: Case, because: Phrase) -> list[CellEdit]:
    """The cells of a cycle that is over, emptied."""
    return [case.edit(field, None, because) for field in CYCLE_FIELDS if case.value(field) is not None]


def _lost(case: Case, closing: str) -> list[Remember]:
    """Remembers that this closing was taken back, or lost with an older copy: the next run must not reopen for it."""
    known = case.fact(FactName.CLOSING_LOST) == closing
    return [] if known else [case.remember(FactName.CLOSING_LOST, closing)]
