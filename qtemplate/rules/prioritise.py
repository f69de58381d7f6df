"""Step 6, prioritise: P1 to P4 by the table, and each row's place in its department's queue. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import numpy as np
import pandas as pd

from ..choices import Role
from ..fields import Field
from ..plan import Finding, Memory, Phrase, Plan, Severity
from ..register import Register
from .propose import propose
from .rulebook import RuleBook
from .standing import has, live

RECURRENT, AGE_DAYS = "recurrent", "age_days"
"""Computed inputs of the priority table: earlier feedback of the same model and fault stands in `related`; days since
the feedback was received."""


def computed_inputs(register: Register, now: dt.datetime) -> pd.DataFrame:
    """The computed inputs of the priority table, aligned with the frame; an age is never negative, empty if unknown."""
    received = register.frame[Field.RECEIVED_AT].dt.normalize()
    days = (pd.Timestamp(now).normalize() - received).dt.days.clip(lower=0)
    return pd.DataFrame({RECURRENT: has(register, Field.RELATED), AGE_DAYS: days.astype(float)})


def prioritise(register: Register, rulebook: RuleBook, memory: Memory, now: dt.datetime) -> Plan:
    """Priority (A) of graded rows; queue (A): 1, 2, 3 … per department by priority, arrival; QT354 beyond capacity."""
    if rulebook.priority is None:
        return Plan()
    frame = register.frame
    graded = has(register, Field.LEVEL) & ~has(register, Field.MASTER)
    evaluation = rulebook.priority.evaluate(pd.concat([frame, computed_inputs(register, now)], axis=1))
    outputs = np.array([_single(result.output) for result in evaluation.results] + [None], dtype=object)
    priority = pd.Series(outputs[evaluation.pattern], index=frame.index, dtype=object).where(graded, None)
    plan = propose(register, memory, Field.PRIORITY, priority, Phrase("because.priority"))
    waiting = live(register) & has(register, Field.DEPARTMENT) & priority.notna().to_numpy()
    waiting &= ~has(register, Field.IMPLEMENTED_AT) & ~frame.index.isin(list(register.examples))
    plan += propose(register, memory, Field.QUEUE, _queue(frame, priority, waiting), Phrase("because.queue"))
    return plan + Plan(tuple(_too_long(rulebook, frame.loc[waiting, Field.DEPARTMENT], priority[waiting], now)))


def _too_long(rulebook: RuleBook, department: pd.Series, priority: pd.Series, now: dt.datetime) -> Iterable[Finding]:
    """One finding per department whose queue is longer than those who are there can take, with what adds up to it.

    Somebody without a capacity can take any number, and nobody knows what a department without people can.
    """
    for name, queue in priority.groupby(department, sort=True):
        there = [
            person
            for role in (Role.MEMBER, Role.HEAD)
            for person in rulebook.with_role(role, str(name))
            if not person.is_away(now.date())
        ]
        people = list(dict.fromkeys(person for person in there if Role.MEMBER in person.roles)) or there
        if not people or any(person.capacity is None for person in people):
            continue
        capacity = sum(person.capacity or 0 for person in people)
        if len(queue) <= capacity:
            continue
        counts = queue.value_counts().sort_index()
        levels = tuple(Phrase.of("queue.levels", priority=key, count=int(count)) for key, count in counts.items())
        names = tuple(Phrase.of("queue.person", person=one.name, capacity=one.capacity) for one in people)
        facts = {"department": name, "load": len(queue), "capacity": capacity, "over": len(queue) - capacity}
        yield Finding("QT354", Severity.WARNING, facts=(*facts.items(), ("levels", levels), ("people", names)))


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
