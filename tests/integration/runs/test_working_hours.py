"""Outsiders are written to in working hours only: what a night makes for them waits for the morning."""

from __future__ import annotations

import datetime as dt
from email import message_from_bytes
from pathlib import Path

import pytest
from registers import ASSESSED, make_workspace
from workspace_state import mails, queue

from qtemplate.config import Config, load_config
from qtemplate.jobs.doctor import doctor
from qtemplate.jobs.mail.outbox import list_mails
from qtemplate.jobs.mail.sending import send_due
from qtemplate.jobs.run import run
from qtemplate.jobs.workspace import looking
from qtemplate.report.run_report import RunReport

RECEIVED = {"received_at": dt.datetime(2026, 7, 15, 17, 0)}
NIGHT = dt.datetime(2026, 7, 16, 5, 30)
OPENING = dt.datetime(2026, 7, 16, 9, 0)
RECEIPT = "M01/QF-2026-0001"


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """A register with one feedback, from a reporter who is in no list of people."""
    return load_config(make_workspace(tmp_path / "w", [ASSESSED | RECEIVED]))


def outside(config: Config) -> dict[str, str]:
    """Mails to the reporter and what became of them."""
    return {key: state for key, state in queue(config.workspace).items() if key.startswith("M01")}


def codes(report: RunReport) -> list[str]:
    return [item.code for item in report.findings if item.code.startswith("QT52")]


def test_a_night_writes_to_colleagues_and_the_reporter_is_written_to_in_the_morning(config: Config) -> None:
    night = run(config, NIGHT)
    assert (night.exit_code, codes(night)) == (0, [])
    assert {key[:3]: state for key, state in queue(config.workspace).items()} == {
        "M01": "approved", "M03": "sent", "M25": "sent",
    }  # fmt: skip
    listed = list_mails(config, states=("approved",), moment=NIGHT).data["messages"]
    assert [(each["key"], each["not_before"]) for each in listed] == [
        (RECEIPT, OPENING.replace(tzinfo=config.register.time_zone))
    ]
    for minutes, state in ((-1, "approved"), (0, "sent")):
        assert send_due(config, OPENING + dt.timedelta(minutes=minutes)).exit_code == 0
        assert outside(config) == {RECEIPT: state}


@pytest.mark.parametrize(
    ("made", "until"),
    [
        (dt.datetime(2026, 7, 17, 18, 0), "2026-07-20 09:00"),  # closed on Friday evening, a weekend follows
        (dt.datetime(2026, 7, 16, 12, 30), "2026-07-16 13:00"),  # at noon
        (dt.datetime(2026, 9, 30, 19, 0), "2026-10-08 09:00"),  # the week of the national holiday
    ],
)
def test_the_calendar_says_when_outsiders_may_be_written_to(config: Config, made: dt.datetime, until: str) -> None:
    run(config, made)
    waits = list_mails(config, states=("approved",), moment=made).data["messages"]
    assert [(each["kind"], f"{each['not_before']:%Y-%m-%d}") for each in waits] == [("M01", until[:10])]
    assert until in waits[0]["detail"]


def test_what_is_urgent_goes_at_once_and_is_marked(tmp_path: Path) -> None:
    config = load_config(make_workspace(tmp_path / "w", [ASSESSED | RECEIVED | {"safety": "yes"}]))
    run(config, NIGHT)
    assert outside(config) == {RECEIPT: "sent"}
    (receipt,) = [data for name, data in mails(config.workspace).items() if name.startswith("M01")]
    assert message_from_bytes(receipt)["Importance"] == "high"


def test_a_mail_that_somebody_names_goes_at_any_hour(config: Config) -> None:
    run(config, NIGHT)
    send_due(config, NIGHT, keys=(RECEIPT,))
    assert outside(config) == {RECEIPT: "sent"}


def test_a_schedule_that_is_missing_is_said_by_the_next_night_and_by_doctor(config: Config) -> None:
    run(config, NIGHT)
    looked = [
        [check for check in doctor(config.path, moment=moment).data["checks"] if check["check"] == "late_mail"]
        for moment in (OPENING + dt.timedelta(minutes=59), OPENING + dt.timedelta(hours=1))
    ]
    assert [len(checks) for checks in looked] == [0, 1]
    second = run(config, NIGHT + dt.timedelta(days=1))
    assert (second.exit_code, codes(second), outside(config)) == (3, ["QT525"], {RECEIPT: "approved"})
    with looking(config) as held:
        result = next(each for each in held.outbox.entries() if each.key.startswith("M25/2026-07-17"))
        assert "qtemplate outbox send" in _text(held.outbox.show(result.key).raw)


def _text(raw: bytes) -> str:
    part = next(part for part in message_from_bytes(raw).walk() if part.get_content_type() == "text/plain")
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload.decode()
