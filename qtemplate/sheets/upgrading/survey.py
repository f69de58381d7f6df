"""What a workbook has of the standard one: columns of the register and of blocks, sheets, lists behind drop-downs.

The workbook in use and the standard one of this version are looked at in the same way, so that nothing is called
lacking only because it was looked for differently.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from ...ooxml.reading.book import Book
from ..blocks import Block, BlockFinder
from ..headers import fold
from ..layout import SHEETS
from ..reading.cell_values import tidy
from ..reading.find_register import Found, find_register
from ..standard.ranges import ValueList, value_lists


class ListPlace(Struct, frozen=True):
    """A list in 数据字典: one column, its name in the header row, its values below.

    Attributes:
        key: What the product calls it.
        header: Its name as it stands.
        sheet, header_row, column: Where that stands.
        last_row: Of the values that follow it without a gap; the header row for an empty list.
        values: All its values, folded.
    """

    key: str
    header: str
    sheet: str
    header_row: int
    column: int
    last_row: int
    values: frozenset[str]


class Survey(Struct, frozen=True):
    """What a workbook has.

    Attributes:
        book: The workbook.
        register: Its register.
        sheets: Layout key -> name of the sheet, for those that are there.
        blocks: (layout key, block key) -> where the block stands.
        lists: List key -> where it stands.
        width: Where in 数据字典 the last list stands; 0 without lists.
    """

    book: Book
    register: Found
    sheets: Mapping[str, str]
    blocks: Mapping[tuple[str, str], Block]
    lists: Mapping[str, ListPlace]
    width: int


def survey_workbook(book: Book) -> Survey:
    """Look at a workbook.

    Raises:
        RegisterUnreadable: It has no register sheet.
    """
    finder = BlockFinder(book)
    sheets = {spec.key: name for spec in SHEETS if (name := finder.name_of(spec)) is not None}
    blocks = {
        (spec.key, block.key): found
        for spec in SHEETS
        for block in spec.blocks
        if block.columns and spec.key in sheets and (found := finder.find(spec, block)) is not None
    }
    lists, width = _find_lists(finder, blocks.get(("dictionary", "fields")))
    return Survey(book, find_register(book), sheets, blocks, lists, width)


def _find_lists(finder: BlockFinder, fields: Block | None) -> tuple[dict[str, ListPlace], int]:
    """The lists stand to the right of the block of fields, their names in its header row."""
    if fields is None:
        return {}, 0
    names = {fold(name): each.key for language in ("zh", "en") for each in standard_lists(language)
             for name in (each.name, each.key)}  # fmt: skip
    grid = finder.grid(fields.sheet)
    lists: dict[str, ListPlace] = {}
    width = 0
    for at, header in enumerate(grid[fields.header_row - 1], 1):
        if at <= fields.last or not isinstance(header, str) or not tidy(header):
            continue
        width = at
        key = names.get(fold(header))
        if key is not None and key not in lists:
            lists[key] = _list_place(key, header, fields, at, [row[at - 1 : at] for row in grid[fields.header_row :]])
    return lists, width


def _list_place(key: str, header: str, fields: Block, column: int, cells: list[list[Any]]) -> ListPlace:
    texts = [fold(cell[0]) if cell and cell[0] != "" else "" for cell in cells]
    length = next((place for place, text in enumerate(texts) if not text), len(texts))
    last, known = fields.header_row + length, frozenset(filter(None, texts))
    return ListPlace(key, header, fields.sheet, fields.header_row, column, last, known)


def standard_lists(language: str) -> tuple[ValueList, ...]:
    """The lists of the standard workbook in a language."""
    return value_lists(language, (), ())
