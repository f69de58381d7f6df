"""Whether two states of a workbook hold the same: one digest of all cells but those the program writes whole."""

from __future__ import annotations

import hashlib

from ...ooxml.reading.book import Book
from ..blocks import BlockFinder
from ..layout import SHEETS, Writer


def content_digest(book: Book) -> str:
    """The digest of every filled cell, in hex; findings, change log and dashboard are left out."""
    finder = BlockFinder(book)
    ours = {finder.name_of(spec) for spec in SHEETS if spec.writer is Writer.PROGRAM}
    digest = hashlib.sha256()
    for name in book.sheet_names:
        if name in ours:
            continue
        digest.update(f"\0{name}".encode())
        for row, cells in enumerate(book.sheet(name).to_python(skip_empty_area=False), 1):
            filled = [(at, value) for at, value in enumerate(cells, 1) if value != ""]
            if filled:
                digest.update(repr((row, filled)).encode())
    return digest.hexdigest()
