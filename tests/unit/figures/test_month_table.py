"""The months by product: the very numbers that the figures of one month and product by themselves have."""

from __future__ import annotations

import datetime as dt
import random

import numpy as np
import pytest
from figure_rows import Case, case, make_rows

from qtemplate.choices import Clock, Level
from qtemplate.figures.figure import Figure
from qtemplate.figures.flow import Flow
from qtemplate.figures.month import make_month
from qtemplate.figures.month_table import MonthTable, level_key, make_month_table
from qtemplate.figures.monthly_charts import Context
from qtemplate.figures.pareto import make_pareto
from qtemplate.figures.rows import Rows

NOW = dt.datetime(2026, 9, 17, 10, 30)
PRODUCTS = ("净水器", "Kettle", "kettle")


def a_register(seed: int, rows: int = 60) -> Rows:
    """Rows of eight months with everything that can be: reopened, merged, not due, without level, product or fault."""
    rng = random.Random(seed)

    def day(after: float = 0.0) -> str:
        moment = dt.datetime(2026, 1, 10) + dt.timedelta(days=after)
        return f"{moment:%m-%dT%H:%M}"

    cases: list[Case] = []
    for number in range(rows):
        received = rng.uniform(0, 255)
        closed = received + rng.uniform(1, 60) if rng.random() < 0.7 else None
        closed = closed if closed is not None and closed < 290 else None
        cycles = []
        if closed is not None and rng.random() < 0.3:
            first = received + (closed - received) * rng.random() / 2
            cycles = [(day(first) if rng.random() < 0.8 else None, day(first + (closed - first) / 2))]
        stop = received + rng.uniform(0, 6) if rng.random() < 0.8 else None
        ticking = {"start": day(received), "due": day(received + 3), "stop": None if stop is None else day(stop)}
        cases.append(
            case(
                str(number),
                day(received),
                closed=None if closed is None else day(closed),
                cycles=[(*pair, pair[0] if rng.random() < 0.7 else None) for pair in cycles],
                merged=rng.random() < 0.1,
                level=rng.choice([*(level.value for level in Level), None]),
                graded=day(received + rng.uniform(0, 20)) if rng.random() < 0.7 else None,
                levels=[
                    (day(received + rng.uniform(5, 90)), rng.choice([*Level, None])) for _ in range(rng.randrange(3))
                ],
                product=rng.choice([*PRODUCTS, None]),
                model=rng.choice(["A", "B", None]),
                fault=rng.choice(["漏水", "异响", "异味", None]),
                cause=rng.choice(["design", "material", None]),
                close_by=day(received + 20) if rng.random() < 0.9 else None,
                cycle_days=np.nan if closed is None else round(closed - received, 2),
                fixed=day(received + 5) if rng.random() < 0.5 else None,
                asked=day(received + 6) if rng.random() < 0.5 else None,
                satisfaction=float(rng.randint(1, 5)) if rng.random() < 0.4 else np.nan,
                respond={**ticking, "running": stop is None and rng.random() < 0.7},
                resolve={**ticking, "due": day(received + 15), "running": stop is None},
                due_before=[(day(received + 2), day(received + 9)), (day(received + 20), day(received + 15))]
                if rng.random() < 0.1
                else (),
                confirm={**ticking, "due": day(received + 9), "running": stop is None and rng.random() < 0.98},
            )
        )
    return make_rows(*cases, noted="04-10T00:00")


def rate_of(table: MonthTable, at: tuple[int, int], top: str, bottom: str) -> tuple[float, float] | None:
    base = table.number(bottom, at)
    return (table.number(top, at) or 0, base) if base else None


def told(figure: Figure) -> tuple[float | None, float] | None:
    return None if figure.value is None else (figure.numerator, figure.denominator)


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.campaign) for seed in range(1, 20))])
def test_each_month_and_product_has_the_figures_that_it_has_by_itself(seed: int) -> None:
    rows = a_register(seed)
    context = Context({("Kettle", dt.date(2026, 3, 1)): 40.0}, {"": (dt.date(2026, 4, 1),)})
    table = make_month_table(rows, NOW, context)
    assert (len(table.periods), table.products) == (9, ("", "Kettle", "kettle", "净水器"))
    for month, period in enumerate(table.periods):
        for place, product in enumerate(table.products):
            own = rows.where(np.asarray(rows.product == product, bool)) if product else rows
            alone = make_month(own, period.start.date(), NOW)
            this, at = alone.this, (month, place)
            last = alone.months[-1]
            nobody = dict.fromkeys(last.by_level, Flow(*[Figure.count(own.ids, own.merged & ~own.merged)] * 4))
            for level, flow in (last.by_level if last.as_then else {**nobody, None: last.total}).items():
                names = [f"{name}_{level_key(level)}" for name in ("received", "closed", "open")]
                found = [table.number(name, at) for name in names]
                assert found == [flow.received.n, flow.closed.n, flow.open.n], (period, product, level)
            assert table.number("reopened", at) == this.flow.reopened.n
            assert table.number("overdue", at) == this.overdue.value
            for clock in (Clock.RESPOND, Clock.RESOLVE, Clock.ACCEPT, Clock.CONFIRM):
                found_rate = rate_of(table, at, f"{clock.value}_in_time", f"{clock.value}_counted")
                assert found_rate == told(this.clocks[clock])
            assert rate_of(table, at, "closed_in_time", "closed_counted") == told(this.on_time_close)
            assert rate_of(table, at, "came_back", "ended") == told(this.reopened)
            assert rate_of(table, at, "content", "answered") == told(this.satisfaction.content)
            assert rate_of(table, at, "answered", "asked") == told(this.satisfaction.returned)
            assert rate_of(table, at, "score", "answered") == told(this.satisfaction.mean)
            assert rate_of(table, at, "recurred", "fixes") == told(this.recurred)
            for name, figure in (("median", this.cycle.median), ("p90", this.cycle.p90), ("mean", this.cycle.mean)):
                number = table.number(f"days_{name}", at)
                assert number == (None if figure.value is None else pytest.approx(figure.value))
            for name in ("fault", "cause"):
                pareto = make_pareto(own.ids, own.received(period, NOW), getattr(own, name))
                assert table.ranked.get((name, *at), ()) == tuple((bar.value, bar.count.n) for bar in pareto.bars)
    assert table.columns["whole"][:, 0].tolist() == [1.0] * 8 + [0.0]
    assert table.columns["phase"][:, 0].tolist() == [0.0] * 3 + [1.0] * 6
    assert table.columns["volume"].sum(axis=0).tolist() == [40.0, 40.0, 0.0, 0.0]


def test_an_empty_register_has_no_months() -> None:
    table = make_month_table(make_rows(), NOW)
    assert (table.periods, table.products, table.at(dt.date(2026, 1, 1), "")) == ((), ("",), None)
