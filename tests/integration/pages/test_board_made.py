"""The board as a run leaves it and as it is served: the report's numbers, nothing personal."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from registers import NOW, WHOLE, make_workspace
from scenes import scene_rows
from web_site import SECRET, make_pages

from qtemplate.config import load_config
from qtemplate.fields import FIELDS, Kind
from qtemplate.jobs.demo import SAMPLE_MOMENT
from qtemplate.jobs.month.command import report
from qtemplate.jobs.run import run
from qtemplate.jobs.web.examine import examine_pages
from qtemplate.received.links import board_key
from qtemplate.received.records import BOARD
from qtemplate.report.answer import to_json


def board_of(workspace: Path) -> str:
    return (workspace / "web" / "export" / BOARD).read_text("utf-8")


def shown(page: str) -> dict[str, list[str]]:
    """Big numbers, sums of the table, values of the month, as text."""
    return {
        "big": re.findall(r'class="big">(\d+)<', page),
        "sums": re.findall(r'class="n sum"[^>]*>(\d+)<', page),
        "month": [re.sub(r"<[^>]+>", "", each) for each in re.findall(r'<dd class="value">(.*?)</dd>', page)],
    }  # fmt: skip


def percent(figure: dict[str, Any]) -> str:
    return f"{figure['value'] * 100:.0f}% {figure['numerator']:.0f}/{figure['denominator']}"


def test_the_board_says_the_numbers_of_the_report(demo: Path) -> None:
    made = to_json(report(load_config(demo / "qtemplate.toml"), SAMPLE_MOMENT.date(), "zh", SAMPLE_MOMENT), "zh")
    figures, said = made["figures"], shown(board_of(demo))
    assert int(said["big"][0]) == figures["open"]["value"] > 0
    names = said["sums"]
    assert names.count(said["big"][0]) >= 1
    assert said["month"] == [
        f"{figures['received']['value']:.0f}",
        f"{figures['closed']['value']:.0f}",
        percent(figures["clocks"]["respond"]),
        percent(figures["clocks"]["resolve"]),
        "–" if figures["cycle_median"]["value"] is None else f"{figures['cycle_median']['value']:.1f}",
    ]
    late = {row["id"] for row in made["attention"] if row["overdue"]}
    assert len(late) <= int(said["big"][1])


def test_nothing_personal_and_nothing_typed_is_on_it(tmp_path: Path) -> None:
    """Every column that takes text is marked; the marks are on the sheet and none is on the board."""
    marks = {
        key: f"标记{key}" for key, field in FIELDS.items()
        if field.kind is Kind.TEXT and key not in ("id", "master", "department", "batch")
    }  # fmt: skip
    rows = [row | {key: mark for key, mark in marks.items() if row.get(key)} for row in scene_rows()]
    rows += [WHOLE | marks | {"email": "marked@example.net", "phone": "13987654321", "department": "标记部"}]
    folder = tmp_path / "w"
    run(load_config(make_workspace(folder, rows)), NOW)
    page = board_of(folder).partition("<body>")[2]
    assert re.findall(r"标记\w*|marked|@|139\d+", page) == []
    people = {
        str(row.get(key))
        for row in scene_rows()
        for key in ("reporter", "owner", "verifier", "recorder")
        if row.get(key)
    }
    assert people and not [name for name in people if name in page]


def test_runs_leave_the_same_bytes_until_the_day_is_over_and_off_takes_the_board_away(tmp_path: Path) -> None:
    """And a board that cannot be written is said, while the run goes on."""
    config = load_config(make_workspace(tmp_path, [dict(WHOLE)]))
    file = tmp_path / "web" / "export" / BOARD
    (file / "in the way").mkdir(parents=True)
    made = run(config, NOW)
    assert "QT870" in [each.code for each in made.findings] and made.direct.edits
    shutil.rmtree(file)
    run(config, NOW)
    before, written = file.read_bytes(), file.stat().st_mtime_ns
    run(config, NOW + dt.timedelta(seconds=1))
    assert (file.read_bytes(), file.stat().st_mtime_ns) == (before, written)
    run(config, NOW + dt.timedelta(days=1))
    assert file.read_bytes() != before
    config.path.write_text(config.path.read_text("utf-8").replace('board = "open"', 'board = "off"'), "utf-8")
    run(load_config(config.path), NOW + dt.timedelta(days=1))
    assert not file.exists()


PAGE = "<!doctype html><style>h1 { color: red; }</style><h1>看板</h1>\n"


@pytest.mark.parametrize(("board", "there", "not_there"), [
    ("", ["/board"], ["/board/", "/board/x", f"/board/{board_key(SECRET)}"]),
    (board_key(SECRET), [f"/board/{board_key(SECRET)}"], ["/board", f"/board/{board_key(SECRET)}x", "/board/看"]),
    (None, [], ["/board", "/board/x", f"/board/{board_key(SECRET)}"]),
])  # fmt: skip
def test_it_is_served_where_its_address_is_right_and_else_looks_like_any_page_that_is_not_there(
    tmp_path: Path, board: str | None, there: list[str], not_there: list[str]
) -> None:
    pages = make_pages(tmp_path, board=board)
    (pages.site.exports / BOARD).write_text(PAGE, "utf-8")
    for path in there:
        answer = pages.browser.get(path)
        digest = base64.b64encode(hashlib.sha256(b"h1 { color: red; }").digest()).decode()
        assert (answer.status_code, answer.text) == (200, PAGE)
        assert answer.headers.getlist("Content-Security-Policy") == [
            f"default-src 'none'; style-src 'sha256-{digest}'; "
            "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
        ]
        assert (answer.headers["Cache-Control"], answer.headers["Referrer-Policy"]) == ("no-store", "no-referrer")
    for path in not_there:
        answer, unknown = pages.browser.get(path), pages.browser.get(re.sub("board", "broad", path))
        assert (answer.status_code, answer.data) == (unknown.status_code, unknown.data) == (404, unknown.data)
        assert dict(answer.headers) == dict(unknown.headers)


def test_before_the_first_run_there_is_no_board(tmp_path: Path) -> None:
    assert make_pages(tmp_path, board="").browser.get("/board").status_code == 404


@pytest.mark.parametrize(
    ("access", "address"), [("open", "/board"), ("secret", f"/board/{board_key(SECRET)}"), ("off", None)]
)
def test_doctor_tells_the_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, access: str, address: str | None
) -> None:
    monkeypatch.setenv("QTEMPLATE_WEB_SECRET", SECRET.decode())
    file = tmp_path / "qtemplate.toml"
    file.write_text(f'[web]\nbase_url = "https://qa.example.com/"\nboard = "{access}"\n', "utf-8")
    seen = {name: dict(said.facts) for name, _, said in examine_pages(load_config(file), ask_server=False)}
    assert seen.get("board") == (None if address is None else {"address": f"https://qa.example.com{address}"})


@pytest.mark.parametrize(
    ("base_url", "told"),
    [
        ("https://qa.example.com", "board_world"),
        ("https://8.8.8.8", "board_world"),
        ("http://127.0.0.1:8720", "board"),
        ("https://10.1.2.3", "board"),
        ("https://qa", "board"),
        ("https://qa.plant.internal", "board"),
    ],
)
def test_doctor_tells_of_a_board_that_the_world_may_reach_without_a_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, base_url: str, told: str
) -> None:
    monkeypatch.setenv("QTEMPLATE_WEB_SECRET", SECRET.decode())
    file = tmp_path / "qtemplate.toml"
    file.write_text(f'[web]\nbase_url = "{base_url}"\n', "utf-8")
    seen = {name: said.key for name, _, said in examine_pages(load_config(file), ask_server=False)}
    assert seen["board"] == f"doctor.{told}"
