"""校验结果 tells since when each finding has stood, and begins with what is new; older workbooks do without."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from older_workbooks import without_last_columns
from openpyxl import load_workbook
from registers import ASSESSED, NOW, make_workspace
from workspace_state import sheet_cells

from qtemplate.config import load_config
from qtemplate.jobs.run import run

NEXT = NOW + dt.timedelta(days=1)


def listed(register: Path) -> list[tuple[str, str, str]]:
    """Severity, cell and day of every line of the sheet."""
    lines = sheet_cells(register, ["校验结果"])["校验结果"][3:]
    return [(row[0], row[3], f"{row[8]:%Y-%m-%d}") for row in lines]


def test_a_new_finding_stands_before_the_older_ones_of_its_severity_with_its_day(tmp_path: Path) -> None:
    folder = make_workspace(tmp_path / "w", [ASSESSED | {"email": "nobody"}, ASSESSED | {"reporter": "张二"}])
    config = load_config(folder)
    register = config.register.path
    run(config, NOW)
    first = listed(register)
    assert {day for _, _, day in first} == {"2026-07-15"}
    book = load_workbook(register)
    sheet = book["反馈登记"]
    email = next(cell.column for row in sheet.iter_rows(max_row=5) for cell in row if cell.value == "邮箱")
    sheet.cell(sheet.max_row, email, "somebody")
    book.save(register)
    run(config, NEXT)
    errors = [line for line in listed(register) if line[0] == "错误"]
    assert [day for _, _, day in errors[:2]] == ["2026-07-16", "2026-07-15"]
    assert set(first) <= set(listed(register))


def test_a_workbook_from_before_the_column_goes_on_and_nothing_is_said_of_it(tmp_path: Path) -> None:
    config = load_config(make_workspace(tmp_path / "w", [ASSESSED | {"email": "nobody"}]))
    assert without_last_columns(config.register.path, "校验结果", "tblFindings", 1) == ["首次出现"]
    report = run(config, NOW)
    lines = sheet_cells(config.register.path, ["校验结果"])["校验结果"]
    assert (len(lines[2]), len(lines) > 3) == (8, True)
    assert "QT214" not in {item.code for item in report.findings}
