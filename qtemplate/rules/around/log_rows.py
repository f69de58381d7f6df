"""Rows of the logs that name no feedback of the register; since when there is 是否最终答复. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from ...dmn.nearest import nearest
from ...plan import FactName, Finding, Phrase, Plan, Remember, Severity
from ..digests.actions import is_open
from ..rulebook import ContactEntry, LogRow, Pause
from ..situation import Situation
from ..standing import rows_by_id

MOST_COMPARED = 20
"""So many strange ids are held against every known one; a mere other spelling is always recognised."""

_NUMBER = re.compile(r"(\d{4})\D?(\d{4,})$")


def log_rows(after: Situation) -> Plan:
    """A finding for every log row that counts for nothing since no row has its id, with the nearest one.

    Args:
        after: With this run's edits. Its memory knows which ids there were: an entry about a row that has been deleted
            is no mistake.
    """
    rulebook, memory = after.rulebook, after.memory
    facts: tuple[Remember, ...] = ()
    if rulebook.has_final and memory.fact("", FactName.FINAL_SINCE) is None:
        facts = (Remember("", FactName.FINAL_SINCE, after.now.replace(microsecond=0).isoformat()),)
    actions = tuple(_of_actions(after))
    known = {str(id) for id in (*rows_by_id(after), *memory.written.index)}
    investigated = (row for rows in rulebook.logs.values() for row in rows if row.id)
    logged: tuple[ContactEntry | Pause | LogRow, ...] = (*rulebook.contacts, *rulebook.pauses, *investigated)
    strange = [entry for entry in logged if entry.id not in known and entry.where]
    if not strange:
        return Plan(actions, facts=facts)
    spellings = {_spelling(id): id for id in known}
    findings: list[Finding] = []
    compared = 0
    for entry in strange:
        near = spellings.get(_spelling(entry.id), "")
        if not near and compared < MOST_COMPARED:
            near, compared = nearest(entry.id, sorted(known)), compared + 1
        perhaps = Phrase.of("log.near_id", near=near) if near else ""
        findings.append(Finding("QT155", Severity.WARNING, entry.where, entry.id[:80], (("perhaps", perhaps),)))
    return Plan((*findings, *actions), facts=facts)


def _of_actions(after: Situation) -> Iterator[Finding]:
    """Open actions nobody is reminded of: their owner is not in 人员, or they are late and belong to no feedback."""
    today = after.now.date()
    for row in after.rulebook.logs.get("actions", ()):
        if not is_open(row):
            continue
        owner, due = row.text("owner"), row.values.get("due")
        if after.rulebook.person(owner) is None:
            facts: tuple[tuple[str, object], ...] = (("action", row.text("text")[:40]),)
            yield Finding("QT634", Severity.WARNING, row.where, owner, facts, row.id or None)
        elif not row.id and due is not None and due < today:
            facts = (("action", row.text("text")[:40]), ("owner", owner), ("days", (today - due).days))
            yield Finding("QT633", Severity.WARNING, row.where, "", facts)


def _spelling(id: str) -> str:
    """An id without what people leave out or type otherwise: width, case, prefix, what stands between the numbers."""
    folded = unicodedata.normalize("NFKC", id).casefold().strip()
    found = _NUMBER.search(folded)
    return folded if found is None else f"{found[1]}-{int(found[2])}"
