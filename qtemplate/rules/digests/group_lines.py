"""What a group is told: number, level, clock and owner of what is late or soon due, nothing of a customer's. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
from msgspec import Struct

from ...choices import ClockState, Level
from ...fields import Field
from ...register import is_missing, label_of
from ..case import Case, cases
from ..situation import Situation
from ..standing import Mask, has, history, level_in, live, numbered, quiet


class GroupLine(Struct, frozen=True):
    """One feedback: what tells its news apart from that of another moment, and its words in order."""

    id: str
    news: str
    words: tuple[str, ...]


def group_lines(after: Situation, departments: Collection[str], *, urgent: bool) -> Sequence[GroupLine]:
    """The lines of a group, overdue first.

    Args:
        after: With the run's edits.
        departments: Whose feedback; none = everybody's.
        urgent: Only what is urgent and late, or about to be.
    """
    language = after.register.language
    rows = live(after) & numbered(after) & ~quiet(after) & ~history(after) & has(after, Field.CLOCK)
    if urgent:
        rows = rows & level_in(after, Level.URGENT)
    late, soon = _begins(after, ClockState.OVERDUE), _begins(after, ClockState.DUE_SOON)
    found = [*cases(after, rows & late), *cases(after, rows & soon)]
    wanted = (case for case in found if not departments or case.value(Field.DEPARTMENT) in departments)
    return [_line(case, language) for case in wanted]


def _begins(after: Situation, state: ClockState) -> Mask:
    label = state.label(after.register.language)
    texts = after.frame[Field.CLOCK].tolist()
    return np.array([isinstance(text, str) and text.startswith(label) for text in texts], dtype=bool)


def _line(case: Case, language: str) -> GroupLine:
    level, clock = label_of(Field.LEVEL, case.value(Field.LEVEL), language), str(case.value(Field.CLOCK))
    owner = case.value(Field.OWNER)
    words = (case.id, str(level or ""), clock, "" if is_missing(owner) else str(owner))
    return GroupLine(case.id, f"{clock}/{case.cycle}", words)
