"""How one value of `qtemplate.toml` is read: a reader checks the type and range and returns the typed value.

A reader is a function of the value and its `Place`; a section ties one to a key in its annotation. Readers know
no section.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Struct

from qtemplate.errors import ConfigError
from qtemplate.plan import Phrase
from qtemplate.plan.mail_kinds import REPLIES, MailKind
from qtemplate.texts import make_error


class QuietHours(Struct, frozen=True):
    """A daily span in the register's time zone, `start` included, `end` not; it may cross midnight."""

    start: time
    end: time

    def covers(self, moment: time) -> bool:
        """Say whether a local time of day falls into the span."""
        if self.start <= self.end:
            return self.start <= moment < self.end
        return moment >= self.start or moment < self.end


class Place(Struct, frozen=True):
    """Where a value stands, for messages and for values that depend on the rest of the file."""

    file: Path
    section: str
    key: str
    zone: ZoneInfo

    def wrong(self, found: object, expected: Phrase) -> ConfigError:
        return make_error(
            ConfigError,
            "config.wrong_value",
            file=self.file,
            section=self.section,
            key=self.key,
            found=found,
            expected=expected,
        )


_AT = r"[\w+-]+(\.[\w+-]+)*@[\w-]+(\.[\w-]+)*"
PLAIN_ADDRESS = re.compile(rf"[\w -]*<{_AT}>|{_AT}")
"""What every parser of addresses reads alike."""

T = TypeVar("T")
Reader = Callable[[object, Place], T]


class Key(Struct, frozen=True):
    """One key of a section: its name in Python and in the file, its default, and how it is read."""

    attribute: str
    name: str
    default: Any
    read: Reader[Any]


def keys_of(section: type[Struct]) -> tuple[Key, ...]:
    """The keys that a section declares as `name: Annotated[type, reader] = default`, in their order."""
    readers = (section.__annotations__[name].__metadata__[0] for name in section.__struct_fields__)
    names, written = section.__struct_fields__, section.__struct_encode_fields__
    return tuple(map(Key, names, written, section.__struct_defaults__, readers))


def read_text(value: object, place: Place) -> str:
    if not isinstance(value, str) or re.search(r"[\x00-\x1f\x7f]", value):
        raise place.wrong(value, Phrase("expected.text"))
    return value.strip()


def read_flag(value: object, place: Place) -> bool:
    if not isinstance(value, bool):
        raise place.wrong(value, Phrase("expected.flag"))
    return value


def integer_between(least: int, most: int) -> Reader[int]:
    def read(value: object, place: Place) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise place.wrong(value, Phrase.of("expected.integer", least=least, most=most))
        return value

    return read


def number_between(least: float, most: float) -> Reader[float]:
    def read(value: object, place: Place) -> float:
        if not isinstance(value, int | float) or isinstance(value, bool) or not least <= value <= most:
            raise place.wrong(value, Phrase.of("expected.number", least=f"{least:g}", most=f"{most:g}"))
        return float(value)

    return read


E = TypeVar("E", bound=StrEnum)


def one_of(kind: type[E]) -> Reader[E]:
    def read(value: object, place: Place) -> E:
        if not isinstance(value, str) or value not in [member.value for member in kind]:
            known = tuple(f'"{member}"' for member in kind)
            raise place.wrong(value, Phrase.of("expected.one_of", known=known))
        return kind(value)

    return read


def read_path(value: object, place: Place) -> Path:
    text = read_text(value, place)
    if not text:
        raise place.wrong(value, Phrase("expected.path"))
    return Path(text).expanduser()


def read_optional_path(value: object, place: Place) -> Path | None:
    return read_path(value, place) if value != "" else None


def text_matching(pattern: str, expected: Phrase) -> Reader[str]:
    def read(value: object, place: Place) -> str:
        text = read_text(value, place)
        if not re.fullmatch(pattern, text):
            raise place.wrong(value, expected)
        return text

    return read


def texts_matching(pattern: str, expected: Phrase) -> Reader[tuple[str, ...]]:
    def read(value: object, place: Place) -> tuple[str, ...]:
        if not isinstance(value, list):
            raise place.wrong(value, Phrase.of("expected.list", like=expected))
        items = [read_text(item, place) for item in value]
        for item in items:
            if not re.fullmatch(pattern, item):
                raise place.wrong(item, expected)
        return tuple(items)

    return read


def read_approved_kinds(value: object, place: Place) -> tuple[MailKind, ...]:
    """Read kinds of mail that need no approval; a person approves each reply in the register, so none is taken here."""
    texts = texts_matching("|".join(MailKind), Phrase("expected.kinds"))(value, place)
    for text in texts:
        if text in REPLIES:
            raise place.wrong(text, Phrase.of("expected.no_reply", replies=tuple(REPLIES)))
    return tuple(map(MailKind, texts))


def read_address(value: object, place: Place) -> str:
    text = read_text(value, place)
    if not text or PLAIN_ADDRESS.fullmatch(text):
        return text
    from email.utils import parseaddr  # loads sockets, and `Name <address>` needs no parser

    if not re.fullmatch(r"[^\s<>@,;]+@[^\s<>@,;]+", parseaddr(text)[1]):
        raise place.wrong(value, Phrase("expected.address"))
    return text


def read_zone(value: object, place: Place) -> ZoneInfo:
    text = read_text(value, place)
    try:
        return ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise place.wrong(value, Phrase("expected.zone")) from None


def read_moment(value: object, place: Place) -> datetime | None:
    """Read a moment written as text or as a TOML date or date-time; without an offset it is in the register's zone."""
    if value == "":
        return None
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        moment = None
    if isinstance(moment, date) and not isinstance(moment, datetime):
        moment = datetime.combine(moment, time())
    if not isinstance(moment, datetime):
        raise place.wrong(value, Phrase("expected.moment"))
    return moment if moment.tzinfo else moment.replace(tzinfo=place.zone)


def read_quiet_hours(value: object, place: Place) -> QuietHours | None:
    text = read_text(value, place)
    if not text:
        return None
    try:
        start, end = (time.fromisoformat(part.strip()) for part in text.split("-"))
    except ValueError:
        raise place.wrong(value, Phrase("expected.span")) from None
    return QuietHours(start, end)
