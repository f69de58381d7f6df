"""What pages cost: answers a second beside bare Flask on the same server, memory after 10,000 posts, size of a page.

    python benchmarks/web.py [POSTS]

Both are asked by the same client over one kept connection on loopback, in turns, and the best of five turns counts:
the machine has other things to do, too. Bare = Flask and waitress that give the same bytes from memory, and write a
form that was sent into a file, on the disk for sure; guarded = the same with the headers that every page of ours has,
and the proxy that may say whose address it is. A rate is by the processor time that the server had, on one core.
"""

from __future__ import annotations

import contextlib
import json
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), *(str(ROOT / "tests" / each) for each in ("makers", "peers"))]

from new_reports import FIRST, SECOND, offer_on  # noqa: E402 - the checkout is the library
from web_site import CONFIRM, MOMENT, SECRET, Pages, make_pages  # noqa: E402

from qtemplate.received.links import read_token, sign_form  # noqa: E402

TURNS, REQUESTS = 5, 300

SERVE = """
import datetime as dt, pathlib, sys
from qtemplate.web.caps import DayCaps
from qtemplate.web.serve import serve
from qtemplate.web.site import Site
home, secret = pathlib.Path(sys.argv[1]), sys.argv[3].encode()
moment = dt.datetime.fromisoformat(sys.argv[2])
inbox = home / "intake" / "in" / "web"
site = Site(home / "web" / "export", inbox, secret, lambda: moment, DayCaps(10**9, inbox, secret))
serve(site, "127.0.0.1", int(sys.argv[4]))
"""
BARE = """
import itertools, json, os, sys
from flask import Flask, redirect, request
from waitress import serve
app, number = Flask("bare"), itertools.count()
page, new_page = (open(f"{sys.argv[1]}/{name}.html", encoding="utf-8").read() for name in ("page", "new"))
@app.get("/a/<token>")
def show(token):
    return page
@app.get("/new/<channel>")
def show_new(channel):
    return new_page
@app.post("/a/<token>")
@app.post("/new/<channel>")
def take(token="", channel=""):
    with open(f"{sys.argv[2]}/{next(number)}.json", "w") as file:
        json.dump(request.form.to_dict(), file)
        file.flush()
        os.fsync(file.fileno())
    return redirect("?thanks", 303)
more = {}
if sys.argv[3] == "guarded":
    from qtemplate.web.headers import add_headers
    add_headers(app)
    headers = {"x-forwarded-for"}
    more = dict(trusted_proxy="127.0.0.1", trusted_proxy_headers=headers, clear_untrusted_proxy_headers=True)
serve(app, host="127.0.0.1", port=int(sys.argv[4]), threads=4, ident=None, **more)
"""


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@dataclass
class Server:
    """A process that serves."""

    process: int
    port: int

    def spent(self) -> float:
        """Seconds of processor time that its threads have had: the machine may have other things to do meanwhile."""
        tasks = Path(f"/proc/{self.process}/task").glob("*/schedstat")
        return sum(int(task.read_text("ascii").split()[0]) for task in tasks) / 1e9

    def memory_kb(self) -> int:
        found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{self.process}/status").read_text("ascii"))
        return int(found[1]) if found else 0


@contextlib.contextmanager
def running(code: str, *arguments: str) -> Iterator[Server]:
    """A server, until the block ends."""
    port = free_port()
    process = subprocess.Popen([sys.executable, "-c", code, *arguments, str(port)], cwd=ROOT, stderr=subprocess.DEVNULL)
    try:
        for _ in range(200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.05)
        yield Server(process.pid, port)
    finally:
        process.terminate()
        process.wait(10)


class Line:
    """One kept connection, whose client costs next to nothing: what is measured is the server."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._came = b""

    def ask(self, method: str, path: str, body: bytes = b"") -> int:
        """The status of the answer, which is read to its end."""
        head = f"{method} {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\nContent-Type: {FORM}\r\n\r\n"
        self._socket.sendall(head.encode("ascii") + body)
        while (end := self._came.find(b"\r\n\r\n")) < 0:
            self._came += self._socket.recv(65_536)
        found = LENGTH.search(self._came, 0, end + 2)
        assert found is not None
        whole = end + 4 + int(found[1])
        while len(self._came) < whole:
            self._came += self._socket.recv(65_536)
        status, self._came = int(self._came[9:12]), self._came[whole:]
        return status

    def close(self) -> None:
        self._socket.close()


FORM = "application/x-www-form-urlencoded"
LENGTH = re.compile(rb"\r\ncontent-length: (\d+)\r\n", re.I)


def page_rate(server: Server, path: str) -> float:
    """Pages a second of the server's own time, over one connection."""
    line, began = Line(server.port), server.spent()
    for _ in range(REQUESTS):
        assert line.ask("GET", path) == 200
    line.close()
    return REQUESTS / (server.spent() - began)


def answer_rate(pages: Pages, server: Server, first: int, posts: int = REQUESTS) -> float:
    """Answers a second, each to a link of its own, kept on the disk for sure."""
    ready = []
    for number in range(first, first + posts):
        path = pages.open_link(replace(CONFIRM, id=f"QF-2026-{number:05d}"))
        link = read_token(SECRET, path.removeprefix("/a/"))
        assert link is not None
        form = {"form": sign_form(SECRET, link.digest), "confirmation": "solved", "opinion": "谢谢"}
        ready.append((path, urllib.parse.urlencode(form)))
    return _posted(server, ready)


def report_rate(server: Server, first: int) -> float:
    """Reports a second, each with a number of its own: the step that is kept, on the disk for sure."""
    ready = []
    for number in range(first, first + REQUESTS):
        own = f"W260716-{number:08d}"
        form = {"form": sign_form(SECRET, f"new/website/{own}"), "number": own, "step": "2", "lang": "zh"}
        ready.append(
            ("/new/website", urllib.parse.urlencode({**form, **FIRST, **SECOND, "email": f"a{number}@x.example"}))
        )
    return _posted(server, ready)


def _posted(server: Server, ready: list[tuple[str, str]]) -> float:
    """Forms a second of the server's own time, over one connection."""
    line, began = Line(server.port), server.spent()
    for path, body in ready:
        assert line.ask("POST", path, body.encode("ascii")) == 303
    line.close()
    return len(ready) / (server.spent() - began)


def main(posts: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        pages = make_pages(Path(folder) / "site")
        path = pages.open_link()
        text = pages.browser.get(path).text
        offer_on(pages)
        new = pages.browser.get("/new/website").text
        kept = Path(folder) / "kept"
        kept.mkdir()
        (Path(folder) / "page.html").write_text(text, "utf-8")
        (Path(folder) / "new.html").write_text(new, "utf-8")
        number = 1
        asking = [str(Path(folder) / "site"), MOMENT.isoformat(), SECRET.decode()]
        with (
            running(SERVE, *asking) as ours,
            running(BARE, folder, str(kept), "plain") as bare,
            running(BARE, folder, str(kept), "guarded") as guarded,
        ):
            pages_, answers, forms, reports = ([0.0, 0.0, 0.0] for _ in range(4))
            for _ in range(TURNS):
                for at, server in enumerate((ours, bare, guarded)):
                    pages_[at] = max(pages_[at], page_rate(server, path))
                    answers[at] = max(answers[at], answer_rate(pages, server, number))
                    forms[at] = max(forms[at], page_rate(server, "/new/website"))
                    reports[at] = max(reports[at], report_rate(server, number))
                    number += REQUESTS
            before = ours.memory_kb()
            answer_rate(pages, ours, number, posts)
            after = ours.memory_kb()
    told = {
        "page_bytes": {"answer": len(text.encode()), "new": len(new.encode())},
        "pages_a_second": _beside(pages_),
        "answers_a_second": _beside(answers),
        "new_pages_a_second": _beside(forms),
        "reports_a_second": _beside(reports),
        "memory_kb": {"before": before, f"after {posts} more answers": after},
    }
    print(json.dumps(told, ensure_ascii=False, indent=1))


def _beside(rates: list[float]) -> dict[str, float]:
    ours, bare, guarded = rates
    shares = {"share": round(ours / bare, 2), "share of guarded": round(ours / guarded, 2)}
    return {"ours": round(ours), "bare": round(bare), "guarded": round(guarded), **shares}


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
