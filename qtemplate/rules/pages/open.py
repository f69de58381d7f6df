"""Which links are open: those whose mails are made now, and those made before that are still to be answered. Pure.

A link is open as long as its question is: once the answer came another way, the row was reopened or closed, or the
transfer went to somebody else, its page is withdrawn. One that was answered shows what was answered until it expires.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from ...fields import Field
from ...plan import FactName, Message, Remember
from ...plan.form_kinds import MOST_MISSING, FormKind
from ...plan.keys import MessageKey
from ...plan.pages import PageKind, PageRecord, page_kind, page_subject
from ...texts import show
from ...texts.display import display
from ..approval import quotes_approved
from ..case import Case, case_by_id
from ..confirmation_requests import unconfirmed
from ..forms.due import has_logs
from ..forms.requests import base_text, form_key
from ..gaps import find_gaps
from ..mail_facts import contact_of, public_texts
from ..situation import Situation
from ..standing import history, live, numbered, quiet, replied
from ..transfers import returned_keys, transfer_of
from .questions import PHOTOS, questions_of

SHOWN = {
    PageKind.CONFIRM: (Field.PRODUCT, Field.MODEL, Field.RECEIVED_AT, Field.TITLE, Field.SOLUTION),
    PageKind.MISSING: (Field.PRODUCT, Field.MODEL, Field.RECEIVED_AT, Field.TITLE),
    PageKind.TASK: (Field.PRODUCT, Field.MODEL, Field.RECEIVED_AT, Field.RESOLVE_BY),
}
"""What a page tells about the feedback, as far as an outsider may read it."""

FORMS = {
    PageKind.CONFIRM: FormKind.FOLLOW_UP,
    PageKind.MISSING: FormKind.MISSING,
    PageKind.TASK: FormKind.TRANSFER,
}
"""The form that asks the same; what a page brings is worked in as that form is."""


class Terms(Struct, frozen=True):
    """The moment, aware; the days that a link is good for; who asks."""

    now: dt.datetime
    days: int
    team: str

    @property
    def until(self) -> str:
        """When a link that is made now expires."""
        return (self.now + dt.timedelta(days=self.days)).isoformat(timespec="seconds")


def page_facts(situation: Situation, messages: Sequence[Message], terms: Terms) -> tuple[Remember, ...]:
    """What is to be remembered of the links: new ones, those that say something else now, those that are withdrawn.

    Args:
        situation: With the plan in force.
        messages: The mails that are made, or made anew.
        terms: Of the links.
    """
    carried = {
        (message.id, FactName.PAGE.of(page_subject(message.key))): message
        for message in messages
        if message.id is not None and page_kind(message.key) is not None
    }
    known = {at: fact for at, fact in situation.memory.facts.items() if FactName.PAGE.about(at[1]) is not None}
    wanted = _Wanted(situation)
    facts = []
    for at in dict.fromkeys((*known, *carried)):
        fact = _fact(wanted, at[0], known.get(at), carried.get(at), terms)
        if fact != known.get(at):
            facts.append(Remember(at[0], at[1], fact))
    return tuple(facts)


def _fact(wanted: _Wanted, id: str, known: Any, message: Message | None, terms: Terms) -> Any:
    """What is remembered of one link from now on; None forgets it."""
    over = known is not None and dt.datetime.fromisoformat(known["record"]["until"]) < terms.now
    if known is not None and known["record"]["answered_at"]:
        return None if over else known
    key = message.key if message is not None else MessageKey.parse(known["key"])
    case = case_by_id(wanted.situation, id)
    asked = None if case is None else wanted.asked(case, key)
    if case is None or asked is None or (over and message is None):
        return None
    until = terms.until if known is None or over else known["record"]["until"]
    reader = _reader(message, known)
    kind = page_kind(key)
    assert kind is not None
    record = replace(_record(case, kind, asked, reader, until), team=terms.team)
    return {
        "record": record.to_json(),
        "key": str(key.base),
        "form": str(form_key(case, FORMS[kind], asked)),
        # what the cells held when the question was first put: who typed something since is asked which holds
        "was": {
            **{str(field): base_text(case.content(field)) for field in _merged(kind, asked)},
            **({} if known is None else known["was"]),
        },
        "who": reader.who,
        "inside": reader.inside,
    }


class _Reader(Struct, frozen=True):
    """Who got the link."""

    who: str
    language: str
    inside: bool


def _reader(message: Message | None, known: Any) -> _Reader:
    if message is None:
        return _Reader(known["who"], known["record"]["language"], bool(known["inside"]))
    return _Reader(message.to[0].name, message.language, message.to[0].insider)


def _record(case: Case, kind: PageKind, asked: Sequence[Field], reader: _Reader, until: str) -> PageRecord:
    language = reader.language
    texts = public_texts(case, language, quoting=kind is PageKind.CONFIRM and quotes_approved(case))
    contact = contact_of(case) or {"name": "", "mail": ""}
    last = dt.datetime.fromisoformat(until).date()
    return PageRecord(
        kind,
        case.id,
        case.cycle,
        language,
        until,
        display(last, language),
        contact=(contact["name"], contact["mail"]),
        shown=tuple((show(field, language), texts[field]) for field in SHOWN[kind] if texts.get(field)),
        questions=questions_of(case, kind, asked, language, inside=reader.inside),
        photos=PHOTOS[kind],
    )


def _merged(kind: PageKind, asked: Sequence[Field]) -> tuple[Field, ...]:
    """The columns that answers of the page go to."""
    return tuple(asked) if kind is PageKind.MISSING else FORMS[kind].contract.merged


class _Wanted:
    """Whether a page is still to be answered, and the columns it asks for."""

    def __init__(self, situation: Situation) -> None:
        self.situation = situation
        self._unconfirmed = unconfirmed(situation)
        self._returned = returned_keys(situation.memory)
        self._gaps: Mapping[str, tuple[Field, ...]] | None = None

    def asked(self, case: Case, key: MessageKey) -> tuple[Field, ...] | None:
        """The columns that are asked for, () where the kind of page says them itself; None = it is no more."""
        kind = page_kind(key)
        if kind is None or not has_logs(self.situation, FORMS[kind]):
            return None
        match kind:
            case PageKind.CONFIRM:
                return () if key.cycle == case.cycle and self._unconfirmed[case.place] else None
            case PageKind.TASK:
                open_ = case.value(Field.ACCEPTED_AT) is None and case.value(Field.CLOSED_AT) is None
                ours = key.base == transfer_of(case) and key.base not in self._returned
                return () if open_ and ours and case.fact(FactName.ACCEPTED_AT) is None else None
            case PageKind.MISSING:
                return self._lacking().get(case.id)

    def _lacking(self) -> Mapping[str, tuple[Field, ...]]:
        if self._gaps is None:
            self._gaps = dict(_gaps(self.situation))
        return self._gaps


def _gaps(situation: Situation) -> Iterator[tuple[str, tuple[Field, ...]]]:
    open_ = live(situation) & numbered(situation) & ~history(situation) & ~replied(situation) & ~quiet(situation)
    for case, gaps in find_gaps(situation, open_):
        yield case.id, gaps.fields[:MOST_MISSING]


def answered_fact(fact: Mapping[str, Any], answered: Sequence[tuple[str, str]], at: dt.datetime) -> dict[str, Any]:
    """What is remembered of a link once its answer was taken up."""
    record = replace(PageRecord.from_json(fact["record"]), answered=tuple(answered), answered_at=at.isoformat())
    return {**fact, "record": record.to_json()}
