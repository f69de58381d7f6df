"""The step that acknowledges what was received (M01) and asks for what is missing (M02). Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from ...choices import ContactWay, ReplyState, Role
from ...fields import Field
from ...plan import Message, Phrase, Plan
from ...plan.keys import MessageKey
from ...plan.mail_kinds import MailKind
from ...texts import say, show
from ...texts.display import display
from ..case import MOST_SHOWN, Case, cases
from ..mail_facts import fingerprint, insider_message, reporter, reporter_message
from ..questions import ASKED_OF_REPORTER
from ..rulebook import Person
from ..situation import Situation
from ..stand_in import reach, reach_role
from ..standing import Mask, equals, has, history, incomplete, live, numbered, quiet, replied, requirements

HINTED = ASKED_OF_REPORTER | {
    Field.RECEIVED_AT,
    Field.CHANNEL,
    Field.REPORTER_TYPE,
    Field.REPORTER,
    Field.PHONE,
    Field.TITLE,
    Field.CATEGORY,
}
"""Fields of which the catalogue says what is expected."""

MOST_ASKED = 3
"""A row is asked about so often at the most."""

DAYS_BETWEEN = 2
"""Working days from one request to the next about the same row."""


def acknowledge(situation: Situation) -> Plan:
    """M01 to the reporter of every new record, M02 for what is missing."""
    fresh = live(situation) & numbered(situation) & ~history(situation) & ~replied(situation)
    fresh &= has(situation, Field.RECEIVED_AT) & ~quiet(situation)
    return Plan(messages=(*_thanks(situation, fresh), *_missing(situation)))


def _thanks(situation: Situation, fresh: Mask) -> Iterator[Message]:
    spoken = equals(situation, Field.CONTACT_WAY, ContactWay.PHONE, ContactWay.CHAT, ContactWay.IN_PERSON)
    # whoever gets the reply in this very run need not be told that the feedback was received
    answered = equals(situation, Field.REPLY_STATE, ReplyState.QUEUED, ReplyState.SENT) & ~spoken
    to_thank = fresh & has(situation, Field.TITLE) & ~has(situation, Field.RESPONDED_AT) & ~answered
    for case in cases(situation, to_thank):
        key, to = MessageKey.about(MailKind.ACKNOWLEDGEMENT, case.id), reporter(case)
        if key not in situation.memory.sent and to is not None:
            because = Phrase("because.received")
            yield reporter_message(case, MailKind.ACKNOWLEDGEMENT, key, to, because, **_promises(case))


def _promises(case: Case) -> dict[str, str]:
    """The days that are promised: once the row is graded, and only those still ahead."""
    if case.value(Field.LEVEL) is None:
        return {}
    known = {field.value: case.value(field) for field in (Field.RESPOND_BY, Field.RESOLVE_BY)}
    now = case.situation.now
    return {name: display(due.date(), case.language) for name, due in known.items() if due is not None and due > now}


@dataclass(frozen=True, slots=True)
class Gaps:
    """What a row lacks, and what stands in it that cannot be right; fields in the order of the procedure."""

    missing: tuple[Field, ...]
    wrong: tuple[Field, ...]

    @property
    def fields(self) -> tuple[Field, ...]:
        return (*self.missing, *self.wrong)


def _missing(situation: Situation) -> Iterator[Message]:
    """M02: asked once, again when the answer is still wrong or nothing came, three times at the most."""
    asked = _asked_before(situation)
    needs = requirements(situation)
    open_ = live(situation) & numbered(situation) & ~history(situation) & ~replied(situation) & ~quiet(situation)
    faulty = situation.frame.index.isin([row for row, _ in situation.faults])
    for case in cases(situation, open_ & (incomplete(situation) | faulty)):
        # an unreadable cell counts as empty for the rules; its owner is told what stands in it
        wrong = tuple(field for field in Field if (case.row, str(field)) in situation.faults)
        lacking = (need.field for need in needs if need.rows[case.place]) if incomplete_at(case) else ()
        gaps = Gaps(tuple(field for field in lacking if field not in wrong), wrong)
        key = _key(case, gaps, asked.get(case.id, {}))
        if key is not None and gaps.fields:
            message = _ask(case, gaps, key)
            if message is not None:
                yield message


def incomplete_at(case: Case) -> bool:
    """Whether the row lacks required data."""
    return bool(incomplete(case.situation)[case.place])


def _asked_before(situation: Situation) -> dict[str, dict[MessageKey, dt.datetime]]:
    """Id -> the requests that went out so far, and when."""
    found: dict[str, dict[MessageKey, dt.datetime]] = {}
    for key, id, at in situation.memory.went(MailKind.MISSING):
        found.setdefault(id, {})[key.base] = at
    return found


def _key(case: Case, gaps: Gaps, asked: Mapping[MessageKey, dt.datetime]) -> MessageKey | None:
    """The key under which the row is asked about now; None while an answer is awaited, and after the last time."""
    wrong = sorted(gaps.wrong, key=str)  # a key does not depend on the order of columns
    parts: dict[str, object] = {"fields": [str(field) for field in (*gaps.missing, *wrong)]}
    if wrong:
        parts["wrong"] = [str(case.content(field)) for field in wrong]
    key = MessageKey.about(MailKind.MISSING, case.id, fingerprint(parts)[:8])
    if not asked:
        return None if key in case.situation.memory.sent else key
    if len(asked) >= MOST_ASKED or not _waited(case.situation, max(asked.values())):
        return None
    if key in case.situation.memory.sent:  # nothing has changed since
        key = MessageKey.about(MailKind.MISSING, case.id, key.rpartition("/")[2], "again")
    return None if key in case.situation.memory.sent else key


def _waited(situation: Situation, since: dt.datetime) -> bool:
    """Whether two working days have passed; without a calendar two days."""
    calendar, now = situation.rulebook.calendar, situation.now
    if calendar is None or not calendar.standard_day_seconds:
        return now - since >= dt.timedelta(days=DAYS_BETWEEN)
    span = calendar.working_between(np.array([since], "datetime64[s]"), np.array([now], "datetime64[s]"))
    return float(span[0]) >= DAYS_BETWEEN * calendar.standard_day_seconds


def _ask(case: Case, gaps: Gaps, key: MessageKey) -> Message | None:
    to, because = reporter(case), Phrase.of("because.missing", fields=list(gaps.fields))
    if to is not None and ASKED_OF_REPORTER.issuperset(gaps.fields):
        asked = _questions(case, gaps, case.language, inside=to.insider)
        return reporter_message(case, MailKind.MISSING, key, to, because, missing=asked)
    recorder = _recorder(case)
    if recorder is None:
        return None
    asked = _questions(case, gaps, case.situation.register.language, inside=True)
    topic = str(case.value(Field.TITLE) or "")
    return insider_message(case, MailKind.MISSING, key, recorder, because, missing=asked, topic=topic)


def _recorder(case: Case) -> Person | None:
    """Who recorded the row, else the keeper of the register; whoever is away is stood in for."""
    rulebook, day = case.situation.rulebook, case.situation.now.date()
    person = case.person(Field.RECORDER)
    reached = reach(rulebook, person, day) if person is not None else None
    keepers = reach_role(rulebook, Role.KEEPER, day)
    return reached.person if reached is not None else keepers[0].person if keepers else None


def _questions(case: Case, gaps: Gaps, language: str, *, inside: bool) -> list[dict[str, str]]:
    """What is asked, a line a field; what stands in a wrong cell is shown to colleagues only."""
    names = {Field.PHONE: Phrase("check.contact"), Field.SCENE: Phrase("check.environment")}
    lines = []
    for field in gaps.fields:
        wrong = field in gaps.wrong
        hint = say(Phrase(f"hint.{field.value}"), language) if field in HINTED else ""
        if wrong and inside:
            found = show(case.content(field), language)[:MOST_SHOWN]
            hint = say(Phrase.of("check.wrong_now", found=found, hint=hint), language).strip()
        label = say(names[field], language) if field in names and not wrong else field.header(language)
        lines.append({"label": label, "hint": hint})
    return lines
