"""Registers of other makers on the whole way: adopted, run, edited in LibreOffice, run again, given back.

A person fills the sheet of people, types, inserts a row, sorts and adds a sheet; whatever the program does, nothing of
theirs changes, and what has all it needs is graded, assigned and clocked.
"""

from __future__ import annotations

import io
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from adopt_registers import TeamBook, read_books
from asking import Ask, asking
from office import Office, needs_office, office
from ooxml_lint import lint
from openpyxl import load_workbook
from openpyxl.drawing.image import Image
from openpyxl.styles import PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet
from workbook_makers import read_parts, tiny_png, write_parts

from qtemplate.cli import main
from qtemplate.config import load_config
from qtemplate.jobs.world import read_world
from qtemplate.register import Register, is_missing
from qtemplate.sheets import edit_cells, open_book

pytestmark = [*needs_office, pytest.mark.filterwarnings("ignore:Print area cannot be set:UserWarning")]

LATER = "2026-07-17T09:30"
FORTY = [book for name in ("first", "fourth", "fifth") for book in read_books(f"{name}.toml")]
MAY_CHANGE = ("sharedStrings", "styles", "workbook.xml", "[Content_Types]", "calcChain", "/tables/")
DEPARTMENTS = ("研发部", "生产部", "设计部", "品控部", "客服部")
DONE = ("level", "level_reason", "department", "owner", "respond_by", "resolve_by", "clock")
Cells = dict[tuple[str, int, int], Any]


@pytest.fixture(scope="module")
def editor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with office(tmp_path_factory.mktemp("profile")) as program:
        yield program


@pytest.fixture
def ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Ask:
    return asking(tmp_path, monkeypatch, capsys)


def dressed(path: Path, team: TeamBook) -> None:
    """As other makers leave them: a picture, frozen panes, a filter, formats, formulas, the properties of WPS."""
    chance = random.Random(team.name)
    book = load_workbook(path)
    sheet = book[team.data.get("sheet", "Sheet1")]
    assert isinstance(sheet, Worksheet)
    width, last = len(team.columns), sheet.max_row
    if chance.random() < 0.5:
        sheet.add_image(Image(io.BytesIO(tiny_png())), f"{get_column_letter(width)}{last + 3}")
    if chance.random() < 0.6:
        sheet.freeze_panes = f"B{team.header_row + 1}"
    if chance.random() < 0.6 and "tail" not in team.data:
        sheet.auto_filter.ref = f"A{team.header_row}:{get_column_letter(width)}{last}"
        sheet.print_area = f"A1:{get_column_letter(width)}{last}"
    for cell in sheet[team.header_row]:
        cell.fill = PatternFill("solid", fgColor="FFBDD7EE")
    other = book.create_sheet("统计 1")
    other["A1"], other["B1"] = "条数", f"=COUNTA('{sheet.title}'!A{team.header_row + 1}:A{last})"
    book.save(path)
    if chance.random() < 0.4:
        parts = read_parts(path)
        name = "docProps/app.xml"
        parts[name] = parts[name].replace(b"Microsoft Excel", b"WPS Office_12.1.0.16929_F1E327BC")
        write_parts(path, parts)


def values(path: Path, upto: dict[str, int]) -> Cells:
    """The filled cells of their sheets, of the register as far as its own columns go."""
    book = load_workbook(path)
    return {
        (sheet, cell.row, cell.column): cell.value
        for sheet, most in upto.items()
        for row in book[sheet].iter_rows(max_col=most)
        for cell in row
        if cell.value is not None
    }


def whole(register: Register) -> int:
    """Rows with all that grading needs, each graded, assigned and clocked; the others have an id and a check."""
    passed = 0
    for row in register.frame.index.tolist():
        if row in register.past:
            continue
        check = str(register.value(row, "check") or "")
        assert register.value(row, "id") and check, row
        if check.startswith("通过") and register.value(row, "severity"):
            passed += 1
            assert [key for key in DONE if is_missing(register.value(row, key))] == [], (row, register.row(row))
    return passed


def staff(team: TeamBook, cells: Cells, sheet: str) -> dict[str, Any]:
    """The sheet of people as a team would fill it: whoever their register names as an owner, and five more."""
    at = {key: number for number, (_, right) in enumerate(team.columns, 1) for key in right}
    rows = range(team.header_row + 1, team.header_row + 99)
    named = [
        (cells.get((sheet, row, at.get("owner", 0))), cells.get((sheet, row, at.get("department", 0)))) for row in rows
    ]
    people = {str(name): str(place or "客服部") for name, place in named if name}
    people |= dict(zip(("李想一", "王芳一", "赵敏一", "孙强一", "周洁一"), DEPARTMENTS, strict=True))
    return {
        f"{column}{row}": text
        for row, (name, department) in enumerate(people.items(), 4)
        for column, text in (("A", name), ("B", f"p{row}@example.com"), ("C", department))
    }


def numbers(register: Register, cells: Cells) -> dict[str, list[Any]]:
    """Id -> the first two cells of its row."""
    rows = register.frame.index.tolist()
    return {str(register.value(row, "id")): [cells.get((register.sheet, row, at)) for at in (1, 2)] for row in rows}


def on_the_whole_way(team: TeamBook, folder: Path, ask: Ask, editor: Office, capsys: Any) -> tuple[int, int]:
    """Takes one register along; gives its live rows and those that passed the check in the end."""
    path = team.write(folder)
    dressed(path, team)
    former, sheet = path.read_bytes(), team.data.get("sheet", "Sheet1")
    upto = dict.fromkeys(load_workbook(path).sheetnames, 60) | {sheet: len(team.columns)}
    before = values(path, upto)
    with pytest.raises(SystemExit):
        main(["adopt", path.name, "--lang", "zh"])
    capsys.readouterr()
    done = ask("adopt", path.name, "--apply", "adopt.xlsx")
    assert done["code"] == 0, done
    assert set(lint(path)) <= set(lint(write(folder / "former.xlsx", former)))
    require_other_parts(folder / "former.xlsx", path, sheet)
    edit_cells(path, path, "人员", staff(team, before, sheet))
    assert values(path, upto) == before
    ran = ask("run")
    assert values(path, upto) == before
    assert {message["state"] for message in ran["messages"]} <= {"held"}  # nobody may get mail yet
    first = read_world(load_config(folder / "qtemplate.toml")).register
    whole(first)
    number = numbers(first, before)

    top, last = team.header_row + 1, team.header_row + len(team.data.get("rows", "").strip().splitlines())
    text = next(at for at, (_, right) in enumerate(team.columns, 1) if {"description", "title"} & set(right))
    wide = get_column_letter(len(team.columns) + len(done["columns"]))
    steps: list[tuple[Any, ...]] = [
        ("type", sheet, f"{get_column_letter(text)}{top}", "换了一个说法：客户又打来一次电话，问题还在"),
        ("sort", sheet, f"A{top}:{wide}{last}", text - 1),
        ("insert_row", sheet, top + 1),
        ("fill", sheet, f"{get_column_letter(text)}{top + 1}", "新来的一条：插头发热，有焦味，已经停用"),
        ("fill", sheet, f"{get_column_letter(max(1, text - 1))}{top + 1}", "X-1"),
        ("add_sheet", "我的备忘"),
        ("fill", "我的备忘", "A1", f"=COUNTA('{sheet}'.A1:A99)"),
    ]
    editor.do(path, *steps)
    upto["我的备忘"] = 60
    edited = values(path, upto)
    ran = ask("run", now=LATER)
    assert values(path, upto) == edited
    register = read_world(load_config(folder / "qtemplate.toml")).register
    passed = whole(register)
    now = numbers(register, edited)
    moved = {id: cells for id, cells in number.items() if text not in (1, 2) and now.get(id) != cells}
    assert moved == {}  # every row kept its number while people sorted
    assert ask("run", now=LATER)["edits"] == []

    write(folder / "office.xlsx", path.read_bytes())
    back = ask("adopt", path.name, "--undo")
    assert (back["code"], back["adopt"]) == (0, "taken_out"), back
    assert values(path, {**upto, sheet: 60}) == edited
    assert load_workbook(path).sheetnames == [*load_workbook(folder / "former.xlsx").sheetnames, "我的备忘"]
    assert set(lint(path)) <= set(lint(folder / "office.xlsx"))
    return len(register.frame) - len(register.past), passed


def write(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def require_other_parts(former: Path, now: Path, sheet: str) -> None:
    """No part is altered that need not be."""
    before, after = read_parts(former), read_parts(now)
    own = open_book(former).sheet_parts[sheet]
    changed = {name for name, data in before.items() if after.get(name) != data}
    assert {name for name in changed if name != own and not any(word in name for word in MAY_CHANGE)} == set()


@pytest.mark.campaign
@pytest.mark.parametrize("team", FORTY, ids=lambda team: team.name)
def test_forty_registers_on_the_whole_way(
    team: TeamBook, tmp_path: Path, ask: Ask, editor: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    live, passed = on_the_whole_way(team, tmp_path, ask, editor, capsys)
    with Path(tmp_path.parent, "passed.txt").open("a") as told:
        told.write(f"{team.name} {live} {passed}\n")
