"""The step that asks the reporter whether it is solved (M18, M19), and tells of reopening (M20).

Pure. One request and one reminder per cycle; silence after both counts as no objection, and the reporter is told.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import numpy as np
from msgspec.structs import replace

from ...choices import Clock, Confirmation
from ...fields import Field
from ...plan import Message, Phrase, Plan, Recipient
from ...plan.keys import MessageKey
from ...plan.mail_kinds import MailKind
from ...register import is_missing
from ...texts.display import display
from ..approval import quotes_approved
from ..case import Case, case_by_id, cases
from ..clocks.times import after_limit
from ..confirmation_requests import asked_by_mail, is_due, request_key, unconfirmed, was_heard
from ..forms.due import follow_up_form
from ..mail_facts import quoting_message, reporter, reporter_message
from ..propose import propose
from ..situation import Situation
from ..standing import (
    Mask,
    cycles,
    has,
    history,
    live,
    moments_by_id,
    numbered,
    quiet,
)


def confirm(situation: Situation) -> Plan:
    """Confirmation mails, confirm_sent_at (A), the silence rule, news of reopening."""
    writable = numbered(situation) & ~history(situation) & ~quiet(situation)
    plan = _sent(situation)
    plan += Plan.join(_request(case) for case in cases(situation, unconfirmed(situation)))
    return plan + Plan(messages=tuple(_reopening_news(situation, live(situation) & writable)))


def _key(kind: MailKind, case: Case) -> MessageKey:
    return MessageKey.about(kind, case.id, cycle=case.cycle)


def _sent(situation: Situation) -> Plan:
    """confirm_sent_at: when M18 of this cycle went out."""
    sent: dict[str, dt.datetime] = {}
    for key, id, at in situation.memory.went(MailKind.CONFIRMATION):
        case = case_by_id(situation, id)
        if case is not None and key.cycle == case.cycle:
            sent[id] = at
    if not sent:
        return Plan()
    moments = moments_by_id(situation, sent)
    rows = ~np.isnat(moments) & ~has(situation, Field.CLOSED_AT)
    return propose(situation, Field.CONFIRM_SENT_AT, moments, Phrase("because.confirm_sent"), rows=rows)


def _request(case: Case) -> Plan:
    """The request, its reminder, or after both the silence that counts as no objection."""
    to = asked_by_mail(case)
    if to is None:
        return Plan()
    now, level = case.situation.now, case.value(Field.LEVEL)
    rulebook, mails = case.situation.rulebook, case.situation.memory.sent
    sent, reminded = mails.get(request_key(case)), mails.get(_key(MailKind.REMINDER, case))
    if sent is None:
        if not is_due(case):
            return Plan()
        return _ask(case, MailKind.CONFIRMATION, to, after_limit(rulebook, level, Clock.CONFIRM, now))
    if was_heard(case, sent.at):
        return Plan()
    if reminded is None:
        due = after_limit(rulebook, level, Clock.CONFIRM, sent.at)
        if due is None or now < due:
            return Plan()
        return _ask(case, MailKind.REMINDER, to, after_limit(rulebook, level, Clock.SILENCE, now))
    silent = after_limit(rulebook, level, Clock.SILENCE, reminded.at)
    if silent is None or now < silent:
        return Plan()
    because = Phrase.of("because.silence", since=sent.at)
    return Plan(edits=(case.edit(Field.CONFIRMATION, Confirmation.SILENT.value, because),))


def _ask(case: Case, kind: MailKind, to: Recipient, by: dt.datetime | None) -> Plan:
    shown = "" if by is None else display(dt.datetime.combine(by.date(), dt.time()), case.language)
    because, make = Phrase("because.replied"), quoting_message if quotes_approved(case) else reporter_message
    form = follow_up_form(case)
    more = {} if form is None else {"form": form.facts["file"]}
    message = make(case, kind, _key(kind, case), to, because, reply_by=shown, **more)
    if form is None:
        return Plan(messages=(message,))
    new = () if form.key in case.situation.memory.made else (form,)
    return Plan(messages=(replace(message, forms=(form.key,)),), forms=new)


def _reopening_news(situation: Situation, rows: Mask) -> Iterator[Message]:
    for case in cases(situation, rows & (cycles(situation) > 1)):
        key, to = _key(MailKind.REOPENED, case), reporter(case)
        if key not in situation.memory.sent and to is not None and is_missing(case.value(Field.REPLIED_AT)):
            facts = {"times": case.cycle - 1, **_promise(case)}
            yield reporter_message(case, MailKind.REOPENED, key, to, Phrase("because.reopened"), **facts)


def _promise(case: Case) -> dict[str, str]:
    """The limit of the new reply, counted from the reopening; a mail does not promise what is past."""
    situation = case.situation
    by = after_limit(situation.rulebook, case.value(Field.LEVEL), Clock.RESOLVE, case.reopened_at)
    return {} if by is None or by <= situation.now else {"reply_by": display(by, case.language)}
