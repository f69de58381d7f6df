"""Rows whose clocks are known, the plans of reminders about them, and what stands in the digests."""

from __future__ import annotations

import datetime as dt
from typing import Any

from msgspec.structs import replace
from registers import ASSESSED, NOW, Row, memory_of, register_of, standard_rules

from qtemplate.plan import Message, Plan
from qtemplate.rules.rulebook import RuleBook
from qtemplate.rules.situation import Situation
from qtemplate.rules.steps.remind import remind

ID = "QF-2026-0001"
OPEN = ASSESSED | {
    "level": "major",
    "assessed_at": dt.datetime(2026, 7, 15, 10),
    "responded_at": dt.datetime(2026, 7, 15, 10),
    "department": "生产部",
    "owner": "孙浩",
    "contact": "孙浩",
    "transferred_at": dt.datetime(2026, 7, 15, 9, 30),
    "accepted_at": dt.datetime(2026, 7, 15, 10),
    "containment": "停用",
    "contained_at": dt.datetime(2026, 7, 15, 11),
}
"""A row whose clocks all run on time: only the progress (three working days) and the answer are awaited.

Its owner speaks with the reporter himself.
"""

LATE = OPEN | {"received_at": dt.datetime(2026, 6, 30, 9, 30), "responded_at": NOW.replace(hour=9)}
"""The final reply was due on 14 July at 9:30: one working day and a half late."""


def plan_of(*rows: Row, now: dt.datetime = NOW, rules: RuleBook | None = None, **memory: Any) -> Plan:
    return remind(Situation(register_of(*rows), rules or standard_rules(), memory_of({}, **memory), now))


def sections(mail: Message) -> dict[str, list[tuple[str, str]]]:
    """Section -> (id, clock) of its lines."""
    return {part["key"]: [(line["id"], line["clock"]) for line in part["rows"]] for part in mail.facts["sections"]}


NOBODY = ASSESSED | {"level": "major", "category": "design", "department": "设计部"}
"""A row of a department without people."""


def told(plan: Plan) -> dict[str, list[str]]:
    """Account -> the sections of the digest."""
    return {str(mail.to[0].mail.split("@")[0]): list(sections(mail)) for mail in plan.messages}


def line_of(plan: Plan, account: str) -> dict[str, Any]:
    """The first line of somebody's digest."""
    mail = next(mail for mail in plan.messages if mail.to[0].mail == f"{account}@example.com")
    line: dict[str, Any] = mail.facts["sections"][0]["rows"][0]
    return line


def changed(rules: RuleBook, name: str, **changes: Any) -> RuleBook:
    people = tuple(replace(p, **changes) if p.name == name else p for p in rules.people)
    return replace(rules, people=people)
