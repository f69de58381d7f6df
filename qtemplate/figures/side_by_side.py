"""The few figures of a month that registers are held side by side with: small enough to be kept with the state."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from msgspec import Struct

from .month_table import MonthTable

Share = tuple[int, int]
"""Of a rate: in time, and counted."""

MONTHS = 2
"""The month of the run and the one before it."""


class MonthLine(Struct, frozen=True):
    """A month of a register, or of several together.

    Attributes:
        month: Its first day.
        received, closed: In the month, as far as it has gone.
        open: At its end, or at the moment of the run.
        overdue: Of these, past the limit of the final reply; None where no rule sets one.
        respond: First responses in time, of those of the month's feedback that are due.
        close: Closed in time, of what was closed or to be closed in the month.
    """

    month: dt.date
    received: int
    closed: int
    open: int
    overdue: int | None
    respond: Share
    close: Share


def month_lines(table: MonthTable) -> tuple[MonthLine, ...]:
    """The newest months of a register, oldest first; none of an empty one."""

    def line(month: dt.date) -> MonthLine:
        at = table.at(month, "")

        def number(name: str) -> int:
            return int(table.number(name, at) or 0)

        late = table.number("overdue", at)
        return MonthLine(
            month,
            number("received"),
            number("closed"),
            number("open"),
            None if late is None else int(late),
            (number("respond_in_time"), number("respond_counted")),
            (number("closed_in_time"), number("closed_counted")),
        )

    return tuple(line(period.start.date()) for period in table.periods[-MONTHS:])


def together(lines: Iterable[MonthLine]) -> MonthLine | None:
    """The same month of several registers as one; None of none."""
    found = tuple(lines)
    if not found:
        return None
    late = [line.overdue for line in found if line.overdue is not None]
    return MonthLine(
        found[0].month,
        sum(line.received for line in found),
        sum(line.closed for line in found),
        sum(line.open for line in found),
        sum(late) if late else None,
        _sum(line.respond for line in found),
        _sum(line.close for line in found),
    )


def _sum(shares: Iterable[Share]) -> Share:
    pairs = tuple(shares)
    return sum(hits for hits, _ in pairs), sum(counted for _, counted in pairs)
