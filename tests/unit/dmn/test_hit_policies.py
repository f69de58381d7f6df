"""What becomes of the rules that match: hit policies, aggregations, defaults."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
import pytest
from rule_cases import Row, decide, make_table

from qtemplate.dmn.decision_table import Decision
from qtemplate.dmn.feel_values import MonthsDuration

OVERLAPPING = [([">1"], ["low"]), ([">2"], ["high"]), ([">3"], ["low"])]


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
@pytest.mark.parametrize("other", ["a", dt.timedelta(days=1)])
def test_an_aggregate_of_different_kinds_is_a_problem(aggregation: str, other: Any) -> None:
    rows = [([">1"], [10]), ([">1"], [other])]
    decision = decide("COLLECT", rows, [2], aggregation=aggregation)
    assert decision.outputs == [None]
    sentence = f"{aggregation} cannot be formed: the outputs of rules 1, 2 are not values it can be formed of"
    assert decision.problems == [sentence]


def test_a_sum_is_whole_only_if_every_part_is() -> None:
    parts: list[tuple[list[Any], str]] = [([1, 2], "3"), ([1, 0.5], "1.5"), ([0.5, 0.5], "1.0")]
    for values, total in parts:
        rows = [(["-"], [value]) for value in values]
        assert repr(decide("COLLECT", rows, [1], aggregation="SUM").outputs) == f"[{total}]"


@pytest.mark.parametrize("aggregation", ["SUM", "MIN", "MAX"])
@pytest.mark.parametrize("values", [[True], [1, True], [True, False], [None], [1, None]])
def test_truths_and_nulls_have_neither_a_sum_nor_a_least_nor_a_greatest(aggregation: str, values: list[Any]) -> None:
    decision = decide("COLLECT", [(["-"], [value]) for value in values], [1], aggregation=aggregation)
    rules = ", ".join(str(number) for number in range(1, len(values) + 1))
    sentence = f"{aggregation} cannot be formed: the outputs of rules {rules} are not values it can be formed of"
    assert (decision.outputs, decision.problems) == ([None], [sentence])


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


def test_any_looks_at_every_output_and_holds_two_empty_ones_to_be_the_same() -> None:
    rows: list[Row] = [(["1"], ["a", None]), (["1, 2"], ["a", None]), (["2, 3"], ["a", 1]), (["3"], ["b", 1])]
    table = make_table("ANY", ["x"], rows, outputs=("o", "p"))
    assert table.decide(pd.DataFrame({"x": [1, 2, 3]})) == Decision(
        [{"o": "a", "p": None}, None, None],
        [None, "ANY violated: rules 2, 3 match and disagree", "ANY violated: rules 3, 4 match and disagree"],
        [("1", "2"), ("2", "3"), ("3", "4")],
    )


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
