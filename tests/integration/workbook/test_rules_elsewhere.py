"""Rules that stand in a workbook of their own ([register] rules) and ask for the register's own columns."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from registers import ASSESSED, PRODUCTS, make_workspace, people_rows
from told import Told, register_of

from qtemplate.sheets import edit_cells
from qtemplate.sheets.standard import OwnColumn, build_workbook

OWN = (OwnColumn("区域", "list", ("华东", "华南")), OwnColumn("损失金额", "number"))
EAST, SOUTH = {"区域": "华东"}, {"区域": "华南", "损失金额": 90_000}
OTHER = "内胆的涂层起泡脱落，清洗时掉出黑色的碎屑。"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A register with 区域 and 损失金额, and rules.xlsx, in which there is no register, whose tables ask for them."""
    rows: list[dict[str, Any]] = [
        ASSESSED | EAST | {"severity": 3},
        ASSESSED | SOUTH | {"severity": 3, "reporter": "李娜", "description": OTHER},
    ]
    config = make_workspace(tmp_path / "w", rows, own=OWN)
    text = config.read_text("utf-8")
    assert text.count('rules = ""') == 1
    config.write_text(text.replace('rules = ""', 'rules = "rules.xlsx"'), "utf-8")
    rules = config.parent / "rules.xlsx"
    rules.write_bytes(build_workbook("zh", people=people_rows(), products=PRODUCTS, own_columns=OWN))
    book = load_workbook(rules)
    del book["反馈登记"], book["看板"]
    book.save(rules)
    # rule 8, in place of the frequency: severity 3 in 华南 is major
    edit_cells(rules, rules, "分级规则", {"F3": "区域", "F13": "华南", "F16": "-"})
    gone = {f"{letter}{row}": None for letter in "ABCDEF" for row in (9, 10)}
    edit_cells(rules, rules, "分派规则", {"B3": "区域", "B6": "华东", "B7": "华南", "B8": "-", **gone})
    edit_cells(rules, rules, "排队积分", {"F3": "损失金额", "F14": "> 50000", "G14": 500, "F15": "-", "G15": 0})
    return config.parent


def rule_findings(data: Any) -> list[tuple[str, str, str]]:
    return [(f["code"], f["sheet"], f["cell"]) for f in data["findings"] if f["code"][:4] in ("QT20", "QT22")]


def test_every_command_reads_them_with_the_registers_columns(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    checked = Told(workspace, capsys, "rules", "check", "--json")
    assert [item for item in checked.data["findings"] if item["severity"] == "error"] == []
    columns = {table["key"]: [column["name"] for column in table["inputs"]] for table in checked.data["tables"]}
    assert columns["assignment"] == ["区域"]
    assert "区域" in columns["grading"] and "损失金额" in columns["points"]
    for command in ("check", "plan", "run"):
        told = Told(workspace, capsys, command, "--json")
        assert (command, rule_findings(told.data)) == (command, [])
    register = register_of(workspace)
    decided = [[register.value(row, key) for key in ("level", "department", "owner")] for row in register.frame.index]
    assert decided == [["normal", "研发部", "陈晨"], ["major", "生产部", "孙浩"]]
    id = register.value(int(register.frame.index[1]), "id")
    points = Told(workspace, capsys, "explain", id, "--json").data["priority"]["points"]
    assert (points["table"], points["sum"]) == ("排队积分", 60 + 500)


def test_the_logs_are_the_registers_and_what_is_wrong_in_them_is_told(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = load_workbook(workspace / "rules.xlsx")
    del book["暂停记录"], book["沟通记录"]  # nobody looks for them there
    book.save(workspace / "rules.xlsx")
    file = workspace / "register.xlsx"
    edit_cells(file, file, "沟通记录", {"A4": "昨天下午", "B4": "QF-2026-0001"})
    for command in ("check", "plan", "run"):
        told = Told(workspace, capsys, command, "--json")
        assert (command, rule_findings(told.data)) == (command, [("QT202", "沟通记录", "A4")])


def test_a_column_that_the_register_lacks_is_named_with_its_cell_and_the_rest_goes_on(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit_cells(workspace / "rules.xlsx", workspace / "rules.xlsx", "分派规则", {"B3": "区城"})
    checked = Told(workspace, capsys, "rules", "check", "--json")
    [error] = [item for item in checked.data["findings"] if item["severity"] == "error"]
    assert (checked.code, error["sheet"], error["cell"]) == (4, "分派规则", "B3")
    assert "区城" in error["message"] and "区域" in error["message"]
    for command in ("check", "plan", "run"):
        told = Told(workspace, capsys, command, "--json")
        assert (command, told.code, rule_findings(told.data)) == (command, 3, [("QT220", "分派规则", "B3")])
    register = register_of(workspace)
    decided = [[register.value(row, key) for key in ("level", "department")] for row in register.frame.index]
    assert decided == [["normal", None], ["major", None]]


def test_a_column_that_only_the_rules_workbook_knows_is_missing_too(
    tmp_path: Path, workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = make_workspace(tmp_path / "bare", [ASSESSED])  # a register without 区域
    text = config.read_text("utf-8").replace('rules = ""', f"rules = '{workspace / 'rules.xlsx'}'")
    config.write_text(text, "utf-8")
    told = Told(config.parent, capsys, "plan", "--json")
    places = [("QT220", "分级规则", "F3"), ("QT220", "分派规则", "B3"), ("QT220", "排队积分", "F3")]
    assert (told.code, [item for item in rule_findings(told.data) if item[0] == "QT220"]) == (3, places)
