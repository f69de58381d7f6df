"""doctor, and what synced folders change; commands that only look leave no trace."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from openpyxl import load_workbook
from told import LATER, Told, register_of, row_of

from qtemplate.config import load_config
from qtemplate.files.owner_file import owner_path
from qtemplate.jobs.workspace import looking
from qtemplate.sheets import edit_cells


def seen(told: Told) -> dict[str, str]:
    return {check["check"]: check["health"] for check in told.data["checks"]}


def test_doctor_finds_a_demo_fit_to_work(demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = Told(demo, capsys, "doctor", "--json")
    checks = seen(told)
    assert told.code == 3
    assert "error" not in checks.values()
    assert [checks[name] for name in ("readable", "locks", "headers", "table", "merged", "edit", "templates")] == [
        "ok"
    ] * 7
    assert checks["text_dates"] == "warning"  # the sample has one on purpose


def test_doctor_says_who_has_it_open_and_what_lies_beside_it(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (workspace / ".~lock.register.xlsx#").write_text("林静,lin,PC-7,2026;", "utf-8")
    shutil.copyfile(workspace / "register.xlsx", workspace / "register (林静的冲突副本 2026-07-15).xlsx")
    told = Told(workspace, capsys, "doctor")
    assert "林静 has the register open" in told.text
    assert "冲突副本" in told.text
    checked = Told(workspace, capsys, "check", "--json")
    assert "QT704" in {item["code"] for item in checked.data["findings"]}


def test_doctor_goes_on_when_the_register_cannot_be_read(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (workspace / "register.xlsx").write_bytes(b"PK\x03\x04 half a file")
    told = Told(workspace, capsys, "doctor", "--json")
    assert (told.code, seen(told)["readable"], seen(told)["transport"]) == (4, "error", "ok")


def test_doctor_explains_a_configuration_that_cannot_be_used(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = workspace / "qtemplate.toml"
    config.write_text(config.read_text("utf-8").replace("guard_shrink", "gard_shrink"), "utf-8")
    told = Told(workspace, capsys, "doctor")
    assert (told.code, "guard_shrink" in told.text) == (4, True)


def test_doctor_counts_what_happens_to_workbooks(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = workspace / "register.xlsx"
    book = load_workbook(path)  # what somebody's script does to it: drop-downs gone, cells merged, a header renamed
    sheet = book["反馈登记"]
    sheet.data_validations.dataValidation = []
    sheet.merge_cells("AB20:AC20")
    [title] = [cell for cell in sheet[2] if cell.value == "问题标题"]
    title.value = "问题标题（简短）"
    sheet.tables["tblFeedback"].tableColumns[title.column - 1].name = "问题标题（简短）"
    book.save(path)
    checks = seen(Told(workspace, capsys, "doctor", "--json"))
    assert {name: checks[name] for name in ("merged", "renamed", "headers", "drop_downs")} == {
        "merged": "warning", "renamed": "warning", "headers": "note", "drop_downs": "warning",
    }  # fmt: skip


def test_a_register_in_a_synced_folder_is_proposed_to_and_not_written(
    demo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], normal: str
) -> None:
    folder = tmp_path / "我的坚果云" / "workspace"
    shutil.copytree(demo, folder)
    owner_path(folder / "register.xlsx").unlink()
    register = register_of(folder)
    cell, path = register.cell(row_of(register, normal), "severity"), folder / "register.xlsx"
    assert cell is not None
    edit_cells(path, path, register.sheet, {cell.address: 5})
    before = path.read_bytes()
    assert Told(folder, capsys, "run", now=LATER).code == 5
    assert path.read_bytes() == before
    assert seen(Told(folder, capsys, "doctor", "--json"))["sync_root"] == "warning"
    config = folder / "qtemplate.toml"
    config.write_text(config.read_text("utf-8").replace('write = "auto"', 'write = "always"'), "utf-8")
    assert load_config(config).register.write.value == "always"
    assert Told(folder, capsys, "run", now=LATER).code == 3
    assert path.read_bytes() != before


def test_a_looking_command_leaves_no_trace(demo: Path, capsys: pytest.CaptureFixture[str], normal: str) -> None:
    names = sorted(str(file) for file in demo.rglob("*") if not file.name.startswith("state.db"))
    before = (demo / "register.xlsx").read_bytes()
    for command in (["doctor"], ["explain", normal], ["log"], ["outbox", "list"], ["rules", "check"]):
        Told(demo, capsys, *command)
    assert sorted(str(file) for file in demo.rglob("*") if not file.name.startswith("state.db")) == names
    assert (demo / "register.xlsx").read_bytes() == before
    with looking(load_config(demo / "qtemplate.toml")) as workspace:
        assert workspace.journal.pending() is None


def test_doctor_names_a_log_that_takes_no_rows(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = workspace / "register.xlsx"
    book = load_workbook(path)
    del book["沟通记录"].tables["tblContacts"]
    book["沟通记录"]["A4"] = "一行"
    book.save(path)
    told = Told(workspace, capsys, "doctor", "--json")
    assert seen(told)["edit"] == "error"
    assert "沟通记录" in Told(workspace, capsys, "doctor").text


def test_doctor_names_formulas_and_charts_that_will_miss_new_rows(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert seen(Told(workspace, capsys, "doctor", "--json"))["references"] == "ok"
    path = workspace / "register.xlsx"
    book = load_workbook(path)
    table = book["反馈登记"].tables["tblFeedback"].ref
    first, last = (int(cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")) for cell in table.split(":"))
    board = book["看板"]
    board["A40"] = f'=COUNTIF(反馈登记!$K${first + 1}:$K${last},"x")'
    guide = book["使用说明"]
    guide["A40"] = f"=SUM('反馈登记'!A1:A{last - 1})+SUM(tblFeedback[涉及数量])+COUNTA(反馈登记!A:A)"
    book.save(path)
    told = Told(workspace, capsys, "doctor", "--json")
    (check,) = [check for check in told.data["checks"] if check["check"] == "references"]
    assert (check["health"], "看板" in check["seen"], "使用说明" in check["seen"]) == ("warning", True, False)
    assert "tblFeedback[" in check["todo"]
