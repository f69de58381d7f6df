"""数据字典 of an adopted workbook: it names the columns as the team does, and has a line for each of their own."""

from __future__ import annotations

from collections.abc import Mapping
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
    patch_workbook(donor, donor, edits={block.sheet: edits}, appends={block.table: lines} if lines else {})
