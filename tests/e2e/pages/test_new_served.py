"""The page to report on in a server of its own: on a full disk, killed in the middle, started anew."""

from __future__ import annotations

import io
import resource
import signal
import socket
import sys
import time
from pathlib import Path

import pytest
from new_reports import FIRST, SECOND, form_body, hidden_in, offer_on
from PIL import Image
from web_serving import Server, deliveries, serving
from web_site import MOMENT, SECRET, Pages, make_pages

from qtemplate.web.caps import DayCaps

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
PATH = "/new/website?lang=zh"


@pytest.fixture
def pages(tmp_path: Path) -> Pages:
    made = make_pages(tmp_path)
    offer_on(made)
    return made


def photo(side: int = 300) -> tuple[io.BytesIO, str]:
    written = io.BytesIO()
    Image.effect_noise((side, side), 80).save(written, "JPEG", quality=95)
    return written, "a.jpg"


def last_step(server: Server, **more: object) -> tuple[bytes, str]:
    """The body that sends a report, with a photo, and its content type."""
    first = form_body({**hidden_in(server.ask(PATH)[1]), **FIRST})
    return form_body({**hidden_in(server.ask(PATH, *first)[1]), **SECOND, "photos": photo(), **more})


def test_on_a_full_disk_it_is_said_and_can_be_sent_again(pages: Pages) -> None:
    with serving(pages) as server:
        body = last_step(server)
        limits = resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
        status, said = server.ask(PATH, *body)
        assert (status, "暂时无法保存" in said, hidden_in(said)["title"]) == (503, True, FIRST["title"])
        assert deliveries(pages) == [] and [*pages.site.inbox.glob(".files/*")] == []
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, limits)
        assert server.ask(PATH, *body)[0] == 200
    (kept,) = pages.kept
    assert (kept["answers"]["title"], len(kept["files"])) == (FIRST["title"], 1)


def test_killed_in_the_middle_it_leaves_nothing_and_the_same_page_can_be_sent_again(pages: Pages) -> None:
    with serving(pages) as server:
        body, kind = last_step(server, photos=photo(900))
        head = f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
        with socket.create_connection(("127.0.0.1", server.port)) as line:
            line.sendall(head.encode() + body[: len(body) // 2])
            time.sleep(0.2)
            server.process.send_signal(signal.SIGKILL)
            server.process.wait(10)
    assert deliveries(pages) == [] and [*pages.site.inbox.glob(".files/*")] == []
    with serving(pages) as server:
        for _ in range(2):
            assert server.ask(PATH, body, kind)[0] == 200
    assert len(pages.kept) == 1


def test_what_an_address_may_send_is_counted_over_a_restart(pages: Pages) -> None:
    before = DayCaps(20, pages.site.inbox, SECRET)
    for _ in range(19):
        before.count(MOMENT, "new 127.0.0.1")
    for mail in ("a@example.com", "b@example.com"):
        with serving(pages) as server:
            assert server.ask(PATH, *last_step(server, email=mail))[0] == 200
    assert sorted((kept["answers"]["email"], kept["held"]) for kept in pages.kept) == [
        ("a@example.com", ""),
        ("b@example.com", "address"),
    ]
    (counts,) = pages.site.inbox.glob(".counts-*")
    assert "127.0.0.1" not in counts.read_text("ascii")
    workspace = pages.site.exports.parents[1]
    made = {path.parent for path in workspace.rglob("*") if path.is_file()} - {workspace}
    assert made == {pages.site.exports, pages.site.inbox, pages.site.inbox / ".files"}
