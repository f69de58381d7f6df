"""Blocks of rule sheets: header rows found by their headers, the rows below as typed cells.

Knows layout and cells; knows nothing of what the rows mean.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from ...ooxml.reading.book import Book
from ...plan import Finding, Severity
from ...register import CellRef
from ..headers import fold
from ..layout import REGISTER_EN, REGISTER_ZH, SHEETS, Block, SheetSpec
from ..reading.cell_values import tidy
from .typed_rows import Row

LOOK_ROWS = 20
MOST_ROWS = 5_000
"""A sheet of unknown name with more rows than this is some archive, no rule sheet."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a block's header stands: worksheet row and 1-based column per column key; `last` is its last column."""

    sheet: str
    row: int
    columns: dict[str, int]

    @property
    def last(self) -> int:
        return max(self.columns.values())


def locate(grid: Sequence[Sequence[Any]], sheet: str, block: Block) -> Place | None:
    """The header row that has most of a block's columns, at least half of them and its first; None if there is none."""
    spellings = {
        fold(spelling): column.key for column in block.columns for spelling in (column.key, column.zh, column.en)
    }
    best: Place | None = None
    for number, row in enumerate(grid[:LOOK_ROWS], 1):
        columns: dict[str, int] = {}
        for at, cell in enumerate(row, 1):
            if isinstance(cell, str) and (key := spellings.get(fold(cell))) is not None:
                columns.setdefault(key, at)
        enough = len(columns) * 2 >= len(block.columns) and block.columns[0].key in columns
        if enough and (best is None or len(columns) > len(best.columns)):
            best = Place(sheet, number, columns)
    return best


@dataclass(slots=True)
class RuleSheets:
    """The block sheets of a workbook: cells read once per sheet, findings collected."""

    book: Book
    language: str
    findings: list[Finding] = field(default_factory=list)
    grids: dict[str, list[list[Any]]] = field(default_factory=dict)
    names: dict[str, str | None] = field(default_factory=dict)

    def name_of(self, spec: SheetSpec) -> str | None:
        """The sheet with the spec's zh or en title or its key, else one of unknown name with its headers, else None."""
        if spec.key not in self.names:
            titles = titles_of(spec)
            named = next((name for name in self.book.sheet_names if fold(name) in titles), None)
            self.names[spec.key] = named or self.renamed(spec)
        return self.names[spec.key]

    def renamed(self, spec: SheetSpec) -> str | None:
        """A sheet of unknown name with three quarters of the spec's first headers."""
        if not spec.blocks:
            return None
        known = {title for each in SHEETS for title in titles_of(each)} | {fold(REGISTER_ZH), fold(REGISTER_EN)}
        block = spec.blocks[0]
        for name in self.book.sheet_names:
            if fold(name) not in known and self.book.scan(name).rows <= MOST_ROWS:
                place = locate(self.grid(name), name, block)
                if place is not None and len(place.columns) * 4 >= len(block.columns) * 3:
                    return name
        return None

    def grid(self, name: str) -> list[list[Any]]:
        """All cells from A1 on; error cells hold their text and are reported by `rows`."""
        if name not in self.grids:
            cells = self.book.sheet(name).to_python(skip_empty_area=False)
            self.grids[name] = [list(row) for row in cells]
            self.book.release(name)
        return self.grids[name]

    def place(self, spec: SheetSpec, block: Block, required: Sequence[str]) -> Place | None:
        """Where a block stands; a missing sheet or column is reported once, and gives None."""
        name = self.name_of(spec)
        if name is None:
            return None
        found = locate(self.grid(name), name, block)
        missing = [column for column in block.columns if column.key in required]
        if found is not None:
            missing = [column for column in missing if column.key not in found.columns]
        if missing:
            headers = tuple(column.header(self.language) for column in missing)
            self.findings.append(Finding("QT201", Severity.ERROR, None, "", (("sheet", name), ("columns", headers))))
            return None
        return found

    def rows(self, spec: SheetSpec, block: Block, required: Sequence[str]) -> Iterator[Row]:
        """The rows of a block that hold anything, in sheet order; empty if the block is not there."""
        place = self.place(spec, block, required)
        if place is not None:
            yield from self.rows_at(place)

    def rows_at(self, place: Place) -> Iterator[Row]:
        """The rows below a header."""
        errors = {(row, column): text for row, column, text in self.book.scan(place.sheet).errors}
        for number, cells in enumerate(self.grid(place.sheet)[place.row :], place.row + 1):
            values = {key: cells[at - 1] if at <= len(cells) else "" for key, at in place.columns.items()}
            row = Row(place.sheet, number, values, place.columns, self.findings)
            for key, at in place.columns.items():
                if (number, at) in errors:
                    row.cells[key] = errors[number, at]
                    row.report("QT203", key)
                    row.cells[key] = ""
                    row.broken = True
            if any(not isinstance(value, str) or tidy(value) for value in values.values()):
                yield row


def titles_of(spec: SheetSpec) -> set[str]:
    """The names a sheet may have, folded."""
    return {fold(spec.zh), fold(spec.en), fold(spec.key)}


def twice(rows: Iterable[tuple[Row, str, Any]]) -> set[int]:
    """Rows whose identity an earlier row has; each is reported at its cell `key`. Items: (row, key, identity)."""
    first: dict[Any, CellRef | None] = {}
    later: set[int] = set()
    for row, key, identity in rows:
        if identity in first:
            place = first[identity]
            row.report("QT205", key, Severity.WARNING, other=place.address if place else "")
            later.add(row.number)
        else:
            first[identity] = row.where(key)
    return later
