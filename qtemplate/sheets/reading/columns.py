"""Columns of cells, streamed out of a sheet and converted whole: each distinct content is looked at once.

Knows calamine's values and numpy; knows nothing of findings' words or addresses.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from msgspec import Struct, field
from python_calamine import CalamineSheet

from .cell_values import Clean, Convert, Format, Read, is_plain, is_plain_mail, round_second

CHUNK = 160
"""Rows transposed at a time: as many as stay in the processor's cache; 2,048 take twice as long."""

POOL_FROM = 5_000
"""Rows of a sheet from which on the copies of equal strings take more memory than they are worth."""

POOL_AT_LEAST = 4096
"""A column whose first values are that many and mostly different is not pooled on."""

ALIKE = 2
"""So many cells make a row below the list look like one of it; one is a note."""

DATES = frozenset((dt.date, dt.datetime))
Pool = dict[Any, Any] | None


class Cells(Struct):
    """The cells below a header.

    Attributes:
        rows: Worksheet rows that are not blank.
        columns: Per 1-based column their cells.
        kinds: Per column their types.
        below: Worksheet rows below the last one that was to be read, which look like some of those.
    """

    rows: list[int]
    columns: dict[int, list[Any]]
    kinds: dict[int, set[type]]
    below: list[int] = field(default_factory=list)


class Converted(Struct):
    """A column converted.

    Attributes:
        values: Object array with None, or datetime64[s] with NaT.
        notes: (position, content, what became of it) where content and value differ by more than a known label.
    """

    values: npt.NDArray[Any]
    notes: list[tuple[int, Any, Read]] = field(default_factory=list)


def stream_cells(sheet: CalamineSheet, header_row: int, wanted: Sequence[int], last_row: int | None) -> Cells:
    """Read the cells of some columns below the header; a row is what has something in one of them.

    Args:
        header_row: Worksheet row of the headers.
        wanted: 1-based columns.
        last_row: Rows from here on are left out (a totals row), None = none.
    """
    offset = (sheet.start or (0, 0))[1] + 1
    places = [column - offset for column in wanted]
    beside = len(places) < sheet.width
    lists: dict[int, list[Any]] = {column: [] for column in wanted}
    # equal strings are kept once: 100,000 x 90 cells hold half a gigabyte of copies; columns of all different
    # strings (ids, descriptions) soon give it up, the dictionary would only cost
    pools: dict[int, Pool] = {column: {} if sheet.height >= POOL_FROM else None for column in wanted}
    kinds: dict[int, set[type]] = {column: set() for column in wanted}
    rows: list[int] = []
    numbered = enumerate(sheet.iter_rows(), 1)
    stream: Iterator[tuple[int, list[Any]]] = islice(numbered, header_row, None if last_row is None else last_row - 1)
    while True:
        kept = []
        taken = 0
        for number, row in islice(stream, CHUNK):
            taken += 1
            if (type(row[0]) is str and row[0].isalnum()) or not is_blank(row):
                if beside and _says_little(row[places[0]]) and is_blank([row[place] for place in places]):
                    continue
                rows.append(number)
                kept.append(row)
        if kept:
            columns = list(zip(*kept, strict=True))
            for column in wanted:
                types = set(map(type, columns[column - offset]))
                kinds[column] |= types
                pools[column] = add(lists[column], columns[column - offset], types, pools[column])
        if taken < CHUNK:
            break
    rest = islice(numbered, 1, None) if last_row is not None else ()
    below = [number for number, row in rest if sum(not _says_little(row[place]) for place in places) >= ALIKE]
    return Cells(rows, lists, kinds, below)


def _says_little(cell: Any) -> bool:
    """Whether it is no text or number that somebody may have typed."""
    return not cell or (type(cell) is str and cell.isspace())


def is_blank(row: list[Any]) -> bool:
    """Whether no cell of the row shows anything; 0 and FALSE do."""
    first = next(filter(None, row), "")
    if type(first) is str and not first.strip():
        return all(type(cell) is str and not cell.strip() for cell in row)
    return False


def add(into: list[Any], cells: Sequence[Any], types: set[type], pool: Pool) -> Pool:
    """Append cells, keeping equal strings once where that pays; gives the pool to go on with, None = no more."""
    # only strings: True and 1.0 are equal, the pool would turn one into the other
    if pool is None or types != {str}:
        into.extend(cells)
        return pool or None  # dates and numbers: not tried again
    into.extend(map(pool.setdefault, cells, cells))
    return None if len(pool) > POOL_AT_LEAST and len(pool) * 2 > len(into) else pool


def all_clean(cells: list[Any], clean: Clean) -> bool:
    """Whether every cell is empty or a text that stays as it is, told for most columns without looking at each."""
    mark = "~" if clean in (is_plain, is_plain_mail) else "ꙮ"
    whole = mark.join(["", *cells, ""])
    # true if every text is clean; a text that holds the mark can only make it false
    return clean(whole) and (" " not in whole or (mark + " " not in whole and " " + mark not in whole))


def convert_cells(
    cells: list[Any], kinds: set[type], convert: Convert, clean: Clean | None, formats: Mapping[int, Format]
) -> Converted:
    """Convert a column to objects, looking at each distinct content once.

    Args:
        kinds: Types of the cells.
        clean: Tells the texts that are their own value; None = each must be converted.
        formats: Position -> number format, for numbers whose display matters.
    """
    if clean is not None and kinds <= {str} and all_clean(cells, clean):
        return Converted(objects([cell or None for cell in cells]))
    known: dict[Any, Read] = {}
    keys: list[Any] = cells
    if bool in kinds or formats:
        # booleans equal numbers, and one number may be displayed in two ways
        keys = [(cell, type(cell), formats.get(at)) for at, cell in enumerate(cells)]
        known = {key: convert(key[0], key[2]) if key[0] != "" else Read(None) for key in set(keys)}
        values = objects([known[key].value for key in keys])
    else:
        known = {
            cell: convert(cell, None) if cell != "" else Read(None)
            for cell in set(cells)
            if clean is None or type(cell) is not str or not cell or not clean(cell)
        }
        plain = {cell: read.value for cell, read in known.items()}
        values = objects(list(map(plain.get, cells, cells)))
    noted = {key for key, read in known.items() if read.raw or read.wrong}
    notes = [(at, cells[at], known[key]) for at, key in enumerate(keys) if key in noted] if noted else []
    return Converted(values, notes)


def objects(values: Sequence[Any]) -> npt.NDArray[Any]:
    """A list as an array of objects, whatever the objects are."""
    return np.fromiter(values, dtype=object, count=len(values))


def convert_dates(
    cells: list[Any], kinds: set[type], convert: Convert, formats: Mapping[int, Format], whole_days: bool
) -> Converted:
    """Convert a column to datetime64[s]; only what is not a date yet is looked at one by one."""
    notes: list[tuple[int, Any, Read]] = []
    if not kinds <= DATES:
        blank = [cell or None for cell in cells]
        if kinds <= {*DATES, str} and set(map(type, blank)) <= {*DATES, type(None)}:
            cells = blank
        else:
            odd = [(at, cell) for at, cell in enumerate(cells) if type(cell) not in DATES and cell != ""]
            cells = [cell if type(cell) in DATES else None for cell in cells]
            for at, cell in odd:
                read = convert(cell, formats.get(at))
                cells[at] = read.value
                notes.append((at, cell, read))
    values = as_seconds(cells)
    if whole_days:
        values = values.astype("datetime64[D]").astype("datetime64[s]")
    return Converted(values, [note for note in notes if note[2].raw or note[2].wrong])


def as_seconds(cells: Sequence[Any]) -> npt.NDArray[np.datetime64]:
    """Dates, datetimes and None as datetime64[s], rounded: a serial of 14:30 may come as 14:29:59.999995."""
    # pandas takes a tenth of numpy's time for the same objects, and an index half of `to_datetime`
    stamps = pd.DatetimeIndex(objects(cells)).to_numpy().astype("datetime64[us]")
    return (stamps + np.timedelta64(500_000, "us")).astype("datetime64[s]")


def own_values(cells: list[Any], kinds: set[type]) -> npt.NDArray[Any]:
    """A team's own column: contents as they are, blanks as None, whole numbers as int."""
    if kinds <= {str}:
        return objects([cell or None for cell in cells])
    return objects([own_value(cell) for cell in cells])


def own_value(cell: Any) -> Any:
    if cell == "" and isinstance(cell, str):
        return None
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return int(cell)
    return round_second(cell) if isinstance(cell, dt.datetime) else cell


def own_column(cells: list[Any], kinds: set[type], read: Convert) -> Converted:
    """A team's own column whose type is known: what is safely understood is used, the rest stays as it is."""
    if str not in kinds:
        return Converted(own_values(cells, kinds))
    known = {cell: read(cell, None) for cell in {cell for cell in cells if type(cell) is str and cell}}
    odd = {cell: found for cell, found in known.items() if found.raw}
    blank = {cell for cell, found in known.items() if found.value is None and not found.wrong}
    if not odd and not blank:
        return Converted(own_values(cells, kinds))
    values = objects([own_value(odd[c].value if c in odd else "" if c in blank else c) for c in cells])
    return Converted(values, [(at, cell, odd[cell]) for at, cell in enumerate(cells) if cell in odd])
