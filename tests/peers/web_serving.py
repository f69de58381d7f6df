"""A server of the pages in a process of its own, and what lies in its folder then."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from web_site import MOMENT, SECRET, Pages
from where import ROOT

from qtemplate.config import default_toml
from qtemplate.jobs.incoming.set_aside import is_noise


@dataclass
class Server:
    """A server in front of pages."""

    pages: Pages
    process: subprocess.Popen[bytes]
    port: int

    def ask(
        self, path: str, data: bytes | None = None, kind: str = "application/x-www-form-urlencoded"
    ) -> tuple[int, str]:
        """Status and page; redirects are followed."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data, {"Content-Type": kind})
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, refused.read().decode()

    def send(self, path: str, **answers: str) -> tuple[int, str]:
        return self.ask(path, urllib.parse.urlencode({"form": self.form_of(path), **answers}).encode())

    def form_of(self, path: str) -> str:
        found = re.search(r'name="form" value="([^"]+)"', self.ask(path)[1])
        assert found is not None
        return found[1]


@contextmanager
def serving(pages: Pages, *, before: Sequence[str] = (), python: str = sys.executable) -> Iterator[Server]:
    """A server of its own process; the workspace has nothing but what the pages need."""
    workspace = pages.site.exports.parents[1]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    text = default_toml("zh", "Asia/Shanghai", None).replace('base_url = ""', 'base_url = "https://qa.example.com"')
    config = workspace / "qtemplate.toml"
    config.write_text(text.replace("127.0.0.1:8720", f"127.0.0.1:{port}"), "utf-8")
    command = [*before, python, "-m", "qtemplate", "serve", "--config", str(config), "--now", MOMENT.isoformat()]
    path = os.pathsep.join([str(ROOT), *(each for each in sys.path if each.endswith("site-packages"))])
    environment = {
        "QTEMPLATE_WEB_SECRET": SECRET.decode(),
        "PYTHONPATH": path,
        "PYTHONDONTWRITEBYTECODE": "1",
        "LANG": "C.UTF-8",
    }
    process = subprocess.Popen(command, env=environment, cwd="/", stderr=subprocess.PIPE)
    server = Server(pages, process, port)
    try:
        _wait(server)
        yield server
    finally:
        process.kill()
        process.wait(10)
        assert process.stderr is not None
        said = process.stderr.read().decode()
        process.stderr.close()
        assert "Traceback" not in said and "/a/" not in said, said


def _wait(server: Server) -> None:
    for _ in range(400):
        try:
            assert server.ask("/healthz") == (200, "ok\n")
            return
        except OSError:
            assert server.process.poll() is None, server.process.stderr and server.process.stderr.read().decode()
            time.sleep(0.05)
    raise AssertionError("the server does not answer")


def deliveries(pages: Pages) -> list[Path]:
    """What a run would take up."""
    return [file for file in pages.site.inbox.iterdir() if not is_noise(file)]
