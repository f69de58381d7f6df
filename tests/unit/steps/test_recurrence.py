"""P37: the same defect told again is seen: 关联反馈 names the earlier ones, and the quality lead hears of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from registers import ASSESSED, NOW, cells, memory_of, register_of, rules_with, sent

from qtemplate.rules import make_plan
from qtemplate.rules.situation import Situation
from qtemplate.rules.steps.recognise import recognise

RULES = rules_with(faults={"不通电": ("屏幕不亮", "没有反应"), "漏水": ("渗水",)})
EARLIER: dict[str, Any] = ASSESSED | {"received_at": NOW - dt.timedelta(days=30)}
LATER: dict[str, Any] = ASSESSED | {
    "received_at": NOW - dt.timedelta(hours=2),
    "reporter": "李娜",
    "email": "li.na@example.org",
    "title": "开不了机",
    "description": "插上电源以后没有反应，换了三个插座都一样，指示灯也不亮。",
}


def test_p37_other_words_for_the_same_fault_are_related_and_told_once() -> None:
    plan, left = make_plan(Situation(register_of(EARLIER, LATER), RULES, memory_of(), NOW))
    after = left.register
    assert [after.value(row, "fault") for row in (4, 5)] == ["不通电", "不通电"]
    assert [after.value(row, "related") for row in (4, 5)] == [None, "QF-2026-0001"]
    told = [message for message in plan.messages if message.kind == "M22"]
    assert [(message.id, [to.name for to in message.to]) for message in told] == [("QF-2026-0002", ["周敏"])]
    again, _ = make_plan(Situation(register_of(EARLIER, LATER), RULES, memory_of(sent=sent(told[0].key)), NOW))
    assert [message for message in again.messages if message.kind == "M22"] == []


@pytest.mark.parametrize(
    "change",
    [
        {"model": "RC-500"},
        {"description": "用了两天发现底座渗水，台面上一摊水，擦干以后又渗水出来。", "title": "底座渗水"},
        {"received_at": NOW + dt.timedelta(days=61)},
        {"master": "QF-2026-0001"},
    ],
)
def test_p37_another_model_or_fault_or_time_is_no_recurrence(change: dict[str, Any]) -> None:
    plan = recognise(Situation(register_of(EARLIER, {**LATER, **change}), RULES, memory_of(), NOW))
    assert "related" not in cells(plan, 5)


def test_p37_a_recurrence_raises_the_priority_as_the_default_table_says() -> None:
    after = make_plan(Situation(register_of(EARLIER, LATER), RULES, memory_of(), NOW))[1].register
    assert [after.value(row, "priority") for row in (4, 5)] == ["P2", "P1"]
