"""What tells how a run went goes in the shipped words when the team's own template for it is at fault."""

from __future__ import annotations

import contextlib
import datetime as dt
import email
import email.policy
import os
import time
from pathlib import Path

from registers import ASSESSED, make_workspace
from workspace_state import mails, queue

from qtemplate.config import load_config
from qtemplate.errors import RegisterUnreadable
from qtemplate.jobs.run import run

NOW = dt.datetime(2026, 7, 15, 20, 0)


def texts(folder: Path) -> dict[str, str]:
    """Kind of mail -> text, of the mails that went to the keeper."""
    found = {}
    for name, data in mails(folder).items():
        part = email.message_from_bytes(data, policy=email.policy.default).get_body(("plain",))
        assert part is not None
        found[next((kind for kind in ("M25", "M27", "M28") if kind in name), "")] = str(part.get_content())
    return found


def test_an_unfit_template_of_the_team_stops_neither_the_nightly_result_nor_what_is_said_of_failures_and_forms(
    tmp_path: Path,
) -> None:
    config = load_config(make_workspace(tmp_path / "w", [ASSESSED]))
    own, inbox = config.workspace / "templates" / "mail", config.workspace / "forms" / "in"
    for folder in (own, inbox):
        folder.mkdir(parents=True)
    for name in ("M25.zh.txt.j2", "M27.zh.html.j2", "M28K.zh.subject.j2"):
        (own / name).write_text("{{ nothing }}", "utf-8")
    (inbox / "scan.pdf").write_bytes(b"%PDF")
    os.utime(inbox / "scan.pdf", (time.time() - 600,) * 2)
    report = run(config, NOW)
    unfit = [str(item.facts) for item in report.findings if item.code == "QT526"]
    assert [next(kind for kind in ("M25", "M28") if kind in told) for told in unfit] == ["M28", "M25"]
    assert "QT520" not in {item.code for item in report.findings}
    said = texts(config.workspace)
    assert "scan.pdf" in said["M28"]
    assert ("M25.zh.txt.j2" in said["M25"], "M28K.zh.subject.j2" in said["M25"]) == (True, True)
    config.register.path.write_bytes(b"no workbook")
    with contextlib.suppress(RegisterUnreadable):
        run(config, NOW + dt.timedelta(days=1))
    assert "register.xlsx" in texts(config.workspace)["M27"]
    states = {key.partition("/")[0]: state for key, state in queue(config.workspace).items()}
    assert {kind: states[kind] for kind in ("M25", "M27", "M28K")} == dict.fromkeys(("M25", "M27", "M28K"), "sent")
