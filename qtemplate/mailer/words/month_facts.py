"""Facts of the mails about a month (M23, M26). Data only."""

from __future__ import annotations

from .fact_shapes import Fact
from .shared_facts import L, N, R, text

MONTH = text("month", "the month, such as 2026-10")

SIGNALS = Fact(
    "signals",
    R,
    "what stands out",
    True,
    (
        text("what", "a sentence: which figure, when or since when, and how far"),
        text("ids", "numbers of the rows behind it, the first twelve", False),
        Fact("more", N, "rows not listed", False),
    ),
)

THE_MONTH = (
    Fact("to_do", L, "sentences: what to do, the most pressing first", False),
    Fact("changes", L, "sentences: what is different from the month before", False),
    Fact(
        "figures",
        R,
        "the figures",
        True,
        (text("label", "what"), text("value", "in the month"), text("before", "in the month before")),
    ),
    Fact(
        "first",
        R,
        "open feedback that needs somebody first, ten at the most",
        False,
        (
            text("id", "its number"),
            text("title", "what it is about", False),
            text("level", "label", False),
            text("owner", "name", False),
            text("late", "which clock, and how late it is or how much is left"),
            text("todo", "what to do"),
        ),
    ),
)
