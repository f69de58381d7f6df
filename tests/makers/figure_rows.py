"""Small registers as columns, written down row by row, for the tests of figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import numpy as np

from qtemplate.choices import Clock
from qtemplate.figures.dues import DueHistory
from qtemplate.figures.figure import Figure
from qtemplate.figures.levels import CODES, LevelHistory
from qtemplate.figures.period import Period
from qtemplate.figures.rows import ClockColumns, EarlierCycles, Rows, RuleColumns

OCTOBER = Period.of_month(2026, 10)
NOW = dt.datetime(2026, 11, 2, 9)
"""The Monday on which October is looked at."""

Case = dict[str, Any]


def case(id: str, received: str = "10-05T09:00", **more: Any) -> Case:
    """A row; moments are texts without their year, `cycles` pairs of (closed, reopened)."""
    return {"id": id, "received": received, **more}


def clock(due: str | None, stop: str | None = None, begun: str | None = "10-05T09:00", running: bool = True) -> Case:
    """One clock of a row; it runs until it has stopped."""
    return {"start": begun, "due": due, "stop": stop, "running": running and stop is None}


def moment(text: str | None) -> np.datetime64:
    """`10-05T09:00` of 2026."""
    return np.datetime64("NaT" if text is None else f"2026-{text}", "s")


def make_rows(*cases: Case, rules: Sequence[str] = (), noted: str | None = None) -> Rows:
    """The columns of these rows; `matched`, `suggested` and `chosen` of a row belong to the table T.

    `due_before` of a row are pairs of the moment since when its final reply was due, and that day, the present one
    among them. A cycle may say when it was finally replied to, third.

    `noted`: since when levels are; `graded` of a row is when it got its first one, `levels` are pairs of the moment up
    to which it had another, and that other one.
    """

    def texts(key: str) -> np.ndarray[Any, Any]:
        return np.array([each.get(key) for each in cases], object)

    def times(key: str) -> np.ndarray[Any, Any]:
        return np.array([moment(each.get(key)) for each in cases], "M8[s]")

    def numbers(key: str) -> np.ndarray[Any, Any]:
        return np.array([each.get(key, np.nan) for each in cases], np.float64)

    clocks = {}
    for name in (each for each in Clock if any(each.value in row for row in cases)):
        own = [row.get(name.value, clock(None, begun=None, running=False)) for row in cases]
        start, due, stop = (np.array([moment(each[key]) for each in own], "M8[s]") for key in ("start", "due", "stop"))
        clocks[name] = ClockColumns(start, due, stop, np.array([each["running"] for each in own], bool))
    cycles = [(at, *pair, None)[:4] for at, each in enumerate(cases) for pair in each.get("cycles", ())]
    past = [(at, *pair) for at, each in enumerate(cases) for pair in each.get("levels", ())]
    dues = [(at, *pair) for at, each in enumerate(cases) for pair in each.get("due_before", ())]
    history = LevelHistory(
        moment(noted),
        times("graded"),
        np.array([at for at, _, _ in past], np.intp),
        np.array([moment(until) for _, until, _ in past], "M8[s]"),
        np.array([CODES[level] for _, _, level in past], np.int8),
    )
    return Rows(
        ids=texts("id"),
        received_at=times("received"),
        closed_at=times("closed"),
        merged=np.array([each.get("merged", False) for each in cases], bool),
        level=texts("level"),
        product=texts("product"),
        model=texts("model"),
        batch=texts("batch"),
        category=texts("category"),
        fault=texts("fault"),
        cause=texts("cause"),
        department=texts("department"),
        close_by=times("close_by"),
        cycle_days=numbers("cycle_days"),
        age_days=numbers("age_days"),
        fixed_at=times("fixed"),
        asked_at=times("asked"),
        satisfaction=numbers("satisfaction"),
        reopened=np.array([each.get("reopened", len(each.get("cycles", ()))) for each in cases], np.int64),
        clocks=clocks,
        rules={"T": RuleColumns(tuple(rules), texts("matched"), texts("suggested"), texts("chosen"))},
        cycles=EarlierCycles(
            np.array([at for at, *_ in cycles], np.intp),
            *(np.array([moment(each[part]) for each in cycles], "M8[s]") for part in (1, 2, 3)),
        ),
        dues=DueHistory(
            np.array([at for at, _, _ in dues], np.intp),
            *(np.array([moment(each[part]) for each in dues], "M8[s]") for part in (1, 2)),
        ),
        levels=history,
    )


def rate(counted: str, others: str) -> Figure:
    """What a rate is, from the ids in its numerator and the others, each one letter; in the order of the alphabet."""
    ids, hits = tuple(sorted(counted + others)), tuple(counted)
    return Figure(len(hits) / len(ids), len(hits), len(ids), ids, hits)


def count(ids: str) -> Figure:
    """What a count is, from ids of one letter."""
    return Figure(len(ids), len(ids), 1, tuple(ids), tuple(ids))
