"""The state step: states in order (cases/states.toml), typed states, closing by gates (cases/gates.toml), pauses."""

from __future__ import annotations

import datetime as dt
import tomllib
from typing import Any

import pytest
from registers import ASSESSED, NOW, WHOLE, Row, cells, codes, memory_of, register_of, rules_with, standard_rules
from where import TABLES

from qtemplate.plan import Phrase, Plan, Remember
from qtemplate.rules.rulebook import Pause
from qtemplate.rules.situation import Situation
from qtemplate.rules.steps.state import state

CASES = tomllib.loads((TABLES / "states.toml").read_text("utf-8"))["case"]
GATES = tomllib.loads((TABLES / "gates.toml").read_text("utf-8"))["case"]
LEVELS = ("urgent", "major", "normal", "minor")
ID = "QF-2026-0001"
DONE = ASSESSED | {
    "check": "通过",
    "owner": "孙浩",
    "containment": "停用该批次",
    "root_cause": "排线松脱",
    "cause_code": "process",
    "implemented_at": dt.datetime(2026, 7, 15, 10),
    "verifier": "蒋欣",
    "verify_result": "passed",
    "prevention": "增加压接检查",
    "reply_type": "solved",
    "replied_at": dt.datetime(2026, 7, 15, 12),
    "confirm_sent_at": dt.datetime(2026, 7, 15, 13),
    "confirmation": "solved",
    "satisfaction": 5,
    "close_type": "solved",
}
"""A row that may be closed at every level."""


def known(row: Row) -> dict[str, Any]:
    return {key: None if value == "" else value for key, value in row.items()}


def of_facts(**facts: Any) -> dict[tuple[str, str], Any]:
    return {(ID, name): value for name, value in facts.items()}


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_row_is_in_the_state_of_its_case(case: dict[str, Any]) -> None:
    memory = memory_of({ID: case.get("written", {})}, facts=of_facts(**case.get("memory", {})))
    plan = state(Situation(register_of(WHOLE | known(case["row"])), standard_rules(), memory, NOW))
    assert cells(plan)["status"] == case["state"]


@pytest.mark.parametrize("level", LEVELS)
def test_a_row_with_everything_in_order_closes(level: str) -> None:
    row = DONE | {"level": level, "suggested_level": level}
    written = cells(state(Situation(register_of(row), standard_rules(), memory_of(), NOW)))
    days = {"urgent": dt.datetime(2027, 1, 11), "major": dt.datetime(2026, 10, 13)}
    expected = {"closed_at": NOW, "status": "closed"} | ({"watch_until": days[level]} if level in days else {})
    assert written == expected


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("case", GATES, ids=["+".join(case["without"]) for case in GATES])
def test_a_gate_keeps_a_row_open(case: dict[str, Any], level: str) -> None:
    without: dict[str, Any] = dict.fromkeys(case["without"])
    if "title" in without:
        without["check"] = "待补充：问题标题"
    plan = state(
        Situation(
            register_of(DONE | {"level": level, "suggested_level": level} | without), standard_rules(), memory_of(), NOW
        )
    )
    expected = tuple(Phrase(name) for name in case["lacks"][LEVELS.index(level)].split())
    found = [dict(item.facts)["lacking"] for item in plan.findings if item.code == "QT820"]
    assert found == ([expected] if expected else [])
    assert (cells(plan).get("closed_at") == NOW) is not bool(expected)


def test_an_overruled_level_needs_its_reason_to_close() -> None:
    row = DONE | {"level": "minor", "suggested_level": "major"}
    plan = state(Situation(register_of(row), standard_rules(), memory_of(), NOW))
    assert dict(plan.findings[0].facts)["lacking"] == (Phrase("gate.override"),)
    reasoned = state(
        Situation(register_of(row | {"override_reason": "已有替代品"}), standard_rules(), memory_of(), NOW)
    )
    assert cells(reasoned)["closed_at"] == NOW


def test_closing_by_explanation_asks_for_level_reply_and_reason_only() -> None:
    row = ASSESSED | {
        "check": "错误：电话", "authenticity": "misuse", "level": "minor", "suggested_level": "minor",
        "close_type": "explained", "reply_type": "declined",
    }  # fmt: skip
    plan = state(Situation(register_of(row), standard_rules(), memory_of(), NOW))
    assert dict(plan.findings[0].facts)["lacking"] == (Phrase("gate.reply"),)
    told = state(Situation(register_of(row | {"replied_at": NOW.replace(hour=12)}), standard_rules(), memory_of(), NOW))
    assert cells(told)["closed_at"] == NOW


def test_a_master_does_not_close_before_its_followers() -> None:
    row = DONE | {"level": "minor", "suggested_level": "minor"}
    follower = WHOLE | {"master": ID, "status": "merged", "email": "li.na@example.org"}
    plan = state(Situation(register_of(row, follower), standard_rules(), memory_of(), NOW))
    assert dict(plan.findings[0].facts)["lacking"] == (Phrase("gate.followers"),)
    closed = follower | {"closed_at": NOW.replace(hour=9), "close_type": "merged", "level": "minor"}
    plan = state(Situation(register_of(row, closed), standard_rules(), memory_of(), NOW))
    assert cells(plan)["closed_at"] == NOW


def test_a_closing_time_typed_over_is_put_back_and_reported() -> None:
    closed = NOW.replace(hour=9)
    row = DONE | {"level": "minor", "suggested_level": "minor", "status": "closed", "closed_at": NOW.replace(day=1)}
    memory = memory_of({ID: {"closed_at": closed, "status": "closed"}})
    plan = state(Situation(register_of(row), standard_rules(), memory, NOW))
    assert (cells(plan), codes(plan)) == ({"closed_at": closed}, ["QT341"])


def typed(word: str, row: Row, **facts: Any) -> Plan:
    memory = memory_of({ID: {"status": "to_transfer"}}, facts=of_facts(**facts))
    return state(Situation(register_of({**WHOLE, "status": word, **row}), standard_rules(), memory, NOW))


def test_a_typed_state_holds_until_the_facts_change() -> None:
    first = typed("to_reply", {"level": "major"})
    assert (cells(first), codes(first)) == ({}, ["QT810"])
    assert first.facts == (Remember(ID, "status_typed", ["to_reply", "to_transfer"]),)
    held = typed("to_reply", {"level": "major"}, status_typed=["to_reply", "to_transfer"])
    assert (cells(held), codes(held), held.facts) == ({}, ["QT810"], ())
    moved = NOW.replace(hour=9)
    freed = typed("to_reply", {"level": "major", "transferred_at": moved}, status_typed=["to_reply", "to_transfer"])
    assert (cells(freed), codes(freed)) == ({"status": "in_work"}, [])
    assert freed.facts == (Remember(ID, "status_typed", None),)


def test_waiting_for_others_opens_a_pause_and_its_end_closes_it() -> None:
    begun = typed("waiting_external", {"level": "major", "notes": "等样机"})
    assert [(row.sheet, row.key, dict(row.values)) for row in begun.rows] == [
        ("pauses", f"pause/{ID}/2026-07-15T17:30:00", {"id": ID, "from": NOW, "to": None, "reason": "等样机"})
    ]
    assert (cells(begun), begun.facts) == ({}, (Remember(ID, "paused", NOW.isoformat()),))
    rules = rules_with(pauses=(Pause(ID, NOW, None, "等样机", 7),))
    memory = memory_of({ID: {"status": "to_transfer"}}, facts=of_facts(paused=NOW.isoformat()))
    still = state(Situation(register_of(WHOLE | {"level": "major", "status": "waiting_external"}), rules, memory, NOW))
    assert (still.rows, still.cells, still.facts) == ((), (), ())
    later = NOW + dt.timedelta(days=1)
    over = state(Situation(register_of(WHOLE | {"level": "major"}), rules, memory, later))
    assert [(cell.sheet, cell.row, cell.column, cell.after) for cell in over.cells] == [("pauses", 7, "to", later)]
    assert (cells(over), over.facts) == (
        {"status": "to_transfer"},
        (Remember(ID, "pause_over", later.isoformat()),),
    )
    # the end may have been refused: it is known when it was, and forgotten only when the sheet shows it
    known = memory_of(
        {ID: {"status": "to_transfer"}}, facts=of_facts(paused=NOW.isoformat(), pause_over=later.isoformat())
    )
    again = state(Situation(register_of(WHOLE | {"level": "major"}), rules, known, later + dt.timedelta(days=1)))
    assert ([cell.after for cell in again.cells], again.facts) == ([later], ())
    ended = rules_with(pauses=(Pause(ID, NOW, later, "等样机", 7),))
    done = state(Situation(register_of(WHOLE | {"level": "major"}), ended, known, later))
    assert (done.cells, set(done.facts)) == ((), {Remember(ID, "paused", None), Remember(ID, "pause_over", None)})


def test_waiting_ends_when_the_row_is_merged() -> None:
    plan = typed("waiting_external", {"level": "major", "master": "QF-2026-0009"})
    assert cells(plan) == {"status": "merged"}
