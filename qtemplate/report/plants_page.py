"""All registers of a fleet on one page, side by side: HTML that needs nothing else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ..figures.side_by_side import MonthLine, Share, together
from ..plan import Phrase
from ..resources import templates_root
from ..texts import say

WAITING = ("drafted", "approved", "held", "unknown", "failed")
COLUMNS = ("name", "state", "at", "hours", *WAITING, "machine", "problem")
FIGURES = ("received", "closed", "open", "overdue", "respond", "close")
"""Of each month, in this order."""

NONE = "–"


def plants_page(rows: Sequence[Mapping[str, Any]], today: dt.date, language: str) -> str:
    """The page: how each register runs, and its figures of the month before this and of this one so far.

    Args:
        rows: As `fleet status --json` has them, `months` as `MonthLine`s; those that need somebody come first.
        today: Says which months are shown.
        language: Of the page.
    """
    environment = Environment(
        loader=FileSystemLoader(templates_root() / "report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

    def word(key: str) -> str:
        return say(Phrase(f"fleet.{key}"), language)

    ordered = sorted(rows, key=lambda row: (-row["exit"], row["name"]))
    this = today.replace(day=1)
    months = ((this - dt.timedelta(days=1)).replace(day=1), this)
    return environment.get_template("plants.html.j2").render(
        language=language,
        title=word("page_title"),
        heads=[word(f"column_{column}") for column in COLUMNS],
        lines=[(row["state"], [_cell(row, column, language) for column in COLUMNS]) for row in ordered],
        numbers=[column in (*WAITING, "hours") for column in COLUMNS],
        total=say(Phrase.of("fleet.page_total", n=len(rows), bad=sum(row["exit"] == 5 for row in rows)), language),
        figures_title=word("figures_title"),
        figures_note=word("figures_note"),
        spans=[
            say(Phrase.of(key, month=f"{month:%Y-%m}"), language)
            for key, month in zip(("fleet.month_whole", "fleet.month_so_far"), months, strict=True)
        ],
        figure_heads=[word(f"figure_{name}") for name in FIGURES],
        figure_lines=list(_figures(rows, months, word("figure_all"))),
    )


def _figures(
    rows: Sequence[Mapping[str, Any]], months: Sequence[dt.date], of_all: str
) -> Iterator[tuple[str, list[tuple[str, bool]]]]:
    """Name of each register, by name, and its cells with whether they stand out; all of them together come last."""
    known = [{line.month: line for line in row["months"]} for row in rows]
    for row, lines in sorted(zip(rows, known, strict=True), key=lambda pair: pair[0]["name"]):
        yield row["name"], [cell for month in months for cell in _month(lines.get(month))]
    sums = [together(lines[month] for lines in known if month in lines) for month in months]
    yield of_all, [cell for line in sums for cell in _month(line)]


def _month(line: MonthLine | None) -> list[tuple[str, bool]]:
    if line is None:
        return [(NONE, False)] * len(FIGURES)
    late = NONE if line.overdue is None else str(line.overdue)
    counts = [
        (str(line.received), False),
        (str(line.closed), False),
        (str(line.open), False),
        (late, bool(line.overdue)),
    ]
    return [*counts, (_share(line.respond), False), (_share(line.close), False)]


def _share(share: Share) -> str:
    hits, counted = share
    return f"{100 * hits / counted:.0f}% ({hits}/{counted})" if counted else NONE


def _cell(row: Mapping[str, Any], column: str, language: str) -> str:
    match column:
        case "state":
            return say(Phrase(f"fleet.state_{row['state']}"), language)
        case "at":
            return NONE if row["at"] is None else f"{row['at']:%Y-%m-%d %H:%M}"
        case "hours":
            return NONE if row["age_hours"] is None else f"{row['age_hours']:.1f}"
        case "problem":
            said = [row["problem"]] if row["problem"] is not None else [*row.get("waits", ()), *row.get("people", ())]
            return ("；" if language == "zh" else "; ").join(say(each, language) for each in said)
        case name if name in WAITING:
            return str(row["mails"].get(name, 0) or "")
        case _:
            return str(row[column])
