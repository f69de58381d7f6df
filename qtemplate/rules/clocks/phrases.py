"""Clocks and limits in words: phrases that cells, findings and `explain` share. Pure."""

from __future__ import annotations

from ...choices import Clock, ClockState
from ...plan import Phrase
from ..rulebook import Limit


def state_phrase(state: ClockState, clock: Clock | None) -> Phrase:
    """What 时限状态 says: `超时：答复`, or the state alone where it needs no name."""
    if clock is not None and state in (ClockState.OVERDUE, ClockState.DUE_SOON):
        return Phrase.of("clock.state_of", state=state, clock=clock)
    return Phrase.of("clock.state", state=state)


def limit_phrase(limit: Limit, urgent: bool) -> Phrase:
    """A limit in words: `8 个工作小时`, for urgent rows `2 小时`."""
    unit = f"{limit.unit}_urgent" if urgent and limit.unit != "d" else limit.unit
    return Phrase.of(f"clock.limit_{unit}", number=limit.number)
