"""Assignment by the table, absence and deputies, and the priority and queue that follow."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from registers import (
    ASSESSED,
    FIRST_ROW,
    NOW,
    Row,
    away,
    cells,
    codes,
    memory_of,
    register_of,
    rules_with,
    standard_rules,
)  # fmt: skip

from qtemplate.plan import Plan, Remember
from qtemplate.rules.assign import assign, choose_owner
from qtemplate.rules.prioritise import prioritise
from qtemplate.rules.rulebook import RuleBook

GRADED = ASSESSED | {"level": "major"}
ID = "QF-2026-0001"


def plan_of(*rows: Row, rules: RuleBook | None = None, **memory: Any) -> Plan:
    return assign(register_of(*rows), rules or standard_rules(), memory_of({}, **memory), NOW)


@pytest.mark.parametrize(
    ("category", "department", "owner"),
    [
        ("software", "研发部", "陈晨"),
        ("hardware", "生产部", "孙浩"),
        ("design", "设计部", None),
        ("packaging", "品控部", "蒋欣"),
        ("other", "品控部", "蒋欣"),
        ("service", "客服部", None),
    ],
)
def test_the_category_decides_the_department_and_nobody_is_picked_silently(
    category: str, department: str, owner: str | None
) -> None:
    row = GRADED | {"category": category} | ({"version": "1.0"} if category == "software" else {})
    plan = plan_of(row)
    written = cells(plan)
    assert (written["department"], written.get("owner")) == (department, owner)
    assert codes(plan) == ([] if owner else ["QT330"])


@pytest.mark.parametrize(
    "change",
    [{"level": None}, {"scene": None}, {"authenticity": "misuse"}, {"master": "QF-2026-0009"}, {"closed_at": NOW}],
)
def test_what_is_not_ready_is_not_assigned(change: Row) -> None:
    assert plan_of(GRADED | change) == Plan()


def test_the_least_loaded_gets_the_next_row_and_the_gravest_row_is_served_first() -> None:
    busy = GRADED | {
        "category": "software",
        "version": "1",
        "department": "研发部",
        "owner": "陈晨",
        "transferred_at": NOW,
    }
    free = GRADED | {"category": "software", "version": "1"}
    plan = plan_of(busy, free | {"level": "minor"}, free | {"level": "urgent"})
    assert [cells(plan, FIRST_ROW + at).get("owner") for at in range(3)] == [None, "陈晨", "李想"]


def test_a_full_or_absent_member_is_passed_over_and_the_head_or_his_deputy_stands_in() -> None:
    row = GRADED | {"category": "software", "version": "1"}
    assert cells(plan_of(row, rules=away(standard_rules(), "陈晨")))["owner"] == "李想"
    assert cells(plan_of(row, rules=away(standard_rules(), "陈晨", "李想")))["owner"] == "王磊"
    nobody = plan_of(row, rules=away(standard_rules(), "陈晨", "李想", "王磊"))
    assert (cells(nobody), codes(nobody)) == ({"department": "研发部"}, ["QT330"])
    full = replace_capacity(standard_rules(), 0)
    assert cells(plan_of(row, rules=full))["owner"] == "王磊"


def replace_capacity(rules: RuleBook, capacity: int) -> RuleBook:
    return rules_with(people=tuple(replace(person, capacity=capacity) for person in rules.people))


def test_an_owner_without_an_address_is_assigned_and_reported() -> None:
    people = tuple(replace(p, mail="") if p.name == "孙浩" else p for p in standard_rules().people)
    plan = plan_of(GRADED, rules=rules_with(people=people))
    assert (cells(plan)["owner"], codes(plan)) == ("孙浩", ["QT332"])


@pytest.mark.parametrize(
    ("last", "next_one"),
    [({}, "陈晨"), ({"研发部": "陈晨"}, "李想"), ({"研发部": "李想"}, "陈晨"), ({"研发部": "走了"}, "陈晨")],
)
def test_taking_turns_goes_on_where_it_stopped(last: dict[str, str], next_one: str) -> None:
    pick = choose_owner(standard_rules(), "研发部", {"method": "round_robin"}, Counter(), last, NOW.date())
    assert pick.person is not None and pick.person.name == next_one


def test_an_owner_that_a_person_chose_stays() -> None:
    plan = plan_of(GRADED | {"owner": "何军"})
    assert cells(plan) == {"department": "生产部"}


def test_a_transferred_row_keeps_its_owner_also_when_the_cell_was_emptied() -> None:
    written = {ID: {"department": "生产部", "owner": "赵刚", "assign_reason": "规则 2", "transferred_at": NOW}}
    plan = assign(register_of(GRADED | {"transferred_at": NOW}), standard_rules(), memory_of(written), NOW)
    assert cells(plan) == {"department": "生产部", "owner": "赵刚", "assign_reason": "规则 2"}


@pytest.mark.parametrize(
    ("level", "related", "priority"),
    [
        ("urgent", None, "P1"),
        ("major", "QF-2026-0009", "P1"),
        ("major", None, "P2"),
        ("normal", None, "P3"),
        ("normal", "QF-2026-0009", "P3"),
        ("minor", None, "P4"),
    ],
)
def test_the_level_and_recurrence_decide_the_priority(level: str, related: str | None, priority: str) -> None:
    row = GRADED | {"level": level, "related": related}
    assert cells(prioritise(register_of(row), standard_rules(), memory_of(), NOW)) == {"priority": priority}


def test_the_queue_of_a_department_goes_by_priority_and_arrival_and_skips_what_is_done() -> None:
    rows = [
        GRADED | {"department": "生产部", "level": level, "implemented_at": done}
        for level, done in (("normal", None), ("major", None), ("urgent", NOW), ("major", None))
    ]
    other = GRADED | {"department": "研发部", "level": "minor"}
    plan = prioritise(register_of(*rows, other), standard_rules(), memory_of(), NOW)
    assert [cells(plan, FIRST_ROW + at).get("queue") for at in range(5)] == [3, 1, None, 2, 1]


def test_turns_are_remembered_only_where_the_table_takes_turns() -> None:
    assert [fact for fact in plan_of(GRADED).facts if isinstance(fact, Remember)] == []
