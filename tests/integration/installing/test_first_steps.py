"""The first minutes of somebody new: a workspace, a register without a row, the pages that came along."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
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


def test_every_page_is_listed_by_its_heading(tmp_path: Path) -> None:
    for language in ("en", "zh"):
        listed = typed(tmp_path, "docs", f"--lang={language}").stdout
        shown = dict(re.findall(r"^  (\S+) +(\S.*)$", listed, re.M))
        pages = {name: ROOT / "docs" / f"{name}{'.zh' if language == 'zh' else ''}.md" for name in shown}
        pages = {name: page if page.is_file() else ROOT / "docs" / f"{name}.md" for name, page in pages.items()}
        headings = {name: re.findall(r"^# (.+)$", page.read_text("utf-8"), re.M)[0] for name, page in pages.items()}
        assert shown == headings and len(shown) > 10
