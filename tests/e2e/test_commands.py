"""The commands beside `run`, as a person calls them, on a demo workspace made once."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from qtemplate.cli import main
from qtemplate.config import load_config
from qtemplate.jobs.workspace import looking, owner_file
from qtemplate.register import Register
from qtemplate.sheets import edit_cells, open_book, read_register

NOW = "2026-07-15T20:00"
LATER = "2026-07-16T20:00"


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo workspace, read only."""
    folder = tmp_path_factory.mktemp("demo") / "workspace"
    with pytest.raises(SystemExit):
        main(["demo", str(folder), "--lang", "zh", "--quiet"])
    return folder


@pytest.fixture
def workspace(demo: Path, tmp_path: Path) -> Path:
    """A copy of the demo that a test may change."""
    folder = tmp_path / "workspace"
    shutil.copytree(demo, folder)
    owner = owner_file(folder / "register.xlsx")
    owner.write_text(owner.read_text("utf-8").replace(str(demo), str(folder)), "utf-8")
    return folder


class Told:
    """What a command printed."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str], *arguments: str, now: str = NOW) -> None:
        with pytest.raises(SystemExit) as left:
            main([*arguments, "--config", str(folder / "qtemplate.toml"), "--now", now, "--lang", "en"])
        self.code = left.value.code
        printed = capsys.readouterr()
        self.text, self.complaint = printed.out, printed.err

    @property
    def data(self) -> Any:
        return json.loads(self.text)


def register_of(folder: Path) -> Register:
    return read_register(open_book(folder / "register.xlsx"))


def row_of(register: Register, id: str) -> int:
    return int(register.frame.index[register.frame["id"] == id][0])


@pytest.fixture(scope="session")
def normal(demo: Path) -> str:
    """A feedback that the rules graded normal, transferred this very night."""
    register = register_of(demo)
    for form in made_forms(demo):
        row = row_of(register, id_of(form))
        if register.value(row, "level") == register.value(row, "suggested_level") == "normal":
            return id_of(form)
    raise AssertionError("the sample has no such row")


@pytest.fixture(scope="session")
def sent(demo: Path, normal: str) -> str:
    """Key of the transfer mail about it."""
    with looking(load_config(demo / "qtemplate.toml")) as held:
        return next(entry.key for entry in held.outbox.entries() if entry.id == normal and entry.kind == "M03")


# -- explain and log ---------------------------------------------------------------------------------------------------


def test_explain_tells_rule_near_miss_deadlines_and_mails(
    demo: Path, capsys: pytest.CaptureFixture[str], normal: str
) -> None:
    told = Told(demo, capsys, "explain", normal, "--json")
    assert told.code == 0
    level, clocks = told.data["level"], told.data["clocks"]
    register = register_of(demo)
    assert level["value"] == register.value(row_of(register, normal), "level")
    assert level["rule"] and level["cells"] and level["nearest"]["changes"]
    assert {clock["clock"] for clock in clocks} >= {"respond", "resolve"}
    assert all(clock["derivation"] and clock["due"] for clock in clocks)
    assert [mail["kind"] for mail in told.data["mails"]] == ["M03"]


def test_explain_in_words_names_the_cell_of_the_rule(
    demo: Path, capsys: pytest.CaptureFixture[str], normal: str
) -> None:
    told = Told(demo, capsys, "explain", normal.lower())
    assert normal in told.text
    assert "holds in" in told.text and "Nearest other rule: with" in told.text
    assert "due 2026-" in told.text


def test_an_unknown_id_is_answered_with_the_nearest_ones(
    demo: Path, capsys: pytest.CaptureFixture[str], normal: str
) -> None:
    told = Told(demo, capsys, "explain", normal.replace("0", "O"), "--json")
    assert told.code == 2
    assert told.data["error"]["kind"] == "NotFound"
    assert normal in told.complaint


def test_the_log_has_before_after_and_reason(demo: Path, capsys: pytest.CaptureFixture[str], normal: str) -> None:
    told = Told(demo, capsys, "log", normal, "--json")
    changes = told.data["changes"]
    assert {change["id"] for change in changes} == {normal}
    [level] = [change for change in changes if change["field"] == "level"]
    assert (level["before"], level["who"], bool(level["because"])) == (None, "qtemplate run", True)
    assert Told(demo, capsys, "log", "QF-2026-9999").code == 2


# -- outbox ------------------------------------------------------------------------------------------------------------


def drafted(folder: Path, capsys: pytest.CaptureFixture[str]) -> str:
    messages = Told(folder, capsys, "outbox", "list", "--state", "drafted", "--json").data["messages"]
    assert messages
    return str(messages[0]["key"])


def test_an_approved_mail_is_sent_once(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    key = drafted(workspace, capsys)
    before = len(list((workspace / "outbox").iterdir()))
    assert Told(workspace, capsys, "outbox", "approve", key).code == 0
    sent = Told(workspace, capsys, "outbox", "send", "--json")
    assert [(item["key"], item["state"]) for item in sent.data["deliveries"]] == [(key, "sent")]
    assert len(list((workspace / "outbox").iterdir())) == before + 1
    assert Told(workspace, capsys, "outbox", "send", "--json").data["deliveries"] == []
    assert Told(workspace, capsys, "outbox", "approve", key).code == 4


def test_a_discarded_mail_never_goes(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    key = drafted(workspace, capsys)
    assert Told(workspace, capsys, "outbox", "discard", key).code == 0
    assert Told(workspace, capsys, "outbox", "send", "--json").data["deliveries"] == []
    shown = Told(workspace, capsys, "outbox", "show", key, "--json").data
    assert shown["message"]["state"] == "cancelled"
    assert [(move["from"], move["to"]) for move in shown["events"]] == [("", "drafted"), ("drafted", "cancelled")]


def test_a_mail_sent_again_has_a_key_of_its_own(
    workspace: Path, capsys: pytest.CaptureFixture[str], sent: str, normal: str
) -> None:
    told = Told(workspace, capsys, "outbox", "resend", sent, "--json")
    assert told.data["message"]["key"] == f"{sent}#2"
    assert told.data["message"]["state"] == "approved"


def test_a_page_shows_the_mail_as_it_left(
    workspace: Path, capsys: pytest.CaptureFixture[str], sent: str, normal: str
) -> None:
    told = Told(workspace, capsys, "outbox", "show", sent, "--html", "--json")
    page = Path(told.data["html"])
    assert page.parent == workspace / "reports"
    assert normal in page.read_text("utf-8") and "<iframe sandbox" in page.read_text("utf-8")


def test_an_unknown_mail_is_answered_with_the_nearest(
    demo: Path, capsys: pytest.CaptureFixture[str], sent: str, normal: str
) -> None:
    told = Told(demo, capsys, "outbox", "show", f"{sent}x")
    assert told.code == 2
    assert f"{sent}x" in told.complaint


# -- rules -------------------------------------------------------------------------------------------------------------

GRADING = "分级规则"


def with_examples(folder: Path, *rows: dict[str, Any]) -> None:
    """Example rows below the grading table, after its blank row."""
    book = load_workbook(folder / "register.xlsx", read_only=True)
    last = 0
    for number, (cell,) in enumerate(book[GRADING].iter_rows(max_col=1, values_only=True), start=1):
        last = number if cell is not None else last
    book.close()
    cells: dict[str, Any] = {f"A{last + 2}": "示例"}
    for offset, row in enumerate(rows, start=last + 3):
        cells |= {f"{letter}{offset}": value for letter, value in row.items()}
    edit_cells(folder / "register.xlsx", folder / "register.xlsx", GRADING, cells)


def test_the_shipped_rules_have_no_errors(demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = Told(demo, capsys, "rules", "check", "--json")
    assert [item for item in told.data["findings"] if item["severity"] == "error"] == []
    assert [table["key"] for table in told.data["tables"]] == ["grading", "assignment", "priority", "checks"]


def test_a_rule_that_does_not_parse_is_named_with_its_cell(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit_cells(workspace / "register.xlsx", workspace / "register.xlsx", GRADING, {"D8": ">= viel"})
    told = Told(workspace, capsys, "rules", "check", "--json")
    assert told.code == 4
    assert [(item["sheet"], item["cell"]) for item in told.data["findings"] if item["severity"] == "error"] == [
        (GRADING, "D8")
    ]
    assert Told(workspace, capsys, "rules", "show", GRADING).code == 4


def test_the_strict_form_is_printed(demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = Told(demo, capsys, "rules", "show", "grading", "--json")
    [table] = told.data["tables"]
    assert table["rules"][0]["inputs"][0] == '"yes"'
    assert table["rules"][0]["outputs"] == ["urgent"]
    assert Told(demo, capsys, "rules", "show", "gradng").code == 2


def test_examples_beside_a_table_are_tried(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with_examples(
        workspace,
        {"A": "伤人", "B": "是", "D": 1, "H": "紧急"},
        {"A": "建议", "D": 1, "H": "轻微"},
        {"A": "空", "B": "否"},
    )
    told = Told(workspace, capsys, "rules", "test", "--json")
    assert [(item["name"], item["passed"]) for item in told.data["examples"]] == [
        ("伤人", True), ("建议", True), ("空", True),
    ]  # fmt: skip
    assert told.code == 0


def test_an_example_that_fails_says_what_came_out(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with_examples(workspace, {"A": "E1", "D": 5, "H": "轻微"})
    told = Told(workspace, capsys, "rules", "test", "--json")
    [example] = told.data["examples"]
    assert (told.code, example["expected"], example["found"]) == (4, {"level": "minor"}, {"level": "urgent"})
    checked = Told(workspace, capsys, "rules", "check", "--json")
    assert "QT223" in {item["code"] for item in checked.data["findings"]}


def test_a_diff_lists_rows_matrix_and_load(workspace: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, book = tmp_path / "old.xlsx", tmp_path / "diff.xlsx"
    edit_cells(workspace / "register.xlsx", old, GRADING, {"H14": "重要"})
    told = Told(workspace, capsys, "rules", "diff", str(old), "--xlsx", str(book), "--json")
    assert told.code == 0
    changed = [row["changes"] for row in told.data["rows"]]
    assert changed and all(row["suggested_level"] == {"before": "Major", "after": "Normal"} for row in changed)
    matrix = told.data["matrix"]
    assert matrix[1][2] == len(changed) and sum(map(sum, matrix)) == len(register_of(workspace).frame)
    assert load_workbook(book, read_only=True).sheetnames == ["Changed", "Levels", "Load"]


def test_a_diff_with_the_same_rules_is_empty(demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = Told(demo, capsys, "rules", "diff", str(demo / "register.xlsx"), "--json")
    assert (told.data["rows"], told.data["mails"]) == ([], {"only_before": 0, "only_after": 0})


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


def made_forms(folder: Path) -> list[Path]:
    return sorted((folder / "forms" / "out").iterdir())


def id_of(form: Path) -> str:
    return form.stem.removeprefix("转交单-")


def test_an_accepted_form_fills_the_row(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    form = made_forms(workspace)[0]
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
    form = made_forms(workspace)[0]
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
    form = made_forms(workspace)[0]
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
    assert [mail["kind"] for mail in again.data["messages"] if mail["id"] == id] == ["M03"]
    assert "QT621" not in {item["code"] for item in again.data["findings"]}


@pytest.mark.parametrize(
    ("answers", "word"),
    [({}, "Accept or return"), ({"decision": "退回"}, "reason"), ({"decision": "接受", "planned_at": "下周"}, "date")],
)
def test_a_form_that_does_not_do_is_put_aside_with_its_reason(
    workspace: Path, capsys: pytest.CaptureFixture[str], answers: dict[str, str], word: str
) -> None:
    answer_form(made_forms(workspace)[0], workspace / "forms" / "in" / "a.xlsx", **{"owner_note": "…", **answers})
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
    form = made_forms(workspace)[0]
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
    other = Told(workspace, capsys, "forms", "make", normal, "8d")
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


# -- doctor and synced folders -----------------------------------------------------------------------------------------


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
