"""Mails that did not go at once: tried again, of unknown fate, found after a crash, sent again on request."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from outbox_makers import MAIL, NOW, entry, outcome

from qtemplate.mailer.deliver import Reason, deliver
from qtemplate.mailer.outbox.entry import OutboxRefused, State
from qtemplate.mailer.outbox.queue import Outbox, Refusal
from qtemplate.mailer.transports.folder import FolderTransport
from qtemplate.plan.keys import MessageKey


def test_a_temporary_refusal_climbs_the_ladder_and_is_given_up_after_a_day(outbox: Outbox) -> None:
    outbox.put(entry("M03/1"))
    now, tried = NOW, []
    while outbox.show("M03/1").state is State.APPROVED:
        assert outbox.due(now - timedelta(seconds=1)) == [] or now == NOW
        assert outbox.due(now) == ["M03/1"]
        outbox.claim("M03/1", now)
        tried.append((now - NOW).total_seconds() / 60)
        outbox.record_retry("M03/1", now, "450 greylisted")
        now = outbox.show("M03/1").next_try or now
    assert tried == [0, 1, 6, 21, 81, 321, 561, 801, 1041, 1281, 1521]
    assert outbox.show("M03/1").state is State.FAILED
    assert outbox.show("M03/1").detail == "given up after 11 attempts in 25 h: 450 greylisted"


def test_two_refusals_a_night_apart_are_not_the_end(outbox: Outbox) -> None:
    outbox.put(entry("M03/1"))
    states = []
    for night in range(3):
        now = NOW + timedelta(days=night)
        outbox.claim("M03/1", now)
        states.append(outbox.record_retry("M03/1", now, "450 greylisted"))
    assert states == [State.APPROVED, State.APPROVED, State.FAILED]


def test_a_mail_refused_for_some_goes_again_to_those_refused_for_the_moment(outbox: Outbox) -> None:
    outbox.put(entry("M03/1", "a@corp.cn", "b@corp.cn", "c@corp.cn", cc=("d@corp.cn",)))
    outbox.claim("M03/1", NOW)
    refused = (
        Refusal("b@corp.cn", 450, "busy"),
        Refusal("c@corp.cn", 550, "no such user"),
        Refusal("d@corp.cn", 451, "x"),
    )
    assert outbox.record_sent("M03/1", NOW, "smtp", refused) is State.PARTIAL
    first, again = outbox.show("M03/1"), outbox.show("M03/1#2")
    assert first.detail == "b@corp.cn: 450 busy; c@corp.cn: 550 no such user; d@corp.cn: 451 x"
    assert (again.recipients, again.cc, again.raw, again.state) == (
        ("b@corp.cn",),
        ("d@corp.cn",),
        first.raw,
        State.APPROVED,
    )
    assert again.next_try == NOW + timedelta(minutes=1)
    assert outbox.states() == {"M03/1": (State.PARTIAL, NOW)}


def test_after_a_crash_a_file_that_is_there_was_delivered_and_one_that_is_not_goes(
    outbox: Outbox, folder: FolderTransport, tmp_path: Path
) -> None:
    for key in ("M03/1", "M03/2"):
        outbox.put(entry(key))
        claimed = outbox.claim(key, NOW)
        assert claimed is not None
        if key == "M03/1":
            folder.send(claimed)
    result = deliver(outbox, folder, MAIL, NOW + timedelta(hours=1))
    assert [outcome(each) for each in result] == [
        ("M03/1", State.SENT, Reason.DELIVERED),
        ("M03/2", State.SENT, Reason.DELIVERED),
    ]
    assert len(list((tmp_path / "outbox").iterdir())) == 2
    assert outbox.show("M03/2").attempts == 1


def test_an_unknown_mail_waits_for_a_person(outbox: Outbox) -> None:
    for key in ("M03/1", "M03/2", "M03/3"):
        outbox.put(entry(key))
        outbox.claim(key, NOW)
    assert outbox.recover(NOW, lambda each: None, "smtp", resend=False) == ["M03/1", "M03/2", "M03/3"]
    assert outbox.due(NOW + timedelta(days=9)) == []
    outbox.mark_arrived("M03/1", NOW)
    outbox.discard("M03/2", NOW)
    assert outbox.resend("M03/3", NOW) == "M03/3#2"
    assert {each.key: str(each.state) for each in outbox.entries()} == {
        "M03/1": "sent",
        "M03/2": "cancelled",
        "M03/3": "cancelled",
        "M03/3#2": "approved",
    }
    assert outbox.show("M03/3#2").raw == outbox.show("M03/3").raw
    assert outbox.put(entry("M03/3")) is False


def test_with_resend_the_same_bytes_go_again_for_a_day(outbox: Outbox) -> None:
    outbox.put(entry("M03/1"))
    now = NOW
    for _ in range(20):
        if outbox.claim("M03/1", now) is None:
            break
        outbox.record_unknown("M03/1", now, "line lost", resend=True)
        now = outbox.show("M03/1").next_try or now
    assert outbox.show("M03/1").state is State.UNKNOWN
    assert now - NOW >= timedelta(hours=24)


def test_what_was_sent_can_be_sent_again_only_on_request(
    outbox: Outbox, folder: FolderTransport, tmp_path: Path
) -> None:
    outbox.put(entry("M03/1"))
    deliver(outbox, folder, MAIL, NOW)
    assert [outbox.resend("M03/1", NOW), outbox.states()[MessageKey.parse("M03/1")]] == ["M03/1#2", (State.SENT, NOW)]
    deliver(outbox, folder, MAIL, NOW)
    assert outbox.resend("M03/1#2", NOW) == "M03/1#3"
    with pytest.raises(OutboxRefused, match="M03/1#3 is approved: M03/1 is to go once more already"):
        outbox.resend("M03/1", NOW)
    assert len(list((tmp_path / "outbox").iterdir())) == 2
    with pytest.raises(OutboxRefused, match="M03/1#3 is approved: it has not gone yet"):
        outbox.resend("M03/1#3", NOW)
