"""Bare text that was probably meant as a test: told, and silent once it stands in quotes."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from rule_cases import make_table
from test_bind_table import problems_of, typed

from qtemplate.dmn.lenient import read_tests
from qtemplate.dmn.table_checks import check_table
from qtemplate.dmn.text_like_test import text_like_test

SURE = [
    ("contains Smoke", "包含(Smoke)", "contains(Smoke)"),
    ("Contains: Smoke", "包含(Smoke)", "contains(Smoke)"),
    ("包含Smoke", "包含(Smoke)", "contains(Smoke)"),
    ("包含 起火或冒烟", "包含(起火，冒烟)", "contains(起火, 冒烟)"),
    ("包含Smoke; 起火", "包含(Smoke，起火)", "contains(Smoke, 起火)"),
    ("含有：起火", "包含(起火)", "contains(起火)"),
    ("不包含起火", "不包含(起火)", "not(contains(起火))"),
    ("not contains Smoke", "不包含(Smoke)", "not(contains(Smoke))"),
    ("does not contain Smoke", "不包含(Smoke)", "not(contains(Smoke))"),
    ("非 Smoke", "非(Smoke)", "not(Smoke)"),
    ("非：Smoke", "非(Smoke)", "not(Smoke)"),
    ("不是起火", "非(起火)", "not(起火)"),
    ("≠*起火*", "包含(起火)", "contains(起火)"),
    ("*x*", "包含(x)", "contains(x)"),
    ("*起火", "包含(起火)", "contains(起火)"),
    ("%Smoke%", "包含(Smoke)", "contains(Smoke)"),
    ("*起火*|*冒烟*", "包含(起火，冒烟)", "contains(起火, 冒烟)"),
    ("A|B", "A，B", "A, B"),
    ("A ｜ B || C", "A，B，C", "A, B, C"),
    ("包含(*起火*)", "包含(起火)", "contains(起火)"),
    ("包含(起火|冒烟)", "包含(起火，冒烟)", "contains(起火, 冒烟)"),
    ("RC-300, contains Smoke", "包含(Smoke)", "contains(Smoke)"),
]
DOUBTFUL = [
    ("非Smoke", "非(Smoke)", "not(Smoke)"),
    ("not Smoke", "非(Smoke)", "not(Smoke)"),
    ("起火或冒烟", "起火，冒烟", "起火, 冒烟"),
    ("fire or smoke", "fire，smoke", "fire, smoke"),
    ("RC*", "包含(RC)", "contains(RC)"),
    ("包含(起火或冒烟)", "包含(起火，冒烟)", "contains(起火, 冒烟)"),
]


@pytest.mark.parametrize(("cell", "zh", "en", "sure"), [(*c, True) for c in SURE] + [(*c, False) for c in DOUBTFUL])
def test_a_text_that_looks_like_a_test_is_told_where_any_text_may_stand(
    cell: str, zh: str, en: str, sure: bool
) -> None:
    [problem] = problems_of(typed(["批次号"], [([cell], ["紧急"])]))
    severity = "error" if sure else "warning"
    assert (problem.code, problem.cell, problem.severity.value) == ("text_like_test", "B6", severity)
    assert f"完全相同才算符合（是否为“{zh}”？）" in problem.sentence("zh")
    assert f'equal word for word (did you mean "{en}"?)' in problem.sentence("en")


@pytest.mark.parametrize(
    "cell",
    [
        *(f'"{cell}"' for cell in ("contains Smoke", "非 Smoke", "*x*", "A|B", "起火或冒烟")),
        *(
            "M8*30",
            "RC-300",
            "A/B",
            "100%",
            "包含(起火，冒烟)",
            "非(Smoke)",
            "*",
            "空",
            "notebook",
            "orange",
            "5",
            ">批次号",
        ),
    ],
)
def test_other_texts_are_texts(cell: str) -> None:
    assert text_like_test(read_tests(cell, ["批次号"])) is None


def test_where_values_are_listed_an_unknown_one_is_told_already() -> None:
    [problem] = problems_of(typed(["等级"], [(["非 紧急"], ["紧急"])]))
    assert (problem.code, dict(problem.facts)["found"]) == ("unknown_value", "非 紧急")


def test_a_table_of_its_own_is_told_by_its_checks() -> None:
    table = make_table("COLLECT", ["x"], [(["-"], [1])])
    table = replace(table, rules=(replace(table.rules[0], tests=(read_tests("*x*"),)),))
    assert [(problem.code, problem.cell) for problem in check_table(table)] == [("text_like_test", "B6")]
