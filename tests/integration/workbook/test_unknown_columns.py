"""A header that somebody renamed: what the column holds is unknown then, which is not the same as empty."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from demo_workspaces import first_run
from person import read_lines
from registers import ASSESSED, NOW, WHOLE, make_workspace
from scenes import scene_rows
from workspace_state import copy_workspace, queue

from qtemplate.config import load_config
from qtemplate.jobs.owning.claim import claim
from qtemplate.jobs.run import check, plan, run
from qtemplate.jobs.world import read_world
from qtemplate.report.run_report import RunReport
from qtemplate.sheets.health import Health, examine_workbook

LATER = NOW.replace(day=16)
ROWS = [*(ASSESSED | {"title": f"按键有时不灵，第 {number} 台"} for number in range(10)), *scene_rows()]


def rename(folder: Path, old: str, new: str) -> None:
    """A person gives a column of the register another header."""
    book = openpyxl.load_workbook(folder / "register.xlsx")
    sheet = book["反馈登记"]
    for row in sheet.iter_rows(max_row=5):
        for cell in row:
            if cell.value == old:
                for table in sheet.tables.values():
                    for column in table.tableColumns:
                        column.name = new if column.name == old else column.name
                cell.value = new
    book.save(folder / "register.xlsx")


def at(folder: Path, moment: Any = LATER) -> RunReport:
    return run(load_config(folder / "qtemplate.toml"), moment)


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, set[str]]:
    """A workspace after its first run, and the mails that the second one plans under the old headers."""
    folder = tmp_path_factory.mktemp("ran")
    first_run(folder, ROWS)
    config = load_config(folder / "qtemplate.toml")
    return folder, {message.key for message in plan(config, LATER).messages}


@pytest.fixture
def folder(ran: tuple[Path, set[str]], tmp_path: Path) -> Path:
    """A copy of that workspace that is a test's own."""
    copy_workspace(ran[0], tmp_path / "workspace")
    return tmp_path / "workspace"


def shown(folder: Path, *keys: str) -> list[list[Any]]:
    return [[line.get(key) for key in keys] for line in read_lines(folder / "register.xlsx")]


@pytest.mark.parametrize(
    ("key", "old", "new", "like"),
    [
        ("model", "型号", "规格型号", "规格型号"),
        pytest.param("title", "问题标题", "标题", "标题", marks=pytest.mark.campaign),
        ("severity", "严重性", "S", "S"),
        ("level", "等级", "最终等级", "最终等级"),
        pytest.param("email", "邮箱", "E", "E", marks=pytest.mark.campaign),
        pytest.param("closed_at", "关闭时间", "结案日", "结案日", marks=pytest.mark.campaign),
        ("received_at", "反馈时间", "日期", "日期"),
        pytest.param("confirmation", "确认结果", "回访结果", "回访结果", marks=pytest.mark.campaign),
    ],
)
def test_a_renamed_header_makes_no_mail_and_no_status_falls_back(
    key: str, old: str, new: str, like: str, folder: Path, ran: tuple[Path, set[str]]
) -> None:
    watched = [each for each in ("id", "status", "level", "check", "closed_at", "reply_state") if each != key]
    before, known = shown(folder, *watched), set(queue(folder))
    rename(folder, old, new)
    report = at(folder)
    assert shown(folder, *watched) == before
    news = {one for one in set(queue(folder)) - known if one[:3] != "M10"}
    assert news <= ran[1]  # nothing is sent that would not have been sent with the header
    told = [
        (item.code, item.field, dict(item.facts).get("like")) for item in report.findings if item.code[:4] == "QT17"
    ]
    assert told == [("QT171", key, like)]
    assert "QT701" not in {item.code for item in report.findings if item.field == key}
    rename(folder, new, old)
    after = at(folder)
    assert [item for item in after.findings if item.code[:4] == "QT17"] == []


def test_a_column_that_was_deleted_on_purpose_is_absent_once_a_person_says_so(folder: Path) -> None:
    config = load_config(folder / "qtemplate.toml")
    rename(folder, "影响范围", "列9")
    assert "QT171" in {item.code for item in check(config, LATER).findings}
    claim(config, LATER)
    assert "QT171" not in {item.code for item in check(config, LATER).findings}


def test_a_column_the_register_never_had_is_demanded_of_no_row(tmp_path: Path) -> None:
    make_workspace(tmp_path, [WHOLE, ASSESSED])
    rename(tmp_path, "型号", "列7")
    report = plan(load_config(tmp_path / "qtemplate.toml"), NOW)
    assert {message.kind for message in report.messages if message.kind == "M02"} == set()
    assert [item.code for item in report.findings if item.field == "model"] == ["QT701"]
    at(tmp_path, NOW)
    assert not any(key.startswith("M02") for key in queue(tmp_path))


@pytest.mark.parametrize(
    ("old", "new", "hinted"),
    [
        ("问题标题", "问题标题（简短）", True),
        ("反馈时间", "反馈时间点", True),
        ("责任部门", "责任单位", False),
        ("验证时间", "发货时间", False),
        ("邮箱", "信箱", False),
    ],
)
def test_doctor_takes_a_header_for_a_renamed_one_only_when_sure(
    old: str, new: str, hinted: bool, tmp_path: Path
) -> None:
    make_workspace(tmp_path, [WHOLE])
    rename(tmp_path, old, new)
    world = read_world(load_config(tmp_path / "qtemplate.toml"))
    [check] = [each for each in examine_workbook(world.book, world.register, tmp_path) if each.name == "renamed"]
    assert (check.health is Health.WARNING) is hinted
