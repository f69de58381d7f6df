"""Suggestions for mistyped words."""

from __future__ import annotations

import pytest

from qtemplate.dmn.nearest import distance, nearest


@pytest.mark.parametrize(
    ("one", "other", "steps"),
    [("", "", 0), ("", "ab", 2), ("abc", "abc", 0), ("abc", "acb", 1), ("abc", "ab", 1), ("kitten", "sitting", 3)],
)
def test_the_distance_counts_insertions_deletions_replacements_and_swaps(one: str, other: str, steps: int) -> None:
    assert distance(one, other) == steps
    assert distance(other, one) == steps


@pytest.mark.parametrize(
    ("word", "found"),
    [("紧记", "紧急"), ("URGNET", "urgent"), ("ｕｒｇｅｎｔ", "urgent"), ("zzzzzz", ""), ("x", ""), ("", "")],
)
def test_the_nearest_word_is_near_or_none(word: str, found: str) -> None:
    assert nearest(word, ["紧急", "重要", "urgent", "minor"]) == found


def test_ties_go_to_the_earlier_word() -> None:
    assert nearest("ab", ["ax", "ay"]) == "ax"
