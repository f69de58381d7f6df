"""The outbox on a real SQLite and delivery into a real folder: who gets mail, when, and how often."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qtemplate.config import MailConfig, QuietHours
from qtemplate.mailer.allowed import is_allowed, redirect
from qtemplate.mailer.deliver import Delivery, Reason, deliver
from qtemplate.mailer.entry import OutboxEntry, OutboxRefused, State, end_of_quiet, make_entry
from qtemplate.mailer.folder import FolderTransport
from qtemplate.mailer.limits import SendLimits
from qtemplate.mailer.message import Address, Draft
from qtemplate.mailer.outbox import Outbox, Refusal

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
MAIL = MailConfig(allow_domains=("corp.cn",), max_per_run=1000)


def connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("pragma journal_mode=wal")
    connection.execute("pragma synchronous=full")
    return connection


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    connection = connect(tmp_path / "state.db")
    outbox = Outbox(connection)
    outbox.create_tables()
    yield outbox
    connection.close()


@pytest.fixture
def folder(tmp_path: Path) -> FolderTransport:
    return FolderTransport(tmp_path / "outbox")


def draft(key: str, *to: str, cc: tuple[str, ...] = ()) -> Draft:
    return Draft(
        key=key,
        sender=Address("质量部", "qa@corp.cn"),
        to=tuple(Address("", each) for each in to or ("zhang@corp.cn",)),
        cc=tuple(Address("", each) for each in cc),
        subject=f"主题 {key}",
        text="正文",
        date=NOW,
    )


def entry(key: str, *to: str, cc: tuple[str, ...] = (), approved: bool = True, now: datetime = NOW) -> OutboxEntry:
    return make_entry(draft(key, *to, cc=cc), kind=key[:3], id="QF-2026-0001", approved=approved, now=now)


def moves(outbox: Outbox, key: str) -> list[tuple[str, str]]:
    return [(event.from_state, event.to_state) for event in outbox.events(key)]


def outcome(delivery: Delivery) -> tuple[str, State, Reason]:
    return delivery.key, delivery.state, delivery.reason


def test_the_same_key_is_put_once_and_keeps_its_first_bytes(outbox: Outbox) -> None:
    first = entry("M03/1")
    assert [outbox.put(first), outbox.put(entry("M03/1", "other@corp.cn"))] == [True, False]
    assert outbox.show("M03/1") == first
    assert moves(outbox, "M03/1") == [("", "approved")]


def test_creating_the_tables_again_changes_nothing(outbox: Outbox) -> None:
    outbox.put(entry("M03/1"))
    outbox.create_tables()
    assert [each.key for each in outbox.entries()] == ["M03/1"]


def test_ten_runs_deliver_one_mail(outbox: Outbox, folder: FolderTransport, tmp_path: Path) -> None:
    deliveries = []
    for night in range(10):
        outbox.put(entry("M03/1"))
        deliveries += deliver(outbox, folder, MAIL, NOW + timedelta(days=night))
    assert [outcome(each) for each in deliveries] == [("M03/1", State.SENT, Reason.DELIVERED)]
    assert [file.read_bytes() for file in (tmp_path / "outbox").iterdir()] == [outbox.show("M03/1").raw]
    assert moves(outbox, "M03/1") == [("", "approved"), ("approved", "sending"), ("sending", "sent")]
    assert (outbox.show("M03/1").sent_at, outbox.show("M03/1").sent_via) == (NOW, "folder")
    assert outbox.states() == {"M03/1": (State.SENT, NOW)}


def test_files_are_named_by_kind_and_feedback_or_day(outbox: Outbox, folder: FolderTransport, tmp_path: Path) -> None:
    outbox.put(entry("M03/QF-2026-0001/1"))
    outbox.put(replace(entry("M10/2026-07-01/zhang@corp.cn"), id=None))
    outbox.put(replace(entry("M25/nightly"), id=None))
    deliver(outbox, folder, MAIL, NOW)
    names = sorted(file.name.rpartition("_")[0] for file in (tmp_path / "outbox").iterdir())
    assert names == ["M03_QF-2026-0001", "M10_2026-07-01", "M25_2026-11-22"]


def test_nobody_gets_mail_while_the_allow_list_is_empty(
    outbox: Outbox, folder: FolderTransport, tmp_path: Path
) -> None:
    outbox.put(entry("M03/1"))
    (delivery,) = deliver(outbox, folder, MailConfig(), NOW)
    assert outcome(delivery) == ("M03/1", State.HELD, Reason.NOT_ALLOWED)
    assert delivery.detail == "zhang@corp.cn may not get mail: [mail] allow_domains lists nobody"
    assert not (tmp_path / "outbox").exists()
    assert deliver(outbox, folder, MAIL, NOW) == []


@pytest.mark.parametrize("address", ["a@corp.cn.evil.com", "a@evilcorp.cn", "a@sub.corp.cn", "a@corp.com"])
def test_one_stranger_among_the_recipients_holds_the_mail(
    outbox: Outbox, folder: FolderTransport, address: str
) -> None:
    outbox.put(entry("M03/1", "zhang@corp.cn", cc=(address,)))
    (delivery,) = deliver(outbox, folder, MAIL, NOW)
    assert outcome(delivery) == ("M03/1", State.HELD, Reason.NOT_ALLOWED)
    assert delivery.detail.startswith(f"{address} may not get mail")


@pytest.mark.parametrize(
    ("address", "allowed", "result"),
    [
        ("a@corp.cn", ["corp.cn"], True),
        ("a@CORP.cn", ["Corp.CN"], True),
        ("a@sub.corp.cn", [".corp.cn"], True),
        ("a@corp.cn", [".corp.cn"], True),
        ("a@evilcorp.cn", [".corp.cn"], False),
        ("a@corp.cn.evil.com", [".corp.cn", "corp.cn"], False),
        ("a@b@corp.cn", ["b"], False),
        ("a@xn--fsqu00a.cn", ["例子.cn"], True),
        ("a@any.where", ["*"], True),
        ("a@corp.cn", [], False),
        ("", ["corp.cn"], False),
    ],
)
def test_the_allow_list_compares_whole_domains(address: str, allowed: list[str], result: bool) -> None:
    assert is_allowed(address, allowed) is result


def test_test_mode_sends_everything_to_the_tester(outbox: Outbox, folder: FolderTransport, tmp_path: Path) -> None:
    mail = replace(MAIL, redirect_to="tester@corp.cn")
    redirected = redirect(draft("M14/1", "customer@else.com", cc=("boss@corp.cn",)), mail.redirect_to, "zh")
    outbox.put(make_entry(redirected, kind="M14", id="QF-2026-0001", approved=True, now=NOW))
    outbox.put(entry("M03/made-before"))
    first, second = deliver(outbox, folder, mail, NOW)
    assert outcome(first) == ("M14/1", State.SENT, Reason.DELIVERED)
    assert outcome(second) == ("M03/made-before", State.HELD, Reason.NOT_REDIRECTED)
    (file,) = (tmp_path / "outbox").iterdir()
    message = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert (message["To"], message["Cc"], message["X-Qtemplate-Original-To"]) == (
        "tester@corp.cn",
        None,
        "customer@else.com, boss@corp.cn",
    )
    assert message["Subject"] == "[测试] 主题 M14/1"


def test_more_new_mails_than_the_cap_are_held_until_a_person_approves(outbox: Outbox, folder: FolderTransport) -> None:
    for number in range(7):
        outbox.put(entry(f"M03/{number}"))
    mail = replace(MAIL, max_per_run=3)
    assert [each.reason for each in deliver(outbox, folder, mail, NOW)] == [Reason.DELIVERED] * 3 + [
        Reason.OVER_CAP
    ] * 4
    assert deliver(outbox, folder, mail, NOW) == []
    for number in range(3, 7):
        outbox.approve(f"M03/{number}", NOW)
    assert [each.reason for each in deliver(outbox, folder, mail, NOW)] == [Reason.DELIVERED] * 4


def test_the_cap_holds_for_a_run_that_delivers_several_times(outbox: Outbox, folder: FolderTransport) -> None:
    mail, reasons = replace(MAIL, max_per_run=3), []
    for round_ in range(3):
        for number in range(2):
            outbox.put(entry(f"M03/{round_}/{number}"))
        reasons += [each.reason for each in deliver(outbox, folder, mail, NOW)]
    assert reasons == [Reason.DELIVERED] * 3 + [Reason.OVER_CAP] * 3
    outbox.put(entry("M03/next"))
    assert [each.reason for each in deliver(outbox, folder, mail, NOW + timedelta(days=1))] == [Reason.DELIVERED]


def test_a_mail_that_is_no_longer_wanted_is_cancelled_just_before_it_goes(
    outbox: Outbox, folder: FolderTransport
) -> None:
    for key in ("M03/1", "M08/2"):
        outbox.put(entry(key))
    closed = deliver(outbox, folder, MAIL, NOW, still_wanted=lambda each: "row closed" if each.kind == "M08" else None)
    assert [(each.key, each.state, each.detail) for each in closed] == [
        ("M03/1", State.SENT, ""),
        ("M08/2", State.CANCELLED, "row closed"),
    ]


def test_a_row_closed_during_the_batch_stops_its_mail(outbox: Outbox, folder: FolderTransport, tmp_path: Path) -> None:
    for key in ("M03/1", "M03/2"):
        outbox.put(entry(key))
    sent = tmp_path / "outbox"
    result = deliver(outbox, folder, MAIL, NOW, still_wanted=lambda each: "closed" if sent.exists() else None)
    assert [each.state for each in result] == [State.SENT, State.CANCELLED]


def test_a_draft_waits_for_approval_and_a_discarded_one_never_goes(outbox: Outbox, folder: FolderTransport) -> None:
    for key in ("M14/1", "M14/2"):
        outbox.put(entry(key, approved=False))
    assert deliver(outbox, folder, MAIL, NOW) == []
    outbox.approve("M14/1", NOW, "li")
    outbox.discard("M14/2", NOW, "li")
    assert [outcome(each) for each in deliver(outbox, folder, MAIL, NOW)] == [("M14/1", State.SENT, Reason.DELIVERED)]
    assert [event.actor for event in outbox.events("M14/2")] == ["run", "li"]
    with pytest.raises(OutboxRefused, match="M14/2 is cancelled; only drafted or held can become approved"):
        outbox.approve("M14/2", NOW)


def test_an_unknown_key_names_the_nearest(outbox: Outbox) -> None:
    outbox.put(entry("M03/QF-2026-0001/1"))
    with pytest.raises(OutboxRefused, match="did you mean 'M03/QF-2026-0001/1'"):
        outbox.show("M03/QF-2026-001/1")


def test_two_processes_never_claim_the_same_mail(outbox: Outbox, tmp_path: Path) -> None:
    outbox.put(entry("M03/1"))
    other = connect(tmp_path / "state.db")
    assert (Outbox(other).claim("M03/1", NOW) is None, outbox.claim("M03/1", NOW)) == (False, None)
    other.close()


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
    assert [outbox.resend("M03/1", NOW), outbox.states()["M03/1"]] == ["M03/1#2", (State.SENT, NOW)]
    deliver(outbox, folder, MAIL, NOW)
    assert outbox.resend("M03/1#2", NOW) == "M03/1#3"
    assert len(list((tmp_path / "outbox").iterdir())) == 2
    with pytest.raises(OutboxRefused, match="M03/1#3 is approved: it has not gone yet"):
        outbox.resend("M03/1#3", NOW)


def test_a_suppressed_address_gets_nothing_and_the_others_their_mail(outbox: Outbox, folder: FolderTransport) -> None:
    limits = SendLimits(outbox.connection)
    limits.suppress("Gone@corp.cn", "550 5.1.1", NOW)
    outbox.put(entry("M03/1", "gone@corp.cn"))
    outbox.put(entry("M03/2", "gone@corp.cn", "here@corp.cn"))
    result = deliver(outbox, folder, MAIL, NOW)
    assert [outcome(each) for each in result] == [
        ("M03/1", State.CANCELLED, Reason.SUPPRESSED),
        ("M03/2", State.SENT, Reason.DELIVERED),
    ]
    assert (limits.release("gone@corp.cn"), limits.release("gone@corp.cn")) == (True, False)


def test_a_mail_held_for_the_morning_waits_and_approval_overrides(outbox: Outbox, folder: FolderTransport) -> None:
    morning = NOW + timedelta(hours=6)
    outbox.put(replace(entry("M03/1"), not_before=morning))
    outbox.put(replace(entry("M14/1", approved=False), not_before=morning))
    assert deliver(outbox, folder, MAIL, NOW) == []
    outbox.approve("M14/1", NOW)
    assert [each.key for each in deliver(outbox, folder, MAIL, NOW)] == ["M14/1"]
    assert [each.key for each in deliver(outbox, folder, MAIL, morning)] == ["M03/1"]


def test_quiet_hours_end_on_the_right_day() -> None:
    zone, night = ZoneInfo("Asia/Shanghai"), QuietHours(time(22), time(7))
    at = [datetime(2026, 11, 22, hour, 30, tzinfo=zone) for hour in (3, 12, 23)]
    assert [end_of_quiet(night, each) for each in at] == [
        datetime(2026, 11, 22, 7, tzinfo=zone),
        None,
        datetime(2026, 11, 23, 7, tzinfo=zone),
    ]


def test_owner_and_manager_in_one_person_is_one_recipient() -> None:
    assert entry("M09/1", "Zhang@corp.cn", cc=("zhang@corp.cn", "li@corp.cn")).envelope == (
        "Zhang@corp.cn",
        "li@corp.cn",
    )


def test_text_of_finished_mails_is_forgotten_and_nothing_else(outbox: Outbox, folder: FolderTransport) -> None:
    for key in ("M03/old", "M03/later"):
        outbox.put(entry(key, "secret@corp.cn"))
    outbox.put(entry("M14/draft", approved=False))
    deliver(outbox, folder, MAIL, NOW, only={"M03/old"})
    deliver(outbox, folder, MAIL, NOW + timedelta(days=2))
    before = outbox.show("M03/old")
    assert outbox.forget_text(NOW + timedelta(days=1)) == 1
    assert outbox.forget_text(NOW + timedelta(days=1)) == 0
    after = outbox.show("M03/old")
    assert after == replace(before, raw=b"", subject="", recipients=())
    assert [bool(outbox.show(key).raw) for key in ("M03/later", "M14/draft")] == [True, True]
    assert outbox.put(entry("M03/old")) is False
    with pytest.raises(OutboxRefused, match="its text was deleted"):
        outbox.resend("M03/old", NOW)


def test_a_folder_that_cannot_be_written_keeps_the_mails(outbox: Outbox, tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("a file where the folder should be", encoding="utf-8")
    for key in ("M03/1", "M03/2"):
        outbox.put(entry(key))
    result = deliver(outbox, FolderTransport(tmp_path / "outbox"), MAIL, NOW)
    assert [outcome(each) for each in result] == [
        ("M03/1", State.APPROVED, Reason.TEMPORARY),
        ("M03/2", State.APPROVED, Reason.WAITS),
    ]


def test_moves_are_part_of_the_callers_transaction(outbox: Outbox) -> None:
    outbox.connection.execute("begin immediate")
    outbox.put(entry("M03/1"))
    outbox.connection.execute("rollback")
    assert outbox.entries() == []


def test_a_naive_moment_is_refused(outbox: Outbox) -> None:
    with pytest.raises(ValueError, match="has no time zone"):
        outbox.due(datetime(2026, 11, 22))


STEPS: dict[str, Callable[[Outbox, datetime], object]] = {
    "put": lambda outbox, now: outbox.put(entry("M03/1", approved=False, now=now)),
    "approve": lambda outbox, now: outbox.approve("M03/1", now),
    "claim": lambda outbox, now: outbox.claim("M03/1", now),
    "sent": lambda outbox, now: outbox.record_sent("M03/1", now, "smtp"),
    "partial": lambda outbox, now: outbox.record_sent("M03/1", now, "smtp", [Refusal("zhang@corp.cn", 450, "busy")]),
    "retry": lambda outbox, now: outbox.record_retry("M03/1", now, "450"),
    "failed": lambda outbox, now: outbox.record_failed("M03/1", now, "550"),
    "unknown": lambda outbox, now: outbox.record_unknown("M03/1", now, "lost", resend=False),
    "give back": lambda outbox, now: outbox.give_back("M03/1", now, "no server"),
    "hold": lambda outbox, now: outbox.hold("M03/1", now, "cap"),
    "cancel": lambda outbox, now: outbox.cancel("M03/1", now, "closed"),
    "discard": lambda outbox, now: outbox.discard("M03/1", now),
    "arrived": lambda outbox, now: outbox.mark_arrived("M03/1", now),
    "resend": lambda outbox, now: outbox.resend("M03/1", now),
    "crash": lambda outbox, now: outbox.recover(now, lambda each: None, "smtp", resend=False),
    "forget": lambda outbox, now: outbox.forget_text(now),
}


@settings(max_examples=150, deadline=None)
@given(steps=st.lists(st.sampled_from(sorted(STEPS)), min_size=5, max_size=25))
def test_whatever_is_asked_the_moves_form_one_chain_and_what_went_never_goes_again(steps: list[str]) -> None:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    outbox = Outbox(connection)
    outbox.create_tables()
    outbox.put(entry("M03/1"))
    for number, step in enumerate(steps):
        with suppress(OutboxRefused):
            STEPS[step](outbox, NOW + timedelta(minutes=number))
    chain = moves(outbox, "M03/1")
    assert [after for _, after in chain[:-1]] == [before for before, _ in chain[1:]]
    assert chain[-1][1] == outbox.show("M03/1").state
    gone = [index for index, (_, after) in enumerate(chain) if after in ("sent", "partial", "cancelled")]
    assert gone in ([], [len(chain) - 1])
    assert chain.count(("approved", "sending")) >= outbox.show("M03/1").attempts
    connection.close()
