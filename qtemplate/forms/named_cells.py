"""Cells that a workbook knows by a name: how a form's answers are found wherever people have moved them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec import Struct

from ..ooxml.references import Area

_PLACE = re.compile(r"(?:'(?P<quoted>(?:[^']|'')+)'|(?P<plain>[^'!]+))!(?P<area>[$A-Za-z0-9:]+)\Z")


class NamedArea(Struct, frozen=True):
    """The sheet of some cells, and where they stand on it; a merged cell is known by its first."""

    sheet: str
    area: Area


def named_areas(names: Iterable[tuple[str, str]]) -> dict[str, NamedArea]:
    """Name -> where its cells stand; without names whose cells are gone, or that stand for something else.

    Args:
        names: Each with what it stands for, such as `'转交单'!$B$5`.
    """
    found = {}
    for name, text in names:
        place = _PLACE.match(text.strip().lstrip("="))
        area = None if place is None else Area.parse(place["area"])
        if place is not None and area is not None:
            sheet = place["plain"] or place["quoted"].replace("''", "'")
            found[name] = NamedArea(sheet, area)
    return found
