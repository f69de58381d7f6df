"""Forms out and back, and undo, as a person calls them."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path
from typing import Any

import pytest
from deeds import promised
from openpyxl import load_workbook
from told import LATER, Told, id_of, made_forms, register_of, row_of
from workspace_state import files_below

from qtemplate.config import load_config
from qtemplate.jobs.run import plan, run
from qtemplate.sheets import edit_cells

# -- forms -------------------------------------------------------------------------------------------------------------


def answer_form(source: Path, target: Path, **answers: Any) -> None:
    """Fills a form the way a person does."""
    book = load_workbook(source)
    cells: dict[str, Any] = {}
    sheet = ""
    for name, value in answers.items():
        [(sheet, address)] = book.defined_names[f"f_{name}"].destinations
        cells[address.replace("$", "")] = value
    target.parent.mkdir(parents=True, exist_ok=True)
    edit_cells(source, target, sheet, cells)


def first_form(folder: Path) -> Path:
    """A form about a row that nobody has accepted or planned yet."""
    register = register_of(folder)
    rows = {form: row_of(register, id_of(form)) for form in made_forms(folder)}
    return next(form for form, row in rows.items() if register.value(row, "accepted_at") is None
                and register.value(row, "planned_at") is None)  # fmt: skip


def test_an_accepted_form_fills_the_row(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    form = first_form(workspace)
    answer_form(form, workspace / "forms" / "in" / "回复.xlsx", decision="接受", planned_at=dt.date(2026, 7, 30))
    Told(workspace, capsys, "run", now=LATER)
    register = register_of(workspace)
    row = row_of(register, id_of(form))
    assert register.value(row, "accepted_at") == dt.datetime.fromisoformat(LATER)
    assert register.value(row, "planned_at") == dt.datetime(2026, 7, 30)
    assert [file.name for file in (workspace / "forms" / "done").iterdir()] == ["回复.xlsx"]
    assert list((workspace / "forms" / "in").iterdir()) == []


def test_a_date_somebody_wrote_meanwhile_wins_over_the_form(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    form = first_form(workspace)
    register = register_of(workspace)
    cell = register.cell(row_of(register, id_of(form)), "planned_at")
    assert cell is not None
    answer_form(form, workspace / "forms" / "in" / "a.xlsx", decision="接受", planned_at=dt.date(2026, 7, 30))
    path = workspace / "register.xlsx"
    edit_cells(path, path, register.sheet, {cell.address: dt.date(2026, 8, 8)})
    told = Told(workspace, capsys, "run", "--json", now=LATER)
    [conflict] = [item for item in told.data["findings"] if item["code"] == "QT623"]
    assert (conflict["found"], "2026-07-30" in conflict["message"]) == ("2026-08-08", True)
    assert register_of(workspace).value(cell.row, "planned_at") == dt.datetime(2026, 8, 8)


def test_a_returned_transfer_waits_for_another_owner_and_goes_to_them(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    form = first_form(workspace)
    id = id_of(form)
    answer_form(form, workspace / "forms" / "in" / "a.xlsx", decision="退回", reason="不是本部门的产品")
    told = Told(workspace, capsys, "run", "--json", now=LATER)
    [finding] = [item for item in told.data["findings"] if item["code"] == "QT621"]
    assert (finding["id"], "不是本部门的产品" in finding["message"]) == (id, True)
    register = register_of(workspace)
    row = row_of(register, id)
    values = [register.value(row, key) for key in ("transferred_at", "returned", "status")]
    assert values == [None, 1, "to_transfer"]
    assert not [mail for mail in told.data["messages"] if mail["kind"] == "M03" and mail["id"] == id]
    others = set(register.frame["owner"].dropna()) - {register.value(row, "owner")}
    cell, path = register.cell(row, "owner"), workspace / "register.xlsx"
    assert cell is not None
    edit_cells(path, path, register.sheet, {cell.address: sorted(others)[0]})
    again = Told(workspace, capsys, "run", "--json", now="2026-07-16T21:00")
    assert [mail["id"] for mail in again.data["messages"] if mail["kind"] == "M03" and mail["id"] == id] == [id]
    assert "QT621" not in {item["code"] for item in again.data["findings"]}


def test_a_plan_knows_the_forms_that_came_back_and_leaves_them_where_they_are(workspace: Path) -> None:
    inbox = workspace / "forms" / "in"
    answer_form(first_form(workspace), inbox / "a.xlsx", decision="接受", planned_at=dt.date(2026, 7, 30))
    (inbox / "b.pdf").write_text("no form", "utf-8")
    config, moment = load_config(workspace / "qtemplate.toml"), dt.datetime.fromisoformat(LATER)
    before = files_below(workspace)
    made = plan(config, moment)
    assert files_below(workspace) == before
    assert {"planned_at", "accepted_at"} <= {str(edit.field) for edit in made.edits}
    assert promised(made) == promised(run(config, moment))
    assert list(inbox.iterdir()) == []


@pytest.mark.parametrize(
    ("answers", "word"),
    [({}, "Accept or return"), ({"decision": "退回"}, "reason"), ({"decision": "接受", "planned_at": "下周"}, "date")],
)
def test_a_form_that_does_not_do_is_put_aside_with_its_reason(
    workspace: Path, capsys: pytest.CaptureFixture[str], answers: dict[str, str], word: str
) -> None:
    answer_form(first_form(workspace), workspace / "forms" / "in" / "a.xlsx", **{"owner_note": "…", **answers})
    told = Told(workspace, capsys, "forms", "collect", "--json")
    [item] = told.data["forms"]
    assert (told.code, item["taken"], word in item["problem"]) == (3, False, True)
    names = sorted(file.name for file in (workspace / "forms" / "problem").iterdir())
    assert names == ["a.xlsx", "a.xlsx.txt"]
    run = Told(workspace, capsys, "run", "--json")
    assert "QT620" in {item["code"] for item in run.data["findings"]}


def test_files_that_are_no_forms_are_kept_and_named(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    inbox = workspace / "forms" / "in"
    inbox.mkdir(parents=True, exist_ok=True)
    (inbox / "scan.pdf").write_bytes(b"%PDF")
    shutil.copyfile(workspace / "register.xlsx", inbox / "register.xlsx")
    (inbox / "~$a.xlsx").write_bytes(b"\x05owner")
    told = Told(workspace, capsys, "forms", "collect", "--json")
    assert [(Path(item["file"]).name, item["taken"]) for item in told.data["forms"]] == [
        ("register.xlsx", False), ("scan.pdf", False),
    ]  # fmt: skip
    assert [file.name for file in inbox.iterdir()] == ["~$a.xlsx"]


def test_the_same_answer_twice_is_taken_once(
    workspace: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    form = first_form(workspace)
    answer_form(form, tmp_path / "a.xlsx", decision="退回", reason="不是本部门的产品")
    first = Told(workspace, capsys, "forms", "collect", str(tmp_path / "a.xlsx"), "--json")
    second = Told(workspace, capsys, "forms", "collect", str(tmp_path), "--json")
    assert [told.data["forms"][0]["known"] for told in (first, second)] == [False, True]
    Told(workspace, capsys, "run", now=LATER)
    register = register_of(workspace)
    assert register.value(row_of(register, id_of(form)), "returned") == 1
    assert (tmp_path / "a.xlsx").is_file()


def test_a_form_is_made_on_demand(workspace: Path, capsys: pytest.CaptureFixture[str], normal: str) -> None:
    told = Told(workspace, capsys, "forms", "make", normal, "transfer", "--json")
    assert (told.code, Path(told.data["form"]["path"]).is_file()) == (0, True)
    other = Told(workspace, capsys, "forms", "make", normal, "9d")
    assert (other.code, "transfer" in other.complaint) == (2, True)


# -- undo --------------------------------------------------------------------------------------------------------------


def test_undo_takes_back_what_nobody_changed_since(
    workspace: Path, capsys: pytest.CaptureFixture[str], normal: str
) -> None:
    path = workspace / "register.xlsx"
    register = register_of(workspace)
    ids = [str(id) for id in register.frame["id"].dropna()]
    row = row_of(register, normal)
    severity = register.cell(row, "severity")
    assert severity is not None
    before = {key: register.value(row, key) for key in ("level", "suggested_level", "priority", "level_reason")}
    edit_cells(path, path, register.sheet, {severity.address: 5})
    run = Told(workspace, capsys, "run", "--json", now=LATER)
    regraded = register_of(workspace)
    assert regraded.value(row, "level") != before["level"]
    told = Told(workspace, capsys, "undo", run.data["run"], "--json", now=LATER)
    assert (told.code, told.data["changed_since"]) == (0, [])
    after = register_of(workspace)
    assert {key: after.value(row, key) for key in before} == before
    assert [str(id) for id in after.frame["id"].dropna()] == ids
    again = Told(workspace, capsys, "run", "--json", now=LATER)
    final = register_of(workspace)
    assert final.value(row, "level") == before["level"]  # counts as a person's now
    assert final.value(row, "suggested_level") == regraded.value(
        row, "suggested_level"
    )  # the program's own: made again
    assert [mail for mail in again.data["messages"] if mail["kind"] != "M25"] == []


def test_undo_leaves_cells_that_somebody_changed(
    workspace: Path, capsys: pytest.CaptureFixture[str], normal: str
) -> None:
    path = workspace / "register.xlsx"
    register = register_of(workspace)
    row = row_of(register, normal)
    cell = register.cell(row, "level")
    assert cell is not None
    edit_cells(path, path, register.sheet, {cell.address: "紧急"})
    told = Told(workspace, capsys, "undo", "--json")
    assert str(cell) in told.data["changed_since"]
    assert register_of(workspace).value(row, "level") == "urgent"


def test_undo_of_an_unknown_run_names_the_runs(demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert Told(demo, capsys, "undo", "20200101T000000-abcdef").code == 2


def test_undo_waits_while_somebody_has_the_register_open(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (workspace / "~$register.xlsx").write_bytes(b"\x03Lin" + b" " * 51)
    before = (workspace / "register.xlsx").read_bytes()
    assert Told(workspace, capsys, "undo").code == 5
    assert (workspace / "register.xlsx").read_bytes() == before
