"""Tables on sheets, found by their headers. The same finder serves reading and writing: what is read can be written.

Knows the layout and an opened book; knows nothing of what the rows mean.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
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
        most = sum(isinstance(cell, str) for cell in row)  # no row has more headers than texts
        if most * 2 < len(spec.columns) or (best is not None and most <= len(best.columns)):
            continue
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


class Seen(Struct):
    """What was found in a book so far: cells of sheets, their first rows, sheets by layout key, blocks by both keys."""

    grids: dict[str, list[list[Any]]] = field(default_factory=dict)
    tops: dict[str, list[list[Any]]] = field(default_factory=dict)
    names: dict[str, str | None] = field(default_factory=dict)
    blocks: dict[tuple[str, str], Block | None] = field(default_factory=dict)


class BlockFinder:
    """Finds the blocks of a workbook; what one of them has seen of a book, the next one knows."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self._seen: Seen = book.known.setdefault("blocks", Seen())

    def grid(self, name: str) -> list[list[Any]]:
        """All cells of a sheet from A1 on; error cells are empty. Nobody changes them."""
        grids = self._seen.grids
        if name not in grids:
            grids[name] = self.book.sheet(name).to_python(skip_empty_area=False)
        return grids[name]

    def top(self, name: str) -> list[list[Any]]:
        """The cells of a sheet down to where no header is looked for any more, at least."""
        seen = self._seen
        if name not in seen.tops:
            top = None if name in seen.grids else self.book.top(name, LOOK_ROWS + 1)
            seen.tops[name] = self.grid(name) if top is None else top
        return seen.tops[name]

    def any_below(self, block: Block, holds: Callable[[Sequence[Any]], bool]) -> bool:
        """Whether that holds for a row below the header; the first ones tell it of most sheets."""
        return any(map(holds, self.top(block.sheet)[block.header_row :])) or any(
            map(holds, self.grid(block.sheet)[block.header_row :])
        )

    def texts(self, name: str, row: int) -> dict[int, str]:
        """The texts of a worksheet row, by column."""
        there = self.grid(name)[row - 1 : row]
        return {at: cell for cells in there for at, cell in enumerate(cells, 1) if isinstance(cell, str) and cell}

    def find(self, spec: SheetSpec, block: BlockSpec | None = None) -> Block | None:
        """A block of a sheet, the first one by default; None when there is no such sheet or header."""
        block = block or spec.blocks[0]
        key = (spec.key, block.key)
        if key not in self._seen.blocks:
            self._seen.blocks[key] = self._look_for(spec, block)
        return self._seen.blocks[key]

    def _look_for(self, spec: SheetSpec, block: BlockSpec) -> Block | None:
        name = self.name_of(spec)
        found = None if name is None else find_header(self.top(name), name, block)
        if found is None:
            return None
        columns = found.columns.values()
        free = not self.any_below(found, lambda row: holds(row, columns))
        found = replace(found, table=self._table(found), free_row=found.header_row + 1 if free else None)
        return found if spec.writer is not Writer.PROGRAM or self._is_ours(found) else None

    def name_of(self, spec: SheetSpec) -> str | None:
        """The sheet with the spec's zh or en title or its key, else one of unknown name that holds its block."""
        names = self._seen.names
        if spec.key not in names:
            titles = titles_of(spec)
            named = next((name for name in self.book.sheet_names if fold(name) in titles), None)
            names[spec.key] = named or self._renamed(spec)
        return names[spec.key]

    def likeliest(self, spec: SheetSpec) -> str:
        """The sheet of unknown name that a missing one most likely is: by its headers, else by its name; or empty."""
        block, names = spec.blocks[0], [name for name in self._strangers() if self.book.scan(name).rows <= MOST_ROWS]
        found = [place for name in names if (place := find_header(self.top(name), name, block)) is not None]
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
                and (place := find_header(self.top(name), name, block)) is not None
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
