"""What stands in the cells of a returned form, by how each is read; tables as far as people have filled them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct

from ..fields import Kind
from ..ooxml.reading.number_formats import displayed_number
from ..plan.form_parts import AnswerType, FormColumn, FormTable
from ..sheets.headers import fold
from ..sheets.reading.cell_values import reader_for, tidy
from .named_cells import NamedArea

LONGEST = 8_000
"""Characters that are kept of a text."""

HALVES = re.compile("[\ud800-\udfff]")

READERS = {
    AnswerType.DATE: reader_for(Kind.DATE, None, {}, "zh", False),
    AnswerType.MOMENT: reader_for(Kind.DATETIME, None, {}, "zh", False),
}


class Cell(Struct, frozen=True):
    """A cell of a form: its value, and whether people may fill it."""

    value: Any
    locked: bool


Grid = Mapping[tuple[int, int], Cell]
"""(row, column) -> cell, for those that hold anything."""


def grid_of(sheet: Iterable[Any], lowest: int) -> dict[tuple[int, int], Cell]:
    """The cells of a worksheet of openpyxl that hold anything, down to a row."""
    grid: dict[tuple[int, int], Cell] = {}
    for number, row in enumerate(sheet, 1):
        if number > lowest:
            break
        for cell in row:
            value = getattr(cell, "value", None)
            if value is None or value == "":
                continue
            if isinstance(value, (int, float)) and not isinstance(value, bool):
                value = displayed_number(float(value), cell.number_format)
            grid[cell.row, cell.column] = Cell(value, bool(cell.protection.locked))
    return grid


def read_answer(type: AnswerType, choices: Mapping[str, tuple[str, ...]], value: Any) -> str | None:
    """An answer as it is kept: a day as ISO text, a choice by its code, all else as typed; "" for nothing.

    Returns:
        None where something was typed that cannot be read as that.
    """
    if value is None or value == "":
        return ""
    if type is AnswerType.CHOICE:
        typed = fold(str(value))
        return next((code for code, words in choices.items() if typed in map(fold, words)), None if typed else "")
    if type in READERS:
        read = READERS[type](value, None)
        if read.wrong or not isinstance(read.value, dt.datetime | None):
            return None
        if read.value is None:
            return ""
        return read.value.date().isoformat() if type is AnswerType.DATE else read.value.isoformat()
    return read_text(value)


def read_text(value: Any) -> str:
    """What was typed, as the register reads it: a text that only came along comes back as it left.

    Half characters, which XML can spell and nothing can store, are left out.
    """
    if isinstance(value, dt.datetime):
        text = value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ", "minutes")
    else:
        text = str(value)
    return HALVES.sub("", tidy(text))[:LONGEST]


def read_table(
    table: FormTable, grids: Mapping[str, Grid], names: Mapping[str, NamedArea]
) -> tuple[tuple[dict[str, str], ...], dict[str, str]]:
    """The lines of a table that people have filled, and what of them cannot be read.

    A line that was inserted belongs to it, below its last one too, as long as its cells are some that people may fill;
    blank lines between are passed over.
    """
    places = {column.key: names[cell] for column in table.columns if (cell := table.cell(column)) in names}
    if not places:
        return (), {}
    sheet = next(iter(places.values())).sheet
    grid = grids.get(sheet, {})
    first = min(place.area.first_row for place in places.values())
    last = max(place.area.last_row for place in places.values())
    asked = [column for column in table.columns if column.type is not AnswerType.LABEL and column.key in places]
    lines: list[dict[str, str]] = []
    wrong: dict[str, str] = {}
    row = first
    while row <= last or _goes_on(grid, row, asked, places):
        cells = {key: grid.get((row, place.area.first_column)) for key, place in places.items()}
        if any(cells[column.key] is not None for column in asked):
            line: dict[str, str] = {}
            for column in table.columns:
                found = cells.get(column.key)
                said = read_answer(column.type, column.choices, None if found is None else found.value)
                if said is None and found is not None:
                    wrong[f"{table.name}.{len(lines) + 1}.{column.key}"] = read_text(found.value)
                line[column.key] = said or ""
            lines.append(line)
        row += 1
    return tuple(lines), wrong


def _goes_on(grid: Grid, row: int, asked: Iterable[FormColumn], places: Mapping[str, NamedArea]) -> bool:
    """Whether the row below a table's last one is one more of it."""
    cells = [grid.get((row, places[column.key].area.first_column)) for column in asked]
    filled = [cell for cell in cells if cell is not None]
    return bool(filled) and not any(cell.locked for cell in filled)
