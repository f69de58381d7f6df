"""What an adopted workbook adds to reading: rows that are no records, rows that are over, headers that are gone.

Knows cells and the map; the fields of a row are read by `reader`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from ...fields import FIELDS, Field
from ...plan import Finding, Severity
from ..headers import fold, nearest
from .column_map import IS_FIELD, JOINED, ColumnMap, Use, is_over
from .columns import Cells
from .find_register import Header

TOTALS = frozenset(("合计", "总计", "小计", "总数", "total", "grand total", "sum", "subtotal", "汇总"))
FEWEST = 2
"""Filled cells of theirs that make a row a record, in a table of five columns or more."""

ENDINGS = (Field.CLOSED_AT, Field.VERIFIED_AT, Field.IMPLEMENTED_AT, Field.REPLIED_AT, Field.RECEIVED_AT)
"""The moment at which a row was over that has only a word for it: the first of these that it holds."""

PEOPLES = (Use.THEIRS, Use.HANDED_OVER, Use.READ_ONLY, Use.NONE)
LONG_AGO = dt.datetime(2000, 1, 1)


def columns_of(header: Header, known: ColumnMap, *uses: Use) -> Iterator[tuple[int, Any]]:
    """Worksheet columns with what the map says of them."""
    mapped = known.by_header()
    for at, text in header.texts.items():
        column = mapped.get(fold(text))
        if column is not None and column.use in uses:
            yield at, column


def records_only(cells: Cells, header: Header, known: ColumnMap) -> Cells:
    """The cells without totals, footers and another table below: a row with fewer than two cells of theirs is none.

    What stands in a column of ours, such as a severity or an id, says as much as a second cell.
    """
    theirs = [at for at, _ in columns_of(header, known, *PEOPLES) if at in cells.columns]
    ours = [at for at, _ in columns_of(header, known, Use.OURS) if at in cells.columns]
    fewest = FEWEST if len(theirs) >= 5 else 1
    kept, below = [], fold(known.below)
    for place in range(len(cells.rows)):
        filled = [cell for at in theirs if not _is_blank(cell := cells.columns[at][place])]
        if below and fold(JOINED.join(map(str, filled))) == below:
            break
        first = filled[0] if filled else None
        enough = len(filled) >= fewest or (filled and any(not _is_blank(cells.columns[at][place]) for at in ours))
        if enough and not (isinstance(first, str) and first.strip(" :：").casefold() in TOTALS):
            kept.append(place)
    if len(kept) == len(cells.rows):
        return cells
    columns = {at: [column[place] for place in kept] for at, column in cells.columns.items()}
    return Cells([cells.rows[place] for place in kept], columns, cells.kinds)


def _is_blank(cell: Any) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def rows_over(cells: Cells, header: Header, known: ColumnMap) -> dict[int, dt.datetime | None]:
    """Position of every row that is over by a date or word of theirs -> since when; None where only a word says so.

    In a column that was handed over the program writes such words and dates too: there a row counts that the program
    has never checked.
    """
    over: dict[int, dt.datetime | None] = {}
    checked = next((at for at, column in columns_of(header, known, Use.OURS) if column.key == Field.CHECK), 0)
    checks = cells.columns.get(checked, ())
    for at, column in columns_of(header, known, Use.READ_ONLY, Use.HANDED_OVER):
        for place, cell in enumerate(cells.columns.get(at, ())):
            if column.use is Use.HANDED_OVER and place < len(checks) and not _is_blank(checks[place]):
                continue
            said = False if _is_blank(cell) else is_over(column, cell)
            if said:
                over[place] = said if isinstance(said, dt.datetime) else over.get(place)
    return over


def with_endings(frame: dict[str, pd.Series[Any]], over: Mapping[int, dt.datetime | None]) -> None:
    """Puts the moment at which they were over into the frame of those rows; the workbook stays as it is."""
    if not over:
        return
    dates = {field: frame[field].to_numpy() for field in ENDINGS}
    ends = dates[Field.CLOSED_AT].copy()
    for place, moment in over.items():
        if np.isnat(ends[place]):
            held = next((dates[field][place] for field in ENDINGS if not np.isnat(dates[field][place])), None)
            ends[place] = np.datetime64(moment or LONG_AGO, "s") if moment is not None or held is None else held
    frame[str(Field.CLOSED_AT)] = pd.Series(ends, index=frame[Field.CLOSED_AT].index, copy=False)


def gone_columns(header: Header, known: ColumnMap) -> dict[str, str]:
    """Fields of the map whose header is not there -> that header."""
    here = {fold(text) for text in header.texts.values()}
    return {
        column.key: column.header
        for column in known.columns
        if column.key is not None and column.use in IS_FIELD and fold(column.header) not in here
    }


def gone_findings(header: Header, known: ColumnMap) -> Iterator[Finding]:
    """One finding a header of the map that is not there, with the one that it most likely bears now."""
    mapped = known.by_header()
    strange = [text.strip() for text in header.texts.values() if fold(text) not in mapped]
    for key, name in gone_columns(header, known).items():
        like = nearest(name, strange)
        facts: tuple[tuple[str, Any], ...] = (("header", name), ("sheet", header.sheet))
        code, more = ("QT731", (("like", like),)) if like else ("QT730", ())
        yield Finding(code, Severity.ERROR, None, "", (*facts, *more), None, FIELDS[key].value)


def over_findings(past: Collection[int]) -> Iterator[Finding]:
    """One note for all rows that are over."""
    if past:
        yield Finding("QT732", Severity.INFO, None, "", (("n", len(past)),))
