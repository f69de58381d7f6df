"""What each department has to do: how much is open there, and how much of it is past a limit. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from msgspec import Struct

from ...choices import Level
from ...fields import Field
from ...figures.rows import Rows
from .attention import Attention


class Department(Struct, frozen=True):
    """A department at the moment that is looked from.

    Attributes:
        name: "" = no department yet.
        open: What is open there.
        late: What of it is past a limit, in the order of `needs_attention`.
        urgent: How many of the late ones are urgent.
    """

    name: str
    open: int
    late: tuple[str, ...]
    urgent: int


def by_department(rows: Rows, moment: np.datetime64, late: Sequence[Attention]) -> tuple[Department, ...]:
    """The departments with something open, those with the most past a limit first; what has none yet comes last.

    Args:
        rows: All of them.
        moment: What happened at it has happened.
        late: Rows that need somebody, late ones and others.
    """
    is_open = rows.open_before(moment + np.timedelta64(1, "s"))
    counts: dict[str, int] = {}
    for name in rows.department[is_open].tolist():
        counts[name or ""] = counts.get(name or "", 0) + 1
    behind: dict[str, list[Attention]] = {name: [] for name in counts}
    for each in late:
        if each.late:
            behind.setdefault(each.value(Field.DEPARTMENT) or "", []).append(each)
    found = [
        Department(
            name,
            counts.get(name, 0),
            tuple(each.case.id for each in own),
            sum(each.value(Field.LEVEL) == Level.URGENT for each in own),
        )
        for name, own in behind.items()
    ]
    return tuple(sorted(found, key=lambda each: (not each.name, -len(each.late), -each.open, each.name)))
