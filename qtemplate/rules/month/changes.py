"""What is different from the month before, in sentences that follow from the numbers and from nothing else. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from ...choices import Clock
from ...figures.charts import Rule
from ...figures.figure import Figure
from ...figures.month import Month
from ...figures.monthly_charts import MonthlyChart, Signal, Subject
from ...figures.rows import Rows, Texts
from ...plan import Phrase

FEW = 10
"""A rate of fewer rows than this is told with its number."""

POINTS = 0.05
"""A rate that moved by less says nothing."""

LEAST_PART = 3
"""A part of so many rows or more is worth naming."""


class Part(Struct, frozen=True):
    """What rows are told apart by: `department` or `product`, with the column."""

    name: str
    rows: Rows
    column: Texts

    def named(self, ids: Sequence[str]) -> Phrase | str:
        """The value that has more than half of the rows, where there are several; "" for none."""
        most = largest(ids, self.rows, self.column)
        if most is None or most[1] < LEAST_PART or most[1] * 2 <= len(ids) or most[1] == len(ids):
            return ""
        return Phrase.of(f"month.part_{self.name}", n=most[1], name=most[0])


def what_changed(month: Month, rows: Rows) -> tuple[Phrase, ...]:
    """The sentences; none about what stayed as it was."""
    return tuple(_sentences(month, rows))


def _sentences(month: Month, rows: Rows) -> Iterator[Phrase]:
    this, before = month.this, month.before
    department, product = Part("department", rows, rows.department), Part("product", rows, rows.product)
    over = month.period.end <= month.now
    when = Phrase("month.at_end" if over else "month.at_now")
    yield from _count("overdue", before.overdue, this.overdue, department, when=when)
    if over or this.flow.received.n > before.flow.received.n:  # part of a month has received less than a whole one
        yield from _count("received", before.flow.received, this.flow.received, product)
    yield from _count("open", before.flow.open, this.flow.open, department, when=when)
    for clock in (Clock.RESPOND, Clock.RESOLVE):
        yield from _rate(Phrase.of("month.rate_clock", clock=clock), before.clocks[clock], this.clocks[clock])
    yield from _rate(Phrase("month.rate_closed"), before.on_time_close, this.on_time_close)
    if before.cycle.median.value is not None and this.cycle.median.value is not None:
        was, now = (round(each.cycle.median.value or 0, 1) for each in (before, this))
        if was != now:
            yield Phrase.of(f"month.cycle_{_way(was, now)}", was=was, now=now)
    yield from _count("reopened", before.flow.reopened, this.flow.reopened, department)
    if not before.satisfaction.few and not this.satisfaction.few:
        was, now = (round(each.satisfaction.mean.value or 0, 1) for each in (before, this))
        if was != now:
            yield Phrase.of(f"month.satisfaction_{_way(was, now)}", was=was, now=now)
    for spot in month.spots:
        latest = set(spot.count.ids) & set(this.flow.received.ids)
        if latest:
            name = " ".join(filter(None, (spot.product, spot.model)))
            yield Phrase.of("month.spot", batch=spot.batch, product=name, n=spot.count.n, new=len(latest))


def _way(was: float, now: float) -> str:
    return "rose" if now > was else "fell"


def _count(what: str, before: Figure, this: Figure, part: Part, **more: Phrase) -> Iterator[Phrase]:
    if before.value is None or this.value is None or before.value == this.value:
        return
    was, now = int(before.value), int(this.value)
    yield Phrase.of(f"month.{what}_{_way(was, now)}", was=was, now=now, part=part.named(this.ids), **more)


def largest(ids: Iterable[str], rows: Rows, column: Texts) -> tuple[str, int] | None:
    """The value that most of these rows have, and how many do."""
    wanted = set(ids)
    pairs = zip(rows.ids.tolist(), column.tolist(), strict=True)
    found = Counter(value for id, value in pairs if value is not None and id in wanted)
    return max(found.items(), key=lambda pair: (pair[1], pair[0]), default=None)


def _rate(what: Phrase, before: Figure, this: Figure) -> Iterator[Phrase]:
    if before.value is None or this.value is None or abs(before.value - this.value) < POINTS:
        return
    few = Phrase("month.few") if min(before.n, this.n) < FEW else ""
    yield Phrase.of(
        f"month.rate_{_way(before.value, this.value)}",
        what=what,
        was=round(before.value * 100),
        now=round(this.value * 100),
        was_n=before.n,
        now_n=this.n,
        few=few,
    )


def fresh_signals(month: Month) -> Iterator[tuple[MonthlyChart, Signal]]:
    """The signals of the month itself, if it is over."""
    for chart in month.charts:
        for signal in chart.signals:
            if signal.month == month.period:
                yield chart, signal


def told_signals(chart: MonthlyChart) -> tuple[Signal, ...]:
    """The signals as they are told: a run once, by its newest month, for every further month says the same."""
    runs = {signal.since: signal for signal in chart.signals if signal.rule is Rule.RUN}
    return tuple(each for each in chart.signals if each.rule is not Rule.RUN or runs[each.since] is each)


def chart_name(chart: MonthlyChart) -> Phrase:
    """What a chart is of, in words."""
    if chart.subject is Subject.LATE:
        return Phrase.of("month.chart_late", clock=chart.clock)
    if chart.product:
        return Phrase.of("month.chart_product", product=chart.product)
    return Phrase("month.chart_received")


def say_signal(chart: MonthlyChart, signal: Signal) -> Phrase:
    """A signal in words: what, when, since when."""
    way = "high" if signal.high else "low"
    if signal.rule is Rule.BEYOND:
        at = chart.periods.index(signal.month)
        limit = _limit(chart, at, high=signal.high)
        value = chart.counts[at] if chart.sizes is None else chart.counts[at] / chart.sizes[at]
        facts = {"value": _shown(chart, value), "limit": _shown(chart, limit)}
        return Phrase.of(f"month.beyond_{way}", what=chart_name(chart), month=f"{signal.month.start:%Y-%m}", **facts)
    return Phrase.of(f"month.run_{way}", what=chart_name(chart), since=f"{signal.since.start:%Y-%m}")


def brief_signal(chart: MonthlyChart, signal: Signal) -> Phrase:
    """A signal within a sentence: `Received a month (46; limit 29.8)`."""
    if signal.rule is not Rule.BEYOND:
        return Phrase.of("month.brief_run", what=chart_name(chart), since=f"{signal.since.start:%Y-%m}")
    said = say_signal(chart, signal)
    return Phrase("month.brief_beyond", tuple(fact for fact in said.facts if fact[0] != "month"))


def _limit(chart: MonthlyChart, point: int, *, high: bool) -> float:
    phase = next(phase for phase in chart.phases if phase.start <= point < phase.stop)
    lines = phase.chart.upper if high else phase.chart.lower
    return float(lines[point - phase.start])


def _shown(chart: MonthlyChart, value: float) -> str:
    """A count as it is, a share in per cent, a rate with as many digits as it needs."""
    if chart.subject is Subject.LATE:
        return f"{value * 100:.0f} %"
    return f"{value:.3g}" if chart.sizes else f"{value:.1f}".removesuffix(".0")
