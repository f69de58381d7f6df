"""What is kept of each decision about a reply: who decided, by which way, on which words. Pure.

An answer by mail is proved by its Message-ID, its sender, what the own mail server found about the sender, and the
digest of what it said. A word typed into the cell has a witness only: whoever saved the file last when it was first
seen.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...choices import Approval
from ...fields import Field
from ...plan import FactName, Remember
from ...plan.received import Received
from ..case import Case

MOST_KEPT = 50
"""Decisions about one feedback; the oldest go first."""


def decisions_of(case: Case) -> list[Mapping[str, Any]]:
    """What was decided about the replies of a feedback, oldest first."""
    kept = case.fact(FactName.APPROVED_BY, [])
    return [kept] if isinstance(kept, Mapping) else list(kept)


def decided_by_mail(case: Case, item: Received, word: Approval, reply: str, why: str = "") -> Remember:
    """The evidence of an answer.

    Args:
        case: The feedback.
        item: The mail.
        word: What it decides.
        reply: Digest of the reply that was decided about.
        why: The reason of a return.
    """
    mail = item.content
    told = {"way": "mail", "word": word.value, "reply": reply, "at": item.at.isoformat(), "why": why}
    proof = {"sender": mail["sender"], "message_id": item.key, "auth": mail["auth"], "digest": item.digest}
    return _kept(case, {**told, "who": mail["name"] or mail["sender"], **proof})


def decided_in_cell(case: Case, reply: str) -> tuple[Remember, ...]:
    """The evidence of a word that stands in 答复审批 for the first time with these words of the reply.

    Nothing where an answer by mail put it there.
    """
    word = str(case.value(Field.REPLY_APPROVAL))
    known = decisions_of(case)
    if known and (known[-1]["word"], known[-1]["reply"]) == (word, reply):
        return ()
    situation = case.situation
    told = {
        "way": "cell",
        "word": word,
        "reply": reply,
        "at": situation.now.isoformat(),
        "who": situation.register.saved_by,
    }
    return (_kept(case, told),)


def why_returned(case: Case) -> str:
    """The reason that came with the last return by mail; "" where there is none."""
    known = decisions_of(case)
    returned = bool(known) and known[-1]["word"] == Approval.REJECTED
    return str(known[-1].get("why", "")) if returned else ""


def _kept(case: Case, decision: Mapping[str, Any]) -> Remember:
    return case.remember(FactName.APPROVED_BY, [*decisions_of(case), decision][-MOST_KEPT:])
