"""Registers that refuse to be written into: the look says so, and a second workbook beside them goes the whole way."""

from __future__ import annotations

import contextlib
import io
import zipfile
from pathlib import Path

import pytest
from adopt_registers import TeamBook
from adopting_people import DEPARTMENTS, answers, sheet_of, staff
from asking import Ask
from office import Office, needs_office
from openpyxl import load_workbook
from openpyxl.workbook.protection import WorkbookProtection
from test_adopted_in_office import FORTY, LATER, LETTERS, dressed, given_in, special_days, ungraded, values, whole

from qtemplate.cli import main
from qtemplate.config import load_config
from qtemplate.jobs.world import read_world
from qtemplate.sheets import edit_cells

pytestmark = [*needs_office, pytest.mark.filterwarnings("ignore:Print area cannot be set:UserWarning")]

CLOSED = {"zh_issue_list": "sheet", "zh_customer_complaints": "structure", "en_8d_list": "signed"}
WORDS = {"sheet": "取消保护", "structure": "结构受保护", "signed": "数字签名"}
LONGER = "客户又打来一次电话：问题还在，和上次说的一样"


def close(path: Path, sheet: str, how: str) -> None:
    """As teams keep their books closed."""
    if how == "signed":
        with zipfile.ZipFile(path, "a") as package:
            package.writestr("_xmlsignatures/origin.sigs", b"")
        return
    book = load_workbook(path)
    if how == "structure":
        book.security = WorkbookProtection(lockStructure=True)
    else:
        book[sheet].protection.sheet = True
    book.save(path)


@pytest.mark.campaign
@pytest.mark.parametrize("team", [team for team in FORTY if team.name in CLOSED], ids=lambda team: team.name)
def test_registers_that_refuse_go_the_whole_way_beside(
    team: TeamBook, tmp_path: Path, ask: Ask, editor: Office
) -> None:
    how, path, sheet = CLOSED[team.name], team.write(tmp_path), team.data.get("sheet", "Sheet1")
    dressed(path, team)
    close(path, sheet, how)
    former, theirs = path.read_bytes(), values(path, {sheet: 60})
    told = io.StringIO()
    with pytest.raises(SystemExit), contextlib.redirect_stdout(told):
        main(["adopt", path.name, "--lang", "zh"])
    assert "--beside" in told.getvalue() and WORDS[how] in told.getvalue()
    refused = ask("adopt", path.name, "--apply", "adopt.xlsx")
    assert (refused["code"], refused["error"]["code"], path.read_bytes()) == (4, "adopt.refused", former)
    done = ask("adopt", path.name, "--apply", "adopt.xlsx", "--beside")
    assert done["code"] == 0
    second, people = Path(done["beside"]), staff(team, theirs, sheet)
    edit_cells(second, second, "人员", sheet_of(people))
    ask("run", now=LATER)

    if how != "signed":  # whoever edits a signed book loses the signature
        text = next(at for at, (_, right) in enumerate(team.columns, 1) if "description" in right)
        cell = f"{chr(64 + text)}{team.header_row + len(team.data['rows'].strip().splitlines())}"
        editor.do(path, ("unprotect", sheet), ("type", sheet, cell, LONGER))
    changed = path.read_bytes()
    chosen: dict[int, str] = {}
    for _ in range(3):
        ran = ask("run", now=LATER)
        register = read_world(load_config(tmp_path / "qtemplate.toml")).register
        steps = list(answers(team.name, register.sheet, ran["findings"], ungraded(register)))
        if not steps:
            break
        chosen |= {int(step[2].lstrip(LETTERS)): step[3] for step in steps if step[3] in DEPARTMENTS}
        editor.do(second, *steps)
    register = read_world(load_config(tmp_path / "qtemplate.toml")).register
    given = given_in(register, len(team.columns))
    for row, department in chosen.items():
        given[row] = given[row] | {"department": department}
    assert whole(register, given, people, special_days(second)) == len(register.frame) - len(register.past) > 0
    assert how == "signed" or LONGER in register.frame["description"].tolist()
    assert (ask("run", now=LATER)["edits"], path.read_bytes()) == ([], changed)
    back = ask("adopt", path.name, "--undo")
    assert (back["adopt"], path.read_bytes(), second.exists()) == ("undone_beside", changed, False)
