"""Registers of other makers as small texts, made into workbooks, with what each column means.

A file holds `[[book]]` tables: `titles` (rows above the header), `columns` (one line a column: header = field; `-` for
none, `a|b` where both are right, `\\n` for a line break), `above` (merged heads in a row above the header: columns and
text), `rows` (one line a row, cells between ` | `), `tail` (as `rows`, after an empty row), `sheets` (other sheets).
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from where import FIXTURES

from qtemplate.sheets.adopt.look import look_at_book

DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class TeamBook:
    """A book of a team's: its data, and the right field per column, () for none."""

    name: str
    data: dict[str, Any]

    @property
    def columns(self) -> list[tuple[str, tuple[str, ...]]]:
        lines = [line.rpartition(" = ") for line in self.data["columns"].strip().splitlines()]
        return [
            (header.strip().replace("\\n", "\n"), () if right.strip() == "-" else tuple(right.strip().split("|")))
            for header, _, right in lines
        ]

    @property
    def header_row(self) -> int:
        return len(self.data.get("titles", [])) + (1 if "above" in self.data else 0) + 1

    def write(self, folder: Path) -> Path:
        book = Workbook()
        sheet = book.active
        assert isinstance(sheet, Worksheet)
        sheet.title = self.data.get("sheet", "Sheet1")
        for other, rows in self.data.get("sheets", {}).items():
            extra = book.create_sheet(other, 0 if self.data.get("others_first") else None)
            for line in rows.strip().splitlines():
                extra.append(cells_of(line))
        for title in self.data.get("titles", []):
            sheet.append([cell_of(text) for text in title])
        if "above" in self.data:
            at = sheet.max_row + 1 if self.data.get("titles") else 1
            for area, text in self.data["above"].items():
                first, _, last = area.partition(":")
                sheet[f"{first}{at}"] = text
                sheet.merge_cells(f"{first}{at}:{last}{at}")
        row = self.header_row
        for column, (header, _) in enumerate(self.columns, 1):
            sheet.cell(row, column, header or None)
        for line in self.data.get("rows", "").strip().splitlines():
            row += 1
            for column, cell in enumerate(cells_of(line), 1):
                sheet.cell(row, column, cell)
        for line in self.data.get("tail", "").strip().splitlines():
            row += 1 if row == sheet.max_row + 1 else 2
            for column, cell in enumerate(cells_of(line), 1):
                sheet.cell(row, column, cell)
        path = folder / f"{self.name}.xlsx"
        book.save(path)
        return path


def cells_of(line: str) -> list[Any]:
    return [cell_of(text.strip()) for text in line.split("|")]


def cell_of(text: str) -> Any:
    """Days and whole numbers as Excel holds them, everything else as text."""
    if DAY.fullmatch(text):
        return dt.datetime.fromisoformat(text)
    if text.isdecimal() and not text.startswith("0") and len(text) < 10:
        return int(text)
    return text.replace("\\n", "\n") or None


def read_books(name: str) -> list[TeamBook]:
    books = tomllib.loads((FIXTURES / "adopt" / name).read_text("utf-8"))["book"]
    return [TeamBook(book["name"], book) for book in books]


def register(folder: Path, rows: list[list[Any]], name: str = "book.xlsx", merged: tuple[str, ...] = ()) -> Path:
    """A workbook of these rows; its place."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for row in rows:
        sheet.append(row)
    for area in merged:
        sheet.merge_cells(area)
    book.save(folder / name)
    return folder / name


def fields_of(path: Path, words: tuple[Path, ...] = ()) -> dict[str, tuple[str | None, str]]:
    """Header -> the field it is proposed for, and how sure that is."""
    return {each.header: (each.field, each.confidence.value) for each in look_at_book(path, words).columns}
