"""Why a case got its result, and what would have had to be different."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace
from rule_cases import make_table

from qtemplate.dmn.decision_table import DecisionTable
from qtemplate.dmn.explain_table import explain_case
from qtemplate.dmn.model import InputColumn
from qtemplate.dmn.unary_tests import parse_unary_tests, strict_text
from qtemplate.rules.cell_words import cell_words


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


def near(table: DecisionTable, case: dict[str, Any]) -> tuple[str, Any, dict[str, Any]] | None:
    """(rule, output, column -> value) of the least that would have changed the result."""
    found = explain_case(table, case).nearest
    return (
        None
        if found is None
        else (found.identifier, found.output, {change.column: change.after for change in found.changes})
    )


def test_one_step_of_a_scale_is_nearer_than_another_answer(grading: DecisionTable) -> None:
    domains = (("yes", "no", "unsure"), (1, 2, 3, 4, 5), ("yes", "no"))
    known = tuple(replace(column, domain=domain) for column, domain in zip(grading.inputs, domains, strict=True))
    table = replace(grading, inputs=known)
    assert near(table, {"safety": "no", "severity": 3, "workaround": "no"}) == ("3", "major", {"severity": 4})
    assert near(table, {"safety": "no", "severity": 2, "workaround": "no"}) == ("4", "normal", {"severity": 3})


def test_a_rule_that_hides_all_others_is_told_with_what_would_lift_it(grading: DecisionTable) -> None:
    domains = (("yes", "no"), (1, 2, 3, 4, 5), ("yes", "no"))
    known = tuple(replace(column, domain=domain) for column, domain in zip(grading.inputs, domains, strict=True))
    table = replace(grading, inputs=known)
    assert near(table, {"safety": "yes", "severity": 3, "workaround": "no"}) == ("4", "normal", {"safety": "no"})
    case = {"safety": "yes", "severity": 5, "workaround": "no"}
    assert near(table, case) == ("3", "major", {"safety": "no", "severity": 4})


@pytest.mark.parametrize(
    ("policy", "rows", "wanted"),
    [
        ("FIRST", [(["1"], ["a"]), (["2"], ["b"])], ("2", "b", {"n": 2})),
        ("UNIQUE", [(["1"], ["a"]), (["2"], ["b"])], ("2", "b", {"n": 2})),
        ("ANY", [(["1"], ["a"]), (["<2"], ["a"]), (["[2..3]"], ["b"])], ("3", "b", {"n": 2})),
        ("PRIORITY", [(["-"], ["b"]), (["2"], ["a"])], ("2", "a", {"n": 2})),
        ("COLLECT", [(["1"], ["a"]), (["[1..2]"], ["b"]), (["2"], ["a"])], ("3", ["b", "a"], {"n": 2})),
        ("RULE ORDER", [(["-"], ["a"]), (["2"], ["b"])], ("2", ["a", "b"], {"n": 2})),
    ],
)  # fmt: skip
def test_every_hit_policy_has_its_nearest_rule(policy: str, rows: Any, wanted: tuple[str, Any, Any]) -> None:
    assert near(make_table(policy, ["n"], rows, allowed=[["a", "b"]]), {"n": 1}) == wanted


def test_of_summed_points_the_next_rule_that_would_add_is_told() -> None:
    table = make_table("COLLECT", ["n"], [(["1"], [5]), ([">=2"], [7]), (["[1..2]"], [1])], aggregation="SUM")
    assert near(table, {"n": 1}) == ("2", 8, {"n": 2})


@pytest.mark.parametrize(
    ("cell", "zh", "en"),
    [
        ('not("yes")', "非(有)", "not(有)"),
        ('"yes", "no"', "有, 无", "有, 无"),
        (">=4", ">=4", ">=4"),
        ("(2..4]", "(2..4]", "(2..4]"),
        ("null", "空", "empty"),
        ("not(null)", "非空", "not empty"),
        ("true", "是", "Yes"),
        ('date("2026-03-07")', "2026-03-07", "2026-03-07"),
        ('contains(?, "火"), contains(?, "烟")', "包含(火, 烟)", "contains(火, 烟)"),
        ('not(contains(?, "火"))', "不包含(火)", "not contains(火)"),
        ("> limit", ">limit", ">limit"),
        ("-", "-", "-"),
    ],
)
def test_a_cell_is_told_in_the_words_of_its_sheet(cell: str, zh: str, en: str) -> None:
    column = InputColumn("x", "B", labels=(("yes", "有"), ("no", "无")))
    node = parse_unary_tests(cell, ["limit"])
    assert (cell_words(node, column, "zh"), cell_words(node, column, "en")) == (zh, en)
