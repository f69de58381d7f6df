"""Actions of 措施跟踪: in the digest of whoever owns them, and what closing asks of them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from registers import ASSESSED, NOW, TODAY, Row, away, memory_of, register_of, rules_with

from qtemplate.plan import Phrase
from qtemplate.register import CellRef
from qtemplate.rules.around.log_rows import log_rows
from qtemplate.rules.rulebook import LogRow, RuleBook
from qtemplate.rules.situation import Situation
from qtemplate.rules.standing import has
from qtemplate.rules.steps.gates import absent_gates, lacking
from qtemplate.rules.steps.remind import remind

ID = "QF-2026-0001"
OPEN = ASSESSED | {
    "level": "normal", "department": "生产部", "owner": "孙浩", "contact": "唐宁", "assessor": "周敏",
    "transferred_at": NOW, "accepted_at": NOW, "responded_at": NOW, "replied_at": NOW,
}  # fmt: skip
SHEET = "措施跟踪"


def day(days: int) -> dt.date:
    return TODAY + dt.timedelta(days=days)


def action(at: int = 4, **changes: Any) -> LogRow:
    values = {"kind": "corrective", "text": "更换端子", "owner": "何军", "due": day(0), "done": None,
              "evidence": None, "effect": None, "id": ID} | changes  # fmt: skip
    return LogRow(str(values["id"] or ""), values, at, CellRef(SHEET, at, 2))


def told(*actions: LogRow, row: Row = OPEN, rules: RuleBook | None = None) -> dict[str, list[str]]:
    """Whom today's digests tell of actions, and what."""
    rulebook = rules or rules_with(logs={"actions": actions})
    plan = remind(Situation(register_of(row), rulebook, memory_of({}), NOW))
    return {
        mail.to[0].name: [line["todo"] for part in mail.facts["sections"] for line in part["rows"]]
        for mail in plan.messages
        if mail.kind == "M10" and any(part["key"] == "to_act" for part in mail.facts["sections"])
    }


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"due": day(-2)}, ["“更换端子”2026年7月13日 到期，已晚 2 天"]),
        ({"due": day(0)}, ["“更换端子”2026年7月15日 到期"]),
        ({"due": day(3)}, ["“更换端子”2026年7月18日 到期"]),
        ({"due": day(4)}, None),
        ({"due": day(-2), "done": day(-1)}, None),
        ({"due": None}, None),
        ({"id": None}, None),
        ({"id": "QF-2026-0099"}, None),
    ],
)
def test_the_owner_of_an_action_is_told_from_three_days_before_until_it_is_done(
    changes: dict[str, Any], said: list[str] | None
) -> None:
    assert told(action(**changes)) == ({} if said is None else {"何军": said})


def test_two_actions_of_a_feedback_are_one_line_and_whoever_is_away_is_stood_in_for() -> None:
    both = action(due=day(-1)), action(5, text="终检加振动", due=day(1))
    [(name, lines)] = told(*both, rules=away(rules_with(logs={"actions": both}), "何军")).items()
    assert (name, len(lines)) == ("蒋欣", 1)
    assert "更换端子" in lines[0] and "终检加振动" in lines[0]


def test_an_action_of_a_stranger_is_told_to_the_owner_of_the_feedback_and_in_the_findings() -> None:
    stranger = action(owner="外协厂")
    assert list(told(stranger)) == ["孙浩"]
    rules = rules_with(logs={"actions": (stranger, action(5, id=None, kind="improvement", due=day(-4)), action(6))})
    found = log_rows(Situation(register_of(OPEN), rules, memory_of({ID: {}}), NOW)).findings
    assert [(item.code, str(item.where)) for item in found] == [("QT634", f"{SHEET}!B4"), ("QT633", f"{SHEET}!B5")]


@pytest.mark.parametrize(
    ("changes", "closes"),
    [
        ({}, False),
        ({"done": TODAY}, False),
        ({"done": TODAY, "evidence": "照片"}, True),
        ({"done": TODAY, "effect": "0/200"}, True),
        ({"kind": "improvement"}, True),
        ({"id": "QF-2026-0002"}, True),
    ],
)
def test_closing_asks_that_actions_are_done_and_have_something_to_show(changes: dict[str, Any], closes: bool) -> None:
    rules = rules_with(logs={"actions": (action(**changes),)})
    situation = Situation(register_of(OPEN | {"close_type": "solved"}), rules, memory_of({}), NOW)
    gaps = lacking(situation, has(situation, "close_type")).get(0, [])
    assert (Phrase("gate.actions") not in gaps) is closes


def test_a_minor_feedback_and_a_workbook_without_the_sheet_are_not_asked() -> None:
    rules = rules_with(logs={"actions": (action(),)})
    for row, known in ((OPEN | {"level": "minor"}, rules), (OPEN, rules_with(unread=frozenset({"actions"})))):
        situation = Situation(register_of(row | {"close_type": "solved"}), known, memory_of({}), NOW)
        assert Phrase("gate.actions") not in lacking(situation, has(situation, "close_type")).get(0, [])
    assert "gate.actions" in absent_gates(situation)
