"""Rule sheets: the rows of their blocks as typed cells, and what is wrong with their headers.

Knows layout and cells; knows nothing of what the rows mean.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from ...ooxml.reading.book import Book
from ...plan import Finding, Severity
from ...register import CellRef
from ..blocks import Block, BlockFinder, holds
from ..header_findings import header_findings
from ..layout import BlockSpec, Need, SheetSpec, Writer
from .typed_rows import Row


@dataclass(slots=True)
class RuleSheets:
    """The block sheets of a workbook: cells read once per sheet, findings collected."""

    book: Book
    language: str
    findings: list[Finding] = field(default_factory=list)
    unread: set[str] = field(default_factory=set)
    finder: BlockFinder = field(init=False)

    def __post_init__(self) -> None:
        self.finder = BlockFinder(self.book)

    def name_of(self, spec: SheetSpec) -> str | None:
        """The sheet that holds what the spec declares, or None."""
        return self.finder.name_of(spec)

    def grid(self, name: str) -> list[list[Any]]:
        """All cells from A1 on; error cells hold their text and are reported by `rows`."""
        return self.finder.grid(name)

    def block(self, spec: SheetSpec, block: BlockSpec) -> Block | None:
        """A block that can be read; one that cannot is noted in `unread`, and what its header lacks is reported."""
        name, found = self.name_of(spec), self.finder.find(spec, block)
        missing = [each for each in block.columns if each.need is Need.READ and (not found or each in found.missing)]
        if found is None or missing:
            self.unread.add(block.key)
        if name is not None and missing:
            headers = tuple(column.header(self.language) for column in missing)
            self.findings.append(Finding("QT201", Severity.ERROR, None, "", (("sheet", name), ("columns", headers))))
            return None
        if found is not None and spec.writer is Writer.BOTH:
            self.findings += header_findings(found, self.language)
        return found

    def rows(self, spec: SheetSpec, block: BlockSpec) -> Iterator[Row]:
        """The rows of a block that hold anything, in sheet order; empty if the block is not there."""
        found = self.block(spec, block)
        if found is not None:
            yield from self.rows_of(found)

    def rows_of(self, block: Block) -> Iterator[Row]:
        """The rows below a header."""
        columns = dict(block.columns)
        errors = {(row, column): text for row, column, text in self.book.scan(block.sheet).errors}
        for number, cells in enumerate(self.grid(block.sheet)[block.header_row :], block.header_row + 1):
            values = {key: cells[at - 1] if at <= len(cells) else "" for key, at in columns.items()}
            row = Row(block.sheet, number, values, columns, self.findings)
            for key, at in columns.items():
                if (number, at) in errors:
                    row.cells[key] = errors[number, at]
                    row.report("QT203", key)
                    row.cells[key] = ""
                    row.broken = True
            if holds(cells, columns.values()):
                yield row


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
