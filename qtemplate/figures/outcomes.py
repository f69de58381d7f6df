"""Did it help: reopenings, recurrences, satisfaction."""

from __future__ import annotations

import datetime as dt

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from .figure import Figure, Reason
from .period import Mask, Period, Times
from .rows import Rows, known

RECURS_WITHIN = np.timedelta64(90, "D")
CONTENT_FROM = 4
FEW_ANSWERS = 10

Kinds = npt.NDArray[np.int64]


def reopen_rate(rows: Rows, period: Period, now: dt.datetime) -> Figure:
    """Reopened ÷ (closed, or reopened), of the rows received in the period; a row counts once, however often."""
    among = rows.received(period, now)
    if not among.any():
        return Figure.missing(Reason.NO_ROWS)
    back = rows.reopened > 0
    closed = rows.closed_at <= np.datetime64(now, "s")
    return Figure.rate(rows.ids, among & (closed | back), back, Reason.NEVER_ENDED)


def recurrence_rate(rows: Rows, period: Period, now: dt.datetime) -> Figure:
    """Fixes after which the same came back ÷ fixes, of the rows received in the period.

    It came back if another row, of the same model and with the same cause, was received after the fix and within 90
    days of it. A fix that is younger than that is left out, whether or not it came back already: else the young ones
    that failed would count and the young ones that hold would not.
    """
    among = rows.received(period, now)
    if not among.any():
        return Figure.missing(Reason.NO_ROWS)
    moment = np.datetime64(now, "s")
    fixed = among & (rows.fixed_at <= moment) & known(rows.model) & known(rows.cause)
    if not fixed.any():
        return Figure.missing(Reason.NOT_FIXED)
    complete = fixed & (rows.fixed_at + RECURS_WITHIN <= moment)
    return Figure.rate(rows.ids, complete, came_back(rows, complete), Reason.WINDOW_OPEN)


def came_back(rows: Rows, fixed: Mask) -> Mask:
    """Of the fixed rows, those whose kind was received in another row within the window."""
    found = np.zeros(len(fixed), bool)
    if not fixed.any():
        return found
    fix, own = rows.fixed_at[fixed], rows.received_at[fixed]
    until = fix + RECURS_WITHIN
    near = ~rows.merged & (rows.received_at > fix.min()) & (rows.received_at <= until.max())
    numbers: dict[tuple[object, object, object], int] = {}
    kinds = _number_kinds(rows, fixed, numbers)
    received = np.sort(_place(_number_kinds(rows, near, numbers), rows.received_at[near]))
    before, within = (np.searchsorted(received, _place(kinds, end), side="right") for end in (fix, until))
    itself = (own > fix) & (own <= until)  # a fix that is older than its own row
    found[fixed] = within - before - itself > 0
    return found


def _number_kinds(rows: Rows, mask: Mask, numbers: dict[tuple[object, object, object], int]) -> Kinds:
    """A number for each product, model and cause of some rows, the same for the same; `numbers` grows."""
    columns = (column[mask].tolist() for column in (rows.product, rows.model, rows.cause))
    return np.array([numbers.setdefault(kind, len(numbers)) for kind in zip(*columns, strict=True)], np.int64)


def _place(kinds: Kinds, moments: Times) -> Kinds:
    """Kind and moment as one number that sorts by both; seconds since 1970 stay far below the factor."""
    return kinds * (1 << 40) + moments.astype(np.int64)


class Satisfaction(Struct, frozen=True):
    """What reporters said; read together, for a mean of three answers out of fifty says little.

    Attributes:
        mean: Of the answers, 1..5.
        content: Share of answers of 4 or 5.
        returned: Answered ÷ asked.
        few: Fewer than ten answers.
    """

    mean: Figure
    content: Figure
    returned: Figure
    few: bool


def satisfaction(rows: Rows, period: Period, now: dt.datetime) -> Satisfaction:
    """Satisfaction of the reporters whose feedback was received in the period; who answered was asked, mail or not."""
    among = rows.received(period, now)
    answered = among & ~np.isnan(rows.satisfaction)
    asked = among & (answered | (rows.asked_at <= np.datetime64(now, "s")))
    if len(rows.undated) and (among & rows.undated).any():
        nobody_knows = Figure.missing(Reason.TIME_UNKNOWN)
        return Satisfaction(nobody_knows, nobody_knows, nobody_knows, few=True)
    none_asked = Reason.NOT_ASKED if among.any() else Reason.NO_ROWS
    none_answered = Reason.NO_ANSWER if asked.any() else none_asked
    return Satisfaction(
        mean=Figure.mean(rows.ids, answered, rows.satisfaction, none_answered),
        content=Figure.rate(rows.ids, answered, rows.satisfaction >= CONTENT_FROM, none_answered),
        returned=Figure.rate(rows.ids, asked, answered, none_asked),
        few=bool(answered.sum() < FEW_ANSWERS),
    )
