"""Random rows, well and badly written: taking a row in at a glance never says other than looking at every cell."""

from __future__ import annotations

from collections.abc import Collection

from hypothesis import strategies as st
from tried import tried

from qtemplate.errors import WorkbookRefused
from qtemplate.ooxml.markup import blank_comments
from qtemplate.ooxml.references import column_name
from qtemplate.ooxml.sheet.row_splice import Cell, cells_of, row_tag, splice_row, widen_spans
from qtemplate.ooxml.sheet.stream import Row
from qtemplate.ooxml.sheet.usual_row import usual_columns

ROW = 7
USUAL_TAGS = [
    '<{p}c r="{c}7"',
    '<{p}c r="{c}7" s="3"',
    '<{p}c r="{c}7" t="s"',
    '<{p}c r="{c}7" s="12" t="inlineStr"',
]
ODD_TAGS = [
    "<{p}c",
    '<{p}c s="1"',
    '<{p}c s="1" r="{c}7"',
    "<{p}c r='{c}7'",
    '<{p}c r="{c}8"',
    '<{p}c r="{c}07"',
    '<{p}c r="{c}"',
    '<{p}c r="XFE7"',
    '<{p}c  r="{c}7"',
    '<{p}c r="{c}7" s="x"',
    '<{p}c r="{c}7" s="1\'"',
    '<{p}c r="{c}7" t="a>b"',
    '<{p}c r="{c}7" vm="1"',
    '<{p}c r="{c}7" s="1" s="y"',
    '<y:c r="{c}7"',
    '<c r="{c}7"',
    '<{p}col r="{c}7"',
    '<{p}v r="{c}7"',
]
USUAL_ENDS = [
    "/>",
    "></{p}c>",
    "><{p}v>12.5</{p}v></{p}c>",
    '><{p}f t="shared" ref="A7:B9" si="0">A1&gt;2</{p}f><{p}v>a > b</{p}v></{p}c>',
    '><{p}is><{p}t xml:space="preserve"> a </{p}t></{p}is></{p}c>',
]
ODD_ENDS = [
    "",
    ">",
    "><{p}v>1</{p}v>",
    '><{p}c r="{c}7"/></{p}c>',
    "></c>",
    "><{p}v>1<!-- </{p}c> --></{p}v></{p}c>",
    "><{p}is><{p}t><![CDATA[<{p}c r=\"A7\"/></{p}c>]]></{p}t></{p}is></{p}c>",
    "><{p}is><{p}r><{p}t>rich</{p}t></{p}r></{p}is></{p}c>",
    "><{p}v>1</{p}v></{p}c ></{p}c>",
    " /></{p}c>",
    "><{p}v/></{p}c>\n",
    "/><!-- <{p}c r=\"A7\"> -->",
]  # fmt: skip
STARTS = ['<{p}row r="7">'] * 6 + [
    '<{p}row r="7" spans="2:3" ht="20">',
    '<{p}row spans="2:3" r="7">',
    "<{p}row r='7'>",
    '<{p}row r="07">',
    '<{p}row r="8">',
    "<{p}row>",
    '<{p}row r="7" x="a>',
]
ENDS = ["</{p}row>"] * 6 + ["</{p}row>\n ", "", "</row>", "</{p}row><!-- end -->", "</{p}row></{p}row>", " </{p}row>"]


@st.composite
def rows(draw: st.DrawFn) -> tuple[Row, bytes]:
    """A row of the sheet's seventh line and its prefix; most are usual, or differ from that in one place."""
    prefix = draw(st.sampled_from(["", "", "x:"]))
    columns = draw(st.lists(st.integers(1, 30), max_size=8, unique=True).map(sorted))
    if draw(st.integers(0, 5)) == 0:
        columns = draw(st.permutations(columns + columns[:1]))
    odd = draw(st.sampled_from([0, 0, 0, 1, 1, 3]))
    odd_cells = set(draw(st.lists(st.integers(0, 7), min_size=odd, max_size=odd)))
    out = []
    for place, column in enumerate(columns):
        tags, ends = USUAL_TAGS, USUAL_ENDS
        if place in odd_cells:
            tags, ends = draw(st.sampled_from([(ODD_TAGS, USUAL_ENDS), (USUAL_TAGS, ODD_ENDS), (ODD_TAGS, ODD_ENDS)]))
        out.append((draw(st.sampled_from(tags)) + draw(st.sampled_from(ends))).replace("{c}", column_name(column)))
    row = draw(st.sampled_from(STARTS)) + "".join(out) + draw(st.sampled_from(ENDS))
    if draw(st.integers(0, 20)) == 0:
        row = draw(st.sampled_from(['<{p}row r="7"/>', '<{p}row r="7" spans="2:3" />\n']))
    raw = row.replace("{p}", prefix).encode()
    return Row(ROW, raw, blank_comments(raw)), prefix.encode()


def splice_slowly(row: Row, prefix: bytes, columns: Collection[int], skipped: int | None) -> tuple[bytes, list[object]]:
    """A cell `<new/>` at each of these columns but one, and what was found there; by looking at every cell."""
    cells = {cell.column: cell for cell in cells_of(row, prefix)}
    told: list[object] = [(column, cells.get(column)) for column in sorted(columns)]
    placed = sorted(set(columns) - {skipped})
    if not placed:
        return row.raw, told
    tag = row_tag(row)
    at = len(tag)
    inner = b""
    for column in sorted({*cells, *placed}):
        if column in cells:
            cell = cells[column]
            between, old = row.raw[at : cell.start], row.raw[cell.start : cell.end]
            inner += between + (b"<new/>" if column in placed else old)
            at = cell.end
        else:
            inner += b"<new/>"
    tag = widen_spans(tag, placed[0], placed[-1])
    if tag.endswith(b"/>"):
        return tag[:-2].rstrip() + b">" + inner + b"</%srow>" % prefix + row.raw[at:], told
    return tag + inner + row.raw[at:], told


@tried(rows(), st.lists(st.integers(1, 30), max_size=5), st.none() | st.integers(1, 30), few=400, many=20_000)
def test_the_glance_at_a_row_and_the_look_at_every_cell_agree(
    drawn: tuple[Row, bytes], columns: list[int], skipped: int | None
) -> None:
    row, prefix = drawn
    told: list[object] = []

    def place(column: int, cell: Cell | None) -> bytes | None:
        told.append((column, cell))
        return None if column == skipped else b"<new/>"

    try:
        expected = splice_slowly(row, prefix, set(columns), skipped)
    except WorkbookRefused as refused:
        try:
            splice_row(row, prefix, columns, place)
        except WorkbookRefused as too:
            assert (too.reason, str(too)) == (refused.reason, str(refused))
        else:
            raise AssertionError("a broken row was not refused") from refused
        return
    assert (splice_row(row, prefix, columns, place), told) == expected
    usual = usual_columns(row, prefix)
    assert usual is None or usual == tuple(cell.column for cell in cells_of(row, prefix))


def test_a_row_as_excel_writes_it_is_taken_in_at_a_glance() -> None:
    raw = (
        b'<row r="7" spans="1:4" ht="21" customHeight="1" x14ac:dyDescent="0.25"><c r="A7" s="3" t="s"><v>12</v></c>'
        b'<c r="B7" s="4"/><c r="D7"><f>B7+1</f><v>1</v></c></row>'
    )
    assert usual_columns(Row(7, raw, raw), b"") == (1, 2, 4)
    assert usual_columns(Row(8, raw, raw), b"") is None
    assert usual_columns(Row(7, raw.replace(b"B7", b"E7", 1), raw.replace(b"B7", b"E7", 1)), b"") is None
