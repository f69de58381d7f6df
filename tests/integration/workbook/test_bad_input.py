"""What is no register is refused with one clear sentence, whatever it is."""

from __future__ import annotations

import io
import os
import random
import re
import zipfile
from pathlib import Path

import pytest
from register_makers import HEADERS, MAIN, register, with_part, with_sheet_xml, workbook

from qtemplate.errors import RegisterUnreadable
from qtemplate.sheets import open_book, read_register, read_rulebook

GOOD = register([{"反馈编号": "QF-2026-0001", "反馈者": "王"}])


def refused(data: bytes | Path) -> str:
    """The sentence with which the register is refused."""
    with pytest.raises(RegisterUnreadable) as caught:
        read_register(open_book(data))
    sentence = str(caught.value)
    assert "\n" not in sentence
    assert sentence.endswith((".", "。"))
    return sentence


def zipped(parts: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return made.getvalue()


def test_a_missing_file(tmp_path: Path) -> None:
    assert "does not exist" in refused(tmp_path / "none.xlsx")
    assert "folder" in refused(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "register.xlsx")
    assert "a pipe or a device" in refused(tmp_path / "register.xlsx")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"id,title\n1,x\n", "not an Excel workbook"),
        (bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 600, ".xls"),
        (bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "password"),
        (GOOD[: len(GOOD) // 2], "damaged"),
        (GOOD[:-30], "damaged"),
        (zipped({"a.txt": b"x"}), "without a workbook"),
        (zipped({"xl/workbook.bin": b"x"}), ".xlsb"),
    ],
    ids=["empty", "text", "xls", "encrypted", "half", "tail lost", "zip", "xlsb"],
)
def test_other_files(data: bytes, words: str) -> None:
    assert words in refused(data)


def test_a_flipped_byte_inside_a_part_is_noticed() -> None:
    with zipfile.ZipFile(io.BytesIO(GOOD)) as package:
        info = package.getinfo("xl/worksheets/sheet1.xml")
    at = info.header_offset + 30 + len(info.filename) + info.compress_size // 2
    assert "xl/worksheets/sheet1.xml" in refused(GOOD[:at] + bytes([GOOD[at] ^ 0xFF]) + GOOD[at + 1 :])


def test_a_zip_bomb_is_not_unpacked() -> None:
    def swell(xml: bytes) -> bytes:
        return xml.replace(b"<sheetData>", b"<sheetData>" + b" " * (80 << 20))

    assert "zip bomb" in refused(with_sheet_xml(GOOD, swell))


def test_a_part_that_unpacks_to_more_than_it_says_is_not_unpacked() -> None:
    data = bytearray(GOOD)
    with zipfile.ZipFile(io.BytesIO(GOOD)) as package:
        size = package.getinfo("xl/worksheets/sheet1.xml").file_size
    central = data.rfind(b"xl/worksheets/sheet1.xml") - 46
    assert int.from_bytes(data[central + 24 : central + 28], "little") == size
    data[central + 24 : central + 28] = (size // 2).to_bytes(4, "little")
    assert "damaged" in refused(bytes(data))


@pytest.mark.parametrize("cell", ["XFD50", "A1048576"])
def test_a_stray_cell_far_away_is_named_before_it_costs_gigabytes(cell: str) -> None:
    rows = b"".join(b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (n, n) for n in range(40, 49))
    xml = f'<c r="{cell}"><v>1</v></c></row>'.encode()
    number = cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ").encode()
    wide = b'<row r="4000"><c r="XFD4000"><v>1</v></c></row>' if cell == "XFD50" else b""
    tall = b'<row r="49"><c r="CL49"><v>1</v></c></row><row r="%s">' % number if cell[0] == "A" else b'<row r="50">'
    data = with_sheet_xml(GOOD, lambda old: old.replace(b"</sheetData>", rows + tall + xml + wide + b"</sheetData>"))
    assert "stray cells" in refused(data)


@pytest.mark.parametrize("cell", ["Z16777217", "Z4294967297", "ZZZZZZZ49"])
def test_a_cell_outside_of_any_sheet_is_named_before_it_costs_all_memory(cell: str) -> None:
    row = f'<row r="{cell.lstrip("Z")}"><c r="{cell}"><v>1</v></c></row></sheetData>'.encode()
    assert f"reaches to {cell}" in refused(with_sheet_xml(GOOD, lambda xml: xml.replace(b"</sheetData>", row)))


def test_no_register_sheet_names_the_headers_and_the_nearest_sheet() -> None:
    sentence = refused(workbook({"人员": [["姓名", "邮箱"]], "清单": [["产品名称", "反馈编号", "x"]]}))
    assert "反馈时间" in sentence
    assert "清单" in sentence
    assert "no sheet has any" in refused(workbook({"Sheet1": [["a", "b"]]}))
    assert "no sheet has any" in refused(workbook({"Sheet1": []}))


@pytest.mark.parametrize("twin", ["问题标题", "Title", " title "])
def test_two_columns_with_one_header_are_named(twin: str) -> None:
    sentence = refused(workbook({"反馈登记": [[], [*HEADERS, twin]]}))
    assert "反馈登记!F2" in sentence
    assert "K2" in sentence


def test_formats_written_twice_are_refused_because_dates_would_be_read_as_numbers() -> None:
    data = with_part(GOOD, "xl/styles.xml", lambda xml: re.sub(rb"(<cellXfs[^>]*>)", rb"\1<mc:Choice/>", xml))
    assert "every cell format twice" in refused(data)


def test_broken_xml_is_refused() -> None:
    assert "cannot be read" in refused(with_sheet_xml(GOOD, lambda xml: xml.replace(b"</sheetData>", b"")))
    assert "without a workbook" in refused(with_part(GOOD, "xl/workbook.xml", lambda _: b"<workbook"))
    strings = b'<sst xmlns="%s"/>' % MAIN.encode()
    shared = with_sheet_xml(GOOD, lambda xml: xml.replace(b't="inlineStr"', b't="s"').replace(b"<is><t>", b"<v>"))
    assert refused(with_part(shared, "xl/sharedStrings.xml", lambda _: strings))


def test_a_part_with_entities_does_not_expand_them() -> None:
    bomb = (
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "xxxxxxxxxx"><!ENTITY c "&b;&b;&b;">]><workbook>&c;</workbook>'
    )
    refused(with_part(GOOD, "xl/workbook.xml", lambda _: bomb))


def test_mutated_packages_are_read_or_refused_never_anything_else() -> None:
    """A seeded mutator; the long campaign runs with -m campaign."""
    mutate(300, 20260707)


@pytest.mark.campaign
def test_twenty_thousand_mutated_packages() -> None:
    mutate(20_000, 20261122)


def mutate(times: int, seed: int) -> None:
    rng = random.Random(seed)
    with zipfile.ZipFile(io.BytesIO(GOOD)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    for _ in range(times):
        changed = dict(parts)
        if rng.random() < 0.8:  # inside a part, so that the zip itself is sound
            name = rng.choice(["xl/workbook.xml", "xl/styles.xml", "xl/worksheets/sheet1.xml", "_rels/.rels"])
            changed[name] = spoil(changed[name], rng)
            data = zipped(changed)
        else:
            data = spoil(GOOD, rng)
        try:
            book = open_book(data)
            read_rulebook(book)
            read_register(book)
        except RegisterUnreadable:
            continue


def spoil(data: bytes, rng: random.Random) -> bytes:
    """Some bytes changed, dropped, doubled or swapped for telling ones."""
    spoiled = bytearray(data)
    for _ in range(rng.randint(1, 6)):
        at = rng.randrange(len(spoiled))
        match rng.randrange(4):
            case 0:
                spoiled[at] = rng.randrange(256)
            case 1:
                del spoiled[at : at + rng.randint(1, 20)]
            case 2:
                spoiled[at:at] = spoiled[at : at + rng.randint(1, 40)]
            case _:
                spoiled[at:at] = rng.choice(
                    [b"<", b">", b'"', b"&", b"9", b"\0", b' r="XFD9"', b' t="e"', b' s="999"', b"-1"]
                )
    return bytes(spoiled)
