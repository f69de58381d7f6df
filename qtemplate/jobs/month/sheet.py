"""What a round of a run writes into 统计; nothing for a workbook without that sheet."""

from __future__ import annotations

from msgspec.structs import replace

from ...apply import Workspace
from ...ooxml.reading.book import Book
from ...rules.empty_words import example_rows
from ...rules.month.table import ManyMonths, many_months
from ...rules.situation import Situation
from ...sheets.statistics.body import is_ours
from .gather import known_past
from .volume_file import with_volume_file


def months_of(workspace: Workspace, book: Book, after: Situation) -> ManyMonths | None:
    """The figures by month and product.

    Args:
        workspace: For what the journal knows of former days.
        book: The workbook as it was read.
        after: The situation with the plan of the round in force.
    """
    if not is_ours(book):
        return None
    rulebook, _ = with_volume_file(workspace.config.workspace, after.rulebook)
    situation = replace(after, rulebook=rulebook, examples=example_rows(after.register))
    return many_months(situation, known_past(workspace.journal, after.memory, workspace.config.register.time_zone))
