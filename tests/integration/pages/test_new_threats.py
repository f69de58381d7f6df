"""What people may try with the page on which anybody reports something."""

from __future__ import annotations

import io
import json
import random
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pytest
from new_reports import FIRST, SECOND, Reporter, hidden_in, offer_on
from PIL import Image
from web_site import Pages, make_pages
from werkzeug.datastructures import FileStorage, Headers, MultiDict

from qtemplate.plan.new_page import LONGEST, NUMBER
from qtemplate.web.caps import DayCaps

TYPED = {200, 303, 308, 400, 403, 404, 405, 413, 415, 422, 429}


@pytest.fixture
def reporter(tmp_path: Path) -> Reporter:
    pages = make_pages(tmp_path)
    offer_on(pages)
    return Reporter(pages)


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width: int, height: int, *more: bytes) -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    return b"".join(
        (b"\x89PNG\r\n\x1a\n", head, *more, chunk(b"IDAT", zlib.compress(bytes(100_000))), chunk(b"IEND", b""))
    )


def jpeg(width: int, height: int) -> bytes:
    """A small picture whose header says that it has these sides."""
    written = io.BytesIO()
    Image.effect_noise((64, 48), 60).save(written, "JPEG")
    data = bytearray(written.getvalue())
    at = data.index(b"\xff\xc0") + 5
    data[at : at + 4] = struct.pack(">HH", height, width)
    return bytes(data)


def zipped() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.jpg", bytes(20 << 20))
    return written.getvalue()


BOMBS = {
    "20,000 x 20,000 of PNG": png(20_000, 20_000),
    "text that unpacks to a gigabyte": png(8, 8, chunk(b"zTXt", b"k\0\0" + zlib.compress(bytes(64 << 20)))),
    "a JPEG that says 65,000 x 65,000": jpeg(65_000, 65_000),
    "a JPEG that says nothing": jpeg(0, 0),
    "a zip": zipped(),
    "HTML": b"<!doctype html><script>alert(1)</script>",
    "HTML behind a JPEG's first bytes": b"\xff\xd8\xff<script>alert(1)</script>",
    "SVG": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "GIF": b"GIF89a/*" + bytes(50),
    "a program": b"MZ" + bytes(500),
    "HEIC, which no phone sends to a page": b"\x00\x00\x00\x18ftypheic" + bytes(500),
    "Matroska": b"\x1a\x45\xdf\xa3" + bytes(500),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_or_what_is_no_picture_is_refused_and_nothing_is_kept(reporter: Reporter, name: str) -> None:
    said = reporter.report(photos=(io.BytesIO(BOMBS[name]), "holiday.jpg"))
    assert said.status_code == 422 and "照片或视频 – " in said.text
    assert [*reporter.pages.site.inbox.rglob("*")] == []


@pytest.mark.parametrize("sides", [(5, 5), (60, 400), (4_000, 3_000)])
def test_a_header_that_lies_makes_no_other_file_than_a_picture_of_ours(
    reporter: Reporter, sides: tuple[int, int]
) -> None:
    said = reporter.report(photos=(io.BytesIO(jpeg(*sides)), "a.jpg"))
    assert said.status_code in (303, 422)
    for file in (reporter.pages.site.inbox / ".files").glob("*"):
        with Image.open(file) as kept:
            kept.load()
            assert kept.format == "JPEG" and max(kept.size) <= 2_560


def test_what_is_too_big_is_said_and_not_kept(reporter: Reporter) -> None:
    carried = reporter.at_second_step()
    for files, why in (
        ([(io.BytesIO(b"\xff\xd8\xff" + bytes(9 << 20)), "a.jpg")], "有一张照片太大"),
        ([(io.BytesIO(b"\x00\x00\x00\x18ftypmp42" + bytes(21 << 20)), "a.mp4")], "视频太大，不超过 20 MB"),
        ([(io.BytesIO(png(8, 8)), f"{n}.png") for n in range(6)], "照片太多，最多 5 张"),
    ):
        said = reporter.post(**carried, **SECOND, photos=files)
        assert said.status_code == 422 and why in said.text
    whole = reporter.post(**carried, **SECOND, photos=[(io.BytesIO(bytes(26 << 20)), "a.jpg")])
    assert whole.status_code == 413 and "什么都没有保存" in whole.text
    long = reporter.post(**{**carried, "description": "长" * 100_000}, **SECOND)
    assert long.status_code in (413, 422)
    assert [*reporter.pages.site.inbox.rglob("*")] == []


@pytest.mark.parametrize("name", ["reporter", "organisation", "batch", "model", "phone", "email", "contact_other"])
def test_no_field_of_one_line_takes_a_line_of_a_header(reporter: Reporter, name: str) -> None:
    for breaks in ("\r\n", "\n", "\u2028"):
        said = reporter.report(**{name: f"王芳{breaks}Bcc: victim@example.com"})
        kept = [each["answers"].get(name, "") for each in reporter.pages.kept]
        assert said.status_code in (200, 303, 422) and not any("\n" in each or "\r" in each for each in kept)


def test_what_was_typed_is_shown_as_text_again(reporter: Reporter) -> None:
    typed = '"><script>alert(1)</script>\u202e\x00'
    for said in (
        reporter.report(scene=typed, email="no"),
        reporter.post(**{**hidden_in(reporter.look().text), **FIRST, "title": typed, "description": "短"}),
    ):
        assert said.status_code == 422 and "<script" not in said.text and "\u202e" not in said.text


def test_no_answer_of_ours_goes_where_somebody_else_says(reporter: Reporter) -> None:
    carried = reporter.at_second_step()
    headers = {**reporter.headers, "Host": "evil.example", "X-Forwarded-Host": "evil.example"}
    sent = Reporter(reporter.pages, headers=headers).post(**{**carried, "lang": "en\r\nSet-Cookie: a=b"}, **SECOND)
    assert sent.headers["Location"] == f"?got={carried['number']}&lang=zh" and "Set-Cookie" not in sent.headers


# ---- whatever is sent ----


def test_whatever_is_sent_gets_an_answer_that_is_meant(tmp_path: Path) -> None:
    assert _mutated(make_pages(tmp_path, caps=DayCaps(10**6)), 200, seed=3) > 0


@pytest.mark.campaign
def test_ten_thousand_requests_get_answers_that_are_meant(tmp_path: Path) -> None:
    assert _mutated(make_pages(tmp_path, caps=DayCaps(10**6)), 10_000, seed=5) > 0


@pytest.mark.campaign
def test_a_thousand_posts_from_one_address(reporter: Reporter) -> None:
    statuses = [reporter.report(email=f"a{n}@example.com").status_code for n in range(1_000)]
    assert (statuses.count(303), statuses.count(429)) == (100, 900)
    held = [each["held"] for each in reporter.pages.kept]
    assert (held.count(""), held.count("address")) == (20, 80)


_WORDS = ["", "-", "智能温控器", "TC-200", "hardware", "yes", "1", "2", "=cmd|'/c calc'!A1", "<script>", "{{7*7}}",
          "../../x", "\x00\x07", "\u202e", "真的不行" * 20, "x" * 3_000, "%0d%0aX: y", "\ud800", "a@b.example",
          "+86 13800138000", "W260716-00000000", "zh", "en", "multipart/form-data; boundary=", "application/json",
          "same-origin", "cross-site"]  # fmt: skip
_HEADERS = [
    "Accept-Language",
    "Content-Type",
    "Sec-Fetch-Site",
    "Origin",
    "Cookie",
    "X-Forwarded-For",
    "Range",
    "Expect",
]
_METHODS = ("GET", "POST", "POST", "POST", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE")


def _word(chance: random.Random, *, latin: bool = False) -> str:
    word = chance.choice(_WORDS) + (chance.choice(_WORDS) if chance.random() < 0.2 else "")
    if latin:
        return "".join(sign for sign in word if 32 <= ord(sign) < 127)[:200]
    return word.encode("utf-8", "replace").decode()


def _mutated(pages: Pages, requests: int, *, seed: int) -> int:
    """Sends mutated requests; how many reports were kept."""
    chance = random.Random(seed)
    offer_on(pages)
    channels = ("website", "dealer", "internal")
    carried: dict[str, dict[str, str]] = {}
    for number in range(requests):
        if number % 40 == 0:  # a page that somebody opens anew has another number
            carried = {each: Reporter(pages, f"/new/{each}").at_second_step() for each in channels}
        channel = chance.choice(channels)
        path = f"/new/{channel}" + (
            f"?{chance.choice(('product', 'got', 'lang', 'x'))}={_word(chance, latin=True)}"
            if chance.random() < 0.3
            else ""
        )
        if chance.random() < 0.1:
            path = path[: chance.randrange(1, len(path))] + chance.choice("%/.\\~x")
        headers = Headers([(name, _word(chance, latin=True)) for name in chance.sample(_HEADERS, chance.randrange(3))])
        said = pages.browser.open(
            path, method=chance.choice(_METHODS), data=_body(chance, carried[channel]), headers=headers
        )
        assert said.status_code in TYPED, (path, said.status_code)
        assert "Traceback" not in said.text and "Content-Security-Policy" in said.headers
    for kept in pages.kept:
        assert set(kept) - {"later"} == {
            "schema",
            "page",
            "number",
            "channel",
            "language",
            "at",
            "answers",
            "held",
            "files",
        }
        assert NUMBER.fullmatch(kept["number"]) and kept["channel"] in channels and kept["language"] in ("zh", "en")
        assert all(len(text) <= LONGEST[name] for name, text in kept["answers"].items())
        assert len(json.dumps(kept)) < 40_000
    return len(pages.kept)


def _body(chance: random.Random, carried: dict[str, str]) -> Any:
    if chance.random() < 0.1:
        return chance.randbytes(chance.randrange(400))
    data: MultiDict[str, Any] = MultiDict({**carried, **FIRST, **SECOND})
    if chance.random() < 0.5:
        data["organisation"] = "城东经销商"
    for name in chance.sample([*data, "x", "back", "files"], chance.randrange(4)):
        data[name] = _word(chance)
    if chance.random() < 0.2:
        start = chance.choice(
            (b"", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"\0\0\0\x18ftypmp42", b"\x1a\x45\xdf\xa3webm")
        )
        file = io.BytesIO(start + chance.randbytes(50))
        data.add("photos", FileStorage(file, filename=chance.choice(("a.jpg", "../b.png", "", "c.exe"))))
    return data
