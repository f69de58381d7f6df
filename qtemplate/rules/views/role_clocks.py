"""Of each row the worst of a role's own clocks: a view is ordered by it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from ...choices import Clock, ClockState
from ..clocks.times import ClockTable
from ..standing import Mask
from ..workdays import Times

WORST_FIRST = (ClockState.OVERDUE, ClockState.DUE_SOON, ClockState.ON_TIME)
NONE = len(WORST_FIRST)

_LATEST = np.datetime64("9999-12-31", "s")


class RoleClocks(Struct, frozen=True):
    """The worst running clock of a role per row; of equals the one that is due first.

    Attributes:
        clocks: The role's.
        rank: Position in `WORST_FIRST`; `NONE` where no clock of the role runs.
        which: Position in `clocks`.
        due: When it is due; far away where none runs.
    """

    clocks: tuple[Clock, ...]
    rank: npt.NDArray[np.int8]
    which: npt.NDArray[np.int8]
    due: Times

    def at(self, place: int) -> tuple[Clock, ClockState] | None:
        """The clock of a row and its state; None where none runs."""
        rank = int(self.rank[place])
        return None if rank == NONE else (self.clocks[int(self.which[place])], WORST_FIRST[rank])

    def in_order(self, rows: Mask, ids: npt.NDArray[Any]) -> npt.NDArray[np.intp]:
        """The positions of these rows: overdue first, then due soon, each by its due time, then by id."""
        places = np.flatnonzero(rows)
        by_id = np.unique(ids[places].astype(str), return_inverse=True)[1]
        return places[np.lexsort((by_id, self.due[places], self.rank[places]))]


def role_clocks(table: ClockTable | None, clocks: Sequence[Clock], rows: int) -> RoleClocks:
    """The worst of these clocks for each of so many rows; none where there is no table of clocks."""
    rank, which = np.full(rows, NONE, dtype=np.int8), np.zeros(rows, dtype=np.int8)
    due = np.full(rows, _LATEST)
    for at, clock in enumerate(clocks if table is not None else ()):
        assert table is not None
        times = table[clock]
        mine = np.full(rows, NONE, dtype=np.int8)
        for place, state in enumerate(WORST_FIRST):
            mine[times.stands(state)] = place
        better = (mine < rank) | ((mine == rank) & (mine < NONE) & (times.due < due))
        rank[better], which[better], due[better] = mine[better], at, times.due[better]
    return RoleClocks(tuple(clocks), rank, which, due)


def pressing(table: ClockTable | None, clock: Clock, rows: int) -> Mask:
    """Where a clock is due soon or overdue."""
    if table is None:
        return np.zeros(rows, dtype=bool)
    return table[clock].stands(ClockState.OVERDUE) | table[clock].stands(ClockState.DUE_SOON)
