"""One cell's content -> one frame value, per kind of field; what is off becomes a note, never a guess.

Pure functions of a value. Knows kinds and spellings; knows nothing of sheets or addresses.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from ...choices import Choice
from ...fields import Kind
from ...ooxml.reading.number_formats import digits_of, displayed_number, general_number, is_date_format, serial_to_date
from ...texts.wanted import Wanted
from ..headers import fold, nearest
from .text_dates import date_in_text

STRAY = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200d\u2060\ufeff\ufffe\uffff]")
SEPARATORS = re.compile(r"[,，、;；\s]+")
STOP_WORDS = frozenset(map(fold, ("停止", "stop", "不再提醒")))
LARGEST_EXACT = 10**15  # Excel keeps 15 digits


class Read(NamedTuple):
    """What became of a cell.

    Attributes:
        value: The frame value, None when empty or unusable.
        code, facts: Of the finding, "" = none.
        wrong: The content cannot be used.
        raw: The value differs from the content by more than a known label.
    """

    value: Any
    code: str = ""
    facts: tuple[tuple[str, Any], ...] = ()
    wrong: bool = False
    raw: bool = False


Format = int | str | None
Convert = Callable[[Any, Format], Read]
Clean = Callable[[str], bool]
NOTHING = Read(None)


def wrong(code: str, **facts: Any) -> Read:
    return Read(None, code, tuple(facts.items()), wrong=True)


def used(code: str, value: Any, **facts: Any) -> Read:
    """The value is understood although it is written differently; the finding proposes the standard form."""
    return Read(value, code, (("used", value), *facts.items()), raw=True)


def tidy(text: str) -> str:
    """Without stray control characters, and without blanks (any width) at both ends; line ends are `\\n`."""
    if text.isprintable():  # every blank but the space, and every control character, is not
        return text.strip(" ")
    return STRAY.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def is_tidy(text: str) -> bool:
    """Whether a non-empty text stays as it is; true of nearly all."""
    return text.isprintable() and text[0] != " " and text[-1] != " "


def is_plain(text: str) -> bool:
    """Whether a non-empty identifier stays as it is."""
    return text.isascii() and is_tidy(text)


def is_plain_mail(text: str) -> bool:
    """Whether a non-empty address stays as it is."""
    return is_plain(text) and ":" not in text and text == text.lower()


CLEAN: dict[Kind, Clean] = {
    Kind.TEXT: is_tidy,
    Kind.PERSON: is_tidy,
    Kind.LONG: is_tidy,
    Kind.CODE: is_plain,
    Kind.EMAIL: is_plain_mail,
}
"""Which texts need no look; the other kinds look at each."""


def shown(value: Any) -> str:
    """What the cell shows, near enough for a message."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return digits_of(value)
    if isinstance(value, dt.datetime):
        return value.isoformat(" ", "minutes")
    return str(value)


def read_text(value: Any, _: Format = None) -> Read:
    """TEXT, PERSON: trimmed; a number or date is its text."""
    if not isinstance(value, str):
        return Read(shown(value), raw=True)
    text = tidy(value)
    return Read(text or None) if text == value or not text else used("QT101", text)


def read_long(value: Any, _: Format = None) -> Read:
    """LONG: trimmed without a word; a line break at the end of a paragraph is nobody's mistake."""
    text = tidy(value) if isinstance(value, str) else shown(value)
    return Read(text or None, raw=bool(text) and text != value)


def read_code(value: Any, form: Format = None) -> Read:
    """CODE: text whose zeros and letters matter; a number is taken as it is displayed."""
    if isinstance(value, str):
        text = unicodedata.normalize("NFKC", tidy(value)) if not value.isascii() else tidy(value)
        return Read(text or None) if text == value or not text else used("QT101", text)
    if isinstance(value, bool):
        return Read(shown(value), raw=True)
    if isinstance(value, (int, float)):
        if abs(value) >= LARGEST_EXACT:
            return wrong("QT109", wanted=Wanted.DIGITS)
        text = displayed_number(float(value), form)
        return used("QT102", text, shown=text if text != digits_of(float(value)) else general_number(float(value)))
    return wrong("QT109", wanted=Wanted.TEXT)


def read_email(value: Any, _: Format = None) -> Read:
    """EMAIL: trimmed, full-width characters made plain, domain in lower case."""
    if not isinstance(value, str):
        return wrong("QT109", wanted=Wanted.TEXT)
    text = unicodedata.normalize("NFKC", tidy(value))
    text = text.removeprefix("mailto:")
    name, at, domain = text.rpartition("@")
    lowered = name + at + domain.lower()
    return Read(lowered or None) if lowered == value or not lowered else used("QT101", lowered)


def read_ids(value: Any, form: Format = None) -> Read:
    """IDS: joined by `、` whatever separates them in the cell."""
    if not isinstance(value, str):
        return read_code(value, form)
    parts = [part for part in SEPARATORS.split(unicodedata.normalize("NFKC", tidy(value))) if part]
    joined = "、".join(parts)
    return Read(joined or None, raw=bool(joined) and joined != value)


def read_whole(value: Any, _: Format = None) -> Read:
    """INT, SCALE: whole, not negative; whether it is in range is for the rules."""
    if isinstance(value, str):
        text = unicodedata.normalize("NFKC", tidy(value))
        if not text:
            return NOTHING
        if re.fullmatch(r"\d{1,15}(\.0+)?", text):
            return used("QT108", int(float(text)))
        return wrong("QT109", wanted=Wanted.WHOLE)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        number = float(value)
        if number.is_integer() and 0 <= number < LARGEST_EXACT:
            return Read(int(number))
    return wrong("QT109", wanted=Wanted.WHOLE)


def date_reader(kind: Kind, date1904: bool) -> Convert:
    """The reader of DATE, DATETIME and SNOOZE cells; datetimes come back rounded to the second."""
    wanted = Wanted.DATE_OR_STOP if kind is Kind.SNOOZE else Wanted.DATE

    def finish(moment: dt.datetime) -> Any:
        if kind is Kind.DATETIME:
            return moment
        midnight = dt.datetime.combine(moment.date(), dt.time())
        return midnight.date() if kind is Kind.SNOOZE else midnight

    def read_date(value: Any, form: Format = None) -> Read:
        if isinstance(value, dt.datetime):
            return Read(finish(round_second(value)))
        if isinstance(value, dt.date):
            return Read(finish(dt.datetime.combine(value, dt.time())))
        if isinstance(value, str):
            text = tidy(value)
            if not text:
                return NOTHING
            if kind is Kind.SNOOZE and fold(text) in STOP_WORDS:
                return Read("stop")
            moment = date_in_text(text)
            return wrong("QT103", wanted=wanted) if moment is None else used("QT104", finish(moment))
        if isinstance(value, float) and (moment := serial_to_date(value, date1904)) is not None:
            if is_date_format(form):
                return Read(finish(moment))
            return wrong("QT105", would=moment)
        return wrong("QT109", wanted=wanted)

    return read_date


def round_second(moment: dt.datetime) -> dt.datetime:
    """To the nearest second: a serial of 14:30 may come as 14:29:59.999995."""
    return (moment + dt.timedelta(microseconds=500_000)).replace(microsecond=0)


def choice_reader(choices: type[Choice], extra: Mapping[str, str], language: str) -> Convert:
    """The reader of an enumeration: zh label, en label, code, and the labels of the team's dictionary.

    Args:
        choices: The product's members.
        extra: Label -> code of the dictionary's list.
        language: Labels offered in findings.
    """
    exact = {label: str(member) for member in choices for label in (member.zh, member.en, str(member))} | dict(extra)
    folded = {fold(label): code for label, code in exact.items()}
    labels = {str(member): member.label(language) for member in choices}
    offered = list(labels.values())
    offered += [label for label, code in extra.items() if code == label and label not in offered]

    def read_choice(value: Any, _: Format = None) -> Read:
        if isinstance(value, str):
            if value in exact:
                return Read(exact[value])
            text = tidy(value)
            if not text:
                return NOTHING
            if (code := folded.get(fold(text))) is not None:
                label = labels.get(code, code)
                return Read(code, "QT101", (("used", label),), raw=True)
            if near := nearest(text, offered):
                return wrong("QT106", near=near, allowed=offered)
        return wrong("QT107", allowed=offered)

    return read_choice


def reader_for(
    kind: Kind, choices: type[Choice] | None, extra: Mapping[str, str], language: str, date1904: bool
) -> Convert:
    """The function that reads one cell of a column of that kind."""
    if kind is Kind.ENUM and choices is not None:
        return choice_reader(choices, extra, language)
    if kind in (Kind.DATE, Kind.DATETIME, Kind.SNOOZE):
        return date_reader(kind, date1904)
    return READERS[kind]


READERS: dict[Kind, Convert] = {
    Kind.TEXT: read_text,
    Kind.PERSON: read_text,
    Kind.LONG: read_long,
    Kind.CODE: read_code,
    Kind.EMAIL: read_email,
    Kind.IDS: read_ids,
    Kind.INT: read_whole,
    Kind.SCALE: read_whole,
}


def read_own_number(value: Any, _: Format = None) -> Read:
    """A number typed as text in a team's own column: `１２`, `1,200`, `12.50`; what else there is stays text."""
    text = unicodedata.normalize("NFKC", tidy(value))
    if not text:
        return NOTHING
    if re.fullmatch(r"[+-]?(\d{1,3}(,\d{3})+|\d{1,15})(\.\d+)?", text):
        number = float(text.replace(",", ""))
        return used("QT108", int(number) if number.is_integer() else number)
    return wrong("QT109", wanted=Wanted.WHOLE)


OWN_READERS: dict[str, Convert] = {
    "text": read_text,
    "list": read_text,
    "number": read_own_number,
    "date": date_reader(Kind.DATETIME, False),
}
"""By the type of 数据字典; asked about texts only."""
