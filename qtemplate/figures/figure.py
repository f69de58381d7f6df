"""A number of the month, with what it rests on."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from .period import Mask


class Reason(StrEnum):
    """Why there is no number: the denominator is 0, and this is what it lacks."""

    NO_ROWS = "no_rows"  # nothing was received in the period
    NO_CLOCK = "no_clock"  # no row of the period has this clock: no limit, or it has not begun
    NOT_DUE = "not_due"  # none has stopped or is due yet
    TIME_UNKNOWN = "time_unknown"  # clocks have stopped, but nobody wrote down when
    NONE_CLOSED = "none_closed"  # nothing was closed, or was to be closed, in the period
    NEVER_ENDED = "never_ended"  # no row has been closed or reopened, so none could come back
    NOT_FIXED = "not_fixed"  # no row has model, cause and the date of its fix
    WINDOW_OPEN = "window_open"  # the time in which it could recur is not over for any fix
    NOT_ASKED = "not_asked"  # nobody was asked for satisfaction
    NO_ANSWER = "no_answer"  # nobody who was asked has answered
    LEVEL_UNKNOWN = "level_unknown"  # nobody noted which level the rows had then
    DUE_UNKNOWN = "due_unknown"  # a day by which a row was due moved, and nobody noted how it stood then
    NOT_HIT = "not_hit"  # the rule matched no row that was decided


class Figure(Struct, frozen=True):
    """A number and the rows behind it.

    Attributes:
        value: None where there is none (n/a); `reason` says why.
        numerator: None where there is none, as for a median.
        denominator: Of a rate or mean its rows; 1 for a plain count.
        ids: The rows it rests on, in the order of the register.
        counted: Of a rate, the rows in the numerator; else the same as `ids`.
        reason: None where there is a value.
    """

    value: float | None
    numerator: float | None
    denominator: float
    ids: tuple[str, ...] = ()
    counted: tuple[str, ...] = ()
    reason: Reason | None = None

    @property
    def n(self) -> int:
        """How many rows it rests on."""
        return len(self.ids)

    @property
    def others(self) -> tuple[str, ...]:
        """The rows that are in the denominator only: those that missed a limit, gave a low score, …"""
        counted = set(self.counted)
        return tuple(id for id in self.ids if id not in counted)

    @classmethod
    def missing(cls, reason: Reason) -> Figure:
        """n/a."""
        return cls(None, None, 0, reason=reason)

    @classmethod
    def count(cls, ids: npt.NDArray[np.object_], rows: Mask) -> Figure:
        """How many rows; 0 is a number, too."""
        picked = tuple(ids[rows].tolist())
        return cls(len(picked), len(picked), 1, picked, picked)

    @classmethod
    def rate(cls, ids: npt.NDArray[np.object_], rows: Mask, hits: Mask, reason: Reason) -> Figure:
        """The share of `rows` that are hits, too; `reason` where there are no rows."""
        picked, counted = tuple(ids[rows].tolist()), tuple(ids[rows & hits].tolist())
        if not picked:
            return cls.missing(reason)
        return cls(len(counted) / len(picked), len(counted), len(picked), picked, counted)

    @classmethod
    def mean(cls, ids: npt.NDArray[np.object_], rows: Mask, numbers: npt.NDArray[np.float64], reason: Reason) -> Figure:
        """The mean of the numbers of `rows`."""
        picked = tuple(ids[rows].tolist())
        if not picked:
            return cls.missing(reason)
        total = float(numbers[rows].sum())
        return cls(total / len(picked), total, len(picked), picked, picked)

    @classmethod
    def summary(
        cls,
        ids: npt.NDArray[np.object_],
        rows: Mask,
        numbers: npt.NDArray[np.float64],
        work_out: Callable[[npt.NDArray[np.float64]], float],
        reason: Reason,
    ) -> Figure:
        """What `work_out` makes of the numbers of `rows`: a median, a quantile."""
        picked = tuple(ids[rows].tolist())
        if not picked:
            return cls.missing(reason)
        return cls(float(work_out(numbers[rows])), None, len(picked), picked, picked)
