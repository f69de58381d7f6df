"""Whose holidays a new calendar sheet starts with: mainland China's, a country's, or none.

China's days of 2025 and 2026 are shipped; those of later years come from `chinesecalendar`, which carries the yearly
notices of the General Office of the State Council and knows no year that is not announced yet. Other countries' come from
`holidays`. Both packages are optional (extra `holidays`); nothing is guessed for a year that they do not know.
"""

from __future__ import annotations

import datetime as dt

from msgspec import Struct

from ...errors import ConfigError, NotFound
from ...texts import make_error
from .default_limits import YEARS, special_days

CHINA, NONE = "cn", "none"


class Holidays(Struct, frozen=True):
    """What the calendar sheet holds beside the week.

    Args:
        days: Date, `off` or `on`, name in zh and en; in order of date.
        years: Year, and whether its days are announced and entered.
    """

    days: tuple[tuple[dt.date, str, tuple[str, str]], ...]
    years: tuple[tuple[int, bool], ...]


def shipped_holidays(language: str) -> Holidays:
    """What a workbook has for which nobody named a calendar: in Chinese China's, in English nobody's yet."""
    if language == "zh":
        return Holidays(tuple(special_days()), YEARS)
    return Holidays((), tuple((year, False) for year, _ in YEARS[1:]))


def named_holidays(name: str, year: int) -> Holidays:
    """The holidays of that year and the next.

    Args:
        name: `"cn"`, `"none"` (plain weeks, and that is meant), or a country such as `"de"`, with a part of it `"gb-eng"`.
        year: Gregorian.

    Raises:
        NotFound: No such country or part of it is known.
        ConfigError: The package that knows it is not installed.
    """
    wanted, years = name.lower(), (year, year + 1)
    if wanted == NONE:
        return Holidays((), tuple((each, True) for each in years))
    return _of_china(years) if wanted == CHINA else _of_country(wanted, years)


def _of_china(years: tuple[int, ...]) -> Holidays:
    shipped, sure = [*special_days()], dict(YEARS)
    for each in years:
        if not sure.get(each):
            try:
                days = holidays_of(each)
            except ConfigError:
                days = []
            shipped += [(day, "on" if worked else "off", (name, name)) for day, worked, name in days]
            sure[each] = bool(days)
    return Holidays(tuple(sorted(shipped)), tuple(sorted(sure.items())))


def _of_country(name: str, years: tuple[int, ...]) -> Holidays:
    try:
        import holidays
    except ImportError as error:
        raise make_error(ConfigError, "holidays.no_countries", name=name) from error
    country, _, part = name.upper().partition("-")
    parts = holidays.list_supported_countries().get(country)
    known = {each.upper(): each for each in parts or ()}
    if parts is None or (part and part not in known):
        raise make_error(NotFound, "holidays.unknown", name=name)
    found = holidays.country_holidays(country, subdiv=known.get(part), years=years)
    days = [(day, "off", (str(text), str(text))) for day, text in sorted(found.items()) if day.year in years]
    return Holidays(tuple(days), tuple((each, any(day.year == each for day, *_ in days)) for each in years))


def holidays_of(year: int) -> list[tuple[dt.date, bool, str]]:
    """The days of `year` in mainland China on which the plain week does not hold, or that belong to a holiday.

    Args:
        year: Gregorian year.

    Returns:
        (date, worked, name) in order of date: worked is True for a make-up day (班), False for a day off (休, weekends
        inside the holiday included); name is the holiday's, in Chinese.

    Raises:
        ConfigError: The package is not installed, or does not know the year.
    """
    try:
        from chinese_calendar.constants import Holiday, holidays, workdays
    except ImportError as error:
        raise make_error(ConfigError, "holidays.no_package") from error
    names = {holiday.value: str(holiday.chinese) for holiday in Holiday}
    known = {day.year for day in holidays}
    if year not in known:
        raise make_error(ConfigError, "holidays.no_year", first=min(known), last=max(known), year=year)
    off = [(day, False, names.get(name, str(name))) for day, name in holidays.items() if day.year == year]
    on = [(day, True, names.get(name, str(name))) for day, name in workdays.items() if day.year == year]
    return sorted(off + on)
