"""What keeps the sheets that the program writes from being written, as every look says it. Writes none of them."""

from __future__ import annotations

from collections.abc import Iterator

from ..ooxml.reading.book import Book
from ..plan import Finding, Severity
from .blocks import BlockFinder
from .header_findings import header_findings, why_not_written
from .layout import BY_KEY, VIEWS

WHO = "qtemplate"
"""Who has changed a cell, as 变更日志 says it of the program."""

UNWRITTEN = {"findings": "QT715", "changes": "QT716"}
"""Layout key -> code of the finding that the sheet cannot be written."""


def unwritten_sheets(book: Book, language: str) -> Iterator[Finding]:
    """What keeps the program's own sheets from being written, and the columns that their headers lack.

    A workbook that does not have the sheet is told so as a matter of information.
    """
    finder = BlockFinder(book)
    for key, code in UNWRITTEN.items():
        spec = BY_KEY[key]
        why = why_not_written(finder, spec, language)
        if why is not None:
            severity = Severity.INFO if finder.name_of(spec) is None else Severity.ERROR
            yield Finding(code, severity, facts=(("why", why),))
        elif (block := finder.find(spec)) is not None:
            yield from header_findings(block, language)


def unwritten_views(book: Book, language: str) -> Iterator[Finding]:
    """What keeps a view from being written; nothing of one that the workbook does not have."""
    finder = BlockFinder(book)
    for key in VIEWS:
        spec = BY_KEY[key]
        name = finder.name_of(spec)
        why = None if name is None else why_not_written(finder, spec, language)
        if why is not None:
            yield Finding("QT717", Severity.WARNING, facts=(("sheet", name), ("why", why)))


def has_changes(book: Book) -> bool:
    """Whether 变更日志 lists edits of the program's."""
    finder = BlockFinder(book)
    block = finder.find(BY_KEY["changes"])
    who = None if block is None else block.columns.get("who")
    if block is None or who is None:
        return False
    return finder.any_below(block, lambda cells: len(cells) >= who and cells[who - 1] == WHO)
