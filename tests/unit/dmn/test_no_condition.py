"""Cells that every value meets, or none: told, with what was probably meant."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace
from rule_cases import make_table

from qtemplate.dmn.decision_table import DecisionTable
from qtemplate.dmn.lenient import read_tests
from qtemplate.dmn.table_checks import check_table
from qtemplate.dmn.table_demands import as_errors
from qtemplate.dmn.table_problems import Severity


def one_column(*cells: Any, allowed: str = "", **more: Any) -> DecisionTable:
    """A COLLECT table of one input, its cells read as typed."""
    table = make_table("COLLECT", ["x"], [(["-"], [number]) for number, _ in enumerate(cells)])
    rules = [replace(rule, tests=(read_tests(cell, ["y"]),)) for rule, cell in zip(table.rules, cells, strict=True)]
    column = replace(table.inputs[0], allowed=read_tests(allowed) if allowed else None, **more)
    return replace(table, rules=tuple(rules), inputs=(column,))


def told(table: DecisionTable) -> list[tuple[str, str, str]]:
    """Code, cell and suggestion of what is said about cells that are no condition."""
    return [
        (problem.code, problem.cell, dict(problem.facts)["suggestion"])
        for problem in check_table(table)
        if problem.code in ("always", "any_filled", "impossible")
    ]


SCALE: dict[str, Any] = {"domain": (1, 2, 3, 4, 5), "integer": True}


@pytest.mark.parametrize(
    ("cell", "meant"),
    [
        ("≥4，≤5", "[4..5]"),
        ("≤5；≥4", "[4..5]"),
        (">=4; <=5", "[4..5]"),
        (">3、<=5", "(3..5]"),
        (">=4\n<6", "[4..6)"),
        (">=2026-1-1, <2026-4-1", '[date("2026-01-01")..date("2026-04-01"))'),
        ("≠甲，≠乙", 'not("甲", "乙")'),
        ("!=1, <>2", "not(1, 2)"),
        ("非([5..4])", "not([4..5])"),
    ],
)
def test_a_cell_that_every_value_meets_is_told(cell: str, meant: str) -> None:
    assert told(one_column(cell, "7")) == [("always", "B6", meant)]


@pytest.mark.parametrize(
    ("cell", "meant"),
    [("非(≥4，≤5)", "not([4..5])"), ("[5..4]", "[4..5]"), ("(5..4]", "[4..5)"), ("非(≠1，≠2)", "1, 2"), ("(4..4)", "")],
)
def test_a_cell_that_no_value_meets_is_told(cell: str, meant: str) -> None:
    assert told(one_column(cell, "7")) == [("impossible", "B6", meant)]


@pytest.mark.parametrize("cell", ["≥5，≤3", "<3, >5", ">5, >=4", "≠1, ≠1", "≠1, 2", ">=y, <=y", "-", "非空", "≠空"])
def test_other_lists_are_conditions(cell: str) -> None:
    assert told(one_column(cell, "7")) == []


@pytest.mark.parametrize("cell", ["1, 2, 3, 4, 5", "[1..5]", ">=1", "1~3, 4, 5"])
def test_a_list_of_all_values_is_written_on_purpose(cell: str) -> None:
    assert told(one_column(cell, "7", **SCALE))[:-1] == []


@pytest.mark.parametrize(("cell", "meant"), [("≤3, ≥4", ""), ("<3, >=3", ""), ("非(6)", ""), ("≤3, >2", "(2..3]")])
def test_what_all_known_values_meet_is_told_too(cell: str, meant: str) -> None:
    code = "always" if meant else "any_filled"
    assert told(one_column(cell, "5", **SCALE)) == [(code, "B6", meant)]


def test_allowed_values_that_allow_everything_are_told() -> None:
    assert told(one_column("3", allowed="≥1，≤5")) == [("always", "B4", "[1..5]")]


def test_beside_keywords_it_is_told_as_well() -> None:
    assert told(one_column("≠甲，≠乙", "包含(起火)")) == [("always", "B6", 'not("甲", "乙")')]


def test_values_are_shown_as_the_sheet_shows_them() -> None:
    table = one_column("≠yes, ≠no", domain=("yes", "no", "partly"), labels=(("yes", "有"), ("no", "无")))
    [problem] = [problem for problem in check_table(table) if problem.code == "always"]
    assert problem.sentence("zh").startswith(
        '“x”的 !="有", !="无" 对任何值都成立，等于没有条件：一格里的几个条件，符合一个就算（是否为“not("有", "无")”？）'
    )


def test_no_program_acts_on_a_table_with_such_a_cell() -> None:
    problems = as_errors(check_table(one_column("≥4，≤5")))
    assert [(problem.code, problem.severity) for problem in problems] == [("always", Severity.ERROR)]
