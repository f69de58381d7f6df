"""Random sheets patched again and again: passing blocks by gives the same file, or refusal, as looking at all."""

from __future__ import annotations

import datetime as dt
import random
import tempfile
import zlib
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, TypedDict

from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from tried import tried
from workbook_makers import HandMade, read_parts

from qtemplate.errors import WorkbookRefused
from qtemplate.ooxml.blank import Blank
from qtemplate.ooxml.cells import CellValue
from qtemplate.ooxml.package.packed_blocks import Blocks, move_crc
from qtemplate.ooxml.package.reader import Package
from qtemplate.ooxml.package.writer import PackageWriter
from qtemplate.ooxml.patch import patch_bytes
from qtemplate.ooxml.references import column_name
from qtemplate.ooxml.sheet.editor import SheetEditor
from qtemplate.ooxml.sheet.row_order import require_order
from qtemplate.ooxml.sheet.sheet_task import SheetTask
from qtemplate.ooxml.sheet.stream import stream_sheet
from qtemplate.ooxml.styles import Styles, plain_styles
from qtemplate.sheets import Formula, SheetBody, patch_workbook

PART = "xl/worksheets/sheet1.xml"


HEADS = [
    '<{p}dimension ref="A1:C9"/>',
    '<{p}dimension ref="A1:E50"/><{p}cols><{p}col min="2" max="4" style="1"/></{p}cols>',
]
TAILS = ['<{p}mergeCells count="1"><{p}mergeCell ref="A3:B6"/></{p}mergeCells>', '<{p}sheetProtection sheet="1"/>']


class Changes(TypedDict):
    """What one patch is asked for."""

    edits: dict[str, dict[str, CellValue]]
    appends: dict[str, list[dict[str, CellValue]]]
    bodies: list[SheetBody]
    replace_formulas: bool


@st.composite
def books(draw: st.DrawFn) -> HandMade:
    """Forty lines at most, some without a number, with formulas of every kind; a table may end the sheet."""
    out, last = [], 0
    for number in sorted({1, *draw(st.sets(st.integers(2, 40), max_size=25))}):
        bare = number == last + 1 and draw(st.integers(0, 3)) == 0
        last = number
        cells = []
        for column in range(1, draw(st.integers(1, 4))):
            down = draw(st.integers(number, 44))
            at, here = column_name(column), f"{column_name(column)}{number}"
            inner = draw(
                st.sampled_from(
                    [
                        "",
                        *["<{p}v>5</{p}v>"] * 20,
                        "<{p}v>5</{p}v><!-- <{p}f> -->",
                        "<{p}f>B1+1</{p}f><{p}v>2</{p}v>",
                        f'<{{p}}f t="shared" ref="{here}:{at}{down}" si="{number}">B1</{{p}}f><{{p}}v>1</{{p}}v>',
                        f'<{{p}}f t="array" ref="{here}:{at}{down}">B1:B9</{{p}}f><{{p}}v>1</{{p}}v>',
                        f'<{{p}}f t="dataTable" ref="{here}:{at}{down}" r1="A1"/><{{p}}v>1</{{p}}v>',
                    ]
                )
            )
            cells.append(f'<{{p}}c r="{here}">{inner}</{{p}}c>')
        row = "" if bare else f' r="{number}"'
        out.append(f"<{{p}}row{row}>{''.join(cells)}</{{p}}row>" + draw(st.sampled_from(["", "", "\n"])))
    book = HandMade("".join(out), prefix=draw(st.sampled_from(["", "x:"])), strings=("甲",))
    if draw(st.booleans()):
        return book
    tail = '<{p}tableParts count="1"><{p}tablePart r:id="rId1"/></{p}tableParts>'
    return replace(book, tail=tail, table=("a", "b"), area=f"A1:B{last}")


values: st.SearchStrategy[CellValue] = st.sampled_from(
    [None, 7, 2.5, "甲", "fern", Formula("=B2+1", 3), Formula("=A1")]
)


@st.composite
def changes(draw: st.DrawFn) -> Changes:
    """A few cells; at times a body below them, or rows for the table."""
    low, high = draw(st.sampled_from([(1, 46), (1, 15), (30, 46)]))
    edits = draw(st.dictionaries(st.tuples(st.integers(low, high), st.integers(1, 4)), values, max_size=3))
    appended = draw(st.sampled_from([0, 0, 0, 0, 1, 2]))
    body = SheetBody("Sheet1", draw(st.integers(16, 50)), [[1, "甲", "甲"], [2, Formula("=A1"), None]])
    return Changes(
        edits={"Sheet1": {f"{column_name(column)}{row}": value for (row, column), value in edits.items()}},
        appends={"tblHand": [{"a": 1, "b": "fern"}] * appended} if appended else {},
        bodies=[body] if draw(st.integers(0, 4)) == 0 else [],
        replace_formulas=draw(st.booleans()),
    )


def cut_into_blocks(source: Path, target: Path, size: int) -> Blocks:
    """The same workbook, its sheet written in blocks of a few rows, as if a patch had left it so."""
    with Package.open(source) as package, PackageWriter(package) as writer:
        xml = package.read(PART)
        pieces = [xml[at : at + size] for at in range(0, len(xml), size)]
        editor = SheetEditor(SheetTask("Sheet1"), None, lambda: Styles(plain_styles(strict=False)), False)
        writer.put(PART, stream_sheet(pieces, editor, PART))
        with target.open("wb") as out:
            writer.write(out)
        return writer.blocks


def outcome(source: Path, target: Path, asked: Changes, blocks: Blocks | None) -> tuple[object, Blocks]:
    try:
        report = patch_workbook(source, target, **asked, blocks=blocks)
    except WorkbookRefused as refused:
        return (refused.reason, str(refused), [str(other) for other in refused.others]), blocks or {}
    return (read_parts(target), report.changed_parts), report.blocks


@tried(
    books(), st.integers(20, 400), st.lists(changes(), min_size=1, max_size=3),
    few=120, many=4_000, quiet=(HealthCheck.too_slow,),
)  # fmt: skip
def test_patches_that_pass_blocks_by_do_what_patches_that_look_at_all_do(
    hand: HandMade, size: int, rounds: list[Changes]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        follow(Path(folder), hand, size, rounds)


def follow(folder: Path, hand: HandMade, size: int, rounds: list[Changes]) -> None:
    """Patches a workbook both ways, round by round."""
    passing, looking = folder / "passing.xlsx", folder / "looking.xlsx"
    blocks = cut_into_blocks(hand.write(folder / "source.xlsx"), passing, size)
    looking.write_bytes(passing.read_bytes())
    for asked in rounds:
        seen, blocks = outcome(passing, passing, asked, blocks)
        expected, _ = outcome(looking, looking, asked, None)
        assert seen == expected
        with Package.open(looking) as package:
            require_order(partial(package.pieces, PART), PART)


fillings = st.dictionaries(
    st.tuples(st.integers(1, 44), st.integers(1, 5)),
    st.one_of(values, st.sampled_from([dt.date(2026, 7, 16), dt.time(8, 30), " fern ", True])),
    max_size=6,
)


@tried(
    books(), st.lists(fillings, min_size=1, max_size=4), st.sampled_from(["", *HEADS]), st.sampled_from(["", *TAILS]),
    few=20, many=4_000, quiet=(HealthCheck.too_slow,),
)  # fmt: skip
def test_a_blank_that_is_filled_in_again_and_again_gives_what_the_patcher_gives(
    hand: HandMade, rounds: list[dict[tuple[int, int], CellValue]], head: str, tail: str
) -> None:
    p = hand.prefix
    hand = replace(hand, head=head.format(p=p), tail=tail.format(p=p) + hand.tail)
    with tempfile.TemporaryDirectory() as folder:
        data = hand.write(Path(folder) / "blank.xlsx").read_bytes()
    blank = Blank(data)
    for cells in rounds:
        edits = {"Sheet1": {f"{column_name(column)}{row}": value for (row, column), value in cells.items()}}
        expected = copy_of(partial(patch_bytes, data, edits=edits, locked_cells=True))
        assert copy_of(partial(blank.filled, edits, {})) == (
            expected[0] if isinstance(expected[0], bytes) else expected
        )


def copy_of(make: Callable[[], object]) -> Any:
    try:
        return make()
    except WorkbookRefused as refused:
        return refused.reason, str(refused), [str(other) for other in refused.others]


def test_rows_without_numbers_are_counted_from_the_blocks_that_were_passed_by(tmp_path: Path) -> None:
    numbered = "".join(f'<row r="{row}"><c r="A{row}"><v>{row}</v></c></row>' for row in range(1, 21))
    hand = HandMade(numbered + "<row><c><v>0</v></c></row>" * 20)
    source, target, expected = hand.write(tmp_path / "hand.xlsx"), tmp_path / "passed.xlsx", tmp_path / "seen.xlsx"
    blocks = cut_into_blocks(source, source, 200)
    assert sum(block.numbers is not None for block in blocks[PART]) > 3
    edit: dict[str, dict[str, CellValue]] = {"Sheet1": {"A25": "here"}}
    patch_workbook(source, target, edits=edit, blocks=blocks)
    patch_workbook(source, expected, edits=edit)
    assert read_parts(target) == read_parts(expected)
    assert read_parts(target)[PART].count(b"<row><c><v>0</v></c></row>") == 19


@given(st.binary(max_size=60), st.binary(max_size=60), st.integers(0, 600_000))
def test_a_checksum_follows_from_those_of_its_parts(one: bytes, other: bytes, size: int) -> None:
    tail = random.Random(size).randbytes(size)
    whole, before, after = zlib.crc32(one + tail), zlib.crc32(other), zlib.crc32(other + tail)
    assert after ^ move_crc(before ^ zlib.crc32(one), size) == whole
