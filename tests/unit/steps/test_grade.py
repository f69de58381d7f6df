"""The grading step on the default table (cases/grading.toml), its reasons, overrules and the second reopening."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from registers import ASSESSED, FIRST_ROW, NOW, WHOLE, cells, codes, memory_of, register_of, standard_rules

from qtemplate.plan import Severity
from qtemplate.rules.grade import grade

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "grading.toml").read_text("utf-8"))["case"]
USUAL = {key: ASSESSED[key] for key in ("authenticity", "safety", "scope", "frequency", "workaround")}
ID = "QF-2026-0001"


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_row_gets_the_level_of_its_case(case: dict[str, Any]) -> None:
    plan = grade(register_of(WHOLE | USUAL | case["row"]), standard_rules(), memory_of(), NOW)
    written = cells(plan)
    assert (written.get("suggested_level") or "", written.get("level") or "") == (case["level"], case["level"])
    reason = written.get("level_reason") or ""
    assert reason.partition("：")[0] == (f"规则 {case['rule']}" if case["rule"] else "")
    assert codes(plan) == []


def test_the_twelve_rules_are_all_shown_by_a_case() -> None:
    assert {case["rule"] for case in CASES} - {""} == {str(number) for number in range(1, 13)}


def test_the_reason_names_the_rule_and_the_values_that_matched() -> None:
    row = WHOLE | USUAL | {"severity": 5, "workaround": "no"}
    assert cells(grade(register_of(row), standard_rules(), memory_of(), NOW)) == {
        "suggested_level": "urgent",
        "level_reason": "规则 3：严重性=5、规避措施=无",
        "level": "urgent",
        "assessor": "杜鹃",
        "assessed_at": NOW,
    }


def test_a_level_of_a_person_stays_and_is_reported_by_whether_it_has_a_reason() -> None:
    bare = ASSESSED | {"level": "normal"}
    reasoned = bare | {"override_reason": "已有替代品"}
    plan = grade(register_of(bare, reasoned), standard_rules(), memory_of(), NOW)
    assert [(item.code, item.severity, item.id) for item in plan.findings] == [
        ("QT320", Severity.WARNING, "QF-2026-0001"),
        ("QT321", Severity.INFO, "QF-2026-0002"),
    ]
    assert "level" not in cells(plan, FIRST_ROW) and "level" not in cells(plan, FIRST_ROW + 1)
    assert cells(plan, FIRST_ROW)["suggested_level"] == "major"


@pytest.mark.parametrize(("cycle", "level"), [(1, "normal"), (2, "normal"), (3, "major"), (4, "major")])
def test_the_level_rises_by_one_from_the_second_reopening(cycle: int, level: str) -> None:
    memory = memory_of(facts={(ID, "cycle"): cycle})
    written = cells(grade(register_of(ASSESSED | {"severity": 3}), standard_rules(), memory, NOW))
    assert (written["suggested_level"], written["level"]) == (level, level)


def test_urgent_cannot_rise() -> None:
    memory = memory_of(facts={(ID, "cycle"): 3})
    written = cells(grade(register_of(ASSESSED | {"safety": "yes"}), standard_rules(), memory, NOW))
    assert written["suggested_level"] == "urgent"


def test_a_row_whose_evaluation_cannot_be_read_is_not_graded_by_the_next_rule() -> None:
    register = register_of(ASSESSED | {"scope": None}, wrong={(FIRST_ROW, "scope"): "很多"})
    plan = grade(register, standard_rules(), memory_of(), NOW)
    assert (codes(plan), cells(plan)) == (["QT310"], {"assessor": "杜鹃"})


def test_the_time_of_assessment_stays_when_the_level_changes_later() -> None:
    earlier = NOW.replace(day=14)
    memory = memory_of(
        {ID: {"level": "normal", "suggested_level": "normal", "assessed_at": earlier, "assessor": "杜鹃"}}
    )
    row = ASSESSED | {"level": "normal", "suggested_level": "normal", "assessed_at": earlier, "assessor": "杜鹃"}
    written = cells(grade(register_of(row), standard_rules(), memory, NOW))
    assert {key: written.get(key) for key in ("level", "assessed_at")} == {"level": "major", "assessed_at": None}
