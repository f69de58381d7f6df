"""The board, as each run leaves it for the screen in the hall."""

from __future__ import annotations

from msgspec.structs import replace

from ...apply import Workspace
from ...config import BoardAccess
from ...plan import Finding, Phrase, Severity
from ...report.board_page import board_page
from ...rules.empty_words import example_rows
from ...rules.month.board import look_at_board
from ...rules.situation import Situation
from ..month.gather import known_past


def keep_board(workspace: Workspace, after: Situation) -> tuple[Finding, ...]:
    """Writes `web/export/board.html`, or takes it away where none is wanted; what hindered it is said (QT870).

    The figures it shows need no volumes, so `volumes.csv` is not read.

    Args:
        workspace: Held.
        after: The situation as the run left it.
    """
    config = workspace.config
    board = None
    if config.web.board is not BoardAccess.OFF:
        situation = replace(after, examples=example_rows(after.register))
        past = known_past(workspace.journal, after.memory, config.register.time_zone)
        board = board_page(look_at_board(situation, past), str(config.register.language))
    try:
        workspace.ends.export_board(board)
    except OSError as problem:
        facts = (("problem", Phrase.of("quoted", problem=problem.strerror or str(problem))),)
        return (Finding("QT870", Severity.ERROR, facts=facts),)
    return ()
