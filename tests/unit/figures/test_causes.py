"""Pareto, hot spots, and how good the rules are."""

from __future__ import annotations

import numpy as np
import pytest
from figure_rows import NOW, OCTOBER, case, count, make_rows, rate

from qtemplate.figures.figure import Figure, Reason
from qtemplate.figures.hot_spots import HotSpot, hot_spots
from qtemplate.figures.pareto import Bar, Pareto, make_pareto
from qtemplate.figures.quantiles import poisson_tail
from qtemplate.figures.rule_quality import RuleQuality, rule_quality

PARETOS = [
    # rows of each value, and which values are the vital few
    ({"A": 80, "B": 20}, "A"),  # 80 % exactly
    ({"A": 79, "B": 21}, "AB"),
    ({"A": 50, "B": 30, "C": 20}, "AB"),
    ({"A": 5, "B": 2, "C": 2, "D": 1}, "ABC"),
    ({"A": 6, "B": 2, "C": 2}, "ABC"),  # B reaches 80 %, C is as tall
    ({"A": 1, "B": 1, "C": 1, "D": 1, "E": 1}, "ABCDE"),
    ({"A": 3}, "A"),
    ({}, ""),
]


@pytest.mark.parametrize(("heights", "vital"), PARETOS, ids=range(len(PARETOS)))
def test_the_vital_few_are_the_smallest_prefix_of_eighty_percent_ties_together(
    heights: dict[str, int], vital: str
) -> None:
    values = np.array([value for value, height in heights.items() for _ in range(height)], object)
    ids = np.array([str(at) for at in range(len(values))], object)
    found = make_pareto(ids, np.ones(len(values), bool), values)
    assert "".join(bar.value for bar in found.bars if bar.vital) == vital
    assert [bar.count.n for bar in found.bars] == list(heights.values())


def test_a_pareto_keeps_its_rows_and_tells_those_without_a_value() -> None:
    values = np.array(["B", None, "A", "B", "C", "A", None], object)
    rows = np.array([True, True, True, True, True, True, False])
    found = make_pareto(np.array(list("stuvwxy"), object), rows, values)
    assert found == Pareto(
        bars=(
            Bar("A", count("ux"), 0.4, 0.4, True),
            Bar("B", count("sv"), 0.4, 0.8, True),
            Bar("C", count("w"), 0.2, 1.0, False),
        ),
        without=count("t"),
    )


def batches(counts: dict[str, int], model: str = "M1") -> list[dict[str, object]]:
    return [
        case(f"{model}{batch}{at}", product="P", model=model, batch=batch)
        for batch, number in counts.items()
        for at in range(number)
    ]


ONES = {str(number): 1 for number in range(7)}


def test_a_batch_that_chance_does_not_explain_is_a_hot_spot() -> None:
    rows = make_rows(*batches({**ONES, "hot": 6}), *batches({"alone": 9}, "M2"), case("x", model="M1"))
    ids = tuple(f"M1hot{at}" for at in range(6))
    expected = 13 / 8
    assert hot_spots(rows, OCTOBER, NOW) == (
        HotSpot("P", "M1", "hot", Figure(6, 6, 1, ids, ids), expected, poisson_tail(6, expected)),
    )
    assert poisson_tail(6, expected) == pytest.approx(0.00649, abs=5e-6)


@pytest.mark.parametrize(
    ("counts", "hot"),
    [
        ({**ONES, "X": 5}, []),  # P(5 or more of 1.5) = 1.9 %
        ({**ONES, "X": 6}, ["X"]),
        ({str(number): 1 for number in range(200)} | {"X": 2}, []),
        ({str(number): 1 for number in range(200)} | {"X": 4}, []),  # P(4 or more of 1.015) = 2 %
        ({str(number): 1 for number in range(200)} | {"X": 5, "Y": 9}, ["Y", "X"]),
        ({"X": 9}, []),
        ({"X": 9, "Y": 9}, []),
        ({"X": 5, "Y": 1}, []),  # five of six in one of two batches is no rarity
        ({}, []),
    ],
)
def test_three_rows_and_a_chance_below_one_percent(counts: dict[str, int], hot: list[str]) -> None:
    assert [spot.batch for spot in hot_spots(make_rows(*batches(counts)), OCTOBER, NOW)] == hot


def test_two_rows_are_never_a_hot_spot_and_another_model_is_no_comparison() -> None:
    rows = make_rows(*batches({**ONES, "X": 6}), *batches({"X": 6, "Z": 6}, "M2"))
    assert [(spot.model, spot.batch) for spot in hot_spots(rows, OCTOBER, NOW)] == [("M1", "X")]


def test_rules_that_hit_and_rules_that_were_overruled() -> None:
    rows = make_rows(
        case("a", matched="1", suggested="urgent", chosen="urgent"),
        case("b", matched="1", suggested="urgent", chosen="major"),
        case("c", matched="1", suggested="urgent", chosen="minor"),
        case("d", matched="1", suggested="urgent", chosen="major"),
        case("e", matched="2", suggested="minor", chosen=None),  # a hit, not decided
        case("f", chosen="major"),  # no rule matched
        case("g", matched="old", suggested="minor", chosen="minor"),
        case("h", "09-01T09:00", matched="3", suggested="minor", chosen="minor"),  # another month
        case("i", merged=True, matched="3", suggested="minor", chosen="minor"),
        rules=("1", "2", "3"),
    )
    not_hit = Figure.missing(Reason.NOT_HIT)
    assert rule_quality(rows, "T", OCTOBER, NOW) == (
        RuleQuality("1", count("abcd"), rate("bcd", "a"), (("major", 2), ("minor", 1))),
        RuleQuality("2", count("e"), not_hit, ()),
        RuleQuality("3", count(""), not_hit, ()),
        RuleQuality("old", count("g"), rate("", "g"), ()),
    )
