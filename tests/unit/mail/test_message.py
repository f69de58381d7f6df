"""The bytes of a mail: what a reader gets back, and that the same draft always gives the same ones."""

from __future__ import annotations

import mimetypes
import random
from datetime import UTC, datetime, timedelta, timezone
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import parseaddr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from qtemplate.mailer.addresses import Address, MessageRefused, parse_address
from qtemplate.mailer.cleaning import clean_body, clean_line, safe_file_name
from qtemplate.mailer.message import Attachment, Draft, build_message, find_message_ids
from qtemplate.mailer.mime_parts import file_part, text_part
from qtemplate.mailer.words.context import clean
from qtemplate.plan.message_ids import make_message_id

DRAFT = Draft(
    key="M03/QF-2026-0001/1",
    sender=Address("质量部", "qa@corp.cn"),
    to=(Address("张三", "zhang@corp.cn"),),
    subject="[QF-2026-0001] 转交",
    text="你好\n.\n正文",
    html="<p>你好</p>",
    date=datetime(2026, 11, 22, 8, tzinfo=timezone(timedelta(hours=8))),
)


def parse(raw: bytes) -> EmailMessage:
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def body(raw: bytes, kind: str = "plain") -> str:
    part = parse(raw).get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def test_a_reader_gets_back_what_was_written() -> None:
    draft = replace(
        DRAFT,
        cc=(Address("李, 四", "li@corp.cn"),),
        reply_to=Address("", "qa+QF-2026-0001@corp.cn"),
        in_reply_to="<a@b>",
        references=("<x@y>", "<a@b>"),
        headers={"X-Qtemplate-Id": "QF-2026-0001"},
    )
    message = parse(build_message(draft))
    assert {name: str(value) for name, value in message.items() if not name.startswith(("Content", "MIME"))} == {
        "From": "质量部 <qa@corp.cn>",
        "To": "张三 <zhang@corp.cn>",
        "Cc": '"李, 四" <li@corp.cn>',
        "Subject": "[QF-2026-0001] 转交",
        "Date": "Sun, 22 Nov 2026 08:00:00 +0800",
        "Message-ID": make_message_id("M03/QF-2026-0001/1", "corp.cn"),
        "Reply-To": "qa+QF-2026-0001@corp.cn",
        "In-Reply-To": "<a@b>",
        "References": "<x@y> <a@b>",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "X-Qtemplate-Id": "QF-2026-0001",
    }
    assert message.get_content_type() == "multipart/alternative"
    assert body(build_message(draft)) == "你好\n.\n正文\n"
    assert body(build_message(draft), "html") == "<p>你好</p>\n"


def test_the_same_draft_gives_the_same_bytes_and_another_key_another_id() -> None:
    draft = replace(DRAFT, attachments=(Attachment("转交单.xlsx", b"PK\x03\x04"),))
    assert build_message(draft) == build_message(replace(draft))
    assert parse(build_message(draft))["Message-ID"] != parse(build_message(replace(draft, key="other")))["Message-ID"]


def test_the_bytes_are_seven_bit_with_crlf_and_short_lines() -> None:
    raw = build_message(replace(DRAFT, subject="很长的主题" * 30, text="长" * 5_000 + "x" * 5_000))
    assert raw.isascii()
    assert b"\n" not in raw.replace(b"\r\n", b"") and b"\r" not in raw.replace(b"\r\n", b"")
    assert max(len(line) for line in raw.split(b"\r\n")) <= 100


def test_a_long_message_id_of_another_program_survives_folding() -> None:
    outlook = f"<SY4P282{'A' * 120}@SY4P282MB1234.AUSP282.PROD.OUTLOOK.COM>"
    raw = build_message(replace(DRAFT, in_reply_to=outlook, references=(outlook, "<short@x>", outlook)))
    assert b"=?utf-8" not in raw.split(b"References:")[1].split(b"Auto-Submitted")[0]
    assert parse(raw)["References"].split() == [outlook, "<short@x>", outlook]


def test_an_attached_form_has_its_type_and_chinese_name_without_system_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mimetypes, "knownfiles", [])
    mimetypes.init([])
    forms = (
        Attachment("转交单-QF-2026-0001.xlsx", b"PK"),
        Attachment("会议.ics", "内容".encode()),
        Attachment("x.odd", b"?"),
    )
    parts = list(parse(build_message(replace(DRAFT, attachments=forms))).iter_attachments())
    assert [(part.get_content_type(), part.get_filename(), part.get_content_disposition()) for part in parts] == [
        (
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "转交单-QF-2026-0001.xlsx",
            "attachment",
        ),
        ("text/calendar", "会议.ics", "attachment"),
        ("application/octet-stream", "x.odd", "attachment"),
    ]
    assert [part.get_payload(decode=True) for part in parts] == [b"PK", "内容".encode(), b"?"]
    assert parts[1].get_param("method") == "PUBLISH"
    mimetypes.init()


@pytest.mark.parametrize(
    "evil",
    [
        "\n\n<h1>x</h1>",
        "\r\nBcc: x@y.cn",
        "\nBcc: x@y.cn",
        "\x00",
        "\x85",
        "\u2028",
        "\u202eexe",
        "=?utf-8?q?=0D=0ABcc:_x?=",
    ],
)
def test_no_header_source_can_add_a_line_or_turn_the_text(evil: str) -> None:
    draft = replace(
        DRAFT,
        subject=f"主题{evil}",
        sender=Address(f"质量部{evil}", "qa@corp.cn"),
        to=(Address(f"Evil{evil}", "zhang@corp.cn"),),
        headers={"X-Note": f"a{evil}"},
        attachments=(Attachment(f"a{evil}.xlsx", b""),),
    )
    message = parse(build_message(draft))
    plain = parse(build_message(replace(DRAFT, headers={"X-Note": "a"}, attachments=(Attachment("a.xlsx", b""),))))
    assert message.keys() == plain.keys()
    assert message["Bcc"] is None
    for value in [str(message[name]) for name in ("Subject", "From", "To", "X-Note")]:
        assert not set(value) & set("\r\n\x00\x85\u2028\u202e")


@pytest.mark.parametrize(
    ("change", "source"),
    [
        ({"to": ()}, "To"),
        ({"to": (Address("", "a@b.cn\r\nBcc: x@y.cn"),)}, "To"),
        ({"cc": (Address("", "a@b.cn, c@d.cn"),)}, "Cc"),
        ({"sender": Address("", "nobody")}, "From"),
        ({"reply_to": Address("", "张@b.cn")}, "Reply-To"),
        ({"in_reply_to": "<a@b>\r\nBcc: x@y.cn"}, "In-Reply-To"),
        ({"in_reply_to": "电话 123"}, "In-Reply-To"),
        ({"references": ("<a@b>", "b@c")}, "References"),
        ({"headers": {"Bcc": "x@y.cn"}}, "headers"),
        ({"headers": {"X-A\r\nBcc": "x@y.cn"}}, "headers"),
        ({"date": datetime(2026, 11, 22)}, "Date"),
    ],
)
def test_what_cannot_be_cleaned_is_refused_by_name(change: dict[str, object], source: str) -> None:
    with pytest.raises(MessageRefused) as caught:
        build_message(replace(DRAFT, **change))
    assert caught.value.source == source


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("a@corp.cn", Address("", "a@corp.cn")),
        (" 张三 <Zhang.San@CORP.cn> ", Address("张三", "Zhang.San@corp.cn")),
        ('"Li, Si" <li@corp.cn>', Address("Li, Si", "li@corp.cn")),
        ("x@例子.中国", Address("", "x@xn--fsqu00a.xn--fiqs8s")),
        ("root@localhost", Address("", "root@localhost")),
    ],
)
def test_an_address_is_read(text: str, address: Address) -> None:
    assert parse_address(text) == address


@pytest.mark.parametrize(
    "text",
    [
        *("", "张三", "@corp.cn", "a@", "a b@corp.cn", "a@corp.cn,b@corp.cn", "a@corp.cn;b@corp.cn", "a@b@corp.cn"),
        *("a@corp..cn", "a@corp.cn\n", "a@-corp.cn", "a@corp cn", "<a@corp.cn", "张三@corp.cn", ".a@corp.cn", "<>"),
        *("a..b@corp.cn", "a@corp.cn\u202e", f"{'a' * 65}@corp.cn", f"a@{'b' * 64}.cn", "a@corp.cn>"),
    ],
)
def test_what_is_not_one_address_is_refused(text: str) -> None:
    with pytest.raises(MessageRefused):
        parse_address(text)


def test_text_in_a_cell_stays_text() -> None:
    text = "{{7*7}} <script>alert(1)</script> /etc/hostname =1+1 \u202e \x00\x0b\ud800 😀\r\nnext\u2028line"
    assert body(build_message(replace(DRAFT, text=text))) == (
        "{{7*7}} <script>alert(1)</script> /etc/hostname =1+1 \u202e \ufffd 😀\nnext\nline\n"
    )


def test_a_megabyte_of_text_is_carried() -> None:
    text = "很长的文字 and some English. " * 40_000
    assert body(build_message(replace(DRAFT, text=text))) == text + "\n"


def test_a_body_cannot_end_its_own_part() -> None:
    boundary = parse(build_message(DRAFT)).get_boundary()
    draft = replace(DRAFT, text=f"before\n--{boundary}--\nafter")
    assert body(build_message(draft)) == f"before\n--{boundary}--\nafter\n"


def test_message_ids_are_found_in_pasted_text() -> None:
    assert find_message_ids("Message-ID: <a.b@c>, see <x y@z> and <q@w>") == ("<a.b@c>", "<q@w>")


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "_.._etc_passwd"),
        ("C:\\a\\b.xlsx", "C__a_b.xlsx"),
        ("", "file"),
        ("a\u202exslx.exe", "axslx.exe"),
        ("转交单.xlsx", "转交单.xlsx"),
    ],
)
def test_a_file_name_is_one_file_anywhere(name: str, safe: str) -> None:
    assert safe_file_name(name) == safe


def test_a_long_line_is_cut_with_a_mark() -> None:
    assert clean_line("x" * 300) == "x" * 199 + "…"


@settings(max_examples=60, deadline=None)
@given(subject=st.text(), name=st.text(), text=st.text(max_size=400), key=st.text(max_size=20), file=st.text())
def test_any_text_makes_a_mail_that_reads_back(subject: str, name: str, text: str, key: str, file: str) -> None:
    draft = replace(
        DRAFT,
        key=key,
        subject=subject,
        to=(Address(name, "a@corp.cn"),),
        text=text,
        html="",
        attachments=(Attachment(file, b"x"),),
        date=datetime(2026, 1, 1, tzinfo=UTC),
    )
    raw = build_message(draft)
    message = parse(raw)
    assert raw == build_message(draft) and raw.isascii()
    assert [each.addr_spec for each in message["To"].addresses] == ["a@corp.cn"]
    assert str(message["Subject"]) == clean_line(subject)
    # Not the new parser, which puts a blank between the encoded words of a name (RFC 2047 section 6.2 says none).
    assert str(make_header(decode_header(parseaddr(message_from_bytes(raw)["To"])[0]))) == clean_line(name)
    assert body(raw).rstrip("\n") == clean_body(text).rstrip("\n")
    assert [part.get_filename() for part in message.iter_attachments()] == [safe_file_name(file)]


@pytest.mark.parametrize("end", ["", " ", "\t", "=", "é", "中", "é ", "中\t"])
def test_a_line_of_any_length_and_end_is_cut_where_nothing_is_torn(end: str) -> None:
    lines = ["é" * 3 + "x" * length + end for length in range(60, 82)] + ["=" * 90, "é" * 40]
    raw = build_message(replace(DRAFT, text="\n".join(lines), html="\n".join(f"<p>{line}" for line in lines)))
    assert [body(raw).split("\n")[:-1], body(raw, "html").split("\n")[:-1]] == [lines, [f"<p>{line}" for line in lines]]
    assert max(map(len, raw.split(b"\r\n"))) <= 76
    assert not [line for line in raw.split(b"\r\n") if line.endswith((b" ", b"\t"))]
    ways = [str(part["Content-Transfer-Encoding"]) for part in parse(raw).walk() if not part.is_multipart()]
    assert set(ways) == {"quoted-printable"}


NAMES = [
    "a.xlsx",
    "8D报告-QF-2026-0001.xlsx",
    'q"uo\\te.csv',
    "x" * 51,
    "x" * 52,
    "x" * 190,
    "图" * 60,
    "a b 'c'(1)%*.png",
    "é.ics",
]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("parameters", [{}, {"charset": "utf-8", "method": "PUBLISH"}])
def test_a_file_has_the_headers_that_the_library_would_write(name: str, parameters: dict[str, str]) -> None:
    library = EmailMessage(policy=policy.SMTP.clone(max_line_length=76, cte_type="7bit"))
    library.set_content(b"x", maintype="text", subtype="calendar", filename=name, params=parameters)
    assert file_part(b"x", "text/calendar", parameters, name) == library.as_bytes()


def test_a_text_has_the_lines_that_the_library_would_write() -> None:
    dice = random.Random(7)
    for _ in range(300):
        text = "".join(dice.choices(["a", " ", "\t", "=", ".", "é", "中", "\n", "x" * 20, "y" * 70], k=60)) + "é"
        library = EmailMessage(policy=policy.SMTP.clone(max_line_length=76, cte_type="7bit"))
        library.set_content(text)
        assert text_part(text, "plain", version=b"") == library.as_bytes().replace(b"MIME-Version: 1.0\r\n", b"")


def test_a_text_that_is_printable_throughout_needs_no_cleaning() -> None:
    """So it may skip it. The line ends and the tab keep this one, which has every such character, from skipping."""
    printable = "".join(each for each in map(chr, range(0x110000)) if each.isprintable())
    assert clean_body(f"{printable}\r\nx") == f"{printable}\nx"
    assert clean(f"x\t{printable}x") == f"x\t{printable}x"
    assert [clean_body("a\x00b\n\x85\u2028\ufffe"), clean(" a\u202eb\n ")] == ["ab\n\n\n", "ab"]


def test_mails_of_two_registers_on_one_day_to_one_reader_have_ids_of_their_own() -> None:
    digest = replace(DRAFT, key="M10/2026-12-01/zhou@corp.cn")
    ids = [parse(build_message(replace(digest, apart=prefix)))["Message-ID"] for prefix in ("P00", "P01")]
    assert ids == [make_message_id(digest.key, "corp.cn", prefix) for prefix in ("P00", "P01")]
    assert ids[0] != ids[1]
