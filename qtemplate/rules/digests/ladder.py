"""Which rungs of 升级阶梯 a clock has reached. Pure."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ...choices import Clock
from ..clocks.times import ClockTimes
from ..rulebook import Limit, Rung
from ..situation import Situation
from ..standing import Mask, level_in
from ..workdays import DAY


def rungs_reached(
    situation: Situation, clock: Clock, times: ClockTimes, day: npt.NDArray[np.float64]
) -> list[tuple[Rung, Mask]]:
    """The rungs of a clock and the rows that have reached them, the highest first; of one row in its own order."""
    found: list[tuple[Rung, Mask]] = []
    for rung in situation.rulebook.ladder:
        if not rung.is_of(clock):
            continue
        if rung.share_left is not None:
            mask = (times.left >= 0) & (times.share <= rung.share_left)
        else:
            mask = (times.left < 0) & (-times.left >= seconds_after(rung.after, day))
        if rung.level is not None:
            mask &= level_in(situation, rung.level)
        found.append((rung, mask))
    return sorted(found, key=lambda each: -each[0].number)


def seconds_after(limit: Limit | None, day: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """What a rung waits after the due time, per row, in the seconds of its clock; `day` is a standard day of it."""
    if limit is None:
        return np.zeros(len(day))
    return limit.number * {"h": np.full(len(day), 3600.0), "wd": day, "d": np.full(len(day), DAY)}[limit.unit]


def rung_mark(rung: Rung) -> str:
    """What a rung is, such as `head+1wd`: a row put into the ladder must not send again what went by the others."""
    if rung.share_left is not None:
        return f"{rung.to}-{rung.share_left:g}"
    return f"{rung.to}+{'0' if rung.after is None else f'{rung.after.number:g}{rung.after.unit}'}"
