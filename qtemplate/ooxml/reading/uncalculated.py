"""Formulas that have no value yet: a program wrote them, and Excel has not saved the workbook since.

Readers show them as empty cells, and in a rule an empty cell holds for everything.
Source: ECMA-376 part 1, 18.3.1.40 (f), 18.3.1.96 (v), 18.18.11 (cell types).
"""

from __future__ import annotations

import re

from qtemplate.ooxml.markup import unescape
from qtemplate.ooxml.reading.scan import VALUE, Pieces, numbered_rows
from qtemplate.ooxml.references import column_number

FORMULA = re.compile(rb"<(?:\w+:)?f(?:\s[^>]*?)?(?:/>|>([^<]*)<)")
PLACE = re.compile(rb"""\sr\s*=\s*["']([A-Z]{1,3})[0-9]{1,7}["']""")
IS_TEXT = re.compile(rb"""\st\s*=\s*["']str["']""")


class Uncalculated(str):
    """A formula without a value, with its `=`."""

    __slots__ = ()


def uncalculated(pieces: Pieces) -> list[tuple[int, int, Uncalculated]]:
    """The formulas of a sheet that have no value.

    Args:
        pieces: The sheet's part, as `Scan` holds it.

    Returns:
        (row, column, formula) in sheet order, 1-based. Cells that do not say where they stand are left out.
    """
    found: list[tuple[int, int, Uncalculated]] = []
    for start, rows in numbered_rows(pieces()):
        for number, _, row in rows:
            for formula in FORMULA.finditer(row):
                at = row.rfind(start, 0, formula.start())
                tag = row[at : row.find(b">", at)]
                following = row.find(start, formula.end())
                value = VALUE.search(row, formula.end() - 1, following if following >= 0 else len(row))
                place = PLACE.search(tag)
                # an empty text is a value that a formula may have
                if place and not (value and value[1]) and not IS_TEXT.search(tag):
                    text = unescape((formula[1] or b"").decode("utf-8", "replace"))
                    found.append((number, column_number(place[1].decode()), Uncalculated(f"={text}")))
    return found
