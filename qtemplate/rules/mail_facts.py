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
from ..plan import Message, Phrase, Recipient
from ..plan.keys import MessageKey
from ..plan.mail_kinds import MailKind
from ..register import label_of, plain
from ..texts import say
from .answers import Same
from .case import Case
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


def row_texts(case: Case, language: str, *, public: bool) -> dict[str, str]:
    """Field key (and, for insiders, own header) -> display string; outsiders get the public fields and no others.

    One transfer asks four times for the same row, so the texts are kept and shared: nobody may change them.
    """
    register = case.situation.register

    def look() -> dict[str, str]:
        keys: Iterable[str] = PUBLIC if public else [*Field, *register.own_headers]
        texts = {}
        values = register.row(case.row)
        for key in keys:
            value = register.wrong.get((case.row, key)) if not public else None
            if value is None:
                value = label_of(key, values[key], language)
            texts[str(key)] = display(value, language)
        return texts

    what = ("texts", case.row, language, public, Same(register.wrong))
    return case.situation.answers.once(what, tuple(register.frame.columns), look)


def record_groups(case: Case, language: str) -> list[dict[str, Any]]:
    """The whole record in stage groups, empty cells left out; the team's own columns last."""
    texts = row_texts(case, language, public=False)
    groups = []
    for stage in Stage:
        rows = [
            {"label": field.header(language), "value": texts[field]}
            for field in Field
            if field.stage is stage and texts[field]
        ]
        if rows:
            groups.append({"title": say(Phrase(f"stage.{stage.value}"), language), "rows": rows})
    headers = case.situation.register.own_headers
    own = [{"label": header, "value": texts[header]} for header in headers if texts[header]]
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


def contact_of(case: Case) -> dict[str, str] | None:
    """Whom the reporter may ask: the row's contact person."""
    person = case.person(Field.CONTACT)
    return None if person is None else {"name": person.name, "mail": person.mail}


def reporter(case: Case) -> Recipient | None:
    """The reporter as a recipient; None without a usable address. An address in 人员 is an insider's."""
    mail = case.value(Field.EMAIL)
    if mail is None or case.is_wrong(Field.EMAIL) or MAIL_ADDRESS.fullmatch(str(mail)) is None:
        return None
    inside = {person.mail.lower() for person in case.situation.rulebook.people if person.mail}
    return Recipient(str(case.value(Field.REPORTER) or ""), str(mail), str(mail).lower() in inside)


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


def about(case: Case, language: str, *, public: bool, **more: Any) -> dict[str, Any]:
    """The facts of a mail about one feedback."""
    return {"row": row_texts(case, language, public=public), "contact": contact_of(case), **more}


def reporter_message(
    case: Case, kind: MailKind, key: MessageKey, to: Recipient, because: Phrase, /, **more: Any
) -> Message:
    """A mail to the reporter: public facts only, approved by itself only where the configuration says so."""
    return Message(
        key,
        kind,
        case.id,
        (to,),
        case.language,
        about(case, case.language, public=True, **more),
        approved=to.insider or kind in case.situation.memory.auto_approve,
        thread=MessageKey.about(MailKind.ACKNOWLEDGEMENT, case.id),
        because=because,
    )


def insider_message(
    case: Case, kind: MailKind, key: MessageKey, to: Person, because: Phrase, /, **more: Any
) -> Message:
    """A mail to a person of 人员 about one feedback, with all its facts, in the register's language."""
    language = case.situation.register.language
    facts = about(case, language, public=False, **more)
    return Message(key, kind, case.id, (insider(to),), language, facts, because=because)


def fingerprint(parts: Mapping[str, Any]) -> str:
    """A digest of what is said and to whom; equal content, equal digest."""
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
