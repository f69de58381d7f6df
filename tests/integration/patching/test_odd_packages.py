"""Packages that are read although they are odd, and not written: reading is wide, editing is strict, limits are one."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from register_makers import register

from qtemplate.errors import RegisterUnreadable, WorkbookRefused
from qtemplate.ooxml.package.reader import Package
from qtemplate.sheets import edit_cells, open_book, read_register

GOOD = register([{"反馈编号": "QF-2026-0001", "反馈者": "王"}])
SHEET = "xl/worksheets/sheet1.xml"
THEME = "xl/theme/theme1.xml"
LINKS = "xl/_rels/workbook.xml.rels"
FULL = 0xFFFFFFFF


def parts() -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(GOOD)) as package:
        return {name: package.read(name) for name in package.namelist()}


def zipped(contents: dict[str, bytes], *, wide: bool = False, methods: dict[str, int] | None = None) -> bytes:
    """An archive of these parts; `wide` = with zip64 fields in the local records."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in contents.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = (methods or {}).get(name, zipfile.ZIP_DEFLATED)
            with package.open(info, "w", force_zip64=wide) as member:
                member.write(content)
    return made.getvalue()


def with_wide_end(data: bytes) -> bytes:
    """The archive with its end record in the 64-bit form, as streaming programs write it."""
    at = data.rfind(b"PK\5\6")
    count, size, offset = struct.unpack_from("<HII", data, at + 10)
    record = struct.pack("<4sQHHIIQQQQ", b"PK\6\6", 44, 45, 45, 0, 0, count, count, size, offset)
    locator = struct.pack("<4sIQI", b"PK\6\7", 0, at, 1)
    return data[:at] + record + locator + struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, FULL, FULL, 0)


def with_wide_entries(data: bytes) -> bytes:
    """The archive with sizes and places of every entry in a zip64 field."""
    end = data.rfind(b"PK\5\6")
    count, _, at = struct.unpack_from("<HII", data, end + 10)
    begin, entries = at, b""
    for _ in range(count):
        name, extra, comment = struct.unpack_from("<HHH", data, at + 28)
        packed, size = struct.unpack_from("<II", data, at + 20)
        field = struct.pack("<HHQQQ", 1, 24, size, packed, struct.unpack_from("<I", data, at + 42)[0])
        head = bytearray(data[at : at + 46])
        struct.pack_into("<II", head, 20, FULL, FULL)
        struct.pack_into("<I", head, 42, FULL)
        struct.pack_into("<H", head, 30, extra + len(field))
        entries += bytes(head) + data[at + 46 : at + 46 + name + extra] + field
        at += 46 + name + extra + comment
    tail = bytearray(data[end:])
    struct.pack_into("<I", tail, 12, len(entries))
    return data[:begin] + entries + bytes(tail)


def with_entry(data: bytes, part: str, at: int, value: bytes) -> bytes:
    """The archive with some bytes of one central directory entry replaced."""
    changed = bytearray(data)
    begin = changed.rfind(part.encode()) - 46 + at
    changed[begin : begin + len(value)] = value
    return bytes(changed)


def renamed(old: str, new: str) -> dict[str, bytes]:
    return {new if name == old else name: content for name, content in parts().items()}


def doubled(name: str) -> bytes:
    made = io.BytesIO(GOOD)
    with zipfile.ZipFile(made, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr(name, parts()[SHEET])
    return made.getvalue()


ODD: dict[str, tuple[bytes, str]] = {
    "stored": (zipped(parts(), methods=dict.fromkeys(parts(), zipfile.ZIP_STORED)), ""),
    "a comment that holds an end mark": (GOOD[:-2] + b"\4\0PK\5\6", ""),
    "something after the end": (GOOD + b"\0" * 100, ""),
    "zip64 in local records": (zipped(parts(), wide=True), ""),
    "zip64 at the end": (with_wide_end(GOOD), "zip64"),
    "zip64 in all entries": (with_wide_entries(GOOD), "zip64"),
    "zip64 everywhere": (with_wide_end(with_wide_entries(zipped(parts(), wide=True))), "zip64"),
    "an unread part packed otherwise": (zipped(parts(), methods={THEME: zipfile.ZIP_BZIP2}), "compression"),
    "an unread part encrypted strongly": (with_entry(GOOD, THEME, 8, b"\x40"), "encrypted"),
    "an unread part of another name": (with_entry(GOOD, THEME, 46 + 3, b"x"), "broken_package"),
    "an unread part that lies outside": (with_entry(GOOD, THEME, 42, b"\xfe\xff\xff\x7f"), "broken_package"),
    "a part twice": (doubled("xl/Worksheets/sheet1.xml"), "duplicate_part"),
    "backslashes": (zipped({name.replace("/", "\\"): content for name, content in parts().items()}), ""),
    "another case": (zipped(renamed(SHEET, "xl/Worksheets/Sheet1.xml")), ""),
    "no content types": (zipped(renamed("[Content_Types].xml", "types.xml")), "not_a_workbook"),
    "broken content types": (zipped({**parts(), "[Content_Types].xml": b"<a"}), ""),
    "a signature": (zipped({**parts(), "_xmlsignatures/sig1.xml": b"<a/>"}), "signed"),
    "a doctype": (zipped({**parts(), LINKS: b"<!DOCTYPE a>" + parts()[LINKS].split(b"?>")[-1]}), "doctype"),
}


@pytest.mark.parametrize("oddity", ODD)
def test_an_odd_package_is_read_and_edited_only_where_that_is_safe(oddity: str, tmp_path: Path) -> None:
    data, reason = ODD[oddity]
    assert read_register(open_book(data)).frame["id"].tolist() == ["QF-2026-0001"]
    source, target = tmp_path / "source.xlsx", tmp_path / "target.xlsx"
    source.write_bytes(data)
    if not reason:
        edit_cells(source, target, "反馈登记", {"B2": "新"})
        assert read_register(open_book(target)).frame["id"].tolist() == ["QF-2026-0001"]
        return
    with pytest.raises(WorkbookRefused) as caught:
        edit_cells(source, target, "反馈登记", {"B2": "新"})
    assert (caught.value.reason, target.exists()) == (reason, False)


def huge(data: bytes) -> bytes:
    """Every part says that it unpacks to 1 GB, from as much."""
    for part in (SHEET, THEME, LINKS, "xl/styles.xml", "xl/workbook.xml"):
        data = with_entry(data, part, 20, struct.pack("<II", 1 << 30, 1 << 30))
    return data


@pytest.mark.parametrize(
    "make",
    [lambda: zipped({**parts(), "xl/media/image1.png": b"\0" * (65 << 20)}), lambda: huge(GOOD)],
    ids=["one part packs too well", "all together are too large"],
)
def test_reading_and_editing_have_the_same_limits(make: Callable[[], bytes], tmp_path: Path) -> None:
    data = make()
    with pytest.raises(RegisterUnreadable, match="zip bomb"):
        open_book(data)
    source = tmp_path / "source.xlsx"
    source.write_bytes(data)
    with pytest.raises(WorkbookRefused, match="zip bomb") as caught:
        edit_cells(source, source, "反馈登记", {"B2": "新"})
    assert caught.value.reason == "zip_bomb"


def test_a_part_too_large_to_hold_in_memory_is_refused() -> None:
    with Package(io.BytesIO(GOOD)) as package, pytest.raises(WorkbookRefused) as caught:
        package.read(THEME, limit=100)
    assert caught.value.reason == "too_large"


@pytest.mark.parametrize("offset", [24, 42], ids=["size", "place"])
def test_a_64_bit_number_that_is_announced_and_missing_ends_in_a_refusal(offset: int, tmp_path: Path) -> None:
    data = with_entry(GOOD, SHEET, offset, struct.pack("<I", FULL))
    with pytest.raises(RegisterUnreadable):
        read_register(open_book(data))
    source = tmp_path / "source.xlsx"
    source.write_bytes(data)
    with pytest.raises(WorkbookRefused):
        edit_cells(source, source, "反馈登记", {"B2": "新"})
