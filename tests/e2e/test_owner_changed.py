"""A feedback given to another owner after its transfer: they get it once, with a form that is theirs, on whole runs."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from demo_workspaces import first_run
from person import edit_lines, read_lines
from registers import ASSESSED, NOW, PRODUCTS, make_workspace, people_rows
from test_form_commands import answer_form
from test_mail_leaks import parsed, part
from workspace_state import mails, queue

from qtemplate.config import Config, load_config
from qtemplate.jobs.run import run
from qtemplate.report.run_report import RunReport
from qtemplate.sheets.standard import build_workbook

DAY = dt.timedelta(days=1)
FORM = Path("forms") / "out" / "转交单-QF-2026-0001.xlsx"
SUN, LI = "M03/QF-2026-0001/1/生产部/孙浩", "M03/QF-2026-0001/1/生产部/李想"


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """A row transferred to 孙浩, whose form 孙浩 has still got."""
    first_run(tmp_path / "w", [ASSESSED])
    config = load_config(tmp_path / "w" / "qtemplate.toml")
    (config.workspace / FORM).rename(tmp_path / "sun.xlsx")
    return config


def give(config: Config, **cells: Any) -> None:
    """A person changes cells of the row."""
    edit_lines(config.register.path, lambda lines: lines[0].update(cells))


def cell(config: Config, key: str) -> Any:
    return read_lines(config.register.path)[0][key]


def transfers(config: Config) -> dict[str, str]:
    return {key: state for key, state in queue(config.workspace).items() if key.startswith("M03/")}


def codes(report: RunReport) -> set[str]:
    return {item.code for item in report.findings}


def return_form(config: Config, form: Path, **answers: Any) -> None:
    answer_form(form, config.workspace / "forms" / "in" / "a.xlsx", **answers)


def test_the_new_owner_gets_it_once_and_nobody_when_it_comes_back(config: Config) -> None:
    give(config, owner="李想")
    run(config, NOW + DAY)
    assert transfers(config) == {SUN: "sent", LI: "sent"}
    assert (cell(config, "transferred_at"), cell(config, "status")) == (NOW + DAY, "处理中")
    run(config, NOW + DAY)
    give(config, owner="孙浩")
    run(config, NOW + 2 * DAY)
    give(config, owner="李想")
    run(config, NOW + 3 * DAY)
    assert transfers(config) == {SUN: "sent", LI: "sent"}
    assert cell(config, "transferred_at") == NOW + DAY
    assert len([name for name in mails(config.workspace) if name.startswith("M03")]) == 2


def test_the_former_owners_form_is_superseded_and_the_new_ones_is_taken(config: Config, tmp_path: Path) -> None:
    give(config, owner="李想")
    run(config, NOW + DAY)
    return_form(config, tmp_path / "sun.xlsx", decision="接受", planned_at=dt.date(2026, 7, 30))
    assert "QT622" in codes(run(config, NOW + 2 * DAY))
    assert (cell(config, "accepted_at"), cell(config, "planned_at")) == (None, None)
    return_form(config, config.workspace / FORM, decision="接受", planned_at=dt.date(2026, 8, 3))
    run(config, NOW + 3 * DAY)
    assert (cell(config, "accepted_at"), cell(config, "planned_at")) == (NOW + 3 * DAY, dt.datetime(2026, 8, 3))


def test_what_the_former_owner_accepted_is_void_and_what_a_person_typed_stays(config: Config, tmp_path: Path) -> None:
    return_form(config, tmp_path / "sun.xlsx", decision="接受")
    run(config, NOW + DAY)
    assert cell(config, "accepted_at") == NOW + DAY
    give(config, owner="李想")
    run(config, NOW + 2 * DAY)
    assert (cell(config, "accepted_at"), transfers(config)[LI]) == (None, "sent")
    give(config, owner="陈晨", accepted_at=NOW + 2 * DAY)
    run(config, NOW + 3 * DAY)
    assert cell(config, "accepted_at") == NOW + 2 * DAY
    assert transfers(config)["M03/QF-2026-0001/1/生产部/陈晨"] == "sent"


def test_a_name_nobody_knows_is_told_and_takes_nothing_from_the_row(config: Config, tmp_path: Path) -> None:
    return_form(config, tmp_path / "sun.xlsx", decision="接受")
    run(config, NOW + DAY)
    give(config, owner="孙洁")
    assert "QT143" in codes(run(config, NOW + 2 * DAY))
    assert (cell(config, "transferred_at"), cell(config, "accepted_at")) == (NOW, NOW + DAY)
    assert transfers(config) == {SUN: "sent"}


def test_an_owner_without_an_address_is_told_and_the_row_waits_for_its_transfer(tmp_path: Path) -> None:
    file = make_workspace(tmp_path / "w", [ASSESSED])
    book = build_workbook("zh", people=people_rows(li={"mail": None}), products=PRODUCTS, rows=[ASSESSED])
    (tmp_path / "w" / "register.xlsx").write_bytes(book)
    config = load_config(file)
    run(config, NOW)
    give(config, owner="李想")
    for day in (1, 2):
        assert "QT333" in codes(run(config, NOW + day * DAY))
    assert (cell(config, "transferred_at"), cell(config, "status")) == (None, "待转交")
    assert transfers(config) == {SUN: "sent"}


def test_the_new_owner_is_not_blamed_for_the_time_the_former_one_took(config: Config) -> None:
    give(config, owner="李想")
    run(config, NOW + 5 * DAY)
    told = {
        name: part(parsed(data), "plain")
        for name, data in mails(config.workspace).items()
        if name.startswith("M10_2026-07")
    }
    (digest,) = [text for text in told.values() if text.startswith("李想")]
    assert ("临时措施" in digest, "接受" in digest) == (True, False)


def test_an_owner_changed_before_the_mail_went_gets_it_alone(tmp_path: Path) -> None:
    config = load_config(make_workspace(tmp_path / "w", [ASSESSED]))
    run(config, NOW, send=False)
    give(config, owner="李想")
    run(config, NOW + DAY)
    assert transfers(config) == {SUN: "cancelled", LI: "sent"}
