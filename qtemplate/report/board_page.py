"""The board as a page for a screen in the hall: HTML that needs nothing else, no script; big and calm."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from msgspec import Struct

from ..choices import Clock, Level
from ..figures.figure import Figure
from ..plan import Phrase
from ..resources import templates_root
from ..rules.month.board import OTHER, Board, DueRow
from ..texts import say
from ..texts.display import display

EVERY = 120
"""Seconds after which the screen asks for the page again."""

MOST_DEPARTMENTS, MOST_NEXT = 8, 7
"""So many have room on a screen; the others are counted."""

Row = dict[str, Any]


def board_page(board: Board, language: str) -> bytes:
    """The page; the same board gives the same bytes.

    Args:
        board: What it says.
        language: Of the workspace.
    """
    style, template = _parts()
    made: str = template.render(page=_Words(board, language).everything(), language=language, every=EVERY, style=style)
    return (made + "\n").encode()


@lru_cache(1)
def _parts() -> tuple[Row, Any]:
    """The style with the digest by which a browser lets it in, and the template."""
    root = templates_root() / "report"
    environment = Environment(
        loader=FileSystemLoader(root), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    css = (root / "board.css").read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    return {"css": css, "digest": digest}, environment.get_template("board.html.j2")


class _Words(Struct, frozen=True):
    board: Board
    language: str

    def everything(self) -> Row:
        board = self.board
        rest = board.overdue + board.today - MOST_NEXT
        return {
            "title": self._word("title"),
            "day": self._day(board.day),
            "tiles": list(self._tiles()),
            "where": self._word("where"),
            "department": self._word("department"),
            "total": self._word("total"),
            "states": [self._word("no_state") if each is None else each.label(self.language) for each in board.states],
            "departments": list(self._departments()),
            "sums": [board.open, *(sum(of[at] for _, of in board.departments) for at in range(len(board.states)))],
            "nothing_open": self._word("nothing_open"),
            "next_title": self._word("next"),
            "heads": [self._word(each) for each in ("id", "level", "department", "what", "due")],
            "next": [self._next(each) for each in board.next[:MOST_NEXT]],
            "more": self._word("more", n=rest) if rest > 0 else "",
            "nothing_due": self._word("nothing_due"),
            "month": self._word("month", month=f"{board.period.start:%Y-%m}"),
            "figures": list(self._figures()),
            "stale": self._word("stale"),
        }

    def _word(self, key: str, /, **facts: Any) -> str:
        return say(Phrase.of(f"board.{key}", **facts), self.language)

    def _day(self, day: dt.date) -> str:
        return self._word("day", date=display(day, self.language), weekday=self._word(f"weekday_{day.weekday()}"))

    def _tiles(self) -> Iterator[Row]:
        board, level = self.board, Level.URGENT.label(self.language)
        urgent = (
            self._word("urgent", n=board.urgent, level=level) if board.urgent else self._word("no_urgent", level=level)
        )
        yield {"kind": "open", "name": self._word("open"), "n": board.open, "note": urgent}
        week = "week_over" if board.day.weekday() == 6 else "week_note"
        for kind, n, note in (
            ("overdue", board.overdue, "overdue_note"),
            ("today", board.today, "today_note"),
            ("week", board.week, week),
        ):
            yield {"kind": kind, "name": self._word(kind), "n": n, "note": self._word(note)}

    def _departments(self) -> Iterator[Row]:
        named = self.board.departments
        shown = named if len(named) <= MOST_DEPARTMENTS else named[: MOST_DEPARTMENTS - 1]
        for name, of in shown:
            yield {"name": self._name(name), "n": sum(of), "of": of}
        rest = named[len(shown) :]
        if rest:
            of = tuple(map(sum, zip(*(of for _, of in rest), strict=True)))
            yield {"name": self._word("rest", n=len(rest)), "n": sum(of), "of": of}

    def _name(self, department: str) -> str:
        return {"": self._word("no_department"), OTHER: self._word("other")}.get(department, department)

    def _next(self, row: DueRow) -> Row:
        known = {level.value: level.label(self.language) for level in Level}
        return {
            "id": row.id,
            "level": known.get(row.level or "", "–"),
            "urgent": row.level == Level.URGENT,
            "department": self._name(row.department),
            "clock": row.clock.label(self.language),
            "due": self._due(row.due),
            "late": row.late,
        }

    def _due(self, due: dt.datetime) -> str:
        day = self.board.day
        if due.date() == day:
            return self._word("due_today", time=f"{due:%H:%M}")
        if due.year != day.year:
            return display(due.date(), self.language)
        return self._word("due_day", month=self._word(f"month_{due.month}"), day=due.day)

    def _figures(self) -> Iterator[Row]:
        this, before = self.board.this, self.board.before
        for name, figure, former in (
            ("received", this.flow.received, before.flow.received),
            ("closed", this.flow.closed, before.flow.closed),
        ):
            yield self._figure(name, _number(figure), _number(former))
        for name, figure, former in (
            ("respond", this.clocks[Clock.RESPOND], before.clocks[Clock.RESPOND]),
            ("resolve", this.clocks[Clock.RESOLVE], before.clocks[Clock.RESOLVE]),
        ):
            yield self._figure(name, _percent(figure), _percent(former), figure)
        yield self._figure("median", _tenths(this.cycle.median), _tenths(before.cycle.median))

    def _figure(self, name: str, value: str, former: str, rate: Figure | None = None) -> Row:
        of = ""
        if rate is not None and rate.numerator is not None:
            of = self._word("of", hits=int(rate.numerator), n=rate.n)
        return {"name": self._word(name), "value": value, "of": of, "before": self._word("before", value=former)}


def _number(figure: Figure) -> str:
    return "–" if figure.value is None else f"{figure.value:.0f}"


def _percent(figure: Figure) -> str:
    return "–" if figure.value is None else f"{figure.value * 100:.0f}%"


def _tenths(figure: Figure) -> str:
    return "–" if figure.value is None else f"{figure.value:.1f}"
