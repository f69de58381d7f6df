"""`report`: the month of the sample register, on the terminal and as an object."""

from __future__ import annotations

import datetime as dt
import html
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from desk import sit_down
from python_calamine import CalamineWorkbook
from registers import ASSESSED, make_workspace
from told import register_of

from qtemplate.cli import main
from qtemplate.config import load_config
from qtemplate.errors import NotWritten
from qtemplate.jobs.month.command import Wanted, report
from qtemplate.jobs.rules.rule_sheets import show_rules
from qtemplate.jobs.run import run
from qtemplate.report.answer import to_json, to_text

DAY = dt.datetime(2026, 7, 16, 9, 0)
LATER = dt.datetime(2026, 7, 20, 9, 0)
JUNE = dt.date(2026, 6, 1)


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    with pytest.raises(SystemExit) as left:
        main(["report", *arguments, "--json"])
    assert left.value.code == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_every_figure_comes_with_its_numerator_denominator_and_rows(
    demo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (demo / "register.xlsx").read_bytes()
    made = told(capsys, "--config", str(demo / "qtemplate.toml"), "--month", "2026-06", "--now", "2026-07-20T09:00")
    assert (made["schema"], made["month"], made["complete"], made["to"]) == (1, "2026-06", True, "2026-07-01")
    received, respond = made["figures"]["received"], made["figures"]["clocks"]["respond"]
    assert received["value"] == received["n"] == len(received["ids"]) > 0
    assert respond["value"] == respond["numerator"] / respond["denominator"]
    assert (len(respond["counted"]), len(respond["ids"])) == (respond["numerator"], respond["denominator"])
    assert [each["month"] for each in made["months"]][-2:] == ["2026-05", "2026-06"]
    assert made["months"][-1]["total"]["received"] == received
    levels = [level["received"] for level in made["months"][-1]["by_level"].values()]
    assert [each["reason"] for each in levels] == ["level_unknown"] * 5  # the first run was in July
    july = told(capsys, "--config", str(demo / "qtemplate.toml"), "--month", "2026-07", "--now", "2026-07-20T09:00")
    counts = [level["received"]["n"] for level in july["months"][-1]["by_level"].values()]
    assert (sum(counts), july["months"][-1]["levels"]) == (july["figures"]["received"]["n"], "then")
    bars = made["pareto"]["product"]["bars"]
    assert sum(bar["count"] for bar in bars) + made["pareto"]["product"]["without"]["n"] == received["n"]
    assert (demo / "register.xlsx").read_bytes() == before


def test_a_month_that_is_none_is_said(demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["report", "--config", str(demo / "qtemplate.toml"), "--month", "Juni"])
    assert left.value.code == 2
    assert "2026-10" in capsys.readouterr().err


def test_a_closing_that_a_reopening_undid_stays_in_the_figures(tmp_path: Path) -> None:
    """Closed by the run of the 16th, reopened on the 20th by a person who emptied 关闭时间: the journal knows both."""
    closed = {"close_type": "explained", "authenticity": "misunderstanding"}
    said = {"replied_at": dt.datetime(2026, 7, 15, 14), "reply_type": "explained", "reply_text": "说明书第三页。"}
    config = load_config(make_workspace(tmp_path / "w", [ASSESSED | closed | said]))
    run(config, DAY)
    on_the_17th = report(config, dt.date(2026, 7, 1), "en", dt.datetime(2026, 7, 17, 9)).data
    sit_down(config.register.path, {"edits": {"煮饭时屏幕不亮": {"closed_at": "", "close_type": ""}}}, named="title")
    run(config, dt.datetime(2026, 7, 20, 9))
    answer = report(config, dt.date(2026, 7, 1), "en", dt.datetime(2026, 7, 21, 9))
    figures = to_json(answer, "en")["figures"]
    counts = {name: figures[name]["value"] for name in ("received", "closed", "reopened", "open")}
    assert counts == {"received": 1, "closed": 1, "reopened": 1, "open": 1}
    assert "Reopened" in to_text(answer, "en")
    again = report(config, dt.date(2026, 7, 1), "zh", dt.datetime(2026, 7, 17, 9))
    for name in ("before", "months", "ageing"):  # the 17th, asked on the 20th, is what it was
        assert again.data[name] == on_the_17th[name]
    then, now = on_the_17th["figures"], again.data["figures"]
    assert {**now, "clocks": None} == {**then, "clocks": None}
    differing = {str(clock): rate["reason"] for clock, rate in now["clocks"].items() if rate != then["clocks"][clock]}
    unknown = "accept", "contain", "update", "confirm"  # of the former cycle nobody noted how these stood
    assert differing == dict.fromkeys(unknown, "due_unknown")
    assert (on_the_17th["replayed"], again.data["replayed"]) == (False, True)
    assert "那天该由谁处理什么没有记录" in to_text(again, "zh")


def page_of(folder: Path, language: str, file: Path, *, public: bool = False) -> str:
    report(load_config(folder / "qtemplate.toml"), JUNE, language, LATER, Wanted(html=file, public=public))
    return file.read_text("utf-8")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_says_the_numbers_of_the_object_and_needs_nothing_else(
    demo: Path, tmp_path: Path, language: str
) -> None:
    config = load_config(demo / "qtemplate.toml")
    file = tmp_path / "new" / "month.html"
    page = page_of(demo, language, file)
    made = to_json(report(config, JUNE, language, LATER), language)
    shown = html.unescape(re.sub(r"<[^>]+>", " ", page[page.index("<body>") :]))
    assert "<script" not in page and not re.findall(r"(?:src|href)=|url\(|https?://", page)
    assert file.stat().st_size < 200_000
    for line in (*made["to_do"], *made["changes"], *(row["todo"] for row in made["attention"])):
        assert line in shown
    for name in ("received", "closed", "open"):
        assert f"<b>{made['figures'][name]['value']:.0f}</b>" in page
    respond = made["figures"]["clocks"]["respond"]
    assert f"{respond['numerator']}/{respond['denominator']}" in shown
    assert [row["id"] for row in made["attention"] if row["id"] not in shown] == []


def test_a_page_for_everybody_names_nobody_and_quotes_nothing_that_was_typed(demo: Path, tmp_path: Path) -> None:
    register = register_of(demo)
    page = page_of(demo, "zh", tmp_path / "public.html", public=True)
    own = page_of(demo, "zh", tmp_path / "own.html")
    people = ("reporter", "phone", "email", "owner", "contact", "assessor", "recorder", "verifier", "title")
    words = {str(word) for key in people for word in register.frame[key].dropna() if len(str(word)) > 1} - {
        "没有"
    }  # a phone that is no number
    assert {word for word in words if word in own} > set()
    assert {word for word in words if word in page} == set()
    assert str(demo) not in page


def test_a_page_that_cannot_be_written_is_said(demo: Path, tmp_path: Path) -> None:
    with pytest.raises(NotWritten, match="cannot be written"):
        page_of(demo, "en", tmp_path)


def test_the_workbook_holds_the_numbers_of_the_object_and_native_charts(demo: Path, tmp_path: Path) -> None:
    config, file = load_config(demo / "qtemplate.toml"), tmp_path / "month.xlsx"
    answer = report(config, JUNE, "en", LATER, Wanted(xlsx=file))
    made = to_json(answer, "en")
    book = CalamineWorkbook.from_path(file)
    rows = {str(row[0]): row[1:] for row in book.get_sheet_by_name("Figures").to_python()[1:]}
    figures = made["figures"]
    for name, key in (
        ("Received", "received"),
        ("Closed in time", "on_time_close"),
        ("Mean satisfaction", "satisfaction_mean"),
    ):
        assert rows[name][0] == pytest.approx(figures[key]["value"])
        assert str(rows[name][4]).split(", ") == figures[key]["ids"]
    flow = book.get_sheet_by_name("Flow").to_python()
    at = next(number for number, row in enumerate(flow) if row[0] == "2026-06")
    assert flow[at][1:4] == [figures[key]["value"] for key in ("received", "closed", "open")]
    with zipfile.ZipFile(file) as package:
        assert sum(name.startswith("xl/charts/chart") for name in package.namelist()) == 1 + len(made["charts"])
    assert made["written"] == {"xlsx": str(file)}


def test_rules_show_says_how_the_rules_did_as_the_report_does(demo: Path) -> None:
    config = load_config(demo / "qtemplate.toml")
    shown = to_json(show_rules(config, "grading", LATER), "en")["tables"][0]["in_use"]
    assert shown == to_json(report(config, LATER.date(), "en", LATER), "en")["rules"]["grading"]
    said = to_text(show_rules(config, "grading", LATER), "zh")
    used = next(rule for rule in shown if rule["hits"]["n"])
    assert f"规则 {used['rule']}：命中 {used['hits']['n']} 次" in said
    assert "近十二个月" not in to_text(show_rules(config, "priority", LATER), "zh")
