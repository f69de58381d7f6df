"""What a row lacks or has wrong, and how often it was asked about. Pure.

It is asked about (M02), again when the answer is still wrong or nothing came, three times at the most; after that it
stands in the digest of whoever speaks with the reporter, until the cells are filled.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

import numpy as np
from msgspec import Struct

from ..fields import Field
from ..plan import Phrase
from ..plan.keys import MessageKey
from ..plan.look_back import DAYS_BETWEEN_REQUESTS
from ..plan.mail_kinds import MailKind
from .case import Case, cases
from .mail_facts import fingerprint
from .situation import Situation
from .standing import Mask, incomplete, requirements

MOST_ASKED = 3
"""A row is asked about so often at the most."""

ONE_OF_SEVERAL = {Field.PHONE: Phrase("check.contact"), Field.SCENE: Phrase("check.environment")}
"""Fields that stand for a group of which one has to be filled, and what the group is called."""

Requests = Mapping[MessageKey, dt.datetime]
"""The requests about a row that went out, and when."""


class Gaps(Struct, frozen=True):
    """What a row lacks, and what stands in it that cannot be right; fields in the order of the procedure."""

    missing: tuple[Field, ...]
    wrong: tuple[Field, ...]

    @property
    def fields(self) -> tuple[Field, ...]:
        return (*self.missing, *self.wrong)

    @property
    def names(self) -> list[Phrase | Field]:
        """What the fields are called where people are asked for them."""
        return [*(ONE_OF_SEVERAL.get(field, field) for field in self.missing), *self.wrong]


def find_gaps(situation: Situation, rows: Mask) -> Iterator[tuple[Case, Gaps]]:
    """Those of the rows that lack something or have something wrong."""
    needs, lacking = requirements(situation), incomplete(situation)
    faulty = situation.frame.index.isin([row for row, _ in situation.faults])
    for case in cases(situation, rows & (lacking | faulty)):
        # an unreadable cell counts as empty for the rules; its owner is told what stands in it
        wrong = tuple(field for field in Field if (case.row, str(field)) in situation.faults)
        missing = [need.field for need in needs if need.rows[case.place]] if lacking[case.place] else ()
        gaps = Gaps(tuple(field for field in missing if field not in wrong), wrong)
        if gaps.fields:
            yield case, gaps


def requests_sent(situation: Situation) -> dict[str, dict[MessageKey, dt.datetime]]:
    """Id -> the requests that went out so far, and when."""
    found: dict[str, dict[MessageKey, dt.datetime]] = {}
    for key, id, at in situation.memory.went(MailKind.MISSING):
        found.setdefault(id, {})[key.base] = at
    return found


def next_request(case: Case, gaps: Gaps, asked: Requests) -> MessageKey | None:
    """The key under which the row is asked about now; None while an answer is awaited, and after the last time."""
    key, sent = _key(case, gaps), case.situation.memory.sent
    if not asked:
        return None if key in sent else key
    if len(asked) >= MOST_ASKED or not _waited(case.situation, asked):
        return None
    if key in sent:  # nothing has changed since
        key = _again(case, key)
    return None if key in sent else key


def asked_in_vain(case: Case, gaps: Gaps, asked: Requests) -> bool:
    """Whether the last request has gone, and no answer came to it."""
    if len(asked) >= MOST_ASKED:
        return True
    repeated = _again(case, _key(case, gaps)) in asked
    return repeated and _waited(case.situation, asked)


def _key(case: Case, gaps: Gaps) -> MessageKey:
    wrong = sorted(gaps.wrong, key=str)  # a key does not depend on the order of columns
    parts: dict[str, object] = {"fields": [str(field) for field in (*gaps.missing, *wrong)]}
    if wrong:
        parts["wrong"] = [str(case.content(field)) for field in wrong]
    return MessageKey.about(MailKind.MISSING, case.id, fingerprint(parts)[:8])


def _again(case: Case, key: MessageKey) -> MessageKey:
    return MessageKey.about(MailKind.MISSING, case.id, key.rpartition("/")[2], "again")


def _waited(situation: Situation, asked: Requests) -> bool:
    """Whether two working days have passed since the last request; without a calendar two days."""
    calendar, now, since = situation.rulebook.calendar, situation.now, max(asked.values())
    if calendar is None or not calendar.standard_day_seconds:
        return now - since >= dt.timedelta(days=DAYS_BETWEEN_REQUESTS)
    span = calendar.working_between(np.array([since], "datetime64[s]"), np.array([now], "datetime64[s]"))
    return float(span[0]) >= DAYS_BETWEEN_REQUESTS * calendar.standard_day_seconds
