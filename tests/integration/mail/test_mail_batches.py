"""Batches over SMTP: what becomes of the queue when the server is lost, slow, busy or away."""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec.structs import replace
from smtp_peers import AUTHORITY, CUT, Peer, run_peer
from smtp_setup import NOW, config, entry, reasons

from qtemplate.config import Security, WhenUnknown
from qtemplate.mailer.deliver import Reason, deliver
from qtemplate.mailer.outbox.entry import State
from qtemplate.mailer.outbox.queue import Outbox
from qtemplate.mailer.transports.smtp import SmtpTransport


def test_a_lost_answer_leaves_one_copy_and_a_mail_for_a_person(outbox: Outbox) -> None:
    outbox.put(entry())
    with run_peer(Peer({"BODY": CUT})) as peer:
        for hour in range(5):
            deliver(outbox, SmtpTransport(config(peer)), config(peer), NOW + timedelta(hours=hour))
    assert (outbox.show("M03/1").state, len(peer.mails)) == (State.UNKNOWN, 1)


def test_with_resend_a_lost_answer_is_followed_by_the_same_bytes(outbox: Outbox) -> None:
    outbox.put(entry())
    with run_peer(Peer({"BODY": CUT}, only_mails=frozenset({1}))) as peer:
        mail = replace(config(peer), when_unknown=WhenUnknown.RESEND)
        for hour in range(5):
            deliver(outbox, SmtpTransport(mail), mail, NOW + timedelta(hours=hour))
    assert (outbox.show("M03/1").state, len(peer.mails)) == (State.SENT, 2)
    assert peer.mails[0] == peer.mails[1]


def test_a_wrong_set_up_is_said_once_and_every_mail_stays(outbox: Outbox) -> None:
    for number in range(3):
        outbox.put(entry(f"M03/{number}"))
    with run_peer(Peer(), starttls="localhost.pem") as peer:
        mail = replace(config(peer), security=Security.STARTTLS)
        result = deliver(outbox, SmtpTransport(mail), mail, NOW)
        assert reasons(result) == [(State.APPROVED, Reason.SETUP)] + [(State.APPROVED, Reason.WAITS)] * 2
        assert {outbox.show(each.key).attempts for each in result} == {0}
        mended = replace(mail, ca_file=AUTHORITY)
        assert reasons(deliver(outbox, SmtpTransport(mended), mended, NOW)) == [(State.SENT, Reason.DELIVERED)] * 3


def test_a_server_that_is_away_costs_no_mail_and_no_attempt(outbox: Outbox) -> None:
    for number in range(3):
        outbox.put(entry(f"M03/{number}"))
    with run_peer(Peer()) as peer:
        mail = config(peer)
    for night in range(9):
        result = deliver(outbox, SmtpTransport(mail), mail, NOW + timedelta(days=night))
        assert reasons(result) == [(State.APPROVED, Reason.SERVER)] + [(State.APPROVED, Reason.WAITS)] * 2
    assert {outbox.show(each.key).attempts for each in result} == {0}


def test_a_busy_server_rests_the_account_for_a_minute(outbox: Outbox) -> None:
    for number in range(3):
        outbox.put(entry(f"M03/{number}"))
    with run_peer(Peer({"BODY": "452 slow down"}, only_mails=frozenset({2}))) as peer:
        mail = config(peer)
        first = deliver(outbox, SmtpTransport(mail), mail, NOW)
        soon = deliver(outbox, SmtpTransport(mail), mail, NOW + timedelta(seconds=30))
        later = deliver(outbox, SmtpTransport(mail), mail, NOW + timedelta(seconds=61))
    assert reasons(first) == [
        (State.SENT, Reason.DELIVERED),
        (State.APPROVED, Reason.TEMPORARY),
        (State.APPROVED, Reason.WAITS),
    ]
    assert reasons(soon) == [(State.APPROVED, Reason.WAITS)]
    assert [each.key for each in later if each.state is State.SENT] == ["M03/2", "M03/1"]


def test_a_run_that_can_wait_waits_out_the_rest(outbox: Outbox) -> None:
    moments = [NOW]

    def wait(pause: timedelta) -> datetime:
        moments.append(moments[-1] + pause)
        return moments[-1]

    for number in range(3):
        outbox.put(entry(f"M03/{number}"))
    with run_peer(Peer({"BODY": "452 slow down"}, only_mails=frozenset({2}))) as peer:
        result = deliver(outbox, SmtpTransport(config(peer)), config(peer), NOW, wait=wait)
    assert [each.state for each in result] == [State.SENT, State.APPROVED, State.SENT]
    assert moments[1:] == [NOW + timedelta(seconds=60)]


def test_no_more_mails_a_minute_than_the_limit_also_over_several_runs(outbox: Outbox) -> None:
    for number in range(7):
        outbox.put(entry(f"M03/{number}"))
    with run_peer(Peer()) as peer:
        mail = replace(config(peer), max_per_minute=3)
        sent = []
        for seconds in (0, 5, 59, 61, 62, 125):
            result = deliver(outbox, SmtpTransport(mail), mail, NOW + timedelta(seconds=seconds))
            sent.append(sum(each.state is State.SENT for each in result))
    assert sent == [3, 0, 0, 3, 0, 1]


def test_a_run_that_can_wait_keeps_the_limit_and_sends_everything(outbox: Outbox) -> None:
    moments = [NOW]

    def wait(pause: timedelta) -> datetime:
        moments.append(moments[-1] + pause)
        return moments[-1]

    for number in range(7):
        outbox.put(entry(f"M03/{number}"))
    with run_peer(Peer()) as peer:
        mail = replace(config(peer), max_per_minute=3)
        result = deliver(outbox, SmtpTransport(mail), mail, NOW, wait=wait)
    assert {each.state for each in result} == {State.SENT}
    assert [(each - NOW).total_seconds() for each in moments] == [0, 60, 120]


def test_a_server_that_never_answers_bodies_stops_the_batch(outbox: Outbox) -> None:
    for number in range(5):
        outbox.put(entry(f"M03/{number}"))
    with run_peer(Peer({"BODY": CUT})) as peer:
        result = deliver(outbox, SmtpTransport(config(peer)), config(peer), NOW)
    assert reasons(result) == [(State.UNKNOWN, Reason.LOST_LINE)] * 3 + [(State.APPROVED, Reason.WAITS)] * 2


def test_a_mail_of_a_crashed_run_is_unknown_to_smtp(outbox: Outbox) -> None:
    outbox.put(entry())
    outbox.claim("M03/1", NOW)
    with run_peer(Peer()) as peer:
        result = deliver(outbox, SmtpTransport(config(peer)), config(peer), NOW)
    assert reasons(result) == [(State.UNKNOWN, Reason.LOST_LINE)]
    assert peer.mails == []
