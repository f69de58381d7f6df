"""Drawings of a month as SVG: the flow of twelve months, and control charts. No script, nothing fetched."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from msgspec import Struct

from ...figures.flow import PeriodFlow
from ...figures.monthly_charts import MonthlyChart, Subject

FLOW, CHART = (720, 190), (440, 150)
"""Width and height; on a page two charts stand side by side."""

LEFT, RIGHT, TOP, BOTTOM = 34, 46, 18, 22


class _Frame(Struct, frozen=True):
    """The plane of a drawing: `points` places side by side, values from 0 to `most`."""

    points: int
    most: float
    width: int
    height: int

    @property
    def step(self) -> float:
        return (self.width - LEFT - RIGHT) / max(self.points, 1)

    def x(self, point: float) -> float:
        """The middle of a place."""
        return LEFT + (point + 0.5) * self.step

    def y(self, value: float) -> float:
        return TOP + (self.height - TOP - BOTTOM) * (1 - value / self.most)

    def line(self, points: Sequence[tuple[float, float]], of: str) -> str:
        at = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        return f'<polyline class="{of}" points="{at}"/>'

    def text(self, at: tuple[float, float], what: str, of: str = "", anchor: str = "middle") -> str:
        x, y = at
        return f'<text class="{of}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(what)}</text>'

    def months(self, names: Sequence[str]) -> Iterator[str]:
        """Names below the places; of many every third, the last one always."""
        every = 1 if self.points <= 12 else 3
        for at, name in enumerate(names):
            if (self.points - 1 - at) % every == 0:
                yield self.text((self.x(at), self.height - 6), name, "axis")

    def whole(self, parts: Sequence[str], title: str) -> str:
        body = "".join(parts)
        box = f"0 0 {self.width} {self.height}"
        return f'<svg viewBox="{box}" role="img" aria-label="{escape(title)}">{body}</svg>'


def draw_flow(months: Sequence[PeriodFlow], title: str) -> str:
    """Received and closed as bars, open at the end of each month as a line, all in one scale."""
    flows = [each.total for each in months]
    counts = [(each.received.n, each.closed.n, each.open.n) for each in flows]
    frame = _Frame(len(months), max([1, *(max(each) for each in counts)]) * 1.12, *FLOW)
    parts = [frame.line([(LEFT, frame.y(0)), (frame.width - RIGHT, frame.y(0))], "base")]
    wide = min(frame.step * 0.32, 20)
    for at, (received, closed, _) in enumerate(counts):
        for value, of, side in ((received, "in", -1), (closed, "out", 1)):
            left = frame.x(at) + (side - 1) * wide / 2
            top, floor = frame.y(value), frame.y(0)
            size = f'width="{wide:.1f}" height="{floor - top:.1f}"'
            parts.append(f'<rect class="{of}" x="{left:.1f}" y="{top:.1f}" {size}/>')
            if value:
                parts.append(frame.text((left + wide / 2, top - 3), str(value), "small"))
    places = [(frame.x(at), frame.y(still)) for at, (_, _, still) in enumerate(counts)]
    parts.append(frame.line(places, "open"))
    parts += [f'<circle class="open" cx="{x:.1f}" cy="{y:.1f}" r="2.5"/>' for x, y in places]
    parts.append(frame.text((frame.width - RIGHT + 6, places[-1][1] + 4), str(counts[-1][2]), "opened", "start"))
    parts += frame.months([f"{each.period.start:%y-%m}" for each in months])
    return frame.whole(parts, title)


def draw_chart(chart: MonthlyChart, title: str) -> str:
    """A control chart: points, the centre and the limits of each phase, signals in red."""
    values = [value for phase in chart.phases for value in phase.chart.values.tolist()]
    lines = {
        name: [value for phase in chart.phases for value in getattr(phase.chart, name).tolist()]
        for name in ("center", "upper", "lower")
    }
    frame = _Frame(len(values), max([*values, *lines["upper"]]) * 1.12 or 1, *CHART)
    parts = [frame.line([(LEFT, frame.y(0)), (frame.width - RIGHT, frame.y(0))], "base")]
    for phase in chart.phases:
        for name, of in (("upper", "limit"), ("lower", "limit"), ("center", "center")):
            parts.append(frame.line(list(_steps(frame, lines[name], phase.start, phase.stop)), of))
    parts.append(frame.line([(frame.x(at), frame.y(value)) for at, value in enumerate(values)], "points"))
    told = {chart.periods.index(signal.month) for signal in chart.signals}
    for at, value in enumerate(values):
        of = "signal" if at in told else "point"
        where = f'cx="{frame.x(at):.1f}" cy="{frame.y(value):.1f}"'
        said = f"{chart.periods[at].start:%Y-%m}: {_shown(chart, value)}"
        parts.append(f'<circle class="{of}" {where} r="{4 if at in told else 2.5}"><title>{said}</title></circle>')
        if at in told or at == len(values) - 1:
            parts.append(frame.text((frame.x(at), frame.y(value) - 7), _shown(chart, value), "small"))
    for name in ("center", "upper"):
        last = lines[name][-1]
        parts.append(frame.text((frame.width - RIGHT + 4, frame.y(last) + 3), _shown(chart, last), "axis", "start"))
    parts += frame.months([f"{period.start:%y-%m}" for period in chart.periods])
    return frame.whole(parts, title)


def _steps(frame: _Frame, values: Sequence[float], start: int, stop: int) -> Iterator[tuple[float, float]]:
    """A line that is level over each place."""
    for at in range(start, stop):
        yield frame.x(at - 0.5), frame.y(values[at])
        yield frame.x(at + 0.5), frame.y(values[at])


def _shown(chart: MonthlyChart, value: float) -> str:
    if chart.subject is Subject.LATE:
        return f"{value * 100:.0f}%"
    return f"{value:.3g}"
