"""The archive itself: raw copies, odd layouts, equal bytes for equal work, and the fast engine."""

from __future__ import annotations

import random
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

from ooxml_lint import lint
from workbook_makers import HandMade, make_xlsxwriter_book, read_parts, write_parts

from qtemplate.ooxml.package.deflate import LARGE
from qtemplate.ooxml.package.reader import Package
from qtemplate.sheets import edit_cells

SHEET = "xl/worksheets/sheet1.xml"
WORDS = ("门锁打不开", "面板不亮", "底部漏水", "连不上蓝牙")


def raw_members(path: Path) -> dict[str, bytes]:
    """The local record of every member as it lies in the file."""
    with Package.open(path) as package:
        return {m.name: b"".join(package.raw(m.offset, m.end)) for m in package.members}


def test_untouched_members_are_copied_raw_and_in_order(tmp_path: Path) -> None:
    source, target = make_xlsxwriter_book(tmp_path / "source.xlsx"), tmp_path / "target.xlsx"
    report = edit_cells(source, target, "反馈登记", {"A2": 1})
    before, after = raw_members(source), raw_members(target)
    assert list(before) == list(after)
    assert {name for name in before if before[name] != after[name]} == set(report.changed_parts)


def test_the_same_patch_gives_the_same_bytes(tmp_path: Path) -> None:
    source = make_xlsxwriter_book(tmp_path / "source.xlsx")
    first = edit_cells(source, tmp_path / "one.xlsx", "反馈登记", {"A2": "x", "Z9": 2})
    second = edit_cells(source, tmp_path / "two.xlsx", "反馈登记", {"Z9": 2, "A2": "x"})
    assert first.sha256 == second.sha256


def test_stored_members_descriptors_comments_and_extra_fields_are_kept(tmp_path: Path) -> None:
    source, target = tmp_path / "source.xlsx", tmp_path / "target.xlsx"
    parts = HandMade(strings=("甲",)).parts()
    with source.open("wb") as file:

        class Unseekable:
            """Makes zipfile write data descriptors, as streaming programs do."""

            def write(self, data: bytes) -> int:
                return file.write(data)

            def flush(self) -> None:
                file.flush()

        with zipfile.ZipFile(Unseekable(), "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[call-overload] # write-only
            for number, (name, data) in enumerate(parts.items()):
                info = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
                info.extra = struct.pack("<HHI", 0x4155, 4, number)
                info.compress_type = zipfile.ZIP_STORED if number % 2 else zipfile.ZIP_DEFLATED
                archive.writestr(info, data)
            archive.comment = "质量部".encode()
    edit_cells(source, target, "Sheet1", {"A1": "乙", "B1": "甲"})
    assert lint(target) == []
    with zipfile.ZipFile(target) as archive:
        assert archive.comment == "质量部".encode()
        assert archive.getinfo("xl/workbook.xml").extra == zipfile.ZipFile(source).getinfo("xl/workbook.xml").extra
    assert raw_members(source)["xl/workbook.xml"] == raw_members(target)["xl/workbook.xml"]


def test_bytes_before_the_archive_and_before_its_end_do_no_harm(tmp_path: Path) -> None:
    source, target = HandMade().write(tmp_path / "source.xlsx"), tmp_path / "target.xlsx"
    data = source.read_bytes()
    for strange in (b"MZ stub" * 9 + data, data[:-22] + b"padding" + data[-22:]):
        source.write_bytes(strange)
        edit_cells(source, target, "Sheet1", {"A1": 5})
        assert b'<c r="A1"><v>5</v></c>' in read_parts(target)[SHEET]


def test_part_names_may_differ_in_case_slashes_and_percent_signs(tmp_path: Path) -> None:
    parts = HandMade().parts()
    parts["xl/worksheets/Sheet%201.xml"] = parts.pop(SHEET)
    links = parts["xl/_rels/workbook.xml.rels"]
    parts["xl/_rels/workbook.xml.rels"] = links.replace(b"worksheets/sheet1.xml", b"worksheets\\sheet 1.xml")
    source = write_parts(tmp_path / "source.xlsx", parts)
    report = edit_cells(source, tmp_path / "target.xlsx", "Sheet1", {"A1": 5})
    assert report.changed_parts == ("xl/worksheets/Sheet%201.xml",)


def test_the_memory_a_patch_needs_does_not_grow_with_the_sheet(tmp_path: Path) -> None:
    import tracemalloc

    peaks = []
    chance = random.Random(5)
    for count in (3_000, 30_000):
        rows = "".join(
            f'<row r="{n}"><c r="A{n}"><v>{chance.random()}</v></c><c r="C{n}"><v>{n}</v></c></row>'
            for n in range(1, count + 1)
        )
        source = HandMade(rows).write(tmp_path / "source.xlsx")
        edits = {f"A{n}": 1 for n in range(1, 3_000, 30)}
        tracemalloc.start()
        edit_cells(source, tmp_path / "target.xlsx", "Sheet1", edits)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.5 * peaks[0]
    assert peaks[1] < 8 << 20


def packed_size(book: Path, part: str) -> int:
    """Bytes of a part in the archive."""
    with zipfile.ZipFile(book) as archive:
        return archive.getinfo(part).compress_size


def test_a_small_part_keeps_its_size_and_a_large_one_grows_by_a_sixth_at_most(tmp_path: Path) -> None:
    chance = random.Random(5)
    for count, most in ((8_000, 1.03), (40_000, 1.2)):
        rows = "".join(
            f'<row r="{n}"><c r="A{n}" s="1"><v>{chance.randrange(9999)}</v></c><c r="C{n}" t="inlineStr"><is><t>'
            f"QF-2026-{n:04} {chance.choice(('待评估', '处理中', '已关闭'))} {chance.choice(WORDS)}</t></is></c></row>"
            for n in range(1, count + 1)
        )
        source = HandMade(rows).write(tmp_path / "source.xlsx")
        edit_cells(source, tmp_path / "target.xlsx", "Sheet1", {f"A{n}": 1 for n in range(1, count, 3)})
        assert (len(rows) > LARGE) == (count == 40_000)
        assert packed_size(tmp_path / "target.xlsx", SHEET) <= most * packed_size(source, SHEET)
        assert lint(tmp_path / "target.xlsx") == []


def test_without_the_fast_engine_the_same_workbook_comes_out(tmp_path: Path) -> None:
    """Where there is no wheel of zlib-ng: the same parts, packed by zlib."""
    source = make_xlsxwriter_book(tmp_path / "source.xlsx")
    script = (
        "import sys; sys.modules['zlib_ng'] = None; from qtemplate.sheets import edit_cells; "
        "edit_cells(sys.argv[1], sys.argv[2], '反馈登记', {'A2': 'x'})"
    )
    subprocess.run([sys.executable, "-c", script, str(source), str(tmp_path / "zlib.xlsx")], check=True)
    edit_cells(source, tmp_path / "fast.xlsx", "反馈登记", {"A2": "x"})
    books = [zipfile.ZipFile(tmp_path / name) for name in ("zlib.xlsx", "fast.xlsx")]
    parts = [{name: book.read(name) for name in book.namelist()} for book in books]
    for book in books:
        book.close()
    assert parts[0] == parts[1]
