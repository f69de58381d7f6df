"""A clock that was ahead for a night: the next run neither sleeps until then nor leaves mail lying until then."""

from __future__ import annotations

import time as clock
from collections.abc import Callable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace
from outbox_makers import MAIL, entry
from smtp_peers import Peer, run_peer
from smtp_setup import config
from smtp_setup import entry as mail_with_form

from qtemplate.config import QuietHours
from qtemplate.jobs.run import waiter
from qtemplate.mailer.deliver import Reason, deliver
from qtemplate.mailer.outbox.entry import State
from qtemplate.mailer.outbox.limits import SendLimits
from qtemplate.mailer.outbox.queue import Outbox
from qtemplate.mailer.transports.folder import FolderTransport
from qtemplate.mailer.transports.smtp import SmtpTransport

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 22, 10, 0, tzinfo=ZONE)
NIGHT = QuietHours(time(22), time(7))
SPANS = [timedelta(hours=23), timedelta(days=400)]


def waits(moments: list[datetime]) -> Callable[[timedelta], datetime]:
    """A caller who can wait, and writes down until when."""

    def wait(span: timedelta) -> datetime:
        moments.append(moments[-1] + span)
        return moments[-1]

    return wait


@pytest.mark.parametrize("ahead", SPANS)
def test_a_run_after_it_waits_a_minute_and_sends_everything(outbox: Outbox, ahead: timedelta) -> None:
    with run_peer(Peer()) as peer:
        mail = replace(config(peer), max_per_minute=2)
        for number in (1, 2):
            outbox.put(mail_with_form(f"M03/{number}"))
        deliver(outbox, SmtpTransport(mail), mail, NOW + ahead)
        for number in (3, 4, 5):
            outbox.put(mail_with_form(f"M03/{number}"))
        moments = [NOW]
        result = deliver(outbox, SmtpTransport(mail), mail, NOW, wait=waits(moments))
    assert [each.state for each in result] == [State.SENT] * 3
    assert [(each - NOW).total_seconds() for each in moments] == [0, 60, 120]


@pytest.mark.parametrize("ahead", SPANS)
def test_who_cannot_wait_sends_at_once(outbox: Outbox, ahead: timedelta) -> None:
    with run_peer(Peer()) as peer:
        mail = replace(config(peer), max_per_minute=2)
        for number in (1, 2):
            outbox.put(mail_with_form(f"M03/{number}"))
        deliver(outbox, SmtpTransport(mail), mail, NOW + ahead)
        outbox.put(mail_with_form("M03/3"))
        [sent] = deliver(outbox, SmtpTransport(mail), mail, NOW)
    assert (sent.state, sent.reason) == (State.SENT, Reason.DELIVERED)


@pytest.mark.parametrize("ahead", SPANS)
def test_the_rest_of_the_account_is_over(outbox: Outbox, ahead: timedelta) -> None:
    limits = SendLimits(outbox.database)
    limits.pause(NOW + ahead + timedelta(minutes=1), "the mail account rests: 452")
    assert limits.paused(NOW + ahead) == "the mail account rests: 452"
    assert limits.paused(NOW) == ""


@pytest.mark.parametrize("ahead", SPANS)
def test_the_next_try_of_a_refused_mail_is_now_and_its_day_begins_now(outbox: Outbox, ahead: timedelta) -> None:
    outbox.put(mail_with_form("M03/1"))
    with run_peer(Peer({"RCPT": "450 mailbox busy"})) as peer:
        mail = config(peer)
        deliver(outbox, SmtpTransport(mail), mail, NOW + ahead)
        states = []
        for hours in (0, 12, 25):
            result = deliver(outbox, SmtpTransport(mail), mail, NOW + timedelta(hours=hours))
            states.append([each.state for each in result])
    assert states == [[State.APPROVED], [State.APPROVED], [State.FAILED]]


def test_what_was_put_off_goes_by_day_and_is_put_off_anew_at_night(outbox: Outbox, folder: FolderTransport) -> None:
    mail = replace(MAIL, quiet_hours=NIGHT)
    outbox.put(entry("M03/1", now=NOW))
    late = NOW.replace(hour=23)
    deliver(outbox, folder, mail, late + timedelta(days=30))
    [again] = deliver(outbox, folder, mail, late)
    assert (again.reason, outbox.show("M03/1").not_before) == (Reason.QUIET, NOW.replace(day=23, hour=7))
    assert deliver(outbox, folder, mail, late + timedelta(hours=1)) == []
    outbox.put(entry("M03/2", now=NOW))
    deliver(outbox, folder, mail, late + timedelta(days=30))
    result = deliver(outbox, folder, mail, NOW.replace(day=23))
    assert {each.key: each.state for each in result} == {"M03/2": State.SENT}


def test_a_run_waits_no_longer_than_a_minute_at_a_time() -> None:
    wait, began = waiter(NOW), clock.monotonic()
    assert wait(timedelta(hours=23)) == NOW
    assert wait(timedelta(milliseconds=1)) == NOW + timedelta(milliseconds=1)
    assert clock.monotonic() - began < 5
