"""What people typed on the view sheets, over a cell, below the rows or beside them, and what they cleared there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ...fields import FIELDS
from ...ooxml.reading.book import Book
from ...register import CellRef, TypedCell
from ..blocks import Block, BlockFinder
from ..layout import BY_KEY, VIEWS
from .seal import KEY, Seal, as_text, read_seal

LONGEST = 500
"""So many characters of what was typed are kept."""


def typed_on_views(book: Book) -> tuple[TypedCell, ...]:
    """Every cell of a view that shows something else than the program wrote, in the order of the sheets.

    One that was cleared has no text. A row that was cleared as a whole is told once, by its id.
    """
    finder = BlockFinder(book)
    return tuple(cell for key in VIEWS for cell in _typed(finder, key))


def _typed(finder: BlockFinder, key: str) -> Iterator[TypedCell]:
    block = finder.find(BY_KEY[key])
    if block is None or KEY not in block.columns:
        return
    keys = {at: name for name, at in block.columns.items()}
    places = {column.key: at for at, column in enumerate(each for each in block.spec.columns if each.key != KEY)}
    for row, cells in enumerate(finder.grid(block.sheet)[block.header_row :], block.header_row + 1):
        texts = [as_text(cell) for cell in cells]
        sealed = block.columns[KEY]
        seal = read_seal(cells[sealed - 1]) if sealed <= len(cells) else None  # begins with a space where no id is
        id = _id(block, texts, seal)
        if seal is not None:
            for name in _cleared(block, texts, seal, places):
                yield TypedCell(CellRef(block.sheet, row, block.columns[name]), id, field_of(name), "")
        for at, text in enumerate(texts, 1):
            name = keys.get(at, "")
            if text and not (name == KEY and seal) and _is_typed(name, text, seal, places):
                yield TypedCell(
                    CellRef(block.sheet, row, at), id, field_of(name), text.removesuffix(" 00:00")[:LONGEST]
                )


def _cleared(block: Block, texts: Sequence[str], seal: Seal, places: Mapping[str, int]) -> list[str]:
    """The columns in which the program wrote something and nothing stands; just the id where that is all of them.

    The id itself is a formula, which other programs may save without its result.
    """
    written = [name for name in block.columns if name in places and name != "id" and seal.filled(places[name])]
    gone = [name for name in written if not _at(texts, block.columns[name])]
    return ["id"] if len(gone) > 1 and gone == written and "id" in block.columns else gone


def _is_typed(name: str, text: str, seal: Seal | None, places: Mapping[str, int]) -> bool:
    return seal is None or name not in places or seal.differs(places[name], text)


def _id(block: Block, texts: Sequence[str], seal: Seal | None) -> str:
    """The feedback a row is about: as it was sealed, else as somebody typed it."""
    if seal is not None:
        return seal.id
    return _at(texts, block.columns["id"]) if "id" in block.columns else ""


def _at(texts: Sequence[str], column: int) -> str:
    return texts[column - 1] if column <= len(texts) else ""


def field_of(key: str) -> str:
    """The column of the register that a column of a view shows; "" for one that tells what to do."""
    return {"due": "clock"}.get(key, key if key in FIELDS else "")
