"""What pages cost: answers a second beside bare Flask on the same server, memory after 10,000 posts, size of a page.

    python benchmarks/web.py [POSTS]

Both are asked by the same client over one kept connection on loopback, in turns, and the best of five turns counts:
the machine has other things to do, too. Bare = Flask and waitress that give the same bytes from memory, and write a
form that was sent into a file, on the disk for sure.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
from collections.abc import Iterator
from pathlib import Path

from msgspec.structs import replace

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from web_site import CONFIRM, MOMENT, SECRET, Pages, make_pages  # noqa: E402 - the checkout is the library

from qtemplate.received.links import read_token, sign_form  # noqa: E402

TURNS, REQUESTS = 5, 300

SERVE = """
import datetime as dt, pathlib, sys
from qtemplate.web.caps import DayCaps
from qtemplate.web.serve import serve
from qtemplate.web.site import Site
home, secret = pathlib.Path(sys.argv[1]), sys.argv[3].encode()
moment = dt.datetime.fromisoformat(sys.argv[2])
site = Site(home / "web" / "export", home / "intake" / "in" / "web", secret, lambda: moment, DayCaps(10**9))
serve(site, "127.0.0.1", int(sys.argv[4]))
"""
BARE = """
import itertools, json, os, sys
from flask import Flask, redirect, request
from waitress import serve
app, number = Flask("bare"), itertools.count()
page = open(sys.argv[1], encoding="utf-8").read()
@app.get("/a/<token>")
def show(token):
    return page
@app.post("/a/<token>")
def take(token):
    with open(f"{sys.argv[2]}/{next(number)}.json", "w") as file:
        json.dump(request.form.to_dict(), file)
        file.flush()
        os.fsync(file.fileno())
    return redirect("?thanks", 303)
serve(app, host="127.0.0.1", port=int(sys.argv[3]), threads=4, ident=None)
"""


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextlib.contextmanager
def running(code: str, port: int, *arguments: str) -> Iterator[int]:
    """A server; its process id."""
    process = subprocess.Popen([sys.executable, "-c", code, *arguments, str(port)], cwd=ROOT, stderr=subprocess.DEVNULL)
    try:
        for _ in range(200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.05)
        yield process.pid
    finally:
        process.terminate()
        process.wait(10)


def page_rate(port: int, path: str) -> float:
    """Pages a second over one connection."""
    line, began = http.client.HTTPConnection("127.0.0.1", port), time.perf_counter()
    for _ in range(REQUESTS):
        line.request("GET", path)
        line.getresponse().read()
    line.close()
    return REQUESTS / (time.perf_counter() - began)


def answer_rate(pages: Pages, port: int, first: int, posts: int = REQUESTS) -> float:
    """Answers a second, each to a link of its own, kept on the disk for sure."""
    ready = []
    for number in range(first, first + posts):
        path = pages.open_link(replace(CONFIRM, id=f"QF-2026-{number:05d}"))
        link = read_token(SECRET, path.removeprefix("/a/"))
        assert link is not None
        form = {"form": sign_form(SECRET, link.digest), "confirmation": "solved", "opinion": "谢谢"}
        ready.append((path, urllib.parse.urlencode(form)))
    line, began = http.client.HTTPConnection("127.0.0.1", port), time.perf_counter()
    for path, body in ready:
        line.request("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded"})
        answer = line.getresponse()
        answer.read()
        assert answer.status == 303
    line.close()
    return posts / (time.perf_counter() - began)


def memory_kb(process: int) -> int:
    found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{process}/status").read_text("ascii"))
    return int(found[1]) if found else 0


def main(posts: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        pages = make_pages(Path(folder) / "site")
        path = pages.open_link()
        text = pages.browser.get(path).text
        shown, kept = Path(folder) / "page.html", Path(folder) / "kept"
        shown.write_text(text, "utf-8")
        kept.mkdir()
        ours, bare, number = free_port(), free_port(), 1
        asking = [str(Path(folder) / "site"), MOMENT.isoformat(), SECRET.decode()]
        with running(SERVE, ours, *asking) as process, running(BARE, bare, str(shown), str(kept)):
            pages_, answers = [0.0, 0.0], [0.0, 0.0]
            for _ in range(TURNS):
                for at, port in enumerate((ours, bare)):
                    pages_[at] = max(pages_[at], page_rate(port, path))
                    answers[at] = max(answers[at], answer_rate(pages, port, number))
                    number += REQUESTS
            before = memory_kb(process)
            answer_rate(pages, ours, number, posts)
            after = memory_kb(process)
    told = {
        "page_bytes": len(text.encode()),
        "pages_a_second": _beside(pages_),
        "answers_a_second": _beside(answers),
        "memory_kb": {"before": before, f"after {posts} more answers": after},
    }
    print(json.dumps(told, ensure_ascii=False, indent=1))


def _beside(rates: list[float]) -> dict[str, float]:
    ours, bare = rates
    return {"ours": round(ours), "bare": round(bare), "share": round(ours / bare, 2)}


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
