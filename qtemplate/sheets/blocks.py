"""Tables on sheets, found by their headers. The same finder serves reading and writing: what is read can be written.

Knows the layout and an opened book; knows nothing of what the rows mean.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from ..ooxml.reading.book import Book
from .headers import fold, nearest
from .layout import BY_KEY, REGISTER_EN, REGISTER_ZH, SHEETS, BlockSpec, Column, SheetSpec, Writer
from .reading.cell_values import tidy

LOOK_ROWS = 30
"""Rows from the top in which a header is looked for."""

MOST_ROWS = 5_000
"""A sheet of unknown name with more rows than this is some archive, unless it has the block's own Excel table."""

Grid = Sequence[Sequence[Any]]
"""The cells of a sheet from A1 on."""


class Block(Struct, frozen=True):
    """A table found on a sheet by its header.

    Attributes:
        spec: What it is declared to hold.
        sheet, header_row: Where its header stands.
        columns: Column key -> 1-based worksheet column; of two columns with the same header the left one.
        headers: Column key -> header as it stands.
        doubled: Column key -> the columns further right that have the same header.
        others: Worksheet column -> header that names no column of the block.
        table: The Excel table with this header, whatever people call it; empty if there is none.
        free_row: The row below the header while the block holds nothing at all, else None: rows are appended then.
    """

    spec: BlockSpec
    sheet: str
    header_row: int
    columns: Mapping[str, int]
    headers: Mapping[str, str]
    doubled: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    others: Mapping[int, str] = field(default_factory=dict)
    table: str = ""
    free_row: int | None = None

    @property
    def last(self) -> int:
        """Its last column."""
        return max(self.columns.values())

    @property
    def missing(self) -> tuple[Column, ...]:
        """The declared columns that have no header."""
        return tuple(column for column in self.spec.columns if column.key not in self.columns)

    def respelt(self, column: Column) -> int | None:
        """The worksheet column whose header is spelt much like that of a missing one."""
        for name in (column.zh, column.en):
            if near := nearest(name, list(self.others.values())):
                return next(at for at, header in self.others.items() if header == near)
        return None

    def candidate(self, column: Column) -> int | None:
        """The worksheet column that a missing one most likely is: by its name, else by where it stands."""
        at = self.respelt(column)
        if at is not None:
            return at
        if column.later:  # what stands in its place may have been there before it
            return None
        keys = [each.key for each in self.spec.columns]
        place = keys.index(column.key)
        known = sorted((abs(at - place), self.columns[key] + place - at) for at, key in enumerate(keys)
                       if key in self.columns)  # fmt: skip
        return next((at for _, at in known if at in self.others), None)


def find_header(grid: Grid, sheet: str, spec: BlockSpec) -> Block | None:
    """The row near the top that has most of a block's headers, at least half of them; None if there is none."""
    spellings = {fold(name): column.key for column in spec.columns for name in (column.key, column.zh, column.en)}
    best: Block | None = None
    for number, row in enumerate(grid[:LOOK_ROWS], 1):
        found: dict[str, list[int]] = {}
        others: dict[int, str] = {}
        for at, cell in enumerate(row, 1):
            if isinstance(cell, str) and (folded := fold(cell)):
                if folded in spellings:
                    found.setdefault(spellings[folded], []).append(at)
                else:
                    others[at] = cell.strip()
        if len(found) * 2 >= max(len(spec.columns), 1) and (best is None or len(found) > len(best.columns)):
            columns = {key: at[0] for key, at in found.items()}
            headers = {key: str(row[at - 1]) for key, at in columns.items()}
            doubled = {key: tuple(at[1:]) for key, at in found.items() if len(at) > 1}
            best = Block(spec, sheet, number, columns, headers, doubled, others)
    return best


class BlockFinder(Struct):
    """Finds the blocks of a workbook; the cells of a sheet are read once."""

    book: Book
    grids: dict[str, list[list[Any]]] = field(default_factory=dict)
    names: dict[str, str | None] = field(default_factory=dict)

    def grid(self, name: str) -> list[list[Any]]:
        """All cells of a sheet from A1 on; error cells are empty."""
        if name not in self.grids:
            self.grids[name] = [list(row) for row in self.book.sheet(name).to_python(skip_empty_area=False)]
        return self.grids[name]

    def texts(self, name: str, row: int) -> dict[int, str]:
        """The texts of a worksheet row, by column."""
        there = self.grid(name)[row - 1 : row]
        return {at: cell for cells in there for at, cell in enumerate(cells, 1) if isinstance(cell, str) and cell}

    def find(self, spec: SheetSpec, block: BlockSpec | None = None) -> Block | None:
        """A block of a sheet, the first one by default; None when there is no such sheet or header."""
        block, name = block or spec.blocks[0], self.name_of(spec)
        found = None if name is None else find_header(self.grid(name), name, block)
        if found is None:
            return None
        grid, columns = self.grid(found.sheet), found.columns.values()
        free = not any(holds(row, columns) for row in grid[found.header_row :])
        found = replace(found, table=self._table(found), free_row=found.header_row + 1 if free else None)
        return found if spec.writer is not Writer.PROGRAM or self._is_ours(found) else None

    def name_of(self, spec: SheetSpec) -> str | None:
        """The sheet with the spec's zh or en title or its key, else one of unknown name that holds its block."""
        if spec.key not in self.names:
            titles = titles_of(spec)
            named = next((name for name in self.book.sheet_names if fold(name) in titles), None)
            self.names[spec.key] = named or self._renamed(spec)
        return self.names[spec.key]

    def likeliest(self, spec: SheetSpec) -> str:
        """The sheet of unknown name that a missing one most likely is: by its headers, else by its name; or empty."""
        block, names = spec.blocks[0], [name for name in self._strangers() if self.book.scan(name).rows <= MOST_ROWS]
        found = [place for name in names if (place := find_header(self.grid(name), name, block)) is not None]
        best = max(found, key=lambda place: len(place.columns), default=None)
        return best.sheet if best is not None else nearest(spec.zh, names) or nearest(spec.en, names)

    def _renamed(self, spec: SheetSpec) -> str | None:
        """A sheet of unknown name with the block's own Excel table, or with three quarters of its headers.

        Headers alone are not enough for a sheet that the program writes whole: it may be what a person has kept of it.
        """
        if not spec.blocks:
            return None
        block, names = spec.blocks[0], self._strangers()
        own = [name for name in names if any(table.name == block.table for table in self.book.tables(name))]
        if spec.writer is not Writer.PROGRAM and not own:
            own = [
                name for name in names
                if self.book.scan(name).rows <= MOST_ROWS
                and (place := find_header(self.grid(name), name, block)) is not None
                and len(place.columns) * 4 >= len(block.columns) * 3
            ]  # fmt: skip
        return own[0] if own else None

    def _strangers(self) -> list[str]:
        """The sheets whose names are not in the layout."""
        known = {title for each in SHEETS for title in titles_of(each)} | {fold(REGISTER_ZH), fold(REGISTER_EN)}
        return [name for name in self.book.sheet_names if fold(name) not in known]

    def _table(self, block: Block) -> str:
        """The Excel table that begins with the header and covers most of the block's columns."""
        covered = {
            table.name: sum(table.area.holds(block.header_row, at) for at in block.columns.values())
            for table in self.book.tables(block.sheet)
            if table.area.first_row == block.header_row
        }
        return max((name for name, count in covered.items() if count), key=covered.__getitem__, default="")

    def _is_ours(self, block: Block) -> bool:
        """Whether the program may replace what stands below: its own table, or all headers but one at the most."""
        always = [column.key in block.columns for column in block.spec.columns if not column.later]
        return block.table == block.spec.table or always.count(False) <= 1


def find_block(book: Book, key: str) -> Block | None:
    """The first block of a sheet, by its key in the layout."""
    return BlockFinder(book).find(BY_KEY[key])


def holds(row: Sequence[Any], columns: Iterable[int]) -> bool:
    """Whether a row has anything in one of the columns."""
    cells = (row[at - 1] for at in columns if at <= len(row))
    return any(bool(tidy(cell)) if isinstance(cell, str) else cell is not None for cell in cells)


def titles_of(spec: SheetSpec) -> set[str]:
    """The names a sheet may have, folded."""
    return {fold(spec.zh), fold(spec.en), fold(spec.key)}
