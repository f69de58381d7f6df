"""Decision tables against a naive reading of the standard: one cell, one value, one rule at a time."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st
from rule_cases import make_table
from tried import tried

from qtemplate.dmn.feel_values import spell
from qtemplate.dmn.table_checks import check_table
from qtemplate.dmn.table_problems import OTHER_TEXT, Severity
from qtemplate.dmn.unary_tests import Literal, parse_literal, parse_unary_tests, strict_text

Truth = bool | None
Judge = Callable[[Any], Truth]


@dataclass(frozen=True)
class Cell:
    """A strict cell and what it means, both made from the same choices."""

    text: str
    judge: Judge


def rank(value: Any) -> str:
    """The kind of a plain value; bool before int, datetime before date."""
    for kind in (bool, int, float, str, dt.datetime, dt.date):
        if isinstance(value, kind):
            return "number" if kind in (int, float) else "day" if kind in (dt.datetime, dt.date) else kind.__name__
    return "null"


def day(value: Any) -> Any:
    return (
        value
        if not isinstance(value, dt.date) or isinstance(value, dt.datetime)
        else dt.datetime(*value.timetuple()[:3])
    )


def compare(sign: str, value: Any, other: Any) -> Truth:
    """Table 42 and 43 of DMN 1.3, read literally."""
    if sign == "!=":
        equal = compare("=", value, other)
        return None if equal is None else not equal
    if sign == "=":
        if value is None or other is None:
            return value is other
        return day(value) == day(other) if rank(value) == rank(other) else None
    if value is None or other is None or rank(value) != rank(other) or rank(value) == "bool":
        return None
    left, right = day(value), day(other)
    return {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[sign]  # type: ignore[no-any-return]


def both(one: Truth, other: Truth) -> Truth:
    if one is False or other is False:
        return False
    return None if one is None or other is None else True


def either(truths: list[Truth]) -> Truth:
    if any(truth is True for truth in truths):
        return True
    return None if any(truth is None for truth in truths) else False


def comparison(sign: str, other: Any) -> Cell:
    return Cell(("" if sign == "=" else sign) + spell(other), lambda value: compare(sign, value, other))


def interval(opening: str, low: Any, high: Any, closing: str) -> Cell:
    above, below = (">=" if opening == "[" else ">"), ("<=" if closing == "]" else "<")
    text = f"{opening}{spell(low)}..{spell(high)}{closing}"
    return Cell(text, lambda value: both(compare(above, value, low), compare(below, value, high)))


def keyword(part: str) -> Cell:
    return Cell(f"contains(?, {spell(part)})", lambda value: part in value if isinstance(value, str) else None)


def one_of(cells: list[Cell]) -> Cell:
    return Cell(", ".join(cell.text for cell in cells), lambda value: either([cell.judge(value) for cell in cells]))


def negate(truth: Truth) -> Truth:
    return None if truth is None else not truth


def none_of(cell: Cell) -> Cell:
    return Cell(f"not({cell.text})", lambda value: negate(cell.judge(value)))


numbers = st.integers(0, 4) | st.sampled_from([0.5, 2.5, -1.0])
texts = st.sampled_from(["a", "b", "ab", "火", 'q"q', ""])
days = st.sampled_from([dt.date(2026, 1, 1), dt.date(2026, 1, 2), dt.datetime(2026, 1, 1, 12), dt.datetime(2026, 1, 2)])
values_by_kind = {"number": numbers, "text": texts, "day": days, "truth": st.booleans()}


@st.composite
def cells(draw: st.DrawFn, kinds: tuple[str, ...]) -> Cell:
    if draw(st.integers(0, 4)) == 0:
        return Cell("-", lambda value: True)
    parts = []
    for _ in range(draw(st.integers(1, 3))):
        literals = values_by_kind[draw(st.sampled_from(kinds))]
        shape = draw(st.sampled_from(["=", "=", "!=", "<", "<=", ">", ">=", "interval", "null", "keyword"]))
        if shape == "interval":
            parts.append(
                interval(draw(st.sampled_from("[(]")), draw(literals), draw(literals), draw(st.sampled_from("])[")))
            )
        elif shape == "null":
            parts.append(comparison("=", None))
        elif shape == "keyword" and "text" in kinds:
            parts.append(keyword(draw(texts)))
        else:
            parts.append(comparison("=" if shape == "keyword" else shape, draw(literals)))
    cell = one_of(parts)
    return none_of(cell) if draw(st.booleans()) else cell


kinds_of_column = st.sampled_from(
    [("number",), ("text",), ("day",), ("truth",), ("number", "text"), tuple(values_by_kind)]
)


@st.composite
def tables(draw: st.DrawFn) -> tuple[str, list[list[Cell]], list[list[Any]]]:
    columns = [draw(kinds_of_column) for _ in range(draw(st.integers(1, 3)))]
    rules = [[draw(cells(kinds)) for kinds in columns] for _ in range(draw(st.integers(1, 5)))]
    value = {kinds: st.none() | st.one_of([values_by_kind[kind] for kind in kinds]) for kinds in columns}
    rows = [[draw(value[kinds]) for kinds in columns] for _ in range(draw(st.integers(1, 8)))]
    return draw(st.sampled_from(["UNIQUE", "FIRST", "ANY", "RULE ORDER", "COLLECT"])), rules, rows


def naive_matches(rules: list[list[Cell]], row: list[Any]) -> list[int]:
    """Rules, counted from 0, all of whose cells are true of the row."""
    return [
        number
        for number, rule in enumerate(rules)
        if all(cell.judge(value) is True for cell, value in zip(rule, row, strict=True))
    ]


def naive_output(policy: str, matched: list[int], outputs: list[int]) -> Any:
    found = [outputs[number] for number in matched]
    if not found:
        return None
    if policy in ("RULE ORDER", "COLLECT"):
        return found
    if policy == "FIRST":
        return found[0]
    clash = len(found) > 1 if policy == "UNIQUE" else len(set(found)) > 1
    return None if clash else found[0]


@tried(tables(), few=120, many=5_000)
def test_a_table_decides_what_the_naive_reading_decides(case: tuple[str, list[list[Cell]], list[list[Any]]]) -> None:
    policy, rules, rows = case
    outputs = [number % 2 for number in range(len(rules))]
    names = [f"c{number}" for number in range(len(rules[0]))]
    table = make_table(
        policy, names, [([cell.text for cell in rule], [out]) for rule, out in zip(rules, outputs, strict=True)]
    )
    frame = pd.DataFrame(
        {name: pd.Series([row[number] for row in rows], dtype=object) for number, name in enumerate(names)}
    )
    decision = table.decide(frame)
    for row, output, matched, problem in zip(rows, decision.outputs, decision.matched, decision.problems, strict=True):
        expected = naive_matches(rules, row)
        assert [int(identifier) - 1 for identifier in matched] == expected
        if problem is None or "mismatch" not in problem:
            assert output == naive_output(policy, expected, outputs)
        else:
            assert output is None


@tried(kinds_of_column.flatmap(cells), few=120, many=5_000)
def test_printing_and_parsing_a_cell_are_inverse(cell: Cell) -> None:
    node = parse_unary_tests(cell.text)
    assert parse_unary_tests(strict_text(node)) == node


@given(st.text() | st.integers() | st.booleans() | st.dates() | st.datetimes() | st.timedeltas() | st.none())
def test_every_value_is_spelled_so_that_it_reads_back(value: Any) -> None:
    assert parse_literal(spell(value)) == Literal.of(value)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_number_is_spelled_so_that_it_reads_back(value: float) -> None:
    assert parse_literal(spell(value)).value == value


# Static checks against trying every combination ---------------------------------------------------------------------

POINTS = [-1, 0, 0.5, 1, 1.5, 2, 2.5, 3, 4]  # every number a cell below mentions, and one in every stretch between
WORDS = ["x", "y", "other"]
number_cells = st.sampled_from(
    [
        "-",
        "0",
        "1",
        "2",
        "3",
        "<1",
        "<=2",
        ">0",
        ">=3",
        "[0..2]",
        "(0..2)",
        "[1..3)",
        "not(1)",
        "not(<2)",
        "1, 3",
        "[3..1]",
    ]
)
word_cells = st.sampled_from(["-", '"x"', '"y"', '"x", "y"', 'not("x")', 'not("x", "y")', '!="y"'])


@tried(
    st.sampled_from(["UNIQUE", "ANY", "FIRST"]),
    st.lists(st.tuples(number_cells, word_cells, number_cells, st.integers(0, 1)), min_size=1, max_size=7),
    few=100,
    many=5_000,
)
def test_checks_find_exactly_what_trying_every_combination_finds(
    policy: str, rows: list[tuple[str, str, str, int]]
) -> None:
    table = make_table(policy, ["n", "w", "m"], [(row[:3], [row[3]]) for row in rows])
    found = check_table(table, pairs=100)
    frame = pd.DataFrame([*itertools.product(POINTS, WORDS, POINTS)], columns=["n", "w", "m"])
    matched = make_table("COLLECT", ["n", "w", "m"], [(row[:3], [row[3]]) for row in rows]).evaluate(frame)
    sets = [set(result.rules) for result in matched.results]

    pairs = {pair for rules in sets for pair in itertools.combinations(sorted(rules), 2)}
    if policy == "ANY":
        pairs = {(one, other) for one, other in pairs if rows[one][3] != rows[other][3]}
    told = {(dict(p.facts)["one"], dict(p.facts)["other"]) for p in found if p.code in ("overlap", "disagreement")}
    assert told == ({(str(one + 1), str(other + 1)) for one, other in pairs} if policy != "FIRST" else set())
    assert all(p.severity is Severity.ERROR for p in found if p.code in ("overlap", "disagreement"))

    assert any(p.code == "gap" for p in found) == (set() in sets)

    possible = set().union(*sets)
    masked = {n for n in possible if not any(rules and min(rules) == n for rules in sets)}
    told_masked = {rule for p in found if p.code in ("masked", "masked_other") for rule in dict(p.facts)["rule"]}
    assert told_masked == ({str(n + 1) for n in masked} if policy == "FIRST" else set())

    told_impossible = {dict(p.facts)["rule"] for p in found if p.code == "impossible"}
    assert told_impossible == {str(n + 1) for n in range(len(rows)) if n not in possible}


@tried(st.lists(st.tuples(number_cells, word_cells), min_size=1, max_size=6), few=40, many=2_000)
def test_the_example_of_a_gap_is_one(rows: list[tuple[str, str]]) -> None:
    table = make_table("FIRST", ["n", "w"], [(row, [1]) for row in rows])
    gaps = [dict(problem.facts)["example"] for problem in check_table(table) if problem.code == "gap"]
    for example in gaps:
        case = {name: "no word" if value == OTHER_TEXT else parse_literal(value).value for name, value in example}
        frame = pd.DataFrame({name: [case.get(name, 99)] for name in ("n", "w")})
        assert table.decide(frame).matched == [()]
