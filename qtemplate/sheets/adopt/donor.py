"""The standard workbook as the donor of an adopted one: its dictionary names columns and values as the team does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ...ooxml.add import ListValues, extend_lists
from ...ooxml.reading.book import open_book
from ...ooxml.references import Area
from ..headers import fold
from ..reading.column_map import ColumnMap, own_words
from ..upgrading.survey import Survey, survey_workbook
from .dictionary import name_as_theirs
from .grid import is_blank, rows_below


def make_donor(path: Path, standard: bytes, ours: Survey, known: ColumnMap) -> Survey:
    """Writes it and looks at it.

    Args:
        path: Where it goes.
        standard: The standard workbook in the language of the map.
        ours: The team's workbook, looked at through the map.
        known: The map.
    """
    path.write_bytes(standard)
    name_as_theirs(path, known, _kinds(ours))
    seen = survey_workbook(open_book(path))
    if words := list(_own_words(seen, known)):
        extend_lists(path, path, words)
        seen = survey_workbook(open_book(path))
    return seen


def _kinds(ours: Survey) -> dict[str, str]:
    """Folded header -> what all its cells are, `text`, `number` or `date`; "" for a mixture or none."""
    header = ours.register.header
    left = (ours.book.sheet(header.sheet).start or (0, 0))[1] + 1
    found: dict[int, set[str]] = {at: set() for at in header.texts}
    for row in rows_below(ours.book, header.sheet, header.row + 1):
        for at, kinds in found.items():
            if 0 <= at - left < len(row) and not is_blank(cell := row[at - left]):
                kinds.add(_kind(cell))
    return {fold(header.texts[at]): next(iter(kinds)) if len(kinds) == 1 else "" for at, kinds in found.items()}


def _kind(cell: object) -> str:
    if isinstance(cell, str):
        return "text"
    return "number" if isinstance(cell, (int, float)) and not isinstance(cell, bool) else "date"


def _own_words(standard: Survey, known: ColumnMap) -> Iterator[ListValues]:
    """The team's own words below ours in the lists of the dictionary: what every drop-down from them then offers."""
    found: dict[str, dict[str, str]] = {}
    for column in known.columns:
        if column.key in standard.lists:
            found.setdefault(str(column.key), {}).update(own_words(column))
    for key, words in found.items():
        place = standard.lists[key]
        news = [text for text in words.values() if fold(text) not in place.values]
        if news:
            area = Area(place.header_row + 1, place.column, place.last_row, place.column)
            yield ListValues(place.sheet, area, news)
