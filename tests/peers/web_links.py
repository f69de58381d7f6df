"""Links as they stand in the mails of a workspace, and the pages behind them without a network."""

from __future__ import annotations

import datetime as dt
import re
from email import message_from_bytes, policy
from pathlib import Path

from web_site import Pages

from qtemplate.config import load_config
from qtemplate.jobs.web.serve import make_site
from qtemplate.received.links import Link, read_token
from qtemplate.web.app import make_app

LINK = re.compile(r"http://127\.0\.0\.1:\d+(/a/\S+)")


def links_in(workspace: Path) -> list[tuple[Link, str]]:
    """Every link of the mails in the outbox folder, with its path; in the order of the files."""
    secret = bytes.fromhex((workspace / "web" / "secret").read_text("ascii"))
    found = []
    for file in sorted((workspace / "outbox").glob("*.eml")):
        body = message_from_bytes(file.read_bytes(), policy=policy.default).get_body(("plain",))
        for path in LINK.findall(body.get_content() if body is not None else ""):
            link = read_token(secret, path.removeprefix("/a/"))
            assert link is not None
            found.append((link, path))
    return found


def pages_before(workspace: Path, moment: str) -> Pages:
    """The pages of a workspace at a moment, with a browser that runs no script."""
    config = load_config(workspace / "qtemplate.toml")
    site = make_site(config, dt.datetime.fromisoformat(moment))
    return Pages(site, make_app(site).test_client())
