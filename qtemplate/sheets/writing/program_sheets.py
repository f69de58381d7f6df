"""The sheets the program writes whole: 校验结果 and 变更日志. Rows in, `SheetBody` out, none when nothing differs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from ...fields import Field
from ...journal import Change
from ...ooxml.cells import Formula
from ...ooxml.patch import SheetBody
from ...ooxml.reading.book import Book
from ...ooxml.references import column_name
from ...plan import Finding, Severity
from ...register import Register, is_missing, label_of
from ...texts import field_name, say, say_finding
from ..layout import word
from .placing import Placement, place_block

MOST_FINDINGS = 2000
MOST_CHANGES = 5000
LONGEST = 500
ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


def findings_body(book: Book, findings: Sequence[Finding], register: Register) -> SheetBody | None:
    """The 校验结果 sheet: errors first, at most 2,000 lines and one that says how many more."""
    language = register.language
    place = place_block(book, "findings")
    if place is None:
        return None
    ordered = sorted(findings, key=lambda item: ORDER[item.severity])
    rows = [_finding_row(item, register, language) for item in ordered[:MOST_FINDINGS]]
    if len(ordered) > MOST_FINDINGS:
        more = len(ordered) - MOST_FINDINGS
        rows.append({"action": f"还有 {more} 条未列出" if language == "zh" else f"{more} more not listed"})
    return _body(place, rows)


def _finding_row(item: Finding, register: Register, language: str) -> dict[str, Any]:
    said = say_finding(item, language)
    link: Any = None
    if item.id is not None and Field.ID in register.columns:
        sheet = register.sheet.replace("'", "''")
        column = column_name(register.columns[Field.ID])
        target = f"'{sheet}'!{column}:{column}"
        link = Formula(f'=HYPERLINK("#\'{sheet}\'!{column}"&MATCH("{item.id}",{target},0),"{item.id}")', cached=item.id)
    return {
        "severity": word(item.severity.value, language),
        "code": item.code,
        "id": link,
        "cell": item.where.address if item.where else None,
        "field": field_name(item.field, language) or None,
        "found": item.found[:LONGEST] or None,
        "expected": said.expected[:LONGEST] or None,
        "action": said.action[:LONGEST] or None,
    }


def changes_body(book: Book, changes: Iterable[Change], language: str, *, new: bool) -> SheetBody | None:
    """The 变更日志 sheet: the latest 5,000 edits, newest first; `new` ones among them need not be looked for in it."""
    place = place_block(book, "changes")
    if place is None:
        return None
    rows = [
        {
            "at": change.at,
            "id": change.id,
            "field": field_name(change.field, language),
            "before": _text(change.field, change.before, language),
            "after": _text(change.field, change.after, language),
            "because": say(change.because, language)[:LONGEST],
            "who": "qtemplate",
        }
        for change in changes
    ]
    return _body(place, rows[:MOST_CHANGES], differs=new)


def _text(field: str, value: Any, language: str) -> str | None:
    shown = label_of(field, value, language)
    if isinstance(shown, dt.datetime):
        return shown.strftime("%Y-%m-%d" if shown.time() == dt.time() else "%Y-%m-%d %H:%M")
    return None if is_missing(shown) else str(shown)[:LONGEST]


def _body(place: Placement, rows: list[dict[str, Any]], *, differs: bool = False) -> SheetBody | None:
    """The rows laid out by the block's columns; None when the sheet shows just that already, unless it `differs`."""
    width = max(place.columns.values())
    lines: list[list[Any]] = []
    for row in rows:
        line: list[Any] = [None] * width
        for key, at in place.columns.items():
            line[at - 1] = row.get(key)
        lines.append(line)
    if not differs and len(place.rows) == len(lines):
        pairs = zip(place.rows, lines, strict=True)  # up to the first difference
        if all(_plain(values, place) == _plain(line, place) for (_, values), line in pairs):
            return None
    return SheetBody(place.sheet, place.header_row + 1, lines)


def _plain(values: Sequence[Any], place: Placement) -> list[str]:
    """Cells as texts that can be compared with what a reader sees."""
    plain = []
    for at in place.columns.values():
        value = values[at - 1] if at <= len(values) else None
        if isinstance(value, Formula):
            value = value.cached
        if type(value) is str:  # most are
            plain.append(value.replace("\r\n", "\n").strip())
            continue
        if isinstance(value, dt.datetime):
            value = value.strftime("%Y-%m-%d %H:%M:%S")
        elif isinstance(value, dt.date):
            value = f"{value:%Y-%m-%d} 00:00:00"
        plain.append("" if is_missing(value) else str(value).replace("\r\n", "\n").strip())
    return plain
