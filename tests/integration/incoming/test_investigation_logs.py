"""The logs of the investigation: written by the program and by hand, read alike, missed by nobody who has none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from registers import NOW, WHOLE, make_workspace, memory_of, register_of

from qtemplate.choices import ScoreItem
from qtemplate.plan import NewRow, Phrase, SheetCell
from qtemplate.rules.around.log_rows import log_rows
from qtemplate.rules.evidence.settings import DEFAULTS
from qtemplate.rules.situation import Situation
from qtemplate.sheets import edit_cells, open_book, patch_workbook, read_rulebook
from qtemplate.sheets.layout import BY_KEY, INVESTIGATION
from qtemplate.sheets.writing.placing import place_rows

DAY, AT = dt.datetime(2026, 7, 20), dt.datetime(2026, 7, 16, 11, 30)
ID = "QF-2026-0001"
FORM = {"round": "1", "who": "孙浩", "at": AT, "form": "8D"}
LINES: dict[str, dict[str, Any]] = {
    "actions": {"no": "D6.1", "kind": "corrective", "against": "发生", "text": "=更换插头", "owner": "孙浩", "due": DAY,
                "done": None, "evidence": None, "effect": "0123"},
    "causes": {"chain": "escape", "step": "2", "why": "终检不通电", "evidence": "作业指导书 A/3"},
    "options": {"option": "改用锁扣端子", "cost": "3", "time": "4", "feasibility": "5", "risk": "4", "total": "3.9",
                "chosen": "yes"},
    "verifications": {"date": DAY, "verifier": "何军", "method": "实验室测试", "samples": "50", "criterion": "拔出力",
                      "limit": "≥ 20 N", "measured": "24 N", "pass": "yes", "note": None},
    "surveys": {"confirmation": "已解决", "satisfaction": "5", "speed": "4", "clarity": "5", "attitude": "5",
                "result": "5", "opinion": "+满意", "agrees": "yes"},
    "meetings": {"date": AT, "place": "二楼", "present": "孙浩、何军", "decisions": "先换货"},
    "decisions": {"field": "计划完成", "register": "2026-07-18", "said": "2026-07-20", "decide": None, "settled": None},
}  # fmt: skip


def written(folder: Path, language: str, *times: Mapping[str, Any]) -> Path:
    """A standard workbook with these lines in every log, as the program writes them."""
    path = make_workspace(folder, [WHOLE], language=language).with_name("register.xlsx")
    rows = [
        NewRow(key, ID, f"{key}/{at}", {"id": ID, **line, **FORM, **more})
        for at, more in enumerate(times)
        for key, line in LINES.items()
    ]
    placed = place_rows(open_book(path), rows, (), register_of(WHOLE, language=language))
    assert placed.refused == {}
    patch_workbook(path, path, edits=placed.edits, appends=placed.appends, fits=placed.fits)
    return path


@pytest.mark.parametrize("language", ["zh", pytest.param("en", marks=pytest.mark.campaign)])
def test_every_log_is_read_as_it_was_written(tmp_path: Path, language: str) -> None:
    path = written(tmp_path, language, {}, {"who": "何军"}, {"who": "赵刚"})
    found = read_rulebook(open_book(path), language=language)
    assert [item for item in found.findings if item.where and item.where.sheet in logs(language)] == []
    assert found.unread == frozenset()
    for key, line in LINES.items():
        days = {name: value.date() for name, value in line.items() if name in ("due", "done") and value}
        wanted = {"id": ID, **line, **FORM, **days}
        assert [dict(row.values) for row in found.logs[key]] == [
            wanted, {**wanted, "who": "何军"}, {**wanted, "who": "赵刚"},
        ]  # fmt: skip
        assert [row.id for row in found.logs[key]] == [ID] * 3


def test_a_row_of_a_log_is_as_high_as_its_texts_and_grows_with_the_cell_that_gets_more(tmp_path: Path) -> None:
    long = "终检增加通电测试，作业指导书改为 A/4 版，培训记录已归档。" * 2
    path = written(tmp_path, "zh", {"text": long}, {"text": "换插头"}, {"text": long})
    assert heights(path, "措施跟踪") == [43.5, None, 43.5]
    because = Phrase("log.no_table")
    texts = {4: "照片", 5: long * 2}
    cells = [SheetCell("actions", row, "evidence", None, text, because, ID) for row, text in texts.items()]
    placed = place_rows(open_book(path), (), cells, register_of(WHOLE))
    patch_workbook(path, path, edits=placed.edits, fits=placed.fits)
    assert heights(path, "措施跟踪") == [43.5, 111, 43.5]


def heights(path: Path, sheet: str) -> list[float | None]:
    ws = openpyxl.load_workbook(path)[sheet]
    return [ws.row_dimensions[row].height for row in range(4, ws.max_row + 1)]


def logs(language: str) -> set[str]:
    return {BY_KEY[key].title(language) for key in INVESTIGATION}


def test_what_a_person_adds_counts_and_what_names_no_feedback_is_told_but_for_an_improvement(tmp_path: Path) -> None:
    path = written(tmp_path, "zh", {})
    book = openpyxl.load_workbook(path)
    ws = book["措施跟踪"]
    ws.append([None, "qf-2026-1", "预防", None, "更新检验规范", "何军", "2026-08-01"])
    ws.append([None, None, "改进", None, "新连接器立项", "王磊", dt.date(2026, 9, 1)])
    ws.append([None, ID, "预防", None, "培训", "何军", "下周"])
    book.save(path)
    found = read_rulebook(open_book(path))
    ours, respelt, improvement = found.logs["actions"]
    assert (ours.id, respelt.values["due"], improvement.id, improvement.values["kind"]) == (
        ID, dt.date(2026, 8, 1), "", "improvement",
    )  # fmt: skip
    told = [(item.code, str(item.where)) for item in found.findings if item.where and item.where.sheet == "措施跟踪"]
    assert told == [("QT202", "措施跟踪!G7")]
    strange = log_rows(Situation(register_of(WHOLE), found, memory_of(), NOW)).findings
    assert [(item.code, str(item.where), item.found) for item in strange] == [("QT155", "措施跟踪!B5", "qf-2026-1")]
    assert "QF-2026-0001" in str(dict(strange[0].facts)["perhaps"])


def test_a_sheet_of_the_teams_own_that_is_called_like_a_log_is_none_and_is_left_alone(tmp_path: Path) -> None:
    path = make_workspace(tmp_path, [WHOLE]).with_name("register.xlsx")
    book = openpyxl.load_workbook(path)
    del book["会议"]
    book.create_sheet("会议")["A1"] = "本周例会：周三 9 点"
    del book["回访"]
    book.save(path)
    before, found = open_book(path), read_rulebook(open_book(path))
    assert (found.logs["meetings"], found.logs["surveys"]) == ((), ())
    assert found.unread == {"meetings", "surveys"}
    assert [item.code for item in found.findings if item.code in ("QT200", "QT201")] == []
    rows = [NewRow("meetings", ID, "m", {"id": ID, **LINES["meetings"]})]
    assert list(place_rows(before, rows, (), register_of(WHOLE)).refused) == ["meetings"]


def test_the_numbers_of_scoring_are_read_and_what_is_no_number_goes_by_the_default(tmp_path: Path) -> None:
    path = make_workspace(tmp_path, [WHOLE]).with_name("register.xlsx")
    assert read_rulebook(open_book(path)).scoring == dict(DEFAULTS)
    first = 4  # of the rows of a sheet of the standard workbook
    edit_cells(path, path, "评分设置", {f"B{first}": 8, f"B{first + 1}": "many", f"B{first + 2}": -1})
    found = read_rulebook(open_book(path))
    told = [(item.code, item.where.address) for item in found.findings if item.where and item.where.sheet == "评分设置"]
    assert told == [("QT202", f"B{first + 1}"), ("QT202", f"B{first + 2}")]
    changed = {**DEFAULTS, ScoreItem.D1: 8}
    assert found.scoring == {item: changed[item] for item in changed if item not in (ScoreItem.D2, ScoreItem.D3)}
