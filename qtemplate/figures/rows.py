"""What figures are worked out from: the rows of a register as plain columns.

Whoever makes them knows the register and the clocks; here nothing of either is known. Arrays are aligned, one element a
row. A missing text is None, a missing moment NaT, a missing number NaN. Examples and rows without an id are left out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
from msgspec import Struct, field
from msgspec.structs import asdict, replace

from ..choices import Clock
from .dues import DueHistory
from .levels import NEVER, LevelHistory
from .period import Mask, Period, Times

Texts = npt.NDArray[np.object_]
Numbers = npt.NDArray[np.float64]


class ClockColumns(Struct, frozen=True, eq=False):
    """One clock as it was computed.

    Attributes:
        start: NaT where the clock has not begun or the row has no limit.
        due: Pauses taken out.
        stop: NaT where it runs, or stopped at a moment that nobody wrote down.
        running: Begun and not stopped.
        unknown: Rows of which nobody knows how this clock stood at the moment looked from; None = there are none.
    """

    start: Times
    due: Times
    stop: Times
    running: Mask
    unknown: Mask | None = None


class RuleColumns(Struct, frozen=True, eq=False):
    """What one decision table said of each row, and what was decided.

    Attributes:
        rules: The identifiers of all its rules, in their order.
        matched: The rule that matched; None where none did.
        suggested: What it said.
        chosen: What holds now; None where nothing does yet.
    """

    rules: tuple[str, ...]
    matched: Texts
    suggested: Texts
    chosen: Texts


class EarlierCycles(Struct, frozen=True, eq=False):
    """Cycles that a reopening ended, any number a row, in any order.

    Attributes:
        row: Position of the row.
        closed_at: When that cycle was closed; NaT where it was reopened before anybody closed it.
        reopened_at: When it ended.
        replied_at: When its final reply went out; NaT where nobody noted one.
    """

    row: npt.NDArray[np.intp]
    closed_at: Times
    reopened_at: Times
    replied_at: Times


class Rows(Struct, frozen=True, eq=False):
    """The rows. Of a reopened row, moments and answers are those of its present cycle.

    Attributes:
        ids: Feedback ids.
        received_at, closed_at: Closed: NaT while open.
        merged: Rows that follow a master; no figure counts them.
        level, product, model, batch, category, fault, cause, department: Codes or names; a batch or cause that somebody
            wrote down as unknown is None.
        close_by: By when a row is to be closed.
        cycle_days: Working days from receipt to closing without pauses, where closed.
        age_days: Working days from receipt to the end of the month looked at, or to now where it is not over.
        fixed_at: When the solution was in place; a date alone as the end of its day.
        asked_at: When the reporter was asked for confirmation and satisfaction.
        satisfaction: 1..5.
        reopened: How often.
        clocks: By clock.
        rules: By decision table.
        cycles: What reopenings ended.
        levels: Which levels rows had before.
        dues: When their final reply was due before.
        cells_of: The moment whose cells these are, where that is later than the moment looked from; else NaT.
        undated: Rows that answered, nobody knows whether by the moment looked from; empty = there are none.
    """

    ids: Texts
    received_at: Times
    closed_at: Times
    merged: Mask
    level: Texts
    product: Texts
    model: Texts
    batch: Texts
    category: Texts
    fault: Texts
    cause: Texts
    department: Texts
    close_by: Times
    cycle_days: Numbers
    age_days: Numbers
    fixed_at: Times
    asked_at: Times
    satisfaction: Numbers
    reopened: npt.NDArray[np.int64]
    clocks: Mapping[Clock, ClockColumns] = field(default_factory=dict)
    rules: Mapping[str, RuleColumns] = field(default_factory=dict)
    cycles: EarlierCycles = field(
        default_factory=lambda: EarlierCycles(np.zeros(0, np.intp), *(np.zeros(0, "M8[s]") for _ in range(3)))
    )
    levels: LevelHistory = field(default_factory=LevelHistory)
    dues: DueHistory = field(default_factory=DueHistory)
    cells_of: np.datetime64 = NEVER
    undated: Mask = field(default_factory=lambda: np.zeros(0, bool))

    def where(self, mask: Mask) -> Rows:
        """Only some rows: one product, one department."""
        clocks = {clock: _picked(columns, mask) for clock, columns in self.clocks.items()}
        rules = {table: _picked(columns, mask) for table, columns in self.rules.items()}
        kept = replace(_picked(self, mask), clocks=clocks, rules=rules, cycles=self._cycles_where(mask))
        return replace(kept, levels=self.levels.where(mask), dues=self.dues.where(mask))

    def _cycles_where(self, mask: Mask) -> EarlierCycles:
        cycles = self.cycles
        own = mask[cycles.row]
        times = (each[own] for each in (cycles.closed_at, cycles.reopened_at, cycles.replied_at))
        return EarlierCycles((np.cumsum(mask) - 1)[cycles.row[own]], *times)

    def received(self, period: Period, now: dt.datetime) -> Mask:
        """The rows that a figure of a period is about: received in it, not after `now`, and not merged."""
        return ~self.merged & period.holds(self.received_at, now)

    def open_before(self, moment: np.datetime64) -> Mask:
        """The rows that were open just before a moment: what was reopened later was closed, what was closed later was
        open; merged ones never count."""
        is_open: Mask = ~self.merged & (self.received_at < moment) & ~(self.closed_at < moment)
        cycles = self.cycles
        shut = cycles.row[(cycles.closed_at < moment) & ~(cycles.reopened_at < moment)]
        is_open[shut] = False
        return is_open


def known(texts: Texts) -> Mask:
    """True where there is a text."""
    return np.array([text is not None for text in texts.tolist()], bool)


Columns = TypeVar("Columns", Rows, ClockColumns, RuleColumns)


def _picked(columns: Columns, mask: Mask) -> Columns:
    arrays = asdict(columns).items()
    picked: dict[str, Any] = {
        name: array[mask] for name, array in arrays if isinstance(array, np.ndarray) and len(array)
    }
    return replace(columns, **picked)
