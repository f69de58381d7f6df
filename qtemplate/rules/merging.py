"""Which feedback follows which: 主反馈 over any number of steps, in sheet order. Pure."""

from __future__ import annotations

from ..fields import Field
from .case import Case, cases
from .situation import Situation
from .standing import has, numbered, rows_by_id


def masters(situation: Situation) -> dict[int, str]:
    """Position in the frame of each merged row -> the id of the row above it that follows no other.

    A row in a circle, or behind a master that the register does not have, is not among them.
    """
    return {case.place: master for case, master in _led(situation)}


def followers(situation: Situation) -> dict[str, tuple[Case, ...]]:
    """The same the other way round: id of a master -> what is merged into it."""
    found: dict[str, list[Case]] = {}
    for case, master in _led(situation):
        found.setdefault(master, []).append(case)
    return {master: tuple(behind) for master, behind in found.items()}


def _led(situation: Situation) -> list[tuple[Case, str]]:
    merged = has(situation, Field.MASTER) & numbered(situation)
    if not merged.any():
        return []
    frame, known = situation.frame, rows_by_id(situation)
    above = dict(zip(frame.loc[merged, Field.ID], frame.loc[merged, Field.MASTER], strict=True))
    led = []
    for case in cases(situation, merged):
        seen, master = {case.id}, above[case.id]
        while master in above and master not in seen:
            seen.add(master)
            master = above[master]
        if master not in seen and master in known:
            led.append((case, str(master)))
    return led
