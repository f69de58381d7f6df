"""What a patch adds to a workbook, settled before anything is written.

What can be refused by looking at the small parts is refused here.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct, field

from qtemplate.errors import WorkbookRefused
from qtemplate.ooxml.adding.cells import CellsCopy, NewCells
from qtemplate.ooxml.adding.columns import (
    SAMPLES,
    CellBlock,
    ColumnGrowth,
    FormatSample,
    NewColumn,
    PlannedColumn,
    prevailing,
)
from qtemplate.ooxml.adding.lists import ListGrowth, ListNames, ListValues, lengthen_names
from qtemplate.ooxml.adding.sheets import AddedParts, NewSheet, SheetCopy, TakenNames, taken_names
from qtemplate.ooxml.adding.widening import widen_names
from qtemplate.ooxml.adding.workbook_sheets import ListedSheet
from qtemplate.ooxml.cells import CellValue, Settled, settle_value
from qtemplate.ooxml.package.index import PackageIndex
from qtemplate.ooxml.package.parts import Sheet, Workbook
from qtemplate.ooxml.package.reader import Package
from qtemplate.ooxml.package.tables import Table, read_pivot_areas, read_tables, require_sound
from qtemplate.ooxml.package.writer import PackageWriter
from qtemplate.ooxml.references import LAST_COLUMN, LAST_ROW, column_name
from qtemplate.ooxml.sheet.addition import Addition
from qtemplate.ooxml.sheet.stream import stream_sheet
from qtemplate.ooxml.styles import Styles


class Additions(Struct, frozen=True):
    """What a workbook gets that it has no place for yet.

    Args:
        columns: New columns by the name of the table, or by the cells that are none.
        sheets: New sheets, in the order of their tabs.
        lists: New values of drop-down lists.
        cells: Cells that sheets of its own get.
    """

    columns: Mapping[str | CellBlock, Sequence[NewColumn]] = field(default_factory=dict)
    sheets: Sequence[NewSheet] = ()
    lists: Sequence[ListValues] = ()
    cells: Sequence[NewCells] = ()


class PlannedAdditions(Struct):
    """Additions, settled.

    Args:
        on: What each sheet gets, by its name.
        columns: Tables and blocks that get columns.
        lists: Lists that get values.
        copies: New sheets.
        cells: Cells that sheets get.
        texts: Texts that go into the shared strings.
    """

    on: dict[str, list[Addition]] = field(default_factory=dict)
    columns: list[ColumnGrowth] = field(default_factory=list)
    lists: list[ListGrowth] = field(default_factory=list)
    copies: list[SheetCopy] = field(default_factory=list)
    cells: list[CellsCopy] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    def rewrite_names(self, xml: bytes) -> bytes:
        """The workbook part with defined names following what grew."""
        xml = widen_names(xml, [growth.widening for growth in self.columns])
        return lengthen_names(xml, self.lists)


def plan_additions(package: Package, workbook: Workbook, asked: Additions) -> PlannedAdditions:
    """Settle what is to be added.

    Raises:
        WorkbookRefused: `no_table`, `no_sheet`, `unknown_column`, `column_exists`, `beside_table`, `broken_table`,
            `query_table`, `sheet_full`, `overlap`, and what copying a sheet or settling a value can raise.
    """
    planner = _Planner(package, workbook)
    for place, columns in asked.columns.items():
        if columns:
            planner.add_columns(place, columns)
    for values in asked.lists:
        if values.values:
            planner.add_values(values)
    if planner.made.lists:
        for sheet in workbook.sheets:
            if sheet.kind == "worksheet":
                planner.put(sheet.name, ListNames(sheet.name, planner.made.lists))
    for cells in asked.cells:
        made = CellsCopy(cells)
        planner.made.cells.append(made)
        planner.made.texts += made.texts
        planner.put(workbook.sheet(cells.sheet).name, made)
    for new in asked.sheets:
        if any(copy.name.casefold() == new.name.casefold() for copy in planner.made.copies):
            raise WorkbookRefused("overlap.sheet", "The sheet {sheet} is added twice.", new.name, sheet=new.name)
        copy = SheetCopy(new, workbook)
        planner.made.copies.append(copy)
        planner.made.texts += copy.texts
    return planner.made


class _Planner:
    def __init__(self, package: Package, workbook: Workbook) -> None:
        self.made = PlannedAdditions()
        self._package = package
        self._workbook = workbook

    def put(self, sheet: str, addition: Addition) -> None:
        self.made.on.setdefault(sheet, []).append(addition)

    def _settle(self, value: CellValue, where: str) -> Settled:
        settled = settle_value(value, where, date1904=self._workbook.date1904)
        if isinstance(settled, str):
            self.made.texts.append(settled)
        return settled

    def add_columns(self, place: str | CellBlock, columns: Sequence[NewColumn]) -> None:
        sheet, table = self._find(place)
        try:
            self._add_columns(sheet, table, columns)
        except WorkbookRefused as refused:
            refused.sheet = sheet.name
            raise

    def _add_columns(self, sheet: Sheet, table: Table, columns: Sequence[NewColumn]) -> None:
        _require_fit(table)
        if any(growth.table.area == table.area and growth.table.sheet == sheet.name for growth in self.made.columns):
            raise WorkbookRefused(
                "overlap.columns", "{sheet}: columns are added twice in one place.", sheet.name, sheet=sheet.name
            )
        if table.area.last_column + len(columns) > LAST_COLUMN:
            raise WorkbookRefused(
                "sheet_full.columns",
                "{sheet} has no room for {count} more columns.",
                sheet=sheet.name,
                count=len(columns),
            )
        models = [self._model(table, column.like) for column in columns]
        _require_new_headers(table, columns)
        styles = self._sample(sheet, table, models)
        planned = []
        for at, (column, model) in enumerate(zip(columns, models, strict=True), table.area.last_column + 1):
            if table.header_rows:
                self._settle(column.header, f"{sheet.name}!{column_name(at)}{table.area.first_row}")
            values = [
                self._settle(value, f"{sheet.name}!{column_name(at)}{row}")
                for row, value in enumerate(column.values, table.first_data_row)
            ]
            if table.part and len(values) > table.last_data_row - table.first_data_row + 1:
                raise WorkbookRefused(
                    "overlap.short",
                    "{table} has fewer rows than the new column {title!r}.",
                    table=table.name,
                    title=column.header,
                )
            above = self._model(table, column.above) if column.above else None
            planned.append(PlannedColumn(column, model, styles[model], values, above))
        growth = ColumnGrowth(table, planned)
        if growth.area.last_row > LAST_ROW:
            raise WorkbookRefused("sheet_full.values", "{sheet} has no room for so many values.", sheet=sheet.name)
        self._require_room(sheet, growth)
        self.made.columns.append(growth)
        self.put(sheet.name, growth)

    def add_values(self, asked: ListValues) -> None:
        sheet, area = self._workbook.sheet(asked.sheet), asked.area
        if area.first_column != area.last_column or area.last_row + len(asked.values) > LAST_ROW:
            raise WorkbookRefused(
                "bad_reference.list", "{sheet}!{area} is no list of values in one column.", sheet=sheet.name, area=area
            )
        where = f"{sheet.name}!{column_name(area.first_column)}{area.last_row + 1}"
        growth = ListGrowth(sheet.name, area, [self._settle(value, where) for value in asked.values])
        if any(growth.area.meets(other.area) for other in self.made.lists if other.sheet == sheet.name):
            raise WorkbookRefused(
                "overlap.list", "{sheet}!{area} is made longer twice.", sheet.name, sheet=sheet.name, area=area
            )
        self.made.lists.append(growth)
        self.put(sheet.name, growth)

    def _find(self, place: str | CellBlock) -> tuple[Sheet, Table]:
        if isinstance(place, CellBlock):
            sheet = self._workbook.sheet(place.sheet)
            return sheet, Table("", "", sheet.name, place.area, 1, 0, (), {}, query=False)
        known = []
        for sheet in self._workbook.sheets:
            for table in read_tables(self._package, sheet) if sheet.kind == "worksheet" else ():
                if table.name.casefold() == place.casefold():
                    return sheet, table
                known.append(table.name)
        listed = "、".join(known) or "none"
        raise WorkbookRefused(
            "no_table", "The workbook has no table {name!r}; it has {known}.", name=place, known=listed
        )

    def _model(self, table: Table, like: str) -> int:
        if not like:
            return table.area.last_column
        titles = [title.casefold() for title in table.columns]
        if like.casefold() not in titles:
            known = "、".join(table.columns)
            raise WorkbookRefused(
                "unknown_column",
                "The table {table} has no column {title!r}; it has {known}.",
                table=table.name,
                title=like,
                known=known,
            )
        return table.area.first_column + titles.index(like.casefold())

    def _sample(self, sheet: Sheet, table: Table, models: Sequence[int]) -> dict[int, int]:
        """The format most data cells of each column have, among the last few rows."""
        last = table.last_data_row
        sample = FormatSample(range(max(table.first_data_row, last - SAMPLES + 1), last + 1), models)
        for _ in stream_sheet(self._package.pieces(sheet.part), sample, sheet.part):
            pass
        return {column: prevailing(styles) for column, styles in sample.styles.items()}

    def _require_room(self, sheet: Sheet, growth: ColumnGrowth) -> None:
        others = [(other.name, other.area) for other in read_tables(self._package, sheet)]
        others += [("", area) for area in read_pivot_areas(self._package, sheet)]
        for name, area in others:
            if not area.meets(growth.area):
                continue
            if not name:
                raise WorkbookRefused(
                    "beside_table.pivot",
                    "{sheet}: a pivot table at {area} stands in the way of new columns. Move it to the right.",
                    sheet.name,
                    sheet=sheet.name,
                    area=area,
                )
            raise WorkbookRefused(
                "beside_table.other",
                "{sheet}: {name} at {area} stands in the way of new columns. Move it to the right.",
                sheet.name,
                sheet=sheet.name,
                name=name,
                area=area,
            )


def _require_fit(table: Table) -> None:
    if table.query:
        raise WorkbookRefused(
            "query_table.column", "The table {table} is filled by a query; a column would be lost.", table=table.name
        )
    require_sound(table)


def _require_new_headers(table: Table, columns: Sequence[NewColumn]) -> None:
    taken = {title.casefold() for title in table.columns}
    for column in columns:
        folded = column.header.replace("\r\n", "\n").casefold()
        if not folded.strip() or folded in taken:
            raise WorkbookRefused(
                "column_exists",
                "The table {table} has a column {title!r} already, or it has no header.",
                table=table.name,
                title=column.header,
            )
        taken.add(folded)


def write_copies(
    made: PlannedAdditions,
    package: Package,
    workbook: Workbook,
    index: PackageIndex,
    writer: PackageWriter,
    strings: Mapping[str, int] | None,
    styles: Callable[[], Styles],
) -> tuple[list[ListedSheet], bool]:
    """Write the parts of the new sheets, and name them in the package.

    Returns:
        What the workbook part must list, and whether any of them holds formulas.
    """
    if not made.copies:
        return [], False
    taken: TakenNames = taken_names(package, workbook)
    listed, formulas = [], False
    for copy in made.copies:
        added: AddedParts = copy.parts(taken, posixpath.dirname(workbook.part), strings, styles())
        for part, data in added.parts.items():
            writer.put(part, [data])
        link = ""
        for part, kind in added.kinds.items():
            if kind == "worksheet":
                link = index.add(part, kind)
            else:
                index.declare(part, kind)
        listed.append(ListedSheet(copy.name, link, copy.names))
        formulas |= added.formulas
    return listed, formulas
