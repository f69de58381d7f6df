"""The outbox on SQLite and on PostgreSQL, and delivery into a real folder: who gets mail, when, and how often."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing, suppress
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from outbox_makers import MAIL, NOW, draft, entry, moves, outcome

from qtemplate.config import MailConfig
from qtemplate.journal import Place, open_state
from qtemplate.mailer.allowed import is_allowed, redirect
from qtemplate.mailer.deliver import Reason, deliver
from qtemplate.mailer.outbox.entry import Kept, OutboxRefused, State
from qtemplate.mailer.outbox.limits import SendLimits
from qtemplate.mailer.outbox.making import make_entry
from qtemplate.mailer.outbox.queue import Outbox, Refusal
from qtemplate.mailer.transports.folder import FolderTransport


def test_the_same_key_is_put_once_and_keeps_its_first_bytes(outbox: Outbox) -> None:
    first = entry("M03/1")
    assert [outbox.put(first), outbox.put(entry("M03/1", "other@corp.cn"))] == [True, False]
    assert outbox.show("M03/1") == first
    assert moves(outbox, "M03/1") == [("", "approved")]


def test_mails_put_at_once_are_there_together_or_not_at_all(outbox: Outbox, place: Place) -> None:
    elsewhere = Outbox(open_state(place))
    with outbox.at_once():
        assert [outbox.put(entry("M03/1")), outbox.put(entry("M03/1")), outbox.put(entry("M03/2"))] == [
            True,
            False,
            True,
        ]
        assert elsewhere.entries() == []
    with suppress(KeyboardInterrupt), outbox.at_once():
        outbox.put(entry("M03/3"))
        raise KeyboardInterrupt
    assert [(each.key, moves(elsewhere, each.key)) for each in elsewhere.entries()] == [
        ("M03/1", [("", "approved")]),
        ("M03/2", [("", "approved")]),
    ]
    elsewhere.database.close()


def test_opening_the_database_again_changes_nothing(outbox: Outbox, place: Place) -> None:
    outbox.put(entry("M03/1"))
    open_state(place).close()
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
    # while that stays so it is not told again, and once the domain is named it goes by itself
    assert deliver(outbox, folder, MailConfig(), NOW) == []
    assert len(moves(outbox, "M03/1")) == 2
    assert [outcome(each) for each in deliver(outbox, folder, MAIL, NOW)] == [("M03/1", State.SENT, Reason.DELIVERED)]


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
    assert outcome(first) == ("M14/1", State.DIVERTED, Reason.DELIVERED)
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


def test_two_processes_never_claim_the_same_mail(outbox: Outbox, place: Place) -> None:
    outbox.put(entry("M03/1"))
    other = open_state(place)
    assert (Outbox(other).claim("M03/1", NOW) is None, outbox.claim("M03/1", NOW)) == (False, None)
    other.close()


def test_a_suppressed_address_gets_nothing_and_the_others_their_mail(outbox: Outbox, folder: FolderTransport) -> None:
    limits = SendLimits(outbox.database)
    limits.suppress("Gone@corp.cn", "550 5.1.1", NOW)
    outbox.put(entry("M03/1", "gone@corp.cn"))
    outbox.put(entry("M03/2", "gone@corp.cn", "here@corp.cn"))
    result = deliver(outbox, folder, MAIL, NOW)
    assert [(*outcome(each), each.detail) for each in result] == [
        (
            "M03/1",
            State.HELD,
            Reason.SUPPRESSED,
            "gone@corp.cn (550 5.1.1) is on the suppression list; to send it: qtemplate outbox unsuppress",
        ),
        ("M03/2", State.PARTIAL, Reason.DELIVERED, "gone@corp.cn: 550 on the suppression list: 550 5.1.1"),
    ]
    outbox.approve("M03/1", NOW)
    assert [each.state for each in deliver(outbox, folder, MAIL, NOW)] == [State.HELD]
    assert (limits.release("gone@corp.cn"), limits.release("gone@corp.cn")) == (True, False)
    outbox.approve("M03/1", NOW)
    assert [each.state for each in deliver(outbox, folder, MAIL, NOW)] == [State.SENT]


def test_a_copy_does_not_go_alone_when_the_recipient_is_suppressed(outbox: Outbox, folder: FolderTransport) -> None:
    SendLimits(outbox.database).suppress("owner@corp.cn", "left", NOW)
    outbox.put(entry("M03/1", "owner@corp.cn", cc=("head@corp.cn",)))
    outbox.put(entry("M03/2", "head@corp.cn", cc=("owner@corp.cn",)))
    assert [each.state for each in deliver(outbox, folder, MAIL, NOW)] == [State.HELD, State.PARTIAL]


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
    with suppress(KeyboardInterrupt), outbox.database.transaction():
        outbox.put(entry("M03/1"))
        raise KeyboardInterrupt
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
    "put off": lambda outbox, now: outbox.put_off("M03/1", now, now + timedelta(hours=6), "quiet hours"),
    "hold": lambda outbox, now: outbox.hold("M03/1", now, "cap", Kept.OVER_CAP),
    "release": lambda outbox, now: outbox.release("M03/1", now),
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
    with closing(open_state(None)) as database:
        outbox = Outbox(database)
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
        outbox.database.close()
