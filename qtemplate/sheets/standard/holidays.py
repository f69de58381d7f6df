"""The announced holidays and make-up days of mainland China, for seeding the calendar sheet.

They come from the optional package `chinesecalendar` (extra `holidays`), which carries the yearly notices of the
General Office of the State Council and knows no year that is not announced yet; nothing is guessed for such a year.
"""

from __future__ import annotations

import datetime as dt

from ...errors import ConfigError
from ...texts import make_error


def holidays_of(year: int) -> list[tuple[dt.date, bool, str]]:
    """The days of `year` on which the plain week does not hold, or that belong to a holiday.

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
