"""Since when a finding has stood: what is new must not drown in what has been said before. Data only.

A finding is the same one on another day when its code, its place and what was found there are the same.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping

from .findings import Finding

Since = Mapping[str, str]
"""Name of a finding -> the day on which it was seen first, ISO."""


def name_of(item: Finding) -> str:
    """What tells a finding from others, on every day the same; without a place its first fact does, such as a file."""
    place = item.id or str(item.where or "")
    if not place and item.facts:
        place = str(item.facts[0][1])
    parts = (item.code, place, item.field or "", item.found)
    return hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()[:16]


def since_when(findings: Iterable[Finding], before: Since, today: dt.date) -> dict[str, str]:
    """Since when each of them has stood; what is over is left out, and is new when it comes again."""
    names = dict.fromkeys(name_of(each) for item in findings for each in (item, *item.also))
    return {name: before.get(name, today.isoformat()) for name in names}
