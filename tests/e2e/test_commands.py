"""explain, log, outbox and rules, as a person calls them, on a demo workspace made once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from told import LATER, Told, register_of, row_of

from qtemplate.sheets import edit_cells

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
    """A mail that waits for approval: the next night's confirmations, where nothing is approved by itself."""
    config = folder / "qtemplate.toml"
    lines = config.read_text("utf-8").splitlines()
    changed = ["auto_approve = []" if line.startswith("auto_approve") else line for line in lines]
    config.write_text("\n".join(changed) + "\n", "utf-8")
    Told(folder, capsys, "run", now=LATER)
    messages = Told(folder, capsys, "outbox", "list", "--state", "drafted", "--json").data["messages"]
    assert messages
    return str(messages[0]["key"])


def test_an_approved_mail_is_sent_once(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    key = drafted(workspace, capsys)
    before = len(list((workspace / "outbox").iterdir()))
    assert Told(workspace, capsys, "outbox", "approve", key, now=LATER).code == 0
    sent = Told(workspace, capsys, "outbox", "send", "--json", now=LATER)
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
    keys = ["grading", "assignment", "priority", "points", "checks"]
    assert [table["key"] for table in told.data["tables"]] == keys


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
    run = Told(workspace, capsys, "check", "--json")
    [told_there] = [item for item in run.data["findings"] if item["code"] == "QT223"]
    assert (told_there["sheet"], "E1" in told_there["message"]) == (GRADING, True)


def test_a_diff_lists_rows_matrix_and_load(workspace: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, book = tmp_path / "old.xlsx", tmp_path / "diff.xlsx"
    edit_cells(workspace / "register.xlsx", old, GRADING, {"H14": "重要"})
    told = Told(workspace, capsys, "rules", "diff", str(old), "--xlsx", str(book), "--json")
    assert told.code == 0
    changed = [row["changes"] for row in told.data["rows"]]
    assert changed and all(row["suggested_level"] == {"before": "Major", "after": "Normal"} for row in changed)
    matrix = told.data["matrix"]
    assert matrix[1][2] == len(changed) and sum(map(sum, matrix)) == len(register_of(workspace).frame)
    assert load_workbook(book, read_only=True).sheetnames == ["Summary", "Changed", "Queue"]


def test_a_diff_with_the_same_rules_is_empty(demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = Told(demo, capsys, "rules", "diff", str(demo / "register.xlsx"), "--json")
    assert (told.data["rows"], told.data["mails"]) == ([], {"only_before": 0, "only_after": 0})
    words = Told(demo, capsys, "rules", "diff", str(demo / "register.xlsx"))
    assert (words.code, len(words.text.splitlines())) == (0, 1)
    assert words.text.endswith(f"all {len(register_of(demo).frame)} rows come out the same\n")


def test_a_diff_tells_what_changes_apart_from_what_a_person_settled(
    workspace: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old, book = tmp_path / "old.xlsx", tmp_path / "diff.xlsx"
    edit_cells(workspace / "register.xlsx", old, GRADING, {"H10": "一般"})
    told = Told(workspace, capsys, "rules", "diff", str(old), "--xlsx", str(book))
    register = register_of(workspace)
    rows = [row for row in register.frame.index if "规则 5：" in str(register.value(row, "level_reason"))]
    settled = [row for row in rows if register.value(row, "level") != register.value(row, "suggested_level")]
    head = told.text.splitlines()[0]
    assert f"{len(rows)} of {len(register.frame)} rows differ" in head
    assert all(str(register.value(row, "id")) not in told.text.split("Only the suggestion")[0] for row in settled)
    sheets = load_workbook(book)
    assert [cell.value for cell in sheets["Summary"][1][:2]] == ["Feedback that comes out differently", len(rows)]
    assert sheets["Changed"].max_row == len(rows) + 1


def test_a_side_without_usable_rules_is_told_instead_of_no_difference(
    workspace: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = tmp_path / "old.xlsx"
    edit_cells(workspace / "register.xlsx", old, GRADING, {"D10": "四级"})
    told = Told(workspace, capsys, "rules", "diff", str(old))
    assert told.code == 3
    assert told.text.startswith("The old side has no usable 分级规则 (missing or broken)")
    data = Told(workspace, capsys, "rules", "diff", str(old), "--json").data
    assert data["unusable"] == {"before": ["分级规则"], "after": []}


def test_a_workbook_without_rules_and_a_file_that_is_not_there_are_refused(
    demo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other.xlsx"
    Workbook().save(other)
    refused = Told(demo, capsys, "rules", "diff", str(other))
    assert (refused.code, "holds no rule sheets that can be used" in refused.complaint) == (4, True)
    gone = Told(demo, capsys, "rules", "diff", str(tmp_path / "gone.xlsx"))
    assert (gone.code, "There is no file" in gone.complaint) == (2, True)
