"""A mailbox that asks for a token: a real server that has it confirmed, and what is said when it is refused."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import imap_peer
import pytest
from imap_peer import Dovecot
from registers import ASSESSED, NOW, make_workspace
from told import register_of
from workspace_state import files_below

from qtemplate.config import load_config
from qtemplate.jobs.doctor import doctor
from qtemplate.jobs.incoming.command import intake
from qtemplate.report.run_report import RunReport

USER, GOOD = "qa@example.com", "ya29.good-token_of.today"
MAIL = b"""From: =?utf-8?b?5byg5Lyf?= <zhang@example.org>\r
To: qa@example.com\r
Subject: RC-300 broke\r
Date: Wed, 15 Jul 2026 16:00:00 +0800\r
Message-ID: <m1@example.org>\r
\r
The display of my RC-300 went black this morning.\r
"""


class Introspection(BaseHTTPRequestHandler):
    """Says whose a token is, as RFC 7662 has it; the tokens that count stand at the server."""

    def do_GET(self) -> None:
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        valid: dict[str, str] = self.server.valid  # type: ignore[attr-defined] # put there by the fixture
        answer: dict[str, Any] = {"active": token in valid, "username": valid.get(token, "")}
        data = json.dumps(answer).encode()
        self.send_response(200 if token in valid else 401)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:
        """Keeps quiet."""


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[Dovecot, dict[str, str]]]:
    reason = imap_peer.why_not()
    if reason:
        pytest.skip(reason)
    tokens = ThreadingHTTPServer(("127.0.0.1", 0), Introspection)
    valid: dict[str, str] = {}
    tokens.valid = valid  # type: ignore[attr-defined] # what the answers go by
    thread = threading.Thread(target=tokens.serve_forever, daemon=True)
    thread.start()
    peer, process = imap_peer.start(f"http://127.0.0.1:{tokens.server_address[1]}/")
    yield peer, valid
    imap_peer.stop(peer, process)
    tokens.shutdown()
    tokens.server_close()
    thread.join()


def workspace(tmp_path: Path, peer: Dovecot, command: str = "[]") -> Path:
    file = make_workspace(tmp_path / "w", [ASSESSED])
    kept = (
        file.read_text("utf-8").partition("\n[mailbox]")[0].replace("token_command = []", f"token_command = {command}")
    )
    where = ('host = "127.0.0.1"', f"port = {peer.port}", 'security = "none"', 'done = "qtemplate.done"')
    lines = (*where, 'auth = "xoauth2"', f'username = "{USER}"')
    file.write_text(
        kept.replace("allow_plaintext = false", "allow_plaintext = true") + "\n[mailbox]\n" + "\n".join(lines) + "\n",
        "utf-8",
    )
    return file.parent


def said(report: RunReport) -> list[str]:
    return [str(item) for item in report.findings if item.code == "QT850"]


def test_mail_is_taken_up_with_a_token_that_the_server_has_confirmed(
    tmp_path: Path, server: tuple[Dovecot, dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    peer, valid = server
    folder = workspace(tmp_path, peer)
    config = load_config(folder / "qtemplate.toml")
    peer.put(MAIL)
    monkeypatch.setenv("QTEMPLATE_IMAP_TOKEN", GOOD)
    refused = intake(config, NOW)  # the token is of yesterday, say
    assert (len(said(refused)), len(register_of(folder).frame)) == (1, 1)
    assert peer.folder() == [()] and GOOD not in str(refused)
    valid[GOOD] = "somebody.else@example.com"
    assert len(said(intake(config, NOW))) == 1  # a token of another account opens nothing
    valid[GOOD] = USER
    assert said(intake(config, NOW)) == []
    assert register_of(folder).frame["channel_ref"].tolist()[1:] == ["m1@example.org"]
    assert (peer.folder(), len(peer.folder("qtemplate.done"))) == ([], 1)
    told = doctor(folder / "qtemplate.toml", ask_server=True)
    assert "qtemplate.done" not in str(told) and "INBOX" in str(told)
    everything = b"".join(files_below(folder).values()) + str(told).encode()
    assert GOOD.encode() not in everything


@pytest.mark.campaign
def test_a_command_may_hand_out_the_token_and_its_failure_is_said(
    tmp_path: Path, server: tuple[Dovecot, dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    peer, valid = server
    monkeypatch.delenv("QTEMPLATE_IMAP_TOKEN", raising=False)
    valid["from-a-command"] = USER
    good = json.dumps([sys.executable, "-c", "print('from-a-command')"])
    bad = json.dumps([sys.executable, "-c", "import sys; print('secret words'); sys.exit(3)"])
    assert said(intake(load_config(workspace(tmp_path / "a", peer, good) / "qtemplate.toml"), NOW)) == []
    report = intake(load_config(workspace(tmp_path / "b", peer, bad) / "qtemplate.toml"), NOW)
    [problem] = said(report)
    assert "3" in problem and "secret words" not in str(report)
    nothing = intake(load_config(workspace(tmp_path / "c", peer) / "qtemplate.toml"), NOW)
    assert len(said(nothing)) == 1
