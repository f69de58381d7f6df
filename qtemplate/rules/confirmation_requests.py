"""Whom M18 asks whether it is solved: the rows, and those whose request is due and has not gone yet. Pure."""

from __future__ import annotations

import datetime as dt

import numpy as np

from ..choices import Level
from ..fields import Field
from ..plan import FactName, Recipient
from ..plan.keys import MessageKey
from ..plan.mail_kinds import MailKind
from .case import Case, cases
from .mail_facts import reporter
from .outcomes import answered
from .situation import Situation
from .standing import Mask, ends_without_solution, history, level_in, live, numbered, quiet, replied


def unconfirmed(situation: Situation) -> Mask:
    """Rows whose solution went to the reporter, who has not answered."""
    rows = live(situation) & replied(situation) & numbered(situation) & ~history(situation) & ~quiet(situation)
    rows &= ~level_in(situation, Level.MINOR) & ~ends_without_solution(situation)
    return rows & ~answered(situation, Field.CONFIRMATION)


def asked_by_mail(case: Case) -> Recipient | None:
    """Whom the request goes to; None where only a call can ask, and where owner and reporter are one.

    An address from which mail about this feedback came back is as good as none.
    """
    to, owner = reporter(case), case.person(Field.OWNER)
    own = to is not None and owner is not None and owner.mail.lower() == to.mail.lower()
    fails = to is not None and case.fact(FactName.CAME_BACK.of(to.mail.casefold())) is not None
    return None if own or fails else to


def was_heard(case: Case, since: dt.datetime | None) -> bool:
    """Whether the reporter wrote after being asked: that is no silence, whatever it says, and a person reads it."""
    heard = case.fact(FactName.HEARD)
    return heard is not None and heard[3] == case.cycle and (since is None or heard[0] >= since.isoformat())


def request_key(case: Case) -> MessageKey:
    """M18 of the row's cycle."""
    return MessageKey.about(MailKind.CONFIRMATION, case.id, cycle=case.cycle)


def is_due(case: Case) -> bool:
    """A day is left for the reply to be read."""
    return bool(case.value(Field.REPLIED_AT).date() < case.situation.now.date())


def being_asked(situation: Situation) -> Mask:
    """Rows whose M18 leaves in this run: 确认 has nothing to wait for before."""
    mask = np.zeros(len(situation.frame), dtype=bool)
    for case in cases(situation, unconfirmed(situation)):
        mask[case.place] = (
            request_key(case) not in situation.memory.sent and is_due(case) and asked_by_mail(case) is not None
        )
    return mask
