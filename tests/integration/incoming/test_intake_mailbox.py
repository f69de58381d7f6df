"""The mailbox, on a real server: nothing twice, nothing lost, and people's mail stays as people left it."""

from __future__ import annotations

import datetime as dt
import itertools
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import imap_peer
import pytest
from imap_peer import PASSWORD, Dovecot
from registers import ASSESSED, NOW, make_workspace
from told import register_of
from workspace_state import files_below

import qtemplate
from qtemplate.config import load_config
from qtemplate.jobs.incoming.command import intake
from qtemplate.jobs.incoming.pile import link_piled, list_pile
from qtemplate.jobs.run import check, plan, run
from qtemplate.jobs.workspace import looking

PACKAGE = Path(qtemplate.__file__).parent
NEXT = NOW + dt.timedelta(days=1)
_NUMBERS = itertools.count(1)
DONE = "qtemplate.done"  # a maildir's folders are told apart by dots


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    reason = imap_peer.why_not()
    if reason:
        pytest.skip(reason)
    peer, process = imap_peer.start()
    yield peer
    imap_peer.stop(peer, process)


@pytest.fixture(autouse=True)
def mailbox_of_its_own(server: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QTEMPLATE_IMAP_PASSWORD", PASSWORD)
    server.user = f"qa{next(_NUMBERS)}@example.com"


def workspace(tmp_path: Path, server: Dovecot, **more: Any) -> Path:
    file = make_workspace(tmp_path / "w", [ASSESSED | {"id": "QF-2026-0001"}])
    set_mailbox(file, server, **more)
    return file.parent


def set_mailbox(file: Path, server: Dovecot, **more: Any) -> None:
    settings = {"host": "127.0.0.1", "port": server.port, "security": "none", "username": server.user, **more}
    lines = (f"{name} = {value!r}" for name, value in settings.items())
    kept = file.read_text("utf-8").partition("\n[mailbox]")[0]
    file.write_text(kept + "\n[mailbox]\n" + "\n".join(lines) + "\n", "utf-8")


def mail(number: int, text: str = "RC-300 屏幕坏了", *, sender: str = "", to: str = "", subject: str = "投诉") -> bytes:
    lines = [
        f"From: C{number} <{sender or f'c{number}@example.com'}>", "To: qa@example.com", f"Subject: {subject} {number}",
        "Date: Wed, 15 Jul 2026 16:00:00 +0800", f"Message-ID: <m{number}@example.com>",
        *([f"In-Reply-To: {to}"] if to else []), "Content-Type: text/plain; charset=utf-8", "", text,
    ]  # fmt: skip
    return "\r\n".join(lines).encode()


def numbers(folder: Path) -> list[str]:
    """渠道单号 of the rows that came in."""
    return [ref for ref in register_of(folder).frame["channel_ref"].tolist() if ref is not None]


def codes(report: Any) -> list[str]:
    return [item.code for item in report.findings if item.code.startswith("QT85")]


def test_what_is_taken_up_is_moved_and_everything_else_stays_unmarked(tmp_path: Path, server: Dovecot) -> None:
    folder = workspace(tmp_path, server)
    config = load_config(folder / "qtemplate.toml")
    news = b"List-Id: <news.example.com>\r\n" + mail(3, "质量月刊")
    away = b"Auto-Submitted: auto-replied\r\n" + mail(4, "我在休假")
    server.put(mail(1), mail(2, "下周的会议改到几点？", subject="会议"), news, away)
    before = files_below(folder)
    assert [row.values["channel_ref"] for row in plan(config, NOW).rows if row.sheet == "register"] == [
        "m1@example.com"
    ]
    assert "QT850" not in codes(check(config, NOW))
    assert (files_below(folder), len(server.folder()), server.folder(DONE)) == (before, 4, [])
    report = run(config, NOW)
    assert (numbers(folder), codes(report)) == (["m1@example.com"], ["QT852"])
    assert (server.folder(), len(server.folder(DONE))) == ([(), (), ()], 1)
    assert codes(run(config, NEXT)) == []
    [piled] = list_pile(config).data["pile"]
    link_piled(config, int(piled["number"]), "new", NEXT)  # a person says that it reports something
    assert numbers(folder) == ["m1@example.com", "m2@example.com"]
    assert (server.folder(), len(server.folder(DONE))) == ([(), ()], 2)
    set_mailbox(folder / "qtemplate.toml", server, unknown="row")
    server.put(mail(5, "下周的会议改到几点？", subject="会议"))
    intake(load_config(folder / "qtemplate.toml"), NEXT)
    assert numbers(folder) == ["m1@example.com", "m2@example.com", "m5@example.com"]


def test_an_answer_is_linked_and_a_second_delivery_or_another_uidvalidity_makes_nothing_twice(
    tmp_path: Path, server: Dovecot
) -> None:
    folder = workspace(tmp_path, server, unknown="row")
    config = load_config(folder / "qtemplate.toml")
    run(config, NOW)
    with looking(config) as at:
        thanked = next(f"<{id}>" for id, key in at.outbox.message_ids().items() if key == "M01/QF-2026-0001")
    server.put(mail(1), mail(1), mail(7, "还是坏的", sender="zhang.wei@example.com", to=thanked))
    report = run(config, NEXT)
    assert numbers(folder) == ["m1@example.com"]
    assert "QT842" in [item.code for item in report.findings]
    assert (server.folder(), len(server.folder(DONE))) == ([], 3)
    client = server.client()
    client.select_folder(DONE)
    client.copy(client.search("ALL"), "INBOX")
    client.logout()
    # the server forgets what it had numbered: every mail is new to it, with another UIDVALIDITY
    for list_file in (server.base / "mail" / server.user).rglob("dovecot-uidlist"):
        list_file.unlink()
    for index in (server.base / "mail" / server.user).rglob("dovecot.index*"):
        index.unlink()
    run(config, NEXT)
    assert (numbers(folder), len(register_of(folder).frame)) == (["m1@example.com"], 2)
    assert (server.folder(), len(server.folder(DONE))) == ([], 6)


@pytest.mark.parametrize(("security", "port"), [("tls", "tls_port"), ("starttls", "port")])
def test_an_encrypted_connection_is_made_to_a_server_that_is_known_and_to_no_other(
    tmp_path: Path, server: Dovecot, security: str, port: str
) -> None:
    folder = workspace(tmp_path, server, host="localhost", port=getattr(server, port), security=security)
    file = folder / "qtemplate.toml"
    server.put(mail(1))
    assert codes(intake(load_config(file), NOW)) == ["QT850"]
    authority = Path(imap_peer.CERTIFICATE).with_name("authority.pem")
    file.write_text(file.read_text("utf-8").replace('ca_file = ""', f'ca_file = "{authority}"'), "utf-8")
    assert codes(intake(load_config(file), NOW)) == []
    assert numbers(folder) == ["m1@example.com"]


def test_a_mailbox_that_cannot_be_used_is_said_and_the_rest_goes_on(
    tmp_path: Path, server: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = workspace(tmp_path, server, port=imap_peer._free_port())
    file = folder / "qtemplate.toml"
    assert codes(run(load_config(file), NOW)) == ["QT850"]
    set_mailbox(file, server)
    monkeypatch.setenv("QTEMPLATE_IMAP_PASSWORD", "wrong")
    assert codes(plan(load_config(file), NEXT)) == ["QT850"]
    monkeypatch.delenv("QTEMPLATE_IMAP_PASSWORD")
    assert codes(check(load_config(file), NEXT)) == ["QT850"]
    monkeypatch.setenv("QTEMPLATE_IMAP_PASSWORD", PASSWORD)
    set_mailbox(file, server, max_mb=1)
    server.put(mail(1, "坏了\r\n" * 200_000), mail(2))
    assert codes(intake(load_config(file), NEXT)) == ["QT851"]
    assert (numbers(folder), server.folder()) == (["m2@example.com"], [()])


def test_three_hundred_mails_ten_kills_and_three_double_deliveries_are_three_hundred_rows(
    tmp_path: Path, server: Dovecot
) -> None:
    many, kills = 300, 10
    folder = workspace(tmp_path, server, per_sender_per_day=1000)
    mails = [mail(number) for number in range(many)]
    server.put(*mails, *mails[:3])
    program = [sys.executable, "-m", "qtemplate", "intake", "--now", NOW.isoformat()]
    environment = {**os.environ, "PYTHONPATH": str(PACKAGE.parent), "QTEMPLATE_IMAP_PASSWORD": PASSWORD}
    chance = random.Random(14)
    began = time.monotonic()
    subprocess.run([*program, "--dry-run"], cwd=folder, env=environment, capture_output=True)
    whole = time.monotonic() - began
    for _ in range(kills):
        process = subprocess.Popen(program, cwd=folder, env=environment, stdout=subprocess.DEVNULL)
        time.sleep(chance.uniform(0.3, 1.0) * whole)
        process.send_signal(signal.SIGKILL)
        process.wait()
    for _ in range(2):
        subprocess.run(program, cwd=folder, env=environment, capture_output=True, check=False)
    found = numbers(folder)
    assert (len(found), sorted(found)) == (many, sorted(f"m{number}@example.com" for number in range(many)))
    assert len(set(register_of(folder).frame["id"])) == many + 1
    assert (server.folder(), len(server.folder(DONE))) == ([], many + 3)


def test_the_server_is_there_where_the_gate_asks_for_it() -> None:
    assert imap_peer.why_not() == "" or shutil.which("dovecot") is None
