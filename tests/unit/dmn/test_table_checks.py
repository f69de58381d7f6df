"""Static checks: each mistake is told, at its cell, in both languages; sound tables are left alone."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from msgspec.structs import replace
from rule_cases import make_table

from qtemplate.dmn.decision_table import DecisionTable
from qtemplate.dmn.feel_values import Kind
from qtemplate.dmn.lenient import read_tests
from qtemplate.dmn.table_atoms import cut_into_pieces
from qtemplate.dmn.table_checks import check_table
from qtemplate.dmn.table_problems import Severity, TableProblem
from qtemplate.dmn.typed_values import excel_literal
from qtemplate.dmn.uncovered import TooLarge, find_uncovered


def told(table: DecisionTable) -> list[tuple[str, str, str]]:
    return [(problem.code, problem.cell, problem.severity.value) for problem in check_table(table)]


def the(table: DecisionTable, code: str) -> TableProblem:
    [problem] = [problem for problem in check_table(table) if problem.code == code]
    return problem


def with_cell(table: DecisionTable, rule: int, column: int, value: Any) -> DecisionTable:
    """The table with one cell as it would be read from a real Excel value or lenient text."""
    tests = list(table.rules[rule].tests)
    tests[column] = read_tests(value)
    rules = list(table.rules)
    rules[rule] = replace(rules[rule], tests=tuple(tests))
    return replace(table, rules=tuple(rules))


def test_a_sound_table_has_nothing_to_tell() -> None:
    rows = [(["<18", "-"], ["no"]), ([">=18", '"a"'], ["yes"]), ([">=18", 'not("a")'], ["no"])]
    assert told(make_table("UNIQUE", ["age", "kind"], rows)) == []


def test_an_overlap_under_unique_is_an_error_with_an_example() -> None:
    table = make_table("UNIQUE", ["age", "kind"], [(["<=18", "-"], ["no"]), ([">=18", '"a"'], ["yes"])])
    problem = the(table, "overlap")
    assert (problem.cell, problem.severity) == ("A7", Severity.ERROR)
    sentence = 'rules 1 and 2 both match, for example age = 18, kind = "a"; UNIQUE does not allow that'
    assert problem.sentence("en") == sentence
    assert "规则 1 与规则 2 会同时匹配" in problem.sentence("zh")


def test_rules_that_agree_may_overlap_under_any_and_not_under_unique() -> None:
    rows = [([">1"], ["a"]), ([">2"], ["a"]), (["<=1"], ["b"])]
    assert told(make_table("ANY", ["x"], rows)) == []
    assert ("overlap", "A7", "error") in told(make_table("UNIQUE", ["x"], rows))


def test_rules_that_disagree_under_any_are_an_error() -> None:
    table = make_table("ANY", ["x"], [([">1"], ["a"]), ([">2"], ["b"]), (["<=1"], ["b"])])
    assert told(table) == [("disagreement", "A7", "error")]


def test_a_gap_is_told_with_a_readable_example() -> None:
    table = make_table("FIRST", ["pressure"], [(["[120..130)"], ["high"]), ([">130"], ["very"]), (["<120"], ["fine"])])
    assert the(table, "gap").sentence("en") == "no rule covers pressure = 130. Add a rule, or a default"


def test_a_default_leaves_no_gap() -> None:
    assert told(make_table("FIRST", ["x"], [([">1"], ["a"])], defaults=["d"])) == []


@pytest.mark.parametrize("policy", ["RULE ORDER", "COLLECT"])
def test_policies_that_give_lists_may_have_gaps_and_overlaps(policy: str) -> None:
    assert told(make_table(policy, ["x"], [([">1"], ["a"]), ([">2"], ["b"])])) == []


def test_null_is_a_gap_only_where_the_table_speaks_of_it() -> None:
    assert told(make_table("UNIQUE", ["x"], [([">1"], ["a"]), (["<=1"], ["b"])])) == []
    table = make_table("UNIQUE", ["x"], [(["not(null)"], ["a"])])
    assert the(table, "gap").sentence("en") == "no rule covers x = empty. Add a rule, or a default"


def test_a_masked_rule_is_told_even_when_only_several_rules_together_hide_it() -> None:
    rows = [([">=2", "-"], ["a"]), (["<2", '"x"'], ["b"]), (["<2", 'not("x")'], ["c"]), (["[1..3]", "-"], ["d"])]
    table = make_table("FIRST", ["n", "w"], rows)
    assert told(table) == [("masked_other", "A9", "warning")]
    said = the(table, "masked_other").sentence("en")
    assert said.startswith("no case is left for rule 4 (d): all go to rule 1, 2, 3 further up (a, b, c).")


def test_only_the_rules_that_hide_another_are_named() -> None:
    rows = [(["5", '"x"'], ["a"]), ([">=3", "-"], ["b"]), (["[4..5]", "-"], ["c"]), (["9", "-"], ["d"])]
    problem = the(make_table("FIRST", ["n", "w"], rows), "masked_other")
    assert problem.cell == "A8"
    assert problem.sentence("zh").startswith("规则 3、4（c、d）永远轮不到：前面的规则 2（b）已包揽它的全部情况。")


def test_a_hidden_rule_that_says_the_same_is_merely_superfluous() -> None:
    table = make_table("FIRST", ["n"], [([">=2"], ["a"]), (["[3..5]"], ["a"]), (["-"], ["b"])])
    assert told(table) == [("masked", "A7", "warning")]


def test_a_table_full_of_overlaps_has_three_told_and_one_remedy() -> None:
    table = make_table("UNIQUE", ["n"], [([f">={number}"], [number]) for number in range(8)])
    assert [problem.code for problem in check_table(table)] == [*["overlap"] * 3, "more_overlaps", "gap"]
    assert "请把 C1 改为 首个" in the(table, "more_overlaps").sentence("zh")


def test_a_catch_all_at_the_end_is_not_masked() -> None:
    assert told(make_table("FIRST", ["n"], [([">=2"], ["a"]), (["-"], ["b"])])) == []


@pytest.mark.parametrize("kinds", [frozenset[Kind](), frozenset({Kind.DATE, Kind.DATETIME}), frozenset({Kind.NUMBER})])
def test_a_column_that_is_only_asked_whether_it_is_empty_is_no_impossible_rule(kinds: frozenset[Kind]) -> None:
    table = make_table("UNIQUE", ["done"], [(["null"], ["open"]), (["not(null)"], ["closed"])])
    assert told(replace(table, inputs=(replace(table.inputs[0], kinds=kinds),))) == []


def test_an_impossible_rule_is_told_at_its_cell() -> None:
    table = make_table("FIRST", ["a", "n"], [(["-", "[10..5]"], ["a"]), (["-", "-"], ["b"])])
    assert told(table) == [("impossible", "C6", "warning")]
    said = 'rule 1 can never match: no value of "n" satisfies [10..5] (did you mean "[5..10]"?). Correct the cell'
    said += ", or delete the rule"
    assert the(table, "impossible").sentence("en") == said


def test_whole_numbers_have_nothing_between_two_and_three() -> None:
    table = make_table("UNIQUE", ["n"], [(["<=2"], ["a"]), ([">=3"], ["b"])])
    assert [problem.code for problem in check_table(table)] == ["gap"]
    whole = replace(table, inputs=(replace(table.inputs[0], integer=True),))
    assert told(whole) == []


def test_days_have_nothing_between_them_and_timestamps_do() -> None:
    rows = [(['<=date("2026-01-31")'], ["a"]), (['>=date("2026-02-01")'], ["b"])]
    assert told(make_table("UNIQUE", ["d"], rows)) == []
    mixed = make_table("UNIQUE", ["d"], [*rows, (['date and time("2020-01-01T00:00:00")'], ["c"])])
    gap = the(mixed, "gap").sentence("en")
    assert gap == "no rule covers d = 2026-01-31 12:00. Add a rule, or a default"


def test_times_durations_and_instants_are_cut_too() -> None:
    for low, high in (
        ('<time("12:00:00")', '>=time("12:00:00")'),
        ('<duration("P1D")', '>=duration("P1D")'),
        ('<=duration("P1M")', '>=duration("P2M")'),
        ('<date and time("2026-01-01T00:00:00Z")', '>=date and time("2026-01-01T00:00:00Z")'),
        ('<time("12:00:00Z")', '>=time("12:00:00Z")'),
        ('<"m"', '>="m"'),
        ("true", "false"),
    ):
        assert told(make_table("UNIQUE", ["x"], [([low], ["a"]), ([high], ["b"])])) == [], low
        assert [code for code, *_ in told(make_table("UNIQUE", ["x"], [([low], ["a"])]))] == ["gap"], low


def test_allowed_values_bound_what_a_gap_can_be() -> None:
    rows = [(["[0..50]", '"a"'], [1]), (["(50..100]", '"a"'], [2]), (["-", '"b"'], [3])]
    table = make_table("UNIQUE", ["n", "w"], rows, input_allowed=["[0..100]", '"a", "b"'])
    assert told(table) == []
    assert [code for code, *_ in told(make_table("UNIQUE", ["n", "w"], rows))] == ["gap"]


def test_a_value_outside_the_allowed_ones_is_told_with_the_nearest() -> None:
    rows = [(['"紧记"'], ["a"]), (['"重要"'], ["b"]), (["-"], ["c"])]
    table = make_table("FIRST", ["level"], rows, input_allowed=['"紧急", "重要"'])
    problem = the(table, "not_allowed")
    assert problem.cell == "B6"
    expected = '"紧记" is not among the allowed values of "level" (row 4) (did you mean "紧急"?)'
    assert problem.sentence("en") == expected
    assert ("impossible", "B6", "warning") in told(table)


def test_an_output_outside_the_allowed_ones_is_told() -> None:
    table = make_table("PRIORITY", ["x"], [(["-"], ["hgih"])], allowed=[["high", "low"]])
    assert the(table, "not_allowed").cell == "C6"


@pytest.mark.parametrize("policy", ["PRIORITY", "OUTPUT ORDER"])
def test_an_order_of_outputs_must_be_known_where_it_counts(policy: str) -> None:
    assert the(make_table(policy, ["x"], [(["-"], ["a"])]), "no_priority").cell == "C4"


def test_keywords_are_independent_of_each_other() -> None:
    rows = [(['contains(?, "火")'], ["a"]), (['contains(?, "烟")'], ["b"]), (["-"], ["c"])]
    assert told(make_table("FIRST", ["text"], rows)) == []
    overlap = the(make_table("UNIQUE", ["text"], rows[:2]), "overlap")
    assert dict(overlap.facts)["example"] == (("text", '"火 烟"'),)
    assert [code for code, *_ in told(make_table("FIRST", ["text"], rows[:2]))] == ["gap"]


def test_a_keyword_and_its_absence_leave_no_gap_and_no_overlap() -> None:
    rows = [(['contains(?, "火")'], ["a"]), (['not(contains(?, "火"))'], ["b"])]
    assert told(make_table("UNIQUE", ["text"], rows)) == []


def test_an_overlap_no_text_can_show_is_not_claimed() -> None:
    rows = [(['contains(?, "起火")'], ["a"]), (['not(contains(?, "火"))'], ["b"])]
    assert "overlap" not in [code for code, *_ in told(make_table("UNIQUE", ["text"], rows, defaults=["d"]))]


def test_cells_that_name_columns_are_neither_blamed_nor_trusted() -> None:
    rows = [(["<=limit", "-"], ["a"]), ([">limit", "-"], ["b"])]
    assert told(make_table("UNIQUE", ["x", "limit"], rows)) == []
    rows = [(["<=limit", "-"], ["a"]), (["-", "-"], ["b"]), (["5", "-"], ["c"])]
    assert told(make_table("FIRST", ["x", "limit"], rows)) == [("masked_other", "A8", "warning")]


def test_a_name_that_is_no_column_of_the_table_is_told() -> None:
    table = make_table("FIRST", ["severity"], [(["> severty"], ["a"]), (["-"], ["b"])])
    expected = '"severty" is no column of this table. Put text in quotes, or check the name (did you mean "severity"?)'
    assert the(table, "unknown_name").sentence("en") == expected


def test_a_date_excel_made_of_a_range_is_told() -> None:
    table = make_table("FIRST", ["n"], [(["1"], ["a"]), (["2"], ["b"]), (["-"], ["c"]), (["-"], ["d"])])
    table = with_cell(table, 2, 0, dt.datetime(2026, 1, 3))
    problem = the(table, "excel_date")
    assert problem.cell == "B8"
    assert "Excel turns an entry such as 1-3 into a date. Write a number or an interval" in problem.sentence("en")


def test_a_literal_of_another_kind_than_its_column_is_told() -> None:
    table = make_table("FIRST", ["n"], [(["1"], ["a"]), (["2"], ["b"]), (['"3"'], ["c"]), (["-"], ["d"])])
    said = '"n" holds a number, but "3" in the cell is text. Write a number or an interval, such as 3, >=3, [1..3]'
    assert the(table, "wrong_kind").sentence("en") == said


def test_two_rules_with_one_number_are_told() -> None:
    table = make_table("FIRST", ["n"], [(["1"], ["a"]), (["-"], ["b"])])
    table = replace(table, rules=(table.rules[0], replace(table.rules[1], identifier="1")))
    assert told(table) == [("duplicate_identifier", "A7", "warning")]


def test_a_search_past_its_cap_says_so_instead_of_guessing() -> None:
    rows = [(["-"] * number + ["1"] + ["-"] * (5 - number), ["a"]) for number in range(6)]
    rows += [(["not(1)"] * 6, ["b"])]
    table = make_table("UNIQUE", [f"c{n}" for n in range(6)], rows)
    assert "not_decided" in [problem.code for problem in check_table(table, cap=3)]
    with pytest.raises(TooLarge):
        find_uncovered(cut_into_pieces(table), 2**7 - 1, 0, 0)


def test_examples_show_labels_instead_of_codes() -> None:
    table = make_table("FIRST", ["level"], [(['"urgent"'], ["a"])])
    column = replace(
        table.inputs[0], title="等级", domain=("urgent", "minor"), labels=(("urgent", "紧急"), ("minor", "轻微"))
    )
    problem = the(replace(table, inputs=(column,)), "gap")
    assert problem.sentence("zh") == "没有规则适用于这样的情况：等级 = 轻微。请补一条规则，或填写缺省值"


def test_excel_numbers_are_literals_that_remember_it() -> None:
    assert excel_literal(12.0).source == 12.0
