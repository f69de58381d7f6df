"""The first working day of a month: M26 to whom 人员 says; M23 and a proposed improvement for a signal; all once."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from registers import ASSESSED, make_workspace, register_of, rules_with, standard_rules

from qtemplate.config import Config, load_config
from qtemplate.jobs.mail.sending import send_due
from qtemplate.jobs.month.command import Wanted, report
from qtemplate.jobs.run import run
from qtemplate.jobs.workspace import looking
from qtemplate.plan import Memory
from qtemplate.report.run_report import RunReport
from qtemplate.rules.month.news import month_to_tell, readers
from qtemplate.rules.situation import Situation
from qtemplate.sheets import open_book, read_rulebook

MONDAY = dt.datetime(2026, 8, 3, 6)
"""The first working day of August: the 1st is a Saturday."""

LEAD, HEADS = "zhou@example.com", ["he@example.com", "wang@example.com", "zhao@example.com"]


def rows() -> list[dict[str, Any]]:
    """One a month from January on, and eight in July."""
    months = [1, 2, 3, 4, 5, 6, *[7] * 8]
    return [
        ASSESSED | {"received_at": dt.datetime(2026, month, 6, 9, at), "title": f"屏幕不亮 {at}"}
        for at, month in enumerate(months)
    ]


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Config:
    return load_config(make_workspace(tmp_path_factory.mktemp("month") / "w", rows()))


@pytest.fixture(scope="module")
def told(config: Config) -> list[RunReport]:
    """The runs of three nights, the first working day the second of them."""
    return [run(config, at) for at in (MONDAY - dt.timedelta(days=2), MONDAY, MONDAY + dt.timedelta(days=1))]


def of_month(made: RunReport) -> list[tuple[str, tuple[str, ...]]]:
    return sorted((mail.kind, mail.to) for mail in made.messages if mail.kind in ("M23", "M26"))


def test_the_month_goes_once_on_its_first_working_day_to_the_lead_and_the_heads(told: list[RunReport]) -> None:
    expected = [("M23", (LEAD,)), *(("M26", (to,)) for to in sorted([LEAD, *HEADS]))]
    assert [of_month(made) for made in told] == [[], expected, []]


def test_a_signal_is_a_finding_and_a_proposed_improvement_of_the_quality_lead(
    told: list[RunReport], config: Config
) -> None:
    assert [sum(item.code == "QT901" for item in made.findings) for made in told] == [0, 1, 1]
    actions = read_rulebook(open_book(config.register.path)).logs["actions"]
    assert [(row.id, row.text("kind"), row.text("owner"), row.text("text")) for row in actions] == [
        ("", "improvement", "周敏", "每月收到的反馈自 2026-07 起出现异常：查明原因并改进")
    ]


def test_the_mails_say_the_numbers_of_the_report_and_who_comes_first(told: list[RunReport], config: Config) -> None:
    with looking(config) as workspace:
        month = workspace.outbox.show(f"M26/2026-07/{LEAD}")
        signal = workspace.outbox.show(f"M23/2026-07/{LEAD}")
    made = report(config, dt.date(2026, 7, 1), "zh", MONDAY)
    assert (month.state, "质量反馈月报 2026-07" in month.subject) == ("sent", True), month.subject
    figures = made.data["figures"]
    assert (figures["received"]["value"], figures["open"]["value"]) == (8, 14)
    assert [chart["signals"][0]["month"] for chart in made.data["charts"] if chart["signals"]] == ["2026-07"]
    assert "2026-07" in signal.subject


def test_asked_for_it_goes_on_any_day_and_nobody_gets_it_twice(told: list[RunReport], config: Config) -> None:
    later = MONDAY + dt.timedelta(days=20)
    again = report(config, dt.date(2026, 7, 1), "zh", later, Wanted(mail=True))
    assert again.data["messages"] == []
    june = report(config, dt.date(2026, 6, 1), "zh", later, Wanted(mail=True))
    assert sorted(mail["key"] for mail in june.data["messages"]) == sorted(f"M26/2026-06/{to}" for to in (LEAD, *HEADS))


@pytest.mark.parametrize(
    ("day", "month"),
    [
        ("2026-07-31", None),
        ("2026-08-02", None),
        ("2026-08-03", "07"),
        ("2026-08-07", "07"),
        ("2026-08-08", None),
        ("2026-10-02", None),
        ("2026-10-07", None),
        ("2026-10-08", "09"),
        ("2026-10-12", "09"),
        ("2026-10-13", None),  # the fifth day after it
        ("2026-01-03", None),
        ("2026-01-04", "12"),  # a Sunday that is worked
        ("2026-05-05", None),
        ("2026-05-06", "04"),
        ("2026-05-10", "04"),  # a Sunday: whoever runs then missed the days before
        ("2026-05-11", None),
        ("2027-01-01", "12"),  # nobody has declared the holidays of 2027 yet: a Friday is worked
    ],
)
def test_the_month_is_told_from_its_first_working_day_on_for_a_few_days(day: str, month: str | None) -> None:
    situation = Situation(register_of(), standard_rules(), Memory(), dt.datetime.fromisoformat(day))
    found = month_to_tell(situation)
    assert (None if found is None else f"{found:%m}") == month


def test_the_column_of_people_says_who_gets_it_and_who_is_away_is_stood_in_for() -> None:
    wanted = {"林静": True, "周敏": False}
    away = ((MONDAY.date(), MONDAY.date()),)
    people = tuple(
        replace(person, monthly=wanted.get(person.name), away=away if person.name == "王磊" else ())
        for person in standard_rules().people
    )
    situation = Situation(register_of(), rules_with(people=people), Memory(), MONDAY)
    assert [(to.person.name, to.absent) for to in readers(situation)] == [
        ("林静", ""), ("何军", ""), ("陈晨", "王磊"), ("赵刚", ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "later", [pytest.param(dt.timedelta(minutes=15), marks=pytest.mark.campaign), dt.timedelta(days=20)], ids=str
)
def test_what_waits_for_a_server_goes_later_that_day_or_weeks_later_and_once(
    later: dt.timedelta, tmp_path: Path
) -> None:
    """Queued on the first working day, while nothing could be sent; the month is over and stays as it was."""
    config = load_config(make_workspace(tmp_path / "w", rows()))
    queued = of_month(run(config, MONDAY, send=False))
    sent = send_due(config, MONDAY + later).data["deliveries"]
    of_months = sorted((each["key"][:3], each["state"]) for each in sent if each["key"][:3] in ("M23", "M26"))
    assert of_months == [(kind, "sent") for kind, _ in queued]
    assert of_month(run(config, MONDAY + later + dt.timedelta(hours=1))) == []


def test_nothing_is_told_of_an_empty_register(tmp_path: Path) -> None:
    config = load_config(make_workspace(tmp_path / "w", []))
    assert of_month(run(config, MONDAY)) == []
