"""How much time is left, or how late it is, in words that are true."""

from __future__ import annotations

import pytest

from qtemplate.rules.clocks.spans import say_span

HOUR = 3_600.0
WORKING_DAY = 8 * HOUR

WORKING = [
    (59 * WORKING_DAY, "剩 59 个工作日", "59 working days left"),
    (1.5 * WORKING_DAY, "剩 1 个工作日", "1 working day left"),
    (7.9 * HOUR, "剩 7 个工作小时", "7 working hours left"),
    (20 * 60.0, "剩不到 1 个工作小时", "less than 1 working hour left"),
    (30.0, "已到期", "due now"),
    (0.0, "已到期", "due now"),
    (-20 * 60.0, "超不到 1 个工作小时", "less than 1 working hour late"),
    (-1.2 * HOUR, "超 1 个工作小时", "1 working hour late"),
    (-2.5 * WORKING_DAY, "超 2 个工作日", "2 working days late"),
]
NATURAL = [
    (50 * 60.0, "剩 50 分钟", "50 minutes left"),
    (61.0, "剩 1 分钟", "1 minute left"),
    (23 * HOUR, "剩 23 小时", "23 hours left"),
    (-72 * HOUR, "超 3 天", "3 days late"),
    (-HOUR, "超 1 小时", "1 hour late"),
]


@pytest.mark.parametrize(("left", "zh", "en"), WORKING)
def test_a_clock_of_working_time_counts_working_time(left: float, zh: str, en: str) -> None:
    said = [say_span(left, WORKING_DAY, natural=False, language=language) for language in ("zh", "en")]
    assert said == [zh, en]


@pytest.mark.parametrize(("left", "zh", "en"), NATURAL)
def test_a_clock_that_runs_day_and_night_counts_hours_and_days(left: float, zh: str, en: str) -> None:
    assert [say_span(left, 24 * HOUR, natural=True, language=language) for language in ("zh", "en")] == [zh, en]
