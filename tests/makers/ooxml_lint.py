"""A structural lint of workbooks: what makes Excel offer a repair, checked without Excel.

Written apart from the package it checks, on `zipfile` and whole trees; slow and plain on purpose.
`lint(path)` gives sentences; none means nothing was found. Compare before and after: input may have flaws of its own.

Source: ECMA-376 part 1 chapters 18 and 12, part 2 chapter 6.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree

Area = tuple[int, int, int, int]


def lint(path: Path | str) -> list[str]:
    """Everything found wrong with a workbook, as sentences that begin with the part's name."""
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        found = [f"{name}: twice in the archive" for name in sorted({n for n in names if names.count(n) > 1})]
        damaged = archive.testzip()
        if damaged is not None:
            return [*found, f"{damaged}: wrong checksum"]
        parts = {name: archive.read(name) for name in names if not name.endswith("/")}
    book = _Book(parts)
    return found + list(book.problems())


@dataclass
class _Sheet:
    name: str
    part: str
    cells: dict[tuple[int, int], etree._Element] = field(default_factory=dict)


class _Book:
    def __init__(self, parts: dict[str, bytes]) -> None:
        self.parts = parts
        self.trees: dict[str, etree._Element] = {}
        self.lower = {name.lower(): name for name in parts}

    def problems(self) -> Iterator[str]:
        for name, data in self.parts.items():
            if name.lower().endswith((".xml", ".rels", ".vml")) and data.strip():
                try:
                    self.trees[name] = etree.fromstring(data, etree.XMLParser(resolve_entities=False, huge_tree=True))
                except etree.XMLSyntaxError as error:
                    if not name.lower().endswith(".vml"):
                        yield f"{name}: not well formed: {error}"
        yield from self._content_types()
        for name in list(self.trees):
            if name.endswith(".rels"):
                yield from self._relationships(name)
        yield from self._workbook()

    # ---- package ------------------------------------------------------------------------------------------------

    def _content_types(self) -> Iterator[str]:
        tree = self.trees.get("[Content_Types].xml")
        if tree is None:
            yield "[Content_Types].xml: missing"
            return
        defaults = {e.get("Extension", "").lower() for e in tree if _name(e) == "Default"}
        overrides = [e.get("PartName", "").lstrip("/").lower() for e in tree if _name(e) == "Override"]
        for name in overrides:
            if name not in self.lower:
                yield f"[Content_Types].xml: names {name}, which is not there"
        for name in sorted({n for n in overrides if overrides.count(n) > 1}):
            yield f"[Content_Types].xml: names {name} twice"
        for name in self.parts:
            extension = name.rpartition(".")[2].lower()
            if name != "[Content_Types].xml" and name.lower() not in overrides and extension not in defaults:
                yield f"[Content_Types].xml: no type for {name}"

    def _relationships(self, name: str) -> Iterator[str]:
        seen = set()
        for link in self.trees[name]:
            identity = link.get("Id", "")
            if identity in seen:
                yield f"{name}: {identity} twice"
            seen.add(identity)
        for identity, _, target in self._links(_owner(name)):
            if target and target.lower() not in self.lower:
                yield f"{name}: {identity} leads to {target}, which is not there"

    def _links(self, part: str) -> list[tuple[str, str, str]]:
        folder, _, base = part.rpartition("/")
        tree = self.trees.get(f"{folder}/_rels/{base}.rels".lstrip("/"))
        links = []
        for link in tree if tree is not None else ():
            target = link.get("Target", "").partition("#")[0]
            if link.get("TargetMode") == "External" or not target:
                target = ""
            elif target.startswith("/"):
                target = posixpath.normpath(target).lstrip("/")
            else:
                target = posixpath.normpath(posixpath.join(folder, target))
            links.append((link.get("Id", ""), link.get("Type", "").rpartition("/")[2], target))
        return links

    def _tree(self, name: str) -> etree._Element | None:
        return self.trees.get(self.lower.get(name.lower(), ""))

    # ---- workbook -----------------------------------------------------------------------------------------------

    def _workbook(self) -> Iterator[str]:
        part = next((t for _, kind, t in self._links("") if kind == "officeDocument"), "")
        tree = self._tree(part)
        if tree is None:
            yield "the workbook part is missing"
            return
        links = self._links(part)
        targets = {identity: (kind, target) for identity, kind, target in links}
        formats = self._styles(next((t for _, kind, t in links if kind == "styles"), ""))
        strings = yield from self._strings(next((t for _, kind, t in links if kind == "sharedStrings"), ""))
        sheets: dict[int, _Sheet] = {}
        names = []
        for element in _all(tree, "sheet"):
            if _name(element.getparent()) != "sheets":
                continue
            identity = next((str(v) for k, v in element.attrib.items() if str(k).endswith("}id")), "")
            kind, target = targets.get(identity, ("", ""))
            names.append(element.get("name", "").casefold())
            if kind == "worksheet":
                sheet = _Sheet(element.get("name", ""), target)
                sheets[int(element.get("sheetId", "0"))] = sheet
                yield from self._sheet(sheet, strings, formats)
        for name in sorted({n for n in names if names.count(n) > 1}):
            yield f"{part}: two sheets are called {name}"
        yield from self._order(part, tree)
        yield from self._tables(list(sheets.values()))
        chain = next((t for _, kind, t in links if kind == "calcChain"), "")
        yield from self._calculation_chain(chain, sheets)

    def _order(self, part: str, tree: etree._Element) -> Iterator[str]:
        order = [
            "fileVersion", "fileSharing", "workbookPr", "workbookProtection", "bookViews", "sheets", "functionGroups",
            "externalReferences", "definedNames", "calcPr", "oleSize", "customWorkbookViews", "pivotCaches",
        ]  # fmt: skip
        present = [order.index(_name(child)) for child in tree if _name(child) in order]
        if present != sorted(present):
            yield f"{part}: its elements are not in order"

    def _styles(self, part: str) -> int | None:
        tree = self._tree(part)
        if tree is None:
            return None
        formats = [xf for group in tree if _name(group) == "cellXfs" for xf in group]
        return sum(_name(xf) in ("xf", "AlternateContent") for xf in formats)

    def _strings(self, part: str) -> Generator[str, None, int | None]:
        tree = self._tree(part)
        if tree is None:
            return None
        count = len([e for e in tree if _name(e) == "si"])
        unique = tree.get("uniqueCount")
        if unique is not None and int(unique) != count:
            yield f"{part}: says {unique} strings, holds {count}"
        return count

    # ---- sheets -------------------------------------------------------------------------------------------------

    def _sheet(self, sheet: _Sheet, strings: int | None, formats: int | None) -> Iterator[str]:
        tree = self._tree(sheet.part)
        if tree is None:
            yield f"{sheet.part}: the sheet {sheet.name} is missing"
            return
        part = sheet.part
        shared: set[str] = set()
        last_row = 0
        for row in (r for data in tree if _name(data) == "sheetData" for r in data if _name(r) == "row"):
            number = int(row.get("r", last_row + 1))
            if number <= last_row:
                yield f"{part}: row {number} follows row {last_row}"
            last_row, last_column = number, 0
            for cell in (c for c in row if _name(c) == "c"):
                at = _corner(cell.get("r", "")) or (number, last_column + 1)
                if at[0] != number or at[1] <= last_column:
                    yield f"{part}: cell {cell.get('r')} is out of place in row {number}"
                last_column = at[1]
                sheet.cells[at] = cell
                yield from self._cell(part, cell, strings, formats, shared)
        yield from self._areas(part, tree, sheet)

    def _cell(
        self, part: str, cell: etree._Element, strings: int | None, formats: int | None, shared: set[str]
    ) -> Iterator[str]:
        where = f"{part}: cell {cell.get('r')}"
        value = next((e.text or "" for e in cell if _name(e) == "v"), None)
        kinds = [_name(e) for e in cell]
        if kinds != sorted(kinds, key=["f", "v", "is", "extLst"].index):
            yield f"{where}: its elements are not in order"
        match cell.get("t", "n"):
            case "s":
                if value is None or strings is None or not 0 <= int(value) < strings:
                    yield f"{where}: has string {value} of {strings}"
            case "n":
                if value:
                    float(value)
            case "b":
                if value not in ("0", "1", "true", "false"):
                    yield f"{where}: is a truth value {value}"
            case "inlineStr":
                if "is" not in kinds:
                    yield f"{where}: has no inline text"
        if formats is not None and int(cell.get("s", "0")) >= formats:
            yield f"{where}: has format {cell.get('s')} of {formats}"
        for formula in (e for e in cell if _name(e) == "f" and e.get("t") == "shared"):
            if formula.get("ref") or formula.text:
                shared.add(formula.get("si", ""))
            elif formula.get("si", "") not in shared:
                yield f"{where}: shares formula {formula.get('si')}, which nobody has"

    def _areas(self, part: str, tree: etree._Element, sheet: _Sheet) -> Iterator[str]:
        merges = [a for e in _all(tree, "mergeCell") if (a := _area(e.get("ref", "")))]
        for place, merge in enumerate(merges[:500]):
            for other in merges[place + 1 : 500]:
                if _meet(merge, other):
                    yield f"{part}: merged cells overlap at {merge}"
        for element in _all(tree, "dimension"):
            area = _area(element.get("ref", ""))
            outside = [at for at, cell in sheet.cells.items() if area and len(cell) and not _holds(area, at)]
            if area is None or outside:
                yield f"{part}: dimension {element.get('ref')} leaves out {outside[:3]}"
        for element in tree.iter():
            for text in (element.get("sqref"), element.text if _name(element) == "sqref" else None):
                for token in (text or "").split():
                    if _area(token) is None:
                        yield f"{part}: {token} is not an area"

    # ---- tables -------------------------------------------------------------------------------------------------

    def _tables(self, sheets: list[_Sheet]) -> Iterator[str]:
        names: set[str] = set()
        numbers: set[str] = set()
        for sheet in sheets:
            areas: list[Area] = []
            for _, kind, target in self._links(sheet.part):
                tree = self._tree(target)
                if kind != "table" or tree is None:
                    continue
                name, number = tree.get("displayName", "").casefold(), tree.get("id", "")
                if name in names or number in numbers:
                    yield f"{target}: its name or number is taken"
                names.add(name)
                numbers.add(number)
                area = _area(tree.get("ref", ""))
                if area is None:
                    yield f"{target}: {tree.get('ref')} is not an area"
                    continue
                if any(_meet(area, other) for other in areas):
                    yield f"{target}: overlaps another table"
                areas.append(area)
                yield from self._table(target, tree, area, sheet)
            sheet_tree = self._tree(sheet.part)
            for element in sheet_tree if sheet_tree is not None else ():
                filtered = _area(element.get("ref", "")) if _name(element) == "autoFilter" else None
                if filtered and any(_meet(filtered, area) for area in areas):
                    yield f"{sheet.part}: the sheet's filter lies over a table"
                if _name(element) == "mergeCells":
                    merges = [a for e in element if (a := _area(e.get("ref", "")))]
                    if any(_meet(merge, area) for merge in merges for area in areas):
                        yield f"{sheet.part}: merged cells inside a table"

    def _table(self, part: str, tree: etree._Element, area: Area, sheet: _Sheet) -> Iterator[str]:
        columns = [e for group in tree if _name(group) == "tableColumns" for e in group]
        titles = [_plain(e.get("name", "")) for e in columns]
        if len(columns) != area[3] - area[1] + 1:
            yield f"{part}: {len(columns)} columns in {tree.get('ref')}"
        if len({title.casefold() for title in titles}) != len(titles) or "" in titles:
            yield f"{part}: column names are empty or not unique"
        header, totals = int(tree.get("headerRowCount", "1")), int(tree.get("totalsRowCount", "0"))
        if area[2] - totals < area[0] + header:
            yield f"{part}: no data row"
        if header:
            for place, title in enumerate(titles):
                text = self._text(sheet.cells.get((area[0], area[1] + place)))
                if text is not None and text != title:
                    yield f"{part}: column {title!r} is headed {text!r}"
        for element in tree:
            if _name(element) == "autoFilter":
                filtered = _area(element.get("ref", ""))
                if filtered != (area[0], area[1], area[2] - totals, area[3]):
                    yield f"{part}: its filter {element.get('ref')} is not the table's data"

    def _text(self, cell: etree._Element | None) -> str | None:
        if cell is None:
            return ""
        if cell.get("t") == "inlineStr":
            return _plain("".join(t.text or "" for t in _all(cell, "t")))
        if cell.get("t") != "s":
            return None
        part = next(name for name in self.trees if name.lower().endswith("sharedstrings.xml"))
        item = [e for e in self.trees[part] if _name(e) == "si"][
            int(next(e.text or "" for e in cell if _name(e) == "v"))
        ]
        return _plain("".join(t.text or "" for t in _all(item, "t") if _name(t.getparent()) != "rPh"))

    # ---- calculation chain ----------------------------------------------------------------------------------------

    def _calculation_chain(self, part: str, sheets: dict[int, _Sheet]) -> Iterator[str]:
        tree = self._tree(part)
        number = 0
        for entry in tree if tree is not None else ():
            number = int(entry.get("i", number))
            sheet = sheets.get(number)
            cell = sheet.cells.get(_corner(entry.get("r", "")) or (0, 0)) if sheet is not None else None
            if cell is None or not any(_name(e) == "f" for e in cell):
                yield f"{part}: names {entry.get('r')} of sheet {number}, which holds no formula"


def _name(element: etree._Element | None) -> str:
    return element.tag.rpartition("}")[2] if element is not None and isinstance(element.tag, str) else ""


def _all(tree: etree._Element, name: str) -> Iterator[etree._Element]:
    return (element for element in tree.iter() if _name(element) == name)


def _owner(relationships: str) -> str:
    folder, _, base = relationships.rpartition("/")
    return f"{folder.removesuffix('_rels')}{base.removesuffix('.rels')}"


def _plain(text: str) -> str:
    text = re.sub(r"_x([0-9A-Fa-f]{4})_", lambda m: chr(int(m[1], 16)), text)
    return text.replace("\r\n", "\n")


def _corner(text: str) -> tuple[int, int] | None:
    found = re.fullmatch(r"\$?([A-Z]{1,3})\$?(\d{1,7})", text)
    if found is None:
        return None
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return int(found[2]), column


def _area(text: str) -> Area | None:
    """First row, first column, last row, last column."""
    if found := re.fullmatch(r"\$?([A-Z]{1,3}):\$?([A-Z]{1,3})", text):
        text = f"{found[1]}1:{found[2]}1048576"
    elif found := re.fullmatch(r"\$?(\d{1,7}):\$?(\d{1,7})", text):
        text = f"A{found[1]}:XFD{found[2]}"
    first, _, last = text.partition(":")
    top, bottom = _corner(first), _corner(last or first)
    return (*top, *bottom) if top and bottom else None


def _meet(one: Area, other: Area) -> bool:
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]


def _holds(area: Area, at: tuple[int, int]) -> bool:
    return area[0] <= at[0] <= area[2] and area[1] <= at[1] <= area[3]
