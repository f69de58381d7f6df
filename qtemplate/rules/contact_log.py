"""What an entry of 沟通记录 counts as: a contact, or the final reply. Pure.

A person's entry that goes out counts as a contact at once. It is the final reply where 是否最终答复 says so, whatever
the row's approval; where that column is absent, or the entry older than it, once a reply that ends the matter is
approved. A mail that the program sent is known from the outbox.
"""

from __future__ import annotations

import datetime as dt

from ..choices import ContactWay
from ..fields import Field
from ..plan import FactName, Phrase
from ..plan.form_kinds import FormKind
from ..texts import say
from .answers import Same
from .rulebook import ContactEntry
from .situation import Situation

_OUR_FORMS = frozenset(say(Phrase(f"form.{kind}"), language) for kind in FormKind for language in ("zh", "en"))


def is_spoken(entry: ContactEntry) -> bool:
    """Whether somebody spoke or wrote to the reporter by another way than mail."""
    return entry.direction != "in" and entry.way != ContactWay.EMAIL


def from_reporter(entry: ContactEntry) -> bool:
    """Whether the reporter was heard; what colleagues returned on a form is no word of the reporter's."""
    return entry.direction == "in" and entry.way not in _OUR_FORMS


def latest(moment: dt.datetime) -> dt.datetime:
    """The last second a moment may mean: a date alone is the whole day."""
    return moment if moment.time() != dt.time() else moment + dt.timedelta(days=1, seconds=-1)


def may_be_final(situation: Situation, entry: ContactEntry) -> bool:
    """Whether an entry without a word in 是否最终答复 can be the final reply: one from before there was the column."""
    since = situation.memory.fact("", FactName.FINAL_SINCE)
    older = since is None or entry.at < dt.datetime.fromisoformat(since)
    return entry.final is None and (not situation.rulebook.has_final or older)


def how_to_log(situation: Situation) -> Phrase | str:
    """What a request to log the final reply adds, where 沟通记录 has the column for it."""
    return Phrase("log.as_final") if situation.rulebook.has_final else ""


def final_calls(situation: Situation) -> dict[str, dt.datetime]:
    """Feedback id -> when a person first gave the final reply of the present cycle, by 是否最终答复 = 是.

    Entries from before the feedback came, from an earlier cycle or in the future do not count.
    """

    def look() -> dict[str, dt.datetime]:
        said = [entry for entry in situation.rulebook.contacts if entry.final and is_spoken(entry)]
        if not said:
            return {}
        frame = situation.frame
        received = dict(zip(frame[Field.ID].tolist(), frame[Field.RECEIVED_AT].tolist(), strict=True))
        began = situation.memory.facts_named(FactName.REOPENED_AT)
        found: dict[str, dt.datetime] = {}
        for entry in said:
            last = latest(entry.at)
            here = entry.id in received and entry.at <= situation.now
            here = here and not last < received[entry.id]  # NaT is not later
            if here and (entry.id not in began or last >= dt.datetime.fromisoformat(began[entry.id])):
                found[entry.id] = min(found.get(entry.id, entry.at), entry.at)
        return found

    what = ("final calls", Same(situation.rulebook.contacts), Same(situation.memory.facts))
    return situation.answers.once(what, (Field.ID, Field.RECEIVED_AT), look)
