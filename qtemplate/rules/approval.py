"""What a person approved: the digest of a reply, and whether a later mail may quote it. Pure.

An approval is bound to what the reply says and to whom. While the cells still hold those words, later mails of the same
cycle (M18, M19, M21) may quote them; after a change, or in a new cycle, they do without.
"""

from __future__ import annotations

from ..choices import ReplyType
from ..fields import PUBLIC, Field
from ..plan import FactName
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
            "says": {str(field): display(case.value(field), "en") for field in said},
        }
    )


def quotes_approved(case: Case) -> bool:
    """Whether the row still holds the words of a final reply that was approved in this cycle."""
    approved = case.fact(FactName.APPROVAL)
    final = case.value(Field.REPLY_TYPE) != ReplyType.IN_PROGRESS
    return final and approved is not None and approved == reply_print(case)
