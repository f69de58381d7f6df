"""What people may try with a page: nothing is lost, nothing counts twice, nothing leaves the two folders."""

from __future__ import annotations

import io
import json
import os
import random
import sys
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from web_site import CONFIRM, MOMENT, Pages, make_pages
from werkzeug.datastructures import FileStorage, Headers, MultiDict

from qtemplate.plan.pages import Asks, Question
from qtemplate.web.caps import DayCaps
from qtemplate.web.inbox import FILES

TYPED = {200, 303, 400, 403, 404, 405, 413, 415, 422, 429}
"""What a page may answer to whatever was sent; 503 besides where the disk is full."""


@pytest.fixture
def pages(tmp_path: Path) -> Pages:
    return make_pages(tmp_path)


def test_too_much_is_refused_and_nothing_of_it_is_kept(pages: Pages) -> None:
    path = pages.open_link()
    form = pages.form_of(path)
    whole = bytes(26 << 20)
    fields = {"form": form, "confirmation": "solved", "opinion": "x" * 300_000}
    parts: MultiDict[str, str] = MultiDict([("form", form), *((f"f{n}", "x") for n in range(100))])
    for data in (whole, fields, parts):
        said = pages.browser.post(path, data=data, content_type="multipart/form-data; boundary=x")
        assert said.status_code == 413 and "什么都没有保存" in said.text
    photos = [(io.BytesIO(b"\xff\xd8\xff"), f"{n}.jpg") for n in range(6)]
    said = pages.send(path, confirmation="solved", photos=photos)
    assert said.status_code == 422 and "最多 5 张" in said.text
    assert [*pages.site.inbox.rglob("*")] == []


@pytest.mark.parametrize(
    "path",
    ["/a/..%2f..%2fqtemplate.toml", "/a/%2e%2e/%2e%2e/web/secret", "/../web/secret", "/web/export/x.json", "/a/",
     "//a/x", "/a/x%0d%0aSet-Cookie:%20a=b", "/a/%00", "/a/%ff%fe", "/static/x", "/style.css/../../web/secret"],
)  # fmt: skip
def test_no_path_leads_out_and_no_header_is_forged(pages: Pages, path: str) -> None:
    (pages.site.exports.parent / "secret").write_text("s3cret", "ascii")
    said = pages.browser.get(path)
    assert said.status_code in (404, 308) and "s3cret" not in said.text
    assert "Set-Cookie" not in said.headers


def test_whatever_host_is_named_the_answer_stays_on_the_page(pages: Pages) -> None:
    path = pages.open_link()
    data = {"form": pages.form_of(path), "confirmation": "solved"}
    sent = pages.browser.post(path, data=data, headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"})
    assert sent.headers["Location"] == "?thanks"


def test_what_a_person_wrote_is_text_wherever_it_is_shown(pages: Pages) -> None:
    shown = (("产品名称", "<script>alert(1)</script>"),)
    question = Question("opinion", Asks.LONG, "<b>意见</b>", '"><img src=x>')
    path = pages.open_link(replace(CONFIRM, shown=shown, questions=(question,), team="</p><script>"))
    pages.send(path, opinion="</dd><script>alert(2)</script>\u202egpj.exe\x00")
    for text in (pages.browser.get(path).text, pages.browser.get(f"{path}?thanks").text):
        assert "<script" not in text and "<img" not in text and "\u202e" not in text


def test_the_pages_open_nothing_of_a_workspace_but_two_folders(pages: Pages) -> None:
    workspace = pages.site.exports.parents[1]
    (workspace / "register.xlsx").write_bytes(b"x")
    opened: set[str] = set()
    listening = [True]

    def notice(event: str, arguments: tuple[Any, ...]) -> None:
        watched = ("open", "os.mkdir", "os.remove", "os.rename", "os.link", "os.listdir", "os.scandir")
        if listening[0] and event in watched:
            opened.update(os.fspath(each) for each in arguments if isinstance(each, (str, Path)))

    sys.addaudithook(notice)  # what Python opens, as the kernel sees it
    try:
        path = pages.open_link()
        opened.clear()
        pages.send(path, confirmation="solved")
        for address in ("/healthz", path, f"{path}x", "/nothing"):
            pages.browser.get(address)
    finally:
        listening[0] = False
    ours = {Path(each).parent for each in opened if each.startswith(str(workspace))}
    assert ours == {pages.site.exports, pages.site.inbox}


def test_a_log_line_holds_no_link(pages: Pages, caplog: pytest.LogCaptureFixture) -> None:
    path = pages.open_link()
    pages.site.inbox.rmdir()
    said = pages.send(path, confirmation="solved", opinion="原话")
    assert said.status_code == 503 and "暂时无法保存" in said.text and "原话" in said.text
    assert caplog.messages == ["an answer could not be kept: No such file or directory"]
    pages.site.inbox.mkdir()
    assert pages.send(path, confirmation="solved").status_code == 303


def test_an_answer_that_waits_hides_what_is_still_being_written(pages: Pages) -> None:
    path = pages.open_link()
    pages.send(path, confirmation="solved")
    (pages.site.inbox / FILES).mkdir()
    (pages.site.inbox / FILES / "half.jpg").write_bytes(b"x")
    from qtemplate.jobs.incoming.set_aside import is_noise

    assert [file.suffix for file in pages.site.inbox.iterdir() if not is_noise(file)] == [".json"]


# ---- whatever is sent ----


def test_whatever_is_sent_gets_an_answer_that_is_meant(tmp_path: Path) -> None:
    assert _mutated(make_pages(tmp_path, caps=DayCaps(10**6)), 1_000, seed=7) > 0


@pytest.mark.campaign
def test_ten_thousand_requests_get_answers_that_are_meant(tmp_path: Path) -> None:
    assert _mutated(make_pages(tmp_path, caps=DayCaps(10**6)), 10_000, seed=11) > 0


@pytest.mark.campaign
def test_a_thousand_posts_from_one_address_leave_twenty_answers(pages: Pages) -> None:
    for number in range(1_000):
        path = pages.open_link(replace(CONFIRM, id=f"QF-2026-{number + 1:04d}"))
        pages.send(path, confirmation="solved")
    assert len(pages.kept) == 20


def _mutated(pages: Pages, requests: int, *, seed: int) -> int:
    """Sends mutated requests; how many answers were kept."""
    chance = random.Random(seed)
    paths = [pages.open_link(replace(CONFIRM, id=f"QF-2026-{number:04d}")) for number in range(1, 40)]
    forms = {path: pages.form_of(path) for path in paths}
    before = len(pages.kept)
    for _ in range(requests):
        path = chance.choice(paths)
        address = _spoil(chance, path) if chance.random() < 0.3 else path
        method = chance.choice(("GET", "POST", "POST", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"))
        headers = Headers([(name, _word(chance, latin=True)) for name in chance.sample(_NAMES, chance.randrange(3))])
        data = _body(chance, forms[path])
        said = pages.browser.open(address, method=method, data=data, headers=headers)
        assert said.status_code in TYPED | {308}, (method, address, said.status_code)
        assert "Traceback" not in said.text and "Content-Security-Policy" in said.headers
    for kept in pages.kept:
        assert set(kept) == {"schema", "page", "token", "at", "answers", "later", "files"}
        assert kept["at"] == MOMENT.isoformat() and all(isinstance(each, str) for each in kept["answers"].values())
        assert len(json.dumps(kept)) < 20_000
    return len(pages.kept) - before


_NAMES = ["Accept-Language", "Content-Type", "Sec-Fetch-Site", "Origin", "Cookie", "X-Forwarded-For", "Range", "Expect"]
_WORDS = ["", "solved", "1", "5", "6", "-1", "2026-07-28", "9999-99-99", "=cmd|'/c calc'!A1", "<script>", "{{7*7}}",
          "../../x", "\x00\x07", "\u202e", "，", "真的 不行" * 50, "x" * 3_000, "%0d%0aX: y", "\ud800", "text/plain",
          "multipart/form-data", "multipart/form-data; boundary=", "application/json", "same-origin", "cross-site",
          "zh;q=0.1,en"]  # fmt: skip


def _word(chance: random.Random, *, latin: bool = False) -> str:
    word = chance.choice(_WORDS) + (chance.choice(_WORDS) if chance.random() < 0.2 else "")
    if latin:
        return "".join(sign for sign in word if 32 <= ord(sign) < 127)[:200]
    return word.encode("utf-8", "replace").decode()


def _spoil(chance: random.Random, path: str) -> str:
    at = chance.randrange(1, len(path))
    return chance.choice(
        (
            path[:at],
            path + "x",
            path[:at] + chance.choice("A.-_~%/") + path[at + 1 :],
            path.swapcase(),
            path + "/",
            path + "?a=b",
        )
    )


def _body(chance: random.Random, form: str) -> Any:
    if chance.random() < 0.1:
        return chance.randbytes(chance.randrange(400))
    data: MultiDict[str, Any] = MultiDict()
    data.add("form", form if chance.random() < 0.7 else _word(chance))
    data.add("confirmation", chance.choice(("solved", "not_solved", _word(chance))))
    for name in chance.sample(["confirmation", "satisfaction", "opinion", "more", "decision", "x", "form"], 3):
        data.add(name, _word(chance))
    if chance.random() < 0.2:
        file = io.BytesIO(chance.choice((b"", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n")) + chance.randbytes(50))
        data.add("photos", FileStorage(file, filename=chance.choice(("a.jpg", "../b.png", "", "c.exe"))))
    return data
