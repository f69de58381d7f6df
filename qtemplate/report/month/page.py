"""The month as a page for the monthly meeting: HTML that needs nothing else, two or three sheets of A4 when printed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from msgspec import Struct

from ...choices import Level
from ...fields import Field
from ...figures.figure import Figure
from ...figures.monthly_charts import MonthlyChart
from ...figures.pareto import Pareto
from ...plan import Phrase
from ...register import label_of
from ...resources import templates_root
from ...rules.month.changes import chart_name, say_signal, told_signals
from ...rules.month.look import MonthLook
from ...texts import say
from ...texts.display import display
from .drawing import draw_chart, draw_flow
from .words import days, label, level_name, number, rate, word

FEW_IDS, SOME_IDS = 3, 5
"""So many numbers stand on one line of a table, and on two."""

MOST_IDS, MOST_BARS, MOST_ACTIONS, MOST_RULES = 8, 8, 15, 12

NAMES_PEOPLE = frozenset({"month.do_actions", "month.do_urgent_by"})
"""Sentences that are left out of a page for everybody."""

Row = dict[str, Any]


def month_page(look: MonthLook, language: str, *, public: bool = False, kinds: Callable[[str], str] = str) -> str:
    """The page.

    Args:
        look: The month.
        language: Of the page.
        public: Leaves out people's names and everything that was typed as free text.
        kinds: The word of a code of 措施跟踪, such as `corrective`.
    """
    environment = Environment(
        loader=FileSystemLoader(templates_root() / "report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made = _Words(look, language, public, kinds)
    return environment.get_template("month.html.j2").render(
        page=made.everything(), language=language, public=public, word=lambda name: word(name, language)
    )


class _Words(Struct, frozen=True):
    look: MonthLook
    language: str
    public: bool
    kinds: Callable[[str], str]

    def everything(self) -> Row:
        month = self.look.month
        over = month.period.end <= month.now
        return {
            "month": f"{month.period.start:%Y-%m}",
            "state": self._say(Phrase.of("month.as_of" if over else "month.so_far", at=month.now)),
            "register": "" if self.public else self.look.situation.register.path,
            "to_do": [self._say(each) for each in self.look.to_do if not (self.public and each.key in NAMES_PEOPLE)],
            "changes": [self._say(each) for each in self.look.changes],
            "tiles": list(self._tiles()),
            "flow": draw_flow(month.months, word("flow", self.language)),
            "levels": list(self._levels()),
            "levels_since": self._levels_since(),
            "clocks": list(self._clocks()),
            "ageing": self._bars([(band, figure) for band, figure in month.ageing.items()]),
            "pareto": [self._pareto(name, month.pareto[name]) for name in ("fault", "cause", "product")],
            "charts": [self._chart(chart) for chart in month.charts],
            "spots": list(self._spots()),
            "outcomes": list(self._outcomes()),
            "few": month.this.satisfaction.few and month.this.satisfaction.mean.value is not None,
            "actions": list(self._actions()),
            "more_actions": max(0, len(self.look.actions) - MOST_ACTIONS),
            "attention": list(self._attention()),
            "replayed": self.look.replayed,
            "departments": list(self._departments()),
            "rules": list(self._rules()),
            "never": list(self._never()),
        }

    def _say(self, phrase: Phrase) -> str:
        return say(phrase, self.language)

    def _tiles(self) -> Iterator[Row]:
        this, before = self.look.month.this, self.look.month.before
        for name, figure, former in (
            ("received", this.flow.received, before.flow.received),
            ("closed", this.flow.closed, before.flow.closed),
            ("open", this.flow.open, before.flow.open),
            ("overdue", this.overdue, before.overdue),
        ):
            yield {"name": name, "value": number(figure, self.language), "before": number(former, self.language)}
        for name, shown, figure, former in (
            ("on_time_close", self._percent, this.on_time_close, before.on_time_close),
            ("median_days", self._tenths, this.cycle.median, before.cycle.median),
        ):
            yield {"name": name, "value": shown(figure), "before": shown(former)}

    def _percent(self, figure: Figure) -> str:
        return word("none", self.language) if figure.value is None else f"{figure.value * 100:.0f}%"

    def _tenths(self, figure: Figure) -> str:
        return word("none", self.language) if figure.value is None else f"{figure.value:.1f}"

    def _departments(self) -> Iterator[Row]:
        for each in self.look.departments[:MOST_BARS]:
            name = each.name or word("no_department", self.language)
            yield {"name": name, "open": each.open, "late": len(each.late), "urgent": each.urgent,
                   "ids": self._ids(each.late, FEW_IDS)}  # fmt: skip

    def _levels(self) -> Iterator[Row]:
        flow = self.look.month.months[-1]
        for level in (*Level, None):
            counts = flow.by_level[level]
            parts = (counts.received, counts.closed, counts.reopened, counts.open)
            if flow.as_then and (level is not None or any(each.n for each in parts)):
                yield {"level": level_name(level, self.language), "counts": [each.n for each in parts]}
        total = flow.total
        counts_of_all = [each.n for each in (total.received, total.closed, total.reopened, total.open)]
        yield {"level": word("total", self.language), "counts": counts_of_all}

    def _levels_since(self) -> str:
        """Why there is nothing by level, and what the levels of the open ones are today; "" where there is."""
        flow = self.look.month.months[-1]
        if flow.as_then:
            return ""
        since = self.look.rows.levels.since
        if np.isnat(since):
            said = word("levels_unknown", self.language)
        else:
            day = display(since.astype("M8[D]").item(), self.language)
            said = self._say(Phrase.of("month.levels_unknown_since", day=day))
        today = self._levels_today(flow.total.open.ids)
        return f"{said}{'' if self.language == 'zh' else ' '}{today}".strip()

    def _levels_today(self, ids: Sequence[str]) -> str:
        """What levels some rows have today."""
        if not ids or self.look.replayed:
            return ""
        rows, wanted = self.look.rows, set(ids)
        counts = Counter(
            level for id, level in zip(rows.ids.tolist(), rows.level.tolist(), strict=True) if id in wanted
        )
        named = [(level_name(level, self.language), counts[level]) for level in (*Level, None) if counts[level]]
        return self._say(Phrase.of("month.levels_today", levels=tuple(f"{name} {n}" for name, n in named)))

    def _clocks(self) -> Iterator[Row]:
        month = self.look.month
        for clock, figure in month.this.clocks.items():
            yield self._rate_row(clock.label(self.language), figure, month.before.clocks[clock])
        yield self._rate_row(word("on_time_close", self.language), month.this.on_time_close, month.before.on_time_close)

    def _rate_row(self, name: str, figure: Figure, former: Figure) -> Row:
        return {
            "name": name,
            "said": rate(figure, self.language),
            "share": None if figure.value is None else round(figure.value * 100),
            "before": rate(former, self.language),
            "late": self._ids(figure.others, SOME_IDS),
        }

    def _ids(self, ids: Sequence[str], most: int = MOST_IDS) -> str:
        """The first numbers, and how many more there are."""
        shown = (", " if self.language == "en" else "、").join(ids[:most])
        more = len(ids) - most
        return shown if more <= 0 else self._say(Phrase.of("month.ids_more", ids=shown, more=more))

    def _bars(self, bars: Sequence[tuple[str, Figure]]) -> list[Row]:
        most = max((figure.n for _, figure in bars), default=0) or 1
        return [{"name": name, "n": figure.n, "width": round(100 * figure.n / most)} for name, figure in bars]

    def _pareto(self, name: str, pareto: Pareto) -> Row:
        named = [(label(name, bar.value, self.language), bar.count) for bar in pareto.bars[:MOST_BARS]]
        bars = self._bars(named)
        for row, bar in zip(bars, pareto.bars, strict=False):
            row |= {"vital": bar.vital, "cumulative": round(bar.cumulative * 100)}
        without = self._say(Phrase.of("month.without", n=pareto.without.n)) if pareto.without.n else ""
        more = len(pareto.bars) - MOST_BARS
        rest = self._say(Phrase.of("month.more", n=more)) if more > 0 else ""
        left_out = " · ".join(filter(None, (rest, without)))
        return {"title": word(f"by_{name}", self.language), "bars": bars, "left_out": left_out}

    def _chart(self, chart: MonthlyChart) -> Row:
        title = self._say(chart_name(chart))
        told = told_signals(chart)
        signals = [{"said": self._say(say_signal(chart, each)), "ids": self._ids(each.ids)} for each in told]
        return {
            "title": title,
            "legend": word(f"legend_{chart.kind}", self.language),
            "drawing": draw_chart(chart, title),
            "signals": signals[-3:],
            "too_few": chart.too_few,
        }

    def _spots(self) -> Iterator[Row]:
        for spot in self.look.month.spots[:MOST_BARS]:
            yield {
                "product": " ".join(filter(None, (spot.product, spot.model))),
                "batch": spot.batch,
                "n": spot.count.n,
                "expected": f"{spot.expected:.1f}",
                "chance": f"{spot.chance:.1g}" if spot.chance >= 0.0001 else "< 0.0001",
                "ids": self._ids(spot.count.ids),
            }

    def _outcomes(self) -> Iterator[Row]:
        this, before = self.look.month.this, self.look.month.before
        now, was = this.satisfaction, before.satisfaction
        yield self._outcome("satisfaction", self._mean, now.mean, was.mean)
        yield self._outcome("content", self._rate, now.content, was.content)
        yield self._outcome("returned", self._rate, now.returned, was.returned)
        yield self._outcome("reopen_rate", self._rate, this.reopened, before.reopened, this.reopened.counted)
        yield self._outcome("recurrence", self._rate, this.recurred, before.recurred, this.recurred.counted)
        yield self._outcome("median", self._days, this.cycle.median, before.cycle.median)
        yield self._outcome("p90", self._days, this.cycle.p90, before.cycle.p90)

    def _outcome(
        self, name: str, shown: Callable[[Figure], str], figure: Figure, former: Figure, ids: Sequence[str] = ()
    ) -> Row:
        said, before = shown(figure), shown(former)
        return {"name": word(name, self.language), "said": said, "before": before, "ids": self._ids(ids)}

    def _mean(self, figure: Figure) -> str:
        return number(figure, self.language, 1)

    def _rate(self, figure: Figure) -> str:
        return rate(figure, self.language)

    def _days(self, figure: Figure) -> str:
        return days(figure, self.language)

    def _actions(self) -> Iterator[Row]:
        known = {*self.look.rows.ids.tolist()}
        for each in self.look.actions[:MOST_ACTIONS]:
            yield {
                "id": "" if self.public and each.id not in known else each.id,
                "kind": self.kinds(each.kind) if each.kind else "",
                "text": "" if self.public else each.text,
                "owner": "" if self.public else each.owner,
                "due": "" if each.due is None else each.due.isoformat(),
                "late": each.late,
            }

    def _attention(self) -> Iterator[Row]:
        places = {id: at for at, id in enumerate(self.look.rows.ids.tolist())}
        for each in self.look.attention:

            def shown(field: Field) -> str:
                value = each.value(field)  # noqa: B023 # used at once
                if self.public:  # what no list knows is not in these rows
                    value = getattr(self.look.rows, field.value)[places[each.case.id]]  # noqa: B023 # used at once
                return display(label_of(field, value, self.language), self.language)

            yield {
                "id": each.case.id,
                "level": shown(Field.LEVEL),
                "product": " ".join(filter(None, (shown(Field.PRODUCT), shown(Field.MODEL)))),
                "title": "" if self.public else shown(Field.TITLE),
                "department": shown(Field.DEPARTMENT),
                "owner": "" if self.public else shown(Field.OWNER),
                "clock": f"{each.clock.label(self.language)} {each.span(self.language)}",
                "late": each.late,
                "todo": self._say(each.todo()),
            }

    def _rules(self) -> Iterator[Row]:
        """The rules that people overruled, the most often overruled first."""
        rows: list[Row] = []
        for table, rules in self.look.month.rules.items():
            field = Field.LEVEL if table == "grading" else Field.DEPARTMENT
            for rule in rules:
                if rule.overruled.numerator:
                    instead = [f"{label_of(field, name, self.language)} {n}" for name, n in rule.instead]
                    rows.append({
                        "table": word(f"table_{table}", self.language), "rule": rule.rule, "hits": rule.hits.n,
                        "overruled": rate(rule.overruled, self.language), "instead": ", ".join(instead),
                        "count": rule.overruled.numerator,
                    })  # fmt: skip
        yield from sorted(rows, key=lambda row: -row["count"])[:MOST_RULES]

    def _never(self) -> Iterator[str]:
        for table, rules in self.look.month.rules.items():
            names = [rule.rule for rule in rules if not rule.hits.n]
            if names and len(names) < len(rules):
                said = self._say(Phrase.of("month.never_hit", rules=names))
                yield f"{word(f'table_{table}', self.language)}: {said}"
