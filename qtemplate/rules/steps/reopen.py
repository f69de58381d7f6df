"""Step: reopen what was not solved, or what a person took back from closing. Pure.

It stands before the steps that ask which cycle a row is in, so that all of them see the same one in a run.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import numpy as np
import pandas as pd

from ...choices import Confirmation
from ...fields import Field
from ...plan import CellEdit, FactName, Memory, Phrase, Plan, Remember
from ...register import Register, is_missing, plain
from ..propose import of_older_copy, propose, written_values
from ..rulebook import RuleBook
from ..standing import cycles, equals, has, in_cycle, int_at, numbered

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


def reopen(register: Register, rulebook: RuleBook, memory: Memory, now: dt.datetime) -> Plan:
    """未解决, or a person emptied 关闭时间: the row goes back to its owner, the former cycle into the change log."""
    frame = register.frame
    facts: list[Remember] = list(_baseline(register)) if memory.fresh else []
    cycle = cycles(register, memory.with_facts(facts)).copy()
    older = of_older_copy(register, memory)
    earlier_cycle = has(register, Field.REPLIED_AT) & ~in_cycle(register, memory, Field.REPLIED_AT)
    not_solved = equals(register, Field.CONFIRMATION, Confirmation.NOT_SOLVED) & numbered(register)
    not_solved &= in_cycle(register, memory, Field.REPLIED_AT) | in_cycle(register, memory, Field.CLOSED_AT)
    closed = written_values(register, memory, Field.CLOSED_AT)
    emptied = closed.notna().to_numpy(dtype=bool, copy=True) & ~has(register, Field.CLOSED_AT) & numbered(register)
    edits: list[CellEdit] = []
    for place in np.flatnonzero(not_solved | emptied | (older & earlier_cycle)).tolist():
        row, id = int(frame.index[place]), str(frame[Field.ID].iat[place])
        if not_solved[place]:
            because = Phrase("because.not_solved")
        elif older[place]:  # put back from a copy of an earlier time: nobody reopened anything
            if emptied[place] and is_missing(register.value(row, Field.CLOSE_TYPE)):
                facts += _lost(memory, id, plain(closed.iat[place]).isoformat())
            if earlier_cycle[place]:
                edits += _cleared(register, row, id, Phrase("because.reopened"))
            continue
        elif memory.fact(id, FactName.CLOSING_LOST) == plain(closed.iat[place]).isoformat():
            continue
        else:
            because = Phrase("because.closing_undone")
        if emptied[place]:
            facts += _lost(memory, id, plain(closed.iat[place]).isoformat())  # once is enough
        cycle.at[row] = int_at(cycle, row) + 1
        facts += [Remember(id, FactName.CYCLE, int_at(cycle, row)), Remember(id, FactName.REOPENED_AT, now.isoformat())]
        edits += _cleared(register, row, id, because)
    counts = pd.Series([None if value <= 1 else int(value) - 1 for value in cycle], index=frame.index, dtype=object)
    return Plan(edits=tuple(edits), facts=tuple(facts)) + propose(
        register,
        memory,
        Field.REOPENED,
        counts,
        Phrase("because.reopened"),
        rows=numbered(register) & (counts.notna().to_numpy() | has(register, Field.REOPENED)),
    )


def _baseline(register: Register) -> Iterable[Remember]:
    """Without a journal the sheet alone knows how often a row was reopened."""
    rows = numbered(register) & has(register, Field.REOPENED)
    for id, count in zip(register.frame.loc[rows, Field.ID], register.frame.loc[rows, Field.REOPENED], strict=True):
        if int(count) > 0:  # the first cycle goes without saying
            yield Remember(str(id), FactName.CYCLE, int(count) + 1)


def _cleared(register: Register, row: int, id: str, because: Phrase) -> list[CellEdit]:
    """The cells of a cycle that is over, emptied."""
    values = ((field, register.value(row, field)) for field in CYCLE_FIELDS)
    return [CellEdit(row, id, field, value, None, because) for field, value in values if value is not None]


def _lost(memory: Memory, id: str, moment: str) -> list[Remember]:
    """Keeps that this closing is gone, taken back or lost with an older copy: the next run must not reopen for it."""
    return [] if memory.fact(id, FactName.CLOSING_LOST) == moment else [Remember(id, FactName.CLOSING_LOST, moment)]
