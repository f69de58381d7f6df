"""Phrases of a look that makes no run. key -> (zh, en). Data only."""

from __future__ import annotations

IDLE_REASONS: dict[str, tuple[str, str]] = {
    "idle.same": (
        "{at} 的运行之后没有任何变化，{until} 之前也没有到期的事，这次不必运行。{people}",
        "Nothing has changed since the run at {at}, and nothing is due before {until}: there is nothing to run. {people}",
    ),
    "idle.people": ("仍有 {n} 个问题等人处理。", "{n} {n:finding still needs|findings still need} a person."),
    "idle.person": ("仍有 1 个问题等人处理。", "1 finding still needs a person."),
}
