"""winmail.dat: streams made here by the specification's layout, read back."""

from __future__ import annotations

import base64
import struct

import pytest
from mails import make_multipart, says, tell

from qtemplate.intake import read_mail
from qtemplate.intake.mail.winmail import read_rtf, unpack_rtf

PLAIN = "Content-Type: text/plain; charset=utf-8\n\n"
# The example of [MS-OXRTFCP] section 3.1.1.
PACKED = bytes.fromhex(
    "2d0000002b0000004c5a4675f1c5c7a703000a00726370673132354232 0af3206865 6c0900206277 05b06c647d0a800fa0".replace(
        " ", ""
    )
)


def attribute(level: int, number: int, value: bytes) -> bytes:
    return struct.pack("<BII", level, number, len(value)) + value + struct.pack("<H", sum(value) & 0xFFFF)


def sized(kind: int, number: int, value: bytes) -> bytes:
    return struct.pack("<HHII", kind, number, 1, len(value)) + value + b"\0" * (-len(value) % 4)


def properties(*found: bytes) -> bytes:
    return struct.pack("<I", len(found)) + b"".join(found)


def tnef(*attributes: bytes) -> bytes:
    page = attribute(1, 0x00069007, struct.pack("<II", 936, 0))
    return struct.pack("<IH", 0x223E9F78, 1) + page + b"".join(attributes)


def file(title: bytes, data: bytes, *found: bytes) -> tuple[bytes, ...]:
    start = attribute(2, 0x00069002, b"\0" * 14)
    named = attribute(2, 0x00018010, title + b"\0"), attribute(2, 0x0006800F, data)
    return (start, *named, *([attribute(2, 0x00069005, properties(*found))] if found else []))


def mail(data: bytes, *parts: str) -> bytes:
    head = b'Content-Type: application/ms-tnef; name="winmail.dat"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
    return make_multipart("mixed", *parts, head + base64.encodebytes(data))


def test_the_files_of_a_winmail_dat_come_instead_of_it() -> None:
    name = sized(0x1F, 0x3707, "外壳裂纹.jpg\0".encode("utf-16-le"))
    kind = sized(0x1E, 0x370E, b"image/jpeg\0")
    numbers = struct.pack("<HHI", 0x3, 0x0E20, 3) + b""
    data = tnef(*file("外壳~1.JPG".encode("gbk"), b"JPG", numbers, name, kind), *file("记录.txt".encode("gbk"), b"x"))
    assert tell(read_mail(mail(data, PLAIN + "见附件"))) == says(
        text="见附件",
        attachments=(("外壳裂纹.jpg", "image/jpeg", b"JPG"), ("记录.txt", "application/octet-stream", b"x")),
    )


def test_named_and_several_properties_are_passed_over() -> None:
    named = (
        struct.pack("<HH16sII", 0x1F, 0x8001, b"g" * 16, 1, 6)
        + b"a\0b\0\0\0\0\0"
        + struct.pack("<II", 1, 2)
        + b"c\0\0\0"
    )
    several = struct.pack("<HHI", 0x1003, 0x0001, 2) + struct.pack("<II", 1, 2)
    text = sized(0x1F, 0x1000, "外壳开裂".encode("utf-16-le"))
    data = tnef(attribute(1, 0x00069003, properties(named, several, text)))
    assert tell(read_mail(mail(data))) == says(text="外壳开裂")


def test_the_body_is_taken_from_text_then_html_then_rtf() -> None:
    html = sized(0x102, 0x1013, "<p>外壳</p>".encode())
    page = struct.pack("<HHI", 0x3, 0x3FDE, 65001)
    assert read_mail(mail(tnef(attribute(1, 0x0002800C, "正文".encode("gbk"))))).text == "正文"
    assert read_mail(mail(tnef(attribute(1, 0x00069003, properties(page, html))))).text == "外壳"
    assert (
        read_mail(mail(tnef(attribute(1, 0x00069003, properties(sized(0x102, 0x1009, PACKED)))))).text == "hello world"
    )


def test_the_example_of_the_specification_is_unpacked() -> None:
    assert unpack_rtf(PACKED) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"


@pytest.mark.parametrize("data", [b"", PACKED[:20], b"\0" * 40])
def test_rtf_that_cannot_be_unpacked_is_refused_or_short(data: bytes) -> None:
    try:
        assert len(unpack_rtf(data)) < 50
    except ValueError as error:
        assert str(error) in ("cut short", "not compressed RTF")


RTF = {
    "signs and code pages": (
        rb"{\rtf1\ansi\ansicpg936{\fonttbl{\f0 Arial;}}\pard \'cd\'e2\'bf\'c7\par\u24320?\u35010?\tab x\{y\}}",
        "外壳\n开裂\tx{y}",
    ),
    "ignorable groups": (rb"{\rtf1\ansi{\*\generator Word;}a{\pict 0102}b}", "ab"),
    "unbalanced": (rb"{\rtf1 a}}}b{{{", "ab"),
}  # fmt: skip


@pytest.mark.parametrize("name", RTF)
def test_rtf_is_read_as_text(name: str) -> None:
    data, text = RTF[name]
    assert read_rtf(data, "rtf", []) == (text, False)


def test_html_inside_rtf_is_taken_out_whole() -> None:
    data = (
        rb"{\rtf1\ansi\fromhtml1{\*\htmltag64 <p>}\htmlrtf {\htmlrtf0 leak"
        rb"{\*\htmltag84 &nbsp;}\htmlrtf \'a0\htmlrtf0 x\htmlrtf }\htmlrtf0{\*\htmltag72 </p>}}"
    )
    assert read_rtf(data, "rtf", []) == ("<p>leak&nbsp;x</p>", True)


def test_a_damaged_winmail_dat_is_said() -> None:
    problem = '"winmail.dat": the winmail.dat is damaged and may be incomplete; ask for it again as HTML or plain text'
    whole = tnef(*file(b"a.txt", b"x"))
    assert tell(read_mail(mail(whole[:-3], PLAIN + "见附件"))) == says(
        text="见附件", attachments=(("a.txt", "application/octet-stream", b""),), problems=(problem,)
    )
    assert tell(read_mail(mail(b"nonsense", PLAIN + "见附件"))) == says(
        text="见附件", attachments=(("winmail.dat", "application/ms-tnef", b"nonsense"),), problems=(problem,)
    )
