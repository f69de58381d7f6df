"""A workbook that a former version adopted, before a date of receipt was added to one without: `upgrade` completes it.

`before_dates.tar.xz` is a workspace as that version left it: 台账.xlsx has neither a date nor a category nor an owner.
It was in `/srv/quality/adopted`.
"""

from __future__ import annotations

import datetime as dt
import tarfile
from pathlib import Path
from typing import Any

import pytest
from asking import Ask
from former import filled
from openpyxl import load_workbook
from where import FIXTURES

from qtemplate.sheets import edit_cells, open_book
from qtemplate.sheets.reading.column_map import Use, read_map

ADDED = [("column", "客诉", "反馈时间"), ("column", "客诉", "问题领域")]
LATER = "2026-07-17T09:30"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    with tarfile.open(FIXTURES / "adopt" / "before_dates.tar.xz") as kept:
        # Python before 3.11.4 knows no filters, and later ones warn without
        kept.extraction_filter = getattr(tarfile, "data_filter", lambda member, path: member)
        kept.extractall(tmp_path)
    config = tmp_path / "qtemplate.toml"
    config.write_text(config.read_text("utf-8").replace("/srv/quality/adopted", tmp_path.as_posix()), "utf-8")
    return tmp_path / "台账.xlsx"


def added(told: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(each["what"], each["sheet"], each["name"]) for each in told["added"] if each["what"] == "column"]


def test_it_gets_the_columns_that_adoption_would_add_today(book: Path, ask: Ask) -> None:
    before, cells = book.read_bytes(), filled(book)
    dry = ask("upgrade", "--dry-run", now=LATER)
    assert (dry["code"], added(dry), book.read_bytes()) == (0, ADDED, before)
    done = ask("upgrade", now=LATER)
    assert (done["code"], added(done), Path(done["backup"]).read_bytes()) == (0, ADDED, before)
    now = filled(book)
    assert {place: now.get(place) for place in cells} == cells
    sheet = load_workbook(book)["客诉"]
    at = {str(cell.value): cell.coordinate[:-1] for cell in sheet[2]}
    assert list(at)[-2:] == ["反馈时间", "问题领域"]
    assert [sheet.column_dimensions[at[name]].outlineLevel for name in ("反馈时间", "问题领域")] == [1, 1]
    assert sheet[f"{at['反馈时间']}3"].number_format == "yyyy-mm-dd hh:mm"
    assert any(f"{at['问题领域']}3" in str(check.sqref) for check in sheet.data_validations.dataValidation)
    known = read_map(open_book(book))
    assert known is not None
    lines = [(column.header, column.key, column.use) for column in known.columns][-2:]
    assert lines == [("反馈时间", "received_at", Use.OURS), ("问题领域", "category", Use.OURS)]
    assert ask("upgrade", now=LATER)["added"] == []

    ran = ask("run", now=LATER)
    assert {"QT110"} <= {item["code"] for item in ran["findings"]}
    assert "QT730" not in {item["code"] for item in ran["findings"]}
    received = dt.datetime(2026, 7, 16, 15)
    edit_cells(book, book, "客诉", {f"{at['反馈时间']}3": received, f"{at['问题领域']}3": "硬件"})
    ask("run", now="2026-07-17T10:30")
    sheet = load_workbook(book)["客诉"]
    assert sheet[f"{at['答复期限']}3"].value is not None

    back = ask("adopt", book.name, "--undo", now="2026-07-17T11:00")
    assert (back["code"], back["adopt"]) == (0, "taken_out")
    (team,) = book.parent.glob("backups/台账-20260716-093000.xlsx")
    assert load_workbook(book).sheetnames == ["客诉"]
    assert filled(book) == filled(team)


def test_what_an_upgrade_added_goes_with_undo_and_a_column_that_was_deleted_does_not_come_again(
    book: Path, ask: Ask
) -> None:
    before = book.read_bytes()
    run = ask("upgrade", now=LATER)["run"]
    assert ask("undo", run, now=LATER)["upgrade"] == "done"
    assert book.read_bytes() == before

    assert added(ask("upgrade", now=LATER)) == ADDED
    at = {str(cell.value): cell.coordinate[:-1] for cell in load_workbook(book)["客诉"][2]}
    edit_cells(book, book, "客诉", {f"{at['问题领域']}2": "以后不用"})
    again = ask("upgrade", now=LATER)
    assert (again["code"], again["added"]) == (3, [])
    assert [(each["name"], each["key"]) for each in again["unknown"]] == [("问题领域", "category")]
