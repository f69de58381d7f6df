"""The sheets the program writes whole: 校验结果 and 变更日志. Rows in, `SheetBody` out, none when nothing differs.

A sheet that is missing, or whose header is not the program's own, is left as it is; `unwritten` says so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ...fields import Field
from ...journal import Change
from ...ooxml.cells import Formula, keepable
from ...ooxml.patch import SheetBody
from ...ooxml.reading.book import Book
from ...ooxml.references import column_name
from ...plan import Finding, Phrase, Severity
from ...plan.first_seen import Since, name_of
from ...register import CellRef, Register, is_missing, label_of
from ...texts import field_name, say, say_finding
from ..blocks import Block, BlockFinder, holds
from ..layout import BY_KEY, word
from ..reading.column_map import read_map, words_of
from ..unwritten import WHO

MOST_FINDINGS = 2000
MOST_CHANGES = 5000
LONGEST = 500
LONGEST_IN_FORMULA = 120
"""Characters of a text in a formula, which takes 255 of them, quotes twice; it cannot hold every character either."""
ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}
TWICE = ("QT350", "QT351")
"""First of their severity: all that is done about a row is in vain where it is a second record of another."""


def findings_body(
    book: Book, findings: Sequence[Finding], register: Register, since: Since | None = None
) -> SheetBody | None:
    """The 校验结果 sheet: what concerns one feedback together, errors first, the newest first; at most 2,000 lines."""
    language = register.language
    finder = BlockFinder(book)
    block = finder.find(BY_KEY["findings"])
    if block is None:
        return None
    known = since or {}
    newest = sorted(findings, key=lambda item: known.get(name_of(item), ""), reverse=True)  # keeps the order of a day
    ordered = _by_feedback(sorted(newest, key=lambda item: (ORDER[item.severity], item.code not in TWICE)))
    rows = [_finding_row(item, register, known) for item in ordered[:MOST_FINDINGS]]
    if len(ordered) > MOST_FINDINGS:
        more = len(ordered) - MOST_FINDINGS
        rows.append({"action": say(Phrase.of("findings.more", n=more), language)})
    return laid_out(finder, block, rows)


def _by_feedback(findings: Sequence[Finding]) -> list[Finding]:
    """Findings of a feedback behind its first one: whoever corrects a row wants all that is said of it."""
    groups: dict[str | int, list[Finding]] = {}
    for place, item in enumerate(findings):
        groups.setdefault(item.id or place, []).append(item)
    return [item for group in groups.values() for item in group]


def _finding_row(item: Finding, register: Register, since: Since) -> dict[str, Any]:
    language = register.language
    seen = since.get(name_of(item))
    said = say_finding(item, language)
    return {
        "severity": word(item.severity.value, language),
        "code": item.code,
        "id": None if item.id is None else link_to(item.id, register),
        "cell": _place(item.where, register) if item.where else None,
        "field": field_name(item.field, language) or None,
        "found": item.found[:LONGEST] or None,
        "expected": said.expected[:LONGEST] or None,
        "action": said.action[:LONGEST] or None,
        "since": dt.datetime.fromisoformat(seen) if seen else None,
    }


def link_to(id: str, register: Register) -> Any:
    """A cell that leads to the row of a feedback, wherever it stands by then; the id alone where a formula cannot.

    None for a register without a column of ids.
    """
    if not (id.isprintable() and len(id) <= LONGEST_IN_FORMULA):
        return id
    if Field.ID not in register.columns:
        return None
    sheet = register.sheet.replace("'", "''")
    column = column_name(register.columns[Field.ID])
    quoted = id.replace('"', '""')
    target = f"'{sheet}'!{column}:{column}"
    return Formula(f'=HYPERLINK("#\'{sheet}\'!{column}"&MATCH("{quoted}",{target},0),"{quoted}")', cached=id)


def _place(where: CellRef, register: Register) -> str:
    """An address; one of another sheet than the register's with its name."""
    return where.address if where.sheet == register.sheet else str(where)


def changes_body(book: Book, changes: Sequence[Change], language: str, *, new: bool) -> SheetBody | None:
    """The 变更日志 sheet: the latest 5,000 edits, newest first; `new` ones among them need not be looked for in it."""
    finder = BlockFinder(book)
    block = finder.find(BY_KEY["changes"])
    if block is None:
        return None
    known = read_map(book)
    words = {} if known is None else words_of(known.columns)
    said: dict[tuple[str, str], str | None] = {}  # a log says the same few values again and again

    def shown(field: str, value: Any) -> str | None:
        if type(value) is not str:
            return _text(field, value, language, words)
        if (field, value) not in said:
            said[field, value] = _text(field, value, language, words)
        return said[field, value]

    headers = {field: field_name(field, language) for field in {change.field for change in changes}}
    rows = [
        {
            "at": change.at,
            "id": change.id,
            "field": headers[change.field],
            "before": shown(change.field, change.before),
            "after": shown(change.field, change.after),
            "because": say(change.because, language)[:LONGEST],
            "who": WHO,
        }
        for change in changes
    ]
    return laid_out(finder, block, rows[:MOST_CHANGES], differs=new)


def _text(field: str, value: Any, language: str, words: Mapping[str, Mapping[str, str]]) -> str | None:
    """A value as its cell shows it: in the team's own word where the workbook has one."""
    own = words.get(field, {}).get(str(value))
    shown = label_of(field, value, language) if own is None else own
    if isinstance(shown, dt.datetime):
        return shown.strftime("%Y-%m-%d" if shown.time() == dt.time() else "%Y-%m-%d %H:%M")
    return None if is_missing(shown) else str(shown)[:LONGEST]


def laid_out(
    finder: BlockFinder, block: Block, rows: Sequence[Mapping[str, Any]], *, differs: bool = False
) -> SheetBody | None:
    """The rows laid out by the block's columns; None when the sheet shows just that already, unless it `differs`."""
    places = [(key, at - 1) for key, at in block.columns.items()]
    lines: list[list[Any]] = []
    for row in rows:
        line: list[Any] = [None] * block.last
        for key, at in places:
            if (value := row.get(key)) is not None:
                line[at] = keepable(value) if isinstance(value, str) else value
        lines.append(line)
    if not differs:
        columns = block.columns.values()
        below = [cells for cells in finder.grid(block.sheet)[block.header_row :] if holds(cells, columns)]
        pairs = zip(below, lines, strict=False)  # up to the first difference
        if len(below) == len(lines) and all(_same(old, new, columns) for old, new in pairs):
            return None
    return SheetBody(block.sheet, block.header_row + 1, lines)


def _same(old: Sequence[Any], new: Sequence[Any], columns: Iterable[int]) -> bool:
    """Whether a row shows what it shall."""
    for at in columns:
        there, value = (cells[at - 1] if at <= len(cells) else None for cells in (old, new))
        if isinstance(value, Formula):
            value = value.cached
        if (type(there) is not type(value) or there != value) and _plain(there) != _plain(value):
            return False
    return True


def _plain(value: Any) -> str:
    """A cell as a text that can be compared with what a reader sees."""
    if isinstance(value, dt.datetime):
        value = value.strftime("%Y-%m-%d %H:%M:%S")
    elif isinstance(value, dt.date):
        value = f"{value:%Y-%m-%d} 00:00:00"
    return "" if is_missing(value) else str(value).replace("\r\n", "\n").strip()
