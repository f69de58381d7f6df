"""What is the matter with a part that cannot be read: the first cell that no reader can take, or where its XML breaks.

Asked only about what calamine refused, which says what it met but not where.
Source: ECMA-376 part 1, 18.3.1.4 (c), 18.18.11 (cell types).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from lxml import etree

from qtemplate.errors import RegisterUnreadable
from qtemplate.ooxml.markup import attribute, text_of
from qtemplate.ooxml.reading.scan import VALUE, Pieces, cells_of, numbered_rows
from qtemplate.ooxml.references import LAST_COLUMN, column_name

_NUMBER: Final = re.compile(r"\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*|[+-]?(?:nan|inf|infinity)", re.I)
_TRUTH: Final = re.compile(r"\s*(?:0|1|true|false)\s*", re.I)
_ADDRESS: Final = re.compile(r"[A-Za-z]{1,3}[1-9][0-9]{0,6}")
_ITEM: Final = re.compile(rb"<(?:\w+:)?si(?=[\s/>])")
_UNFINISHED: Final = 32
_TYPES: Final = ("b", "d", "e", "inlineStr", "n", "s", "str")


def refuse_broken_cells(book: str, sheet: str, pieces: Pieces, texts: Callable[[], int]) -> None:
    """Name the first cell of a sheet that cannot be read, if there is one.

    Args:
        book, sheet: Their names.
        pieces: The sheet's part.
        texts: How many shared texts there are; asked when a cell names one.

    Raises:
        RegisterUnreadable: It was found.
    """
    known: int | None = None
    for number, column, tag, value in _cells(pieces):
        place = f"{sheet}!{column_name(column)}{number}"
        kind, address = attribute(tag, b"t"), attribute(tag, b"r")
        if (address is not None and not _ADDRESS.fullmatch(address)) or not 1 <= column <= LAST_COLUMN:
            raise RegisterUnreadable(
                "unreadable.cell_address",
                "{book}: {place} says that its address is {found!r}; let Excel repair the workbook, and save.",
                book=book,
                place=place,
                found=(address or "")[:20],
            )
        if kind is not None and kind not in _TYPES:
            raise RegisterUnreadable(
                "unreadable.cell_type",
                "{book}: {place} is of the unknown type {found!r}; let Excel repair the workbook, and save.",
                book=book,
                place=place,
                found=kind[:20],
            )
        if kind == "b" and value.strip() and not _TRUTH.fullmatch(value):
            raise RegisterUnreadable(
                "unreadable.cell_truth",
                "{book}: {place} holds {found!r} where true or false belongs; type the cell anew, or let Excel repair "
                "the workbook, and save.",
                book=book,
                place=place,
                found=value[:20],
            )
        if kind == "n" and value.strip() and not _NUMBER.fullmatch(value):
            raise RegisterUnreadable(
                "unreadable.cell_number",
                "{book}: {place} holds {found!r} where a number belongs; type the cell anew, or let Excel repair the "
                "workbook, and save.",
                book=book,
                place=place,
                found=value[:20],
            )
        if kind == "s" and value.strip().isdecimal():
            known = texts() if known is None else known
            if int(value) >= known:
                raise RegisterUnreadable(
                    "unreadable.cell_text",
                    "{book}: {place} shows text number {found}, and the workbook has only {known}; type the cell anew, "
                    "or let Excel repair the workbook, and save.",
                    book=book,
                    place=place,
                    found=int(value),
                    known=known,
                )


def count_texts(pieces: Iterator[bytes]) -> int:
    """How many items the shared texts have."""
    found, rest = 0, b""
    for piece in pieces:
        data = rest + piece
        cut = max(len(data) - _UNFINISHED, 0)
        found += sum(1 for item in _ITEM.finditer(data) if item.start() < cut)
        rest = data[cut:]
    return found + sum(1 for _ in _ITEM.finditer(rest))


def refuse_broken_xml(book: str, part: str, pieces: Iterator[bytes]) -> None:
    """Refuse a part that is no well-formed XML.

    Args:
        book, part: Their names.
        pieces: The part.

    Raises:
        RegisterUnreadable: Says where it breaks.
    """
    parser = etree.XMLPullParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
    try:
        for piece in pieces:
            parser.feed(piece)
            for _, element in parser.read_events():
                if isinstance(element, etree._Element):
                    element.clear()  # else all of a large sheet would be kept
        parser.close()
    except etree.XMLSyntaxError as error:
        raise RegisterUnreadable(
            "unreadable.broken_xml",
            "{book}: {part} cannot be read, for it is no well-formed XML ({problem}); let Excel repair the workbook, "
            "or restore a backup.",
            book=book,
            part=part,
            problem=error.msg or str(error),
        ) from error


def _cells(pieces: Pieces) -> Iterator[tuple[int, int, bytes, str]]:
    """Row, column, start tag without its name, and value of each cell."""
    for start, rows in numbered_rows(pieces()):
        for number, _, row in rows:
            cells = list(cells_of(row, start))  # none in an empty row
            ends = [*(row.rfind(start, 0, end) for _, _, end in cells[1:]), len(row)][: len(cells)]
            for (column, tag, end), following in zip(cells, ends, strict=True):
                value = None if tag.endswith(b"/") else VALUE.search(row, end, following)
                yield number, column, tag, text_of(value[1]) if value is not None else ""
