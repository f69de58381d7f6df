"""数据字典 of an adopted workbook: it names the columns as the team does, and has a line for each of their own."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from ...fields import FIELDS
from ...ooxml.cells import CellValue
from ...ooxml.patch import patch_workbook
from ...ooxml.reading.book import open_book
from ...ooxml.references import column_name
from ...texts.workbook.notes import OWN_NOTE
from ..blocks import BlockFinder
from ..headers import field_of, fold
from ..layout import BY_KEY, word
from ..reading.column_map import ColumnMap, Use
from ..standard.default_tables import MESSAGE


def name_as_theirs(donor: Path, known: ColumnMap, kinds: Mapping[str, str]) -> None:
    """Rewrites the dictionary of a fresh standard workbook.

    Args:
        donor: The workbook; it is replaced.
        known: The map of the team's columns, without ours.
        kinds: Folded header -> what its cells are now, `text`, `number` or `date`, "" for a mixture: it gets no type,
            as nobody asked for one.
    """
    spec, language = BY_KEY["dictionary"], known.language
    finder = BlockFinder(open_book(donor))
    block = finder.find(spec, spec.blocks[0])
    assert block is not None  # the workbook was just made
    at = block.columns["field"]
    headers = {
        fold(FIELDS[column.key].header(language)): column.header
        for column in known.columns
        if column.key is not None and column.use is Use.THEIRS
    }
    edits: dict[str, CellValue] = {}
    for number, row in enumerate(finder.grid(block.sheet)[block.header_row :], block.header_row + 1):
        theirs = headers.get(fold(row[at - 1]))
        if theirs is not None:
            edits[f"{column_name(at)}{number}"] = theirs
    said = {"severity": word("warning", language), "note": OWN_NOTE[0 if language == "zh" else 1]}
    # a header of theirs that is a name of ours would be taken for that field
    others = (c.header for c in known.columns if c.use in (Use.NONE, Use.READ_ONLY))
    own = dict.fromkeys(header for header in others if field_of(header) is None)
    lines: list[dict[str, CellValue]] = []
    for header in own:
        kind = kinds.get(fold(header), "")
        line = {"field": header, **({"type": word(kind, language)} if kind else {}), **said}
        lines.append({block.headers[key]: text for key, text in line.items()})
    checks = finder.name_of(BY_KEY["checks"])
    said_of = {} if checks is None else {checks: _messages(finder.grid(checks), headers)}
    patch_workbook(donor, donor, edits={block.sheet: edits} | said_of, appends={block.table: lines} if lines else {})


def _messages(grid: Sequence[Sequence[object]], headers: Mapping[str, str]) -> dict[str, CellValue]:
    """Cells of 校验规则 whose sentences name a column of ours that the team calls otherwise."""
    at = next((row.index(name) for row in grid for name in MESSAGE if name in row), None)
    if at is None or not headers:
        return {}
    ours = re.compile("|".join(sorted(map(re.escape, headers), key=len, reverse=True)))
    said = {number: text for number, row in enumerate(grid, 1) if at < len(row) and isinstance(text := row[at], str)}
    renamed = {number: ours.sub(lambda found: headers[found[0]], text) for number, text in said.items()}
    return {f"{column_name(at + 1)}{number}": text for number, text in renamed.items() if text != said[number]}
