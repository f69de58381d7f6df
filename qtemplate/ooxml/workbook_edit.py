"""Changes of the workbook part: defined names follow a table, recalculation is asked for.

Source: ECMA-376 part 1 sections 18.2.5 (definedName), 18.2.2 (calcPr: fullCalcOnLoad), 18.2.27 (workbook, order of its
elements).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from qtemplate.ooxml.defined_names import rewrite_names
from qtemplate.ooxml.markup import attribute, blank_comments, set_attribute, splice, tags
from qtemplate.ooxml.references import column_number
from qtemplate.ooxml.sheet.table_growth import Resize

_BEFORE_CALCULATION: Final = (b"definedNames", b"externalReferences", b"functionGroups", b"sheets")
_NAMED_AREA: Final = re.compile(
    r"(?P<sheet>'(?:[^']|'')+'|[^\s'!,()+*/&=<>;:\[\]{}\"]+)!"
    r"(?P<head>\$?(?P<left>[A-Z]{1,3})\$?(?P<top>\d{1,7}):\$?(?P<right>[A-Z]{1,3})\$?)(?P<bottom>\d{1,7})(?!\d)"
)


def stretch_names(xml: bytes, resizes: Sequence[Resize]) -> bytes:
    """The workbook part with defined names that covered a table's columns to their end following that end.

    A name follows if it begins with the table's header or first data row (a print area or a filter: at or above them),
    lies in its columns (a print area: touches them) and ends with its last data row or its totals row.

    Args:
        xml: The workbook part.
        resizes: Tables whose end moved.
    """

    def stretched(name: str, text: str) -> str:
        for resize in resizes:
            text = _stretch_name(text, resize, wide=name.startswith("_xlnm."))
        return text

    return rewrite_names(xml, stretched)


def _stretch_name(text: str, resize: Resize, *, wide: bool) -> str:
    table = resize.table
    tops = (table.area.first_row, table.first_data_row)
    bottoms = (table.last_data_row, table.area.last_row)

    def moved(found: re.Match[str]) -> str:
        sheet = found["sheet"]
        if sheet.startswith("'"):
            sheet = sheet[1:-1].replace("''", "'")
        top, bottom = int(found["top"]), int(found["bottom"])
        left, right = column_number(found["left"]), column_number(found["right"])
        if sheet.casefold() != table.sheet.casefold() or bottom not in bottoms:
            return found[0]
        inside = table.area.first_column <= left and right <= table.area.last_column
        touches = left <= table.area.last_column and table.area.first_column <= right
        if (top in tops and inside) or (wide and top <= tops[1] and touches):
            return f"{found['sheet']}!{found['head']}{bottom + resize.moved_by}"
        return found[0]

    return _NAMED_AREA.sub(moved, text)


def ask_recalculation(xml: bytes) -> bytes:
    """The workbook part asking for a full calculation when it is opened; Excel takes the wish out when it saves."""
    place = None
    for tag in tags(blank_comments(xml)):
        if tag.name == b"calcPr" and not tag.closing:
            text = xml[tag.start : tag.end]
            if attribute(text, b"fullCalcOnLoad") in ("1", "true"):
                return xml
            return splice(xml, [(tag.start, tag.end, set_attribute(text, b"fullCalcOnLoad", "1"))])
        if tag.name == b"extLst":
            break  # extensions come last and have definedNames of their own
        if tag.name in _BEFORE_CALCULATION and (tag.closing or tag.empty):
            place = tag
    if place is None:
        return xml
    return splice(xml, [(place.end, place.end, b'<%scalcPr fullCalcOnLoad="1"/>' % place.prefix)])
