"""To which case a mail belongs: by the mail it answers, by the number in its subject. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct, field

from ...fields import Field
from ...plan.keys import MessageKey
from ...register import is_missing
from ..case import Case
from ..rulebook import Person
from ..situation import Situation
from ..standing import rows_by_id

MOST_CANDIDATES = 5
_FORGED = re.compile(r"\b(?:spf|dkim|dmarc)\s*=\s*(?:fail|permerror)", re.I)
SHORTEST_NUMBER = 4
"""A shorter number stands in many subjects; in brackets it counts at any length."""

_WORDS = re.compile(r"[A-Za-z0-9][A-Za-z0-9./#_-]*[A-Za-z0-9]")
_BREAKS = re.compile(r"[\s<>()（）,;，；、:：]+")


class Post(Struct, frozen=True):
    """What is known of mails that went and came.

    Attributes:
        sent: Message-ID without brackets -> key of the mail of ours.
        came: Message-ID -> id of the feedback that an earlier mail to us became, or belongs to.
        own: Addresses that we send from.
    """

    sent: Mapping[str, MessageKey] = field(default_factory=dict)
    came: Mapping[str, str] = field(default_factory=dict)
    own: frozenset[str] = frozenset()


class Link(Struct, frozen=True):
    """Where a mail belongs: ids of candidates, one where it is sure; the mail of ours that it answers."""

    ids: tuple[str, ...] = ()
    key: MessageKey | None = None

    @property
    def id(self) -> str | None:
        return self.ids[0] if len(self.ids) == 1 else None


def find_link(situation: Situation, post: Post, mail: Mapping[str, Any]) -> Link:
    """By References, newest first; by `[QF-…]` or the team's own number in the subject. Two that differ are no link."""
    key = next((post.sent[each] for each in mail["answers"] if each in post.sent), None)
    answered = key.id if key is not None else next((post.came[e] for e in mail["answers"] if e in post.came), None)
    named = named_ids(situation, mail["subject"])
    ids = tuple(dict.fromkeys((*([answered] if answered else []), *named)))[:MOST_CANDIDATES]
    return Link(ids, key)


def named_ids(situation: Situation, subject: str) -> tuple[str, ...]:
    """The feedback that a subject names, by our id or by the team's own number where only one row has it."""
    known = rows_by_id(situation)
    prefix = re.escape(situation.register.id_prefix)
    ours = [found.upper() for found in re.findall(rf"(?<![A-Za-z0-9]){prefix}-\d{{4}}-\d{{4,}}(?!\d)", subject, re.I)]
    theirs = [word.strip() for word in re.findall(r"[\[【]([^\[\]【】]{2,40})[\]】]", subject)]
    numbered = _ids_by_own_number(situation)
    own = [numbered[found] for found in _numbers_in(subject, theirs) if found in numbered]
    return tuple(dict.fromkeys((*(id for id in (*ours, *theirs) if id in known or id in ours), *own)))


def _numbers_in(subject: str, bracketed: Iterable[str]) -> Iterator[str]:
    """What may be a team's own number, folded: anything in brackets, else words of four characters with a digit."""
    yield from map(fold_text, bracketed)
    for word in _WORDS.findall(subject):
        if len(word) >= SHORTEST_NUMBER and any(sign.isdecimal() for sign in word):
            yield fold_text(word)


def _ids_by_own_number(situation: Situation) -> Mapping[str, str]:
    """Folded own number -> id, for numbers that one row alone has."""

    def look() -> dict[str, str]:
        frame = situation.frame
        rows = [
            (fold_text(number), id)
            for number, id in zip(frame[Field.OWN_NUMBER].tolist(), frame[Field.ID].tolist(), strict=True)
            if not is_missing(number) and isinstance(id, str)
        ]
        times = Counter(number for number, _ in rows)
        return {number: id for number, id in rows if times[number] == 1}

    return situation.answers.once("ids by own number", (Field.OWN_NUMBER, Field.ID), look)


def fold_text(text: object) -> str:
    """Numbers are compared without regard to width and case."""
    return unicodedata.normalize("NFKC", str(text)).strip().casefold()


def doubted(mail: Mapping[str, Any]) -> str:
    """What the own mail server says against the sender of a mail (RFC 8601); "" where it says nothing of the sort.

    That a server has no doubt proves nothing: an answer still has to come from somebody of the case.
    """
    found = _FORGED.search(mail["auth"])
    return "" if found is None else found[0]


def is_reporter(case: Case, address: str) -> bool:
    """Whether an address is the reporter's, as the row says it."""
    told = (case.value(Field.EMAIL), case.value(Field.CONTACT_OTHER))
    words = (word for each in told if not is_missing(each) for word in _BREAKS.split(str(each).casefold()))
    return bool(address) and address in words


STAFF = (Field.OWNER, Field.CONTACT, Field.ASSESSOR, Field.VERIFIER, Field.RECORDER)


def staff_of(case: Case, address: str) -> Person | None:
    """Whom of the people of a case an address belongs to, or their deputies."""
    rulebook = case.situation.rulebook
    person = next((p for p in rulebook.people if p.active and p.mail and p.mail.casefold() == address), None)
    if person is None:
        return None
    people = [known for field in STAFF if (known := case.person(field)) is not None]
    concerned = {name for known in people for name in (known.name, known.deputy)}
    return person if person.name in concerned else None
