"""What is asked for becomes one task per sheet; what can be refused by looking at the small parts is refused here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from qtemplate.errors import WorkbookRefused
from qtemplate.ooxml.adding.additions import Additions, PlannedAdditions, plan_additions
from qtemplate.ooxml.adding.columns import CellBlock, LongerTable
from qtemplate.ooxml.cells import CellValue, Settled, settle_value
from qtemplate.ooxml.dependents import formulas_name_row
from qtemplate.ooxml.package.parts import Sheet, Workbook
from qtemplate.ooxml.package.reader import Package
from qtemplate.ooxml.package.tables import Table, read_pivot_areas, read_tables, require_sound
from qtemplate.ooxml.references import LAST_COLUMN, LAST_ROW, Area, column_name, parse_cell
from qtemplate.ooxml.sheet.body import BodyRewrite, SheetBody
from qtemplate.ooxml.sheet.sheet_task import SheetTask
from qtemplate.ooxml.sheet.table_growth import Resize, TableGrowth

Rows = Sequence[Mapping[str, CellValue]]
Appends = Mapping[Any, Rows]  # keys of a mapping are invariant: one of names alone would not be one of both
"""Rows by the name of their table, with its headers, or by a `LongerTable`, which may get none; or by cells that are no
table, with letters of columns."""

Fits = Mapping[str, Mapping[int, Mapping[int, str]]]
"""Rows that are to be high enough for what stands in them: by sheet and worksheet row, the texts by column, from 1."""


_KEPT = (str, datetime)
"""Kinds of values that are known again; numbers are not, for 1, 1.0 and True would be one."""


class PatchTasks(Struct):
    """Everything one patch does.

    Args:
        sheets: What happens to each touched sheet, in the order in which they were named.
        tables: The tables of each touched sheet.
        texts: Texts of edited and appended cells, which go into the shared strings.
        resizes: Tables whose end may move.
        additions: Columns, sheets and values of lists that the workbook gets.
    """

    sheets: dict[Sheet, SheetTask] = field(default_factory=dict)
    tables: dict[Sheet, tuple[Table, ...]] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    resizes: list[Resize] = field(default_factory=list)
    additions: PlannedAdditions = field(default_factory=PlannedAdditions)


def plan_tasks(
    package: Package,
    workbook: Workbook,
    edits: Mapping[str, Mapping[str, CellValue]],
    appends: Appends,
    bodies: Sequence[SheetBody],
    additions: Additions,
    fits: Fits,
) -> PatchTasks:
    """Settle all values and sort them by sheet.

    Args:
        package, workbook: The workbook.
        edits, appends, bodies, additions, fits: As for `patch_workbook`.

    Raises:
        WorkbookRefused: `no_sheet`, `not_a_worksheet`, `no_table`, `unknown_column`, `bad_reference`,
            `table_header`, `table_totals`, `query_table`, `broken_table`, `rows_below_table`, `sheet_full`, `overlap`,
            and what settling a value can raise.
    """
    planner = _Planner(package, workbook)
    for name, values in edits.items():
        if values:
            planner.add_edits(workbook.sheet(name), values)
    for body in bodies:
        planner.add_body(workbook.sheet(body.sheet), body)
    for place, rows in appends.items():
        if rows or isinstance(place, LongerTable):
            planner.append(place, rows)
    for name, texts in fits.items():
        planner.fit(workbook.sheet(name), texts)
    planner.add(additions)
    planner.check_overlaps()
    return planner.tasks


class _Planner:
    def __init__(self, package: Package, workbook: Workbook) -> None:
        self.tasks = PatchTasks()
        self._package = package
        self._workbook = workbook

    def _task(self, sheet: Sheet) -> SheetTask:
        if sheet not in self.tasks.sheets:
            self.tasks.sheets[sheet] = SheetTask(sheet.name)
            self.tasks.tables[sheet] = read_tables(self._package, sheet)
        return self.tasks.sheets[sheet]

    def _settle(self, value: CellValue, where: str) -> Settled:
        settled = settle_value(value, where, date1904=self._workbook.date1904)
        if isinstance(settled, str):
            self.tasks.texts.append(settled)
        return settled

    def add_edits(self, sheet: Sheet, values: Mapping[str, CellValue]) -> None:
        task = self._task(sheet)
        refusals = []
        for reference, value in values.items():
            row, column = parse_cell(reference)
            where = f"{sheet.name}!{column_name(column)}{row}"
            cells = task.edits.setdefault(row, {})
            if column in cells:
                raise WorkbookRefused("overlap", "{where} is edited twice.", where=where)
            try:
                cells[column] = self._settle(value, where)
                for table in self.tasks.tables[sheet]:
                    if table.area.holds(row, column):
                        _refuse_table_cell(table, row, where)
            except WorkbookRefused as refused:
                refused.sheet, refused.cell = sheet.name, reference
                refusals.append(refused)
        if refusals:
            raise WorkbookRefused.together(refusals)

    def fit(self, sheet: Sheet, texts: Mapping[int, Mapping[int, str]]) -> None:
        task = self._task(sheet)
        task.fits = {row: at for row, at in texts.items() if task.body is None or row < task.body.first_row}

    def append(self, name: str | CellBlock | LongerTable, rows: Sequence[Mapping[str, CellValue]]) -> None:
        sheet, table = self._find_table(name.name if isinstance(name, LongerTable) else name)
        whole = self._taking_in(sheet, table, name.last_row) if isinstance(name, LongerTable) else table
        try:
            if rows:
                self._add_rows(sheet, whole, rows, table)
            elif whole is not table:
                self._lengthen(sheet, Resize(table, whole.last_data_row))
        except WorkbookRefused as refused:
            refused.sheet = sheet.name
            raise

    def _taking_in(self, sheet: Sheet, table: Table, last_row: int) -> Table:
        """The table with the rows that stand below it, down to one of them; as it is where it cannot be longer."""
        if last_row <= table.last_data_row or table.totals_rows or table.query or table.defect:
            return table
        area = Area(table.area.first_row, table.area.first_column, last_row, table.area.last_column)
        self._task(sheet)
        if any(other.name != table.name and other.area.meets(area) for other in self.tasks.tables[sheet]):
            return table
        return replace(table, area=area)

    def _add_rows(self, sheet: Sheet, table: Table, rows: Sequence[Mapping[str, CellValue]], as_filed: Table) -> None:
        """Rows below a table, which may be longer than `as_filed` by the rows it takes in."""
        name, task = table.name, self._task(sheet)
        if table.query:
            raise WorkbookRefused(
                "query_table.rows", "The table {table} is filled by a query; rows would be lost.", table=name
            )
        if any(growth.table.name == name for growth in task.growths):
            raise WorkbookRefused("overlap.table", "The table {table} is named twice.", table=name)
        if table.area.last_row + len(rows) > LAST_ROW:
            raise WorkbookRefused(
                "sheet_full.more", "{sheet} has no room for {count:,} more rows.", sheet=sheet.name, count=len(rows)
            )
        require_sound(table)
        self._refuse_named_totals(sheet, table)
        columns = {title: table.area.first_column + place for place, title in enumerate(table.columns)}
        settled = []
        for place, row in enumerate(rows):
            values = {}
            for title, value in row.items():
                column = columns.get(title.replace("\r\n", "\n"))
                if column is None:
                    known = "、".join(table.columns)
                    raise WorkbookRefused(
                        "unknown_column",
                        "The table {table} has no column {title!r}; it has {known}.",
                        table=name,
                        title=title,
                        known=known,
                    )
                number = table.last_data_row + 1 + place
                values[column] = self._settle(value, f"{sheet.name}!{column_name(column)}{number}")
            settled.append(values)
        growth = TableGrowth(table, settled, as_filed)
        task.growths.append(growth)
        self._lengthen(sheet, growth.resize)

    def _lengthen(self, sheet: Sheet, resize: Resize) -> None:
        """A table gets rows, all of them above what is replaced."""
        task = self._task(sheet)
        if task.body is not None and resize.area.last_row >= task.body.first_row:
            raise WorkbookRefused(
                "overlap.body_rows", "{sheet}: a row is appended where the body is replaced.", sheet=sheet.name
            )
        self._resize(task, resize)

    def _refuse_named_totals(self, sheet: Sheet, table: Table) -> None:
        """A totals row moves down; a formula that names one of its cells by address would then read a data row."""
        row = table.area.last_row
        columns = range(table.area.first_column, table.area.last_column + 1)
        if table.totals_rows and formulas_name_row(self._package, self._workbook, sheet, row, columns):
            raise WorkbookRefused(
                "table_totals.named",
                "A formula names a cell of the totals row {sheet}!{row} by its address, and the row would move. "
                "Write it as {table}[[#Totals],[…]], or switch the totals row off.",
                sheet=sheet.name,
                row=row,
                table=table.name,
            )

    def add_body(self, sheet: Sheet, body: SheetBody) -> None:
        task = self._task(sheet)
        width = max((len(row) for row in body.rows), default=0)
        if task.body is not None or any(row >= body.first_row for row in task.edits):
            raise WorkbookRefused(
                "overlap.body_cells", "{sheet}: cells are edited where the body is replaced.", sheet=sheet.name
            )
        if body.first_row < 1 or body.first_row + len(body.rows) - 1 > LAST_ROW or width > LAST_COLUMN:
            raise WorkbookRefused(
                "sheet_full", "{sheet} has no room for {count:,} rows.", sheet=sheet.name, count=len(body.rows)
            )
        rows = self._settle_rows(sheet, body)
        task.body = BodyRewrite(body.first_row, rows, cell_formats=body.cell_formats, like=body.like)
        for table in self.tasks.tables[sheet]:
            if table.area.last_row < body.first_row:
                continue
            if table.first_data_row != body.first_row or table.totals_rows or table.query:
                raise WorkbookRefused(
                    "overlap.first_row",
                    "{sheet}: row {row} is not the first data row of {table}.",
                    sheet=sheet.name,
                    row=body.first_row,
                    table=table.name,
                )
            require_sound(table)
            self._resize(task, Resize(table, task.body.last_row))

    def _settle_rows(self, sheet: Sheet, body: SheetBody) -> list[list[Settled]]:
        known: dict[CellValue, Settled] = {}  # what a log says it says again and again

        def settle(value: CellValue, row: int, column: int) -> Settled:
            where = f"{sheet.name}!{column_name(column)}{row}"
            settled = settle_value(value, where, date1904=self._workbook.date1904)
            if type(value) in _KEPT:
                known[value] = settled
            return settled

        return [
            [
                None
                if value is None
                else known[value]
                if type(value) in _KEPT and value in known
                else settle(value, number, column)
                for column, value in enumerate(row, 1)
            ]
            for number, row in enumerate(body.rows, body.first_row)
        ]

    def _resize(self, task: SheetTask, resize: Resize) -> None:
        task.resizes.append(resize)
        self.tasks.resizes.append(resize)

    def _find_table(self, name: str | CellBlock) -> tuple[Sheet, Table]:
        if isinstance(name, CellBlock):  # cells below a header that are no table grow as one would; no part says so
            sheet, area = self._workbook.sheet(name.sheet), name.area
            letters = tuple(column_name(at) for at in range(area.first_column, area.last_column + 1))
            return sheet, Table(f"{sheet.name}!{area}", "", sheet.name, area, 1, 0, letters, {}, query=False)
        known = []
        for sheet in self._workbook.sheets:
            if sheet.kind != "worksheet":
                continue
            for table in self.tasks.tables.get(sheet) or read_tables(self._package, sheet):
                if table.name.casefold() == name.casefold():
                    return sheet, table
                known.append(table.name)
        listed = "、".join(known) or "none"
        raise WorkbookRefused(
            "no_table", "The workbook has no table {name!r}; it has {known}.", name=name, known=listed
        )

    def add(self, asked: Additions) -> None:
        """Put what is added to a sheet beside what else happens to it."""
        made = self.tasks.additions = plan_additions(self._package, self._workbook, asked)
        self.tasks.texts += made.texts
        for name, additions in made.on.items():
            task = self._task(self._workbook.sheet(name))
            if task.body is not None and any(addition.area is not None for addition in additions):
                raise WorkbookRefused(
                    "overlap.body_added", "{name}: something is added where the body is replaced.", name, name=name
                )
            task.additions += additions
        resized = {(resize.table.part, resize.table.sheet) for resize in self.tasks.resizes}
        for growth in made.columns:
            if (growth.table.part, growth.table.sheet) in resized:  # cells that are no table have no part
                raise WorkbookRefused(
                    "overlap.both", "{table} gets rows and columns in one step.", table=growth.table.name
                )

    def check_overlaps(self) -> None:
        """Refuse a table that would grow into another one or into a pivot table."""
        for sheet, task in self.tasks.sheets.items():
            grown = {resize.table.part: resize.area for resize in task.resizes}
            areas: list[tuple[str, Area]] = [
                (table.name, grown.get(table.part, table.area)) for table in self.tasks.tables[sheet]
            ]
            if grown:
                areas += [("", area) for area in read_pivot_areas(self._package, sheet)]
            for resize in task.resizes:
                for name, area in areas:
                    if name == resize.table.name or not area.meets(resize.area):
                        continue
                    if not name:
                        raise WorkbookRefused(
                            "rows_below_table.pivot",
                            "{sheet}: {table} would grow into a pivot table.",
                            sheet.name,
                            sheet=sheet.name,
                            table=resize.table.name,
                        )
                    raise WorkbookRefused(
                        "rows_below_table.table",
                        "{sheet}: {table} would grow into {name}.",
                        sheet.name,
                        sheet=sheet.name,
                        table=resize.table.name,
                        name=name,
                    )


def _refuse_table_cell(table: Table, row: int, where: str) -> None:
    if table.query:
        raise WorkbookRefused("query_table", "{where} is filled by a query, which would overwrite it.", where=where)
    if row < table.first_data_row:
        raise WorkbookRefused(
            "table_header",
            "{where} is a header of the table {table}; headers are not edited.",
            where=where,
            table=table.name,
        )
    if row > table.last_data_row:
        raise WorkbookRefused(
            "table_totals",
            "{where} is a total of the table {table}; totals are not edited.",
            where=where,
            table=table.name,
        )
