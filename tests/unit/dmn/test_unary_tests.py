"""S-FEEL cells: what they match, how they are printed, what is refused."""

from __future__ import annotations

import tomllib

import pytest
from where import TABLES

from qtemplate.dmn.cell_truths import FALSE, NULL, TRUE, Operand, truth_of, truths
from qtemplate.dmn.feel_values import Kind, MonthsDuration, read_duration, spell
from qtemplate.dmn.unary_tests import (
    AnyValue,
    CellSyntaxError,
    Comparison,
    Interval,
    Literal,
    Name,
    OneOf,
    Operator,
    endpoints,
    parse_literal,
    parse_unary_tests,
    strict_text,
)

_FILE = tomllib.loads((TABLES / "unary_tests.toml").read_text("utf-8"))
_TRUTHS = {"true": TRUE, "false": FALSE, "null": NULL}
_CASES = [
    (case["cell"], value, truth)
    for case in _FILE["case"]
    for name, truth in _TRUTHS.items()
    for value in case.get(name, [])
]
_REFUSED = [cell for block in _FILE["refused"] for cell in block["cells"]]


@pytest.mark.parametrize(("cell", "value", "truth"), _CASES)
def test_a_cell_says_of_a_value_what_the_standard_says(cell: str, value: str, truth: int) -> None:
    assert truth_of(parse_unary_tests(cell), parse_literal(value)) == truth


@pytest.mark.parametrize("cell", [case["cell"] for case in _FILE["case"]])
def test_a_printed_cell_reads_back_as_the_same_node(cell: str) -> None:
    node = parse_unary_tests(cell)
    assert parse_unary_tests(strict_text(node)) == node


@pytest.mark.parametrize("cell", _REFUSED)
def test_a_cell_that_does_not_parse_is_refused(cell: str) -> None:
    with pytest.raises(CellSyntaxError):
        parse_unary_tests(cell)


@pytest.mark.parametrize("cell", ["", "  ", "-", " - ", "\u200b", "\ufeff-\u00a0"])
def test_an_empty_cell_and_a_dash_match_anything(cell: str) -> None:
    assert parse_unary_tests(cell) == AnyValue()


@pytest.mark.parametrize(
    ("cell", "at", "found", "expected"),
    [
        ("[1..2] 3", 8, "3", "end"),
        ("1 2 3", 3, "2", "end"),
        (">", 2, "", "value"),
        ("> ,", 3, ",", "value"),
        ('-"a"', 2, '"a"', "number"),
        ("]1, 2]", 2, "1", ".."),
        ("not(1", 6, "", ")"),
        ("[1..2", 6, "", "] ) ["),
        ('contains(x, "a")', 10, "x", "?"),
    ],
)
def test_a_syntax_error_says_where_and_what_was_expected(cell: str, at: int, found: str, expected: str) -> None:
    with pytest.raises(CellSyntaxError) as caught:
        parse_unary_tests(cell)
    facts = (("text", cell), ("at", at), ("found", found), ("expected", expected))
    assert (caught.value.code, caught.value.facts) == ("unexpected", facts)


@pytest.mark.parametrize(
    ("cell", "code", "at", "found"),
    [
        ("≥5", "bad_character", 1, "≥5"),
        ("5a", "bad_character", 1, "5a"),
        ("1, ≥5 and more", "bad_character", 4, "≥5 and m"),
        ("2, 1e999", "bad_literal", 4, "1e999"),
        ('1, date("2026-02-30")', "bad_literal", 4, 'date("2026-02-30")'),
    ],
)
def test_what_means_nothing_is_named_with_its_place(cell: str, code: str, at: int, found: str) -> None:
    with pytest.raises(CellSyntaxError) as caught:
        parse_unary_tests(cell)
    assert (caught.value.code, caught.value.facts) == (code, (("text", cell), ("at", at), ("found", found)))


def test_an_output_that_is_a_name_says_that_a_literal_was_expected() -> None:
    with pytest.raises(CellSyntaxError) as caught:
        parse_literal("high")
    assert caught.value.facts == (("text", "high"), ("at", 1), ("found", "high"), ("expected", "literal"))


@pytest.mark.parametrize(
    ("cell", "names", "expected"),
    [
        ('>= date("2026-01-01")', ["date"], Literal.of(parse_literal('date("2026-01-01")').value)),
        (">= date", ["date"], Name("date")),
        (">= due date", ["due date", "due"], Name("due date")),
        (">= due", ["due date", "due"], Name("due")),
        (">= a-b", ["a-b"], Name("a-b")),
        (">= 承诺日期(初)", ["承诺日期(初)"], Name("承诺日期(初)")),
        (">= 8D状态", ["8D状态"], Name("8D状态")),
        ("> not", ["not"], Name("not")),
        ("contains", ["contains"], Name("contains")),
        ('date ("2026-01-01")', ["date"], Literal.of(parse_literal('date("2026-01-01")').value)),
        (">= loan.amount", [], Name("loan.amount")),
        ("5, limit", ["5, limit"], Name("5, limit")),
    ],
)
def test_names_of_columns_win_over_words_of_the_language(cell: str, names: list[str], expected: object) -> None:
    node = parse_unary_tests(cell, names)
    assert list(endpoints(node)) == [expected]


def test_a_column_called_not_or_true_does_not_shadow_the_language() -> None:
    assert strict_text(parse_unary_tests("not(1)", ["not"])) == "not(1)"
    assert parse_unary_tests("true", ["true"]) == OneOf((Comparison(Operator.EQUAL, Literal.of(True)),))


@pytest.mark.parametrize("cell", ["5", "-5", "<5", "[1..5]", '"a"', "1, 2", "true", "null", "not(1)", "-"])
def test_what_is_a_test_already_is_no_name_of_a_column(cell: str) -> None:
    assert parse_unary_tests(cell, [cell, "-", "1", "5"]) == parse_unary_tests(cell)


def test_a_name_that_the_language_could_not_spell_is_found_before_a_sign_too() -> None:
    assert list(endpoints(parse_unary_tests("8D状态, 1", ["8D状态"]))) == [Name("8D状态"), Literal.of(1)]


@pytest.mark.parametrize("name", ["承诺 日期", "due  date", "a.b", "a/b", "o'clock", "o’clock", "a+b", "a*b", "a-b"])
def test_a_name_has_signs_and_spaces_within_though_no_column_is_called_so(name: str) -> None:
    assert list(endpoints(parse_unary_tests(f">{name}"))) == [Name(name)]


def test_white_space_within_a_call_does_not_matter() -> None:
    for cell in ('date  and  time  (  "2026-03-07T10:30:00"  )', '@  "2026-03-07T10:30:00"'):
        assert strict_text(parse_unary_tests(cell)) == 'date and time("2026-03-07T10:30:00")'


def test_a_name_is_not_found_inside_a_longer_word() -> None:
    assert list(endpoints(parse_unary_tests("limits", ["limit"]))) == [Name("limits")]


def test_endpoints_may_be_columns_on_both_sides() -> None:
    expected = OneOf((Interval(Name("low"), True, Name("high"), False),))
    assert parse_unary_tests("[low..high)", ["low", "high"]) == expected


def test_columns_named_in_a_cell_are_compared_value_by_value() -> None:
    node = parse_unary_tests("> limit", ["limit"])
    assert truth_of(node, Literal.of(5), {"limit": Literal.of(4)}) == TRUE
    assert truth_of(node, Literal.of(4), {"limit": Literal.of(4)}) == FALSE
    assert truth_of(node, Literal.of(4), {"limit": Literal.of(None)}) == NULL
    assert truth_of(node, Literal.of(4), {"limit": Literal.of("4")}) == NULL


def test_a_keyword_may_come_from_another_column() -> None:
    node = parse_unary_tests("contains(?, model)", ["model"])
    assert truth_of(node, Literal.of("电机 X1 异响"), {"model": Literal.of("X1")}) == TRUE
    assert truth_of(node, Literal.of("电机"), {"model": Literal.of("X1")}) == FALSE


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5", "5"),
        ("5.0", "5.0"),
        ("2.10", "2.1"),
        ("-007", "-7"),
        (".5", "0.5"),
        ("1E3", "1000.0"),
        ("1e+3", "1000.0"),
        ("1e-3", "0.001"),
        ("1e3", "1000.0"),
    ],
)
def test_digits_alone_are_a_whole_number_and_all_else_is_a_float(text: str, value: str) -> None:
    assert repr(parse_literal(text).value) == value


def test_a_literal_is_printed_as_a_cell_has_it() -> None:
    assert [strict_text(Literal.of(value)) for value in (5, "a", None, True)] == ["5", '"a"', "null", "true"]


def test_one_and_true_are_different_literals() -> None:
    assert Literal.of(1) != Literal.of(True)
    assert Literal.of(1) == Literal.of(1.0)
    assert Literal.of("1") != Literal.of(1)


def test_a_literal_remembers_how_it_was_typed_and_is_equal_all_the_same() -> None:
    typed = parse_literal("2.10")
    assert typed.source == "2.10"
    assert typed == parse_literal("2.1")
    assert parse_literal("-007").source == "-007"


@pytest.mark.parametrize("text", ["", " ", "\u200b", "null"])
def test_an_empty_output_is_null(text: str) -> None:
    assert parse_literal(text) == Literal(None, None)


@pytest.mark.parametrize("text", ["high", "-", "1, 2", ">1", '"a" "b"', "not(1)", "x + 1"])
def test_an_output_that_is_no_literal_is_refused(text: str) -> None:
    with pytest.raises(CellSyntaxError):
        parse_literal(text)


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("P1Y", "P1Y"),
        ("P14M", "P1Y2M"),
        ("-P1M", "-P1M"),
        ("P0M", "P0M"),
        ("PT36H", "P1DT12H"),
        ("-PT1.5S", "-PT1.5S"),
        ("PT0S", "P0D"),
        ("P2DT3H4M5S", "P2DT3H4M5S"),
    ],
)
def test_durations_are_printed_in_one_way(text: str, spelled: str) -> None:
    assert spell(read_duration(text)) == f'duration("{spelled}")'


def test_months_durations_compare_by_months() -> None:
    assert sorted([MonthsDuration(3), MonthsDuration(-1), MonthsDuration(2)])[0] == MonthsDuration(-1)


def test_numbers_are_printed_without_exponents() -> None:
    assert [spell(value) for value in (1e15, 0.1, 1e-7, 5.0, -2, 1e20)] == [
        "1000000000000000",
        "0.1",
        "0.0000001",
        "5",
        "-2",
        "100000000000000000000",
    ]


def test_a_constant_operand_fills_the_size_asked_for() -> None:
    assert truths(parse_unary_tests(">1"), Operand(Kind.NUMBER, 2), 3).tolist() == [TRUE] * 3


def test_an_escape_beyond_unicode_is_only_text() -> None:
    assert parse_literal('"\\U10FFFF"').value == "\U0010ffff"
    assert parse_literal('"\\U110000"').value == "\\U110000"
    assert parse_literal('"\\q"').value == "\\q"
    assert parse_literal('"\\\n"').value == "\\\n"


def test_two_escapes_spell_one_character_beyond_the_basic_plane_and_half_of_it_is_kept() -> None:
    assert parse_literal('"\\uD83D\\uDE00"').value == "😀"
    assert parse_literal('"\\uD83D"').value == "\ud83d"
