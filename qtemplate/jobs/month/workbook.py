"""The month as a workbook, for teams whose own register has no sheet for it: numbers as numbers, and native charts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ...choices import Level
from ...fields import Field
from ...figures.figure import Figure
from ...figures.month import Measures
from ...figures.monthly_charts import MonthlyChart
from ...plan import Phrase
from ...register import label_of
from ...report.month.words import label, level_name, word
from ...rules.month.changes import chart_name
from ...rules.month.look import MonthLook
from ...sheets.layout import word as sheet_word
from ...sheets.report_book import Chart, Table, write_book
from ...sheets.standard.cells import Shown
from ...texts import say

MOST_IDS = 200
"""So many numbers fit into a cell; the page and --json have more."""


def month_book(look: MonthLook, language: str) -> bytes:
    """The .xlsx file."""
    title = f"{word('title', language)} {look.month.period.start:%Y-%m}"
    return write_book(tuple(_tables(look, language, title)), language, title)


def _tables(look: MonthLook, language: str, title: str) -> Iterator[Table]:
    month = look.month

    def words(*names: str) -> tuple[str, ...]:
        return tuple(word(name, language) for name in names)

    head = words("figure", "of_month", "numerator", "denominator", "of_before", "rows")
    yield Table(word("sheet_figures", language), title, head, list(_figures(look, language)))
    flow = [
        (f"{each.period.start:%Y-%m}", each.total.received.n, each.total.closed.n, each.total.open.n,
         *(each.by_level[level].received.n if each.as_then else None for level in (*Level, None)))
        for each in month.months
    ]  # fmt: skip
    levels = tuple(f"{word('received', language)} {level_name(level, language)}" for level in (*Level, None))
    names = (*words("month", "received", "closed", "open"), *levels)
    yield Table(word("sheet_flow", language), word("flow", language), names, flow, Chart(bars=(2, 3), lines=(4,)))
    for at, chart in enumerate(month.charts, 1):
        name = f"{word('sheet_chart', language)} {at}"
        about = say(chart_name(chart), language)
        lines = words("month", "value", "center", "upper", "lower", "signal")
        yield Table(name, about, lines, list(_points(chart)), Chart(lines=(2, 3, 4, 5)))
    bars = [
        (
            word(f"by_{column}", language),
            label(column, bar.value, language),
            bar.count.n,
            bar.cumulative,
            _ids(bar.count),
        )
        for column, pareto in month.pareto.items()
        for bar in pareto.bars
    ]
    yield Table(word("sheet_pareto", language), title, words("what_by", "value", "count", "cumulative", "rows"), bars)
    first = [
        (each.case.id, *(label_of(field, each.value(field), language) for field in (Field.LEVEL, Field.TITLE,
         Field.DEPARTMENT, Field.OWNER)), f"{each.clock.label(language)} {each.span(language)}",
         say(each.todo(), language))
        for each in look.attention
    ]  # fmt: skip
    about_rows = words("id", "level", "what", "department", "owner", "late", "next")
    yield Table(word("sheet_attention", language), title, about_rows, first)
    actions = [
        (each.due, each.id, sheet_word(each.kind, language) if each.kind else None, each.text, each.owner or None)
        for each in look.actions
    ]
    yield Table(word("sheet_actions", language), title, words("due", "id", "kind", "action", "owner"), actions)


def _figures(look: MonthLook, language: str) -> Iterator[tuple[Any, ...]]:
    """Name, value, numerator, denominator, value before, rows; a rate as a share of 1 that is shown in per cent."""
    before = {name: figure for name, figure, _ in _named(look.month.before, language)}
    for name, figure, is_rate in _named(look.month.this, language):
        this, former = (_shown(each, is_rate) for each in (figure, before[name]))
        yield name, this, figure.numerator, figure.denominator or None, former, _ids(figure)
    for band, figure in look.month.ageing.items():
        yield f"{word('ageing', language)} {band}", figure.value, None, None, None, _ids(figure)


def _named(of: Measures, language: str) -> Iterator[tuple[str, Figure, bool]]:
    """The figures of a month by name, and whether each is a rate."""
    for name in ("received", "closed", "reopened", "open"):
        yield word(name, language), getattr(of.flow, name), False
    yield word("overdue", language), of.overdue, False
    for clock, figure in of.clocks.items():
        yield say(Phrase.of("month.rate_clock", clock=clock), language), figure, True
    yield word("on_time_close", language), of.on_time_close, True
    for name, figure in (("median", of.cycle.median), ("p90", of.cycle.p90), ("mean", of.cycle.mean)):
        yield word(name, language), figure, False
    yield word("reopen_rate", language), of.reopened, True
    yield word("recurrence", language), of.recurred, True
    yield word("satisfaction", language), of.satisfaction.mean, False
    yield word("content", language), of.satisfaction.content, True
    yield word("returned", language), of.satisfaction.returned, True


def _shown(figure: Figure, is_rate: bool) -> Any:
    return Shown(figure.value, "0%") if is_rate and figure.value is not None else figure.value


def _ids(figure: Figure) -> str:
    more = "" if figure.n <= MOST_IDS else " …"
    return ", ".join(figure.ids[:MOST_IDS]) + more


def _points(chart: MonthlyChart) -> Iterator[tuple[Any, ...]]:
    told = {chart.periods.index(signal.month) for signal in chart.signals}
    for phase in chart.phases:
        lines = zip(phase.chart.values, phase.chart.center, phase.chart.upper, phase.chart.lower, strict=True)
        for at, line in enumerate(lines, phase.start):
            yield f"{chart.periods[at].start:%Y-%m}", *map(float, line), "●" if at in told else None
