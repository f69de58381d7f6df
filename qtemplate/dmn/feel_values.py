"""The values of FEEL: numbers, strings, booleans, dates, times and the two kinds of duration, as Python values.

Pure. Knows how a literal is spelled, what kind a value is, and on which axis values of one kind are compared. Knows
nothing of tests, tables or sheets.

Source: OMG DMN 1.3, 10.3.2.3 (semantic domain) and 10.3.4.1 (conversion functions: spelling of temporal literals).
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import pandas as pd
from msgspec import Struct

WHITE_SPACE = "\t\n\v\f\r \x85\xa0\u1680\u180e\u2028\u2029\u202f\u205f\u3000\ufeff" + "".join(
    map(chr, range(0x2000, 0x200C))
)
"""What may stand between signs (grammar rule 61). Python does not count the zero-width characters, which people paste
from web pages without seeing them."""


class Kind(StrEnum):
    """What a value is; null has no kind. Values of one kind can be compared, of two kinds only as `comparable` says."""

    NUMBER = "number"
    TEXT = "string"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "date and time"
    INSTANT = "date and time with time zone"
    TIME = "time"
    ZONED_TIME = "time with time zone"
    DAYS = "days and time duration"
    MONTHS = "years and months duration"
    OTHER = "other"


class MonthsDuration(Struct, frozen=True, order=True):
    """A years and months duration; Python and Excel have no type of their own for it.

    Args:
        months: Whole months, negative for a negative duration.
    """

    months: int

    def __add__(self, other: MonthsDuration) -> MonthsDuration:
        return MonthsDuration(self.months + other.months)


class UnreadableValue(ValueError):
    """A literal's text does not spell a value of its kind; `str()` is the text."""


_DAYS_DURATION = re.compile(r"(-)?P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d*)?)S)?)?")
_MONTHS_DURATION = re.compile(r"(-)?P(?:(\d+)Y)?(?:(\d+)M)?")
_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_TIME = re.compile(r"(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?(Z|z|[+-]\d{2}:\d{2}(?::\d{2})?|@[\w/+-]+)?")
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{6})|(.))", re.DOTALL)
_SIMPLE_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "\\": "\\"}
_DAYS_AND_LESS = ("days", "hours", "minutes", "seconds", "microseconds")
_EPOCH = dt.datetime(1970, 1, 1)
_MICROSECOND = dt.timedelta(microseconds=1)
_STANDARD_DAY = dt.datetime(1970, 1, 1)


def read_duration(text: str) -> dt.timedelta | MonthsDuration:
    """The duration an ISO 8601 text spells, such as `P1Y2M` or `P3DT4H`.

    Raises:
        UnreadableValue: The text spells no duration, or mixes months with days, which FEEL does not have.
    """
    if (m := _MONTHS_DURATION.fullmatch(text)) and (m[2] or m[3]):
        months = int(m[2] or 0) * 12 + int(m[3] or 0)
        return MonthsDuration(-months if m[1] else months)
    m = _DAYS_DURATION.fullmatch(text)
    if m is None or not (m[2] or m[3] or m[4] or m[5]):
        raise UnreadableValue(text)
    try:
        days = dt.timedelta(days=int(m[2] or 0), hours=int(m[3] or 0), minutes=int(m[4] or 0), seconds=float(m[5] or 0))
    except OverflowError as error:
        raise UnreadableValue(text) from error
    return -days if m[1] else days


def read_date(text: str) -> dt.date:
    """The date `YYYY-MM-DD` spells; years 0001 to 9999. Raises UnreadableValue."""
    m = _DATE.fullmatch(text)
    if m is None:
        raise UnreadableValue(text)
    try:
        return dt.date(int(m[1]), int(m[2]), int(m[3]))
    except ValueError as error:
        raise UnreadableValue(text) from error


def _zone(text: str) -> dt.tzinfo | None:
    if not text:
        return None
    if text in "Zz":
        return dt.UTC
    if text[0] == "@":
        try:
            return ZoneInfo(text[1:])
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise UnreadableValue(text) from error
    hours, minutes, *seconds = (int(part) for part in text[1:].split(":"))
    offset = dt.timedelta(hours=hours, minutes=minutes, seconds=seconds[0] if seconds else 0)
    if offset > dt.timedelta(hours=18):
        raise UnreadableValue(text)
    return dt.timezone(-offset if text[0] == "-" else offset)


def _clock(text: str) -> tuple[dt.time, dt.tzinfo | None]:
    m = _TIME.fullmatch(text)
    if m is None:
        raise UnreadableValue(text)
    try:
        clock = dt.time(int(m[1]), int(m[2]), int(m[3] or 0), int((m[4] or "").ljust(6, "0")[:6]))
    except ValueError as error:
        raise UnreadableValue(text) from error
    return clock, _zone(m[5] or "")


def read_time(text: str) -> dt.time:
    """The time of day `HH:MM:SS` spells, with `Z`, an offset or `@Area/City` behind it if it has a zone.

    A named zone counts with its standard offset, as a time alone has no date to tell summer from winter.

    Raises:
        UnreadableValue: The text spells no time of day, or its zone is unknown.
    """
    clock, zone = _clock(text)
    return _with_offset(clock.replace(tzinfo=zone))


def _with_offset(clock: dt.time) -> dt.time:
    """A time whose zone is only a name, and so has no offset without a date, with its zone's standard offset."""
    if clock.tzinfo is None or clock.utcoffset() is not None:
        return clock
    moment = _STANDARD_DAY.replace(tzinfo=clock.tzinfo)
    return clock.replace(tzinfo=dt.timezone((moment.utcoffset() or dt.timedelta()) - (moment.dst() or dt.timedelta())))


def read_datetime(text: str) -> dt.datetime:
    """The date and time `YYYY-MM-DDTHH:MM:SS` spells, zone as in `read_time`; a date alone is its midnight.

    Raises:
        UnreadableValue: The text spells no date and time.
    """
    day, separator, clock_text = text.partition("T")
    if not separator:
        return dt.datetime.combine(read_date(day), dt.time())
    clock, zone = _clock(clock_text)
    return dt.datetime.combine(read_date(day), clock, zone)


def read_at_literal(text: str) -> Any:
    """What `@"…"` spells, told by its shape: a duration, a date and time, a time or a date (grammar rule 66)."""
    if text.lstrip("-").startswith("P"):
        return read_duration(text)
    if "T" in text[:11]:
        return read_datetime(text)
    return read_time(text) if ":" in text else read_date(text)


def _unescape(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    if code:
        return chr(int(code, 16)) if int(code, 16) <= 0x10FFFF else match[0]
    return _SIMPLE_ESCAPES.get(match[3], match[0])


def read_text(text: str) -> str:
    """The text between the quotes of a string literal, escapes resolved."""
    plain = _ESCAPE.sub(_unescape, text[1:-1])
    # Two \u escapes may spell one character as a surrogate pair; a lone surrogate is kept as it is.
    return plain.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


READERS = {
    "date": read_date,
    "time": read_time,
    "date and time": read_datetime,
    "duration": read_duration,
    "@": read_at_literal,
}


def is_null(value: Any) -> bool:
    """Whether a cell of a frame is empty: None, NaN, NaT or NA."""
    return value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and value != value)


def canonical(value: Any) -> Any:
    """A value of a frame or a sheet as the plain Python value it stands for, such as an int for a numpy scalar."""
    if isinstance(value, np.timedelta64) and np.datetime_data(value.dtype)[0] in ("Y", "M"):
        return MonthsDuration(int(value.astype("timedelta64[M]").astype(int)))
    if isinstance(value, np.datetime64):
        return pd.Timestamp(value)
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, dt.time):
        return _with_offset(value)
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    months = getattr(value, "months", None)
    if isinstance(months, int) and not isinstance(value, MonthsDuration):  # dateutil.relativedelta, pandas.DateOffset
        if any(getattr(value, part, 0) for part in _DAYS_AND_LESS):
            return value  # FEEL has no duration of months and days
        return MonthsDuration(int(getattr(value, "years", 0)) * 12 + months)
    return value


def kind_of(value: Any) -> Kind | None:
    """The kind of a canonical value; None for null. A bool is no number, a datetime no date."""
    if is_null(value):
        return None
    if isinstance(value, bool):
        return Kind.BOOLEAN
    if isinstance(value, (int, float)):
        return Kind.NUMBER
    if isinstance(value, str):
        return Kind.TEXT
    if isinstance(value, dt.datetime):
        return Kind.DATETIME if value.utcoffset() is None else Kind.INSTANT
    if isinstance(value, dt.date):
        return Kind.DATE
    if isinstance(value, dt.time):
        return Kind.TIME if value.utcoffset() is None else Kind.ZONED_TIME
    if isinstance(value, dt.timedelta):
        return Kind.DAYS
    return Kind.MONTHS if isinstance(value, MonthsDuration) else Kind.OTHER


def axis_value(kind: Kind, value: Any) -> Any:
    """Where a canonical value lies on the axis its kind is compared on.

    Returns:
        The value itself for numbers, strings and booleans; microseconds as an int for everything temporal (since
        1970-01-01 for dates, of UTC for instants, since midnight for times); months for a months duration.
    """
    if kind in (Kind.NUMBER, Kind.TEXT, Kind.BOOLEAN, Kind.OTHER):
        return value
    if kind is Kind.MONTHS:
        return value.months
    if kind is Kind.DAYS:
        return value // _MICROSECOND
    if kind in (Kind.TIME, Kind.ZONED_TIME):
        since_midnight = dt.timedelta(
            hours=value.hour, minutes=value.minute, seconds=value.second, microseconds=value.microsecond
        )
        return (since_midnight - (value.utcoffset() or dt.timedelta())) // _MICROSECOND
    if kind is Kind.DATE:
        return (value - _EPOCH.date()) // _MICROSECOND
    return (value.replace(tzinfo=None) - (value.utcoffset() or dt.timedelta()) - _EPOCH) // _MICROSECOND


_SAME_AXIS = frozenset({frozenset({Kind.DATE, Kind.DATETIME}), frozenset({Kind.DATE, Kind.INSTANT})})
_ZONE_DIFFERS = frozenset({frozenset({Kind.DATETIME, Kind.INSTANT}), frozenset({Kind.TIME, Kind.ZONED_TIME})})


def comparable(one: Kind, other: Kind) -> bool:
    """Whether two kinds lie on one axis: equal kinds, and a date with a date and time, where it counts as midnight.

    Source: DMN 1.4, 10.3.2.9.4 converts a date to a date and time at midnight. Here this also holds where DMN 1.3 says
    null, because in Excel a column of timestamps is compared with a date all the time.
    """
    return (one is other and one is not Kind.OTHER) or frozenset((one, other)) in _SAME_AXIS


def differ_in_zone(one: Kind, other: Kind) -> bool:
    """Whether one kind has a time zone and the other is its local twin: never equal, never ordered (DMN 10.3.2.3.4)."""
    return frozenset((one, other)) in _ZONE_DIFFERS


def spell(value: Any) -> str:
    """The strict S-FEEL literal of a canonical value; `null` for an empty one."""
    kind = kind_of(value)
    if kind is None:
        return "null"
    if kind is Kind.BOOLEAN:
        return "true" if value else "false"
    if kind is Kind.NUMBER:
        return _spell_number(value)
    if kind is Kind.TEXT:
        return _spell_text(value)
    if kind is Kind.DATE:
        return f'date("{value.isoformat()}")'
    if kind in (Kind.DATETIME, Kind.INSTANT):
        zone = value.tzinfo.key if isinstance(value.tzinfo, ZoneInfo) else ""
        local = value.replace(tzinfo=None).isoformat() if zone else value.isoformat()
        return f'date and time("{local}{"@" + zone if zone else ""}")'
    if kind in (Kind.TIME, Kind.ZONED_TIME):
        return f'time("{value.isoformat()}")'
    if kind is Kind.MONTHS:
        return f'duration("{_spell_months(value.months)}")'
    return f'duration("{_spell_days(value)}")' if kind is Kind.DAYS else str(value)


def _spell_number(value: float) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return format(Decimal(repr(value)), "f") if isinstance(value, float) else str(value)


_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def _spell_text(value: str) -> str:
    return '"' + "".join(_ESCAPES.get(character, character) for character in value) + '"'


def _spell_months(months: int) -> str:
    years, rest = divmod(abs(months), 12)
    body = (f"{years}Y" if years else "") + (f"{rest}M" if rest or not years else "")
    return f"{'-' if months < 0 else ''}P{body}"


def _spell_days(value: dt.timedelta) -> str:
    size = abs(value)
    hours, rest = divmod(size.seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    fraction = f".{size.microseconds:06d}".rstrip("0") if size.microseconds else ""
    clock = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
    clock += f"{seconds}{fraction}S" if seconds or fraction else ""
    body = (f"{size.days}D" if size.days else "") + (f"T{clock}" if clock else "")
    return f"{'-' if value < dt.timedelta() else ''}P{body or '0D'}"
