"""What decision tables decide: kinds, nulls, names, free text, and the rows of a frame."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest
from msgspec.structs import replace
from rule_cases import decide, make_table

from qtemplate.dmn.decision_table import Decision
from qtemplate.dmn.feel_values import Kind
from qtemplate.errors import RuleTableError


def test_results_of_different_rows_are_different_lists() -> None:
    first, second = decide("COLLECT", [(["-"], ["a"])], [1, 1]).outputs
    first.append("b")
    assert second == ["a"]


# What a foreign kind of value does ----------------------------------------------------------------------------------


def test_a_number_stored_as_text_is_never_the_next_rule() -> None:
    decision = decide("FIRST", [([">1"], ["A"]), (["-"], ["B"])], ["5", 5, 1])
    assert decision.outputs == [None, "A", "B"]
    assert decision.problems[0] == 'type mismatch, cannot be decided: x should be a number but is text: "5"'
    assert decision.matched == [("2",), ("1", "2"), ("2",)]


def test_under_first_a_foreign_value_does_not_matter_after_the_first_hit() -> None:
    table = make_table("FIRST", ["safety", "severity"], [(['"yes"', "-"], ["urgent"]), (["-", ">3"], ["major"])])
    frame = pd.DataFrame({"safety": ["yes", "no", "yes"], "severity": ["five", "five", 5]})
    decision = table.decide(frame)
    assert decision.outputs == ["urgent", None, "urgent"]
    expected = 'type mismatch, cannot be decided: severity should be a number but is text: "five"'
    assert decision.problems == [None, expected, None]


def test_a_foreign_value_does_not_matter_where_another_column_already_decides() -> None:
    table = make_table("UNIQUE", ["a", "b"], [(['"x"', ">3"], [1]), (['"y"', "-"], [2])])
    decision = table.decide(pd.DataFrame({"a": ["y", "x"], "b": ["text", "text"]}))
    assert decision.outputs == [2, None]
    assert decision.problems[0] is None


@pytest.mark.parametrize("policy", ["UNIQUE", "ANY", "PRIORITY", "OUTPUT ORDER", "RULE ORDER", "COLLECT"])
@pytest.mark.parametrize("cells", [(">1", "-"), ("-", ">1")])
def test_a_rule_that_cannot_be_judged_leaves_every_other_policy_undecided(policy: str, cells: tuple[str, str]) -> None:
    table = make_table(policy, ["x"], [([cell], ["a"]) for cell in cells], allowed=[["a"]])
    assert table.decide(pd.DataFrame({"x": ["5"]})).outputs == [None]


@pytest.mark.parametrize(
    ("cells", "output"),
    [((">1", "-", ">2"), None), (("-", ">1", "-"), 0), (("null", "-", ">1"), 1), (("null", ">1", "-"), None)],
)
def test_under_first_only_what_stands_before_the_first_hit_leaves_it_undecided(
    cells: tuple[str, ...], output: int | None
) -> None:
    assert decide("FIRST", [([cell], [number]) for number, cell in enumerate(cells)], ["5"]).outputs == [output]


def test_a_boolean_is_no_number_and_one_is_no_truth() -> None:
    decision = decide("UNIQUE", [(["1"], ["one"])], [1, True, 1.0, Decimal(1), np.int64(1), np.True_])
    assert decision.outputs == ["one", None, "one", "one", "one", None]
    assert decide("UNIQUE", [(["true"], ["yes"]), (["false"], ["no"])], [True, 1, 0, False, np.False_]).outputs == [
        "yes",
        None,
        None,
        "no",
        "no",
    ]


@pytest.mark.parametrize("kind", ["object", "Int64", "int64"])
def test_whole_numbers_beyond_what_a_float_can_hold_keep_their_last_digit(kind: str) -> None:
    rows = [([str(2**53 + number)], [number]) for number in (0, 1, 2)]
    table = make_table("UNIQUE", ["x"], rows)
    for value in (2**53, 2**53 + 1, 2**53 + 2):
        assert table.decide(pd.DataFrame({"x": pd.Series([value], dtype=kind)})).outputs == [value - 2**53]


def test_a_number_of_four_hundred_digits_is_only_a_large_number() -> None:
    assert decide("FIRST", [([">5"], ["large"]), (["-"], ["small"])], [10**400, -(10**400), 5]).outputs == [
        "large",
        "small",
        "small",
    ]


def test_a_span_of_months_and_days_is_no_duration_and_never_cut_to_its_months() -> None:
    rows = [(['>= duration("P1M")'], ["long"]), (["-"], ["short"])]
    assert decide("FIRST", rows, [pd.DateOffset(months=1), pd.DateOffset(months=1, days=5)]).outputs == ["long", None]


def test_kinds_mixed_in_a_column_are_judged_each_on_its_own() -> None:
    rows = [([">1"], ["number"]), (['"5"'], ["text"]), (["true"], ["truth"]), (['date("2026-01-01")'], ["date"])]
    values = [5, "5", True, dt.date(2026, 1, 1), None, 0, "x"]
    decision = decide("UNIQUE", rows, values)
    assert decision.outputs == ["number", "text", "truth", "date", None, None, None]
    assert decision.problems[4:] == ["no rule matched"] * 3


def test_a_value_of_no_known_kind_is_a_mismatch_not_a_crash() -> None:
    decision = decide("FIRST", [([">1"], ["A"]), (["-"], ["B"])], [[1, 2], {"a": 1}, object, 2])
    assert decision.outputs == [None, None, None, "A"]
    sentence = "type mismatch, cannot be decided: x should be a number but is a value of no known type"
    assert decision.problems[2] == f"{sentence}: <class 'object'>"


def test_a_mismatch_names_the_column_as_the_sheet_shows_it() -> None:
    plain = make_table("FIRST", ["severity"], [([">1"], ["A"])])
    for title, shown in (("严重性", "严重性"), ("", "severity")):
        table = replace(plain, inputs=(replace(plain.inputs[0], title=title),))
        [problem] = table.decide(pd.DataFrame({"severity": ["5"]})).problems
        assert problem == f'type mismatch, cannot be decided: {shown} should be a number but is text: "5"'


def test_a_column_holds_the_kinds_of_its_field_else_those_its_cells_and_its_allowed_values_speak_of() -> None:
    cells = ["-", "null", "<limit", ">3, 5", 'date("2026-01-01")']
    table = make_table("FIRST", ["x"], [([cell], [1]) for cell in cells], input_allowed=["true"])
    assert table.kinds_of(0) == {Kind.NUMBER, Kind.DATE, Kind.BOOLEAN}
    keyword = make_table("FIRST", ["x"], [(['contains(?, part), "a"'], [1]), (["-"], [2])])
    assert keyword.kinds_of(0) == {Kind.TEXT}
    other = make_table("FIRST", ["x"], [(["contains(?, part), 1"], [1]), (["- "], [2])])
    assert other.kinds_of(0) == {Kind.TEXT, Kind.NUMBER}
    field = replace(table.inputs[0], kinds=frozenset({Kind.TEXT}))
    assert replace(table, inputs=(field,)).kinds_of(0) == {Kind.TEXT}


# Nulls --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("null", [None, float("nan"), pd.NaT, pd.NA])
def test_an_empty_value_matches_what_speaks_of_null_or_of_inequality(null: Any) -> None:
    rows = [
        ([cell], [cell]) for cell in ("-", "null", 'not("a")', '!="a"', "not(null)", ">1", '"a"', "not(>1)", "1, null")
    ]
    [matched] = decide("COLLECT", rows, [null]).outputs
    assert matched == ["-", "null", 'not("a")', '!="a"', "1, null"]


def test_a_missing_column_is_null_in_a_table_of_its_own() -> None:
    table = make_table("FIRST", ["x", "y"], [([">1", "null"], ["a"])])
    assert table.decide(pd.DataFrame({"x": [2]})).outputs == ["a"]


def test_a_table_without_rows_of_data_decides_nothing() -> None:
    table = make_table("FIRST", ["x"], [([">1"], ["a"])])
    assert table.decide(pd.DataFrame({"x": []})) == Decision([], [], [])


def test_a_table_without_rules_matches_nothing() -> None:
    table = make_table("FIRST", ["x"], [])
    assert table.decide(pd.DataFrame({"x": [1]})) == Decision([None], ["no rule matched"], [()])


# Names and free text ------------------------------------------------------------------------------------------------


def test_a_column_named_date_does_not_hide_the_function() -> None:
    table = make_table("UNIQUE", ["date"], [(['>=date("2026-01-01")'], ["new"])])
    assert table.decide(pd.DataFrame({"date": [dt.date(2026, 2, 1)]})).outputs == ["new"]


def test_an_endpoint_may_be_a_column_of_the_table_or_only_of_the_data() -> None:
    table = make_table("FIRST", ["x"], [(["[low..high]"], ["in"]), (["-"], ["out"])])
    frame = pd.DataFrame({"x": [1, 5, None, 2], "low": [0, 0, 0, None], "high": [3, 3, 3, 3]})
    assert table.decide(frame).outputs == ["in", "out", "out", "out"]


def test_a_named_column_of_another_kind_cannot_be_compared() -> None:
    table = make_table("FIRST", ["x"], [(["> limit"], ["over"]), (["-"], ["under"])])
    decision = table.decide(pd.DataFrame({"x": pd.Series([1, 1], dtype=object), "limit": ["0", "0"]}))
    assert decision.outputs == [None, None]
    assert decision.problems[0] == "type mismatch, cannot be decided: x should be text but is a number: 1"


def test_a_mismatch_with_a_named_column_speaks_of_its_kind_not_of_the_cells() -> None:
    rows = [(["> limit"], ["over"]), ([">3"], ["big"]), (['date("2026-01-01")'], ["day"])]
    frame = pd.DataFrame({"x": pd.Series([1], dtype=object), "limit": ["0"]})
    assert make_table("FIRST", ["x"], rows).decide(frame).problems == [
        "type mismatch, cannot be decided: x should be text but is a number: 1"
    ]


def test_a_name_that_is_no_column_stops_before_anything_is_decided() -> None:
    table = make_table("FIRST", ["x", "y"], [(["-", "-"], ["a"]), (["-", "high"], ["b"])])
    with pytest.raises(RuleTableError) as caught:
        table.decide(pd.DataFrame({"x": [1], "y": ["high"]}))
    assert (caught.value.sheet, caught.value.cell) == ("T", "C7")
    assert '"high" in high names no column of the table or the data. Text needs quotes' in str(caught.value)


def test_a_field_that_the_register_lacks_stops_before_anything_is_decided() -> None:
    table = replace(make_table("FIRST", ["x", "y"], [(["y", "-"], ["a"])]), bound=True)
    with pytest.raises(RuleTableError) as caught:
        table.decide(pd.DataFrame({"x": [1]}))
    assert (caught.value.sheet, caught.value.cell) == ("T", "C3")
    assert 'the register has no column "y"' in str(caught.value)


def test_a_cell_may_name_a_later_column_that_the_data_lack() -> None:
    table = make_table("FIRST", ["x", "y"], [(["y", "-"], ["same"]), (["-", "-"], ["other"])])
    assert table.decide(pd.DataFrame({"x": [None, 1]})).outputs == ["same", "other"]


def test_text_with_quotes_is_only_text() -> None:
    frame = pd.DataFrame({"x": ['he said "hi"', "'; drop", 'a\\"b']})
    table = make_table("FIRST", ["x"], [(['contains(?, "\\"hi\\"")'], ["hi"]), (["-"], ["-"])])
    assert table.decide(frame).outputs == ["hi", "-", "-"]


def test_keywords_are_found_in_free_text_only_where_they_stand() -> None:
    rows = [
        (['contains(?, "起火"), contains(?, "爆炸")', "-"], ["danger"]),
        (['not(contains(?, "火"))', ">3"], ["bad"]),
        (["-", "-"], ["other"]),
    ]
    table = make_table("FIRST", ["text", "severity"], rows)
    texts = ["电池起火", "爆", "爆炸", "火", None, "", "起\0火", "起", "火"]
    frame = pd.DataFrame({"text": pd.Series(texts, dtype=object), "severity": [1, 4, 4, 4, 4, 4, 4, 1, 1]})
    expected = ["danger", "bad", "danger", "other", "other", "bad", "other", "other", "other"]
    assert table.decide(frame).outputs == expected
    mixed = pd.DataFrame({"text": pd.Series([*texts, 7], dtype=object), "severity": [*frame["severity"], 1]})
    decision = table.decide(mixed)
    assert decision.outputs == [*expected, None]
    assert decision.problems[-1] == "type mismatch, cannot be decided: text should be text but is a number: 7"


def test_a_keyword_does_not_reach_over_the_end_of_a_text() -> None:
    table = make_table("COLLECT", ["x"], [(['contains(?, "ab")'], [1]), (['contains(?, "ba")'], [2])])
    assert table.decide(pd.DataFrame({"x": ["a", "b", "ab", "ba", "aba"]})).outputs == [None, None, [1], [2], [1, 2]]


def test_characters_outside_the_basic_plane_are_found() -> None:
    table = make_table("COLLECT", ["x"], [(['contains(?, "😀")'], [1]), (['contains(?, "好")'], [2])])
    assert table.decide(pd.DataFrame({"x": ["😀", "x😀好", "😁", "好"]})).outputs == [[1], [1, 2], None, [2]]


# The fast form ------------------------------------------------------------------------------------------------------


def test_evaluation_tells_each_distinct_outcome_once() -> None:
    table = make_table("FIRST", ["x"], [([">1"], ["a"]), ([">2"], ["b"])])
    evaluation = table.evaluate(pd.DataFrame({"x": [2, 3, 2, 3, 0]}))
    assert evaluation.pattern.tolist() == [0, 1, 0, 1, 2]
    assert [(result.output, result.rules, result.matched) for result in evaluation.results] == [
        ("a", (0,), ("1",)),
        ("a", (0, 1), ("1", "2")),
        (None, (), ()),
    ]
    assert evaluation.outputs().tolist() == ["a", "a", "a", "a", None]


@pytest.mark.parametrize("rules", [63, 64, 65, 128, 129, 200])
def test_any_number_of_rules_fits(rules: int) -> None:
    table = make_table("UNIQUE", ["x"], [([str(number)], [number]) for number in range(rules)])
    frame = pd.DataFrame({"x": list(range(-1, rules + 1))})
    assert table.decide(frame).outputs == [None, *range(rules), None]


def test_foreign_values_are_told_apart_beyond_the_first_64_rules() -> None:
    rows = [([f">{number}"], [number]) for number in range(1000, 1070)]
    table = make_table("FIRST", ["x"], [*rows, (["-"], [0])])
    decision = table.decide(pd.DataFrame({"x": pd.Series(["a", "b", 1069.5, 5], dtype=object)}))
    assert decision.outputs == [None, None, 1000, 0]
    sentences = [sentence and sentence[-3:] for sentence in decision.problems]
    assert sentences == ['"a"', '"b"', None, None]


def test_rows_keep_their_order_whatever_the_index() -> None:
    frame = pd.DataFrame({"x": [2, 0, 3]}, index=[7, 7, 3])
    assert make_table("FIRST", ["x"], [([">1"], ["a"])]).decide(frame).outputs == ["a", None, "a"]


def test_foreign_values_that_do_not_matter_do_not_multiply_the_outcomes() -> None:
    table = make_table("UNIQUE", ["a", "b"], [(['"x"', ">3"], [1]), (['"y"', "-"], [2])])
    frame = pd.DataFrame({"a": ["y", "y", "y", "x", "x"], "b": pd.Series(["p", "q", 4, "p", "q"], dtype=object)})
    evaluation = table.evaluate(frame)
    assert evaluation.pattern.tolist() == [0, 0, 0, 1, 2]
    assert evaluation.outputs().tolist() == [2, 2, 2, None, None]
