"""Rows that an earlier version wrote without saying how high they are: the texts in them, to be measured.

LibreOffice and WPS draw the lines of such a row over each other. What the program writes as a whole is renewed by the
next run and not looked at here; nor is a sheet without a table, whose cells may be merged.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..blocks import BlockFinder
from ..layout import BY_KEY, Writer
from .survey import Survey


def texts_of_rows(ours: Survey) -> Mapping[str, Mapping[int, Mapping[int, str]]]:
    """The texts in the rows of every list and log, by sheet, row and column."""
    finder = BlockFinder(ours.book)
    found: dict[str, dict[int, Mapping[int, str]]] = {}
    for (key, _), block in ours.blocks.items():
        if block.table and BY_KEY[key].writer is not Writer.PROGRAM:
            for row in range(block.header_row + 1, len(finder.grid(block.sheet)) + 1):
                found.setdefault(block.sheet, {})[row] = finder.texts(block.sheet, row)
    return found
