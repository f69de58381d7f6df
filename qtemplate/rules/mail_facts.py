"""What a mail or a form about one feedback may say: display strings in the reader's language. Pure."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from ..choices import Clock, Level
from ..fields import OPEN_FACTS, PUBLIC, Field, Stage
from ..plan import FactName, Message, Phrase, Recipient
from ..plan.keys import MessageKey
from ..plan.mail_kinds import MailKind
from ..register import label_of
from ..texts import say
from ..texts.display import display
from .answers import Same
from .case import Case
from .rulebook import Person

PROMISES = (Field.RESPOND_BY, Field.RESOLVE_BY, Field.ETA)
"""Days that a mail to an outsider promises."""

MAIL_ADDRESS = re.compile(r"[^\s@<>,;，；]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


def row_texts(case: Case, language: str) -> dict[str, str]:
    """Field key or own header -> display string, for insiders.

    One transfer asks four times for the same row, so the texts are kept and shared: nobody may change them.
    """
    register = case.situation.register

    def look() -> dict[str, str]:
        keys: Iterable[str] = [*Field, *register.own_headers]
        texts = {}
        for key in keys:
            value = register.wrong.get((case.row, key))
            if value is None:
                value = label_of(key, case.value(key), language)
            texts[str(key)] = display(value, language)
        return texts

    what = ("texts", case.row, language, Same(register.wrong))
    return case.situation.answers.once(what, tuple(register.frame.columns), look)


def row_text(case: Case, key: Field, language: str) -> str:
    """One of the row's texts, where so few are wanted that making them all would be a waste."""
    raw = case.situation.register.wrong.get((case.row, key))
    return display(label_of(key, case.value(key), language) if raw is None else raw, language)


def public_texts(case: Case, language: str, *, quoting: bool) -> dict[str, str]:
    """Field key -> display string, for outsiders: public fields and no others.

    Moments are told as days, and a promise whose day has passed is not made.

    Args:
        case: The row.
        language: The reader's.
        quoting: Whether a person has approved the words of `APPROVED_WORDS`; else those fields are left out, but for
            title and description in the reporter's own words.
    """
    today = case.situation.now.date()
    texts = {}
    for key in PUBLIC if quoting else (*OPEN_FACTS, *own_words(case)):
        value = label_of(key, case.value(key), language)
        if isinstance(value, dt.datetime):
            value = value.date()
        if key in PROMISES and isinstance(value, dt.date) and value < today:
            value = None
        texts[str(key)] = display(value, language)
    return texts


def print_words(words: Any) -> str:
    """What tells the reporter's words again: line ends and blanks do not matter."""
    return _short_print(" ".join(str(words).split()))


def print_address(address: Any) -> str:
    """What tells again from where the words came."""
    return _short_print(str(address).strip().casefold())


def _short_print(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).hexdigest()


def own_words(case: Case) -> tuple[Field, ...]:
    """Of title and description those that still hold what the reporter wrote, for the address that it came from.

    What a colleague typed, copied or changed is none of it, and an address in 人员 is no reporter's.
    """
    kept, address = case.fact(FactName.OWN_WORDS), case.value(Field.EMAIL)
    if not kept or address is None or case.situation.rulebook.is_inside(str(address)):
        return ()
    if kept["from"] != print_address(address):
        return ()
    return tuple(
        field
        for field in (Field.TITLE, Field.DESCRIPTION)
        if (held := case.value(field)) is not None and kept.get(str(field)) == print_words(held)
    )


def record_groups(case: Case, language: str) -> list[dict[str, Any]]:
    """The whole record in stage groups, empty cells left out; the team's own columns last."""
    texts = row_texts(case, language)
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
    inside = case.situation.rulebook.is_inside(str(mail))
    return Recipient(str(case.value(Field.REPORTER) or ""), str(mail), inside)


def insider(person: Person) -> Recipient:
    """A person of 人员 as a recipient."""
    return Recipient(person.name, person.mail, True)


def about(case: Case, texts: Mapping[str, str], **more: Any) -> dict[str, Any]:
    """The facts of a mail about one feedback; `texts` as `row_texts` or `public_texts` give them."""
    return {"row": texts, "contact": contact_of(case), **more}


def reporter_message(
    case: Case, kind: MailKind, key: MessageKey, to: Recipient, because: Phrase, /, **more: Any
) -> Message:
    """A mail to the reporter that shows nothing a colleague wrote; what the reporter wrote may stand in it.

    It leaves without approval only where the configuration says so.
    """
    texts = public_texts(case, case.language, quoting=False)
    if kind in (MailKind.ACKNOWLEDGEMENT, MailKind.MISSING, MailKind.REOPENED) and (own := own_words(case)):
        more = {**more, "own_words": {str(field): texts[field] for field in own}}
    return _to_reporter(case, kind, key, to, because, facts=about(case, texts, **more))


def quoting_message(
    case: Case, kind: MailKind, key: MessageKey, to: Recipient, because: Phrase, /, **more: Any
) -> Message:
    """As `reporter_message`, with the words that a person has approved."""
    texts = public_texts(case, case.language, quoting=True)
    return _to_reporter(case, kind, key, to, because, facts=about(case, texts, **more))


def _to_reporter(
    case: Case, kind: MailKind, key: MessageKey, to: Recipient, because: Phrase, *, facts: Mapping[str, Any]
) -> Message:
    return Message(
        key,
        kind,
        case.id,
        (to,),
        case.language,
        facts,
        approved=to.insider or kind in case.situation.memory.auto_approve,
        urgent=case.value(Field.LEVEL) == Level.URGENT,
        thread=MessageKey.about(MailKind.ACKNOWLEDGEMENT, case.id),
        because=because,
    )


def insider_message(
    case: Case, kind: MailKind, key: MessageKey, to: Person, because: Phrase, /, **more: Any
) -> Message:
    """A mail to a person of 人员 about one feedback, with all its facts, in the register's language."""
    language = case.situation.register.language
    facts = about(case, row_texts(case, language), **more)
    return Message(key, kind, case.id, (insider(to),), language, facts, because=because)


def fingerprint(parts: Mapping[str, Any]) -> str:
    """A digest of what is said and to whom; equal content, equal digest."""
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
