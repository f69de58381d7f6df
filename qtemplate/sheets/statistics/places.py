"""Where everything stands on 统计: the cells of the choice, the tables of the charts, the block of values."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from ...choices import Level
from ...figures.month import TIMED
from ...figures.month_table import MOST_MONTHS, MOST_PRODUCTS, MOST_VALUES, RANKED, level_key
from ...ooxml.references import column_name

CHOICE_ROW, COUNT_ROW, HEAD_ROW, FIRST_ROW = 3, 4, 5, 6
TABLE_ROWS = 24
"""Rows of a table that a chart shows: so many months, or values of a Pareto."""

LAST_TABLE_ROW = FIRST_ROW + TABLE_ROWS - 1
LAST_ROW = FIRST_ROW + MOST_MONTHS * (1 + MOST_PRODUCTS) - 1
LAST_MONTH_ROW, LAST_PRODUCT_ROW = FIRST_ROW + MOST_MONTHS - 1, FIRST_ROW + MOST_PRODUCTS

MONTH_NAME, PRODUCT_NAME = "chosen_month", "chosen_product"
"""Names on 统计 for the two cells on 看板 in which people choose; so they may be moved."""

LEVELS = tuple(level_key(level) for level in (*Level, None))


def _following(first: int, names: Iterator[str] | tuple[str, ...]) -> dict[str, int]:
    return {name: at for at, name in enumerate(names, first)}


FIGURE_COLUMNS = {"name": 1, "this": 2, "base": 3, "before": 4}
"""The figures of the chosen month."""

MONTH_COLUMNS = _following(
    15,
    (
        "month", "row", *(f"{name}_{level}" for name in ("received", "closed", "open") for level in LEVELS),
        "respond", "resolve", "on_time_close", "count", "size", "phase", "value", "center", "upper", "lower",
        "signal", "expected", "run",
    ),
)  # fmt: skip
"""The 24 months up to the chosen one."""

PARETO_COLUMNS = _following(
    max(MONTH_COLUMNS.values()) + 2,
    ("rank", *(f"{name}_{part}" for name in RANKED for part in ("value", "count", "share"))),
)
"""The most frequent values of the chosen month."""

LIST_COLUMNS = _following(max(PARETO_COLUMNS.values()) + 2, ("months", "products"))
"""What can be chosen. Above the months: the newest that is over."""


def _value_names() -> Iterator[str]:
    yield from ("month", "product", "whole", "volume", "phase")
    yield from (f"{name}_{level}" for name in ("received", "closed", "open") for level in LEVELS)
    yield from ("reopened", "overdue")
    yield from (f"{clock.value}_{part}" for clock in TIMED for part in ("in_time", "counted"))
    yield from ("closed_in_time", "closed_counted", "days_counted", "days_median", "days_p90", "days_mean")
    yield from ("ended", "came_back", "fixes", "recurred", "answered", "asked", "content", "score")
    for name in RANKED:
        yield f"{name}_named"
        yield from (f"{name}_{place}_{part}" for place in range(1, MOST_VALUES + 1) for part in ("value", "count"))


VALUE_COLUMNS = _following(max(LIST_COLUMNS.values()) + 2, _value_names())
"""One row a month and product, by month, then as `MonthTable.products`."""

LAST_COLUMN = max(VALUE_COLUMNS.values())


@cache
def values(name: str, through: str = "") -> str:
    """The cells of a column of values, or of all from one column to another, for a formula."""
    left, right = column_name(VALUE_COLUMNS[name]), column_name(VALUE_COLUMNS[through or name])
    return f"${left}${FIRST_ROW}:${right}${LAST_ROW}"


@cache
def month_cell(name: str, row: int) -> str:
    """A cell of the table of months."""
    return f"${column_name(MONTH_COLUMNS[name])}{row}"


@cache
def month_cells(name: str) -> str:
    """A whole column of the table of months."""
    letter = column_name(MONTH_COLUMNS[name])
    return f"${letter}${FIRST_ROW}:${letter}${LAST_TABLE_ROW}"


CHOSEN_MONTH = f"$B${CHOICE_ROW}"
CHOSEN_PRODUCT = f"$D${CHOICE_ROW}"
NEWEST = f"${column_name(LIST_COLUMNS['months'])}${CHOICE_ROW}"
POINTS = f"${column_name(MONTH_COLUMNS['count'])}${COUNT_ROW}"
"""How many months the control chart has."""

RATED = f"${column_name(MONTH_COLUMNS['size'])}${COUNT_ROW}"
"""1 where every one of them has a volume."""


def offered(what: str, sheet: str) -> str:
    """The source of a drop-down of `months` or `products`: as many cells as are filled.

    Args:
        sheet: The quoted name of the sheet.
    """
    letter = column_name(LIST_COLUMNS[what])
    last = LAST_MONTH_ROW if what == "months" else LAST_PRODUCT_ROW
    first = f"{sheet}!${letter}${FIRST_ROW}"
    return f"OFFSET({first},0,0,MAX(1,COUNTA({first}:${letter}${last})),1)"
