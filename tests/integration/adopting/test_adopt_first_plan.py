"""What the plan of a first run says first, of a workbook that has little of what the process can use."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from qtemplate.cli import main
from qtemplate.fields import Field
from qtemplate.sheets import edit_cells, open_book, read_register

NOW = "2026-11-26T09:30"
HEADERS = ["Complaint No.", "Date received", "Customer", "Product", "Description", "Owner", "Status", "Closed on"]


def make_book(path: Path) -> Path:
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.append(HEADERS)
    for number in range(1, 5):
        day = dt.datetime(2026, 11, 20 + number)
        text = f"The display stays dark as soon as the lid is closed ({number})"
        closed = ("closed", day) if number == 2 else ("open", None)
        sheet.append([f"C-{number:03d}", day, f"Customer {number}", "Rice cooker", text, "Kim", *closed])
    book.save(path)
    return path


def test_a_first_plan_says_what_becomes_of_peoples_cells_of_old_rows_and_of_mail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    book = make_book(tmp_path / "complaints.xlsx")
    edit_cells(book, book, "Sheet", {"I1": "Channel", "I2": "Kiosk", "I3": "Phone", "I4": "Kiosk", "I5": "Phone"})

    def told(*words: str) -> str:
        with pytest.raises(SystemExit):
            main([*words, "--now", NOW, "--lang", "en"])
        return capsys.readouterr().out

    told("adopt", book.name)
    words = (
        "Channel: no meaning is given for Kiosk (1 in all), and such cells count as empty; to have them count, "
        "write what they mean under Meaning on the sheet Column map."
    )
    assert words in told("adopt", book.name, "--apply", "adopt.xlsx")
    assert told("plan").splitlines()[:9] == [
        "This is the first run of an adopted workbook: no cell that people filled would change.",
        "1 of 4 rows is over by your closing date or status: history, which gets a number and a status and nothing "
        "else.",
        "No mail would go.",
        "Nobody gets mail until [mail] allow_domains in qtemplate.toml names the domains that may.",
        words,
        "3 of 3 open rows have no Severity and get no level; fill it in (1 to 5) bit by bit, everything else goes on.",
        "Your workbook has no Scope, Frequency. Rows are graded without them, and better with them: "
        "to have them, add columns of these names at the right of the register in complaints.xlsx.",
        "Your workbook has no Category, by which a department is assigned: add the column at the right of the register "
        "in complaints.xlsx, or fill in the department by hand.",
        "Your workbook has no Email, Solution, Reply type. Add them at the right of the register in complaints.xlsx to "
        "have replies to reporters prepared; without them you reply as you always did.",
    ]
    told("run")
    assert "first run" not in told("plan")
    lines = open_book(book).sheet("Column map").to_python(skip_empty_area=False)
    (at,) = (row for row, line in enumerate(lines, 1) if line[4] == "Kiosk")
    edit_cells(book, book, "Column map", {f"F{at}": "Dealer"})  # a meaning, no code
    assert read_register(open_book(book)).frame[Field.CHANNEL].tolist() == ["dealer", "hotline", "dealer", "hotline"]
