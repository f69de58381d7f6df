"""What decision tables decide: hit policies, violations, kinds, nulls, names, free text."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest
from rule_cases import make_table

from qtemplate.errors import RuleTableError
from qtemplate.rules.decision_table import Decision
from qtemplate.rules.feel_values import MonthsDuration

OVERLAPPING = [([">1"], ["low"]), ([">2"], ["high"]), ([">3"], ["low"])]


def decide(policy: str, rows: Any, values: list[Any], **more: Any) -> Decision:
    return make_table(policy, ["x"], rows, **more).decide(pd.DataFrame({"x": pd.Series(values, dtype=object)}))


@pytest.mark.parametrize(
    ("policy", "aggregation", "outputs"),
    [
        ("FIRST", "", ["low", "low", "low", None]),
        ("PRIORITY", "", ["low", "high", "high", None]),
        ("OUTPUT ORDER", "", [["low"], ["high", "low"], ["high", "low", "low"], None]),
        ("RULE ORDER", "", [["low"], ["low", "high"], ["low", "high", "low"], None]),
        ("COLLECT", "", [["low"], ["low", "high"], ["low", "high", "low"], None]),
        ("COLLECT", "COUNT", [1, 2, 3, 0]),
        ("UNIQUE", "", ["low", None, None, None]),
        ("ANY", "", ["low", None, None, None]),
    ],
)
def test_each_hit_policy_makes_its_own_result(policy: str, aggregation: str, outputs: list[Any]) -> None:
    decision = decide(policy, OVERLAPPING, [2, 3, 4, 1], aggregation=aggregation, allowed=[["high", "low"]])
    assert decision.outputs == outputs
    assert decision.matched == [("1",), ("1", "2"), ("1", "2", "3"), ()]


@pytest.mark.parametrize(
    ("aggregation", "outputs"), [("SUM", [10, 15, 20]), ("MIN", [10, 5, 5]), ("MAX", [10, 10, 10])]
)
def test_collect_aggregates_all_outputs_not_only_distinct_ones(aggregation: str, outputs: list[Any]) -> None:
    rows = [([">1"], [10]), ([">2"], [5]), ([">3"], [5])]
    assert decide("COLLECT", rows, [2, 3, 4], aggregation=aggregation).outputs == outputs


def test_sums_are_exact_decimals_and_work_on_durations() -> None:
    assert decide("COLLECT", [(["-"], [0.1]), (["-"], [0.2])], [1], aggregation="SUM").outputs == [0.3]
    days = [(["-"], [dt.timedelta(days=1)]), (["-"], [dt.timedelta(hours=12)])]
    assert decide("COLLECT", days, [1], aggregation="SUM").outputs == [dt.timedelta(hours=36)]
    months = [(["-"], [MonthsDuration(12)]), (["-"], [MonthsDuration(-1)])]
    assert decide("COLLECT", months, [1], aggregation="SUM").outputs == [MonthsDuration(11)]
    assert decide("COLLECT", [(["-"], [None]), (["-"], [1])], [1], aggregation="SUM").outputs == [None]


def test_count_counts_rules_even_when_they_say_the_same() -> None:
    rows = [([">1"], ["a"]), ([">1"], ["a"])]
    assert decide("COLLECT", rows, [2], aggregation="COUNT").outputs == [2]


@pytest.mark.parametrize("aggregation", ["SUM", "MIN", "MAX"])
def test_an_aggregate_of_different_kinds_is_a_problem(aggregation: str) -> None:
    rows = [([">1"], [10]), ([">1"], ["a"])]
    decision = decide("COLLECT", rows, [2], aggregation=aggregation)
    assert decision.outputs == [None]
    sentence = f"{aggregation} cannot be formed: the outputs of rules 1, 2 are not values it can be formed of"
    assert decision.problems == [sentence]


@pytest.mark.parametrize(("aggregation", "output"), [("SUM", None), ("MIN", "a"), ("MAX", "b")])
def test_text_has_a_least_and_a_greatest_but_no_sum(aggregation: str, output: Any) -> None:
    rows = [([">1"], ["a"]), ([">1"], ["b"])]
    assert decide("COLLECT", rows, [2], aggregation=aggregation).outputs == [output]


def test_a_unique_violation_names_the_rules() -> None:
    decision = decide("UNIQUE", OVERLAPPING, [3])
    assert decision == Decision([None], ["UNIQUE violated: rules 1, 2 all match"], [("1", "2")])


def test_a_unique_violation_is_one_even_when_the_rules_agree() -> None:
    assert decide("UNIQUE", [([">1"], ["a"]), ([">2"], ["a"])], [3]).outputs == [None]


def test_any_accepts_rules_that_agree_and_reports_rules_that_do_not() -> None:
    agree = decide("ANY", [([">1"], ["a"]), ([">2"], ["a"])], [3])
    assert agree == Decision(["a"], [None], [("1", "2")])
    disagree = decide("ANY", [([">1"], [1]), ([">2"], [True])], [3])
    assert disagree == Decision([None], ["ANY violated: rules 1, 2 match and disagree"], [("1", "2")])


def test_any_holds_one_and_one_point_zero_to_be_the_same() -> None:
    assert decide("ANY", [([">1"], [1]), ([">2"], [1.0])], [3]).outputs == [1]


@pytest.mark.parametrize("policy", ["UNIQUE", "ANY", "FIRST", "PRIORITY", "OUTPUT ORDER", "RULE ORDER", "COLLECT"])
def test_no_match_is_the_default_or_a_problem_under_every_policy(policy: str) -> None:
    rows = [([">5"], ["a"])]
    assert decide(policy, rows, [1], allowed=[["a"]]) == Decision([None], ["no rule matched"], [()])
    assert decide(policy, rows, [1], allowed=[["a"]], defaults=["d"]) == Decision(["d"], [None], [()])


@pytest.mark.parametrize("aggregation", ["SUM", "MIN", "MAX"])
def test_an_aggregate_of_nothing_is_the_default_or_a_problem(aggregation: str) -> None:
    rows = [([">5"], [1])]
    assert decide("COLLECT", rows, [1], aggregation=aggregation).problems == ["no rule matched"]
    assert decide("COLLECT", rows, [1], aggregation=aggregation, defaults=[7]) == Decision([7], [None], [()])


def test_a_count_of_nothing_is_zero_whatever_the_default() -> None:
    decision = decide("COLLECT", [([">5"], [1])], [1], aggregation="COUNT", defaults=[7])
    assert decision == Decision([0], [None], [()])


def test_several_outputs_make_a_dict_and_defaults_count_one_by_one() -> None:
    table = make_table(
        "UNIQUE", ["x"], [(["1"], ["a", 1]), (["2"], ["b", None])], outputs=("o", "p"), defaults=[None, 9]
    )
    decision = table.decide(pd.DataFrame({"x": [1, 2, 3]}))
    assert decision.outputs == [{"o": "a", "p": 1}, {"o": "b", "p": None}, {"o": None, "p": 9}]
    assert decision.problems == [None, None, None]


def test_priority_looks_at_outputs_from_left_to_right() -> None:
    rows = [(["-"], ["b", 2]), (["-"], ["a", 1]), (["-"], ["a", 2]), (["-"], ["z", 2])]
    table = make_table("OUTPUT ORDER", ["x"], rows, outputs=("o", "p"), allowed=[["a", "b"], [2, 1]])
    [output] = table.decide(pd.DataFrame({"x": [1]})).outputs
    assert [tuple(entry.values()) for entry in output] == [("a", 2), ("a", 1), ("b", 2), ("z", 2)]


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
def test_a_rule_that_cannot_be_judged_leaves_every_other_policy_undecided(policy: str) -> None:
    table = make_table(policy, ["x"], [([">1"], ["a"]), (["-"], ["a"])], allowed=[["a"]])
    assert table.decide(pd.DataFrame({"x": ["5"]})).outputs == [None]


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


def test_a_name_that_is_no_column_stops_before_anything_is_decided() -> None:
    table = make_table("FIRST", ["x", "y"], [(["-", "-"], ["a"]), (["-", "high"], ["b"])])
    with pytest.raises(RuleTableError) as caught:
        table.decide(pd.DataFrame({"x": [1], "y": ["high"]}))
    assert (caught.value.sheet, caught.value.cell) == ("T", "C7")


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
