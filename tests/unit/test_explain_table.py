"""Why a case got its result, and what would have had to be different."""

from __future__ import annotations

from typing import Any

import pytest
from rule_cases import make_table

from qtemplate.rules.decision_table import DecisionTable
from qtemplate.rules.explain_table import explain_case
from qtemplate.rules.unary_tests import strict_text


@pytest.fixture
def grading() -> DecisionTable:
    rows = [
        (['"yes"', "-", "-"], ["urgent"]),
        (["-", "5", 'not("yes")'], ["urgent"]),
        (["-", ">=4", "-"], ["major"]),
        (["-", "3", "-"], ["normal"]),
        (["-", "<=2", "-"], ["minor"]),
    ]
    return make_table("FIRST", ["safety", "severity", "workaround"], rows)


def test_the_rules_that_matched_are_told_with_the_cells_that_held(grading: DecisionTable) -> None:
    found = explain_case(grading, {"safety": "no", "severity": 5, "workaround": "no"})
    assert found.output == "urgent"
    assert [(rule.identifier, rule.row) for rule in found.matched] == [("2", 7), ("3", 8)]
    cells = [(cell.title, cell.cell, strict_text(cell.test), cell.value, cell.holds) for cell in found.matched[0].cells]
    assert cells == [("severity", "C7", "5", 5, True), ("workaround", "D7", 'not("yes")', "no", True)]


def test_the_nearest_rule_says_what_would_have_to_be_different(grading: DecisionTable) -> None:
    found = explain_case(grading, {"safety": "no", "severity": 5, "workaround": "yes"})
    assert found.output == "major"
    assert found.nearest is not None
    changes = [(change.title, change.before, change.after) for change in found.nearest.changes]
    assert (found.nearest.identifier, found.nearest.output, changes) == ("1", "urgent", [("safety", "no", "yes")])


def test_a_case_nothing_matches_is_told_the_nearest_rule(grading: DecisionTable) -> None:
    found = explain_case(grading, {"safety": "no"})
    assert found.output is None
    assert found.problem is not None
    assert found.problem.code == "no_rule"
    assert found.nearest is not None
    assert found.nearest.identifier == "1"


def test_a_rule_behind_the_winner_is_no_near_miss() -> None:
    table = make_table("FIRST", ["x"], [([">0"], ["a"]), ([">5"], ["b"])])
    assert explain_case(table, {"x": 1}).nearest is None


@pytest.mark.parametrize(
    ("cell", "value", "after"),
    [
        (">3", 1, 4),
        ("not(1)", 1, 0),
        ('contains(?, "火")', "水", "火"),
        ("> limit", 1, None),
        ("= limit", 1, 5),
        ("[2..4)", 1, 2),
        ("(2..4)", 1, 3),
        ("(2..4]", 1, 4),
    ],
)
def test_the_suggested_value_makes_the_cell_hold(cell: str, value: Any, after: Any) -> None:
    table = make_table("FIRST", ["x", "limit"], [([cell, "-"], ["a"]), (["-", "-"], ["b"])])
    found = explain_case(table, {"x": value, "limit": 5})
    suggested = found.nearest.changes[0].after if found.nearest else None
    assert suggested == after


def test_the_suggestion_is_verified_by_deciding_again() -> None:
    rows = [(["1", '"a"'], ["x"]), (["2", '"a"'], ["x"]), (["-", "-"], ["y"])]
    found = explain_case(make_table("FIRST", ["n", "t"], rows), {"n": 1, "t": "b"})
    assert found.nearest is not None
    assert (found.nearest.identifier, found.nearest.output) == ("1", "x")


def test_three_differences_are_not_near() -> None:
    table = make_table("FIRST", ["a", "b", "c"], [(["1", "1", "1"], ["x"])])
    assert explain_case(table, {"a": 0, "b": 0, "c": 0}).nearest is None
    assert explain_case(table, {"a": 0, "b": 0, "c": 1}).nearest is not None
