"""Quiet hours at the moment of sending: what is not urgent waits for their end, however it came to be due in them."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace
from outbox_makers import MAIL, draft, outcome
from smtp_peers import CUT, Peer, run_peer
from smtp_setup import config

from qtemplate.config import QuietHours, WhenUnknown
from qtemplate.mailer.deliver import Reason, deliver
from qtemplate.mailer.outbox.entry import URGENT, OutboxEntry, State, end_of_quiet
from qtemplate.mailer.outbox.making import make_entry
from qtemplate.mailer.outbox.queue import Outbox
from qtemplate.mailer.transports.folder import FolderTransport
from qtemplate.mailer.transports.smtp import SmtpTransport

ZONE = ZoneInfo("Asia/Shanghai")
NIGHT = QuietHours(time(22), time(7))
QUIET = replace(MAIL, quiet_hours=NIGHT)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
EVENING = datetime(2026, 11, 22, 21, 50, tzinfo=ZONE)
LATE = datetime(2026, 11, 22, 22, 5, tzinfo=ZONE)
MORNING = datetime(2026, 11, 23, 7, tzinfo=ZONE)


def entry(key: str, *, urgent: bool = False, approved: bool = True) -> OutboxEntry:
    made = replace(draft(key), headers=dict([URGENT]) if urgent else {})
    return make_entry(made, kind=key[:3], id="QF-2026-0001", approved=approved, now=EVENING)


def test_quiet_hours_end_on_the_right_day() -> None:
    at = [datetime(2026, 11, 22, hour, 30, tzinfo=ZONE) for hour in (3, 12, 23)]
    assert [end_of_quiet(NIGHT, each) for each in at] == [
        datetime(2026, 11, 22, 7, tzinfo=ZONE),
        None,
        datetime(2026, 11, 23, 7, tzinfo=ZONE),
    ]


def test_what_is_due_in_the_quiet_hours_goes_in_the_morning_and_urgent_mail_at_once(
    outbox: Outbox, folder: FolderTransport
) -> None:
    outbox.put(entry("M03/1"))
    outbox.put(entry("M03/2", urgent=True))
    first = deliver(outbox, folder, QUIET, LATE)
    assert [(*outcome(each), each.detail) for each in first] == [
        ("M03/1", State.APPROVED, Reason.QUIET, "not urgent, goes after 07:00 ([mail] quiet_hours)"),
        ("M03/2", State.SENT, Reason.DELIVERED, ""),
    ]
    assert outbox.show("M03/1").not_before == MORNING
    assert deliver(outbox, folder, QUIET, MORNING - MINUTE) == []
    assert [outcome(each) for each in deliver(outbox, folder, QUIET, MORNING)] == [
        ("M03/1", State.SENT, Reason.DELIVERED)
    ]


@pytest.mark.parametrize("move", ["approve", "resend"])
def test_what_a_person_lets_go_in_the_quiet_hours_waits_too(outbox: Outbox, folder: FolderTransport, move: str) -> None:
    outbox.put(entry("M14/1", approved=False))
    if move == "approve":
        outbox.approve("M14/1", LATE)
    else:
        outbox.approve("M14/1", EVENING)
        deliver(outbox, folder, QUIET, EVENING)
        outbox.resend("M14/1", LATE)
    assert [each.reason for each in deliver(outbox, folder, QUIET, LATE)] == [Reason.QUIET]
    assert [each.reason for each in deliver(outbox, folder, QUIET, MORNING)] == [Reason.DELIVERED]


def test_a_mail_that_a_person_names_goes_at_once(outbox: Outbox, folder: FolderTransport) -> None:
    outbox.put(entry("M03/1"))
    outbox.put(entry("M03/2"))
    deliver(outbox, folder, QUIET, LATE)
    named = deliver(outbox, folder, QUIET, LATE, only=["M03/2"])
    assert [outcome(each) for each in named] == [("M03/2", State.SENT, Reason.DELIVERED)]


def test_a_mail_that_was_refused_in_the_evening_is_tried_again_in_the_morning(outbox: Outbox) -> None:
    outbox.put(entry("M03/1"))
    outbox.put(entry("M03/2", urgent=True))
    with run_peer(Peer({"RCPT": "450 busy"}, only_mails=frozenset({1, 2}))) as peer:
        mail = replace(config(peer), quiet_hours=NIGHT)
        deliver(outbox, SmtpTransport(mail), mail, EVENING)
        assert [outbox.show(key).next_try for key in ("M03/1", "M03/2")] == [EVENING + MINUTE] * 2
        late = deliver(outbox, SmtpTransport(mail), mail, LATE)
        morning = deliver(outbox, SmtpTransport(mail), mail, MORNING)
    assert [(each.key, each.reason) for each in late] == [("M03/1", Reason.QUIET), ("M03/2", Reason.DELIVERED)]
    assert [(each.key, each.reason) for each in morning] == [("M03/1", Reason.DELIVERED)]
    assert len(peer.mails) == 2


def test_a_mail_whose_line_was_lost_goes_again_in_the_morning(outbox: Outbox) -> None:
    outbox.put(entry("M03/1"))
    with run_peer(Peer({"BODY": CUT}, only_mails=frozenset({1}))) as peer:
        mail = replace(config(peer), quiet_hours=NIGHT, when_unknown=WhenUnknown.RESEND)
        reasons = [
            [each.reason for each in deliver(outbox, SmtpTransport(mail), mail, now)]
            for now in (EVENING, LATE, MORNING)
        ]
    assert reasons == [[Reason.LOST_LINE], [Reason.QUIET], [Reason.DELIVERED]]


def test_a_batch_that_lasts_into_the_quiet_hours_stops_for_what_can_wait(outbox: Outbox) -> None:
    for number in range(3):
        outbox.put(entry(f"M03/{number}", urgent=number == 2))
    moments = iter([LATE, LATE + MINUTE, LATE + 2 * MINUTE])
    with run_peer(Peer()) as peer:
        mail = replace(config(peer), quiet_hours=NIGHT, max_per_minute=1)
        result = deliver(outbox, SmtpTransport(mail), mail, EVENING, wait=lambda pause: next(moments))
    assert [each.reason for each in result] == [Reason.DELIVERED, Reason.QUIET, Reason.DELIVERED]


def test_a_workspace_that_runs_in_the_quiet_hours_only_is_late_and_not_mute(
    outbox: Outbox, folder: FolderTransport, tmp_path: Path
) -> None:
    nights = []
    outbox.put(entry("M03/1"))
    for night in range(3):
        nights.append([each.reason for each in deliver(outbox, folder, QUIET, LATE + night * DAY)])
    assert nights == [[Reason.QUIET], [Reason.DELIVERED], []]
    assert len(list((tmp_path / "outbox").iterdir())) == 1
