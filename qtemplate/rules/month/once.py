"""Which signals the quality lead is told of: each once, whatever becomes of the numbers it came from. Pure.

A run of months goes on, a late entry moves the centre, a phase is declared: what was told is remembered by chart,
rule and months, not worked out anew. A signal that shows after the mail of its month has gone is told with the next.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ...figures.charts import Rule
from ...figures.month import Month
from ...figures.monthly_charts import MonthlyChart, Signal
from ...figures.period import Period
from ...plan import FactName, Plan, Remember
from ..situation import Situation
from .changes import fresh_signals, told_signals

Told = Sequence[Sequence[Any]]
"""Chart, rule, whether high, since, month, and the month it was told of with, "" = before this was remembered."""


def signals_to_tell(situation: Situation, month: Month) -> tuple[tuple[MonthlyChart, Signal], ...]:
    """The signals of the month, or of the one before it, that no other month's mail told of."""
    told: Told | None = situation.memory.fact("", FactName.SIGNALS)
    if told is None:
        return tuple(_new(month))
    own = _name(month.period)
    earliest = Period.of_month(month.period.start.year, month.period.start.month - 1).start
    others = [each for each in told if each[5] != own]
    return tuple(
        (chart, signal)
        for chart in month.charts
        for signal in told_signals(chart)
        if signal.month.start >= earliest and not _among(others, chart, signal)
    )


def remembered(situation: Situation, month: Month, signals: Sequence[tuple[MonthlyChart, Signal]]) -> Plan:
    """The fact that they are told; nothing where it is known."""
    told: Told | None = situation.memory.fact("", FactName.SIGNALS)
    known: list[Sequence[Any]] = list(told or ())
    if told is None:  # what earlier months showed was told by them
        shown = [(chart, each) for chart in month.charts for each in told_signals(chart)]
        known += [_entry(chart, each, "") for chart, each in shown if (chart, each) not in signals]
    known += [entry for entry in (_entry(*each, _name(month.period)) for each in signals) if entry not in known]
    return Plan() if told is not None and known == list(told) else Plan(facts=(Remember("", FactName.SIGNALS, known),))


def _new(month: Month) -> Iterator[tuple[MonthlyChart, Signal]]:
    """Where nothing is remembered: those of the month that no earlier month had."""
    for chart, signal in fresh_signals(month):
        earlier = (each for each in chart.signals if each.rule is Rule.RUN and each.month.start < signal.month.start)
        if signal.rule is Rule.BEYOND or all(each.since != signal.since for each in earlier):
            yield chart, signal


def _among(told: Told, chart: MonthlyChart, signal: Signal) -> bool:
    """Whether it is one of these: the same month beyond, or a run that one of them is part of."""
    for name, rule, high, _, month, _ in told:
        if (name, rule, high) == (chart.name, signal.rule, signal.high):
            at, since = _name(signal.month), _name(signal.since)
            if at == month if signal.rule is Rule.BEYOND else month >= since:
                return True
    return False


def _entry(chart: MonthlyChart, signal: Signal, told: str) -> list[Any]:
    return [chart.name, str(signal.rule), signal.high, _name(signal.since), _name(signal.month), told]


def _name(period: Period) -> str:
    return f"{period.start:%Y-%m}"
