"""Every figure of the sample's months three times: on the page, in `--json`, on 统计; and they are the same."""

from __future__ import annotations

import datetime as dt
import html
import re
from pathlib import Path
from typing import Any

import pytest
from msgspec import Struct

from qtemplate.choices import CauseCode, Clock, Level
from qtemplate.config import load_config
from qtemplate.jobs.demo import SAMPLE_MOMENT
from qtemplate.jobs.month.command import page_of
from qtemplate.jobs.month.gather import gather, known_past
from qtemplate.jobs.workspace import looking
from qtemplate.jobs.world import read_world
from qtemplate.ooxml.cells import CellError, Formula
from qtemplate.report.month.as_json import month_data
from qtemplate.rules.month.look import look_at_month
from qtemplate.rules.month.rows import Past
from qtemplate.rules.month.table import ManyMonths, many_months
from qtemplate.rules.situation import Situation
from qtemplate.sheets.statistics import places as at
from qtemplate.sheets.statistics.lines import Choice, Lines
from qtemplate.sheets.statistics.month_figures import NONE

MONTHS = [dt.date(2026, month, 1) for month in (4, 5, 6, 7)]
NAMES = {
    "zh": ("无", "{:.0f}%（{:.0f}/{}）", "{:.1f} 个工作日"),
    "en": ("n/a", "{:.0f} % ({:.0f}/{})", "{:.1f} working days"),
}
OUTCOMES = ("satisfaction_mean", "satisfaction_content", "satisfaction_returned", "reopen_rate", "recurrence_rate",
            "cycle_median", "cycle_p90")  # fmt: skip
SHEET: tuple[str | tuple[str, Clock], ...] = ("received", "closed", "open", "reopened", "overdue",
         *(("clocks", clock) for clock in Clock if clock.value in {
             "assess", "respond", "accept", "contain", "update", "resolve", "authority"}),
         "on_time_close", "cycle_median", "cycle_p90", "cycle_mean", "reopen_rate", "recurrence_rate",
         "satisfaction_mean", "satisfaction_content", "satisfaction_returned", ("clocks", Clock.CONFIRM))  # fmt: skip
"""The figures of 统计 from top to bottom."""


class Sample(Struct, frozen=True):
    situation: Situation
    past: Past
    months: ManyMonths


@pytest.fixture(scope="module")
def sample(demo: Path) -> Sample:
    """The sample as it stands after its run."""
    config = load_config(demo / "qtemplate.toml")
    with looking(config) as workspace:
        look = gather(workspace, read_world(config), SAMPLE_MOMENT.replace(tzinfo=config.register.time_zone), None)
        past = known_past(workspace.journal, look.situation.memory, config.register.time_zone)
    return Sample(look.situation, past, many_months(look.situation, past))


def figure(figures: dict[str, Any], name: str | tuple[str, Clock]) -> dict[str, Any]:
    found: dict[str, Any] = figures[name] if isinstance(name, str) else figures[name[0]][name[1]]
    return found


def cells(part: str) -> list[list[str]]:
    """The text of the rows of a table."""
    rows = re.findall(r"<tr>(.*?)</tr>", part, re.DOTALL)
    return [[plain(cell) for cell in re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.DOTALL)] for row in rows]


def plain(part: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", part)).strip()


def bars(part: str) -> list[tuple[str, str]]:
    """Name and number of bars."""
    return [(plain(name), plain(said)) for name, said in re.findall(
        r'<div class="bar"><span>(.*?)</span><i[^>]*></i><span[^>]*>(.*?)</span></div>', part, re.DOTALL
    )]  # fmt: skip


def said(found: dict[str, Any], language: str, way: str = "rate") -> str:
    """What the page has to say of a figure; of one that there is not, its beginning."""
    none, rate, days = NAMES[language]
    if found["value"] is None:
        return none
    match way:
        case "days":
            return days.format(found["value"])
        case "mean":
            return f"{found['value']:.1f}"
        case _:
            return rate.format(found["value"] * 100, found["numerator"], found["n"])


def ways(name: str) -> str:
    return {"satisfaction_mean": "mean", "cycle_median": "days", "cycle_p90": "days"}.get(name, "rate")


def agrees(shown: str, wanted: str, none: str) -> bool:
    return shown.startswith(none) if wanted == none else shown == wanted


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("month", MONTHS, ids=str)
def test_the_page_the_object_and_the_sheet_say_the_same(sample: Sample, month: dt.date, language: str) -> None:
    look = look_at_month(sample.situation, month, sample.past)
    made, page = month_data(look), page_of(look, language, public=False)
    this, before, none = made["figures"], made["before"], NAMES[language][0]
    tiles = re.findall(r'<div class="tile">.*?<b>(.*?)</b><span class="soft small">\S+ (.*?)</span></div>', page)
    for (shown, former), name in zip(
        tiles, ("received", "closed", "open", "overdue", "on_time_close", "cycle_median"), strict=True
    ):
        for text, figures in ((shown, this), (former, before)):
            number = figures[name]["value"]
            share = f"{number * 100:.0f}%" if name == "on_time_close" and number is not None else None
            wanted = (
                none if number is None else share or (f"{number:.1f}" if name == "cycle_median" else f"{number:.0f}")
            )
            assert text == wanted, (name, text)
    flow, levels, timely, pareto, outcome = parts(page)
    last = made["months"][-1]
    known = last["by_level"].values() if last["levels"] == "then" else ()
    counts = [[each[name]["n"] for name in ("received", "closed", "reopened", "open")]
              for each in (*known, last["total"])]  # fmt: skip
    shown_counts = [[int(cell) for cell in row[1:]] for row in cells(levels)[1:]]
    assert shown_counts == [row for at_, row in enumerate(counts) if at_ != len(Level) or any(row)]
    assert (last["levels"] == "then") == (month == MONTHS[-1])  # the first run noted the levels, in the last month
    assert [(name, int(n)) for name, n in bars(levels)] == [(name, each["n"]) for name, each in made["ageing"].items()]
    for row, (clock, found) in zip(
        cells(timely)[1:], [*this["clocks"].items(), (None, this["on_time_close"])], strict=True
    ):
        former = before["on_time_close"] if clock is None else before["clocks"][clock]
        assert agrees(row[1], said(found, language), none) and agrees(row[2], said(former, language), none), row
    for row, name in zip(cells(outcome)[1:], OUTCOMES, strict=True):
        for text, figures in ((row[1], this), (row[2], before)):
            assert agrees(text, said(figures[name], language, ways(name)), none), row
    rows = [(count, share) for name in ("fault", "cause", "product") for count, share in [
        (bar["count"], round(bar["cumulative"] * 100)) for bar in made["pareto"][name]["bars"][:8]]]  # fmt: skip
    assert [said_ for _, said_ in bars(pareto)] == [f"{count} · {share}%" for count, share in rows]
    assert len(re.findall("<circle", flow)) == 12
    compare_sheet(sample, month, made, language)


def parts(page: str) -> tuple[str, str, str, str, str]:
    """Flow, levels and ageing, timeliness, Pareto, outcomes: from heading to heading."""
    first = page.index('<svg viewBox="0 0 720')
    pieces = re.split(r"<h2>", page[first:])
    table = next(at_ for at_, piece in enumerate(pieces) if '<span class="meter">' in piece or "tight soft" in piece)
    outcome = next(piece for piece in pieces if 'class="soft">' in piece and "<tr><th></th>" in piece)
    return pieces[0], pieces[0][pieces[0].index('<div class="two">') :], pieces[table], pieces[table + 1], outcome


def of_level(month: dict[str, Any], level: str, name: str) -> int:
    """What the sheet shows: all of a month whose levels nobody noted stand where those without a level do."""
    if month["levels"] == "unknown":
        assert month["by_level"][level][name]["reason"] == "level_unknown"
        return int(month["total"][name]["n"]) if level == "none" else 0
    return int(month["by_level"][level][name]["n"])


def compare_sheet(sample: Sample, month: dt.date, made: dict[str, Any], language: str) -> None:
    """The sheet for that month, by the results that stand beside its formulas, which LibreOffice works out the same."""
    rows = Lines(sample.months.table, Choice(month, "", month), language).made()

    def value(row: int, column: int) -> Any:
        found = rows[row - at.CHOICE_ROW][column - 1]
        return found.cached if isinstance(found, Formula) else found

    for column, figures in ((2, made["figures"]), (4, made["before"])):
        found = [value(row, column) for row in range(at.FIRST_ROW, at.FIRST_ROW + len(SHEET))]
        numbers = [figure(figures, name)["value"] for name in SHEET]
        assert found == [NONE if number is None else pytest.approx(number) for number in numbers]
    last = range(at.LAST_TABLE_ROW - 11, at.LAST_TABLE_ROW + 1)
    for level in at.LEVELS:
        for name in ("received", "closed", "open"):
            column = at.MONTH_COLUMNS[f"{name}_{level}"]
            assert [value(row, column) for row in last] == [of_level(each, level, name) for each in made["months"]]
    for name in ("fault", "cause"):
        columns = [at.PARETO_COLUMNS[f"{name}_{part}"] for part in ("value", "count", "share")]
        found = [[value(row, column) for column in columns] for row in range(at.FIRST_ROW, at.LAST_TABLE_ROW + 1)]
        label = {code.value: code.label(language) for code in CauseCode} if name == "cause" else {}
        assert [each for each in found if each[1] != CellError.NA] == [
            [label.get(bar["value"], bar["value"]), bar["count"], pytest.approx(bar["cumulative"])]
            for bar in made["pareto"][name]["bars"]
        ]
