"""The sheets that people and the program both write: 暂停记录 and 沟通记录, and the logs of the investigation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ...choices import ContactWay
from ...rules.rulebook import ContactEntry, LogRow, Pause
from ...texts.wanted import Wanted
from ..headers import fold
from ..layout import BY_KEY, INVESTIGATION, LOG_WORDS
from .rule_sheets import RuleSheets
from .typed_rows import Row

WAYS = {fold(name): str(way) for way in ContactWay for name in (str(way), way.zh, way.en)}

DAYS, MOMENTS = ("due", "done"), ("date", "at", "settled")
"""Columns of the investigation's logs that hold days, and those that hold moments or days."""


def read_pauses(sheets: RuleSheets) -> tuple[Pause, ...]:
    """The pauses in sheet order; a row whose times cannot be read is left out and reported."""
    spec = BY_KEY["pauses"]
    pauses = []
    for row in sheets.rows(spec, spec.blocks[0]):
        id, start, end = row.needed("id"), row.moment("from"), row.moment("to")
        if start is None and not row.broken:
            row.unfit("from", Wanted.MOMENT)
        if start is not None and end is not None and end < start:
            row.unfit("to", Wanted.LATER)
        if not row.broken and start is not None:
            pauses.append(Pause(id, start, end, row.text("reason"), row.number, row.where("id")))
    return tuple(pauses)


def read_contacts(sheets: RuleSheets) -> tuple[ContactEntry, ...]:
    """The contacts in sheet order; a row without time or id is left out and reported."""
    spec = BY_KEY["contacts"]
    contacts = []
    for row in sheets.rows(spec, spec.blocks[0]):
        at, id = row.moment("at"), row.needed("id")
        if at is None and not row.broken:
            row.unfit("at", Wanted.MOMENT)
        direction = row.word("direction", "out", "in") or "out"
        way = row.text("way")
        if not row.broken and at is not None:
            way, summary = WAYS.get(fold(way), way), row.text("summary")
            final = {"yes": True, "no": False}.get(row.word("final", "yes", "no") or "")
            entry = ContactEntry(at, id, direction, way, row.text("who"), summary, row.number, final, row.where("id"))
            contacts.append(entry)
    return tuple(contacts)


def has_final(sheets: RuleSheets) -> bool:
    """Whether 沟通记录 has the column 是否最终答复."""
    found = sheets.finder.find(BY_KEY["contacts"])
    return found is not None and "final" in found.columns


def read_logs(sheets: RuleSheets) -> dict[str, tuple[LogRow, ...]]:
    """The logs of the investigation, by layout key; a row with a date or a word that nobody can read is left out.

    An action may stand without a feedback; any other row that names none is reported.
    """
    return {key: tuple(_log_rows(sheets, key)) for key in INVESTIGATION}


def _log_rows(sheets: RuleSheets, key: str) -> Iterator[LogRow]:
    spec = BY_KEY[key]
    if sheets.finder.find(spec) is None:  # none, or a sheet of the team's own that happens to be called so
        sheets.unread.add(key)
        return
    for row in sheets.rows(spec, spec.blocks[0]):
        id = row.text("id") if key == "actions" else row.needed("id")
        values = {column.key: _value(row, column.key) for column in spec.blocks[0].columns}
        if not row.broken:
            yield LogRow(id, values, row.number, row.where("id"))


def _value(row: Row, key: str) -> Any:
    """A cell of a log, by what its column holds."""
    if key in DAYS:
        return row.date(key)
    if key in MOMENTS:
        return row.moment(key)
    words = LOG_WORDS.get(key)
    return row.text(key) or None if words is None else row.word(key, *words)
