"""Holidays from chinesecalendar, against the days that the standard workbook ships."""

from __future__ import annotations

import datetime as dt
import sys

import pytest

from qtemplate.errors import ConfigError
from qtemplate.sheets.standard.holidays import holidays_of


def test_days_off_and_make_up_days_come_in_order_with_chinese_names() -> None:
    pytest.importorskip("chinese_calendar")
    october = [entry for entry in holidays_of(2026) if entry[0].month == 10]
    assert october == [
        *((dt.date(2026, 10, day), False, "国庆节") for day in range(1, 8)),
        (dt.date(2026, 10, 10), True, "国庆节"),
    ]


@pytest.mark.parametrize("year", [2025, 2026])
def test_the_shipped_calendar_has_the_same_days(year: int) -> None:
    pytest.importorskip("chinese_calendar")
    shipped = pytest.importorskip("qtemplate.sheets.standard.default_limits")
    days = {day: kind == "on" for day, kind, _ in shipped.special_days() if day.year == year}
    assert {day: worked for day, worked, _ in holidays_of(year)} == days


def test_a_year_that_is_not_announced_is_refused_not_guessed() -> None:
    pytest.importorskip("chinese_calendar")
    with pytest.raises(ConfigError, match=r"not of 2099; once 2099 is announced, run: pip install -U chinesecalendar"):
        holidays_of(2099)


def test_without_the_package_the_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("chinese_calendar", "chinese_calendar.constants"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(ConfigError, match=r"pip install 'qtemplate\[holidays\]'"):
        holidays_of(2026)
