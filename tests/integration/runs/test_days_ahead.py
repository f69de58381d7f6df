"""A mail that was put off names no day that has passed when it leaves."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from registers import ASSESSED, make_workspace
from workspace_state import mails, queue

from qtemplate.config import Config, load_config
from qtemplate.jobs.mail.sending import send_due
from qtemplate.jobs.run import plan, run

BEFORE = dt.datetime(2026, 9, 30, 19, 0)
"""After hours on the eve of 国庆; the next working time is the morning of 8 October."""

OPENING = dt.datetime(2026, 10, 8, 9, 0)
DAY = {"zh": re.compile(r"(\d{4})年(\d+)月(\d+)日"), "en": re.compile(r"(\d+) ([A-Z][a-z]{2}) (\d{4})")}

LATE, AHEAD = dt.datetime(2026, 9, 29, 15), dt.datetime(2026, 9, 30, 16)
"""8 working hours to the first response to a major feedback: due on 30 September at 15:00, on 8 October at 16:00."""

PROGRESS = {
    "owner": "孙浩", "department": "生产部", "reply_type": "in_progress", "reply_text": "正在更换电源芯片。",
    "eta": dt.date(2026, 10, 6), "contact_way": "email", "reply_approval": "approved",
}  # fmt: skip


@pytest.mark.parametrize(("language", "send"), [("zh", send_due), ("en", run)])
def test_a_mail_put_off_over_the_holiday_names_no_day_that_has_passed(
    tmp_path: Path, language: str, send: Callable[[Config, dt.datetime], object]
) -> None:
    rows = [ASSESSED | {"received_at": at, "language": language, "serial": f"SN-{at:%d}"} for at in (LATE, AHEAD)]
    config = load_config(make_workspace(tmp_path / "w", [*rows, rows[0] | PROGRESS | {"serial": "SN-3"}]))
    run(config, BEFORE)
    waiting = {key: state for key, state in queue(config.workspace).items() if key[:3] in ("M01", "M15")}
    assert set(waiting.values()) == {"approved"} and len(waiting) == 3
    send(config, OPENING)
    told = {key: sorted(days(raw, language) - {LATE.date(), AHEAD.date()}) for key, raw in outside(config)}
    due = [dt.date(2026, 10, 8), dt.date(2026, 10, 20)]
    # a run, which may make new mails, acknowledges the third as well: its reply has not left
    thanked: dict[str, list[dt.date]] = {"M01_QF-2026-0003": []} if send is run else {}
    assert told == {"M01_QF-2026-0001": [], "M01_QF-2026-0002": due} | thanked
    # the reply in progress promised 6 October: it is taken back, and the next night asks for another day
    assert "QT158" in {item.code for item in plan(config, OPENING).findings}


def outside(config: Config) -> list[tuple[str, bytes]]:
    """What left for reporters: kind and number, and the bytes."""
    kinds = ("M01", "M15")
    return [(name.rpartition("_")[0], data) for name, data in mails(config.workspace).items() if name[:3] in kinds]


def days(raw: bytes, language: str) -> set[dt.date]:
    """The days that a mail names, in its subject, text and HTML."""
    mail = message_from_bytes(raw, policy=policy.default)
    texts = [part.get_content() for part in mail.walk() if part.get_content_maintype() == "text"]
    found = DAY[language].findall(" ".join([str(mail["subject"]), *texts]))
    if language == "zh":
        return {dt.date(*map(int, each)) for each in found}
    return {dt.datetime.strptime(" ".join(each), "%d %b %Y").date() for each in found}
