"""The month in the nightly run: told on its first working day, and not looked at on any other."""

from __future__ import annotations

from msgspec.structs import replace

from ...apply import Workspace
from ...plan import Plan
from ...rules.empty_words import example_rows
from ...rules.month.look import look_at_month
from ...rules.month.news import month_news, month_to_tell
from ...rules.situation import Situation
from .gather import known_past
from .volume_file import with_volume_file


def tell_month(workspace: Workspace, after: Situation) -> Plan:
    """Mails, findings and proposed improvements of the month that is over; nothing on most days.

    Args:
        workspace: For what the journal knows of former days.
        after: With the plan of the round in force.
    """
    month = month_to_tell(after)
    if month is None or after.memory.unknown:
        return Plan()
    rulebook, findings = with_volume_file(workspace.config.workspace, after.rulebook)
    situation = replace(after, rulebook=rulebook, examples=example_rows(after.register))
    past = known_past(workspace.journal, after.memory, workspace.config.register.time_zone)
    return Plan(findings) + month_news(look_at_month(situation, month, past))
