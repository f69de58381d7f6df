"""`upgrade` and the rows that an earlier version left without a height."""

from __future__ import annotations

from pathlib import Path

import openpyxl
from openpyxl.styles import Alignment
from registers import NOW, WHOLE, make_workspace

from qtemplate.config import load_config
from qtemplate.jobs.upgrade import upgrade

LONG = "已约好周四下午上门取件，客户要求先寄新件。" * 6


def test_rows_of_logs_become_as_high_as_their_texts_but_where_somebody_chose_their_height(tmp_path: Path) -> None:
    config = load_config(make_workspace(tmp_path, [WHOLE]))
    assert upgrade(config, NOW).data["heights"] == []
    book = openpyxl.load_workbook(config.register.path)
    ws = book["沟通记录"]
    for row in (4, 5, 6):
        ws.cell(row, 2, "QF-2026-0001")
        ws.cell(row, 7, LONG if row != 6 else "已约好").alignment = Alignment(wrap_text=True)
    ws.row_dimensions[5].height = 20
    ws.tables["tblContacts"].ref = "A3:G6"
    book.save(config.register.path)
    dry = upgrade(config, NOW, dry_run=True)
    assert (dry.exit_code, dry.data["added"], dry.data["heights"]) == (0, [], ["沟通记录"])
    assert upgrade(config, NOW).data["heights"] == ["沟通记录"]
    rows = openpyxl.load_workbook(config.register.path)["沟通记录"].row_dimensions
    assert [rows[row].height for row in (4, 5, 6)] == [57, 20, None]
    assert upgrade(config, NOW, dry_run=True).data["heights"] == []
