"""Random sheets of the program renewed as a whole: a reader sees what was asked for, and the rest as it was."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import pytest
from append_reference import SHEET_PART, Place, see, stretch, stretch_name, whole
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ooxml_lint import lint
from patch_reference import SeenCell, apply_edits
from test_append_properties import HEADERS, TABLE_PART, areas, lists, text_cell, values
from workbook_makers import HandMade, make_xlsxwriter_book, read_parts

from qtemplate.errors import WorkbookRefused
from qtemplate.ooxml.cells import CellValue
from qtemplate.ooxml.references import column_name
from qtemplate.sheets import SheetBody, patch_workbook

QUIET = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]

NOTHING = SeenCell("empty", "", None, "0")

Renewal = tuple[HandMade, Place, list[list[CellValue]], str]
"""A workbook, where its table stands, the new rows, and a merged area or nothing."""


@st.composite
def renewals(draw: st.DrawFn) -> Renewal:
    top, width, length = draw(st.integers(1, 4)), draw(st.integers(1, 4)), draw(st.integers(1, 6))
    place = Place(top, top + 1, top + length, 1, width, False)
    out, number = [], 0
    for row in sorted({top, *draw(st.sets(st.integers(1, 14), max_size=10))}):
        bare = row == number + 1 and draw(st.booleans())
        number = row
        tag = "<{p}row" + ("" if bare else f' r="{row}"') + draw(st.sampled_from(["", "", ' ht="30" customHeight="1"']))
        cells = ""
        for column in range(1, width + 2):
            if row == top and column <= width:
                cells += text_cell(HEADERS[column - 1]).replace("{r}", f' r="{column_name(column)}{row}"')
            elif draw(st.booleans()):
                inner = draw(st.sampled_from(["", "<{p}v>7</{p}v>", "<{p}f>1+1</{p}f><{p}v>2</{p}v>"]))
                style = draw(st.sampled_from(["", ' s="3"']))
                cells += f'<{{p}}c r="{column_name(column)}{row}"{style}>{inner}</{{p}}c>'
        out.append(f"{tag}>{cells}</{{p}}row>")
    merge = draw(st.sampled_from(["", "", "", draw(areas())]))
    tail = (
        (f'<{{p}}mergeCells count="1"><{{p}}mergeCell ref="{merge}"/></{{p}}mergeCells>' if merge else "")
        + f'<{{p}}conditionalFormatting sqref="{draw(lists(place))}"><{{p}}cfRule type="uniqueValues" priority="1"/>'
        "</{p}conditionalFormatting>"
        f'<{{p}}dataValidations count="1"><{{p}}dataValidation type="whole" sqref="{draw(lists(place))}">'
        "<{p}formula1>1</{p}formula1></{p}dataValidation></{p}dataValidations>"
        '<{p}tableParts count="1"><{p}tablePart r:id="rId1"/></{p}tableParts>'
    )
    hand = HandMade(
        "".join(out),
        prefix=draw(st.sampled_from(["", "x:"])),
        head='<{p}dimension ref="A1"/>',
        tail=tail,
        strings=draw(st.sampled_from([None, ("甲",)])),
        table=HEADERS[:width],
        area=f"A{top}:{column_name(width)}{place.last}",
        names='<{p}definedNames><{p}definedName name="n">'
        f"Sheet1!$A${place.first}:$A${place.last}</{{p}}definedName></{{p}}definedNames>",
    )
    rows = draw(st.lists(st.lists(values, max_size=width), max_size=8))
    return hand, place, rows, merge


def compare(renewal: Renewal, folder: Path) -> None:
    hand, place, rows, merge = renewal
    source, target = hand.write(folder / "source.xlsx"), folder / "target.xlsx"
    before = see(source)
    body = SheetBody("Sheet1", place.first, rows)
    try:
        patch_workbook(source, target, bodies=[body])
    except WorkbookRefused as refused:
        assert (refused.reason, bool(merge)) == ("merged_cell", True)
        return
    after = see(target)
    last = place.first + max(len(rows), 1) - 1
    first_old = min((row for row, _ in before.cells if row >= place.first), default=0)
    styles = {column: cell.style for (row, column), cell in before.cells.items() if row == first_old}
    expected = {at: cell for at, cell in before.cells.items() if at[0] < place.first}
    for number, line in enumerate(rows or [[]], place.first):
        for column in range(1, max(len(line), *styles, 1) + 1):
            value = line[column - 1] if column <= len(line) else None
            blank = SeenCell("empty", "", None, styles.get(column, "0"))
            expected[number, column] = apply_edits({(number, column): blank}, {(number, column): value})[number, column]
    for at in after.cells.keys() | expected.keys():
        found, wanted = after.cells.get(at, NOTHING), expected.get(at, NOTHING)
        assert (found.kind, found.value, found.formula) == (wanted.kind, wanted.value, wanted.formula), at
    assert after.table == {
        name: whole(ref, last) if name == "table" else stretch(ref, place, last) for name, ref in before.table.items()
    }
    assert after.areas == [
        (name, " ".join(stretch(token, place, last) for token in text.split())) for name, text in before.areas
    ]
    assert after.names == [stretch_name(text, place, last - place.last) for text in before.names]
    assert {flaw for flaw in lint(target) if "dimension" not in flaw} <= set(lint(source))
    old, new = read_parts(source), read_parts(target)
    assert {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)} <= {
        SHEET_PART, TABLE_PART, "xl/styles.xml", "xl/workbook.xml"
    }  # fmt: skip
    assert patch_workbook(target, target, bodies=[body]).changed_parts == ()  # the same again is no change


@settings(max_examples=50, deadline=None, suppress_health_check=QUIET)
@given(renewals())
def test_a_renewed_sheet_agrees_with_the_slow_reference(
    tmp_path_factory: pytest.TempPathFactory, renewal: Renewal
) -> None:
    compare(renewal, tmp_path_factory.mktemp("book"))


@pytest.mark.campaign
@settings(max_examples=5_000, deadline=None, suppress_health_check=QUIET)
@given(renewals())
def test_thousands_of_renewed_sheets_agree_with_the_slow_reference(
    tmp_path_factory: pytest.TempPathFactory, renewal: Renewal
) -> None:
    compare(renewal, tmp_path_factory.mktemp("book"))


@pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")
def test_values_of_a_body_that_are_equal_but_not_the_same_keep_their_kind(tmp_path: Path) -> None:
    source, target = make_xlsxwriter_book(tmp_path / "source.xlsx"), tmp_path / "target.xlsx"
    moment = dt.datetime(2026, 1, 2)
    rows: list[list[CellValue]] = [
        [1, "1", True, None],
        ["1", True, 1.0, moment],
        [False, 0, "1", moment],
        [True, 1, "0"],
    ]
    patch_workbook(source, target, bodies=[SheetBody("检查", 2, rows)])
    cells = [value for row in openpyxl.load_workbook(target)["检查"].iter_rows(min_row=2) for value in row]
    seen = [(type(cell.value), cell.value) for cell in cells]
    assert seen == [
        *[(int, 1), (str, "1"), (bool, True), (type(None), None)],
        *[(str, "1"), (bool, True), (float, 1.0), (dt.datetime, moment)],
        *[(bool, False), (int, 0), (str, "1"), (dt.datetime, moment)],
        *[(bool, True), (int, 1), (str, "0"), (type(None), None)],
    ]
