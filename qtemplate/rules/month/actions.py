"""The actions of 措施跟踪 that are not done. Pure."""

from __future__ import annotations

import datetime as dt

from msgspec import Struct

from ..rulebook import LogRow
from ..situation import Situation


class OpenAction(Struct, frozen=True):
    """An action without a date in 实际完成.

    Attributes:
        id: The feedback; "" for an improvement that belongs to none.
        kind: Its word's code, such as `corrective`; "" for none.
        text, owner: "" for nothing.
        due: None where nobody planned a day.
        late: Its day is over.
    """

    id: str
    kind: str
    text: str
    owner: str
    due: dt.date | None
    late: bool


def open_actions(situation: Situation) -> tuple[OpenAction, ...]:
    """Late ones first, the earliest day first; those without a day come last."""
    today = situation.now.date()
    found = [_action(row, today) for row in situation.rulebook.logs.get("actions", ()) if not row.text("done")]
    return tuple(sorted((each for each in found if each.text), key=_order))


def _action(row: LogRow, today: dt.date) -> OpenAction:
    due = row.values.get("due")
    day = due.date() if isinstance(due, dt.datetime) else due if isinstance(due, dt.date) else None
    late = day is not None and day < today
    return OpenAction(row.id, row.text("kind"), row.text("text"), row.text("owner"), day, late)


def _order(action: OpenAction) -> tuple[bool, dt.date, str]:
    return action.due is None, action.due or dt.date.max, action.id
