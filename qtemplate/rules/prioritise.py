"""Step 6, prioritise: P1 to P4 by the table, and each row's place in its department's queue. Pure."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from ..fields import Field
from ..plan import Memory, Phrase, Plan
from ..register import Register
from .propose import propose
from .rulebook import RuleBook
from .standing import has, live

RECURRENT = "recurrent"
"""Computed input of the priority table: earlier feedback of the same model and fault stands in `related`."""


def with_recurrence(register: Register) -> pd.DataFrame:
    """The frame with the computed column `recurrent`."""
    return register.frame.assign(**{RECURRENT: has(register, Field.RELATED)})


def prioritise(register: Register, rulebook: RuleBook, memory: Memory, now: dt.datetime) -> Plan:
    """Priority (A) of graded rows; queue (A): 1, 2, 3 … per department by priority, due time, arrival."""
    if rulebook.priority is None:
        return Plan()
    frame = register.frame
    graded = has(register, Field.LEVEL) & ~has(register, Field.MASTER)
    evaluation = rulebook.priority.evaluate(with_recurrence(register))
    outputs = np.array([_single(result.output) for result in evaluation.results] + [None], dtype=object)
    priority = pd.Series(outputs[evaluation.pattern], index=frame.index, dtype=object).where(graded, None)
    plan = propose(register, memory, Field.PRIORITY, priority, Phrase("because.priority"))
    waiting = live(register) & has(register, Field.DEPARTMENT) & priority.notna().to_numpy()
    waiting &= ~has(register, Field.IMPLEMENTED_AT)
    return plan + propose(register, memory, Field.QUEUE, _queue(frame, priority, waiting), Phrase("because.queue"))


def _single(output: object) -> object:
    return next(iter(output.values()), None) if isinstance(output, dict) else output


def _queue(frame: pd.DataFrame, priority: pd.Series, waiting: np.ndarray) -> pd.Series:
    part = pd.DataFrame(
        {
            "department": frame[Field.DEPARTMENT],
            "priority": priority,
            "received": frame[Field.RECEIVED_AT],
            "id": frame[Field.ID],
        }
    )[waiting].sort_values(["priority", "received", "id"], kind="stable")
    place = part.groupby("department", sort=False).cumcount() + 1
    result = pd.Series([None] * len(frame), index=frame.index, dtype=object)
    result.loc[place.index] = place.astype(object)
    return result
