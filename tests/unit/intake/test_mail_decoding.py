"""Charsets, headers, names, dates and transfer encodings, as mail programs get them wrong."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from mails import make_mail, make_multipart, says, tell

from qtemplate.intake import read_mail

RARE = "陶喆 朱镕基 QX-100㐂9 𠮷"
ZH = "外壳开裂，请尽快处理"


def text_of(body: bytes, charset: str | None, encoding: str = "8bit") -> tuple[str, tuple[str, ...]]:
    kind = "text/plain" if charset is None else f"text/plain; charset={charset}"
    mail = read_mail(make_mail(body, content_type=kind, content_transfer_encoding=encoding))
    return mail.text, mail.problems


BODIES: dict[str, tuple[bytes, str | None, str]] = {
    "gbk called gb2312": ("陶喆".encode("gbk"), "gb2312", "陶喆"),
    "gb18030 called gb2312": (RARE.encode("gb18030"), "gb2312", RARE),
    "gb18030 called GBK in quotes": (RARE.encode("gb18030"), '"GBK"', RARE),
    "gb18030 called x-gbk": (RARE.encode("gb18030"), "x-gbk", RARE),
    "gb18030 called cp936": (RARE.encode("gb18030"), "cp936", RARE),
    "the euro of code page 936": ("价格 ".encode("gbk") + b"\x80 100", "gb2312", "价格 € 100"),
    "utf-8 called gb2312": (ZH.encode(), "gb2312", ZH),
    "gbk called utf-8": (ZH.encode("gbk"), "utf-8", ZH),
    "gbk called iso-8859-1": (ZH.encode("gbk"), "iso-8859-1", ZH),
    "utf-8 called us-ascii": (ZH.encode(), "us-ascii", ZH),
    "gbk called us-ascii": (ZH.encode("gbk"), "us-ascii", ZH),
    "gbk without a charset": (ZH.encode("gbk"), None, ZH),
    "utf-8 without a charset": (RARE.encode(), None, RARE),
    "gb18030 without a charset": (RARE.encode("gb18030"), None, RARE),
    "an unknown charset": (ZH.encode("gbk"), "x-unknown-850", ZH),
    "a charset that runs escapes": (b"\\u5916", "unicode_escape", "\\u5916"),
    "a codec that is no charset": (b"uryyb", "rot13", "uryyb"),
    "联通 in gbk is valid utf-8": ("联通公司".encode("gbk"), "gbk", "联通公司"),
    "big5": ("外殼裂開‧碁".encode("cp950"), "big5", "外殼裂開‧碁"),
    "big5 of hong kong": ("啲嘅".encode("big5hkscs"), "big5", "啲嘅"),
    "hz": ("外壳 A".encode("hz"), "hz-gb-2312", "外壳 A"),
    "utf-7": ("外壳 A+B".encode("utf-7"), "utf-7", "外壳 A+B"),
    "utf-7 called unicode-1-1-utf-7": ("外壳".encode("utf-7"), "unicode-1-1-utf-7", "外壳"),
    "iso-2022-cn": (b"A \x1b$)A\x0eVPND\x0f B", "iso-2022-cn", "A 中文 B"),
    "iso-2022-jp": ("筐体が割れた".encode("iso2022_jp"), "iso-2022-jp", "筐体が割れた"),
    "iso-2022-jp without a charset": ("筐体が割れた".encode("iso2022_jp"), None, "筐体が割れた"),
    "iso-2022-jp with half-width letters": ("ｶﾗ".encode("iso2022_jp_ext"), "iso-2022-jp", "ｶﾗ"),
    "shift_jis of windows": ("①筐体".encode("cp932"), "shift_jis", "①筐体"),
    "euc-kr with rarer syllables": ("케이스 똠".encode("cp949"), "euc-kr", "케이스 똠"),
    "cp1252 called iso-8859-1": (b"\x93don\x92t\x94 \x80", "iso-8859-1", "“don’t” €"),
    "latin with a byte of no meaning": (b"a\x81b\xe9", "windows-1252", "a\x81bé"),
    "créée is not chinese": ("créée".encode("latin-1"), "iso-8859-1", "créée"),
    "utf-16 with its mark": ("外壳".encode("utf-16"), "utf-16", "外壳"),
    "utf-8 with a mark": (b"\xef\xbb\xbf" + ZH.encode(), "utf-8", ZH),
    "koi8": ("Корпус".encode("koi8-r"), "koi8-r", "Корпус"),
}


@pytest.mark.parametrize("name", BODIES)
def test_a_body_is_read_whatever_its_charset_is_called(name: str) -> None:
    data, charset, text = BODIES[name]
    plain = b"=" not in data and data.isascii()
    assert text_of(base64.encodebytes(data), charset, "base64") == (text, ())
    if not plain and b"\0" not in data:
        assert text_of(data, charset) == (text, ())


LOSSY = "text: 1 places are not valid {} (the first is byte 0x{}) and are shown as �; compare with the mail itself"
DAMAGED: dict[str, tuple[bytes, str | None, str, str]] = {
    "utf-8 cut inside a character": (
        "外壳开裂".encode()[:-1],
        "utf-8",
        "外壳开�",
        LOSSY.format("utf-8", "e8"),
    ),
    "gbk cut inside a character": (
        "外壳开裂".encode("gbk")[:-1],
        "gb2312",
        "外壳开�",
        LOSSY.format("gb18030", "c1"),
    ),
    "a stray byte before digits": (
        "型号外壳".encode("gbk") + b"\xff90",
        "gb2312",
        "型号外壳�90",
        LOSSY.format("gb18030", "ff"),
    ),
    "windows quotes without a charset": (
        b"\x93it leaks\x94 at the seal",
        None,
        "“it leaks” at the seal",
        "text: no usable charset is named; it was read as Windows-1252, which is a guess; compare with the mail itself",
    ),
    "a nul": ("外\0壳".encode(), "utf-8", "外�壳", "text: holds NUL characters, which are shown as �"),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_what_cannot_be_decoded_is_shown_and_said(name: str) -> None:
    data, charset, text, problem = DAMAGED[name]
    assert text_of(data, charset) == (text, (problem,))


def b64(text: str, charset: str) -> str:
    return base64.b64encode(text.encode(charset)).decode()


GBK = "外壳开裂".encode("gbk")
SUBJECTS: dict[str, tuple[str | bytes, str]] = {
    "words of utf-8": (f"=?utf-8?B?{b64(ZH, 'utf-8')}?=", ZH),
    "gbk called gb2312": (f"=?gb2312?B?{b64('陶喆：划伤', 'gbk')}?=", "陶喆：划伤"),
    "a character split between two words": (
        f"=?gb2312?B?{base64.b64encode(GBK[:5]).decode()}?=\r\n =?gb2312?B?{base64.b64encode(GBK[5:]).decode()}?=",
        "外壳开裂",
    ),
    "split between words of two labels": (
        f"=?gb2312?B?{base64.b64encode(GBK[:3]).decode()}?= =?GBK?b?{base64.b64encode(GBK[3:]).decode()}?=",
        "外壳开裂",
    ),
    "split between b and q": (
        f"=?utf-8?b?{base64.b64encode('壳'.encode()[:2]).decode()}?= =?utf-8?q?={'壳'.encode()[2]:02x}?=",
        "壳",
    ),
    "lower-case q, underscores": ("=?iso-8859-1?q?caf=e9_au_lait?=", "café au lait"),
    "missing padding": (f"=?utf-8?B?{b64('外壳裂', 'utf-8').rstrip('=')}?=", "外壳裂"),
    "missing padding of a short word": (f"=?utf-8?B?{b64('壳a', 'utf-8').rstrip('=')}?=", "壳a"),
    "missing end": ("=?utf-8?B?5aSW5aOz", "外壳"),
    "broken over lines inside": ("=?utf-8?B?5aSW\r\n 5aOz?=", "外壳"),
    "blanks inside": ("=?utf-8?Q?Re: it leaks?=", "Re: it leaks"),
    "a question mark inside": ("=?utf-8?Q?leak??=", "leak?"),
    "no blank between words": ("=?utf-8?B?5aSW?==?utf-8?B?5aOz?=", "外壳"),
    "no blank before a word": ("Re:=?utf-8?B?5aSW5aOz?=(2)", "Re:外壳(2)"),
    "text around words keeps its blanks": ("[QF-1] =?utf-8?B?5aSW?= and =?utf-8?B?5aOz?= x", "[QF-1] 外 and 壳 x"),
    "language of the word": ("=?utf-8*zh-CN?B?5aSW5aOz?=", "外壳"),
    "raw gbk": (GBK, "外壳开裂"),
    "raw utf-8": ("外壳 QX㐂".encode(), "外壳 QX㐂"),
    "raw gb18030 around a word": (GBK + b" =?utf-8?B?5aSW5aOz?=", "外壳开裂 外壳"),
    "label of another charset": (f"=?iso-8859-1?B?{base64.b64encode(GBK).decode()}?=", "外壳开裂"),
    "utf-8 called gb2312": (f"=?gb2312?B?{b64('外壳开裂', 'utf-8')}?=", "外壳开裂"),
    "unknown label": (f"=?x-mac?B?{b64('外壳', 'utf-8')}?=", "外壳"),
    "iso-2022-jp": (f"=?iso-2022-jp?B?{b64('筐体', 'iso2022_jp')}?=", "筐体"),
    "folded with a tab": ("one\r\n\ttwo\r\n  three", "one two three"),
    "no words at all": ("=?x", "=?x"),
    "empty": (" ", ""),
}


@pytest.mark.parametrize("name", SUBJECTS)
def test_a_subject_is_read_however_it_was_written(name: str) -> None:
    value, subject = SUBJECTS[name]
    mail = read_mail(make_mail("", subject=value))
    assert (mail.subject, mail.problems) == (subject, ())


SENDERS: dict[str, tuple[str | bytes, str | None, str]] = {
    "name and address": ("Zhang San <Zhang@X.com>", "zhang@x.com", "Zhang San"),
    "bare": ("Zhang@X.com", "zhang@x.com", ""),
    "in brackets only": ("<zhang@x.com>", "zhang@x.com", ""),
    "quoted, with a comma": ('"Zhang, San (QA)" <zhang@x.com>', "zhang@x.com", "Zhang, San (QA)"),
    "an address as the name": ('"boss@corp.cn" <thief@evil.example>', "thief@evil.example", "boss@corp.cn"),
    "an address in an encoded name": (
        f"=?utf-8?B?{b64('boss <boss@corp.cn>', 'utf-8')}?= <thief@evil.example>",
        "thief@evil.example",
        "boss <boss@corp.cn>",
    ),
    "name as a comment": ("zhang@x.com (张三)".encode(), "zhang@x.com", "张三"),
    "encoded name in quotation marks": (f'"=?gb2312?B?{b64("张喆", "gbk")}?=" <zhang@x.com>', "zhang@x.com", "张喆"),
    "raw gbk name": ("张喆".encode("gbk") + b" <zhang@x.com>", "zhang@x.com", "张喆"),
    "all in one word": (f"=?utf-8?B?{b64('张三 <zhang@x.com>', 'utf-8')}?=", "zhang@x.com", "张三"),
    "two authors": ("A <a@x.com>, B <b@x.com>", "a@x.com", "A"),
    "a group": ("Team: A <a@x.com>;", "a@x.com", "Team: A"),
    "utf-8 address": ("张三 <张三@例子.公司>".encode(), "张三@例子.公司", "张三"),
    "x.500 of exchange": ('"/O=CORP/CN=ZHANG" <zhang@x.com>', "zhang@x.com", "/O=CORP/CN=ZHANG"),
    "no address": ("undisclosed", None, "undisclosed"),
    "blanks in brackets": ("张三 < zhang@x.com >".encode(), "zhang@x.com", "张三"),
    "folded": ("=?utf-8?B?5byg5LiJ?=\r\n <zhang@x.com>", "zhang@x.com", "张三"),
}


@pytest.mark.parametrize("name", SENDERS)
def test_a_sender_is_read_however_it_was_written(name: str) -> None:
    value, sender, shown = SENDERS[name]
    mail = read_mail(make_mail("", **{"from": value}))
    assert (mail.sender, mail.sender_name, mail.problems) == (sender, shown, ())


def test_without_from_the_sender_field_counts_and_without_both_nobody() -> None:
    assert tell(read_mail(make_mail("", **{"from": "", "sender": "a@x.com"}))) == says(sender="a@x.com", sender_name="")
    assert tell(read_mail(make_mail("", **{"from": ""}))) == says(sender=None, sender_name="")


DATES: dict[str, tuple[str, datetime | None]] = {
    "the standard's": ("Mon, 30 Nov 2026 09:00:00 +0800", datetime(2026, 11, 30, 1, tzinfo=UTC)),
    "with the zone's name": ("Mon, 30 Nov 2026 09:00:00 +0800 (CST)", datetime(2026, 11, 30, 1, tzinfo=UTC)),
    "gmt": ("Mon, 30 Nov 2026 01:00:00 GMT", datetime(2026, 11, 30, 1, tzinfo=UTC)),
    "gmt and hours": ("Mon, 30 Nov 2026 09:00:00 GMT+8", datetime(2026, 11, 30, 1, tzinfo=UTC)),
    "a colon in the zone": ("Mon, 30 Nov 2026 09:00:00 +08:00", datetime(2026, 11, 30, 1, tzinfo=UTC)),
    "zone unknown": ("Mon, 30 Nov 2026 01:00:00 -0000", datetime(2026, 11, 30, 1, tzinfo=UTC)),
    "no zone": ("30 Nov 2026 01:00:00", datetime(2026, 11, 30, 1, tzinfo=UTC)),
    "two digits of a year": ("Mon, 30 Nov 26 01:00:00 +0000", datetime(2026, 11, 30, 1, tzinfo=UTC)),
    "iso 8601": ("2026-11-30T09:00:00+08:00", datetime(2026, 11, 30, 1, tzinfo=UTC)),
    "iso 8601 with a blank": ("2026-11-30 09:00:00 +0800", datetime(2026, 11, 30, 1, tzinfo=UTC)),
    "no seconds": ("Mon, 30 Nov 2026 09:00 +0800", datetime(2026, 11, 30, 1, tzinfo=UTC)),
    "missing": ("", None),
}


@pytest.mark.parametrize("name", DATES)
def test_a_date_is_a_moment_however_it_was_written(name: str) -> None:
    value, moment = DATES[name]
    mail = read_mail(make_mail("", date=value))
    assert (mail.sent_at, mail.problems) == (moment, ())


@pytest.mark.parametrize("value", ["yesterday", "Mon, 99 Nov 2026 09:00:00 +0800", "Mon, 30 Nov 2026 09:00:00 +9999"])
def test_a_date_that_is_none_is_said(value: str) -> None:
    mail = read_mail(make_mail("", date=value))
    problem = f'the date "{value}" cannot be read; expected one such as Mon, 30 Nov 2026 09:00:00 +0800'
    assert (mail.sent_at, mail.problems) == (None, (problem,))


def test_the_offset_of_a_date_stays() -> None:
    moment = read_mail(make_mail("")).sent_at
    assert moment is not None
    assert moment.utcoffset() == timezone(timedelta(hours=8)).utcoffset(None)


IDS: dict[str, tuple[dict[str, str], dict[str, Any]]] = {
    "several references, folded": (
        {"references": "<a@b>\r\n <c@d>\t<e@f>"},
        {"references": ("a@b", "c@d", "e@f")},
    ),
    "commas between them": ({"references": "<a@b>,<c@d>"}, {"references": ("a@b", "c@d")}),
    "words in in-reply-to": (
        {"in_reply_to": 'Your message of "Sun, 29 Nov 2026" <a@b>'},
        {"in_reply_to": "a@b"},
    ),
    "no brackets": ({"message_id": "a.b@c", "in_reply_to": "d@e"}, {"message_id": "a.b@c", "in_reply_to": "d@e"}),
    "folded inside": ({"references": "<long\r\n id@b>"}, {"references": ("longid@b",)}),
    "in encoded words": ({"in_reply_to": "=?utf-8?q?=3Ca=40b=3E?="}, {"in_reply_to": "a@b"}),
    "nothing": (
        {"message_id": "", "in_reply_to": ""},
        {"message_id": None, "in_reply_to": None},
    ),
}


@pytest.mark.parametrize("name", IDS)
def test_message_ids_come_without_brackets(name: str) -> None:
    headers, expected = IDS[name]
    assert tell(read_mail(make_mail("", **headers))) == says(**expected)


TRANSFERS: dict[str, tuple[bytes, str, str, tuple[str, ...]]] = {
    "quoted-printable": (b"a=E5=A3=B3b=\r\nc =3D", "quoted-printable", "a壳bc =", ()),
    "lower-case hex, upper-case name": (b"=e5=a3=b3", "Quoted-Printable", "壳", ()),
    "blanks after a soft break": (b"a=  \r\nb", "quoted-printable", "ab", ()),
    "raw bytes in quoted-printable": ("壳=E5=A3=B3".encode(), "quoted-printable", "壳壳", ()),
    "broken escapes": (
        b"100%=ZZ a=E5=A3=B3",
        "quoted-printable",
        "100%=ZZ a壳",
        ("text/plain: 1 places are no valid Quoted-Printable and were left as they stand",),
    ),
    "base64 over lines without padding": (b"5aSW\r\n5aOzYQ", "base64", "外壳a", ()),
    "padding in between": (b"YQ==\r\nYg==\r\n", "base64", "ab", ()),
    "foreign characters": (
        b"5aSW*5aOz5byA6KOC",
        "base64",
        "外壳开裂",
        ("text/plain: the Base64 is damaged and the content may be incomplete; ask for it again",),
    ),
    "a list's footer": (
        b"5aSW5aOzYQ==\r\n\r\n--\r\nunsubscribe: a@b.example\r\n",
        "base64",
        "外壳a",
        ("text/plain: the Base64 is damaged and the content may be incomplete; ask for it again",),
    ),
    "no base64 at all": (
        "外壳 x".encode(),
        "base64",
        "外壳 x",
        ("text/plain: is said to be Base64 and is not; it was taken as it stands",),
    ),
    "unknown": (
        b"abc",
        "x-strange",
        "abc",
        ('text/plain: unknown transfer encoding "x-strange"; it was taken as it stands',),
    ),
    "none but a name": (b"abc", "8Bit", "abc", ()),
}


@pytest.mark.parametrize("name", TRANSFERS)
def test_a_transfer_encoding_is_taken_off_and_its_damage_said(name: str) -> None:
    body, encoding, text, problems = TRANSFERS[name]
    assert text_of(body, "utf-8", encoding) == (text, problems)


PATH = 'the attachment name "{}" holds a path; only its last part was kept'
NAMES: dict[str, tuple[str | bytes, str, tuple[str, ...]]] = {
    "plain": ('attachment; filename="a b.xlsx"', "a b.xlsx", ()),
    "encoded word in quotation marks": ('attachment; filename="=?utf-8?B?5aSW5aOzLmpwZw==?="', "外壳.jpg", ()),
    "extended": ("attachment; filename*=utf-8''%E5%A4%96%E5%A3%B3.jpg", "外壳.jpg", ()),
    "extended gbk": ("attachment; filename*=gb2312'zh'%86%B4.jpg", "喆.jpg", ()),
    "extended before plain": ("attachment; filename=\"x.jpg\"; filename*=utf-8''%E5%A3%B3.jpg", "壳.jpg", ()),
    "continued, out of order": (
        "attachment;\r\n filename*1*=%A3%B3;\r\n filename*0*=utf-8''%E5%A4%96%E5;\r\n filename*2=\".jpg\"",
        "外壳.jpg",
        (),
    ),
    "raw gbk": (b'attachment; filename="' + "外壳喆.jpg".encode("gbk") + b'"', "外壳喆.jpg", ()),
    "no quotation marks, blanks": ("attachment; filename=a b.jpg", "a b.jpg", ()),
    "a quoted quotation mark": (r'attachment; filename="a\"b.jpg"', 'a"b.jpg', ()),
    "unix path": ('attachment; filename="../../etc/cron.d/evil"', "evil", (PATH.format("../../etc/cron.d/evil"),)),
    "windows path": (r'attachment; filename="C:\a\..\b.xlsx"', "b.xlsx", (PATH.format(r"C:\a\..\b.xlsx"),)),
    "only dots": ('attachment; filename=".."', "", ()),
    "none": ("attachment", "", ()),
}


@pytest.mark.parametrize("name", NAMES)
def test_the_name_of_a_file_is_read_however_it_was_written(name: str) -> None:
    value, expected, problems = NAMES[name]
    head = b"Content-Type: image/jpeg\r\nContent-Disposition: " + (
        value if isinstance(value, bytes) else value.encode()
    )
    mail = tell(read_mail(make_multipart("mixed", "Content-Type: text/plain\n\nx", head + b"\r\n\r\nJPG")))
    assert mail == says(text="x", attachments=((expected, "image/jpeg", b"JPG"),), problems=problems)


def test_a_problem_is_said_in_both_languages() -> None:
    [problem] = read_mail(make_mail("", date="gestern")).problems
    assert problem.sentence("zh") == "邮件日期“gestern”无法识别，应类似 Mon, 30 Nov 2026 09:00:00 +0800"  # type: ignore[attr-defined]  # each is a Problem
