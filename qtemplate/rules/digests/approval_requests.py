"""The reply that waits, in a mail of its own that its approver can answer. Pure.

Made only where a mailbox is read. The key names the digest of what the reply says and to whom: an answer to this mail
approves those words and no others.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...plan import Message, Phrase
from ...plan.keys import MessageKey
from ...plan.mail_kinds import MailKind
from ..approval import EDITION, reply_print
from ..approving.approvers import may_be_asked
from ..case import Case
from ..mail_facts import insider_message
from .call_sheet import reply_facts


def ask_for_approval(case: Case) -> Iterator[Message]:
    """M17 to whoever approves a reply of that level, once for each edition of it."""
    memory = case.situation.memory
    if not memory.answerable or case.row in case.situation.quiet:
        return
    for reached in may_be_asked(case):
        key = MessageKey.about(MailKind.APPROVAL, case.id, reply_print(case)[:EDITION], reached.person.mail)
        if key not in memory.sent:
            because, facts = Phrase("because.to_approve"), reply_facts(case)
            yield insider_message(
                case, MailKind.APPROVAL, key, reached.person, because, reply=facts, instead_of=reached.absent
            )
