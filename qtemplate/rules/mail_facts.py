"""What a mail or a form about one feedback may say: display strings in the reader's language. Pure."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from ..choices import Clock, Role
from ..fields import PUBLIC, Field, Stage
from ..plan import Memory, Message, Phrase, Recipient
from ..register import Register, Same, label_of, plain
from ..texts import say
from .rulebook import Person, RuleBook

INTERNAL_DAY = dt.time()
MAIL_ADDRESS = re.compile(r"[^\s@<>,;，；]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


def display(value: Any, language: str) -> str:
    """A value as people read it: `2026年7月15日 14:30`, `15 Jul 2026 14:30`, missing as ""."""
    value = plain(value)
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        day = _day(value.date(), language)
        return day if value.time() == INTERNAL_DAY else f"{day} {value:%H:%M}"
    if isinstance(value, dt.date):
        return _day(value, language)
    if isinstance(value, bool):
        return ("是" if value else "否") if language == "zh" else ("Yes" if value else "No")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _day(day: dt.date, language: str) -> str:
    if language == "zh":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def row_texts(register: Register, row: int, language: str, *, public: bool) -> dict[str, str]:
    """Field key (and, for insiders, own header) -> display string; outsiders get the public fields and no others.

    A transfer alone asks four times for the same row; the texts are shared, so not to be changed.
    """

    def look() -> dict[str, str]:
        keys: Iterable[str] = PUBLIC if public else [*Field, *register.own_headers]
        texts = {}
        values = register.row(row)
        for key in keys:
            value = register.wrong.get((row, key)) if not public else None
            if value is None:
                value = label_of(key, values[key], language)
            texts[str(key)] = display(value, language)
        return texts

    what = ("texts", row, language, public, Same(register.wrong))
    return register.once(what, tuple(register.frame.columns), look)


def record_groups(register: Register, row: int, language: str) -> list[dict[str, Any]]:
    """The whole record in stage groups, empty cells left out; the team's own columns last."""
    texts = row_texts(register, row, language, public=False)
    groups = []
    for stage in Stage:
        rows = [
            {"label": field.header(language), "value": texts[field]}
            for field in Field
            if field.stage is stage and texts[field]
        ]
        if rows:
            groups.append({"title": say(Phrase(f"stage.{stage.value}"), language), "rows": rows})
    own = [{"label": header, "value": texts[header]} for header in register.own_headers if texts[header]]
    if own:
        groups.append({"title": say(Phrase("stage.own"), language), "rows": own})
    return groups


def limits(due: Mapping[Clock, dt.datetime], now: dt.datetime, language: str) -> list[dict[str, str]]:
    """The clocks that run and when they are due, soonest first; what is past is marked."""
    return [
        {
            "label": clock.label(language),
            "due": display(at, language) + ("" if at > now else say(Phrase("time.past"), language)),
        }
        for clock, at in sorted(due.items(), key=lambda item: item[1])
    ]


def contact_of(register: Register, rulebook: RuleBook, row: int) -> dict[str, str] | None:
    """Whom the reporter may ask: the row's contact person."""
    person = rulebook.person(register.value(row, Field.CONTACT))
    return None if person is None else {"name": person.name, "mail": person.mail}


def reporter(register: Register, rulebook: RuleBook, row: int) -> Recipient | None:
    """The reporter as a recipient; None without a usable address. An address in 人员 is an insider's."""
    mail = register.value(row, Field.EMAIL)
    if mail is None or (row, Field.EMAIL) in register.wrong or MAIL_ADDRESS.fullmatch(str(mail)) is None:
        return None
    inside = {person.mail.lower() for person in rulebook.people if person.mail}
    return Recipient(str(register.value(row, Field.REPORTER) or ""), str(mail), str(mail).lower() in inside)


def insider(person: Person) -> Recipient:
    """A person of 人员 as a recipient."""
    return Recipient(person.name, person.mail, True)


def service_person(rulebook: RuleBook, role: Role, day: dt.date) -> Person | None:
    """The first person in a role who is there, or the first deputy who is."""
    people = rulebook.with_role(role)
    for person in people:
        if not person.is_away(day):
            return person
    for person in people:
        deputy = rulebook.person(person.deputy)
        if deputy is not None and deputy.active and not deputy.is_away(day):
            return deputy
    return None


def reader_language(register: Register, row: int) -> str:
    """The reply language of a row; the register's own where none is set."""
    return str(register.value(row, Field.LANGUAGE) or register.language)


def about(
    register: Register, rulebook: RuleBook, row: int, language: str, *, public: bool, **more: Any
) -> dict[str, Any]:
    """The facts of a mail about one feedback."""
    return {
        "row": row_texts(register, row, language, public=public),
        "contact": contact_of(register, rulebook, row),
        **more,
    }


def reporter_message(
    register: Register,
    rulebook: RuleBook,
    memory: Memory,
    row: int,
    kind: str,
    key: str,
    to: Recipient,
    because: Phrase,
    **more: Any,
) -> Message:
    """A mail to the reporter: public facts only, approved by itself only where the configuration says so."""
    language = reader_language(register, row)
    id = str(register.value(row, Field.ID))
    return Message(
        key,
        kind,
        id,
        (to,),
        language,
        about(register, rulebook, row, language, public=True, **more),
        approved=to.insider or kind in memory.auto_approve,
        thread=f"M01/{id}",
        because=because,
    )


def fingerprint(parts: Mapping[str, Any]) -> str:
    """A digest of what is said and to whom; equal content, equal digest."""
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
