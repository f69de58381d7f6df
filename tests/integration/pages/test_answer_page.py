"""The page behind a link: what it shows, what it keeps, and what it never does."""

from __future__ import annotations

import datetime as dt
import errno
import io
import os
import re
from pathlib import Path

import pytest
from msgspec.structs import replace
from PIL import Image
from web_site import CONFIRM, MOMENT, UNTIL, Pages, make_pages

from qtemplate.plan.pages import PageKind
from qtemplate.received.links import Link, make_nonce, read_token, write_token
from qtemplate.web.inbox import FILES


@pytest.fixture
def pages(tmp_path: Path) -> Pages:
    return make_pages(tmp_path)


def photo(size: tuple[int, int] = (40, 30), kind: str = "JPEG") -> io.BytesIO:
    """A picture with the place where it was taken inside."""
    written = io.BytesIO()
    picture = Image.new("RGB", size, "red")
    exif = Image.Exif()
    exif[0x010E] = "31.2304 N, 121.4737 E"
    picture.save(written, kind, exif=exif)
    written.seek(0)
    return written


def test_an_answer_is_kept_as_one_file_and_shown_afterwards(pages: Pages) -> None:
    path = pages.open_link()
    sent = pages.send(path, confirmation="solved", satisfaction="5", opinion="很好\r\n谢谢")
    assert (sent.status_code, sent.headers["Location"]) == (303, "?thanks")
    (kept,) = pages.kept
    assert kept == {
        "schema": 1,
        "page": "answer",
        "token": path.removeprefix("/a/"),
        "at": "2026-07-16T09:00:00+08:00",
        "answers": {"confirmation": "solved", "satisfaction": "5", "opinion": "很好\n谢谢"},
        "later": False,
        "files": [],
    }
    after = pages.browser.get(f"{path}?thanks").text
    assert "谢谢，已经收到" in after and "已解决" in after and "5 分" in after and 'name="confirmation"' not in after


def test_looking_at_a_page_records_nothing(pages: Pages) -> None:
    path = pages.open_link()
    for _ in range(20):
        for method in ("GET", "HEAD"):
            assert pages.browser.open(path, method=method).status_code == 200
    assert [*pages.site.inbox.iterdir()] == []


def test_a_page_says_what_is_wrong_and_keeps_what_was_typed(pages: Pages) -> None:
    path = pages.open_link()
    said = pages.send(path, satisfaction="9", opinion="屏幕<b>还是</b>黑")
    assert said.status_code == 422
    assert re.findall(r'<a href="(#[^"]+)">([^<]+)</a>', said.text) == [
        ("#confirmation-1", "问题解决了吗？ – 请选择一项"),
        ("#satisfaction-1", "总体满意度 – 请选择一项"),
    ]
    assert "屏幕&lt;b&gt;还是&lt;/b&gt;黑" in said.text and pages.kept == []


def test_links_that_are_not_open_look_alike(pages: Pages) -> None:
    good = pages.open_link()
    other = make_nonce(pages.site.secret, "QF-2026-0002", "confirm")
    unknown = Link(PageKind.CONFIRM, "QF-2026-0002", 1, other, UNTIL)
    nonce = make_nonce(pages.site.secret, "QF-2026-0001", "confirm")
    swapped = Link(PageKind.CONFIRM, "QF-2026-0009", 1, nonce, UNTIL)  # a nonce that belongs to another feedback
    late = Link(PageKind.CONFIRM, "QF-2026-0001", 1, nonce, MOMENT - dt.timedelta(seconds=1))
    over = pages.open_link(replace(CONFIRM, id="QF-2026-0003", until=(MOMENT - dt.timedelta(hours=1)).isoformat()))
    tokens = [
        good + "x", good[:-5], "/a/x", "/a/" + "y" * 5000, "/a/..%2f..%2fqtemplate", over,
        *(f"/a/{write_token(pages.site.secret, link)}" for link in (unknown, swapped, late)),
        f"/a/{write_token(b'another secret, another secret, another', unknown)}",
    ]  # fmt: skip
    answers = [pages.browser.get(path) for path in tokens]
    answers += [pages.browser.post(path, data={"confirmation": "solved"}) for path in tokens if "%2f" not in path]
    assert {each.status_code for each in answers} == {404}
    assert len({each.text.replace("../", "") for each in answers}) == 1
    assert pages.kept == []


def test_a_second_answer_is_kept_as_a_later_one(pages: Pages) -> None:
    path = pages.open_link()
    form = pages.form_of(path)
    first = {"form": form, "confirmation": "solved", "satisfaction": "5"}
    for answer in (first, first, {"form": form, "confirmation": "not_solved", "opinion": "又坏了"}):
        assert pages.browser.post(path, data=answer).status_code == 303
    assert [(kept["answers"]["confirmation"], kept["later"]) for kept in pages.kept] == [
        ("solved", False),
        ("not_solved", True),
    ]
    added = pages.send(path, more="补充：换了电池")
    assert added.headers["Location"] == "?added"
    assert pages.kept[-1]["answers"] == {"more": "补充：换了电池"} or pages.kept[-2]["answers"] == {
        "more": "补充：换了电池"
    }


def test_a_form_that_is_not_of_this_page_is_not_taken(pages: Pages) -> None:
    path, other = pages.open_link(), pages.open_link(replace(CONFIRM, id="QF-2026-0002"))
    for form in ("", "x", pages.form_of(other)):
        said = pages.browser.post(path, data={"form": form, "confirmation": "solved"})
        assert said.status_code == 403 and "页面打开得太久" in said.text
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    own = {"form": pages.form_of(path), "confirmation": "solved"}
    assert pages.browser.post(path, data=own, headers=elsewhere).status_code == 403
    assert pages.kept == []


def test_photos_are_written_anew_under_names_of_ours(pages: Pages) -> None:
    path = pages.open_link()
    files = [(photo(), "../../../etc/cron.d/x.jpg"), (photo(kind="PNG"), "屏幕.png")]
    assert pages.send(path, confirmation="solved", photos=files).status_code == 303
    (kept,) = pages.kept
    assert [(name, kind) for name, kind, _ in kept["files"]] == [
        ("photo-1.jpg", "image/jpeg"),
        ("photo-2.jpg", "image/jpeg"),
    ]
    for _, _, name in kept["files"]:
        data = (pages.site.inbox / FILES / name).read_bytes()
        assert data.startswith(b"\xff\xd8\xff") and b"121.4737" not in data


@pytest.mark.parametrize(
    "data", [b"GIF89a", b"<svg onload=alert(1)>", b"\xff\xd8\xff" + b"x" * 100, b"PK\x03\x04", b""]
)
def test_what_is_no_photo_is_refused_and_nothing_is_kept(pages: Pages, data: bytes) -> None:
    path = pages.open_link()
    said = pages.send(path, confirmation="solved", photos=(io.BytesIO(data), "a.jpg"))
    assert said.status_code == 422 and "有一个文件不是照片" in said.text
    assert [*pages.site.inbox.rglob("*")] == []


def test_one_address_sends_so_much_a_day_and_no_more(pages: Pages) -> None:
    for number in range(25):
        path = pages.open_link(replace(CONFIRM, id=f"QF-2026-{number + 1:04d}"))
        assert pages.send(path, confirmation="solved").status_code == (303 if number < 20 else 429)
    assert len(pages.kept) == 20


def test_every_answer_forbids_what_is_not_ours(pages: Pages) -> None:
    for path in (pages.open_link(), "/healthz", "/nothing", "/style.css"):
        headers = pages.browser.get(path).headers
        assert headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'self'")
        assert headers["Referrer-Policy"] == "no-referrer" and "Set-Cookie" not in headers
    text = pages.browser.get(pages.open_link()).text
    assert "<script" not in text and "http" not in text and "style=" not in text and len(text.encode()) < 30_000


def test_a_token_says_what_it_is_about() -> None:
    secret = b"s" * 32
    link = Link(PageKind.TASK, "QF-2026-0001", 2, make_nonce(secret, "QF-2026-0001", "task"), UNTIL.astimezone(dt.UTC))
    assert read_token(secret, write_token(secret, link)) == link
    assert read_token(b"t" * 32, write_token(secret, link)) is None


def test_an_answer_has_its_name_when_the_disk_is_made_sure_of_it(pages: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    path, sure = pages.open_link(), os.fsync
    there: list[bytes] = []

    def note(file: int) -> None:
        there.extend(
            each.read_bytes()
            for each in pages.site.inbox.glob("*.json")
            if os.path.samestat(each.stat(), os.fstat(file))
        )
        sure(file)

    monkeypatch.setattr(os, "fsync", note)
    assert pages.send(path, confirmation="solved").status_code == 303
    assert there == [each.read_bytes() for each in pages.site.inbox.iterdir() if not each.name.startswith(".counts")]


def test_of_an_answer_that_the_disk_is_not_sure_of_nothing_is_left(
    pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = pages.open_link()

    def fail(file: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", fail)
        assert pages.send(path, confirmation="solved").status_code == 503
        assert list(pages.site.inbox.iterdir()) == []
    assert pages.send(path, confirmation="solved").status_code == 303
