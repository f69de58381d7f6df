"""Priority from the table's inputs, the place in the queue, and whom assignment picks; each told, none silent."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace
from registers import (
    ASSESSED,
    NOW,
    TODAY,
    WHOLE,
    away,
    cells,
    codes,
    memory_of,
    register_of,
    rules_with,
    sent,
    standard_rules,
    with_edits,
)

from qtemplate.fields import FIELDS
from qtemplate.plan import Plan
from qtemplate.rules import make_plan
from qtemplate.rules.queue_order import computed_inputs
from qtemplate.rules.rulebook import RuleBook
from qtemplate.rules.situation import Situation
from qtemplate.rules.steps.assign import assign
from qtemplate.rules.steps.prioritise import prioritise
from qtemplate.sheets.rulebook.rule_binding import binder, read_bound_table
from qtemplate.texts import say_finding

GRADED: dict[str, Any] = ASSESSED | {"level": "major"}


def priority_table(*rules: list[Any]) -> Any:
    """A priority table with the inputs level, safety, recurrent and age_days."""
    grid: list[list[Any]] = [
        ["决策表", "优先级", "首个", None, None, None],
        ["#", "输入", "输入", "输入", "输入", "输出"],
        ["编号", "等级", "安全隐患", "重复发生", "反馈天数", "优先级"],
        ["允许值"],
        ["缺省"],
        *([at, *rule] for at, rule in enumerate(rules, 1)),
    ]
    table, findings = read_bound_table("priority", "优先级规则", grid, *binder("zh", {}, (), (), ()))
    assert findings == []
    return table


BY_ALL = priority_table(
    ["-", "是", "-", "-", "P1"],
    ["重要", "-", "是", "-", "P1"],
    ["重要", "-", "-", ">= 14", "P1"],
    ["重要", "-", "-", "-", "P2"],
    ["-", "-", "-", "-", "P3"],
)


@pytest.mark.parametrize(
    ("change", "priority"),
    [
        ({}, "P2"),
        ({"safety": "yes", "level": "normal"}, "P1"),
        ({"related": "QF-2025-0009"}, "P1"),
        ({"received_at": NOW - dt.timedelta(days=14)}, "P1"),
        ({"received_at": NOW - dt.timedelta(days=13)}, "P2"),
        ({"level": "normal"}, "P3"),
    ],
)
def test_level_safety_recurrence_and_age_all_count_as_the_table_says(change: dict[str, Any], priority: str) -> None:
    plan = prioritise(Situation(register_of({**GRADED, **change}), rules_with(priority=BY_ALL), memory_of(), NOW))
    assert cells(plan)["priority"] == priority


def test_the_age_is_in_days_whatever_the_hour_and_never_negative() -> None:
    times = [NOW, NOW.replace(hour=0), NOW - dt.timedelta(days=2, hours=17), NOW + dt.timedelta(days=3), None]
    register = register_of(*({**GRADED, "received_at": at} for at in times))
    ages = computed_inputs(Situation(register, standard_rules(), memory_of(), NOW))["age_days"]
    assert np.nan_to_num(ages, nan=-1).tolist() == [0, 0, 2, 0, -1]


def queue_of(*rows: dict[str, Any], rules: RuleBook | None = None) -> Plan:
    owned = ({"department": "生产部", **GRADED, **row} for row in rows)
    return prioritise(Situation(register_of(*owned), rules or standard_rules(), memory_of(), NOW))


def test_the_queue_is_ordered_by_priority_then_receipt_within_a_department() -> None:
    early = {"received_at": NOW - dt.timedelta(days=3)}
    plan = queue_of({"level": "minor", **early}, {}, early, {"department": "研发部"}, {"implemented_at": NOW})
    assert [cells(plan, row).get("queue") for row in range(4, 9)] == [3, 2, 1, 1, None]


def test_a_queue_longer_than_the_capacity_of_those_present_is_one_finding_with_its_summands() -> None:
    rows = [{"level": "urgent"}] * 2 + [{}] * 9 + [{"level": "minor"}] * 2
    plan = queue_of(*rows)
    (item,) = plan.findings
    assert (item.code, item.where) == ("QT354", None)
    assert say_finding(item, "zh").action.startswith(
        "生产部排队 13 件（P1 2 件、P2 9 件、P4 2 件），在岗容量合计 12 件（孙浩 12），超出 1 件"
    )
    assert "P1: 2, P2: 9, P4: 2" in say_finding(item, "en").action
    assert queue_of(*rows[:12]).findings == ()


def test_who_is_absent_does_not_count_and_the_head_stands_in() -> None:
    (item,) = queue_of(*[{}] * 5, rules=away(standard_rules(), "孙浩")).findings
    assert dict(item.facts)["capacity"] == 4


def test_somebody_without_a_capacity_can_take_any_number() -> None:
    people = tuple(replace(p, capacity=None) if p.name == "孙浩" else p for p in standard_rules().people)
    assert queue_of(*[{}] * 40, rules=rules_with(people=people)).findings == ()


# -- assignment -------------------------------------------------------------------------------------------------------


def assignment(method: str, person: str = "", skill: str = "", department: str = "研发部") -> Any:
    grid: list[list[Any]] = [
        ["决策表", "分派", "首个", None, None, None],
        ["#", "输入", "输出", "输出", "输出", "输出"],
        ["编号", "问题领域", "责任部门", "方式", "人员", "专长"],
        ["允许值"],
        ["缺省"],
        [1, "-", department, method, person or None, skill or None],
    ]
    table, _ = read_bound_table("assignment", "分派规则", grid, *binder("zh", {}, standard_rules().people, (), ()))
    return table


def owners(rules: RuleBook, *rows: dict[str, Any], **known: Any) -> tuple[list[Any], Plan]:
    register = register_of(*({**GRADED, **row} for row in rows))
    plan = assign(Situation(register, rules, memory_of(**known), NOW))
    after = with_edits(register, plan)
    return [after.value(4 + at, "owner") for at in range(len(rows))], plan


def test_p34_round_robin_goes_on_where_it_stopped_and_a_rerun_changes_nothing() -> None:
    rules = rules_with(assignment=assignment("轮流"))
    register = register_of(GRADED, GRADED, GRADED)
    first = assign(Situation(register, rules, memory_of(), NOW))
    after = with_edits(register, first)
    assert [after.value(row, "owner") for row in (4, 5, 6)] == ["陈晨", "李想", "陈晨"]
    turn = {(fact.id, fact.name): fact.value for fact in first.facts}
    written = {f"QF-2026-000{row - 3}": {"owner": after.value(row, "owner")} for row in (4, 5, 6)}
    again = assign(Situation(after, rules, memory_of(written, facts=turn), NOW))
    assert (again.edits, again.facts) == ((), ())
    assert owners(rules, {}, facts=turn)[0] == ["李想"]


def test_p33_absent_people_are_passed_over_and_a_fixed_owners_deputies_stand_in_one_after_the_other() -> None:
    rules = rules_with(assignment=assignment("轮流"))
    assert owners(away(rules, "陈晨"), {}, {})[0] == ["李想", "李想"]
    fixed = rules_with(assignment=assignment("固定", "王磊"))
    assert owners(fixed, {})[0] == ["王磊"]
    assert owners(away(fixed, "王磊"), {})[0] == ["陈晨"]
    people = tuple(replace(p, deputy="李想") if p.name == "陈晨" else p for p in fixed.people)
    names, plan = owners(away(replace(fixed, people=people), "王磊", "陈晨"), {})
    assert names == ["李想"]
    assert "王磊休假" in str(cells(plan)["assign_reason"])


def test_p33_deputies_of_each_other_who_are_both_away_are_an_error_and_no_silent_pick() -> None:
    people = tuple(replace(p, deputy="王磊") if p.name == "陈晨" else p for p in standard_rules().people)
    rules = away(rules_with(assignment=assignment("固定", "王磊"), people=people), "王磊", "陈晨")
    names, plan = owners(rules, {})
    assert names == [None]
    assert codes(plan) == ["QT330"]


def test_p33_when_everybody_is_away_the_head_takes_it_and_when_nobody_can_it_is_told() -> None:
    rules = rules_with(assignment=assignment("最少负荷"))
    assert owners(away(rules, "陈晨", "李想"), {})[0] == ["王磊"]
    names, plan = owners(away(rules, "陈晨", "李想", "王磊"), {})
    assert names == [None]
    assert [(item.code, item.id) for item in plan.findings] == [("QT330", "QF-2026-0001")]


def test_a_full_desk_passes_on_and_the_skill_asked_for_decides() -> None:
    people = tuple(
        replace(p, capacity=1, skills=("屏幕",)) if p.name == "陈晨" else replace(p, skills=("电池",))
        for p in standard_rules().people
    )
    rules = rules_with(assignment=assignment("最少负荷"), people=people)
    assert owners(rules, {}, {}, {})[0] == ["陈晨", "李想", "李想"]
    screen = replace(rules, assignment=assignment("最少负荷", skill="屏幕"))
    assert owners(screen, {}, {})[0] == ["陈晨", "王磊"]


def test_p33_an_owner_the_program_chose_who_went_away_is_replaced_a_persons_choice_stays() -> None:
    rules = away(rules_with(assignment=assignment("最少负荷")), "陈晨", day=TODAY)
    ours = {"QF-2026-0001": {"owner": "陈晨", "department": "研发部"}}
    row = {"owner": "陈晨", "department": "研发部"}
    assert owners(rules, row, written=ours)[0] == ["李想"]
    assert owners(rules, row, written={"QF-2026-0001": {"department": "研发部"}})[0] == ["陈晨"]


# -- rules of their day and reruns ------------------------------------------------------------------------------------


def test_history_is_graded_by_the_rule_of_its_day() -> None:
    grid: list[list[Any]] = [
        ["决策表", "分级", "首个", None],
        ["#", "输入", "输入", "输出"],
        ["编号", "反馈时间", "严重性", "建议等级"],
        ["允许值"],
        ["缺省"],
        ["2025-3", "<2026-7-1", 3, "一般"],
        ["2026-3", ">=2026-7-1", 3, "重要"],
    ]
    table, findings = read_bound_table("grading", "分级规则", grid, *binder("zh", {}, (), (), ()))
    assert findings == []
    row = WHOLE | {"severity": 3, "safety": "no"}
    register = register_of(
        {**row, "received_at": dt.datetime(2026, 6, 30, 23, 59)}, {**row, "received_at": dt.datetime(2026, 7, 1)}
    )
    after = make_plan(Situation(register, rules_with(grading=table), memory_of(), NOW))[1].register
    assert [after.value(at, "suggested_level") for at in (4, 5)] == ["normal", "major"]
    assert [str(after.value(at, "level_reason")).split("：")[0] for at in (4, 5)] == ["规则 2025-3", "规则 2026-3"]


def test_p34_rules_that_feed_each_other_come_to_rest_a_second_run_changes_nothing() -> None:
    rows = [{**ASSESSED, "id": None}, {**ASSESSED, "id": None, "reporter": "李娜"}]
    plan, left = make_plan(Situation(register_of(*rows), standard_rules(), memory_of(), NOW))
    after = left.register
    written = {str(after.value(row, "id")): {str(key): after.value(row, str(key)) for key in FIELDS} for row in (4, 5)}
    facts = {(fact.id, fact.name): fact.value for fact in plan.facts if fact.value is not None}
    known = memory_of(
        written,
        facts=facts,
        made=frozenset(form.key for form in plan.forms),
        sent=sent(*(m.key for m in plan.messages)),
    )
    second, settled = make_plan(Situation(after, standard_rules(), known, NOW))
    assert [edit.field for edit in second.edits if edit.field not in ("transferred_at", "status", "clock")] == []
    assert (second.messages, second.forms) == ((), ())
    assert settled.register.value(4, "owner") == after.value(4, "owner")
