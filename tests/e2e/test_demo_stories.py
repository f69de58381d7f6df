"""The demo explains itself: five told feedbacks on the terminal, on a page and on the workbook's first sheet."""

from __future__ import annotations

import html
import re
from pathlib import Path

import openpyxl
import pytest
from demo_workspaces import ToldDemo
from workspace_state import copy_workspace

from qtemplate.jobs.demo import make_demo
from qtemplate.report.text_report import to_text
from qtemplate.sheets import open_book, read_register

KINDS = ["smoke", "misunderstanding", "double", "late", "reopened"]


@pytest.mark.parametrize("language", [pytest.param("zh", marks=pytest.mark.campaign), "en"])
def test_five_feedbacks_are_told_with_what_was_what_is_and_the_mail(told_demo: ToldDemo, language: str) -> None:
    folder, report = told_demo(language)
    stories = report.stories
    assert [story.kind for story in stories] == KINDS
    assert len({story.id for story in stories}) == 5
    register = read_register(open_book(folder / "register.xlsx"))
    rows = {register.value(int(row), "id"): int(row) for row in register.frame.index}
    told = {
        story.kind: {key: register.value(rows[story.id], key) for key in ("level", "status", "reopened", "safety")}
        for story in stories
    }
    assert told["smoke"] | {"status": None} == {"level": "urgent", "status": None, "reopened": None, "safety": "yes"}
    assert told["misunderstanding"]["level"] == "minor"
    assert told["reopened"]["reopened"] == 1 and told["reopened"]["status"] == "in_work"
    assert all(any(change.before != change.after for change in story.changes) for story in stories)

    text = to_text(report, language)
    page = (folder / "stories.html").read_text("utf-8")
    guide = openpyxl.load_workbook(folder / "register.xlsx").worksheets[0]
    cells = [(str(guide.cell(row, 2).value), str(guide.cell(row, 3).value)) for row in range(5, 10)]
    for story, (head, body) in zip(stories, cells, strict=True):
        assert story.subject.startswith(f"[{story.id}]")
        assert story.id in text and story.subject in text
        assert story.id in body and story.subject in body and head[0].isdigit()
        assert html.escape(story.subject) in page and story.title in html.unescape(page)
    assert page.count("<svg") == page.count("<iframe") == 5
    assert not re.search(r"<script|src=\"http|href=\"http", page)
    assert len(text.splitlines()) < 50

    sheet = openpyxl.load_workbook(folder / "register.xlsx", read_only=False)[register.sheet]
    assert sheet.sheet_view.pane is not None
    top = int(str(sheet.sheet_view.pane.topLeftCell)[1:])
    newest = [register.value(row, "status") for row in rows.values() if row >= top]
    assert len(newest) == 24 and "closed" not in newest


def test_a_demo_that_was_told_is_made_anew_and_runs_on_without_a_change(told_demo: ToldDemo, tmp_path: Path) -> None:
    from qtemplate.config import load_config
    from qtemplate.jobs.demo import SAMPLE_MOMENT
    from qtemplate.jobs.run import run

    folder = tmp_path / "demo"
    copy_workspace(told_demo("en")[0], folder)
    again = make_demo(folder, "en", None)
    before = (folder / "register.xlsx").read_bytes()
    assert again.stories
    assert run(load_config(folder / "qtemplate.toml"), SAMPLE_MOMENT).edits == ()
    assert (folder / "register.xlsx").read_bytes() == before
