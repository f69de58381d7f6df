"""Random sheets and random edits: the fast patcher agrees with the slow reference, and touches nothing else."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ooxml_lint import lint
from patch_reference import apply_edits, see_sheet
from workbook_makers import HandMade, read_parts

from qtemplate.ooxml.cells import CellValue, escape_text, unescape_text
from qtemplate.ooxml.formulas import translate_formula
from qtemplate.ooxml.markup import blank_comments, text_of
from qtemplate.ooxml.references import Stretch, column_name, column_number, parse_cell
from qtemplate.ooxml.sheet.editor import SheetEditor
from qtemplate.ooxml.sheet.sheet_task import SheetTask
from qtemplate.ooxml.sheet.stream import stream_sheet
from qtemplate.ooxml.styles import Styles, plain_styles
from qtemplate.sheets import edit_cells

PART = "xl/worksheets/sheet1.xml"
RELAXED = settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufffe\uffff"), max_size=12)
values: st.SearchStrategy[CellValue] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**14), 10**14),
    st.floats(allow_nan=False, allow_infinity=False),
    texts,
    st.sampled_from(["=1+1", "_x0041_", " a ", "a\nb", "", "甲", "乙"]),
    st.datetimes(dt.datetime(1901, 1, 1), dt.datetime(2200, 1, 1)).map(lambda moment: moment.replace(microsecond=0)),
)
places = st.tuples(st.integers(1, 14), st.integers(1, 9))


@dataclass(frozen=True)
class RandomSheet:
    """A sheet written the way some program might."""

    rows: str
    prefix: str
    bom: bool


@st.composite
def sheets(draw: st.DrawFn) -> RandomSheet:
    """Rows and cells with and without addresses, attributes in any order, white space and comments between them."""
    spaces = st.sampled_from(["", "", "", "\n", "  ", "<!-- <row r='1'><c r='A1'> -->", "<?x <row?>"])
    numbers = sorted(draw(st.sets(st.integers(1, 12), max_size=6)))
    out, last_row = [], 0
    for number in numbers:
        implicit = number == last_row + 1 and draw(st.booleans())
        last_row = number
        attributes = [] if implicit else [f'r="{number}"']
        attributes += draw(
            st.sampled_from([[], ['spans="1:3"'], ['ht="30"', 'customHeight="1"'], ['s="3"', 'customFormat="1"']])
        )
        if draw(st.integers(0, 3)) == 0:
            attributes.reverse()
        cells, last_column = [], 0
        for column in sorted(draw(st.sets(st.integers(1, 8), max_size=5))):
            bare = column == last_column + 1 and draw(st.booleans())
            last_column = column
            where = "" if bare else f' r="{column_name(column)}{number}"'
            style = draw(st.sampled_from(["", "", ' s="1"', ' s="3"']))
            cells.append(draw(spaces) + draw(st.sampled_from(_bodies(where, style))))
        tag = "<{p}row" + "".join(" " + a for a in attributes)
        inner = "".join(cells) + draw(spaces)
        out.append(draw(spaces) + (tag + "/>" if not inner and draw(st.booleans()) else f"{tag}>{inner}</{{p}}row>"))
    return RandomSheet("".join(out) + draw(spaces), draw(st.sampled_from(["", "x:"])), draw(st.booleans()))


def _bodies(where: str, style: str) -> list[str]:
    return [
        f"<{{p}}c{where}{style}/>",
        f"<{{p}}c{where}{style}></{{p}}c>",
        f"<{{p}}c{where}{style}><{{p}}v>12.5</{{p}}v></{{p}}c>",
        f'<{{p}}c{style}{where} t="s"><{{p}}v>1</{{p}}v></{{p}}c>',
        f"<{{p}}c{where} t='b'{style}><{{p}}v>1</{{p}}v></{{p}}c>",
        f'<{{p}}c{where}{style} t="inlineStr"><{{p}}is><{{p}}t>a&lt;row&gt; ref="1"</{{p}}t></{{p}}is></{{p}}c>',
    ]


@RELAXED
@given(sheets(), st.dictionaries(places, values, max_size=8), st.booleans())
def test_the_patcher_agrees_with_the_slow_reference(
    tmp_path_factory: pytest.TempPathFactory,
    sheet: RandomSheet,
    edits: dict[tuple[int, int], CellValue],
    shared: bool,
) -> None:
    folder = tmp_path_factory.mktemp("book")
    hand = HandMade(
        sheet.rows, prefix=sheet.prefix, bom=sheet.bom, strings=("甲", "乙"), head='<{p}dimension ref="A1"/>'
    )
    source, target = hand.write(folder / "source.xlsx"), folder / "target.xlsx"
    before = see_sheet(source)
    edit_cells(source, target, "Sheet1", {f"{column_name(c)}{r}": value for (r, c), value in edits.items()})
    expected, after = apply_edits(before, edits), see_sheet(target)
    assert after.keys() == expected.keys()
    for at, seen in expected.items():
        found = after[at]
        assert (found.kind, found.value, found.formula) == (seen.kind, seen.value, seen.formula), at
        if seen.style not in ("?", "date"):
            assert found.style == seen.style
        if seen.style == "date":
            assert found.style not in ("0", "3"), "a date needs a date format"
    assert [p for p in lint(target) if "dimension" not in p] == [p for p in lint(source) if "dimension" not in p]
    old, new = read_parts(source), read_parts(target)
    assert {n for n in old if old[n] != new[n]} <= {PART, "xl/sharedStrings.xml", "xl/styles.xml"}
    # The cells that were not edited stand there with the same bytes, in the same order.
    untouched = [c for c in _cells(old[PART]) if _address(c) not in {f"{column_name(c)}{r}" for r, c in edits}]
    position = 0
    for cell in untouched:
        if _address(cell) is not None:
            position = new[PART].index(cell, position)


def _cells(xml: bytes) -> Iterator[bytes]:
    for found in re.finditer(rb"<(?:\w+:)?c(?=[\s>/])[^<>]*?(?:/>|>.*?</(?:\w+:)?c>)", blank_comments(xml), re.S):
        yield xml[found.start() : found.end()]


def _address(cell: bytes) -> str | None:
    found = re.search(rb'\sr="([A-Z]+\d+)"', cell)
    return found[1].decode() if found else None


@RELAXED
@given(sheets(), st.dictionaries(places, st.integers(0, 99), min_size=1, max_size=6), st.integers(1, 60))
def test_where_the_pieces_of_a_sheet_are_cut_does_not_matter(
    sheet: RandomSheet, edits: dict[tuple[int, int], int], size: int
) -> None:
    hand = HandMade(sheet.rows, prefix=sheet.prefix, tail="<{p}rowBreaks/>")
    xml = hand.parts()[PART]
    rows: dict[int, dict[int, int]] = {}
    for (row, column), value in edits.items():
        rows.setdefault(row, {})[column] = value

    def patched(pieces: list[bytes]) -> bytes:
        task = SheetTask("Sheet1", edits={row: dict(cells) for row, cells in rows.items()})
        editor = SheetEditor(task, None, lambda: Styles(plain_styles(strict=False)), False)
        return b"".join(stream_sheet(pieces, editor, PART))

    assert patched([xml[at : at + size] for at in range(0, len(xml), size)]) == patched([xml])


@given(texts)
def test_text_survives_escaping(text: str) -> None:
    xml = escape_text(text.replace("\r", ""))
    assert unescape_text(text_of(xml)) == text.replace("\r", "")


@given(st.integers(1, 16_384), st.integers(1, 1_048_576))
def test_addresses_read_back(column: int, row: int) -> None:
    assert parse_cell(f"{column_name(column)}{row}") == (row, column)
    assert column_number(column_name(column)) == column


@given(st.integers(1, 900), st.integers(-400, 400))
def test_moving_a_formula_there_and_back_changes_nothing(row: int, by: int) -> None:
    formula = (
        f"SUM(A{row + 500}:$B{row + 500},C$7,\"A1\",'B2 x'!D{row + 500},tbl[[#This Row],[C3]],LOG10(E{row + 500}))"
    )
    there = translate_formula(formula, by)
    assert translate_formula(there, -by) == formula
    assert (there == formula) == (by == 0)
    assert "C$7" in there and '"A1"' in there and "[C3]" in there and "LOG10(" in there


@given(st.integers(2, 50), st.integers(1, 50), st.integers(1, 9), st.integers(1, 9))
def test_only_areas_that_end_with_the_data_are_stretched(last: int, more: int, left: int, right: int) -> None:
    stretch = Stretch(1, 3, 5, last, last + more)
    left, right = sorted((left, right))
    token = f"{column_name(left)}2:{column_name(right)}{last}"
    moved = stretch.apply(token)
    assert (moved != token) == (right >= 3 and left <= 5)
    assert stretch.apply(f"{column_name(left)}2:{column_name(right)}{last + 1}").endswith(str(last + 1))
