"""The figures of the chosen month: of each its name, its formula over the block of values, and its result."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from msgspec import Struct

from ...choices import Clock
from ...figures.month import TIMED
from ...figures.month_table import MonthTable
from ...plan import Phrase
from ...texts import say
from . import places as at
from .headers import month_word

NONE = "–"
"""What stands where there is no figure."""

Place = tuple[int, int] | None


@cache
def pick(name: str, where: str) -> str:
    """The value of a column in the row of the block that the cell `where` says."""
    return f"INDEX({at.values(name)},{where})"


def plain(number: float) -> int | float:
    """A whole number as one."""
    return int(number) if number == int(number) else number


class ShownFigure(Struct, frozen=True):
    """One line of the table of figures.

    Attributes:
        name: In a language.
        number_format: Of its cells.
        top: The columns whose sum it is, or its numerator.
        base: The column of its denominator, or of what it rests on; "" for a count.
        ratio: Whether it is top ÷ base; else the value of `top` where `base` is not 0.
    """

    name: Callable[[str], str]
    number_format: str
    top: tuple[str, ...]
    base: str = ""
    ratio: bool = True

    def formula(self, where: str) -> str:
        """Its formula, for a cell that says the row of the block; 0 there means that the block has none."""
        top = (
            f"SUM({','.join(pick(name, where) for name in self.top)})"
            if len(self.top) > 1
            else pick(self.top[0], where)
        )
        if not self.base:
            text = f'IF({top}="","{NONE}",{top})' if len(self.top) == 1 else top
        else:
            base = pick(self.base, where)
            text = f'IF({base}=0,"{NONE}",{f"{top}/{base}" if self.ratio else top})'
        return f'=IF({where}=0,"{NONE}",{text})'

    def value(self, table: MonthTable, place: Place) -> int | float | str:
        """What the formula gives."""
        if place is None:
            return NONE
        numbers = [table.number(name, place) for name in self.top]
        if not self.base:
            return NONE if numbers == [None] else plain(sum(number or 0 for number in numbers))
        base, top = table.number(self.base, place) or 0, numbers[0]
        if not base:
            return NONE
        return (top or 0) / base if self.ratio else plain(top or 0)


@cache
def shown_figures() -> tuple[ShownFigure, ...]:
    """All of them, in the order of the report."""

    def of_month(word: str) -> Callable[[str], str]:
        return lambda language: month_word(word, language)

    def of_clock(clock: Clock) -> Callable[[str], str]:
        return lambda language: say(Phrase.of("month.rate_clock", clock=clock), language)

    counts = tuple(
        ShownFigure(of_month(name), "0", tuple(f"{name}_{level}" for level in at.LEVELS))
        for name in ("received", "closed", "open")
    )

    def in_time(clock: Clock) -> ShownFigure:
        return ShownFigure(of_clock(clock), "0%", (f"{clock.value}_in_time",), f"{clock.value}_counted")

    clocks = tuple(in_time(clock) for clock in TIMED if clock is not Clock.CONFIRM)
    return (
        *counts,
        ShownFigure(of_month("reopened"), "0", ("reopened",)),
        ShownFigure(of_month("overdue"), "0", ("overdue",)),
        *clocks,
        ShownFigure(of_month("on_time_close"), "0%", ("closed_in_time",), "closed_counted"),
        ShownFigure(of_month("median"), "0.0", ("days_median",), "days_counted", ratio=False),
        ShownFigure(of_month("p90"), "0.0", ("days_p90",), "days_counted", ratio=False),
        ShownFigure(of_month("mean"), "0.0", ("days_mean",), "days_counted", ratio=False),
        ShownFigure(of_month("reopen_rate"), "0%", ("came_back",), "ended"),
        ShownFigure(of_month("recurrence"), "0%", ("recurred",), "fixes"),
        ShownFigure(of_month("satisfaction"), "0.0", ("score",), "answered"),
        ShownFigure(of_month("content"), "0%", ("content",), "answered"),
        ShownFigure(of_month("returned"), "0%", ("answered",), "asked"),
        in_time(Clock.CONFIRM),  # last: the figures before it keep the rows and formats they have in workbooks in use
    )
