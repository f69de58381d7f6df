"""Later generations of mails, and what a person asked for: recipients are held against today's register.

The first generation has gone, so the rules do not ask for the mail again, and asking them as if it had never been made
must change nothing in the register. They are asked in a look of their own, which is made only when such a mail waits.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from ...mailer.outbox.entry import OutboxEntry
from ...plan import Message
from ...plan.keys import MessageKey
from ...plan.mail_kinds import MailKind
from ...rules.situation import Situation
from .recipients import addresses_of, may_go_outside, not_theirs


def outdated_later(
    later: Mapping[str, OutboxEntry], by_person: Collection[str], made: Mapping[MessageKey, Message], after: Situation
) -> dict[str, str]:
    """Entry key -> why it must not go as it is.

    Args:
        later: The entries, by key.
        by_person: Keys of those that a person asked for.
        made: What the rules would ask for if none of them had ever been made.
        after: The register as it stands.
    """
    outdated: dict[str, str] = {}
    for key, entry in later.items():
        message = made.get(entry.key.base)
        if message is not None:
            if {each.lower() for each in entry.envelope} - addresses_of(message):
                outdated[key] = f"it is for {', '.join(sorted(addresses_of(message)))} now"
        elif why := _past(entry, after) or not_theirs(entry, after):
            outdated[key] = why
        elif key not in by_person and not may_go_outside(entry) and entry.kind != MailKind.TRANSFER:
            outdated[key] = "the register no longer asks for it"
    return outdated


def _past(entry: OutboxEntry, after: Situation) -> str:
    """Why a mail comes too late; "" when it does not."""
    day, begins = entry.key.day, entry.key.begins
    if day is not None and day != after.now.date():
        return f"it says how things stood on {day}"
    return "the meeting has begun" if begins is not None and begins <= after.now else ""
