"""The mail queue as a person works with it: who gets nothing, what waits and why, and what goes at once."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from registers import ASSESSED, make_workspace
from told import LATER, Told
from workspace_state import mails, queue

TRANSFER = "M03/QF-2026-0001/1/生产部/孙浩"
NIGHT = "2026-07-16T23:00"
MORNING = "2026-07-17T09:00"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A register with one row; nothing has gone yet, and the night is quiet."""
    file = make_workspace(tmp_path / "w", [ASSESSED], language="zh")
    lines = file.read_text("utf-8").splitlines()
    lines = ['quiet_hours = "22:00-07:00"' if line.startswith("quiet_hours = ") else line for line in lines]
    file.write_text("\n".join(lines) + "\n", "utf-8")
    return tmp_path / "w"


def texts(folder: Path, kind: str) -> list[str]:
    """The text parts of the mails of a kind that have gone."""
    found = []
    for name, data in mails(folder).items():
        mail = message_from_bytes(data, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        body = mail.get_body(("plain",))
        if name.startswith(kind) and body is not None:
            found.append(str(body.get_content()))
    return found


def test_a_suppressed_address_gets_nothing_and_the_night_tells_until_somebody_decides(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Told(folder, capsys, "run", "--no-mail")
    told = Told(folder, capsys, "outbox", "suppress", "Sun@Example.com", "--reason", "已离职", "--json")
    assert (told.code, told.data["suppressed"]) == (
        0,
        {"address": "sun@example.com", "reason": "已离职", "since": "2026-07-16T01:00:00+00:00"},
    )
    Told(folder, capsys, "run", now=LATER)
    assert queue(folder)[TRANSFER] == "held"
    assert not [name for name, data in mails(folder).items() if b"<sun@example.com>" in data]
    (news,) = texts(folder, "M25")
    assert "sun@example.com（已离职）在不发名单上" in news
    released = Told(folder, capsys, "outbox", "unsuppress", "sun@example.com", "--json")
    assert (released.code, TRANSFER in released.data["held"]) == (0, True)
    Told(folder, capsys, "outbox", "approve", TRANSFER, now=LATER)
    sent = Told(folder, capsys, "outbox", "send", TRANSFER, "--json", now=LATER)
    assert [(item["key"], item["state"]) for item in sent.data["deliveries"]] == [(TRANSFER, "sent")]


def test_suppressing_an_address_again_changes_its_reason_only_where_one_is_given(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Told(folder, capsys, "run", now=NIGHT)
    reasons = [
        Told(folder, capsys, "outbox", "suppress", "Sun@Example.com", *given, "--json").data["suppressed"]["reason"]
        for given in (("--reason", "已离职"), (), ("--reason", "地址作废"))
    ]
    assert reasons == ["已离职", "已离职", "地址作废"]


def test_the_list_names_who_is_suppressed_and_why_a_mail_waits(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Told(folder, capsys, "run", "--no-mail")
    Told(folder, capsys, "outbox", "suppress", "zhang.wei@example.com", now=NIGHT)
    assert Told(folder, capsys, "outbox", "send", now=NIGHT).code == 5
    told = Told(folder, capsys, "outbox", "list", now=NIGHT)
    lines = [line.strip() for line in told.text.splitlines()]
    assert lines[1] == "· zhang.wei@example.com（人工列入）在不发名单上；要发请用 qtemplate outbox unsuppress 移出"
    why = "不紧急，07:00 之后发出（[mail] quiet_hours）"
    assert lines[3] == f"· waits until 2026-07-17 07:00: {why} (at once: qtemplate outbox send with its key)"
    assert lines[-2:] == [
        "Suppressed addresses (qtemplate outbox unsuppress takes one off)",
        "zhang.wei@example.com (人工列入)",
    ]
    data = Told(folder, capsys, "outbox", "list", "--json", now=NIGHT).data
    assert [each["address"] for each in data["suppressed"]] == ["zhang.wei@example.com"]
    assert {each["kind"]: each["not_before"] for each in data["messages"]} == {"M01": None} | dict.fromkeys(
        ("M03", "M10", "M25"), "2026-07-16T23:00:00+00:00"
    )


def test_in_the_quiet_hours_only_a_mail_that_is_named_goes(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = Told(folder, capsys, "run", now=NIGHT)
    assert (first.code, set(queue(folder).values())) == (0, {"approved"})
    assert Told(folder, capsys, "outbox", "send", TRANSFER, now=NIGHT).code == 0
    assert [key for key, state in queue(folder).items() if state == "sent"] == [TRANSFER]
    assert Told(folder, capsys, "outbox", "send", now=MORNING).code == 0
    # what said how things stood on the evening is made anew
    late = {key for key in queue(folder) if key.split("/")[1] == "2026-07-16"}
    assert {key for key, state in queue(folder).items() if state == "cancelled"} == late
    assert set(queue(folder).values()) == {"sent", "cancelled"}
    assert len(mails(folder)) == len(queue(folder)) - len(late)


def test_only_what_is_approved_can_be_sent_by_name(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Told(folder, capsys, "run")
    again = Told(folder, capsys, "outbox", "send", TRANSFER)
    assert (again.code, "is sent, only approved mails can be sent; resend queues it once more" in again.complaint) == (
        4,
        True,
    )
    assert Told(folder, capsys, "outbox", "send", f"{TRANSFER}x").code == 2
    assert len(mails(folder)) == len(queue(folder))


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("suppress", "sun"), "is not an address"),
        (("suppress", "sun@example.com\nBcc: eve@evil.com"), "control character"),
        (("unsuppress", "sun@example.com"), "is not on the suppression list"),
    ],
)
def test_what_is_no_address_or_not_on_the_list_is_said(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], word: str
) -> None:
    Told(folder, capsys, "run")
    told = Told(folder, capsys, "outbox", *arguments)
    assert (told.code, word in told.complaint) == (2, True)
