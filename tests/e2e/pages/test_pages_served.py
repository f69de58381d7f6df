"""The process that serves pages: as another user, on a full disk, killed in the middle, beside a run."""

from __future__ import annotations

import io
import json
import os
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import pytest
from msgspec.structs import replace
from PIL import Image
from web_serving import deliveries, serving
from web_site import CONFIRM, make_pages
from where import ROOT

from qtemplate.config import load_config
from qtemplate.jobs.incoming.page_files import forget_unfinished
from qtemplate.jobs.workspace import holding_unasked

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
NOBODY = 65534
PLAIN = "application/x-www-form-urlencoded"
MOST_SECONDS = 0.5
MOST_BESIDE = 2.0
"""Times what the framework takes to load; measured 1.3."""


def photo_body(form: str, side: int) -> tuple[bytes, str]:
    """A form with a picture, and its content type."""
    picture = io.BytesIO()
    Image.effect_noise((side, side), 80).convert("RGB").save(picture, "JPEG", quality=95)
    fields = {"form": form, "confirmation": "solved"}
    parts = [f'--x\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n'.encode() for n, v in fields.items()]
    head = b'--x\r\nContent-Disposition: form-data; name="photos"; filename="a.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
    return b"".join(parts) + head + picture.getvalue() + b"\r\n--x--\r\n", "multipart/form-data; boundary=x"


def test_what_could_not_be_kept_is_said_and_can_be_sent_again(tmp_path: Path) -> None:
    pages = make_pages(tmp_path)
    with serving(pages) as server:
        path = pages.open_link()
        no_more = resource.prlimit(
            server.process.pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY)
        )  # a full disk
        status, said = server.send(path, confirmation="solved", opinion="写了很久的话")
        assert (status, "暂时无法保存" in said, "写了很久的话" in said) == (503, True, True)
        body, kind = photo_body(server.form_of(path), 200)
        assert server.ask(path, body, kind)[0] == 503
        assert [*pages.site.inbox.glob("*")] in ([], [pages.site.inbox / ".files"]) and deliveries(pages) == []
        assert [*pages.site.inbox.glob(".files/*")] == []
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, no_more)
        assert server.send(path, confirmation="solved", opinion="写了很久的话")[0] == 200
    assert [kept["answers"]["opinion"] for kept in pages.kept] == ["写了很久的话"]


def test_a_server_that_is_killed_in_the_middle_of_an_upload_leaves_nothing_to_take_up(tmp_path: Path) -> None:
    pages = make_pages(tmp_path)
    path = pages.open_link()
    with serving(pages) as server:
        body, kind = photo_body(server.form_of(path), 1_000)
        head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
        with socket.create_connection(("127.0.0.1", server.port)) as line:
            line.sendall(head.encode() + body[: len(body) // 2])
            time.sleep(0.2)
            server.process.send_signal(signal.SIGKILL)
            server.process.wait(10)
    assert deliveries(pages) == []
    with serving(pages) as server:  # the browser sends it again
        assert server.ask(path, *photo_body(server.form_of(path), 1_000))[0] == 200
    (kept,) = pages.kept
    (picture,) = kept["files"]
    orphan = pages.site.inbox / ".files" / "0123456789abcdef-00000000-1.jpg"
    orphan.write_bytes(b"x")  # of an answer whose server was killed between its picture and its words
    os.utime(orphan, (1, 1))
    forget_unfinished(pages.site.inbox)
    assert [file.name for file in (pages.site.inbox / ".files").iterdir()] == [picture[2]]


def test_pages_answer_while_a_run_holds_the_workspace(tmp_path: Path) -> None:
    pages = make_pages(tmp_path)
    with serving(pages) as server:
        path = pages.open_link()
        config = load_config(pages.site.exports.parents[1] / "qtemplate.toml")
        with holding_unasked(config):
            assert server.send(path, confirmation="solved")[0] == 200
    assert len(deliveries(pages)) == 1


def test_the_server_is_small_and_loads_no_workbook(tmp_path: Path) -> None:
    pages = make_pages(tmp_path)
    with serving(pages) as server:
        status = Path(f"/proc/{server.process.pid}/status").read_text("ascii")
        memory = re.search(r"VmRSS:\s+(\d+)", status)
        assert memory is not None and int(memory[1]) < 60_000
        loaded = Path(f"/proc/{server.process.pid}/maps").read_text("utf-8")
        assert not re.search(r"pandas|numpy|lxml|calamine|sqlite3|_imaging", loaded)


@pytest.mark.skipif(os.getloadavg()[0] > (os.cpu_count() or 1), reason="the machine is too busy to time a start")
def test_the_server_starts_at_once(tmp_path: Path) -> None:
    pages = make_pages(tmp_path)
    spent = []
    for _ in range(3):
        began = time.perf_counter()
        with serving(pages):
            spent.append(time.perf_counter() - began)
        if spent[-1] < MOST_SECONDS:
            break
    assert min(spent) < MOST_SECONDS


def seconds_of(process: int) -> float:
    """Processor time that a process has had."""
    tasks = Path(f"/proc/{process}/task").glob("*/schedstat")
    return sum(int(task.read_text("ascii").split()[0]) for task in tasks) / 1e9


def test_its_start_costs_little_more_than_that_of_the_framework(tmp_path: Path) -> None:
    """By processor time, beside what importing the framework costs on this machine: whatever else it has to do."""
    pages, ours, bare = make_pages(tmp_path), [], []
    loading = "import time, flask, waitress; print(time.process_time())"
    for _ in range(3):
        done = subprocess.run([sys.executable, "-c", loading], capture_output=True, text=True, check=True)
        bare.append(float(done.stdout))
        with serving(pages) as server:
            ours.append(seconds_of(server.process.pid))
        if min(ours) < MOST_BESIDE * min(bare):
            break
    assert min(ours) < MOST_BESIDE * min(bare), (ours, bare)


OTHER = shutil.which("setpriv") if hasattr(os, "geteuid") and os.geteuid() == 0 else None


def _python_for_others() -> str | None:
    """A Python of this version that another user may start."""
    for python in (sys.executable, "/usr/bin/python3"):
        command = [OTHER or "", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", python, "-c"]
        told = "import sys; print(sys.version_info[:2])"
        done = subprocess.run([*command, told], capture_output=True, text=True, cwd="/") if OTHER else None
        if done is not None and done.stdout.strip() == str(sys.version_info[:2]):
            return python
    return None


@pytest.mark.skipif(OTHER is None, reason="only root can start a process as another user")
def test_as_another_user_it_reads_one_folder_and_writes_another() -> None:
    python = _python_for_others()
    if python is None or not os.access(ROOT, os.R_OK) or str(ROOT).startswith("/root"):
        pytest.skip("no Python here that another user may start")
    place = Path("/tmp") / f"qtemplate-other-{os.getpid()}"
    place.mkdir(mode=0o755)
    try:
        pages = make_pages(place)
        workspace = pages.site.exports.parents[1]
        private = ("register.xlsx", ".qtemplate/state.db", "outbox/a.eml")
        for file in (workspace / name for name in private):
            file.parent.mkdir(exist_ok=True, mode=0o700)
            file.write_bytes(b"x")
            file.chmod(0o600)
        for folder, mode in ((pages.site.exports, 0o2750), (pages.site.inbox, 0o2770)):
            os.chown(folder, 0, NOBODY)
            folder.chmod(mode)
        as_other = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
        with serving(pages, before=as_other, python=python) as server:
            path = pages.open_link()
            for file in pages.site.exports.iterdir():
                os.chown(file, 0, NOBODY)
                file.chmod(0o640)
            assert server.ask(path, *photo_body(server.form_of(path), 100))[0] == 200
            owned = {file for file in Path("/").joinpath(workspace).rglob("*") if file.stat().st_uid == NOBODY}
            assert {file.parent for file in owned if file.is_file()} == {pages.site.inbox, pages.site.inbox / ".files"}
            for each in (*private, "web/export/new.json"):
                how = "x" if each.startswith("web") else "r"
                attempt = [*as_other, python, "-c", f"open({str(workspace / each)!r}, {how!r})"]
                assert b"PermissionError" in subprocess.run(attempt, capture_output=True, cwd="/").stderr
        (kept,) = pages.site.inbox.glob("*.json")
        assert json.loads(kept.read_text("utf-8"))["answers"] == {"confirmation": "solved"}
        assert kept.stat().st_mode & 0o777 == 0o660
    finally:
        shutil.rmtree(place)


def test_one_link_answered_from_two_phones_at_once_has_one_first_answer(tmp_path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    pages = make_pages(tmp_path)
    with serving(pages) as server:
        path = pages.open_link(replace(CONFIRM, id="QF-2026-0007"))
        form = server.form_of(path)
        bodies = [
            urllib.parse.urlencode({"form": form, "confirmation": "solved", "opinion": str(n)}).encode()
            for n in range(6)
        ]
        with ThreadPoolExecutor(6) as people:
            answers = [*people.map(lambda body: server.ask(path, body), bodies)]
    assert {status for status, _ in answers} <= {200, 429}
    assert [kept["later"] for kept in pages.kept].count(False) == 1
