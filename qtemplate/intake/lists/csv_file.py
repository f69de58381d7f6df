"""CSV files as people and programs write them: the encoding and the delimiter are found, nothing is lost on the way.

Source: RFC 4180. A line that does not fit the header makes the whole file unfit: a stray delimiter shifts every cell
behind it, and nobody can tell which one is stray.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from itertools import islice, repeat

from ...plan.received import CELLS
from ..unfit import Unfit
from .table import Table

DELIMITERS = (",", ";", "\t", "|", "，", "；")
MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
LOOKED_AT = 20
"""Lines in which the delimiter is looked for."""

AT_ONCE = 64
"""Lines that are turned into columns together: so few that they are still at hand."""

csv.field_size_limit(1 << 24)


def read_csv(data: bytes, *, encoding: str = "", delimiter: str = "", header_row: int = 1) -> Table:
    """Read a CSV file.

    Args:
        data: Its bytes.
        encoding, delimiter: As a mapping says; "" = as the file shows.
        header_row: Line of the headers, counted from 1; what stands above it is left out.

    Raises:
        Unfit: It is no list, or one of its lines is longer than its header.
    """
    text = _decode(data, encoding)
    if header_row > 1:
        text = "".join(text.splitlines(keepends=True)[header_row - 1 :])
    delimiter = delimiter or _delimiter(text)
    text = text.replace(CELLS, "\ufffd") if CELLS in text else text
    if (even := _even(text, delimiter)) is not None:
        return even
    rows = _lines(text, delimiter)
    headers = rows.pop(0) if rows else []
    while headers and not headers[-1].strip():
        headers.pop()
    width = len(headers)
    if set(map(len, rows)) != {width}:
        rows = [row for row in rows if any(row)]
        _fit(rows, width, header_row, whole=text.endswith(("\n", "\r")))
    if not width or not rows:
        raise Unfit("empty", unfinished=True)
    return Table(tuple(header.strip() for header in headers), tuple(zip(*rows, strict=True)), texts=True)


def _even(text: str, delimiter: str) -> Table | None:
    """A list whose lines are all as long as the header, a few lines at a time; None for any other.

    Where nothing is quoted, a line end ends a line and a delimiter a cell: no reader has to look at every character.
    """
    rows: Iterator[list[str]]
    if '"' in text or len(delimiter) != 1:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    else:
        plain = text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
        lines = plain.removesuffix("\n").split("\n")
        rows = map(str.split, lines, repeat(delimiter))
    try:
        headers = next(rows, [])
        columns: list[list[str]] = [[] for _ in headers]
        while some := list(islice(rows, AT_ONCE)):
            if set(map(len, some)) != {len(headers)} or not all(map(any, some)):
                return None
            for column, cells in zip(columns, zip(*some, strict=True), strict=True):
                column.extend(cells)
    except csv.Error:  # said by whoever reads it line by line
        return None
    if not headers or not headers[-1].strip() or not columns[0]:
        return None
    return Table(tuple(header.strip() for header in headers), tuple(columns), texts=True)


def _fit(rows: list[list[str]], width: int, header_row: int, *, whole: bool) -> None:
    """Makes every line as long as the header; empty cells at its end may be left out, or be too many.

    Raises:
        Unfit: A line says more than the header has room for, or the last one has been cut off.
    """
    for at, row in enumerate(rows):
        if any(cell.strip() for cell in row[width:]):
            raise Unfit("csv_long", line=at + 1 + header_row, found=len(row), wanted=width)
        if len(row) < width and at == len(rows) - 1 and not whole:
            raise Unfit("csv_short", line=at + 1 + header_row, found=len(row), wanted=width, unfinished=True)
        row[width:] = []
        row.extend([""] * (width - len(row)))


def _decode(data: bytes, encoding: str) -> str:
    """The text; without a word from the mapping it is UTF-8, or GB18030, which all of GBK is part of."""
    marked = next((name for mark, name in MARKS if data.startswith(mark)), None)
    tried = [encoding] if encoding else [marked] if marked else ["utf-8", "gb18030"]
    for name in tried:
        try:
            return data.decode(name)
        except LookupError:
            raise Unfit("no_encoding", encoding=name) from None
        except UnicodeDecodeError:
            continue
    raise Unfit("undecodable", encoding=" / ".join(tried), unfinished=True)


def _delimiter(text: str) -> str:
    """What stands between the cells: what the first line has most of."""
    lines = [line for line in text[:20_000].splitlines()[:LOOKED_AT] if line.strip()]
    if not lines:
        return ","
    plain = "".join(part for at, part in enumerate(lines[0].split('"')) if at % 2 == 0)
    return max(DELIMITERS, key=plain.count)


def _lines(text: str, delimiter: str) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        return list(reader)
    except csv.Error as error:
        at_end = "unexpected end" in str(error)
        raise Unfit("csv_quotes", line=reader.line_num, unfinished=at_end) from None
