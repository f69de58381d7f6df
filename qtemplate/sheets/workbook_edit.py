"""Changes outside the sheets: defined names follow a table, recalculation is asked for, the calculation chain goes.

Source: ECMA-376 part 1 sections 18.2.5 (definedName), 18.2.2 (calcPr: fullCalcOnLoad), 18.2.27 (workbook, order of its
elements), 12.3.1 (calculation chain part, optional); part 2 section 6.2.3 (content types).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from qtemplate.sheets.markup import (
    attribute,
    blank_comments,
    escape,
    set_attribute,
    splice,
    tags,
    text_of,
    unescape,
)
from qtemplate.sheets.package import Package, part_key
from qtemplate.sheets.package_writer import PackageWriter
from qtemplate.sheets.parts import CONTENT_TYPES, Workbook, relationships_part, resolve_target
from qtemplate.sheets.references import column_number
from qtemplate.sheets.table_growth import Resize

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
    changes = []
    opened = None
    for tag in tags(mask := blank_comments(xml)):
        if tag.name != b"definedName":
            continue
        if not tag.closing:
            opened = None if tag.empty else tag
        elif opened is not None:
            name = attribute(xml[opened.start : opened.end], b"name") or ""
            old = text_of(xml[opened.end : tag.start])
            new = old
            for resize in resizes:
                new = _stretch_name(new, resize, wide=name.startswith("_xlnm."))
            if new != old:
                changes.append((opened.end, tag.start, escape(new)))
            opened = None
    assert len(mask) == len(xml)
    return splice(xml, changes)


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
        if tag.name in _BEFORE_CALCULATION and (tag.closing or tag.empty):
            place = tag
    if place is None:
        return xml
    return splice(xml, [(place.end, place.end, b'<%scalcPr fullCalcOnLoad="1"/>' % place.prefix)])


def drop_calculation_chain(package: Package, writer: PackageWriter, workbook: Workbook) -> None:
    """Leave out the calculation chain, which names a cell that holds no formula any more; Excel builds it anew.

    An entry for a cell without a formula makes Excel offer a repair; no chain at all is fine.

    Args:
        package: The workbook as it is.
        writer: Where the part, its relationship and its content type are taken out.
        workbook: The workbook part.
    """
    part = workbook.target("calcChain")
    if part is None or package.find(part) is None:
        return
    writer.drop(part)
    links = relationships_part(workbook.part)
    writer.put(links, [_without(package.read(links), b"Relationship", b"Target", part, workbook.part)])
    writer.put(CONTENT_TYPES, [_without(package.read(CONTENT_TYPES), b"Override", b"PartName", part, "")])


def _without(xml: bytes, element: bytes, key: bytes, part: str, base: str) -> bytes:
    """The part without the elements whose attribute leads to `part`."""
    changes = []
    opened: int | None = None
    for tag in tags(blank_comments(xml)):
        if tag.name != element:
            continue
        if tag.closing:
            if opened is not None:
                changes.append((opened, tag.end, b""))
                opened = None
            continue
        target = unescape(attribute(xml[tag.start : tag.end], key) or "")
        if part_key(resolve_target(base, target)) != part_key(part):
            continue
        if tag.empty:
            changes.append((tag.start, tag.end, b""))
        else:
            opened = tag.start
    return splice(xml, changes)
