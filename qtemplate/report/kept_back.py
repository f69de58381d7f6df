"""What a run did not do, once a reason: how many actions, why, and what to do about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from msgspec import Struct

from ..plan import Outcome, Phrase, Result
from ..texts import say
from ..texts.reasons import REASONS

KNOWN = "run.known"
"""Done by an earlier run: nothing was kept back."""

CELLS = frozenset({"edit", "row"})
"""Actions that change the workbook."""


class KeptBack(Struct, frozen=True):
    """Actions of a run that were not done, all for one reason.

    Args:
        result: What became of them.
        reason: Why.
        of: Kind of action -> how many: edit, row, form, message.
    """

    result: Result
    reason: Phrase
    of: dict[str, int]

    @property
    def count(self) -> int:
        return sum(self.of.values())

    @property
    def waits(self) -> bool:
        """Whether it is to be done all the same."""
        return self.result in (Result.DEFERRED, Result.FAILED)

    @property
    def cells(self) -> bool:
        """Whether it is the workbook that waits."""
        return self.waits and not CELLS.isdisjoint(self.of)


def kept_back(outcomes: Iterable[Outcome]) -> tuple[KeptBack, ...]:
    """What was not done, by reason; what waits comes first, then by number."""
    counted: dict[tuple[Result, Phrase], Counter[str]] = {}
    for each in outcomes:
        if each.result is not Result.DONE and each.reason is not None and each.reason.key != KNOWN:
            counted.setdefault((each.result, each.reason), Counter())[each.action] += 1
    found = [KeptBack(result, reason, dict(of)) for (result, reason), of in counted.items()]
    return tuple(sorted(found, key=lambda each: (not each.waits, -each.count)))


def what_to_do(kept: KeptBack, language: str) -> str:
    """What a person can do about it; "" where it comes by itself or a finding says it."""
    return say(todo, language) if (todo := _todo(kept)) else ""


def as_phrase(kept: KeptBack) -> Phrase:
    """The whole of it as one sentence: what, why, what to do."""
    return Phrase.of(
        "kept_back.line",
        result=Phrase(f"kept_back.{kept.result.value}"),
        what=tuple(Phrase.of(f"kept_back.{action}", n=f"{n:,}") for action, n in kept.of.items()),
        why=kept.reason,
        do=_todo(kept) or "",
    )


def _todo(kept: KeptBack) -> Phrase | None:
    key = f"{kept.reason.key}_do"
    return Phrase(key) if key in REASONS else None
