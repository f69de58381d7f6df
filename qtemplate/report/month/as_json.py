"""The month as the object of `--json`: every figure with its numerator, denominator and the rows behind it."""

from __future__ import annotations

import math
from typing import Any

from ...figures.figure import Figure
from ...figures.flow import Flow
from ...figures.month import Measures
from ...figures.monthly_charts import MonthlyChart
from ...figures.pareto import Pareto
from ...figures.rule_quality import RuleQuality
from ...rules.month.changes import chart_name, say_signal
from ...rules.month.look import MonthLook


def month_data(look: MonthLook) -> dict[str, Any]:
    """Codes for levels, clocks and categories; sentences are phrases, put into words when they are shown."""
    month = look.month
    return {
        "month": f"{month.period.start:%Y-%m}",
        "from": month.period.start.date(),
        "to": month.period.end.date(),
        "now": month.now,
        "complete": month.period.end <= month.now,
        "replayed": look.replayed,
        "figures": measures_data(month.this),
        "before": measures_data(month.before),
        "months": [
            {
                "month": f"{each.period.start:%Y-%m}",
                "total": flow_data(each.total),
                "levels": "then" if each.as_then else "unknown",
                "by_level": {level or "none": flow_data(flow) for level, flow in each.by_level.items()},
            }
            for each in month.months
        ],
        "ageing": {band: figure_data(figure) for band, figure in month.ageing.items()},
        "pareto": {name: pareto_data(pareto) for name, pareto in month.pareto.items()},
        "hot_spots": [
            {
                "product": spot.product,
                "model": spot.model,
                "batch": spot.batch,
                "count": spot.count.n,
                "expected": spot.expected,
                "chance": spot.chance,
                "ids": spot.count.ids,
            }
            for spot in month.spots
        ],
        "charts": [chart_data(chart) for chart in month.charts],
        "rules": {table: [rule_data(rule) for rule in rules] for table, rules in month.rules.items()},
        "changes": look.changes,
        "to_do": look.to_do,
        "attention": [
            {
                "id": each.case.id,
                "level": each.case.value("level"),
                "department": each.case.value("department"),
                "owner": each.case.value("owner"),
                "clock": each.clock,
                "due": each.due,
                "overdue": each.late,
                "todo": each.todo(),
            }
            for each in look.attention
        ],
        "departments": [
            {
                "department": each.name or None,
                "open": each.open,
                "overdue": len(each.late),
                "urgent": each.urgent,
                "ids": each.late,
            }
            for each in look.departments
        ],
        "actions": [
            {
                "id": each.id,
                "kind": each.kind,
                "text": each.text,
                "owner": each.owner,
                "due": each.due,
                "late": each.late,
            }
            for each in look.actions
        ],
    }


def figure_data(figure: Figure) -> dict[str, Any]:
    """One figure; `value` is null where `reason` says why."""
    return {
        "value": figure.value,
        "numerator": figure.numerator,
        "denominator": figure.denominator,
        "n": figure.n,
        "ids": figure.ids,
        "counted": figure.counted,
        "reason": figure.reason,
    }


def flow_data(flow: Flow) -> dict[str, Any]:
    return {name: figure_data(getattr(flow, name)) for name in ("received", "closed", "reopened", "open")}


def measures_data(measures: Measures) -> dict[str, Any]:
    """The figures of one month by name; those of clocks by the clock's code."""
    said = measures.satisfaction
    return {
        **flow_data(measures.flow),
        "overdue": figure_data(measures.overdue),
        "clocks": {clock: figure_data(figure) for clock, figure in measures.clocks.items()},
        "on_time_close": figure_data(measures.on_time_close),
        "cycle_median": figure_data(measures.cycle.median),
        "cycle_p90": figure_data(measures.cycle.p90),
        "cycle_mean": figure_data(measures.cycle.mean),
        "reopen_rate": figure_data(measures.reopened),
        "recurrence_rate": figure_data(measures.recurred),
        "satisfaction_mean": figure_data(said.mean),
        "satisfaction_content": figure_data(said.content),
        "satisfaction_returned": figure_data(said.returned),
        "satisfaction_few": said.few,
    }


def pareto_data(pareto: Pareto) -> dict[str, Any]:
    bars = [
        {
            "value": bar.value,
            "count": bar.count.n,
            "share": bar.share,
            "cumulative": bar.cumulative,
            "vital": bar.vital,
            "ids": bar.count.ids,
        }
        for bar in pareto.bars
    ]
    return {"bars": bars, "without": figure_data(pareto.without)}


def chart_data(chart: MonthlyChart) -> dict[str, Any]:
    """A control chart; lines hold one number a month."""
    lines = {
        name: [_number(value) for phase in chart.phases for value in getattr(phase.chart, name).tolist()]
        for name in ("values", "center", "lower", "upper")
    }
    return {
        "name": chart.name,
        "title": chart_name(chart),
        "kind": chart.kind,
        "product": chart.product or None,
        "clock": chart.clock,
        "months": [f"{period.start:%Y-%m}" for period in chart.periods],
        "counts": chart.counts,
        "sizes": chart.sizes,
        **lines,
        "phases": [f"{chart.periods[phase.start].start:%Y-%m}" for phase in chart.phases],
        "too_few": chart.too_few,
        "signals": [
            {
                "month": f"{signal.month.start:%Y-%m}",
                "rule": signal.rule,
                "since": f"{signal.since.start:%Y-%m}",
                "high": signal.high,
                "ids": signal.ids,
                "message": say_signal(chart, signal),
            }
            for signal in chart.signals
        ],
    }


def rule_data(rule: RuleQuality) -> dict[str, Any]:
    return {
        "rule": rule.rule,
        "hits": figure_data(rule.hits),
        "overruled": figure_data(rule.overruled),
        "instead": dict(rule.instead),
    }


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None
