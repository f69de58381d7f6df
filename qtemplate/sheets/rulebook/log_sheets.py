"""暂停记录 and 沟通记录 -> pauses and contacts: the sheets that people and the program both write."""

from __future__ import annotations

from ...choices import ContactWay
from ...rules.rulebook import ContactEntry, Pause
from ...texts.wanted import Wanted
from ..headers import fold
from ..layout import BY_KEY
from .rule_sheets import RuleSheets

WAYS = {fold(name): str(way) for way in ContactWay for name in (str(way), way.zh, way.en)}


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
