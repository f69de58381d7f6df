"""What people type into rule cells, and the strict text it stands for."""

from __future__ import annotations

import datetime as dt
import tomllib
from typing import Any

import pytest
from where import TABLES

from qtemplate.dmn.lenient import read_literal, read_tests, read_values
from qtemplate.dmn.typed_values import excel_literal
from qtemplate.dmn.unary_tests import AnyValue, CellSyntaxError, Literal, parse_unary_tests, strict_text

_FILE = tomllib.loads((TABLES / "lenient.toml").read_text("utf-8"))
_NAMES = ("型号", "承诺日期")


@pytest.mark.parametrize(("typed", "strict"), _FILE["accepted"].items())
def test_what_people_type_stands_for_a_strict_cell(typed: str, strict: str) -> None:
    assert strict_text(read_tests(typed, _NAMES)) == strict


@pytest.mark.parametrize("typed", _FILE["refused"]["cells"])
def test_what_can_mean_nothing_or_two_things_is_refused(typed: str) -> None:
    with pytest.raises(CellSyntaxError):
        read_tests(typed, _NAMES)


@pytest.mark.parametrize(
    ("typed", "code", "found", "suggestion"),
    [
        (">=4 and <=5", "joined", None, "[4..5]"),
        ("＞4 AND ＜＝5.5", "joined", None, "(4..5.5]"),
        ("≥4且≤5", "joined", None, "[4..5]"),
        ("大于等于4并且小于5", "joined", None, "[4..5)"),
        ("<5 && >=4", "joined", None, "[4..5)"),
        ("≥4 ≤5", "joined", None, "[4..5]"),
        ("4≤严重性<5", "joined", None, "[4..5)"),
        (">=2026-1-1 and <=2026-3-31", "joined", None, '[date("2026-01-01")..date("2026-03-31")]'),
        (">=5 and <=4", "joined", None, ""),
        (">=4 and ≠5", "joined", None, ""),
        ("2026-2-30", "no_such_day", "2026-2-30", "2026-2-28"),
        ("≤2026年4月31日", "no_such_day", "2026年4月31日", "2026-4-30"),
        ("[2028-2-1..2028-2-30]", "no_such_day", "2028-2-30", "2028-2-29"),
        ("5, 2026-13-1", "no_such_day", "2026-13-1", ""),
        ("2026-4-31 10:00", "no_such_day", "2026-4-31 10:00", "2026-4-30"),
        (">=3/7", "unsure_date", "3/7", None),
        ("[26-2-1..26-3-1]", "unsure_date", "26-2-1", None),
        ('>=date("2026-02-30")', "bad_literal", 'date("2026-02-30")', None),
        ("2026-2-3 25:00", "bad_literal", "2026-2-3 25:00", None),
    ],
)
def test_what_is_refused_is_named_with_what_was_probably_meant(
    typed: str, code: str, found: str | None, suggestion: str | None
) -> None:
    with pytest.raises(CellSyntaxError) as caught:
        read_tests(typed, _NAMES)
    facts = dict(caught.value.facts)
    assert (caught.value.code, facts["text"]) == (code, typed)
    assert (facts.get("found"), facts.get("suggestion")) == (found, suggestion)


@pytest.mark.parametrize(
    ("value", "strict"),
    [
        (3.0, "3"),
        (2.5, "2.5"),
        (True, "true"),
        (dt.date(2026, 3, 7), 'date("2026-03-07")'),
        (dt.datetime(2026, 3, 7), 'date("2026-03-07")'),
        (dt.datetime(2026, 3, 7, 14, 30), 'date and time("2026-03-07T14:30:00")'),
        (dt.time(8), 'time("08:00:00")'),
        (dt.timedelta(hours=30), 'duration("P1DT6H")'),
        (None, "-"),
    ],
)
@pytest.mark.parametrize("strict_reading", [True, False])
def test_a_real_excel_value_is_a_literal(value: Any, strict: str, strict_reading: bool) -> None:
    assert strict_text(read_tests(value, _NAMES, strict=strict_reading)) == strict


def test_strict_text_means_the_same_leniently() -> None:
    for cell in ('"a", "b"', "[1..5)", 'not("a")', '>= date("2026-01-01")', 'contains(?, "x")', "null", "-", "true"):
        assert read_tests(cell) == parse_unary_tests(cell)


@pytest.mark.parametrize("cell", ["电池", "≥5", "2026-3-7", "非(1)", "包含(a)"])
def test_strict_reading_does_not_know_what_people_type(cell: str) -> None:
    try:
        node = read_tests(cell, (), strict=True)
    except CellSyntaxError:
        return
    assert strict_text(node) == cell  # a bare word is a column, and stays one


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("紧急", "紧急"),
        ("缺少版本号，请补充", "缺少版本号，请补充"),
        ("“紧急”", "紧急"),
        ('"a\\"b"', 'a"b'),
        ("5", 5),
        ("5%", 0.05),
        ("000123", "000123"),
        ("2026-03-07", dt.date(2026, 3, 7)),
        ("true", True),
        ("-", None),
        ("", None),
        (None, None),
        (3.0, 3),
    ],
)
def test_an_output_is_a_value_and_commas_belong_to_its_text(typed: Any, value: Any) -> None:
    assert read_literal(typed).value == value


@pytest.mark.parametrize("typed", ['"abc', '@"x"', '"a" b'])
def test_an_output_that_starts_like_a_literal_must_be_one(typed: str) -> None:
    with pytest.raises(CellSyntaxError):
        read_literal(typed)


@pytest.mark.parametrize("typed", ["紧急", "-", "a b"])
def test_a_strict_output_is_a_strict_literal(typed: str) -> None:
    with pytest.raises(CellSyntaxError):
        read_literal(typed, strict=True)


def test_allowed_values_of_an_output_are_a_list() -> None:
    assert read_values("紧急, 重要") == (Literal.of("紧急"), Literal.of("重要"))
    assert read_values('"a", 1', strict=True) == (Literal.of("a"), Literal.of(1))
    assert read_values(None) == ()


@pytest.mark.parametrize("typed", [">3", "非(a)", "[1..2]", "!=a", "> 型号", "包含(a)"])
def test_allowed_values_of_an_output_are_nothing_but_a_list(typed: str) -> None:
    assert read_values(typed) is None


def test_a_literal_knows_whether_excel_or_a_person_made_it() -> None:
    assert excel_literal(3.0).source == 3.0
    [typed] = read_values("3") or ()
    assert typed.source == "3"
    assert read_tests("任意") == AnyValue()
