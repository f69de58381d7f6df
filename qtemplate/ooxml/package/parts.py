"""The small parts of a workbook, read: relationships, sheets, tables, defined names, the date system.

They are parsed with lxml to be sure that they are well formed, with entities and networks off; they are never written
from the tree. Names are matched by their local part and relationship types by their last step, so that strict and
transitional workbooks read the same.

Source: ECMA-376 part 1 sections 12.3 (parts), 18.2 (workbook), 18.5 (tables); part 2 section 6.5 (relationships).
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from lxml import etree

from qtemplate.errors import WorkbookRefused
from qtemplate.ooxml.cells import unescape_text
from qtemplate.ooxml.package.reader import Package, part_key
from qtemplate.ooxml.references import Area

CONTENT_TYPES: Final = "[Content_Types].xml"
_STRICT: Final = "http://purl.oclc.org/ooxml/spreadsheetml/main"
_NAMESPACES: Final = ("http://schemas.openxmlformats.org/spreadsheetml/2006/main", _STRICT)


@dataclass(frozen=True, slots=True)
class Relationship:
    """One relationship: its id, the last step of its type, and the part it leads to (empty if outside)."""

    id: str
    kind: str
    target: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of the workbook.

    Args:
        name: As on its tab.
        part: Its part name.
        kind: `worksheet`, or another relationship type such as `chartsheet`.
    """

    name: str
    part: str
    kind: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table on a sheet.

    Args:
        name: The name formulas use (`displayName`).
        part, sheet: Its part name and its sheet's name.
        area: Header, data and totals rows.
        header_rows, totals_rows: 0 or 1.
        columns: Names from left to right, as the header cells read.
        calculated: Formula text (without `=`) per column index from 0.
        query: It is fed by a query.
        defect: What is wrong with it, so that it cannot grow; empty for a sound table.
    """

    name: str
    part: str
    sheet: str
    area: Area
    header_rows: int
    totals_rows: int
    columns: tuple[str, ...]
    calculated: Mapping[int, str]
    query: bool
    defect: str = ""

    @property
    def first_data_row(self) -> int:
        """The worksheet row of the first data row."""
        return self.area.first_row + self.header_rows

    @property
    def last_data_row(self) -> int:
        """The worksheet row of the last data row."""
        return self.area.last_row - self.totals_rows


@dataclass(frozen=True, slots=True)
class Workbook:
    """What the workbook part and its relationships say."""

    part: str
    sheets: tuple[Sheet, ...]
    date1904: bool
    relationships: tuple[Relationship, ...]
    defined_names: tuple[str, ...]
    strict: bool

    def target(self, kind: str) -> str | None:
        """The part that the workbook's relationship of that kind leads to."""
        return next((r.target for r in self.relationships if r.kind == kind and r.target), None)

    def sheet(self, name: str) -> Sheet:
        """The worksheet of that name; case is ignored when no sheet matches exactly.

        Raises:
            WorkbookRefused: `no_sheet`, `not_a_worksheet`.
        """
        found = [s for s in self.sheets if s.name == name] or [
            s for s in self.sheets if s.name.casefold() == name.casefold()
        ]
        if not found:
            names = "、".join(sheet.name for sheet in self.sheets[:20])
            raise WorkbookRefused("no_sheet", f"The workbook has no sheet {name!r}; it has {names}.")
        if found[0].kind != "worksheet":
            raise WorkbookRefused("not_a_worksheet", f"{name} is a {found[0].kind}, which has no cells.")
        return found[0]


def parse_part(package: Package, name: str) -> etree._Element:
    """A part as a tree.

    Raises:
        WorkbookRefused: `broken_xml`, `doctype`, and what reading the part can raise.
    """
    data = package.read(name)
    if b"<!DOCTYPE" in data:
        raise WorkbookRefused("doctype", f"{name} declares a DOCTYPE, which no workbook may.")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise WorkbookRefused("broken_xml", f"{name} is not well-formed XML: {error}") from None
    if getattr(root.getroottree().docinfo, "doctype", ""):
        raise WorkbookRefused("doctype", f"{name} declares a DOCTYPE, which no workbook may.")
    return root


def local_name(element: etree._Element) -> str:
    """The element's name without its namespace; empty for comments and processing instructions."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def children(element: etree._Element, *path: str) -> Iterator[etree._Element]:
    """The elements at the end of a path of local names."""
    for child in element:
        if local_name(child) == path[0]:
            if len(path) == 1:
                yield child
            else:
                yield from children(child, *path[1:])


def truth(text: str | None) -> bool:
    """An xsd:boolean."""
    return text is not None and text.strip().lower() in ("1", "true", "on")


def resolve_target(base: str, target: str) -> str:
    """The part name that a relationship of `base` leads to; never outside the package."""
    path = target.replace("\\", "/").partition("#")[0]
    joined = path if path.startswith("/") else posixpath.join("/" + posixpath.dirname(base), path)
    return posixpath.normpath(joined).lstrip("/")


def relationships_part(name: str) -> str:
    """Where the relationships of a part are kept; the package's own for the empty name."""
    folder, _, base = name.rpartition("/")
    return f"{folder}/_rels/{base}.rels".lstrip("/")


def read_relationships(package: Package, name: str) -> tuple[Relationship, ...]:
    """The relationships of a part, in order; none if it has no relationships part."""
    part = relationships_part(name)
    if package.find(part) is None:
        return ()
    found = []
    for child in children(parse_part(package, part), "Relationship"):
        outside = child.get("TargetMode") == "External"
        target = "" if outside else resolve_target(name, child.get("Target", ""))
        found.append(Relationship(child.get("Id", ""), child.get("Type", "").rpartition("/")[2], target))
    return tuple(found)


def read_workbook(package: Package) -> Workbook:
    """The workbook part.

    Raises:
        WorkbookRefused: `not_a_workbook`, `signed`, and what reading parts can raise.
    """
    if package.find(CONTENT_TYPES) is None:
        raise WorkbookRefused("not_a_workbook", "The file is a zip archive but not a workbook.")
    root = read_relationships(package, "")
    if any(r.kind == "origin" and "signature" in r.target.lower() for r in root) or any(
        part_key(m.name).startswith("_xmlsignatures/") for m in package.members
    ):
        raise WorkbookRefused("signed", "The workbook carries a digital signature, which any change would break.")
    part = next((r.target for r in root if r.kind == "officeDocument" and r.target), None)
    if part is None or package.find(part) is None:
        raise WorkbookRefused("not_a_workbook", "The package names no workbook.")
    if part.lower().endswith(".bin"):
        raise WorkbookRefused("not_a_workbook", "The file is a binary .xlsb workbook; save it as .xlsx.")
    tree = parse_part(package, part)
    if local_name(tree) != "workbook":
        raise WorkbookRefused("not_a_workbook", f"The document is a {local_name(tree)}, not a workbook.")
    namespace = etree.QName(tree).namespace
    if namespace not in _NAMESPACES:  # the betas of Excel 2007 call elements otherwise
        raise WorkbookRefused("not_a_workbook", f"The workbook is of the unknown kind {namespace}; save it in Excel.")
    relationships = read_relationships(package, part)
    by_id = {r.id: r for r in relationships}
    sheets = []
    for element in children(tree, "sheets", "sheet"):
        link = next((value for key, value in element.attrib.items() if str(key).endswith("}id")), "")
        relationship = by_id.get(str(link))
        if relationship is not None and relationship.target:
            sheets.append(Sheet(element.get("name", ""), relationship.target, relationship.kind))
    date1904 = any(truth(properties.get("date1904")) for properties in children(tree, "workbookPr"))
    names = tuple(element.get("name", "") for element in children(tree, "definedNames", "definedName"))
    return Workbook(part, tuple(sheets), date1904, relationships, names, namespace == _STRICT)


def read_tables(package: Package, sheet: Sheet) -> tuple[Table, ...]:
    """The tables of a sheet, in the order of its relationships; one without an area is left out.

    Raises:
        WorkbookRefused: What reading parts can raise.
    """
    tables = (
        _read_table(package, relationship.target, sheet)
        for relationship in read_relationships(package, sheet.part)
        if relationship.kind == "table" and relationship.target
    )
    return tuple(table for table in tables if table is not None)


def _read_table(package: Package, part: str, sheet: Sheet) -> Table | None:
    root = parse_part(package, part)
    area = Area.parse(root.get("ref", ""))
    name = root.get("displayName") or root.get("name") or ""
    columns = list(children(root, "tableColumns", "tableColumn"))
    try:
        header, totals = int(root.get("headerRowCount", "1")), int(root.get("totalsRowCount", "0"))
    except ValueError:
        header = totals = -1
    if area is None:
        return None
    defect = ""
    if area.last_column - area.first_column + 1 != len(columns) or header not in (0, 1) or totals not in (0, 1):
        defect = "does not fit its own columns"
    elif area.last_row - totals < area.first_row + header:
        defect = "has no data row"
    calculated = {
        index: "".join(str(text) for text in formula.itertext())
        for index, column in enumerate(columns)
        for formula in children(column, "calculatedColumnFormula")
        if not truth(formula.get("array"))
    }
    query = root.get("tableType") == "queryTable" or any(
        relationship.kind == "queryTable" for relationship in read_relationships(package, part)
    )
    titles = tuple(unescape_text(column.get("name", "")) for column in columns)
    return Table(name, part, sheet.name, area, header, totals, titles, calculated, query, defect)


def read_pivot_areas(package: Package, sheet: Sheet) -> tuple[Area, ...]:
    """Where pivot tables of the sheet stand; a refresh overwrites whatever is written there."""
    found = []
    for relationship in read_relationships(package, sheet.part):
        if relationship.kind == "pivotTable" and relationship.target:
            for location in children(parse_part(package, relationship.target), "location"):
                if area := Area.parse(location.get("ref", "")):
                    found.append(area)
    return tuple(found)
