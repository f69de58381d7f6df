"""The month in the nightly run: told on its first working day, and not looked at on any other."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from msgspec.structs import replace

from ...plan import Plan
from ...rules.empty_words import example_rows
from ...rules.month.look import look_at_month
from ...rules.month.news import month_news, month_to_tell
from .gather import known_past
from .volume_file import with_volume_file

if TYPE_CHECKING:
    from ...apply import Workspace
    from ...plan.keys import MessageKey
    from ...rules.situation import Situation


def tell_month(workspace: Workspace, after: Situation, waiting: Collection[MessageKey], *, due: bool = True) -> Plan:
    """Mails, findings and proposed improvements of the month that is over; nothing on most days.

    Args:
        workspace: For what the journal knows of former days.
        after: With the plan of the round in force.
        waiting: Keys of mails that have not gone. Those of a month are asked for again on any day, for a month that is
            over stays so.
        due: Whether a month is told that nobody was told of.
    """
    month = month_to_tell(after) if due else None
    others = {key.month for key in waiting} - {None, month}
    if (month is None and not others) or after.memory.unknown:
        return Plan()
    rulebook, findings = with_volume_file(workspace.config.workspace, after.rulebook)
    situation = replace(after, rulebook=rulebook, examples=example_rows(after.register))
    past = known_past(workspace.journal, after.memory, workspace.config.register.time_zone)
    plan = Plan() if month is None else Plan(findings) + month_news(look_at_month(situation, month, past))
    for other in sorted(each for each in others if each is not None):
        news = month_news(look_at_month(situation, other, past))
        # outside a night whoever waits is found by name, too: an address may have been corrected
        plan += Plan(messages=tuple(message for message in news.messages if not due or message.key in waiting))
    return plan
