"""What follows from a month for the week after it: at most a handful of things, each with its rows. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from ...choices import Clock, Level
from ...fields import Field
from ...figures.month import Month
from ...figures.outcomes import FEW_ANSWERS
from ...figures.rows import Rows
from ...figures.timeliness import overdue
from ...plan import Phrase
from .actions import OpenAction
from .attention import Attention
from .changes import brief_signal, fresh_signals, largest

SHOWN = 5
"""So many numbers stand in a sentence."""

LEAST_OVERRULES = 3
LEAST_RECEIVED = 10
"""Of fewer rows it does not matter much how many have no fault."""

RETURNED = 0.3
"""A return rate below this says little about how satisfied people are."""


def what_to_do(
    month: Month, rows: Rows, attention: Sequence[Attention], actions: Sequence[OpenAction]
) -> tuple[Phrase, ...]:
    """The most pressing first; none where nothing presses."""
    return tuple(_things(month, rows, attention, actions))


def _things(
    month: Month, rows: Rows, attention: Sequence[Attention], actions: Sequence[OpenAction]
) -> Iterator[Phrase]:
    hazards = overdue(rows, Clock.AUTHORITY, month.now)
    if hazards.ids:
        yield Phrase.of("month.do_authority", n=hazards.n, ids=_shown(hazards.ids))
    urgent = [each for each in attention if each.late and each.value(Field.LEVEL) == Level.URGENT]
    if urgent:
        yield Phrase.of("month.do_urgent", n=len(urgent), ids=_shown([each.case.id for each in urgent]))
        owners = _counted(each.value(Field.OWNER) for each in urgent)
        if owners:
            yield Phrase.of("month.do_urgent_by", owners=owners)
        nobodys = [each.case.id for each in urgent if not each.value(Field.OWNER)]
        if nobodys:
            yield Phrase.of("month.do_urgent_nobody", n=len(nobodys), ids=_shown(nobodys))
    late = overdue(rows, Clock.RESOLVE, month.now)
    most = largest(late.ids, rows, rows.department) if late.ids else None
    if most is not None:
        yield Phrase.of("month.do_overdue", department=most[0], n=most[1], all=late.n)
    silent = month.period.end <= month.now and not month.this.flow.received.n and month.this.flow.open.n
    if silent:  # nobody complaining is no improvement before somebody has looked
        yield Phrase("month.do_silent")
    for high, what in ((True, "month.do_signal"), *(() if silent else ((False, "month.do_good"),))):
        names = {chart.name: brief_signal(chart, signal) for chart, signal in fresh_signals(month)
                 if signal.high is high}  # fmt: skip
        if names:
            yield Phrase.of(what, what=tuple(names.values()))
    for spot in month.spots[:2]:
        product = " ".join(filter(None, (spot.product, spot.model)))
        yield Phrase.of("month.do_spot", batch=spot.batch, product=product, ids=_shown(spot.count.ids))
    without = month.pareto["fault"].without
    received = month.this.flow.received.n
    if received >= LEAST_RECEIVED and without.n * 2 > received:
        yield Phrase.of("month.do_fault", n=without.n, all=received)
    undone = [each for each in actions if each.late]
    if undone:
        owners = _counted(each.owner for each in undone)
        yield Phrase.of("month.do_actions" if owners else "month.do_actions_nobody", n=len(undone), owners=owners)
    for table, qualities in month.rules.items():
        for rule in qualities:
            said = rule.overruled
            if (
                said.numerator is not None
                and said.numerator >= LEAST_OVERRULES
                and said.numerator * 2 > said.denominator
            ):
                facts = {"n": int(said.numerator), "all": int(said.denominator)}
                yield Phrase.of(f"month.do_rule_{table}", rule=rule.rule, **facts)
    returned = month.this.satisfaction.returned
    if returned.value is not None and returned.value < RETURNED and returned.n >= FEW_ANSWERS:
        yield Phrase.of("month.do_ask", percent=round(returned.value * 100), n=returned.n)


def _counted(names: Iterable[str | None]) -> tuple[str, ...]:
    """`孙浩 9`: those with the most, and how many."""
    return tuple(f"{name} {n}" for name, n in Counter(filter(None, names)).most_common(SHOWN))


def _shown(ids: Sequence[str]) -> Phrase:
    if len(ids) <= SHOWN:
        return Phrase.of("month.ids", ids=tuple(ids))
    return Phrase.of("month.ids_more", ids=tuple(ids[:SHOWN]), more=len(ids) - SHOWN)
