"""What a run of a workspace on a server leaves of its months, so that a fleet's page opens no workbook."""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from ...apply import Workspace
from ...figures.side_by_side import MonthLine, month_lines
from ...journal import Journal
from ...rules.empty_words import example_rows
from ...rules.month.table import many_months
from ...rules.situation import Situation
from .gather import known_past

MONTHS = "months"
"""Setting: the newest months of the register, as JSON."""


def remember_months(workspace: Workspace, after: Situation) -> None:
    """Keeps the figures of the months; nothing for a workspace whose state lies in a file: it is alone.

    Args:
        workspace: Held by a run.
        after: The situation at the end of the run.
    """
    if workspace.config.state.url is None:
        return
    zone = workspace.config.register.time_zone
    situation = replace(after, examples=example_rows(after.register))
    months = many_months(situation, known_past(workspace.journal, after.memory, zone))
    text = msgspec.json.encode(month_lines(months.table)).decode()
    if text != workspace.journal.setting(MONTHS):
        workspace.journal.set_setting(MONTHS, text)


def recall_months(journal: Journal) -> tuple[MonthLine, ...]:
    """What the last run left; nothing where it was one of an earlier version, or there was none."""
    return msgspec.json.decode(journal.setting(MONTHS) or "[]", type=tuple[MonthLine, ...])
