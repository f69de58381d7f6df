"""What a person approved: the digest of a reply, and whether a later mail may quote it. Pure.

An approval is bound to what the reply says and to whom. While the cells still hold those words, later mails of the same
cycle (M18, M19, M21) may quote them; after a change, or in a new cycle, they do without.

A cell that says 批准 already cannot say it once more, so there are two words for it: where one of them stands and is
older than what the reply says now, the other approves the reply as it is now.
"""

from __future__ import annotations

from ..choices import Approval, ReplyType
from ..fields import PUBLIC, Field
from ..plan import FactName, Phrase, Remember
from ..plan.replies import REPLY_OF
from ..texts.display import display
from .case import Case
from .mail_facts import fingerprint, reporter

SAID = tuple(
    field
    for field in PUBLIC
    if field not in (Field.RESPOND_BY, Field.RESOLVE_BY, Field.CONTACT, Field.RECEIVED_AT, Field.CHANNEL)
)
"""What the digest of an approval covers; deadlines and the contact's name may change without asking again."""

SAID_IN_PROGRESS = tuple(field for field in SAID if field not in REPLY_OF[ReplyType.SOLVED].must)
"""What the digest of a reply in progress covers."""


EDITION = 8
"""How much of a reply's digest tells its editions apart in a key."""


def reply_print(case: Case) -> str:
    """The digest of what the reply says, and to whom.

    A reply in progress does not speak of the solution, so that one typed after it has left asks for nothing. Before
    that was so, its approval covered the solution as well; such an approval stands while it still fits.
    """
    if case.value(Field.REPLY_TYPE) != ReplyType.IN_PROGRESS:
        return _print(case, SAID)
    own, approved = _print(case, SAID_IN_PROGRESS), case.fact(FactName.APPROVAL)
    if approved is None or approved == own:
        return own
    former = _print(case, SAID)
    return former if approved == former else own


def _print(case: Case, said: tuple[Field, ...]) -> str:
    to = reporter(case)
    return fingerprint(
        {
            "to": to.mail if to else "",
            "kind": str(case.value(Field.REPLY_TYPE)),
            "cycle": case.cycle,
            "way": str(case.value(Field.CONTACT_WAY)),
            # a column that came later is printed where it is filled: approvals from before it stand
            "says": {
                str(field): display(case.value(field), "en")
                for field in said
                if field is not Field.OWN_NUMBER or case.value(field) is not None
            },
        }
    )


GIVEN = (Approval.APPROVED, Approval.AGAIN)
"""The two words of an approval."""


def is_approved(case: Case) -> bool:
    """Whether 答复审批 approves, be it what the reply says now or what it said before."""
    return case.value(Field.REPLY_APPROVAL) in GIVEN


def is_returned(case: Case) -> bool:
    """Whether 答复审批 sends back what the reply says now; once it says something else it waits for approval again."""
    about = case.fact(FactName.RETURNED_REPLY)
    return case.value(Field.REPLY_APPROVAL) == Approval.REJECTED and about in (None, reply_print(case))


def is_outdated(case: Case) -> bool:
    """Whether the approval is older than what the reply says now, or to whom."""
    bound, word = case.fact(FactName.APPROVAL), case.value(Field.REPLY_APPROVAL)
    return word in GIVEN and bound not in (None, reply_print(case)) and word == _word_bound(case)


def bind_approval(case: Case) -> tuple[Remember, ...]:
    """What is to be remembered of an approval that stands: for which words it is, and which word it is."""
    print_, word = reply_print(case), case.value(Field.REPLY_APPROVAL)
    facts = [] if case.fact(FactName.APPROVAL) == print_ else [case.remember(FactName.APPROVAL, print_)]
    if word != _word_bound(case):
        facts.append(case.remember(FactName.APPROVAL_WORD, None if word == Approval.APPROVED else word))
    return tuple(facts)


def how_to_approve_again(case: Case) -> Phrase:
    """What a person has to do so that an outdated approval is one of the reply as it is now."""
    other = word_to_approve(case)
    return Phrase("approval.empty_first") if other is None else Phrase.of("approval.choose_other", other=other)


def word_to_approve(case: Case) -> Approval | None:
    """The word that approves the reply as it is now; None where a workbook has no other one than stands there."""
    if case.value(Field.REPLY_APPROVAL) != Approval.APPROVED:
        return Approval.APPROVED
    known = case.situation.rulebook.lists.get(Field.REPLY_APPROVAL)
    return Approval.AGAIN if known is None or Approval.AGAIN in known.values() else None  # in use, and not upgraded


def _word_bound(case: Case) -> str:
    return str(case.fact(FactName.APPROVAL_WORD, Approval.APPROVED))


def quotes_approved(case: Case) -> bool:
    """Whether the row still holds the words of a final reply that was approved in this cycle."""
    approved = case.fact(FactName.APPROVAL)
    final = case.value(Field.REPLY_TYPE) != ReplyType.IN_PROGRESS
    return final and approved is not None and approved == reply_print(case)
