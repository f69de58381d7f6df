"""The tables of a sheet, and where its pivot tables stand.

Source: ECMA-376 part 1 sections 18.5 (tables) and 18.10.1.49 (place of a pivot table).
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from qtemplate.errors import WorkbookRefused
from qtemplate.ooxml.cells import unescape_text
from qtemplate.ooxml.markup import truth
from qtemplate.ooxml.package.parts import Sheet, children, parse_part, read_relationships
from qtemplate.ooxml.package.reader import Package
from qtemplate.ooxml.references import Area


class Table(Struct, frozen=True):
    """A table on a sheet.

    Args:
        name: The name formulas use (`displayName`).
        part, sheet: Its part name and its sheet's name.
        area: Header, data and totals rows.
        header_rows, totals_rows: 0 or 1.
        columns: Names from left to right, as the header cells read.
        calculated: Formula text (without `=`) per column index from 0.
        query: It is fed by a query.
        defect: What is wrong with it, so that it cannot grow: `columns` or `no_rows`; empty for a sound table.
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
        defect = "columns"
    elif area.last_row - totals < area.first_row + header:
        defect = "no_rows"
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


def require_sound(table: Table) -> None:
    """Refuse a table that cannot grow.

    Raises:
        WorkbookRefused: `broken_table`.
    """
    if table.defect == "columns":
        raise WorkbookRefused(
            "broken_table.columns",
            "The table {table!r} on {sheet} does not fit its own columns.",
            table=table.name,
            sheet=table.sheet,
        )
    if table.defect:
        raise WorkbookRefused(
            "broken_table.no_rows",
            "The table {table!r} on {sheet} has no data row.",
            table=table.name,
            sheet=table.sheet,
        )
