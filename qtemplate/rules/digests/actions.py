"""Actions of 措施跟踪: which are still to be done, which are due, and who is told of each. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from msgspec import Struct

from ...plan import Phrase
from ...texts.display import display
from ..case import Case, case_by_id
from ..rulebook import LogRow
from ..situation import Situation
from ..standing import Mask

DAYS_AHEAD = 3
"""So many days before an action is due its owner is told; over a weekend that is the working day before."""

MOST_SHOWN = 40
"""Characters of an action that stand in a digest."""

IMPROVEMENT = "improvement"


class Due(Struct, frozen=True):
    """An action that is due.

    Attributes:
        row: Its row of 措施跟踪.
        case: The feedback.
        owner: Who has to do it, as it stands there.
        left: Days until it is due; negative = late.
        todo: What is asked of them.
    """

    row: int
    case: Case
    owner: str
    left: int
    todo: Phrase


def is_open(action: LogRow) -> bool:
    """Whether an action is still to be done."""
    return action.values.get("done") is None


def is_unproven(action: LogRow) -> bool:
    """Whether an action keeps its feedback open: not done, or done without evidence; one that was moved does not."""
    if action.values.get("kind") == IMPROVEMENT:
        return False
    return is_open(action) or not (action.text("evidence") or action.text("effect"))


def actions_due(situation: Situation, rows: Mask) -> Iterator[Due]:
    """The open actions of these rows that are overdue or due within `DAYS_AHEAD`, in sheet order."""
    today = situation.now.date()
    for action in situation.rulebook.logs.get("actions", ()):
        due = action.values.get("due")
        if not isinstance(due, dt.date) or not is_open(action) or not action.id:
            continue
        left = (due - today).days
        case = case_by_id(situation, action.id) if left <= DAYS_AHEAD else None
        if case is not None and rows[case.place]:
            todo = _todo(action, display(due, situation.register.language), left)
            yield Due(action.row, case, action.text("owner"), left, todo)


def _todo(action: LogRow, due: str, left: int) -> Phrase:
    text = action.text("text")
    shown = text if len(text) <= MOST_SHOWN else text[: MOST_SHOWN - 1] + "…"
    key = "todo.action_late" if left < 0 else "todo.action_soon"
    return Phrase.of(key, action=shown, due=due, days=-left)
