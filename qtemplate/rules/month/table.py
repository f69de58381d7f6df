"""The months of a register by product, for the sheet that lets people choose one. Pure."""

from __future__ import annotations

import datetime as dt

from msgspec import Struct

from ...figures.month_table import MonthTable, make_month_table
from ..situation import Situation
from .look import declared, newest_month
from .rows import Past, figure_rows


class ManyMonths(Struct, frozen=True):
    """The months.

    Attributes:
        table: Their figures.
        newest: First day of the newest month that is over and has feedback; None for an empty register.
    """

    table: MonthTable
    newest: dt.date | None


def many_months(situation: Situation, past: Past | None = None) -> ManyMonths:
    """The months up to the situation's moment; `past` as for `look_at_month`."""
    rows = figure_rows(situation, past)
    table = make_month_table(rows, situation.now, declared(situation))
    return ManyMonths(table, newest_month(rows, situation.now) if table.periods else None)
