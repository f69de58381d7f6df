"""The month for a terminal: what to do, what changed, the figures, and who needs attention."""

from __future__ import annotations

from collections.abc import Iterator

from ...fields import Field
from ...plan import Phrase
from ...register import label_of
from ...rules.month.changes import say_signal, told_signals
from ...rules.month.look import MonthLook
from ...texts import say
from ...texts.display import display
from ..answer import Line, Section, columns
from .words import days, number, rate, word

ABOUT = (Field.LEVEL, Field.DEPARTMENT, Field.OWNER)
"""What is said of a row that needs attention."""


def month_sections(look: MonthLook, language: str) -> tuple[Section, ...]:
    """Sections in the order in which a meeting asks."""
    month = look.month
    over = "as_of" if month.period.end <= month.now else "so_far"
    state = Phrase.of(f"month.{over}", at=month.now)
    head = Phrase.of("month.says", month=f"{month.period.start:%Y-%m}", state=state)
    nothing = Phrase("month.replayed" if look.replayed else "month.do_nothing")
    return (
        Section(None, (head,)),
        Section.of(Phrase("month.to_do"), look.to_do or (nothing,)),
        Section.of(Phrase("month.changes"), look.changes or (Phrase("month.no_changes"),)),
        Section.of(Phrase("month.flow"), columns(list(_figures(look, language)))),
        Section.of(Phrase("month.charts"), _signals(look)),
        Section.of(Phrase("month.attention"), _attention(look, language)),
    )


def _figures(look: MonthLook, language: str) -> Iterator[list[str]]:
    """Name, month, month before."""
    yield ["", word("of_month", language), word("of_before", language)]
    both = (look.month.this, look.month.before)
    for name in ("received", "closed", "reopened", "open"):
        yield [word(name, language), *(number(getattr(each.flow, name), language) for each in both)]
    yield [word("overdue", language), *(number(each.overdue, language) for each in both)]
    for clock in look.month.this.clocks:
        said = [rate(each.clocks[clock], language) for each in both]
        yield [say(Phrase.of("month.rate_clock", clock=clock), language), *said]
    yield [word("on_time_close", language), *(rate(each.on_time_close, language) for each in both)]
    yield [word("median", language), *(days(each.cycle.median, language) for each in both)]
    yield [word("reopen_rate", language), *(rate(each.reopened, language) for each in both)]
    yield [word("recurrence", language), *(rate(each.recurred, language) for each in both)]
    yield [word("satisfaction", language), *(number(each.satisfaction.mean, language, 1) for each in both)]
    yield [word("returned", language), *(rate(each.satisfaction.returned, language) for each in both)]


def _signals(look: MonthLook) -> tuple[Line, ...]:
    charts = look.month.charts
    if not charts:
        return (Phrase("month.no_charts"),)
    return tuple(say_signal(chart, signal) for chart in charts for signal in told_signals(chart)) or (
        Phrase("month.no_signals"),
    )


def _attention(look: MonthLook, language: str) -> list[str]:
    rows = []
    for each in look.attention:
        about = (display(label_of(field, each.value(field), language), language) or "–" for field in ABOUT)
        rows.append([each.case.id, *about, each.clock.label(language), each.span(language), say(each.todo(), language)])
    return columns(rows) if rows else []
