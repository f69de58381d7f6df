"""Which row of a sheet is the header: below titles, over two rows, in two languages, beside another table.

Pure: a `Grid` and the words in, a `HeaderRow` out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct, field

from ..reading.adopted import TOTALS
from .grid import LOOK_ROWS, Grid, is_blank
from .names import ASK, LONGEST, SURE, Named, fields_named, headline
from .vocabulary import Vocabulary

FEWEST_HEADERS = 3
LONGEST_HEADER = 60
LONGEST_CHILD = 40
ENOUGH = 8
"""Filled cells that are a row of data, even if some hold spaces only."""


class Reader(Struct):
    """Looks headers up, each text once."""

    words: Vocabulary
    known: dict[str, dict[str, Named]] = field(default_factory=dict)

    def named(self, header: str) -> dict[str, Named]:
        if header not in self.known:
            self.known[header] = fields_named(header, self.words)
        return self.known[header]

    def best(self, header: str) -> Named | None:
        return max(self.named(header).values(), key=lambda named: named.score, default=None)


class HeaderRow(Struct, frozen=True):
    """The header of a sheet.

    Attributes:
        row: 1-based worksheet row; of a header over two rows the one that holds most of it.
        first_data: Worksheet row of the first row below all of it.
        headers: 1-based column -> text as it is written.
        also: Column -> other texts that head it: the merged one above, the other language below.
        worth: How much it looks like the header of a register.
    """

    sheet: str
    row: int
    first_data: int
    headers: Mapping[int, str]
    also: Mapping[int, tuple[str, ...]]
    worth: float

    def named(self, column: int, reader: Reader) -> dict[str, Named]:
        """What a column's header names; what stands above and below it helps where the header alone is not enough."""
        found = dict(reader.named(self.headers[column]))
        if max((named.score for named in found.values()), default=0.0) >= SURE:
            return found
        for text in self.also.get(column, ()):
            for key, named in reader.named(text).items():
                if named.score > (found[key].score if key in found else 0.0):
                    found[key] = named
        return found


def find_header(grid: Grid, reader: Reader) -> HeaderRow | None:
    """The row that looks most like the header of a register, None where no row has three texts."""
    rows = [
        (worth, -number) for number in range(1, LOOK_ROWS + 1) if (worth := _worth(grid, number, reader)) is not None
    ]
    if not rows:
        return None
    worth, at = max(rows)
    return _whole_header(grid, -at, worth, reader)


def _worth(grid: Grid, number: int, reader: Reader) -> float | None:
    """How much a row looks like a header: known names, all different, texts only, not repeated below."""
    texts = {column: text for column, text in grid.texts(number).items() if len(headline(text)) <= LONGEST}
    if len(texts) < FEWEST_HEADERS:
        return None
    fields: dict[str, float] = {}
    for text in texts.values():
        best = reader.best(text)
        if best is not None:
            fields[best.field] = max(best.score, fields.get(best.field, 0.0))
    columns = [(column - grid.left, text) for column, text in texts.items()]
    below = [row for at in range(number + 1, number + 16) if not _is_again(row := grid.row(at), columns)]
    repeated = sum(any(at < len(row) and row[at] == text for row in below) for at, text in columns)
    body = sum(any(at < len(row) and not is_blank(row[at]) for row in below) for at, _ in columns)
    different = len({text.strip() for text in texts.values()}) / len(texts)
    only_text = len(texts) / grid.filled(number)
    titles = sum(1 for (row, first), last in grid.across.items() if row == number and last - first >= 3)
    return (
        sum(fields.values())
        + 0.2 * min(len(texts), 12) * different * only_text
        + 0.5 * body / len(texts)
        - 1.5 * repeated / len(texts)
        - 0.5 * titles
        - 0.02 * number
    )  # fmt: skip


def _is_again(row: Sequence[Any], columns: Sequence[tuple[int, str]]) -> bool:
    """Whether a row is the header once more, of another part of the register."""
    same = [at for at, text in columns if at < len(row) and row[at] == text]
    return len(same) * 2 > len(columns)


def _whole_header(grid: Grid, row: int, worth: float, reader: Reader) -> HeaderRow:
    """The header with what belongs to it in the rows above and below."""
    headers = dict(grid.texts(row))
    also: dict[int, list[str]] = {}
    first_data = row + 1
    children = _children(grid, row)
    if children:
        for column, (text, parent) in children.items():
            headers[column] = text
            also[column] = [f"{parent}{text}", parent] if len(parent) + len(text) <= LONGEST_HEADER else [parent]
        first_data = row + 2
    elif _says_the_same(grid, row, row + 1, headers, reader):
        for column, text in grid.texts(row + 1).items():
            also.setdefault(column, []).append(text)
            headers.setdefault(column, text)
        first_data = row + 2
    if row > 1:
        above = grid.texts(row - 1)
        if _says_the_same(grid, row, row - 1, headers, reader):
            for column, text in above.items():
                also.setdefault(column, []).append(text)
        else:
            for column, text in above.items():
                if column not in headers and (row - 1, column) in grid.tall and (row, column) in grid.tall:
                    headers[column] = text
                last = grid.across.get((row - 1, column), column)
                for below in range(column, last + 1):
                    if below in headers and last - column < 8 and len(text) <= 12:
                        also.setdefault(below, []).append(f"{text}{headers[below]}")
    headers = {column: headers[column] for column in sorted(headers) if len(headers[column]) <= 200}
    kept = _one_table(grid, first_data, headers, reader)
    return HeaderRow(grid.sheet, row, first_data, {at: headers[at] for at in kept},
                     {at: tuple(texts) for at, texts in also.items()}, worth)  # fmt: skip


def _children(grid: Grid, row: int) -> dict[int, tuple[str, str]]:
    """Headers below headers merged over several columns: column -> (text, the merged one)."""
    above, below = grid.texts(row), grid.texts(row + 1)
    found: dict[int, tuple[str, str]] = {}
    for (at, first), last in grid.across.items():
        if at == row and first in above and not {(row, first), (row + 1, first)} <= grid.tall:
            children = (column for column in range(first, last + 1) if len(below.get(column, "")) <= LONGEST_CHILD)
            found |= {column: (below[column], above[first]) for column in children if column in below}
    tall = any({(row, column), (row + 1, column)} <= grid.tall for column in above)
    return found if len(found) >= 2 and (tall or not below.keys() - found.keys()) else {}


def _says_the_same(grid: Grid, row: int, other: int, headers: Mapping[int, str], reader: Reader) -> bool:
    """Whether another row heads the same columns with the same fields, as a second language does."""
    texts = grid.texts(other)
    shared = [column for column in headers if column in texts and len(texts[column]) <= LONGEST_HEADER]
    if len(shared) < FEWEST_HEADERS or len(shared) * 2 < len(headers):
        return False
    same = 0
    for column in shared:
        one, two = reader.best(headers[column]), reader.named(texts[column])
        same += one is not None and one.field in two and two[one.field].score >= ASK
    return same >= FEWEST_HEADERS and same * 2 >= len(shared)


def _one_table(grid: Grid, first: int, headers: Mapping[int, str], reader: Reader) -> list[int]:
    """Columns of the table that is the register, where others stand beside it behind an empty column."""
    blocks: list[list[int]] = []
    for column in headers:
        gap = (
            blocks
            and column - blocks[-1][-1] > 1
            and all(
                is_blank(cell)
                for number in range(first, first + 30)
                for cell in grid.row(number)[blocks[-1][-1] + 1 - grid.left : column - grid.left]
            )
        )
        if not blocks or gap:
            blocks.append([])
        blocks[-1].append(column)
    if len(blocks) == 1:
        return blocks[0]
    main = max(blocks, key=lambda block: len({best.field for at in block if (best := reader.best(headers[at]))}))
    rows = _filled_rows(grid, first, main)
    kept = [
        block for block in blocks if block is main or len(_filled_rows(grid, first, block) & rows) * 2 > len(rows) > 3
    ]
    return sorted(column for block in kept for column in block)


def _filled_rows(grid: Grid, first: int, columns: Sequence[int]) -> set[int]:
    places = [column - grid.left for column in columns]
    rows = ((number, grid.row(number)) for number in range(first, len(grid.rows) + 1))
    return {number for number, row in rows if any(at < len(row) and not is_blank(row[at]) for at in places)}


def rows_of_table(
    rows: Iterable[Sequence[Any]], columns: Sequence[int], left: int, reader: Reader
) -> Iterator[list[Any]]:
    """The rows that hold something, cut to the table's columns: no totals, no footers, no other table below.

    Args:
        rows: From the first row below the header.
        columns: 1-based worksheet columns of the table.
        left: 1-based worksheet column of a row's first cell.
    """
    places = [column - left for column in columns]
    fewest = 2 if len(places) >= 5 else 1
    empty = 0
    for row in rows:
        cells = [row[at] if at < len(row) else None for at in places]
        filled = [cell for cell in cells if cell is not None and cell != ""]
        if len(filled) < fewest or (len(filled) < ENOUGH and sum(not is_blank(cell) for cell in filled) < fewest):
            empty += 1  # a blank row, a number waiting for its row, a footer
            continue
        if empty and heads_table(filled, reader):
            return
        empty = 0
        first = filled[0]
        if isinstance(first, str) and first.strip(" :：").casefold() in TOTALS:
            continue
        yield cells


def heads_table(cells: Sequence[Any], reader: Reader) -> bool:
    """Whether a row below an empty one begins another table."""
    texts = [cell for cell in cells if isinstance(cell, str) and len(cell) <= 20]
    if len(texts) < len(cells) or len(texts) < FEWEST_HEADERS:
        return False
    fields = Counter(best.field for text in texts if (best := reader.best(text)) and best.score >= SURE)
    return len(fields) >= FEWEST_HEADERS and len(fields) * 2 >= len(texts)
