"""What is said about headers that a block lacks or has twice. Knows blocks; decides nothing about their rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ..plan import Finding, Phrase, Severity
from ..register import CellRef
from .blocks import Block, BlockFinder
from .layout import Column, Need, SheetSpec


def header_findings(block: Block, language: str) -> Iterator[Finding]:
    """A finding for all headers that are missing, and one for each that stands twice.

    A column that came with a later version is missing only where a header is spelt much like it: a workbook that never
    had it lacks nothing a run needs, and `doctor` offers it.
    """
    for key, columns in block.doubled.items():
        first = CellRef(block.sheet, block.header_row, block.columns[key])
        for column in columns:
            where = CellRef(block.sheet, block.header_row, column)
            yield Finding("QT215", Severity.WARNING, where, block.headers[key].strip(), (("other", first.address),))
    missing = [column for column in block.missing if not column.later or block.respelt(column) is not None]
    yield from missing_finding(block, missing, language)


def missing_finding(block: Block, missing: Sequence[Column], language: str) -> Iterator[Finding]:
    """One finding that names all of these headers; none where nothing is missing."""
    if missing:
        renamed = any(block.candidate(column) is not None for column in missing)
        needed = any(column.need is not Need.NONE for column in missing)
        severity = Severity.WARNING if renamed or needed else Severity.INFO
        names = named(block, missing, language)
        yield Finding("QT214", severity, facts=(("sheet", block.sheet), ("columns", names)))


def named(block: Block | None, columns: Iterable[Column], language: str) -> tuple[Phrase, ...]:
    """Missing headers by name, each with the cell that most likely has taken its place."""
    phrases = []
    for column in columns:
        header, at = column.header(language), None if block is None else block.candidate(column)
        if block is None or at is None:
            phrases.append(Phrase.of("header.missing", header=header))
        else:
            cell = CellRef(block.sheet, block.header_row, at).address
            phrases.append(Phrase.of("header.perhaps", header=header, cell=cell, found=block.others[at]))
    return tuple(phrases)


def why_not_written(finder: BlockFinder, spec: SheetSpec, language: str) -> Phrase | None:
    """Why the program cannot write into a sheet of its own or a log; None when it can.

    A block without a row yet needs no Excel table: its first row is filled by address.
    """
    if finder.name_of(spec) is None:
        perhaps = finder.likeliest(spec)
        near = Phrase.of("log.perhaps", sheet=perhaps) if perhaps else ""
        return Phrase.of("log.no_sheet", perhaps=near)
    block = finder.find(spec)
    if block is None:
        return Phrase.of("log.no_header", headers=tuple(column.header(language) for column in spec.blocks[0].columns))
    needed = [column for column in block.missing if column.need is not Need.NONE]
    return Phrase.of("log.no_headers", headers=named(block, needed, language)) if needed else None
