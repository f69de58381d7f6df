"""Is a workbook fit to be the register: what people and programs do to it over the years, found before it hurts.

Looks at structure only: headers, merged cells, types, drop-downs, links, and whether the file can be edited without
disturbing it. Knows workbooks; what the rows say is judged by the rules.
"""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from enum import StrEnum
from pathlib import Path
from typing import Any

from msgspec import Struct

from ..errors import QtemplateError
from ..fields import FIELDS, STANDARD, Field, Filler, Kind
from ..ooxml.markup import unescape
from ..ooxml.package.parts import descendants, local_name, parse_leniently
from ..ooxml.patch import patch_workbook
from ..ooxml.reading.book import Book
from ..ooxml.reading.scan import ROOT
from ..ooxml.references import Area, column_name
from ..plan import Phrase
from ..register import Register
from ..texts import quote
from .blocks import BlockFinder
from .header_findings import why_not_written
from .headers import fold, nearest
from .layout import REGISTER_TABLE, SHEETS, Writer
from .reading.find_register import Found, find_register

SURE = 0.85
"""Likeness of two headers from which on one is taken for the other."""

LOGS = tuple(spec for spec in SHEETS if spec.writer is Writer.BOTH)


class Health(StrEnum):
    """How a check came out."""

    OK = "ok"
    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"


class Check(Struct, frozen=True):
    """One question about the set-up: what was seen, and what to do where something is to be done."""

    name: str
    health: Health
    seen: Phrase
    todo: Phrase | None = None


def examine_workbook(book: Book, register: Register, scratch: Path) -> Iterator[Check]:
    """Everything about the workbook's structure.

    Args:
        book, register: As they were read.
        scratch: Folder for the file a trial edit makes, which is deleted again.
    """
    found = find_register(book)
    tail = sheet_tail(book, found.header.sheet)
    yield _headers(found)
    yield _renamed(found)
    yield _table(found)
    yield _references(book, found)
    yield _merged(found, tail, register)
    yield _types(register, "QT104", "text_dates")
    yield _types(register, "QT108", "text_numbers")
    yield _types(register, "QT102", "number_codes")
    yield _drop_downs(found, tail, register)
    yield _links(book)
    yield _trial_edit(book, register, scratch)


def sheet_tail(book: Book, sheet: str) -> Any:
    """What stands behind the rows of a sheet, as one element: merged cells, validations and the like."""
    data = book.part(book.sheet_parts.get(sheet, ""))
    root = ROOT.search(data)
    end = data.rfind(b"sheetData")
    if root is None or end < 0:
        return parse_leniently(data)
    head = data[root.start() : data.index(b">", root.start()) + 1]
    return parse_leniently(head + data[data.index(b">", end) + 1 :])


def _headers(found: Found) -> Check:
    missing = [field for field in STANDARD if field not in found.header.fields]
    facts = {"sheet": found.header.sheet, "row": found.header.row, "known": len(found.header.fields),
             "own": len(found.header.own)}  # fmt: skip
    seen = Phrase.of("doctor.headers", **facts)
    if not missing or found.header.map is not None:  # an adopted workbook has the columns that its team chose
        return Check("headers", Health.OK, seen)
    written = [field for field in missing if field.filler is not Filler.PERSON]
    health = Health.WARNING if written else Health.NOTE
    return Check("headers", health, seen, Phrase.of("doctor.headers_missing", fields=tuple(missing[:20])))


def _renamed(found: Found) -> Check:
    """Own headers that look like a misspelt or renamed column of the process."""
    if found.header.map is not None:
        return Check("renamed", Health.OK, Phrase("doctor.no_renamed"))  # its map says which column is which
    missing = [field for field in STANDARD if field not in found.header.fields]
    names = {name: field for field in missing for name in (field.zh, field.en)}
    likely = {own: near for own in found.header.own if (near := nearest(own, list(names))) and _is_sure(own, near)}
    if not likely:
        return Check("renamed", Health.OK, Phrase("doctor.no_renamed"))
    pairs = tuple(Phrase.of("doctor.renamed_pair", own=own, near=near) for own, near in likely.items())
    return Check("renamed", Health.WARNING, Phrase.of("doctor.renamed", pairs=pairs), Phrase("doctor.renamed_do"))


def _is_sure(own: str, near: str) -> bool:
    """Whether a header can hardly mean anything else: a word added or left out, or a slip in a long name."""
    one, other = sorted((fold(own), fold(near)), key=len)
    return (len(one) >= 3 and one in other) or SequenceMatcher(None, one, other).ratio() >= SURE


def _table(found: Found) -> Check:
    if found.table is None:
        return Check("table", Health.WARNING, Phrase("doctor.no_table"), Phrase("doctor.no_table_do"))
    seen = Phrase.of("doctor.table", name=found.table.name)
    if found.table.name != REGISTER_TABLE:
        return Check("table", Health.NOTE, seen, Phrase.of("doctor.table_do", name=REGISTER_TABLE))
    return Check("table", Health.OK, seen)


def _references(book: Book, found: Found) -> Check:
    """Formulas and charts elsewhere that end by address where the table ends now, and so miss what is appended."""
    places: list[str] = []
    table, sheet = found.table, found.header.sheet
    if table is not None:
        names = rf"(?:'{re.escape(sheet.replace(chr(39), chr(39) * 2))}'|{re.escape(sheet)})!"
        top, last = rf"(?:{table.area.first_row}|{table.area.first_row + 1})", table.last_data_row
        end = re.compile(rf"{names}\$?[A-Z]{{1,3}}\$?{top}:\$?[A-Z]{{1,3}}\$?{last}(?!\d)")
        parts = {path: name for name, path in book.sheet_parts.items() if name != sheet}
        parts |= {path: posixpath.basename(path) for path in book.part_names if "/charts/chart" in path}
        texts = ((name, unescape(book.part(path).decode("utf-8", "replace"))) for path, name in parts.items())
        places = [name for name, text in texts if end.search(text)]
    if table is None or not places:
        return Check("references", Health.OK, Phrase("doctor.references_ok"))
    seen = Phrase.of("doctor.references", places=tuple(places[:8]))
    return Check("references", Health.WARNING, seen, Phrase.of("doctor.references_do", name=table.name))


def _merged(found: Found, tail: Any, register: Register) -> Check:
    """Merged cells that reach into the register's rows."""
    inside = []
    last = max((int(row) for row in register.frame.index), default=found.header.row)
    columns = found.header.texts
    for merged in descendants(tail, "mergeCell"):
        area = Area.parse(merged.get("ref", ""))
        reaches = area is not None and area.last_row >= found.header.row and area.first_row <= last
        if area is not None and reaches and area.first_column <= max(columns, default=0):
            inside.append(merged.get("ref"))
    if not inside:
        return Check("merged", Health.OK, Phrase("doctor.no_merged"))
    seen = Phrase.of("doctor.merged", n=len(inside), cells=tuple(inside[:8]))
    return Check("merged", Health.WARNING, seen, Phrase("doctor.merged_do"))


def _types(register: Register, code: str, name: str) -> Check:
    """How many cells of one kind of wrong type there are, and in which columns."""
    hits = [finding for finding in register.findings if finding.code == code]
    if not hits:
        return Check(name, Health.OK, Phrase(f"doctor.no_{name}"))
    fields = Counter(finding.field for finding in hits)
    known = tuple(FIELDS.get(key or "", key) for key, _ in fields.most_common(6))
    return Check(
        name,
        Health.WARNING,
        Phrase.of(f"doctor.{name}", n=len(hits), fields=known, first=str(hits[0].where)),
        Phrase(f"doctor.{name}_do"),
    )


def _drop_downs(found: Found, tail: Any, register: Register) -> Check:
    """Choice columns whose cells have no drop-down any more, as after pasting rows from elsewhere."""
    rows = [int(row) for row in register.frame.index]
    areas = [area for part in _validated(tail) if (area := Area.parse(part)) is not None]
    bare: dict[Field, int] = {}
    for field, at in found.header.fields.items():
        if field.kind is Kind.ENUM and field.filler is not Filler.PROGRAM and rows:
            column = at[0]
            spans = [area for area in areas if area.first_column <= column <= area.last_column]
            without = sum(not any(area.holds(row, column) for area in spans) for row in rows)
            if without:
                bare[field] = without
    if not bare:
        return Check("drop_downs", Health.OK, Phrase("doctor.drop_downs_ok"))
    shown = tuple(Phrase.of("doctor.drop_down", field=field, n=n) for field, n in list(bare.items())[:8])
    return Check(
        "drop_downs", Health.WARNING, Phrase.of("doctor.drop_downs", fields=shown), Phrase("doctor.drop_downs_do")
    )


def _validated(tail: Any) -> Iterator[str]:
    """Areas under a list validation, of both kinds that Excel writes."""
    for element in descendants(tail, "dataValidation"):
        if element.get("type") == "list":
            inner = [child.text or "" for child in element if local_name(child) == "sqref"]
            yield from (element.get("sqref") or " ".join(inner)).split()


def _links(book: Book) -> Check:
    links = sorted(name for name in book.part_names if "/externalLinks/" in name and name.endswith(".xml"))
    if not links:
        return Check("links", Health.OK, Phrase("doctor.no_links"))
    targets = [link.outside or link.target for name in links for link in book.relationships(name)]
    return Check(
        "links", Health.NOTE, Phrase.of("doctor.links", n=len(links), targets=tuple(targets[:5])),
        Phrase("doctor.links_do"),
    )  # fmt: skip


def _closed_logs(finder: BlockFinder, language: str) -> dict[str, Phrase]:
    """Why a log sheet takes no rows, by its name or, where it is missing, its title."""
    closed: dict[str, Phrase] = {}
    for spec in LOGS:
        block, why = finder.find(spec), why_not_written(finder, spec, language)
        if block is not None and why is None and block.free_row is None and not block.table:
            why = Phrase("log.no_table")
        if why is not None:
            closed[finder.name_of(spec) or spec.title(language)] = why
    return closed


def _trial_edit(book: Book, register: Register, scratch: Path) -> Check:
    """Edits and appends for trial, into a file of its own."""
    edits: dict[str, Mapping[str, Any]] = {}
    rows: Sequence[int] = [int(row) for row in register.frame.index[:1]]
    for field in (Field.CHECK, Field.STATUS, Field.CLOCK):
        if field in register.columns and rows:
            address = f"{column_name(register.columns[field])}{rows[0]}"
            edits.setdefault(register.sheet, {})
            edits[register.sheet] = {**edits[register.sheet], address: "qtemplate"}
    finder = BlockFinder(book)
    closed = _closed_logs(finder, register.language)
    refusals = tuple(Phrase.of("doctor.log", sheet=name, why=why) for name, why in closed.items())
    seen = Phrase.of("doctor.no_log", sheets=refusals)
    if any(name in book.sheet_names for name in closed):
        return Check("edit", Health.ERROR, seen, Phrase("doctor.no_log_do"))
    appends = {
        block.table: [{block.headers["id"]: "qtemplate"}]
        for block in map(finder.find, LOGS)
        if block is not None and block.free_row is None
    }
    target = scratch / ".qt-tmp-trial.xlsx"
    try:
        source = scratch / ".qt-tmp-source.xlsx"
        source.write_bytes(book.data)
        patch_workbook(source, target, edits=edits, appends=appends)
    except QtemplateError as refused:
        failed = Phrase.of("doctor.no_edit", reason=quote(refused))
        return Check("edit", Health.ERROR, failed, Phrase("doctor.no_edit_do"))
    finally:
        target.unlink(missing_ok=True)
        (scratch / ".qt-tmp-source.xlsx").unlink(missing_ok=True)
    if closed:
        return Check("edit", Health.WARNING, seen, Phrase("doctor.no_log_do"))
    return Check("edit", Health.OK, Phrase("doctor.edit"))
