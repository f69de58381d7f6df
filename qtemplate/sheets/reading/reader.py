"""register.xlsx -> frozen `Register`: one streamed read, one narrow pass for what calamine hides, typed columns.

Knows sheets and fields; decides nothing about the process. What does not fit a field becomes a finding and an entry of
`wrong`; what is understood although it is written differently is used in memory and proposed, never written back.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ...fields import FIELDS, REQUIRED, Field, Filler, Kind
from ...files.attachments import missing_attachments
from ...ooxml.reading.book import Book
from ...plan import Finding, Severity
from ...register import CellRef, Register
from ..headers import fold
from .adopted import gone_columns, gone_findings, over_findings, records_only, rows_over, with_endings
from .cell_values import CLEAN, OWN_READERS, Read, reader_for, shown
from .column_map import handed_over, tongue_of, translated, words_of
from .columns import Cells, Converted, convert_cells, convert_dates, own_column, own_values, stream_cells
from .find_register import Found, Header, find_register

NEEDED = (Field.ID, *REQUIRED, Field.SEVERITY)
"""Columns without which no row can be judged; their absence is an error, once."""

SEVERITIES = {
    "QT101": Severity.INFO, "QT102": Severity.WARNING, "QT104": Severity.WARNING, "QT108": Severity.WARNING,
}  # fmt: skip
"""Of the codes that are no errors: the value is used."""

DATE_KINDS = frozenset((Kind.DATE, Kind.DATETIME))
FORMAT_KINDS = frozenset((Kind.CODE, Kind.IDS, Kind.DATE, Kind.DATETIME, Kind.SNOOZE))
"""Kinds for whose numbers the number format matters."""

LONGEST_SHOWN = 80
MOST_ROWS = 10
"""Rows that one finding names."""


def read_register(
    book: Book,
    *,
    lists: Mapping[str, Mapping[str, str]] | None = None,
    own_types: Mapping[str, str] | None = None,
    attachments_root: Path | None = None,
    id_prefix: str = "QF",
) -> Register:
    """Read the register of a workbook.

    Args:
        book: The opened workbook.
        lists: Field key -> {label: code}: values the team added to the product's enumerations (`RuleBook.lists`).
        own_types: The team's own header -> type in 数据字典 (text, number, date, list): spellings that can mean one
            thing only are understood and proposed; what does not fit stays as it is, for the rules to judge.
        attachments_root: Folder in which attachment names are looked for; None = not looked for.
        id_prefix: Prefix of the feedback ids.

    Returns:
        The register; rows in sheet order, blank rows left out, a totals row of the Excel table left out.

    Raises:
        RegisterUnreadable: No register sheet, a known header twice, damaged XML.
    """
    found = find_register(book)
    header = found.header
    columns: dict[str, int] = {field.value: at[0] for field, at in header.fields.items()}
    columns |= {name: at[0] for name, at in header.own.items()}
    columns = dict(sorted(columns.items(), key=lambda item: item[1]))
    totals = found.table.area.last_row if found.table is not None and found.table.totals_rows else None
    cells = stream_cells(book.sheet(header.sheet), header.row, list(columns.values()), totals)
    book.release(header.sheet)
    known = header.map
    below = cells.below if known is None else []  # of theirs it may be another list
    over: Mapping[int, dt.datetime | None] = {}
    if known is not None:
        cells = records_only(cells, header, known)
        over = rows_over(cells, header, known)
    formats = formats_of_numbers(book, header.sheet, columns, cells)
    index = pd.Index(np.array(cells.rows, dtype=np.int64), name="row")
    frame: dict[str, pd.Series[Any]] = {}
    notes: list[tuple[int, str, Any, Read]] = []
    language = header.language  # told by all headers, so asked once
    for key in [*Field, *(name for name in columns if name not in FIELDS)]:
        converted = convert_column(
            key, columns, cells, formats, lists or {}, own_types or {}, header, language, book.workbook.date1904
        )
        kind = converted.values.dtype
        frame[str(key)] = pd.Series(converted.values, index=index, dtype=kind, copy=False)
        notes += [(cells.rows[at], str(key), content, read) for at, content, read in converted.notes]
    with_endings(frame, over)
    past = frozenset(cells.rows[at] for at in over)
    notes = [note for note in notes if note[0] not in past]
    notes = with_errors(notes, book, header.sheet, columns, cells.rows)
    table = pd.DataFrame(frame, copy=False)
    texts = {key: header.texts[at].strip() for key, at in columns.items()}
    return Register(
        frame=table,
        sheet=header.sheet,
        table="" if found.table is None else found.table.name,
        language=tongue_of(language, known, texts),
        header_row=header.row,
        columns=columns,
        sha256=book.sha256,
        path=book.name,
        wrong={(row, key): short(content) for row, key, content, read in notes if read.wrong},
        raw={(row, key): content for row, key, content, read in notes if not read.wrong},
        missing_files=missing_attachments(table[Field.ATTACHMENTS], attachments_root),
        findings=(
            *header_findings(found),
            *below_totals(header.sheet, totals, below),
            *over_findings(past),
            *cell_findings(notes, header.sheet, columns, table[Field.ID]),
        ),
        headers=texts,
        id_prefix=id_prefix,
        past=past,
        gone={} if known is None else gone_columns(header, known),
        words={} if known is None else words_of(known.columns),
        handed_over=handed_over(known),
    )


def convert_column(
    key: str,
    columns: Mapping[str, int],
    cells: Cells,
    formats: Formats,
    lists: Mapping[str, Mapping[str, str]],
    own_types: Mapping[str, str],
    header: Header,
    language: str,
    date1904: bool,
) -> Converted:
    """One column of the frame; the cells are released as it is made."""
    field = FIELDS.get(key)
    content = cells.columns.pop(columns[key]) if key in columns else None
    kinds = cells.kinds[columns[key]] if key in columns else set()
    if field is None:
        read = OWN_READERS.get(own_types.get(key, ""))
        return Converted(own_values(content or [], kinds)) if read is None else own_column(content or [], kinds, read)
    if content is None:
        empty: Any = np.full(len(cells.rows), None, dtype=object)
        return Converted(empty.astype("datetime64[s]") if field.kind in DATE_KINDS else empty)
    convert = reader_for(field.kind, field.choices, lists.get(key, {}), language, date1904)
    mapped = header.map.by_header().get(fold(header.texts[columns[key]])) if header.map is not None else None
    if mapped is not None and mapped.values:
        convert = translated(convert, mapped)
    mine = formats.get(columns[key], {})
    if field.kind in DATE_KINDS:
        return convert_dates(content, kinds, convert, mine, whole_days=field.kind is Kind.DATE)
    return convert_cells(content, kinds, convert, CLEAN.get(field.kind), mine)


Formats = Mapping[int, Mapping[int, int | str]]
"""Column -> position in the column -> number format."""


def formats_of_numbers(book: Book, sheet: str, columns: Mapping[str, int], cells: Cells) -> Formats:
    """The number format of every number that stands where an id or a date belongs."""
    asked = {
        (cells.rows[at], column): at
        for key, column in columns.items()
        if key in FIELDS and FIELDS[key].kind in FORMAT_KINDS and float in cells.kinds[column]
        for at, cell in enumerate(cells.columns[column])
        if type(cell) is float
    }
    if not asked:
        return {}
    known = book.number_formats()
    formats: dict[int, dict[int, int | str]] = {}
    for (row, column), style in book.scan(sheet).styles(list(asked)).items():
        if style < len(known):
            formats.setdefault(column, {})[asked[row, column]] = known[style]
    return formats


def with_errors(
    notes: list[tuple[int, str, Any, Read]], book: Book, sheet: str, columns: Mapping[str, int], rows: Iterable[int]
) -> list[tuple[int, str, Any, Read]]:
    """Notes in sheet order, with the error cells of the register's columns, which calamine shows as empty."""
    errors = book.scan(sheet).errors
    if errors:
        kept = set(rows)
        by_column = {column: key for key, column in columns.items()}
        notes = notes + [
            (row, by_column[column], text, Read(None, "QT100", wrong=True))
            for row, column, text in errors
            if row in kept and column in by_column
        ]
    return sorted(notes, key=lambda note: (note[0], columns[note[1]]))


def cell_findings(
    notes: Sequence[tuple[int, str, Any, Read]], sheet: str, columns: Mapping[str, int], ids: pd.Series[Any]
) -> Iterable[Finding]:
    """A finding per note that has a code; QT101 only in cells that people fill."""
    known: Mapping[Any, Any] = ids.to_dict() if any(note[3].code for note in notes) else {}
    for row, key, content, read in notes:
        if read.code:
            found = dict(read.facts).get("shown", content)
            yield Finding(
                read.code, SEVERITIES.get(read.code, Severity.ERROR), CellRef(sheet, row, columns[key]), short(found),
                read.facts, known[row], key,
            )  # fmt: skip


def header_findings(found: Found) -> Iterable[Finding]:
    """What the header row lacks or has twice."""
    header = found.header
    if found.others:
        yield Finding("QT700", Severity.WARNING, None, "", (("used", header.sheet), ("others", found.others)))
    for name, at in header.own.items():
        for column in at[1:]:
            first = CellRef(header.sheet, header.row, at[0])
            yield Finding(
                "QT703",
                Severity.WARNING,
                CellRef(header.sheet, header.row, column),
                name,
                (("other", first.address),),
                None,
                name,
            )
    if header.map is not None:  # what the map has not, the team never had
        yield from gone_findings(header, header.map)
        return
    missing = [field for field in Field if field not in header.fields]
    for field in missing:
        if field in NEEDED:
            yield Finding("QT701", Severity.ERROR, None, "", (), None, field.value)
    unwritten = tuple(f for f in missing if f.filler is not Filler.PERSON and f not in NEEDED)
    if unwritten:
        yield Finding("QT702", Severity.INFO, None, "", (("columns", unwritten),))


def below_totals(sheet: str, totals: int | None, rows: Sequence[int]) -> Iterable[Finding]:
    """Rows that somebody typed below the totals row, where nothing reads them."""
    if rows:
        named = (*rows[:MOST_ROWS], "…") if len(rows) > MOST_ROWS else tuple(rows)
        facts = (("n", len(rows)), ("totals", totals), ("rows", named))
        yield Finding("QT706", Severity.WARNING, CellRef(sheet, rows[0], 1), "", facts)


def short(content: Any) -> str:
    """A cell's content for a message, cut when it is long."""
    text = shown(content)
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"
