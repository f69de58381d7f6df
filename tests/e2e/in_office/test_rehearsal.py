"""A month rehearsed: ten nightly runs, people working in between, and the mails of every row exactly as expected."""

from __future__ import annotations

import datetime as dt
import json
import re
import sqlite3
import tomllib
from contextlib import closing
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from desk import sit_down
from person import read_lines
from registers import ASSESSED, PRODUCTS, people_rows
from workspace_state import mails, message_ids

from qtemplate.config import default_toml, load_config
from qtemplate.jobs.run import plan, run
from qtemplate.register import label_of
from qtemplate.sheets.standard import build_workbook

SCRIPT = tomllib.loads((Path(__file__).parent / "rehearsal.toml").read_text("utf-8"))
AWAY = {"away_from": dt.date(2026, 7, 1), "away_to": dt.date(2026, 7, 10)}


def new_workspace(folder: Path) -> Path:
    """An empty register of a small company, one of whose people is away; returns the configuration file."""
    folder.mkdir()
    (folder / "register.xlsx").write_bytes(build_workbook("zh", people=people_rows(chen=AWAY), products=PRODUCTS))
    since = SCRIPT["since"]["moment"]
    text = default_toml("zh", "Asia/Shanghai", since, allow_domains=("example.com",), max_per_run=1000)
    (folder / "qtemplate.toml").write_text(text, "utf-8")
    return folder / "qtemplate.toml"


def work(register: Path, night: dict[str, Any]) -> None:
    """What people do in the register before a night."""
    typed = {key: label_of(key, value, "zh") for key, value in ASSESSED.items()}
    rows = {
        title: typed | {"email": f"{title}@example.com", "title": title, "reporter": title} | more
        for title, more in night.get("rows", {}).items()
    }
    sit_down(register, night | {"rows": rows}, named="title")


def sent_mails(workspace: Path) -> dict[str, tuple[str, str | None, list[str], str]]:
    """Key -> kind, feedback, account names of To and Cc, text; of every mail that has gone."""
    with closing(sqlite3.connect(workspace / ".qtemplate" / "state.db")) as database:
        rows = database.execute(
            "select key, kind, id, recipients, cc, raw from outbox join outbox_bytes using (key) "
            "where state = 'sent' order by sent_at, number"
        ).fetchall()
    found = {}
    for key, kind, id, to, cc, raw in rows:
        mail = message_from_bytes(raw, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        body = mail.get_body(("plain",))
        assert body is not None
        people = [address.removesuffix("@example.com") for address in (*json.loads(to), *json.loads(cc))]
        found[key] = (kind, id, people, str(body.get_content()))
    return found


def rehearse(folder: Path) -> list[dict[str, Any]]:
    """Night by night: row -> mails, person -> rows of the digest."""
    workspace = folder / "month"
    config = load_config(new_workspace(workspace))
    known: dict[str, Any] = {}
    nights = []
    for night in SCRIPT["night"]:
        work(workspace / "register.xlsx", night)
        run(config, night["at"])
        rows = {line["id"]: line["title"] for line in read_lines(workspace / "register.xlsx")}
        told: dict[str, list[str]] = {}
        digests: dict[str, list[str]] = {}
        for key, (kind, id, people, text) in sent_mails(workspace).items():
            if key in known:
                continue
            known[key] = None
            if id is not None:
                told.setdefault(rows[id], []).append(f"{kind} -> {' + '.join(people)}")
            elif kind == "M10":
                seen = dict.fromkeys(re.findall(r"QF-2026-\d{4}", text))
                digests[people[0]] = [rows[each] for each in seen]
        nights.append({"at": night["at"], "mails": told, "digests": digests})
    again = plan(config, SCRIPT["night"][-1]["at"])
    assert (again.messages, again.edits, again.rows) == ((), (), ())
    assert len(mails(workspace)) == len(known)
    assert set(message_ids(workspace).values()) == {1}
    return nights


@pytest.mark.campaign
def test_ten_nights_of_a_month_send_exactly_the_expected_mails(tmp_path: Path) -> None:
    nights = rehearse(tmp_path)
    expected = [
        {"at": night["at"], "mails": night.get("mails", {}), "digests": night.get("digests", {})}
        for night in SCRIPT["night"]
    ]
    assert nights == expected
