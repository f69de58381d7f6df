"""排队积分: points that add up, the place in the queue they give, and what happens when the table cannot be used."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from registers import ASSESSED, NOW, cells, codes, memory_of, register_of, rules_with, standard_rules

from qtemplate.dmn.decision_table import DecisionTable
from qtemplate.dmn.table_checks import check_table
from qtemplate.plan import Finding, Plan, Severity
from qtemplate.rules.case import case_of
from qtemplate.rules.queue_order import Standing, computed_inputs, points_of, standing_of
from qtemplate.rules.rulebook import FieldRule, RuleBook
from qtemplate.rules.situation import Situation
from qtemplate.rules.standing import decided_with
from qtemplate.rules.steps.prioritise import prioritise
from qtemplate.sheets.rulebook.rule_binding import binder, read_bound_table
from qtemplate.texts import say_finding

WAITING: dict[str, Any] = ASSESSED | {"level": "major", "department": "生产部"}
EARLY = NOW - dt.timedelta(days=3)


def read_points(
    *rules: list[Any], head: tuple[Any, ...] = ("汇集", "SUM"), own: tuple[str, ...] = ()
) -> tuple[DecisionTable | None, list[Finding]]:
    """A points table with the inputs level, safety, age_days and priority; what the reader says of it."""
    grid: list[list[Any]] = [
        ["决策表", "排队积分", *head],
        ["#", "输入", "输入", "输入", "输入", "输出"],
        ["编号", "等级", "安全隐患", "反馈天数", own[0] if own else "优先级", "积分"],
        ["允许值"],
        ["缺省"],
        *([at, *rule] for at, rule in enumerate(rules, 1)),
    ]
    dictionary = [FieldRule(name, False, "number", "", "", False, None, None, "error", 4) for name in own]
    return read_bound_table("points", "排队积分", grid, *binder("zh", {}, (), dictionary, own))


def points(rules: RuleBook, row: dict[str, Any]) -> float:
    situation = Situation(register_of(row), rules, memory_of(), NOW)
    assert rules.points is not None
    summed = points_of(decided_with(situation, rules.points, computed_inputs(situation)))
    return float(summed[0])


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, 60),
        ({"level": "urgent"}, 100),
        ({"level": "normal"}, 30),
        ({"level": "minor"}, 10),
        ({"level": None}, 0),
        ({"level": "urgent", "safety": "yes"}, 100 + 40),
        ({"safety": "unsure"}, 60 + 20),
        ({"related": "QF-2025-0009"}, 60 + 20),
        ({"scope": "many"}, 60 + 10),
        ({"received_at": NOW - dt.timedelta(days=6)}, 60),
        ({"received_at": NOW - dt.timedelta(days=7)}, 60 + 10),
        ({"received_at": NOW - dt.timedelta(days=14)}, 60 + 10 + 10),
        ({"received_at": None}, 60),
        (
            {
                "safety": "yes",
                "level": "urgent",
                "related": "QF-2025-0009",
                "scope": "many",
                "received_at": NOW - dt.timedelta(days=30),
            },
            100 + 40 + 20 + 10 + 10 + 10,
        ),
    ],
)
def test_every_rule_of_the_default_table_that_fits_adds_its_points(change: dict[str, Any], expected: float) -> None:
    assert points(standard_rules(), WAITING | change) == expected


def queue(*rows: dict[str, Any], rules: RuleBook | None = None) -> tuple[list[Any], Plan]:
    register = register_of(*(WAITING | row for row in rows))
    plan = prioritise(Situation(register, rules or standard_rules(), memory_of(), NOW))
    return [cells(plan, 4 + at).get("queue") for at in range(len(rows))], plan


def test_priority_comes_first_then_points_then_receipt_then_the_id() -> None:
    rows: list[dict[str, Any]] = [
        {"level": "normal", "safety": "unsure", "scope": "many", "received_at": EARLY},  # P3, 60 points
        {},  # P2, 60
        {"received_at": EARLY},  # P2, 60, earlier
        {"safety": "unsure"},  # P2, 80
        {"received_at": EARLY, "id": "QF-2025-0001"},  # as the third, a smaller id
    ]
    assert queue(*rows)[0] == [5, 4, 3, 1, 2]


def test_points_move_the_place_and_never_the_priority() -> None:
    table, findings = read_points(["轻微", "-", "-", "-", 1000])
    assert findings == []
    rows: list[dict[str, Any]] = [{"level": "minor"}, {"level": "urgent"}]
    places, plan = queue(*rows, rules=rules_with(points=table))
    assert (places, cells(plan, 4)["priority"], cells(plan, 5)["priority"]) == ([2, 1], "P4", "P1")


def test_points_may_be_negative_or_broken_and_may_ask_for_the_new_priority() -> None:
    table, _ = read_points(["-", "-", "-", "P1", 0.1], ["-", "-", "-", "P1", 0.2], ["-", "否", "-", "-", -5])
    rules = rules_with(points=table)
    assert queue({"level": "urgent"}, {"level": "urgent", "safety": "yes"}, rules=rules)[0] == [2, 1]
    assert points(rules, WAITING | {"priority": "P1", "safety": "yes"}) == 0.3


def test_without_a_points_table_the_queue_is_by_priority_and_receipt_as_before() -> None:
    rows: list[dict[str, Any]] = [{"safety": "unsure"}, {"received_at": EARLY}]
    assert queue(*rows)[0] == [1, 2]
    places, plan = queue(*rows, rules=rules_with(points=None))
    assert (places, codes(plan)) == ([2, 1], [])


@pytest.mark.parametrize(
    ("rules", "head", "cell"),
    [
        ([["紧急", "-", "-", "-", 100]], ("首个", None), "C1"),
        ([["紧急", "-", "-", "-", 100]], ("汇集", None), "C1"),
        ([["紧急", "-", "-", "-", 100]], ("汇集", "MAX"), "C1"),
        ([["紧急", "-", "-", "-", "很多"]], ("汇集", "SUM"), "F6"),
        ([["紧急", "-", "-", "-", 100], ["重要", "-", "-", "-", None]], ("汇集", "求和"), "F7"),
        ([["紧", "-", "-", "-", 100]], ("汇集", "+"), "B6"),
    ],
)
def test_a_table_that_cannot_be_added_up_is_an_error_at_its_cell(
    rules: list[list[Any]], head: tuple[Any, ...], cell: str
) -> None:
    table, findings = read_points(*rules, head=head)
    assert table is None
    assert [(item.code, item.severity, item.where and item.where.address) for item in findings] == [
        ("QT220", Severity.ERROR, cell)
    ]
    assert all("汇集" in say_finding(item, "zh").message for item in findings if cell == "C1")


def test_rules_that_overlap_or_leave_gaps_are_how_points_are_meant() -> None:
    table, findings = read_points(["紧急", "-", "-", "-", 5], ["紧急", "是", "-", "-", 5], ["-", "-", ">= 7", "-", 1])
    assert table is not None
    assert (findings, check_table(table)) == ([], [])
    default = standard_rules().points
    assert default is not None and check_table(default) == []


def test_a_row_that_a_table_cannot_judge_is_told_and_gets_no_points() -> None:
    table, _ = read_points(["-", "-", "-", ">= 3", 50], ["-", "-", "-", "-", 1], own=("楼层",))
    assert table is not None
    register = register_of(WAITING, WAITING | {"楼层": "B2"}, own=("楼层",))
    plan = prioritise(Situation(register, rules_with(points=table), memory_of(), NOW))
    assert [(item.code, item.id, item.field) for item in plan.findings] == [("QT312", "QF-2026-0002", "queue")]
    assert [cells(plan, row)["queue"] for row in (4, 5)] == [1, 2]
    assert "楼层" in say_finding(plan.findings[0], "zh").message


def test_a_graded_row_without_a_priority_is_told_and_not_left_out_silently() -> None:
    grid: list[list[Any]] = [
        ["决策表", "优先级", "首个"],
        ["#", "输入", "输出"],
        ["编号", "等级", "优先级"],
        ["允许值"],
        ["缺省"],
        [1, "紧急", "P1"],
    ]
    table, _ = read_bound_table("priority", "优先级规则", grid, *binder("zh", {}, (), (), ()))
    plan = queue({}, {"level": "urgent"}, {"closed_at": NOW}, rules=rules_with(priority=table))[1]
    assert [(item.code, item.id, item.field) for item in plan.findings] == [("QT312", "QF-2026-0001", "priority")]
    assert "没有规则匹配" in say_finding(plan.findings[0], "zh").message


def test_where_a_row_stands_adds_up_to_its_place() -> None:
    rows: list[dict[str, Any]] = [
        {"level": "urgent"},
        {"safety": "unsure"},
        {"received_at": EARLY},
        {},
        {"department": "研发部"},
        {"level": "minor"},
    ]
    before = Situation(register_of(*(WAITING | row for row in rows)), standard_rules(), memory_of(), NOW)
    after = before.with_edits(prioritise(before).edits)
    assert standing_of(case_of(after, 7)) == Standing("生产部", 4, 5, 12, 1, 1, 1)
    assert standing_of(case_of(after, 8)) == Standing("研发部", 1, 1, 14, 0, 0, 0)
    assert standing_of(case_of(before, 7)) is None


@pytest.mark.parametrize("asked", ["反馈天数", "age_days", "重复发生"])
def test_only_priority_and_points_may_ask_for_what_their_step_computes(asked: str) -> None:
    grid: list[list[Any]] = [
        ["决策表", "分级", "首个"],
        ["#", "输入", "输出"],
        ["编号", asked, "建议等级"],
        ["允许值"],
        ["缺省"],
        [1, "-", "紧急"],
    ]
    table, findings = read_bound_table("grading", "分级规则", grid, *binder("zh", {}, (), (), ()))
    assert (table, [(item.code, item.where and item.where.address) for item in findings]) == (None, [("QT220", "B3")])
