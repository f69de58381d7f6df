"""To which case a mail belongs: by the mail it answers, by the number in its subject. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ...fields import Field
from ...plan.keys import MessageKey
from ...register import is_missing
from ..case import Case
from ..rulebook import Person
from ..situation import Situation
from ..standing import rows_by_id

MOST_CANDIDATES = 5
_BREAKS = re.compile(r"[\s<>()（）,;，；、:：]+")


@dataclass(frozen=True, slots=True)
class Post:
    """What is known of mails that went and came.

    Attributes:
        sent: Message-ID without brackets -> key of the mail of ours.
        came: Message-ID -> id of the feedback that an earlier mail to us became, or belongs to.
        own: Addresses that we send from.
    """

    sent: Mapping[str, MessageKey] = field(default_factory=dict)
    came: Mapping[str, str] = field(default_factory=dict)
    own: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Link:
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
    """The feedback that a subject names."""
    known = rows_by_id(situation)
    prefix = re.escape(situation.register.id_prefix)
    ours = [found.upper() for found in re.findall(rf"(?<![A-Za-z0-9]){prefix}-\d{{4}}-\d{{4,}}(?!\d)", subject, re.I)]
    theirs = [word.strip() for word in re.findall(r"[\[【]([^\[\]【】]{2,40})[\]】]", subject)]
    return tuple(dict.fromkeys(id for id in (*ours, *theirs) if id in known or id in ours))


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
