"""Registers of other makers on the whole way: adopted, run, edited in LibreOffice, run again, given back.

A person fills the sheet of people, types, inserts a row, sorts and adds a sheet; whatever the program does, nothing of
theirs changes, and what has all it needs is graded, assigned and clocked.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import random
from itertools import pairwise
from pathlib import Path
from string import ascii_uppercase
from typing import Any

import pytest
from adopt_registers import TeamBook, read_books
from adopted_rows import expected, shows
from adopting_people import DEPARTMENTS, answers, sheet_of, staff
from asking import Ask
from office import Office, needs_office
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
LEFT_ALONE = ()
"""Registers whose people fill in nothing: no row can be graded."""

NOBODY = {"department": None, "owner": None}
LETTERS = ascii_uppercase
Given = dict[int, dict[str, Any]]
Cells = dict[tuple[str, int, int], Any]


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


def whole(register: Register, given: Given, people: dict[str, str], days: dict[dt.date, bool]) -> int:
    """Rows with all it takes, each graded, assigned and clocked as it has to be; the others show no more than they can.

    Args:
        register: After a run.
        given: Row -> department and owner as people gave them.
        people: Name -> department.
        days: Of the calendar.
    """
    done = 0
    for row in register.frame.index.tolist():
        assert register.value(row, "id"), row
        if row in register.past:
            continue
        assert register.value(row, "check"), row
        values = {key: None if is_missing(value) else value for key, value in register.row(row).items()}
        due, owners = expected(values, given.get(row, NOBODY), people, days)
        shown = shows(register, row)
        assert {key: shown[key] for key in due} == due, (row, values)
        if owners:
            assert shown["owner"] in owners, (row, values)
        if owners and "respond_by" in due:
            assert shown["level_reason"] and shown["clock"], (row, values)
            done += 1
    return done


def special_days(path: Path) -> dict[dt.date, bool]:
    """Date -> worked, as 工作日历 of the book says."""
    rows = [[cell.value for cell in row] for row in load_workbook(path)["工作日历"].iter_rows()]
    return {
        cell.date(): kind == "班"
        for row in rows
        for cell, kind in pairwise(row)
        if isinstance(cell, dt.datetime) and kind in ("休", "班")
    }


def given_in(register: Register, most: int) -> Given:
    """Row -> department and owner, where a column of theirs holds them."""
    keys = [key for key in NOBODY if 0 < register.columns.get(key, 0) <= most]
    rows = register.frame.index.tolist()
    return {row: NOBODY | {key: plain for key in keys if (plain := register.value(row, key))} for row in rows}


def ungraded(register: Register) -> list[str]:
    """Cells of live rows in which a severity is to be chosen."""
    letter = get_column_letter(register.columns["severity"])
    rows = [row for row in register.frame.index.tolist() if row not in register.past]
    empty = [row for row in rows if is_missing(register.value(row, "severity"))]
    return [f"{letter}{row}" for row in empty if (row, "severity") not in register.wrong]


def numbers(register: Register, cells: Cells) -> dict[str, list[Any]]:
    """Id -> the first two cells of its row."""
    rows = register.frame.index.tolist()
    return {str(register.value(row, "id")): [cells.get((register.sheet, row, at)) for at in (1, 2)] for row in rows}


class Way:
    """A register taken along, from the look to the way back."""

    def __init__(self, team: TeamBook, folder: Path, ask: Ask, editor: Office) -> None:
        self.team, self.folder, self.ask, self.editor = team, folder, ask, editor
        self.path = team.write(folder)
        dressed(self.path, team)
        write(folder / "former.xlsx", self.path.read_bytes())
        self.sheet, self.most = team.data.get("sheet", "Sheet1"), len(team.columns)
        self.upto = dict.fromkeys(load_workbook(self.path).sheetnames, 60) | {self.sheet: self.most}

    def theirs(self) -> Cells:
        return values(self.path, self.upto)

    def register(self) -> Register:
        return read_world(load_config(self.folder / "qtemplate.toml")).register

    def run(self) -> dict[str, Any]:
        """A run that changes nothing of theirs, suggests where they have nothing, and mails nobody."""
        before = self.theirs()
        ran = self.ask("run", now=LATER)
        after = self.theirs()
        news = {(self.sheet, int(edit["cell"].lstrip(LETTERS)), edit["field"]) for edit in ran["edits"]}
        owners = {at: key for key, at in self.register().columns.items() if key in NOBODY}
        added = {(sheet, row, owners.get(at)) for sheet, row, at in after.keys() - before.keys()}
        assert {place: after[place] for place in before} == before
        assert added <= news
        assert {message["state"] for message in ran["messages"]} <= {"held"}  # nobody may get mail yet
        return ran

    def adopt(self) -> list[str]:
        """Gives the headers that were added, and enters the people."""
        before = self.theirs()
        self.ask("adopt", self.path.name, "--json")
        with pytest.raises(SystemExit), contextlib.redirect_stdout(io.StringIO()):
            main(["adopt", self.path.name, "--lang", "zh"])
        done = self.ask("adopt", self.path.name, "--apply", "adopt.xlsx")
        assert done["code"] == 0, done
        assert set(lint(self.path)) <= set(lint(self.folder / "former.xlsx"))
        require_other_parts(self.folder / "former.xlsx", self.path, self.sheet)
        self.people = staff(self.team, before, self.sheet)
        edit_cells(self.path, self.path, "人员", sheet_of(self.people))
        assert self.theirs() == before
        return list(done["columns"])

    def disorder(self, added: int) -> int:
        """A person types, sorts, inserts a row and adds a sheet; gives the column of texts."""
        top = self.team.header_row + 1
        last = top - 1 + len(self.team.data.get("rows", "").strip().splitlines())
        text = next(at for at, (_, right) in enumerate(self.team.columns, 1) if {"description", "title"} & set(right))
        letter, wide = get_column_letter(text), get_column_letter(self.most + added)
        self.editor.do(
            self.path,
            ("type", self.sheet, f"{letter}{top}", "换了一个说法：客户又打来一次电话，问题还在"),
            ("sort", self.sheet, f"A{top}:{wide}{last}", text - 1),
            ("insert_row", self.sheet, top + 1),
            ("fill", self.sheet, f"{letter}{top + 1}", "新来的一条：插头发热，有焦味，已经停用"),
            ("fill", self.sheet, f"{get_column_letter(self.beside(text))}{top + 1}", "X-1"),
            ("add_sheet", "我的备忘"),
            ("fill", "我的备忘", "A1", f"=COUNTA('{self.sheet}'.A1:A99)"),
        )
        self.upto["我的备忘"] = 60
        return text

    def beside(self, text: int) -> int:
        """Another column that takes any words: their number, or one that is no field."""
        plain = [{"own_number"}, {"notes"}, {"reporter"}, set()]
        rights = [set(right) for _, right in self.team.columns]
        found = next((rights.index(each) for each in plain if each in rights), None)
        return max(1, text - 1) if found is None else found + 1

    def answer(self) -> dict[int, str]:
        """People fill in what is asked of them until nothing more is; gives the departments they chose, by row."""
        chosen: dict[int, str] = {}
        for _ in range(3):
            ran = self.run()
            if not (steps := list(answers(self.team.name, self.sheet, ran["findings"], ungraded(self.register())))):
                break
            chosen |= {int(step[2].lstrip(LETTERS)): step[3] for step in steps if step[3] in DEPARTMENTS}
            self.editor.do(self.path, *steps)
        return chosen

    def give_back(self) -> None:
        """What people made stays, what the program suggested where they had nothing goes."""
        edited = self.theirs()
        columns = {(self.sheet, at) for key, at in self.register().columns.items() if key in NOBODY}
        write(self.folder / "office.xlsx", self.path.read_bytes())
        back = self.ask("adopt", self.path.name, "--undo")
        assert (back["code"], back["adopt"]) == (0, "taken_out"), back
        after = values(self.path, {**self.upto, self.sheet: 60})
        gone = edited.keys() - after.keys()
        assert {place: text for place, text in edited.items() if place not in gone} == after
        assert (len(gone), {(sheet, at) for sheet, _, at in gone} - columns) == (back["returned"], set())
        former = load_workbook(self.folder / "former.xlsx").sheetnames
        assert load_workbook(self.path).sheetnames == [*former, "我的备忘"]
        assert set(lint(self.path)) <= set(lint(self.folder / "office.xlsx"))


def on_the_whole_way(way: Way) -> tuple[int, int]:
    """Takes one register along; gives its live rows, and how many of them were graded, assigned and clocked."""
    added = way.adopt()
    way.run()
    first = way.register()
    days = special_days(way.path)
    whole(first, given_in(first, way.most), way.people, days)
    number = numbers(first, way.theirs())
    text = way.disorder(len(added))
    way.run()
    now = numbers(way.register(), way.theirs())
    moved = {id: cells for id, cells in number.items() if text not in (1, 2) and now.get(id) != cells}
    assert moved == {}  # every row kept its number while people sorted
    chosen = way.answer() if way.team.name not in LEFT_ALONE else {}
    way.run()
    register = way.register()
    given = given_in(register, way.most)
    for row, department in chosen.items():
        given[row] = given[row] | {"department": department}
    done = whole(register, given, way.people, days)
    assert way.ask("run", now=LATER)["edits"] == []
    way.give_back()
    return len(register.frame) - len(register.past), done


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
def test_forty_registers_on_the_whole_way(team: TeamBook, tmp_path: Path, ask: Ask, editor: Office) -> None:
    live, done = on_the_whole_way(Way(team, tmp_path, ask, editor))
    with Path(tmp_path.parent, "done.txt").open("a") as told:
        told.write(f"{team.name} {live} {done}\n")
    assert done == (0 if team.name in LEFT_ALONE else live)
