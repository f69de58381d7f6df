"""What somebody types over a cell of the program's, whatever it is."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from registers import ASSESSED, NOW, make_workspace
from told import register_of, typed

from qtemplate.config import load_config
from qtemplate.jobs.run import run
from qtemplate.sheets import edit_cells


def test_a_text_where_the_program_writes_a_date_is_put_right(tmp_path: Path) -> None:
    config = load_config(make_workspace(tmp_path / "w", [ASSESSED]))
    run(config, NOW)
    register = register_of(config.workspace)
    cell = register.cell(int(register.frame.index[0]), "respond_by")
    assert cell is not None
    edit_cells(config.register.path, config.register.path, register.sheet, {cell.address: "尽快"})
    again = run(config, NOW + dt.timedelta(minutes=1))
    assert [(edit.field, edit.before) for edit in again.edits] == [("respond_by", "尽快")]
    assert "尽快" in typed(config.workspace, "log", "--lang", "zh").stdout
