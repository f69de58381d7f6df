"""Tables tied to fields: headers, labels, kinds; every problem told at once, at its cell."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
import pytest
from msgspec.structs import replace
from rule_cases import make_table

from qtemplate.dmn.bind_table import Binding, bind
from qtemplate.dmn.decision_table import DecisionTable
from qtemplate.dmn.lenient import read_literal, read_tests
from qtemplate.dmn.table_problems import Severity, TableProblem
from qtemplate.errors import RuleTableError

LEVEL = {"紧急": "urgent", "轻微": "minor", "Urgent": "urgent", "Minor": "minor"}
FIELDS = {
    "等级": Binding("level", "enum", LEVEL),
    "level": Binding("level", "enum", LEVEL),
    "严重性": Binding("severity", "number", integer=True),
    "批次号": Binding("batch", "text"),
    "反馈时间": Binding("received_at", "datetime"),
    "计划完成": Binding("planned_at", "date"),
    "答复期限": Binding("resolve_by", "datetime"),
    "重复发生": Binding("recurrent", "bool"),
    "责任人": Binding("owner", "person", {"张三": "张三"}),
}


def typed(columns: list[str], rows: list[tuple[list[Any], list[Any]]], policy: str = "FIRST") -> DecisionTable:
    """A table whose cells are read leniently, outputs into 等级."""
    table = make_table(policy, columns, [(["-"] * len(columns), [None]) for _ in rows], outputs=("等级",))
    rules = [
        replace(
            rule,
            tests=tuple(read_tests(cell, columns) for cell in cells),
            outputs=tuple(read_literal(value) for value in outputs),
        )
        for rule, (cells, outputs) in zip(table.rules, rows, strict=True)
    ]
    return replace(table, rules=tuple(rules))


def bound(table: DecisionTable) -> DecisionTable:
    result, problems = bind(table, FIELDS.get, list(FIELDS))
    assert [problem.sentence("en") for problem in problems if problem.severity is Severity.ERROR] == []
    assert result is not None
    return result


def problems_of(table: DecisionTable) -> list[TableProblem]:
    return bind(table, FIELDS.get, list(FIELDS))[1]


@pytest.mark.parametrize("label", ["紧急", "urgent", "URGENT", "Urgent", " 紧急 ", "ｕｒｇｅｎｔ"])
def test_labels_of_both_languages_and_codes_become_codes(label: str) -> None:
    table = bound(typed(["level"], [([label], [label])]))
    assert table.decide(pd.DataFrame({"level": ["urgent", "minor"]})).outputs == ["urgent", None]
    assert table.inputs[0].name == "level"
    assert table.outputs[0].name == "level"


def test_the_first_label_of_a_code_is_the_one_shown() -> None:
    column = bound(typed(["等级"], [(["紧急"], ["紧急"])])).inputs[0]
    assert column.domain == ("urgent", "minor")
    assert column.labels == (("urgent", "紧急"), ("minor", "轻微"))


def test_a_bound_table_needs_its_fields() -> None:
    table = bound(typed(["严重性"], [([">3"], ["紧急"])]))
    with pytest.raises(RuleTableError) as caught:
        table.decide(pd.DataFrame({"other": [1]}))
    assert caught.value.cell == "B3"


def test_all_problems_are_told_at_once_each_at_its_cell() -> None:
    table = typed(
        ["严重程度", "等级"], [(["3", "紧记"], ["轻徽"]), (["-", "紧急"], ["轻微"]), (["-", "重大缺陷"], ["轻微"])]
    )
    found = [(problem.cell, problem.code, dict(problem.facts).get("suggestion")) for problem in problems_of(table)]
    assert found == [
        ("B3", "unknown_column", "严重性"),
        ("C6", "unknown_value", "紧急"),
        ("D6", "unknown_value", "轻微"),
        ("C8", "unknown_value", ""),
    ]
    assert bind(table, FIELDS.get)[0] is None


def test_a_problem_is_a_sentence_in_both_languages() -> None:
    [problem] = problems_of(typed(["等级"], [(["紧记"], ["紧急"])]))
    assert problem.sentence("zh") == "“等级”没有“紧记”这个值（是否为“紧急”？）。可用的值：紧急、轻微"
    expected = '"等级" has no value "紧记" (did you mean "紧急"?). Known values: 紧急, 轻微'
    assert problem.sentence("en") == expected
    assert str(problem.error()) == f"T!B6: {expected}"


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        ("严重性", "严重", "wrong_kind"),
        ("严重性", "2026-3-7", "wrong_kind"),
        ("严重性", dt.datetime(2026, 1, 3), "excel_date"),
        ("严重性", "包含(1)", "wrong_kind"),
        ("批次号", dt.date(2026, 1, 3), "excel_date"),
        ("反馈时间", ">5", "wrong_kind"),
        ("反馈时间", "10:30", "wrong_kind"),
        ("重复发生", "也许", "wrong_kind"),
        ("等级", ">=紧急", "unknown_name"),
        ("等级", "[紧急..轻微]", "not_ordered"),
        ("重复发生", "> 否", "not_ordered"),
        ("反馈时间", "> 严重性", "wrong_kind"),
        ("反馈时间", "> 答复限期", "unknown_name"),
    ],
)
def test_a_literal_that_does_not_fit_its_field_is_an_error(column: str, cell: Any, code: str) -> None:
    table = typed([column], [([cell], ["紧急"])])
    errors = [problem.code for problem in problems_of(table) if problem.severity is Severity.ERROR]
    assert code in errors
    assert bind(table, FIELDS.get)[0] is None


@pytest.mark.parametrize(
    ("column", "cell", "value"),
    [
        ("批次号", "000123", "000123"),
        ("批次号", "2.10", "2.10"),
        ("批次号", "2026-3-7", "2026-3-7"),
        ("批次号", "TRUE", "TRUE"),
        ("批次号", 12.0, "12"),
        ("重复发生", "是", True),
        ("重复发生", "FALSE", False),
        ("重复发生", True, True),
        ("严重性", 5.0, 5),
        ("责任人", "张三", "张三"),
    ],
)
def test_what_was_typed_is_read_as_the_field_has_it(column: str, cell: Any, value: Any) -> None:
    table = bound(typed([column], [([cell], ["紧急"])]))
    frame = pd.DataFrame({FIELDS[column].key: pd.Series([value], dtype=object)})
    assert table.decide(frame).outputs == ["urgent"]


@pytest.mark.parametrize(("number", "suspicious"), [(2.1, True), (4711.0, True), (12.0, False)])
def test_an_excel_number_in_a_text_field_is_a_warning_when_zeros_may_be_lost(number: float, suspicious: bool) -> None:
    codes = [(problem.code, problem.severity) for problem in problems_of(typed(["批次号"], [([number], ["紧急"])]))]
    assert codes == ([("excel_number", Severity.WARNING)] if suspicious else [])


def test_an_unknown_person_is_only_a_warning() -> None:
    [problem] = problems_of(typed(["责任人"], [(["李四"], ["紧急"])]))
    assert problem.severity is Severity.WARNING


def test_a_day_as_upper_end_of_a_timestamp_is_pointed_out() -> None:
    for cell in ("<=2026-1-31", "[2026-1-1..2026-1-31]"):
        [problem] = problems_of(typed(["反馈时间"], [([cell], ["紧急"])]))
        assert (problem.code, problem.severity) == ("midnight", Severity.INFO)
    assert problems_of(typed(["计划完成"], [(["<=2026-1-31"], ["紧急"])])) == []


def test_a_cell_may_name_another_field() -> None:
    table = bound(typed(["计划完成", "严重性"], [(["> 答复期限", "-"], ["紧急"])]))
    frame = pd.DataFrame(
        {
            "planned_at": pd.to_datetime(["2026-02-01", "2026-01-01"]),
            "resolve_by": pd.to_datetime(["2026-01-15 12:00"] * 2),
            "severity": [1, 1],
        }
    )
    assert table.decide(frame).outputs == ["urgent", None]


def test_a_register_value_of_the_wrong_kind_cannot_be_decided() -> None:
    table = bound(typed(["严重性"], [([">3"], ["紧急"]), (["-"], ["轻微"])]))
    decision = table.decide(pd.DataFrame({"severity": pd.Series(["5", 5, 1], dtype=object)}))
    assert decision.outputs == [None, "urgent", "minor"]
    assert decision.problems[0] == 'type mismatch, cannot be decided: 严重性 should be a number but is text: "5"'


def test_allowed_values_and_defaults_become_codes_too() -> None:
    table = typed(["等级"], [(["紧急"], ["轻微"])])
    column = replace(
        table.outputs[0], allowed=(read_literal("紧急"), read_literal("轻微")), default=read_literal("轻微")
    )
    result = bound(replace(table, outputs=(column,)))
    assert [literal.value for literal in result.outputs[0].allowed] == ["urgent", "minor"]
    assert result.outputs[0].default is not None
    assert result.outputs[0].default.value == "minor"
