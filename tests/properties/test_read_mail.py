"""Whatever the bytes are, a mail is read: nothing raises, nothing takes for ever, no word is lost."""

from __future__ import annotations

import base64
import time

from hypothesis import given, settings
from hypothesis import strategies as st
from where import TESTS

from qtemplate.intake import ReceivedMail, read_mail

HEAD = b"From: a@x.com\r\nSubject: =?gb2312?B?xOO6ww==?=\r\nContent-Type: "
SEEDS = (
    HEAD + b'multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: multipart/alternative; boundary="c"\r\n\r\n'
    b"--c\r\n\r\nhi\r\n--c\r\nContent-Type: text/html; charset=gbk\r\n\r\n<p style='display:none'>x</p>"
    b"<blockquote type=cite>y</blockquote>\r\n--c--\r\n--b\r\nContent-Type: image/png; name*=utf-8''%E5%A3%B3.png\r\n"
    b"Content-Transfer-Encoding: base64\r\n\r\nAAEC\r\n--b--\r\n",
    HEAD + b"multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\nfailed\r\n--b\r\n"
    b"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\nFinal-Recipient: rfc822; a@x.com\r\n"
    b"Action: failed\r\nStatus: 5.1.1\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <a@b>\r\n\r\nx\r\n"
    b"--b--",
    HEAD + b"text/plain; format=flowed; charset=utf-8\r\n\r\n"
    + "已解决 \r\n\r\n在 2026-11-29，张三 <a@b.cn> 写道：\r\n> 旧\r\n-- \r\n签名\r\n".encode(),
    HEAD + b"application/ms-tnef\r\n\r\n\x78\x9f\x3e\x22\x01\x00\x01\x07\x90\x06\x00\x08\x00\x00\x00"
    b"\xa8\x03\x00\x00\x00\x00\x00\x00\xab\x00",
)  # fmt: skip
PIECES = st.sampled_from(
    [
        b"\r\n",
        b"\n\n",
        b"=?utf-8?B?",
        b"?=",
        b"--b",
        b"--b--",
        b"\0",
        b'"',
        b";",
        b"=",
        b"<",
        b">",
        b"&#0;",
        b"\xff",
        b"\xc4",
        b"%",
    ]
)
EDITS = st.lists(
    st.tuples(st.integers(0, 2_000), st.integers(0, 30), st.one_of(PIECES, st.binary(max_size=6))), max_size=8
)


def edit(seed: bytes, edits: list[tuple[int, int, bytes]]) -> bytes:
    data = bytearray(seed)
    for at, length, piece in edits:
        at %= len(data) + 1
        data[at : at + length] = piece
    return bytes(data)


def read(raw: bytes) -> ReceivedMail:
    started = time.process_time()
    mail = read_mail(raw)
    assert time.process_time() - started < 5
    assert not any("reading it failed" in problem for problem in mail.problems)  # the last net was not needed
    "".join(
        [mail.text, mail.quoted, mail.subject, mail.sender_name, *(each.name for each in mail.attachments)]
    ).encode()
    return mail


@given(st.binary(max_size=2_000))
@settings(max_examples=60, deadline=None)
def test_any_bytes_are_read(raw: bytes) -> None:
    read(raw)


@given(st.sampled_from(SEEDS), EDITS)
@settings(max_examples=120, deadline=None)
def test_any_damage_to_a_mail_is_borne(seed: bytes, edits: list[tuple[int, int, bytes]]) -> None:
    read(edit(seed, edits))


@given(
    st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=200),
    st.sampled_from(["utf-8", "gb18030", "utf-16"]),
)
@settings(max_examples=60, deadline=None)
def test_every_character_of_a_text_is_in_one_half(line: str, charset: str) -> None:
    raw = b"Content-Type: text/plain; charset=" + charset.encode() + b"\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    words = f"a {line} b"
    mail = read_mail(raw + base64.encodebytes(words.encode(charset)))
    assert words in (mail.text, mail.quoted)


def test_lines_and_headers_without_end_are_read_in_time() -> None:
    for piece in (
        "a",
        "> ",
        "在",
        "a@b ",
        "<a@b>",
        "-",
        "发件人：",
        "On 1 a\n",
        "From: a@b\n",
        "begin 644 a\n",
        "<",
        "=?",
        "=?a?b?",
        "(",
        "1-",
        "\\'",
    ):
        text = (piece * 4_000).encode()
        for kind in (b"text/plain", b"text/html"):
            read(b"From: a@b\r\nContent-Type: " + kind + b"; charset=utf-8\r\n\r\n" + text)
        for name in (b"From", b"Subject", b"Date", b"References", b"Content-Type", b"Content-Disposition"):
            read(name + b": " + text.replace(b"\n", b" ") + b"\r\n\r\nx")


def test_the_case_tables_are_read_as_mails_too() -> None:
    for table in sorted((TESTS / "unit/intake/cases").glob("*.toml")):
        read(table.read_bytes())
