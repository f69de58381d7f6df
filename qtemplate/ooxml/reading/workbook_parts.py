"""The small parts of a workbook that reading needs: where each sheet lives, its tables, its number formats.

Knows the package's XML; knows nothing of registers. Prefixes, strict namespaces and byte order marks make no
difference: elements are compared by local name, relationship types by their last step.
Source: ECMA-376 part 1, 18.2 (workbook), 18.5.1 (tables), 18.8.30/31 (number formats), part 2 (relationships).
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from lxml import etree

from ...errors import RegisterUnreadable

ReadPart = Callable[[str], bytes]


@dataclass(frozen=True, slots=True)
class TableRef:
    """An Excel table: its name, and the 1-based rows and columns it covers, headers and totals included."""

    name: str
    first_row: int
    last_row: int
    first_column: int
    last_column: int
    totals: bool


@dataclass(frozen=True, slots=True)
class WorkbookParts:
    """Where things are in the package.

    Attributes:
        sheets: Sheet name -> path of its part.
        date1904: Whether serial 0 is 1904-01-01.
        read: Reads a part; empty when it is absent.
    """

    sheets: Mapping[str, str]
    date1904: bool
    shared_strings: str
    styles: str
    read: ReadPart

    def tables(self, sheet: str) -> list[TableRef]:
        """The Excel tables of a sheet; tables that are damaged are left out."""
        path = self.sheets.get(sheet, "")
        found = []
        for kind, target in related(self.read, path).values():
            if kind == "table":
                root = parse(self.read(target))
                area = corners(root.get("ref", "")) if root is not None else None
                if root is not None and area is not None:
                    totals = root.get("totalsRowCount", "0") not in ("", "0")
                    found.append(TableRef(root.get("displayName") or root.get("name") or "", *area, totals))
        return found

    def number_formats(self) -> list[int | str]:
        """Per cell style (the `s` of a cell): the format code, or the number of a built-in format."""
        root = parse(self.read(self.styles))
        if root is None:
            return []
        codes = {element.get("numFmtId", ""): element.get("formatCode", "") for element in descendants(root, "numFmt")}
        formats: list[int | str] = []
        for group in descendants(root, "cellXfs"):
            for xf in descendants(group, "xf"):
                number = xf.get("numFmtId", "0")
                formats.append(codes[number] if number in codes else int(number) if number.isdecimal() else 0)
        return formats


def read_parts(read: ReadPart, book: str) -> WorkbookParts:
    """Find the workbook part and what it leads to.

    Args:
        read: Reads a part by path.
        book: Name of the file, for the error.

    Raises:
        RegisterUnreadable: No workbook part (another kind of zip), or a binary workbook.
    """
    main = next((target for kind, target in related(read, "").values() if kind == "officeDocument"), "")
    if main.lower().endswith(".bin") or read("xl/workbook.bin"):
        raise RegisterUnreadable(f"{book} is a binary workbook (.xlsb); save it as .xlsx.")
    root = parse(read(main))
    if root is None or local(root) != "workbook":
        raise RegisterUnreadable(
            f"{book} is a zip archive without a workbook inside; choose the register's .xlsx file, "
            "or restore it from a backup."
        )
    links = related(read, main)
    sheets = {}
    for sheet in descendants(root, "sheet"):
        link = next((str(value) for key, value in sheet.attrib.items() if str(key).endswith("}id")), "")
        kind, target = links.get(link, ("", ""))
        if kind == "worksheet":
            sheets[sheet.get("name", "")] = target
    flag = next((pr.get("date1904", "0") for pr in descendants(root, "workbookPr")), "0")
    by_kind = dict(links.values())
    return WorkbookParts(
        sheets, flag in ("1", "true"), by_kind.get("sharedStrings", ""), by_kind.get("styles", ""), read
    )


def related(read: ReadPart, path: str) -> dict[str, tuple[str, str]]:
    """Relationships of a part ("" = the package): id -> (last step of the type, path of the target)."""
    folder, name = posixpath.split(path)
    root = parse(read(posixpath.join(folder, "_rels", f"{name}.rels")))
    if root is None:
        return {}
    found = {}
    for link in descendants(root, "Relationship"):
        if link.get("TargetMode") != "External":
            path = unquote(link.get("Target", "")).replace("\\", "/")
            target = posixpath.normpath(posixpath.join("/", folder, path)).lstrip("/")
            found[link.get("Id", "")] = (link.get("Type", "").rsplit("/", 1)[-1], target)
    return found


def parse(data: bytes) -> Any:
    """The root of a small XML part, or None if it is absent or damaged; entities are never expanded."""
    if not data:
        return None
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def local(element: Any) -> str:
    """Name of an element without namespace; empty for comments and processing instructions."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def descendants(root: Any, name: str) -> Iterator[Any]:
    """Elements of that local name below `root`, in document order."""
    return (element for element in root.iter() if local(element) == name)


def corners(area: str) -> tuple[int, int, int, int] | None:
    """`A3:F20` -> (3, 20, 1, 6): first row, last row, first column, last column; None if it is no area."""
    first, _, last = area.replace("$", "").partition(":")
    start, end = split_reference(first), split_reference(last or first)
    if start is None or end is None:
        return None
    return start[0], end[0], start[1], end[1]


def split_reference(reference: str) -> tuple[int, int] | None:
    """`F12` -> (12, 6): row and column; None if it is no cell address."""
    letters = reference.rstrip("0123456789")
    digits = reference[len(letters) :]
    if not (1 <= len(letters) <= 3 and letters.isascii() and letters.isalpha() and 1 <= len(digits) <= 7):
        return None
    return int(digits), column_number(letters.upper())


def column_number(letters: str) -> int:
    """`A` -> 1, `AA` -> 27."""
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return column
