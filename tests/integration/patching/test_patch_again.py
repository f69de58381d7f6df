"""A sheet that was just written is written again: untouched blocks are copied, and nothing else differs by that."""

from __future__ import annotations

import random
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from qtemplate.ooxml.cells import CellValue
from qtemplate.ooxml.patcher import Changes, MemoryPatcher, Patcher
from qtemplate.sheets import Formula, WorkbookRefused, open_book, patch_workbook

ROWS, COLUMNS = 3000, 30
SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A table whose sheet takes a dozen blocks."""
    path = tmp_path_factory.mktemp("again") / "large.xlsx"
    rng = random.Random(5)
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Data")
        for row in range(1, ROWS):
            for column in range(COLUMNS):
                sheet.write(row, column, rng.choice(["漏液", "蓝牙断开", rng.random(), rng.randrange(10**6)]))
        headers = [{"header": f"h{column}"} for column in range(COLUMNS)]
        sheet.add_table(0, 0, ROWS - 1, COLUMNS - 1, {"name": "tbl", "columns": headers})
    return path


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def packed_sheet(path: Path) -> bytes:
    with zipfile.ZipFile(path) as archive:
        info = archive.getinfo(SHEET)
        data = path.read_bytes()
        start = info.header_offset + 30 + len(info.filename)
        return data[start : start + info.compress_size]


@pytest.mark.parametrize(
    "edits, appends",
    [
        ({"A2": "first row"}, 0),
        ({f"C{ROWS // 2}": "in the middle", f"D{ROWS // 2 + 1}": 5}, 0),
        ({f"AD{ROWS}": None}, 3),
        ({f"B{row}": "all over" for row in range(2, ROWS, 97)}, 1),
        ({"AH1": "beside the table", f"A{ROWS + 40}": "below it"}, 0),
    ],
    ids=["first row", "middle", "last row and new ones", "scattered", "outside"],
)
def test_a_second_patch_copies_what_it_does_not_touch_and_writes_the_same(
    large: Path, tmp_path: Path, edits: dict[str, object], appends: int
) -> None:
    once, copied, anew = tmp_path / "once.xlsx", tmp_path / "copied.xlsx", tmp_path / "anew.xlsx"
    first = patch_workbook(large, once, edits={"Data": {"B7": "by the first patch"}})
    assert len(first.blocks[SHEET]) > 10
    rows = [{"h0": f"new {number}"} for number in range(appends)]
    changes = {"edits": {"Data": edits}, "appends": {"tbl": rows} if rows else {}}
    again = patch_workbook(once, copied, **changes, blocks=first.blocks)  # type: ignore[arg-type] # of two kinds
    patch_workbook(once, anew, **changes)  # type: ignore[arg-type] # of two kinds
    assert parts(copied) == parts(anew)
    before, after, position = packed_sheet(once), packed_sheet(copied), 0
    kept = 0
    for block in first.blocks[SHEET]:
        kept += before[position : position + block.packed] in after
        position += block.packed
    assert kept >= (1 if len(edits) > 9 else len(first.blocks[SHEET]) - 4)
    third = tmp_path / "third.xlsx"
    patch_workbook(copied, third, edits={"Data": {"B7": "by the third patch"}}, blocks=again.blocks)
    assert parts(third)[SHEET].count(b"by the third patch") <= 1
    assert {name for name, data in parts(third).items() if data != parts(copied).get(name)} <= {
        SHEET,
        "xl/sharedStrings.xml",
    }


def test_a_bit_that_fell_over_in_a_block_nobody_wants_is_noticed(large: Path, tmp_path: Path) -> None:
    once = tmp_path / "once.xlsx"
    blocks = patch_workbook(large, once, edits={"Data": {"B7": 1}}).blocks
    data = bytearray(once.read_bytes())
    data[data.index(packed_sheet(once)) + sum(block.packed for block in blocks[SHEET][:4]) + 1000] ^= 1
    once.write_bytes(data)
    with pytest.raises(WorkbookRefused) as refused:
        patch_workbook(once, once, edits={"Data": {"B7": 2}}, blocks=blocks)
    assert refused.value.reason == "broken_package"
    assert once.read_bytes() == data


def test_blocks_without_formulas_know_their_rows_and_others_are_always_seen(large: Path, tmp_path: Path) -> None:
    plain, mixed = tmp_path / "plain.xlsx", tmp_path / "mixed.xlsx"
    head, *rows, tail = [
        block.numbers for block in patch_workbook(large, plain, edits={"Data": {"B7": 1}}).blocks[SHEET]
    ]
    known = [numbers for numbers in rows if numbers is not None]
    assert (head, tail, len(known)) == (None, None, len(rows))
    assert [number for numbers in known for number in numbers] == list(range(1, known[-1].stop))
    edits: dict[str, dict[str, CellValue]] = {"Data": {"B7": Formula("=A7"), f"C{ROWS // 2}": "no formula"}}
    mixed_rows = [block.numbers for block in patch_workbook(large, mixed, edits=edits).blocks[SHEET]]
    assert mixed_rows == [None, None, *rows[1:], None]


def test_blocks_of_other_bytes_are_refused_and_the_workbook_stays_as_it_was(large: Path, tmp_path: Path) -> None:
    once, other = tmp_path / "once.xlsx", tmp_path / "other.xlsx"
    blocks = patch_workbook(large, once, edits={"Data": {"B7": 1}}).blocks
    patch_workbook(large, other, edits={"Data": {f"B{row}": "else" for row in range(2, ROWS, 3)}})
    before = other.read_bytes()
    with pytest.raises(WorkbookRefused):
        patch_workbook(other, other, edits={"Data": {"B7": 2}}, blocks=blocks)
    assert other.read_bytes() == before


def test_a_patcher_in_memory_makes_the_bytes_that_the_file_would_get_and_leaves_the_file(
    large: Path, tmp_path: Path
) -> None:
    file, untouched = tmp_path / "file.xlsx", tmp_path / "untouched.xlsx"
    for copy in (file, untouched):
        copy.write_bytes(large.read_bytes())
    on_disk, in_memory = Patcher(file), MemoryPatcher(untouched)
    for changes in (
        Changes(edits={"Data": {"B7": "first"}}, appends={"tbl": [{"h0": "new"}]}),
        Changes(edits={"Data": {"C9": 1.5}}),
        Changes(edits={"Data": {"C9": 1.5}}),
    ):
        told: list[list[str]] = [[], []]
        books = [open_book(patcher.source) for patcher in (on_disk, in_memory)]
        digests = [
            patcher.patch(book, changes, said.append)
            for patcher, book, said in zip((on_disk, in_memory), books, told, strict=True)
        ]
        assert (digests[0], told[0]) == (digests[1], told[1])
        assert open_book(in_memory.source).data == file.read_bytes()
    assert untouched.read_bytes() == large.read_bytes()
    assert {path.name for path in tmp_path.iterdir()} == {"file.xlsx", "untouched.xlsx"}
