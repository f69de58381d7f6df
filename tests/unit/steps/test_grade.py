"""The grading step on the default table (cases/grading.toml), its reasons, overrules and the second reopening."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from registers import (
    ASSESSED,
    FIRST_ROW,
    NOW,
    WHOLE,
    cells,
    codes,
    memory_of,
    register_of,
    rules_with,
    standard_rules,
)
from where import TABLES

from qtemplate.plan import Severity
from qtemplate.rules.situation import Situation
from qtemplate.rules.steps.grade import grade
from qtemplate.sheets.rulebook.rule_binding import binder, read_bound_table

CASES = tomllib.loads((TABLES / "grading.toml").read_text("utf-8"))["case"]
USUAL = {key: ASSESSED[key] for key in ("authenticity", "safety", "scope", "frequency", "workaround")}
ID = "QF-2026-0001"


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_row_gets_the_level_of_its_case(case: dict[str, Any]) -> None:
    plan = grade(Situation(register_of(WHOLE | USUAL | case["row"]), standard_rules(), memory_of(), NOW))
    written = cells(plan)
    assert (written.get("suggested_level") or "", written.get("level") or "") == (case["level"], case["level"])
    reason = written.get("level_reason") or ""
    assert reason.partition("：")[0] == (f"规则 {case['rule']}" if case["rule"] else "")
    assert codes(plan) == []


def test_the_twelve_rules_are_all_shown_by_a_case() -> None:
    assert {case["rule"] for case in CASES} - {""} == {str(number) for number in range(1, 13)}


def test_the_reason_names_the_rule_and_the_values_that_matched() -> None:
    row = WHOLE | USUAL | {"severity": 5, "workaround": "no"}
    assert cells(grade(Situation(register_of(row), standard_rules(), memory_of(), NOW))) == {
        "suggested_level": "urgent",
        "level_reason": "规则 3：严重性=5、规避措施=无",
        "level": "urgent",
        "assessor": "杜鹃",
        "assessed_at": NOW,
    }


def test_a_level_of_a_person_stays_and_is_reported_by_whether_it_has_a_reason() -> None:
    bare = ASSESSED | {"level": "normal"}
    reasoned = bare | {"override_reason": "已有替代品"}
    plan = grade(Situation(register_of(bare, reasoned), standard_rules(), memory_of(), NOW))
    assert [(item.code, item.severity, item.id) for item in plan.findings] == [
        ("QT320", Severity.WARNING, "QF-2026-0001"),
        ("QT321", Severity.INFO, "QF-2026-0002"),
    ]
    assert "level" not in cells(plan, FIRST_ROW) and "level" not in cells(plan, FIRST_ROW + 1)
    assert cells(plan, FIRST_ROW)["suggested_level"] == "major"


@pytest.mark.parametrize(("cycle", "level"), [(1, "normal"), (2, "normal"), (3, "major"), (4, "major")])
def test_the_level_rises_by_one_from_the_second_reopening(cycle: int, level: str) -> None:
    memory = memory_of(facts={(ID, "cycle"): cycle})
    written = cells(grade(Situation(register_of(ASSESSED | {"severity": 3}), standard_rules(), memory, NOW)))
    assert (written["suggested_level"], written["level"]) == (level, level)


def test_urgent_cannot_rise() -> None:
    memory = memory_of(facts={(ID, "cycle"): 3})
    written = cells(grade(Situation(register_of(ASSESSED | {"safety": "yes"}), standard_rules(), memory, NOW)))
    assert written["suggested_level"] == "urgent"


def test_a_row_whose_evaluation_cannot_be_read_is_not_graded_by_the_next_rule() -> None:
    register = register_of(ASSESSED | {"scope": None}, wrong={(FIRST_ROW, "scope"): "很多"})
    plan = grade(Situation(register, standard_rules(), memory_of(), NOW))
    assert (codes(plan), cells(plan)) == (["QT310"], {"assessor": "杜鹃"})


def test_the_time_of_assessment_stays_when_the_level_changes_later() -> None:
    earlier = NOW.replace(day=14)
    memory = memory_of(
        {ID: {"level": "normal", "suggested_level": "normal", "assessed_at": earlier, "assessor": "杜鹃"}}
    )
    row = ASSESSED | {"level": "normal", "suggested_level": "normal", "assessed_at": earlier, "assessor": "杜鹃"}
    written = cells(grade(Situation(register_of(row), standard_rules(), memory, NOW)))
    assert {key: written.get(key) for key in ("level", "assessed_at")} == {"level": "major", "assessed_at": None}


# -- a safety hazard is urgent, whatever else --------------------------------------------------------------------------


def grading(*rules: list[Any]) -> Any:
    """A grading table of a team's own with the inputs safety and severity."""
    grid: list[list[Any]] = [
        ["决策表", "分级", "首个"],
        ["#", "输入", "输入", "输出"],
        ["编号", "安全隐患", "严重性", "建议等级"],
        ["允许值"],
        ["缺省"],
        *([f"R{at}", *rule] for at, rule in enumerate(rules, 1)),
    ]
    table, findings = read_bound_table("grading", "分级规则", grid, *binder("zh", {}, (), (), ()))
    assert findings == []
    return table


@pytest.mark.parametrize("severity", [None, 1, 3, 5])
@pytest.mark.parametrize("authenticity", [None, "misunderstanding", "misuse", "real"])
def test_a_hazard_is_urgent_whatever_else_is_empty(severity: int | None, authenticity: str | None) -> None:
    bare = {"received_at": NOW, "safety": "yes", "severity": severity, "authenticity": authenticity}
    written = cells(grade(Situation(register_of(bare), standard_rules(), memory_of(), NOW)))
    assert (written["suggested_level"], written["level"]) == ("urgent", "urgent")
    assert written["level_reason"] == "规则 1：安全隐患=是"


@pytest.mark.parametrize(
    ("rules", "row", "level", "reason"),
    [
        # the rule about hazards was deleted
        (
            [["-", ">= 4", "重要"]],
            {"severity": 4},
            "urgent",
            "安全隐患=是：一律为紧急（表中适用的是规则 R1：严重性=4）",
        ),
        ([["-", ">= 4", "重要"]], {"severity": 3}, "urgent", "安全隐患=是：一律为紧急"),
        ([["-", ">= 4", "重要"]], {}, "urgent", "安全隐患=是：一律为紧急"),
        # another one was put above it
        (
            [["-", "<= 2", "轻微"], ["是", "-", "紧急"]],
            {"severity": 1},
            "urgent",
            "安全隐患=是：一律为紧急（表中适用的是规则 R1：严重性=1）",
        ),
        # people say of hazards themselves that they are something else
        ([["是", "<= 2", "重要"], ["是", "-", "紧急"]], {"severity": 1}, "major", "规则 R1：安全隐患=是、严重性=1"),
        ([["非(否)", "-", "重要"]], {}, "major", "规则 R1：安全隐患=是"),
    ],
)
def test_only_a_rule_that_asks_for_hazards_may_grade_one_lower(
    rules: list[list[Any]], row: dict[str, Any], level: str, reason: str
) -> None:
    register = register_of(WHOLE | {"safety": "yes"} | row)
    plan = grade(Situation(register, rules_with(grading=grading(*rules)), memory_of(), NOW))
    written = cells(plan)
    assert (written["suggested_level"], written["level"], written["level_reason"]) == (level, level, reason)
    assert codes(plan) == []


def test_a_table_that_does_not_know_hazards_forces_them_and_nothing_else() -> None:
    rules = rules_with(grading=grading(["-", "-", "一般"]))
    rows = [WHOLE | {"safety": safety} for safety in ("yes", "no", "unsure", None)]
    plan = grade(Situation(register_of(*rows), rules, memory_of(), NOW))
    assert [cells(plan, FIRST_ROW + at)["level"] for at in range(4)] == ["urgent", "normal", "normal", "normal"]


def test_a_hazard_is_urgent_also_when_another_cell_cannot_be_read() -> None:
    register = register_of(ASSESSED | {"safety": "yes", "scope": None}, wrong={(FIRST_ROW, "scope"): "很多"})
    plan = grade(Situation(register, standard_rules(), memory_of(), NOW))
    assert (codes(plan), cells(plan)["level"]) == (["QT310"], "urgent")


def test_a_person_may_still_overrule_a_hazard_with_a_reason() -> None:
    row = ASSESSED | {"safety": "yes", "level": "normal", "override_reason": "已在现场确认无危险"}
    plan = grade(Situation(register_of(row), standard_rules(), memory_of(), NOW))
    assert ("level" in cells(plan), codes(plan)) == (False, ["QT321"])
