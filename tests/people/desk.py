"""A person at the register for a while: rows, cells, the contact log and 人员, changed in one save.

rows    = {name: cells}                     new rows under the last one
edits   = {name: cells}                     cells of rows that are there; "" empties one
calls   = [{row, at, way, summary, final}]  lines of 沟通记录; final = 是 where the call was the final reply
people  = {person: cells}                   cells of 人员, by the keys of its columns
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from openpyxl.utils import get_column_letter
from python_calamine import CalamineWorkbook

from qtemplate.fields import FIELDS
from qtemplate.ooxml.patch import patch_workbook
from qtemplate.sheets.layout import BY_KEY, REGISTER_ZH, word

Cells = Mapping[str, Any]
REGISTER = {key: field.zh for key, field in FIELDS.items()}
PEOPLE = {column.key: column.zh for column in BY_KEY["people"].blocks[0].columns}


def sit_down(register: Path, work: Mapping[str, Any], *, named: str) -> None:
    """Does a piece of work, see above; rows are called by what stands in their column `named`."""
    book = CalamineWorkbook.from_path(register)
    rows = _Lines(book, REGISTER_ZH, REGISTER, named)
    people = _Lines(book, "人员", PEOPLE, "name")
    ids = {name: rows.line(name)[REGISTER["id"]] for name in rows.places}
    edits = {
        REGISTER_ZH: rows.cells(work.get("edits", {})),
        "人员": people.cells(work.get("people", {})),
    }
    typed = [{REGISTER[key]: _cell(value) for key, value in cells.items()} for cells in work.get("rows", {}).values()]
    calls = [
        {"时间": call["at"], "反馈编号": ids[call["row"]], "方向": word("out", "zh"), "方式": call["way"],
         "摘要": call["summary"], "是否最终答复": call.get("final")}
        for call in work.get("calls", [])
    ]  # fmt: skip
    appends = {"tblFeedback": typed, "tblContacts": calls}
    patch_workbook(
        register,
        register,
        edits={sheet: cells for sheet, cells in edits.items() if cells},
        appends={table: lines for table, lines in appends.items() if lines},
    )


class _Lines:
    """The lines of a sheet under its headers."""

    def __init__(self, book: CalamineWorkbook, sheet: str, headers: Mapping[str, str], named: str) -> None:
        self.grid = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
        self.head = next(at for at, line in enumerate(self.grid) if headers[named] in line)
        self.columns = {str(header): at for at, header in enumerate(self.grid[self.head])}
        self.headers = headers
        names = ((str(line[self.columns[headers[named]]]), at) for at, line in enumerate(self.grid))
        self.places = {name: at for name, at in names if at > self.head and name}

    def line(self, name: str) -> dict[str, Any]:
        return dict(zip(self.columns, self.grid[self.places[name]], strict=True))

    def cells(self, edits: Mapping[str, Cells]) -> dict[str, Any]:
        """Address -> value of what is changed."""
        return {
            f"{get_column_letter(self.columns[self.headers[key]] + 1)}{self.places[name] + 1}": _cell(value)
            for name, cells in edits.items()
            for key, value in cells.items()
        }


def _cell(value: Any) -> Any:
    return None if value == "" else value
