"""The first minutes of somebody new: a workspace, a register without a row, the pages that came along."""

from __future__ import annotations

import re
from pathlib import Path

import openpyxl
import pytest
from registers import ASSESSED, NOW, make_workspace
from told import typed
from where import ROOT


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two workspaces that nobody has typed into: `plain` in English without holidays, `中文` as it comes."""
    folder = tmp_path_factory.mktemp("begun")
    plain = typed(folder, "init", "plain", "--lang=en", "--time-zone=Europe/Berlin", "--calendar=none")
    chinese = typed(folder, "init", "中文", "--lang=zh")
    assert (plain.returncode, chinese.returncode) == (0, 0)
    (folder / "told.txt").write_text(plain.stdout + chinese.stdout, "utf-8")
    return folder


def test_the_calendar_that_begins_is_told_in_words(begun: Path) -> None:
    told = (begun / "told.txt").read_text("utf-8")
    assert "The sheet Calendar has plain weeks without holidays; to have some later, enter them there.\n" in told
    assert "“工作日历”表已填入节假日（cn），请核对。\n" in told


def test_a_register_without_a_row_is_not_called_in_order_but_empty(begun: Path) -> None:
    english, chinese = typed(begun / "plain", "check", "--lang=en"), typed(begun / "中文", "check", "--lang=zh")
    assert (english.returncode, chinese.returncode) == (0, 0)
    assert english.stdout.splitlines()[-1] == (
        "The sheet Feedback holds no feedback yet: fill in the first row below its headers, save, and run this again."
    )
    assert chinese.stdout.splitlines()[-1] == "“反馈登记”表里还没有反馈：在表头下第一行填一条，保存后再运行。"


def test_first_rows_from_before_mail_began_are_told_to_be_history_and_mails_go_by_their_names(tmp_path: Path) -> None:
    settings = make_workspace(tmp_path, [ASSESSED | {"id": None, "phone": None}], language="en")
    text = settings.read_text("utf-8")
    settings.write_text(re.sub("^since = .*", "since = 2026-07-16T08:00:00+08:00", text, flags=re.M), "utf-8")
    moment = f"--now={NOW.isoformat()}"
    night = typed(tmp_path, "run", moment, "--lang=en")
    lines = night.stdout.splitlines()
    assert lines[1] == (
        "Feedbacks new in the register but received before 2026-07-16 08:00: 1. They count as history: no mail to "
        "their reporters, no transfer ([mail] since)."
    )
    assert re.search(r"^Mails: M10 Daily digest × \d, M25 Nightly result × 1$", night.stdout, re.M), night.stdout
    assert "count as history" not in typed(tmp_path, "run", moment, "--lang=en", "--full").stdout
    told = typed(tmp_path, "explain", "QF-2026-0001", moment, "--lang=en").stdout.splitlines()
    assert told[2] == (
        "Received before 16 Jul 2026 08:00 ([mail] since): history, so no mail to the reporter and no transfer"
    )


def test_a_setting_that_is_no_toml_is_found_by_its_line_and_key_and_its_value_is_told_to_nobody(tmp_path: Path) -> None:
    (tmp_path / "qtemplate.toml").write_text("[mail]\nusername = secret-1234\n", "utf-8")
    (english, chinese) = (typed(tmp_path, "run", f"--lang={each}") for each in ("en", "zh"))
    file = tmp_path / "qtemplate.toml"
    assert english.returncode == chinese.returncode == 4
    assert english.stderr == (
        f"{file}: line 2 (username) is not TOML: Invalid value. "
        'Text stands in quotation marks, such as language = "en".\n'
    )
    assert chinese.stderr == (
        f'{file}：第 2 行（username）不符合 TOML 格式：Invalid value。文字要写在引号里，例如 language = "zh"。\n'
    )


def test_in_a_folder_that_is_no_workspace_it_is_said_where_to_run(tmp_path: Path) -> None:
    lost = typed(tmp_path, "status", "--lang=en")
    assert (lost.returncode, lost.stderr) == (
        4,
        f"{tmp_path / 'qtemplate.toml'}: there is no such file; run this in the folder of the workspace, or name its "
        "qtemplate.toml with --config. `qtemplate init DIR` makes a workspace.\n",
    )


def test_rows_that_were_typed_below_the_table_belong_into_it_and_more_can_be_appended(tmp_path: Path) -> None:
    make_workspace(tmp_path, [ASSESSED], language="en")
    book = openpyxl.load_workbook(tmp_path / "register.xlsx")
    ws = book["Feedback"]
    columns = {str(cell.value): cell.column or 0 for cell in ws[2]}
    for at, title in enumerate(
        ("Lid is loose", "Handle gets hot"), 4
    ):  # as in LibreOffice, which makes no table longer
        ws.cell(at, columns["Title"], title)
        ws.cell(at, columns["Received at"], NOW.replace(tzinfo=None))
    book.save(tmp_path / "register.xlsx")
    moment = f"--now={NOW.isoformat()}"

    def table() -> tuple[str, list[object]]:
        ws = openpyxl.load_workbook(tmp_path / "register.xlsx")["Feedback"]
        return ws.tables["tblFeedback"].ref.rpartition(":")[2].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"), [
            ws.cell(at, columns["Title"]).value for at in range(4, ws.max_row + 1) if ws.cell(at, 1).value
        ]

    assert typed(tmp_path, "run", moment, "--lang=en").returncode == 3
    assert table() == ("5", ["Lid is loose", "Handle gets hot"])
    (tmp_path / "intake" / "in" / "website").mkdir(parents=True)
    (tmp_path / "intake" / "in" / "website" / "a.csv").write_text(
        "Received at,Title,Description\n2026-07-15 09:00,Lid falls off,It falls off when pouring\n", "utf-8"
    )
    assert typed(tmp_path, "run", moment, "--lang=en").returncode == 3
    assert table() == ("6", ["Lid is loose", "Handle gets hot", "Lid falls off"])


def test_every_page_is_listed_by_its_heading(tmp_path: Path) -> None:
    for language in ("en", "zh"):
        listed = typed(tmp_path, "docs", f"--lang={language}").stdout
        shown = dict(re.findall(r"^  (\S+) +(\S.*)$", listed, re.M))
        pages = {name: ROOT / "docs" / f"{name}{'.zh' if language == 'zh' else ''}.md" for name in shown}
        pages = {name: page if page.is_file() else ROOT / "docs" / f"{name}.md" for name, page in pages.items()}
        headings = {name: re.findall(r"^# (.+)$", page.read_text("utf-8"), re.M)[0] for name, page in pages.items()}
        assert shown == headings and len(shown) > 10
