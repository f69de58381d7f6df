"""The step that tells the reporter of the closing (M21), in the night in which it closes. Pure."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ...choices import CloseType, Confirmation
from ...fields import Field
from ...plan import Message, Phrase, Plan
from ...plan.keys import MessageKey
from ...plan.look_back import CLOSED_NEWS
from ...plan.mail_kinds import MailKind
from ..approval import quotes_approved
from ..case import cases
from ..mail_facts import quoting_message, reporter, reporter_message
from ..outcomes import low_score
from ..situation import Situation
from ..standing import Mask, dates, equals, has, history, numbered, quiet


def tell_closed(situation: Situation) -> Plan:
    """M21, once a cycle."""
    rows = has(situation, Field.CLOSED_AT) & numbered(situation) & ~history(situation) & ~quiet(situation)
    return Plan(messages=tuple(_news(situation, rows)))


def _news(situation: Situation, rows: Mask) -> Iterator[Message]:
    since = situation.now - CLOSED_NEWS
    recent = dates(situation, Field.CLOSED_AT) >= np.datetime64(since)
    told = equals(situation, Field.CLOSE_TYPE, CloseType.SOLVED, CloseType.EXPLAINED, CloseType.IMPROVEMENT)
    told = told & ~low_score(situation)  # whoever is dissatisfied is spoken to, not thanked
    for case in cases(situation, rows & recent & told):
        key, to = MessageKey.about(MailKind.CLOSED, case.id, cycle=case.cycle), reporter(case)
        if key not in situation.memory.sent and to is not None:
            silent = bool(case.value(Field.CONFIRMATION) == Confirmation.SILENT)
            because, make = Phrase("because.closed"), quoting_message if quotes_approved(case) else reporter_message
            yield make(case, MailKind.CLOSED, key, to, because, silent=silent)
