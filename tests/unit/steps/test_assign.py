"""Assignment by the table, absence and deputies, and the priority and queue that follow."""

from __future__ import annotations

import dataclasses
import tomllib
from collections import Counter
from typing import Any

import pytest
from msgspec.structs import replace
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
from where import TABLES

from qtemplate.plan import Plan, Remember
from qtemplate.rules.rulebook import RuleBook
from qtemplate.rules.situation import Situation
from qtemplate.rules.steps.assign import assign
from qtemplate.rules.steps.choose_owner import Staff, choose_owner
from qtemplate.rules.steps.prioritise import prioritise
from qtemplate.texts import say

GRADED = ASSESSED | {"level": "major"}
ID = "QF-2026-0001"


def plan_of(*rows: Row, rules: RuleBook | None = None, **memory: Any) -> Plan:
    return assign(Situation(register_of(*rows), rules or standard_rules(), memory_of({}, **memory), NOW))


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
    ("row", "ours", "department"),
    [
        ({"owner": "孙浩"}, {}, "生产部"),
        ({"owner": "孙浩", "department": "研发部"}, {"department": "研发部"}, "生产部"),
        ({"owner": "孙浩", "department": "研发部"}, {}, None),
        ({"owner": "孙浩", "department": "研发部"}, {"owner": "孙浩", "department": "研发部"}, None),
        ({"owner": "谁也不是"}, {}, None),
        ({"owner": "孙浩", "category": "software"}, {}, "研发部"),
    ],
)
def test_where_the_table_says_nothing_the_department_is_that_of_the_owner_whom_a_person_named(
    row: Row, ours: Row, department: str | None
) -> None:
    register = register_of(GRADED | {"category": None} | row)
    columns = {key: at for key, at in register.columns.items() if key != "category"}  # theirs has none
    situation = Situation(replace(register, columns=columns), standard_rules(), memory_of({ID: ours}), NOW)
    assert cells(assign(situation)).get("department") == department


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


CASES = tomllib.loads((TABLES / "assign.toml").read_text("utf-8"))["case"]
SKILLS = {"陈晨": ("屏幕",), "李想": ("电池",)}


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_who_is_picked_and_whom_that_passes_over(case: dict[str, Any]) -> None:
    people = tuple(
        replace(p, skills=SKILLS.get(p.name, ()), active=p.name not in case.get("left", ()))
        for p in standard_rules().people
    )
    rules = away(rules_with(people=people), *case.get("away", ()))
    turns = {"研发部": case["turn"]} if "turn" in case else {}
    loads = Counter(case.get("load", {}))
    pick = choose_owner(Staff(rules, loads, turns, NOW.date()), "研发部", case["output"], case.get("refused", ()))
    assert (pick.person.name if pick.person else "", say(pick.why, "zh")) == (case["picked"], case["why"])


def test_an_owner_that_a_person_chose_stays() -> None:
    plan = plan_of(GRADED | {"owner": "何军"})
    assert cells(plan) == {"department": "生产部"}


def test_a_transferred_row_keeps_its_owner_also_when_the_cell_was_emptied() -> None:
    written = {ID: {"department": "生产部", "owner": "赵刚", "assign_reason": "规则 2", "transferred_at": NOW}}
    plan = assign(Situation(register_of(GRADED | {"transferred_at": NOW}), standard_rules(), memory_of(written), NOW))
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
    assert cells(prioritise(Situation(register_of(row), standard_rules(), memory_of(), NOW))) == {"priority": priority}


def test_the_queue_of_a_department_goes_by_priority_and_arrival_and_skips_what_is_done() -> None:
    rows = [
        GRADED | {"department": "生产部", "level": level, "implemented_at": done}
        for level, done in (("normal", None), ("major", None), ("urgent", NOW), ("major", None))
    ]
    other = GRADED | {"department": "研发部", "level": "minor"}
    plan = prioritise(Situation(register_of(*rows, other), standard_rules(), memory_of(), NOW))
    assert [cells(plan, FIRST_ROW + at).get("queue") for at in range(5)] == [3, 1, None, 2, 1]


def test_turns_are_remembered_only_where_the_table_takes_turns() -> None:
    assert [fact for fact in plan_of(GRADED).facts if isinstance(fact, Remember)] == []


# -- chosen anew -------------------------------------------------------------------------------------------------------

SOFTWARE = GRADED | {"category": "software", "version": "1", "department": "研发部", "owner": "陈晨"}
OURS = {ID: {"department": "研发部", "owner": "陈晨", "assign_reason": "规则 1"}}
BACK = {(ID, "returned_transfers"): [[f"M03/{ID}/1/研发部/陈晨", "不是我的"]]}


def anew(row: Row, written: Any = OURS, rules: RuleBook | None = None, **memory: Any) -> Plan:
    return assign(Situation(register_of(row), rules or standard_rules(), memory_of(written, **memory), NOW))


def test_a_department_that_a_person_chose_gets_an_owner_of_its_own() -> None:
    plan = anew(SOFTWARE | {"department": "生产部"})
    assert cells(plan)["owner"] == "孙浩"
    written = {ID: OURS[ID] | {"owner": "孙浩", "assign_reason": cells(plan)["assign_reason"]}}
    assert anew(SOFTWARE | {"department": "生产部", "owner": "孙浩"}, written).edits == ()


def test_the_reason_names_no_rule_for_a_department_that_a_person_chose() -> None:
    reason = cells(anew(SOFTWARE | {"department": "生产部"}))["assign_reason"]
    assert reason == "部门由人指定：生产部，孙浩在办最少（0 件）"


@pytest.mark.parametrize("transferred_at", [None, NOW])
def test_the_reason_does_not_speak_of_the_former_owner_once_a_person_named_another(transferred_at: Any) -> None:
    row = SOFTWARE | {"owner": "李想", "assign_reason": "规则 1", "transferred_at": transferred_at}
    plan = anew(row)
    assert cells(plan) == {"assign_reason": "责任人由人指定"}
    written = {ID: OURS[ID] | cells(plan)}
    assert anew(row | cells(plan), written).edits == ()
    assert anew(row, {ID: {"department": "研发部"}}).edits == ()  # a lost journal: what stands is a person's


def test_nobody_to_take_it_leaves_no_reason_for_somebody() -> None:
    row = SOFTWARE | {"department": "设计部", "owner": None, "assign_reason": "规则 1"}
    assert cells(anew(row))["assign_reason"] is None


def test_an_owner_of_another_department_whom_a_person_chose_stays() -> None:
    assert "owner" not in cells(anew(SOFTWARE | {"department": "生产部", "owner": "李想"}))


def test_a_department_without_people_leaves_the_row_without_an_owner_and_says_so() -> None:
    plan = anew(SOFTWARE | {"department": "设计部"})
    assert (cells(plan)["owner"], codes(plan)) == (None, ["QT342", "QT330"])


def test_p33_an_owner_of_ours_who_is_away_and_whom_nobody_can_replace_does_not_keep_it() -> None:
    plan = anew(SOFTWARE, rules=away(standard_rules(), "陈晨", "李想", "王磊"))
    assert (cells(plan), codes(plan)) == ({"owner": None}, ["QT330"])


def test_who_accepted_it_in_person_keeps_it() -> None:
    accepted = SOFTWARE | {"accepted_at": NOW}
    assert anew(accepted, rules=away(standard_rules(), "陈晨")).edits == ()
    assert "owner" not in cells(anew(accepted | {"department": "生产部"}))


@pytest.mark.parametrize(
    ("facts", "owner"),
    [
        ({}, "陈晨"),
        (BACK, "李想"),
        ({(ID, "returned_transfers"): [[f"M03/{ID}/1/生产部/陈晨", "…"]]}, "陈晨"),
        ({(ID, "returned_transfers"): [[f"M03/{ID}/2/研发部/陈晨", "…"]]}, "陈晨"),
        (BACK | {(ID, "cycle"): 2}, "李想"),
    ],
)
def test_an_emptied_owner_goes_to_somebody_who_did_not_hand_it_back(facts: Any, owner: str) -> None:
    plan = anew(SOFTWARE | {"owner": None}, facts=facts)
    assert cells(plan)["owner"] == owner
    assert ("陈晨曾退回" in cells(plan)["assign_reason"]) == (owner == "李想")


def test_a_hand_back_alone_changes_no_owner_a_person_decides() -> None:
    assert anew(SOFTWARE, facts=BACK).edits == ()


def test_a_head_who_steps_in_has_no_turn() -> None:
    rules = away(rules_with(), "陈晨", "李想")
    table = rules.assignment
    assert table is not None
    output = [
        dataclasses.replace(each, value="round_robin") if each.value == "least_load" else each
        for each in table.rules[0].outputs
    ]
    in_turn = replace(table, rules=(replace(table.rules[0], outputs=tuple(output)),))
    row = SOFTWARE | {"department": None, "owner": None}
    plan = plan_of(row, rules=replace(rules, assignment=in_turn), facts={("", "turn:研发部"): "陈晨"})
    assert (cells(plan)["owner"], plan.facts) == ("王磊", ())
    present = replace(standard_rules(), assignment=in_turn)
    plan = plan_of(row, rules=present, facts={("", "turn:研发部"): "陈晨"})
    assert (cells(plan)["owner"], plan.facts) == ("李想", (Remember("", "turn:研发部", "李想"),))
