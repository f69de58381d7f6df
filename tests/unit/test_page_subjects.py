"""Which mails lead to a page and which to the same one; the secret of links; what doctor says of pages."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from qtemplate.config import Config, WebConfig, web_secret
from qtemplate.errors import ConfigError
from qtemplate.jobs.web.examine import examine_pages
from qtemplate.plan.keys import MessageKey
from qtemplate.plan.pages import PageKind, page_kind, page_subject


@pytest.mark.parametrize(
    ("key", "kind", "subject"),
    [
        ("M18/QF-2026-0001/2", PageKind.CONFIRM, "confirm/2"),
        ("M19/QF-2026-0001/2", PageKind.CONFIRM, "confirm/2"),  # the reminder leads where the request led
        ("M02/QF-2026-0001/1a2b3c4d", PageKind.MISSING, "missing/M02/QF-2026-0001/1a2b3c4d"),
        ("M03/QF-2026-0001/1/研发部/张三#2", PageKind.TASK, "task/M03/QF-2026-0001/1/研发部/张三"),  # sent once more
        ("M01/QF-2026-0001", None, None),
        ("M10/2026-07-15/zhao@example.com", None, None),
    ],
)
def test_a_mail_leads_to_the_page_of_what_it_asks(key: str, kind: PageKind | None, subject: str | None) -> None:
    parsed = MessageKey.parse(key)
    assert page_kind(parsed) == kind
    assert kind is None or page_subject(parsed) == subject


def test_the_workspace_s_secret_is_the_same_for_run_and_server(monkeypatch: pytest.MonkeyPatch) -> None:
    assert web_secret(WebConfig()) is None
    monkeypatch.setenv("QTEMPLATE_WEB_SECRET", "ab" * 32)  # as the file of the workspace holds it
    assert web_secret(WebConfig()) == bytes.fromhex("ab" * 32)
    monkeypatch.setenv("QTEMPLATE_WEB_SECRET", "a secret of our own, long enough to be one")
    assert web_secret(WebConfig()) == b"a secret of our own, long enough to be one"
    monkeypatch.setenv("QTEMPLATE_WEB_SECRET", "short")
    with pytest.raises(ConfigError, match="32 characters"):
        web_secret(WebConfig())


@pytest.mark.parametrize(
    ("address", "seen"),
    [
        ("", []),
        ("https://qa.example.com", [("web", True, "doctor.web"), ("web_server", False, "doctor.web_silent")]),
        ("http://qa.example.com", [("web", False, "doctor.web_plain"), ("web_server", False, "doctor.web_silent")]),
    ],
)
def test_doctor_says_how_links_begin_and_whether_pages_answer(
    tmp_path: Path, address: str, seen: list[tuple[str, bool, str]]
) -> None:
    with socket.socket() as silent:  # bound, and nobody listens
        silent.bind(("127.0.0.1", 0))
        web = WebConfig(base_url=address, listen=f"127.0.0.1:{silent.getsockname()[1]}")
        config = Config(tmp_path / "qtemplate.toml", tmp_path, web=web)
        found = [(name, well, phrase.key) for name, well, phrase in examine_pages(config, ask_server=True)]
    assert found == seen
