"""What is lacking, laid out: which columns, sheets and values the workbook engine shall add, and where."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from ...fields import FIELDS, Field
from ...ooxml.add import Additions, CellBlock, ListValues, NewCells, NewColumn, NewSheet, Validation
from ...ooxml.package.tables import Table
from ...ooxml.references import Area, parse_cell
from ..blocks import Block
from ..layout import BY_KEY
from ..standard.dashboard_sheet import CHOICE_LABELS, CHOICES
from ..standard.register_sheet import CENTRED
from .formulas import SheetMap, Untranslatable, translate
from .lacking import REGISTER, Lack
from .standard_columns import StandardColumns
from .survey import Survey, standard_lists
from .things import What


class Place(Struct, frozen=True):
    """Where new columns come: a table or cells that are none, the sheet, and the first new column."""

    target: str | CellBlock
    sheet: str
    first: int


@dataclass(slots=True)
class Layout:
    """Lays out what is added to one workbook.

    Args:
        ours: The workbook in use.
        standard: The standard workbook.
        donor: The file of the standard workbook.
        language: Of both.
        lacks: What is to be added.
    """

    ours: Survey
    standard: Survey
    donor: Path
    language: str
    lacks: Sequence[Lack]
    maps: dict[str, SheetMap] = field(default_factory=dict)
    looks: StandardColumns = field(init=False)

    def __post_init__(self) -> None:
        self.looks = StandardColumns(self.standard.book)
        self.maps = dict(self._map_sheets())

    def additions(self) -> Additions:
        """Everything for one patch."""
        columns: dict[str | CellBlock, Sequence[NewColumn]] = {}
        for (sheet, block), lacks in self._by_block().items():
            place = self._register_place() if sheet == REGISTER else _block_place(self.ours, self._block(sheet, block))
            columns[place.target] = [self._column(lack, place) for lack in lacks]
        lists = [lack for lack in self.lacks if lack.what is What.LIST]
        if lists:
            columns[self._lists_place().target] = [self._list(lack) for lack in lists]
        sheets = [
            NewSheet(lack.name, self.donor, self.standard.sheets[lack.key], self._formula_of(lack))
            for lack in self.lacks
            if lack.what is What.SHEET
        ]
        return Additions(columns, sheets, list(self._values()), list(self._choice()))

    # ---- where things come ------------------------------------------------------------------------------------------

    def _by_block(self) -> dict[tuple[str, str], list[Lack]]:
        groups: dict[tuple[str, str], list[Lack]] = {}
        for lack in self.lacks:
            if lack.what is What.COLUMN:
                key = lack.key.partition(".")[2]
                blocks = () if lack.sheet == REGISTER else BY_KEY[lack.sheet].blocks
                block = next((b.key for b in blocks if any(column.key == key for column in b.columns)), "")
                groups.setdefault((lack.sheet, block), []).append(lack)
        return groups

    def _block(self, sheet: str, block: str) -> Block:
        return self.ours.blocks[sheet, block]

    def _register_place(self) -> Place:
        header, table = self.ours.register.header, self.ours.register.table
        if table is not None:
            return Place(table.name, header.sheet, table.area.last_column + 1)
        last = max(header.row + 1, len(self.ours.book.sheet(header.sheet).to_python(skip_empty_area=False)))
        area = Area(header.row, min(header.texts), last, max(header.texts))
        return Place(CellBlock(header.sheet, area), header.sheet, area.last_column + 1)

    def _lists_place(self) -> Place:
        block, width = self.ours.blocks["dictionary", "fields"], self.ours.width
        width = width or block.last + 1  # one column stays free between the fields and the lists
        area = Area(block.header_row, width, block.header_row + 1, width)
        return Place(CellBlock(block.sheet, area), block.sheet, width + 1)

    # ---- what comes -------------------------------------------------------------------------------------------------

    def _column(self, lack: Lack, place: Place) -> NewColumn:
        if lack.sheet == REGISTER:
            wanted = FIELDS[lack.key]
            home, there = self.standard.register.header.sheet, self.standard.register.header.fields[wanted][0]
            first = self.standard.register.header.row + 1
        else:
            wanted, (home, there, first) = None, self._standard_place(lack)
        look = self.looks.column(home, first, there)
        model = None if wanted is None else _model(self.ours, wanted)
        return NewColumn(
            lack.name,
            like="" if model is None else model[1],
            above="" if wanted is None else _of_its_stage(self.ours, wanted),
            number_format=None if model is not None and wanted is not None and model[0].kind is wanted.kind
            else look.number_format,
            width=look.width,
            validation=self._validation(look.validation, home),
        )  # fmt: skip

    def _standard_place(self, lack: Lack) -> tuple[str, int, int]:
        key = lack.key.partition(".")[2]
        found = next(
            block for (sheet, _), block in self.standard.blocks.items() if sheet == lack.sheet and key in block.columns
        )
        return found.sheet, found.columns[key], found.header_row + 1

    def _validation(self, check: Validation | None, home: str) -> Validation | None:
        """What may be typed, named as things are named here; nothing where it rests on something that is not here."""
        if check is None:
            return None
        try:
            return replace(check, formulas=tuple(translate(text, home, self.maps) for text in check.formulas))
        except Untranslatable:
            return None

    def _list(self, lack: Lack) -> NewColumn:
        place = self.standard.lists[lack.key]
        values = next(each.values for each in standard_lists(self.language) if each.key == lack.key)
        look = self.looks.column(place.sheet, place.header_row + 1, place.column)
        return NewColumn(lack.name, number_format=look.number_format, width=look.width, values=values)

    def _values(self) -> Iterator[ListValues]:
        groups: dict[str, list[str]] = {}
        for lack in self.lacks:
            if lack.what is What.VALUE:
                groups.setdefault(lack.key, []).append(lack.name)
        for key, values in groups.items():
            place = self.ours.lists[key]
            area = Area(place.header_row + 1, place.column, max(place.last_row, place.header_row + 1), place.column)
            yield ListValues(place.sheet, area, values)

    def _formula_of(self, lack: Lack) -> _Translated:
        return _Translated(self.standard.sheets[lack.key], self.maps)

    def _choice(self) -> Iterator[NewCells]:
        """The cells on 看板 in which people choose what a new sheet 统计 shows."""
        if not any(lack.what is What.SHEET and lack.key == "figures" for lack in self.lacks):
            return
        home, here = self.standard.sheets["dashboard"], self.ours.sheets["dashboard"]
        cells = {address: translate(address, home, self.maps) for address in (*CHOICE_LABELS, *CHOICES)}
        checks = {}
        for address in CHOICES:
            row, column = parse_cell(address)
            check = self._validation(self.looks.column(home, row, column).validation, home)
            if check is not None:
                checks[cells[address]] = check
        yield NewCells(here, self.donor, home, cells, checks)

    # ---- where the things of the standard workbook stand here -------------------------------------------------------

    def _map_sheets(self) -> Iterator[tuple[str, SheetMap]]:
        new = {lack.key for lack in self.lacks if lack.what is What.SHEET}
        yield self.standard.register.header.sheet, self._map_register()
        for key, there in self.standard.sheets.items():
            if key in new:
                yield there, SheetMap(BY_KEY[key].title(self.language))
            elif key == "dashboard" and key in self.ours.sheets:
                yield there, SheetMap(self.ours.sheets[key], rows=_free_rows(self.ours, self.ours.sheets[key]))
            elif key in self.ours.sheets:
                yield there, self._map_blocks(key)

    def _map_register(self) -> SheetMap:
        ours, theirs = self.ours.register.header, self.standard.register.header
        columns = {at[0]: ours.fields[each][0] for each, at in theirs.fields.items() if each in ours.fields}
        place = self._register_place()
        new = [lack for lack in self.lacks if lack.what is What.COLUMN and lack.sheet == REGISTER]
        columns |= {theirs.fields[FIELDS[lack.key]][0]: at for at, lack in enumerate(new, place.first)}
        return SheetMap(ours.sheet, columns, ours.row - theirs.row, theirs.row)

    def _map_blocks(self, key: str) -> SheetMap:
        made = SheetMap(self.ours.sheets[key], {})
        assert made.columns is not None
        for (sheet, block), theirs in self.standard.blocks.items():
            ours = self.ours.blocks.get((sheet, block))
            if sheet == key and ours is not None:
                made.columns |= {at: ours.columns[name] for name, at in theirs.columns.items() if name in ours.columns}
                made.rows, made.header_row = ours.header_row - theirs.header_row, theirs.header_row
        if key == "dictionary":
            self._map_lists(made, made.columns)
        return made

    def _map_lists(self, made: SheetMap, columns: dict[int, int]) -> None:
        more = [lack.key for lack in self.lacks if lack.what is What.VALUE]
        for key, ours in self.ours.lists.items():
            if (theirs := self.standard.lists.get(key)) is not None:
                columns[theirs.column] = ours.column
                made.ends[theirs.column] = (theirs.last_row, ours.last_row + more.count(key))
        new = [lack.key for lack in self.lacks if lack.what is What.LIST]
        for at, key in enumerate(new, self._lists_place().first if new else 0):
            theirs = self.standard.lists[key]
            columns[theirs.column] = at
            made.ends[theirs.column] = (theirs.last_row, theirs.last_row + made.rows)


class _Translated(Struct, frozen=True):
    """Formulas of a new sheet; none where they rest on something that is not here."""

    home: str
    maps: dict[str, SheetMap]

    def __call__(self, formula: str) -> str | None:
        try:
            return translate(formula, self.home, self.maps)
        except Untranslatable:
            return None


def _free_rows(ours: Survey, sheet: str) -> int:
    """By how many rows the choice on 看板 stands lower than in the standard workbook: where its cells are free."""
    grid = ours.book.sheet(sheet).to_python(skip_empty_area=False)
    columns = [parse_cell(address)[1] for address in (*CHOICE_LABELS, *CHOICES)]
    wide = range(min(columns), max(columns) + 2)  # the name of a product runs over the next one
    taken = [row for row, cells in enumerate(grid) if any(cells[at - 1 : at] not in ([], [""]) for at in wide)]
    return next(row for row in range(len(grid) + 1) if row not in taken)


def _block_place(ours: Survey, block: Block) -> Place:
    for table in ours.book.tables(block.sheet):
        if table.name == block.table:
            return Place(table.name, block.sheet, table.area.last_column + 1)
    rows = len(ours.book.sheet(block.sheet).to_python(skip_empty_area=False))
    area = Area(block.header_row, min(block.columns.values()), max(rows, block.header_row + 1), block.last)
    return Place(CellBlock(block.sheet, area), block.sheet, block.last + 1)


def _model(ours: Survey, wanted: Field) -> tuple[Field, str] | None:
    """The column of the register's table that looks most like what a field shall look like, and its header."""

    def likeness(entry: tuple[Field, str]) -> tuple[bool, ...]:
        each = entry[0]
        return (
            # the look of a header says whether its column may go outside, and who fills it: a wrong one would mislead
            each.public is wanted.public,
            each.filler is wanted.filler,
            each.kind is wanted.kind,
            (each.kind in CENTRED) is (wanted.kind in CENTRED),
            not each.visible,
        )

    return max(_in_table(ours), key=likeness, default=None)


def _of_its_stage(ours: Survey, wanted: Field) -> str:
    """The header of a column over which the band shows the field's stage; "" where there is none."""
    return next((header for each, header in _in_table(ours) if each.stage is wanted.stage), "")


def _in_table(ours: Survey) -> list[tuple[Field, str]]:
    """The known columns of the register's table, and their headers."""
    table, fields = ours.register.table, ours.register.header.fields
    if table is None:
        return []
    first = table.area.first_column
    return [(each, table.columns[at[0] - first]) for each, at in fields.items() if _covers(table, at[0])]


def _covers(table: Table, column: int) -> bool:
    return table.area.first_column <= column <= table.area.last_column and not table.defect
