"""What people typed on the view sheets: over a cell, below the rows, or beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ...ooxml.reading.book import Book
from ...register import CellRef, TypedCell
from ..blocks import Block, BlockFinder
from ..layout import BY_KEY, VIEWS
from .body import field_of
from .seal import KEY, Seal, as_text, read_seal

LONGEST = 500
"""So many characters of what was typed are kept."""


def typed_on_views(book: Book) -> tuple[TypedCell, ...]:
    """Every filled cell of a view that shows something else than the program wrote, in the order of the sheets."""
    finder = BlockFinder(book)
    return tuple(cell for key in VIEWS for cell in _typed(finder, key))


def _typed(finder: BlockFinder, key: str) -> Iterator[TypedCell]:
    block = finder.find(BY_KEY[key])
    if block is None or KEY not in block.columns:
        return
    keys = {at: name for name, at in block.columns.items()}
    places = {column.key: at for at, column in enumerate(each for each in block.spec.columns if each.key != KEY)}
    for row, cells in enumerate(finder.grid(block.sheet)[block.header_row :], block.header_row + 1):
        seal = read_seal(_at(cells, block.columns[KEY]))
        id = _id(block, cells, seal)
        for at, value in enumerate(cells, 1):
            name = keys.get(at, "")
            text = as_text(value)
            if text and not (name == KEY and seal) and _is_typed(name, value, seal, places):
                yield TypedCell(
                    CellRef(block.sheet, row, at), id, field_of(name), text.removesuffix(" 00:00")[:LONGEST]
                )


def _is_typed(name: str, value: Any, seal: Seal | None, places: Mapping[str, int]) -> bool:
    return seal is None or name not in places or seal.differs(places[name], value)


def _id(block: Block, cells: Sequence[Any], seal: Seal | None) -> str:
    """The feedback a row is about: as it was sealed, else as somebody typed it."""
    if seal is not None:
        return seal.id
    return as_text(_at(cells, block.columns["id"])) if "id" in block.columns else ""


def _at(cells: Sequence[Any], column: int) -> Any:
    return cells[column - 1] if column <= len(cells) else None
