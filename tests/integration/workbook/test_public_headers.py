"""Headers say who fills a column, and whether its content may be shown outside the company."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from former import former_workspace
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from qtemplate.cli import main
from qtemplate.fields import APPROVED_WORDS, OPEN_FACTS, PUBLIC, STANDARD, Field, Filler
from qtemplate.sheets.standard import build_workbook, look
from qtemplate.texts.workbook.prompts import HEADER_OF_FACTS, HEADER_OF_WORDS, IN_FACTS, IN_WORDS


@pytest.mark.parametrize(
    ("side", "language", "sheet", "guide"), [(0, "zh", "反馈登记", "使用说明"), (1, "en", "Feedback", "Guide")]
)
def test_a_column_that_may_go_out_is_known_by_its_header(side: int, language: str, sheet: str, guide: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(build_workbook(language)))
    headers = {field: book[sheet].cell(2, at) for at, field in enumerate(STANDARD, 1)}
    assert {field: cell.value for field, cell in headers.items()} == {
        field: field.header(language) for field in STANDARD
    }
    filled = {field for field, cell in headers.items() if cell.fill.start_color.rgb == f"00{look.GOES_OUT}"}
    assert filled == set(PUBLIC) & set(STANDARD)

    said: dict[str, list[tuple[str, str]]] = {}
    for check in book[sheet].data_validations.dataValidation:
        for part in str(check.sqref).split():
            said.setdefault(part.split(":")[0], []).append((check.type or "", check.prompt or ""))
    for at, field in enumerate(STANDARD, 1):
        words, facts = field in APPROVED_WORDS, field in OPEN_FACTS
        expected = [("", HEADER_OF_WORDS[side])] if words else [("", HEADER_OF_FACTS[side])] if facts else []
        assert said.get(f"{get_column_letter(at)}2", []) == expected, field
        below = [prompt for _, prompt in said.get(f"{get_column_letter(at)}3", [])]
        assert [IN_WORDS[side] in prompt for prompt in below] == [words] * len(below), field
        assert [IN_FACTS[side] in prompt for prompt in below] == [facts] * len(below), field
    shown = [
        cell.value for row in book[guide]["B1:B40"] for cell in row if cell.fill.start_color.rgb == f"00{look.GOES_OUT}"
    ]
    assert shown == [{"zh": "可能对外", "en": "May go outside"}[language]]


def test_the_fill_differs_from_that_of_other_headers_in_grey_print_and_its_inks_can_be_read() -> None:
    own = brightness(look.GOES_OUT)
    assert min(own - brightness(other) for other in look.FILLER_COLOURS.values()) > 0.4
    assert min((own + 0.05) / (brightness(ink) + 0.05) for ink in look.GOES_OUT_INKS.values()) > 4.5


def brightness(colour: str) -> float:
    """Relative luminance, 0 to 1 (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


ADDED = (Field.LOW_SCORE_REVIEW, Field.REPORTABLE, Field.REPORTED_AT, Field.REPORT_REASON)
"""What 0.1 did not have; people fill them all."""


@pytest.mark.parametrize("language", ["zh", pytest.param("en", marks=pytest.mark.campaign)])
def test_a_column_that_upgrade_adds_looks_as_it_does_in_a_new_workbook(language: str, tmp_path: Path) -> None:
    folder = former_workspace(tmp_path / language, language)
    with pytest.raises(SystemExit, match="0"):
        main(["upgrade", "--config", str(folder / "qtemplate.toml")])
    upgraded = openpyxl.load_workbook(folder / "register.xlsx").worksheets
    standard = openpyxl.load_workbook(io.BytesIO(build_workbook(language))).worksheets
    looks = [{field: look_of(sheets, field.header(language)) for field in ADDED} for sheets in (upgraded, standard)]
    assert looks[0] == looks[1]
    assert {header for _, header, *_ in looks[0].values()} == {f"00{look.FILLER_COLOURS[Filler.PERSON]}"}


def look_of(sheets: Sequence[Worksheet], header: str) -> tuple[Any, ...]:
    """The fills of band and header, and fill, alignment and number format of the data.

    Whether long texts wrap is the workbook's own way: those of 0.1 do, and an added column does as they do.
    """
    (sheet,) = (sheet for sheet in sheets if "tblFeedback" in sheet.tables)
    (at,) = (cell.column for cell in sheet[2] if cell.value == header)
    column = sheet.column_dimensions[get_column_letter(at)]
    align = column.alignment
    fills = [cell.fill.start_color.rgb for cell in (sheet.cell(1, at), sheet.cell(2, at), column)]
    return (*fills, align.horizontal, column.number_format)
