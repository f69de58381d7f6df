"""Holidays from chinesecalendar, against the days that the standard workbook ships."""

from __future__ import annotations

import datetime as dt
import sys

import pytest

from qtemplate.errors import ConfigError, NotFound
from qtemplate.sheets.standard.holidays import Holidays, holidays_of, named_holidays, shipped_holidays


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


def test_only_a_chinese_workbook_starts_with_the_holidays_of_china() -> None:
    assert shipped_holidays("zh").days
    assert shipped_holidays("en") == Holidays((), ((2026, False), (2027, False)))


def test_plain_weeks_that_are_meant_count_as_confirmed() -> None:
    assert named_holidays("None", 2030) == Holidays((), ((2030, True), (2031, True)))


def test_china_has_what_is_shipped_and_names_the_year_that_is_not_announced() -> None:
    china = named_holidays("cn", 2026)
    assert china.days == shipped_holidays("zh").days
    assert china.years == ((2025, True), (2026, True), (2027, False))


def test_a_country_and_a_part_of_it_have_their_holidays_of_two_years() -> None:
    england, scotland = named_holidays("GB-eng", 2026), named_holidays("gb-sct", 2026)
    assert england.years == ((2026, True), (2027, True))
    may = [day for day in england.days if (day[0].year, day[0].month) == (2026, 5)]
    assert may == [
        (dt.date(2026, 5, 4), "off", ("May Day", "May Day")),
        (dt.date(2026, 5, 25), "off", ("Spring Bank Holiday", "Spring Bank Holiday")),
    ]
    assert dt.date(2026, 11, 30) in {day for day, *_ in scotland.days}


@pytest.mark.parametrize("name", ["atlantis", "de-xx"])
def test_a_country_that_nobody_knows_is_named(name: str) -> None:
    with pytest.raises(NotFound, match=rf"^No holidays are known of {name}; write a country's code"):
        named_holidays(name, 2026)


def test_without_the_package_of_countries_the_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "holidays", None)
    with pytest.raises(ConfigError, match=r"holidays of de .* pip install 'qtemplate\[holidays\]'"):
        named_holidays("de", 2026)
