"""Sheets and their names put into the workbook part, after all that are there.

Source: ECMA-376 part 1 sections 18.2.19 (sheet: `sheetId` unique, `name` unique), 18.2.5 (definedName: `localSheetId`
counts sheets from 0), 18.2.27 (workbook, order of its elements).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import Struct

from qtemplate.errors import WorkbookRefused
from qtemplate.ooxml.markup import Tag, attribute, blank_comments, escape, splice, tags

_LINK: Final = re.compile(rb"\s([^\s<>/!?:=\"']+):id\s*=")
_BEFORE_NAMES: Final = (b"sheets", b"functionGroups", b"externalReferences")


class ListedSheet(Struct, frozen=True):
    """A sheet to be listed: its name, the id of its relationship, and defined names of its own (name -> formula)."""

    name: str
    link: str
    names: Mapping[str, str]


def list_sheets(xml: bytes, new: Sequence[ListedSheet]) -> bytes:
    """The workbook part with more sheets at the end of its list.

    Args:
        xml: The workbook part.
        new: In the order of their tabs.

    Raises:
        WorkbookRefused: `broken_xml`, the list of sheets cannot be read.
    """
    if not new:
        return xml
    mask = blank_comments(xml)
    count, highest = 0, 0
    link: bytes | None = None
    space: str | None = None
    end: Tag | None = None
    place: int | None = None
    names_end: Tag | None = None
    for tag in tags(mask):
        text = xml[tag.start : tag.end]
        if tag.name == b"extLst":
            break  # extensions come last and may have names of their own
        if tag.name == b"sheet" and not tag.closing:
            count += 1
            number = attribute(text, b"sheetId") or ""
            highest = max(highest, int(number) if number.isdecimal() else 0)
            found = _LINK.search(text)
            if found is not None:
                link = found[1]
                space = attribute(text, b"xmlns:" + link)  # openpyxl declares the prefix at every sheet anew
        elif tag.name == b"sheets" and tag.closing:
            end = tag
        elif tag.name == b"definedNames" and (tag.closing or tag.empty):
            names_end = tag
        if tag.name in _BEFORE_NAMES and (tag.closing or tag.empty):
            place = tag.end
    if end is None or link is None or place is None:
        raise WorkbookRefused("broken_xml.sheets", "The workbook's list of sheets cannot be read.")
    p = end.prefix
    declared = b"" if space is None else b' xmlns:%s="%s"' % (link, escape(space))
    listed = b"".join(
        b'<%ssheet%s name="%s" sheetId="%d" %s:id="%s"/>'
        % (p, declared, escape(sheet.name).replace(b'"', b"&quot;"), number, link, sheet.link.encode())
        for number, sheet in enumerate(new, highest + 1)
    )
    changes = [(end.start, end.start, listed)]
    made = b"".join(
        b'<%sdefinedName name="%s" localSheetId="%d">%s</%sdefinedName>'
        % (p, escape(name).replace(b'"', b"&quot;"), number, escape(formula), p)
        for number, sheet in enumerate(new, count)
        for name, formula in sheet.names.items()
    )
    if made and names_end is not None and names_end.closing:
        changes.append((names_end.start, names_end.start, made))
    elif made:
        block = b"<%sdefinedNames>%s</%sdefinedNames>" % (p, made, p)
        old = (place, place) if names_end is None else (names_end.start, names_end.end)
        changes.append((*old, block))
    return splice(xml, changes)
