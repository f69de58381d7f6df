"""Which feedback follows which: 主反馈 over any number of steps, in sheet order. Pure."""

from __future__ import annotations

import numpy as np

from ..fields import Field
from .case import Case, case_at
from .situation import Situation
from .standing import has, numbered, rows_by_id, values


def masters(situation: Situation) -> dict[int, str]:
    """Position in the frame of each merged row -> the id of the row above it that follows no other.

    A row in a circle, or behind a master that the register does not have, is not among them.
    """
    return dict(_led(situation))


def followers(situation: Situation) -> dict[str, tuple[Case, ...]]:
    """The same the other way round: id of a master -> what is merged into it."""
    found: dict[str, list[Case]] = {}
    for place, master in _led(situation):
        found.setdefault(master, []).append(case_at(situation, place))
    return {master: tuple(behind) for master, behind in found.items()}


def _led(situation: Situation) -> list[tuple[int, str]]:
    def look() -> list[tuple[int, str]]:
        places, known = np.flatnonzero(has(situation, Field.MASTER) & numbered(situation)), rows_by_id(situation)
        ids = values(situation, Field.ID)[places].tolist()
        above = dict(zip(ids, values(situation, Field.MASTER)[places].tolist(), strict=True))
        led = []
        for place, id in zip(places.tolist(), ids, strict=True):
            seen, master = {id}, above[id]
            while master in above and master not in seen:
                seen.add(master)
                master = above[master]
            if master not in seen and master in known:
                led.append((place, str(master)))
        return led

    return situation.answers.once("led", (Field.ID, Field.MASTER), look)
