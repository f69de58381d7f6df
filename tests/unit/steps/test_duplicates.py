"""Feedback recorded twice: certain, perhaps, or only the same fault again. Findings; nothing is merged by itself."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from registers import NOW, WHOLE, memory_of, register_of

from qtemplate.plan import Severity
from qtemplate.rules.likeness.similar_texts import Texts, normalised, similarity
from qtemplate.rules.rulebook import RuleBook
from qtemplate.rules.situation import Situation
from qtemplate.rules.steps.duplicates import duplicates
from qtemplate.texts import say_finding

TEXT = WHOLE["description"]
EDITED = "每天早上煮饭的时候屏幕完全不亮，按键没有反应，已经换过了插座。"
OTHER = "内胆的涂层起泡脱落，洗的时候掉黑色碎屑，不敢再用来煮饭给孩子吃。"


def told(*rows: dict[str, Any], now: dt.datetime = NOW) -> list[tuple[str, str | None, str]]:
    """(code, id, the other id) in order; each row an hour after the one before."""
    start = NOW - dt.timedelta(days=2)
    times = ({**WHOLE, "received_at": start + dt.timedelta(hours=at), **row} for at, row in enumerate(rows))
    plan = duplicates(Situation(register_of(*times), RuleBook(), memory_of(), now))
    assert (plan.edits, plan.messages, plan.facts) == ((), (), ())
    return [(item.code, item.id, str(dict(item.facts).get("other", ""))) for item in plan.findings]


def test_p36_the_same_words_of_the_same_reporter_are_certain_and_told_at_the_later_row() -> None:
    assert told({}, {}) == [("QT350", "QF-2026-0002", "QF-2026-0001")]


@pytest.mark.parametrize(
    "change",
    [
        {"description": TEXT.replace("，", ", ").replace("。", " ！")},
        {"title": "煮饭时屏幕不亮。", "reporter": " 张 伟"},
        {"description": TEXT + "\n"},
    ],
)
def test_p36_width_blanks_and_punctuation_make_no_difference(change: dict[str, Any]) -> None:
    assert told({}, change) == [("QT350", "QF-2026-0002", "QF-2026-0001")]


def test_p36_the_same_device_told_by_somebody_else_is_certain_another_device_is_another_case() -> None:
    one, two = {"serial": "S100", "description": TEXT + "S100"}, {"serial": "S200", "description": TEXT + "S200"}
    assert told(one, {**one, "reporter": "李娜"}) == [("QT350", "QF-2026-0002", "QF-2026-0001")]
    assert told(one, two) == []


def test_p36_similar_words_are_perhaps_a_duplicate_with_score_and_reason() -> None:
    start = NOW - dt.timedelta(days=2)
    rows = ({**WHOLE, "received_at": start}, {**WHOLE, "received_at": NOW, "description": EDITED, "reporter": "李娜"})
    plan = duplicates(Situation(register_of(*rows), RuleBook(), memory_of(), NOW))
    (item,) = plan.findings
    assert (item.code, item.severity, item.id, item.field) == (
        "QT351", Severity.INFO, "QF-2026-0002", "description",
    )  # fmt: skip
    score = similarity(*normalised([f"{WHOLE['title']} {TEXT}", f"{WHOLE['title']} {EDITED}"]))
    assert dict(item.facts)["score"] == f"{score:.0%}"
    assert 0.6 <= score < 1
    words = say_finding(item, "zh").message
    assert all(part in words for part in ("QF-2026-0001", "反馈者不同", "屏幕完全不亮", "不会自动合并"))


@pytest.mark.parametrize(
    ("apart", "severity"), [(dt.timedelta(minutes=20), Severity.WARNING), (dt.timedelta(days=1), Severity.INFO)]
)
def test_a7_similar_words_of_one_person_within_a_day_are_a_warning(apart: dt.timedelta, severity: Severity) -> None:
    rows = ({**WHOLE, "received_at": NOW - apart}, {**WHOLE, "received_at": NOW, "description": EDITED})
    plan = duplicates(Situation(register_of(*rows), RuleBook(), memory_of(), NOW))
    assert [(item.code, item.severity) for item in plan.findings] == [("QT351", severity)]


def test_p37_the_same_fault_of_another_reporter_is_a_recurrence_and_no_duplicate() -> None:
    known = {"fault": "不通电"}
    assert told(known, {**known, "reporter": "李娜", "description": EDITED}) == []
    assert told(known, {**known, "description": EDITED}) == [("QT351", "QF-2026-0002", "QF-2026-0001")]


@pytest.mark.parametrize(
    "change",
    [
        {"description": OTHER, "title": "内胆涂层脱落"},
        {"product": "家居助手", "model": "APP"},
        {"model": "RC-500", "description": EDITED},
        {"master": "QF-2026-0001"},
        {"closed_at": NOW},
        {"received_at": NOW - dt.timedelta(days=400), "closed_at": NOW - dt.timedelta(days=390)},
    ],
)
def test_p36_other_words_products_and_models_and_settled_rows_are_not_told(change: dict[str, Any]) -> None:
    assert told({}, change) == []


@pytest.mark.parametrize("years", [0, 1, 26])
def test_two_that_are_open_are_told_however_old_they_are(years: int) -> None:
    later = NOW + dt.timedelta(days=365 * years)
    assert told({}, {}, now=later) == [("QT350", "QF-2026-0002", "QF-2026-0001")]
    assert told({}, {"description": EDITED}, now=later) == [("QT351", "QF-2026-0002", "QF-2026-0001")]
    assert told({}, {"closed_at": NOW}, now=later) == []


@pytest.mark.parametrize(("days", "expected"), [(100, 1), (179, 1), (181, 0)])
def test_what_is_closed_is_compared_with_for_half_a_year(days: int, expected: int) -> None:
    old = {"received_at": NOW - dt.timedelta(days=days), "closed_at": NOW - dt.timedelta(days=90)}
    assert told(old, {}) == [("QT350", "QF-2026-0002", "QF-2026-0001")] * expected


def test_of_very_many_open_ones_the_newest_are_compared_and_equal_ones_found_among_all() -> None:
    words = ["".join(chr(0x4E00 + (at * 37 + place * place * 11) % 4000) for place in range(30)) for at in range(503)]
    found = told({"description": words[0], "title": "甲"}, *({"description": each, "title": "甲"} for each in words))
    assert found == [("QT350", "QF-2026-0002", "QF-2026-0001"), ("QT352", None, "")]


def test_of_three_the_first_is_named() -> None:
    assert told({}, {}, {}) == [
        ("QT350", "QF-2026-0002", "QF-2026-0001"),
        ("QT350", "QF-2026-0003", "QF-2026-0001"),
    ]


@pytest.mark.parametrize(
    ("masters", "expected"),
    [
        ({"1": "QF-2026-0001"}, ["QF-2026-0001"]),
        ({"1": "QF-2026-0009"}, ["QF-2026-0001"]),
        ({"1": "QF-2026-0002", "2": "QF-2026-0001"}, ["QF-2026-0001", "QF-2026-0002"]),
        ({"1": "QF-2026-0002", "2": "QF-2026-0003"}, []),
        ({"1": "QF-2026-0002", "2": "QF-2026-0003", "3": "QF-2026-0002"}, ["QF-2026-0002", "QF-2026-0003"]),
    ],
)
def test_p36_a_master_that_leads_nowhere_is_told(masters: dict[str, str], expected: list[str]) -> None:
    rows = [{"master": masters.get(str(at)), "description": f"{OTHER}{at * 'x'}"} for at in (1, 2, 3)]
    assert [id for code, id, _ in told(*rows) if code == "QT353"] == expected


SHORT = st.text("甲乙丙ab1", max_size=8)


@given(st.lists(SHORT, min_size=1, max_size=6), st.lists(SHORT, min_size=1, max_size=3), st.data())
def test_the_most_similar_of_many_is_what_comparing_each_finds(texts: list[str], asked: list[str], data: Any) -> None:
    row = st.lists(st.booleans(), min_size=len(texts), max_size=len(texts))
    among = np.array([data.draw(row) for _ in asked], dtype=bool)
    assert Texts(texts).most_similar(asked, 0.6, among=lambda *pairs: among[pairs]) == [
        most_similar(text, [(at, other) for at, other in enumerate(texts) if counts[at]])
        for text, counts in zip(asked, among, strict=True)
    ]


def most_similar(text: str, others: list[tuple[int, str]]) -> tuple[int, float] | None:
    score, place = max(((similarity(text, other), -at) for at, other in others), default=(0.0, 0))
    return (-place, score) if score >= 0.6 and len(text) > 1 else None


@pytest.mark.parametrize(
    ("one", "other", "score"),
    [
        ("abcd", "abcd", 1.0),
        ("abcd", "abcx", 2 / 3),
        ("ab", "cd", 0.0),
        ("aaa", "aa", 2 / 3),
        ("", "", 1.0),
        ("a", "b", 0.0),
    ],
)
def test_similarity_counts_shared_pairs(one: str, other: str, score: float) -> None:
    assert similarity(one, other) == pytest.approx(score)
