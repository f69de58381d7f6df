"""Rows that a log sheet did not take yet: kept as facts, proposed again at every run, in force meanwhile. Pure.

A row of a log records something that happens once; if its sheet cannot be written and nothing remembered
the row, it would be lost after this run.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from typing import Any, Final

from msgspec.structs import replace

from ..plan import FactName, Memory, NewRow, Plan, Remember
from .rulebook import Pause, RuleBook

MOMENTS: Final = ("at", "from", "to", "due", "done", "date", "settled")
"""Columns of the log sheets that hold moments; facts keep them as ISO text."""


def owe(row: NewRow) -> Remember:
    """The fact that a row is still to be written."""
    values = {key: value.isoformat() if isinstance(value, dt.date) else value for key, value in row.values.items()}
    return Remember(row.id, FactName.OWED.of(row.key), {"sheet": row.sheet, "values": values})


def paid(row: NewRow) -> Remember:
    """The end of that fact."""
    return Remember(row.id, FactName.OWED.of(row.key), None)


def owed_rows(memory: Memory) -> Iterable[NewRow]:
    """The rows that are still to be written, in the order of their keys."""
    for (id, name), kept in sorted(memory.facts.items(), key=lambda fact: fact[0]):
        if (key := FactName.OWED.about(name)) is not None:
            values: dict[str, Any] = {
                column: dt.datetime.fromisoformat(value) if column in MOMENTS and value else value
                for column, value in kept["values"].items()
            }
            yield NewRow(kept["sheet"], id, key, values)


def propose_owed(memory: Memory, planned: Collection[str]) -> Plan:
    """Proposes the owed rows once more, except those whose keys are in `planned`: a step has proposed them anew."""
    rows = tuple(owed_rows(memory))
    return Plan(rows=tuple(row for row in rows if row.key not in planned), facts=tuple(paid(row) for row in rows))


def with_owed(rulebook: RuleBook, memory: Memory) -> RuleBook:
    """The rule book with the pauses that stand on no sheet we can read, so the clocks rest; their row is 0.

    Those are the pauses that 暂停记录 did not take yet, and while it cannot be read, those the program has opened.
    """
    owed = [row for row in owed_rows(memory) if row.sheet == "pauses"]
    pauses = [Pause(row.id, row.values["from"], row.values["to"], str(row.values["reason"] or ""), 0) for row in owed]
    if "pauses" in rulebook.unread:
        known = {(pause.id, pause.start) for pause in pauses}
        for (id, name), since in memory.facts.items():
            if name == FactName.PAUSED and since and (id, begun := dt.datetime.fromisoformat(since)) not in known:
                over = memory.fact(id, FactName.PAUSE_OVER)
                pauses.append(Pause(id, begun, dt.datetime.fromisoformat(over) if over else None, "", 0))
    return replace(rulebook, pauses=(*rulebook.pauses, *pauses)) if pauses else rulebook


def is_owed(pause: Pause, memory: Memory) -> bool:
    """Whether the pause is a row that 暂停记录 did not take yet."""
    return memory.fact(pause.id, FactName.OWED.of(_key_of(pause))) is not None


def end_owed(pause: Pause, now: dt.datetime) -> Remember:
    """An owed pause that is over before it was written."""
    values = {"id": pause.id, "from": pause.start, "to": now, "reason": pause.reason}
    return owe(NewRow("pauses", pause.id, _key_of(pause), values))


def _key_of(pause: Pause) -> str:
    return f"pause/{pause.id}/{pause.start.isoformat()}"
