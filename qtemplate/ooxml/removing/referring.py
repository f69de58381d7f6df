"""What of a workbook refers to columns and sheets that are to go: formulas, drop-downs, names, charts, pivot tables.

A reference counts where all of it would be gone. One that only spans what goes stays as it is: it meant its own before
that came, and means it again.

Source: ECMA-376 part 1 sections 18.17 (formulas), 18.10.1.95 (worksheetSource); [MS-XLSX] 2.6.78 (tableSlicerCache).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from typing import Final

from msgspec import Struct

from qtemplate.ooxml.markup import attribute, blank_comments, tags, unescape
from qtemplate.ooxml.removing.cut import Cut

_STRINGS: Final = re.compile(r'"(?:[^"]|"")*"')
_PLAIN: Final = r"[^\s'!,()+*/&=<>;:\[\]{}\"^$-]+"
_QUALIFIER: Final = rf"(?:(?P<sheet>'(?:[^']|'')+'|{_PLAIN}(?::{_PLAIN})?)!)"
_REFERENCE: Final = re.compile(
    rf"(?<![\w.$!'\]]){_QUALIFIER}?"
    r"(?P<area>\$?[A-Z]{1,3}\$?\d{1,7}(?::\$?[A-Z]{1,3}\$?\d{1,7})?|\$?[A-Z]{1,3}:\$?[A-Z]{1,3})(?![\w(.!\[])",
    re.I,
)
_SHEET: Final = re.compile(rf"(?<![\w.$!'\]]){_QUALIFIER}", re.I)
_FORMULA: Final = re.compile(rb"<(?:[^\s<>/!?:]+:)?(f|formula|formula1|formula2)(?=[\s>])[^<>]*>([^<]*)<")
_CELL: Final = re.compile(rb"<(?:[^\s<>/!?:]+:)?c\s[^<>]*\br=\"([A-Z]{1,3}\d{1,7})\"")
_OVERLAP: Final = 1 << 16  # a formula has at most 8,192 characters


class Going(Struct, frozen=True):
    """What goes.

    Args:
        cuts: Columns of sheets.
        sheets: Names of sheets.
        table: Name of the table that loses columns, "" where none does.
        headers: Of these columns.
        columns: Ids of its columns that go.
    """

    cuts: tuple[Cut, ...]
    sheets: tuple[str, ...]
    table: str = ""
    headers: tuple[str, ...] = ()
    columns: frozenset[int] = frozenset()

    @property
    def _names(self) -> frozenset[str]:
        return frozenset(name.casefold() for name in self.sheets)

    def is_gone(self, sheet: str) -> bool:
        """Whether the sheet of that name goes."""
        return sheet.casefold() in self._names

    def swallows(self, sheet: str, token: str) -> bool:
        """Whether an area of a sheet lies wholly in columns that go."""
        return any(cut.sheet.casefold() == sheet.casefold() and cut.swallows(token) for cut in self.cuts)

    def refers(self, formula: str, own: str = "") -> bool:
        """Whether a formula refers to what goes.

        Args:
            formula: Without `=`.
            own: The sheet it stands on, which its bare addresses are of.
        """
        text = _STRINGS.sub('""', formula)
        for found in _SHEET.finditer(text):
            if any(self.is_gone(name) for name in _sheet_names(found["sheet"])):
                return True
        for found in _REFERENCE.finditer(text):
            names = _sheet_names(found["sheet"]) if found["sheet"] else [own]
            if any(self.swallows(name, found["area"].replace("$", "")) for name in names if name):
                return True
        if self.table and f"{self.table}[".casefold() in text.casefold():
            return any(f"[{_escaped(header)}]" in text for header in self.headers)
        return False


def _sheet_names(text: str) -> list[str]:
    if text.startswith("'"):
        text = text[1:-1].replace("''", "'")
    return text.split(":")


def _escaped(header: str) -> str:
    """A header as a structured reference writes it."""
    return re.sub(r"([\[\]#'])", r"'\1", header)


def formulas_referring(pieces: Iterable[bytes], going: Going, sheet: str) -> Iterator[str]:
    """Where formulas of a sheet, its drop-downs and its conditional formats refer to what goes: an address, or "".

    Args:
        pieces: The sheet's part as it will be.
        going: What goes.
        sheet: Its name.
    """
    rest, cell = b"", ""
    for piece in pieces:
        data = rest + piece
        at = 0
        for found in _FORMULA.finditer(data):
            cells = _CELL.findall(data, at, found.start())
            cell, at = cells[-1].decode() if cells else cell, found.end() - 1
            if going.refers(unescape(found[2].decode("utf-8", "replace")), sheet):
                yield cell if found[1] == b"f" else ""
        cells = _CELL.findall(data, at)
        cell = cells[-1].decode() if cells else cell
        start = max(data.rfind(b"<"), at)
        rest = data[max(start, len(data) - _OVERLAP) :]


def sources_referring(data: bytes, going: Going) -> bool:
    """Whether a chart, a pivot table or a slicer is made from what goes.

    Args:
        data: A part that is no sheet.
        going: What goes.
    """
    if any(going.refers(unescape(found[2].decode("utf-8", "replace"))) for found in _FORMULA.finditer(data)):
        return True
    if b"worksheetSource" not in data and b"tableSlicerCache" not in data:
        return False
    headers = {header.casefold() for header in going.headers}
    source: tuple[str, str, str] | None = None
    for tag in tags(blank_comments(data)):
        text = data[tag.start : tag.end]
        if tag.name == b"worksheetSource":
            source = (attribute(text, b"sheet") or "", attribute(text, b"ref") or "", attribute(text, b"name") or "")
            if going.is_gone(source[0]) or going.swallows(source[0], source[1]):
                return True
        elif tag.name == b"cacheField" and source is not None:
            spans = any(cut.sheet.casefold() == source[0].casefold() for cut in going.cuts)
            spans |= bool(going.table) and source[2].casefold() == going.table.casefold()
            if spans and (attribute(text, b"name") or "").casefold() in headers:
                return True
        elif tag.name == b"tableSlicerCache":
            column = attribute(text, b"column") or ""
            if column.isdecimal() and int(column) in going.columns:
                return True
    return False


def names_of(places: Collection[str], most: int = 5) -> str:
    """Some places for a sentence."""
    listed = list(dict.fromkeys(places))
    return ", ".join(listed[:most]) + (" …" if len(listed) > most else "")
