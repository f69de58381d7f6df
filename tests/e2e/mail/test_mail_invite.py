"""`outbox invite`: colleagues get the record and a calendar entry, once."""

from __future__ import annotations

import datetime as dt
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from registers import ASSESSED, NOW, make_workspace, people_rows
from workspace_state import mails, queue

from qtemplate.config import Config, load_config
from qtemplate.errors import ConfigError, NotFound
from qtemplate.jobs.mail.invite import invite
from qtemplate.jobs.mail.sending import send_due
from qtemplate.jobs.run import run
from qtemplate.mailer.calendar_entry import Meeting, write_meeting
from qtemplate.sheets import append_rows, edit_cells, open_book, read_rulebook
from qtemplate.sheets.standard import build_workbook

START = dt.datetime(2026, 7, 16, 14, 0)


@pytest.fixture
def config(tmp_path: Path) -> Config:
    config = load_config(make_workspace(tmp_path / "w", [ASSESSED]))
    run(config, NOW)
    return config


def test_an_invitation_goes_once_with_its_calendar_entry(config: Config) -> None:
    for _ in range(2):
        invite(config, "QF-2026-0001", START, ["孙浩", "周敏"], place="三号会议室", moment=NOW)
    send_due(config, NOW)
    run(config, NOW + dt.timedelta(hours=1))
    assert [state for key, state in queue(config.workspace).items() if key.startswith("M05/")] == ["sent"]
    (data,) = [data for name, data in mails(config.workspace).items() if "M05" in name]
    mail = message_from_bytes(data, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    entry, minutes = mail.iter_attachments()
    assert minutes.get_filename() == "会议纪要-QF-2026-0001-20260716-1400.xlsx"
    assert entry.get_content_type() == "text/calendar"
    lines = entry.get_payload(decode=True).decode("utf-8").split("\r\n")  # type: ignore[union-attr] # bytes of a leaf
    assert {"DTSTART:20260716T060000Z", "DTEND:20260716T070000Z", "LOCATION:三号会议室"} <= set(lines)
    assert [address.addr_spec for address in mail["To"].addresses] == ["sun@example.com", "zhou@example.com"]


def test_the_minutes_come_with_who_was_invited_and_their_decisions_become_actions(config: Config) -> None:
    invite(config, "QF-2026-0001", START, ["孙浩", "周敏"], place="三号会议室", moment=NOW)
    invite(config, "QF-2026-0001", START + dt.timedelta(days=1), ["孙浩"], moment=NOW)
    first, second = sorted((config.workspace / "forms" / "out").glob("会议纪要-*.xlsx"))
    names = load_workbook(first).defined_names
    at = {name: str(names[name].attr_text).partition("!")[2].replace("$", "") for name in names}
    sheet = load_workbook(first).active
    assert sheet is not None
    assert [sheet[at[name].partition(":")[0]].value for name in ("f_held_at", "f_place", "f_present")] == [
        START, "三号会议室", "孙浩、周敏",
    ]  # fmt: skip
    inbox = config.workspace / "forms" / "in"
    inbox.mkdir(parents=True, exist_ok=True)
    cells = {at["t_decided_text"].partition(":")[0]: "先换货", at["t_decided_owner"].partition(":")[0]: "孙浩"}
    edit_cells(first, inbox / "a.xlsx", sheet.title, cells)
    edit_cells(second, inbox / "b.xlsx", sheet.title, {at["t_decided_text"].partition(":")[0]: "查同批次"})
    run(config, START + dt.timedelta(days=2))
    logs = read_rulebook(open_book(config.register.path)).logs
    assert [(row.values["date"], row.text("decisions")) for row in logs["meetings"]] == [
        (START, "先换货"), (START + dt.timedelta(days=1), "查同批次"),
    ]  # fmt: skip
    assert [(row.text("text"), row.text("owner")) for row in logs["actions"]] == [("先换货", "孙浩"), ("查同批次", "")]


def test_who_is_not_known_is_named_and_nothing_is_queued(config: Config) -> None:
    before = queue(config.workspace)
    with pytest.raises(NotFound, match="孙浩"):
        invite(config, "QF-2026-0001", START, ["孙洁浩"], moment=NOW)
    with pytest.raises(NotFound, match="QF-2026-0001"):
        invite(config, "QF-2026-0002", START, ["孙浩"], moment=NOW)
    with pytest.raises(ConfigError, match="past"):
        invite(config, "QF-2026-0001", NOW, ["孙浩"], moment=NOW)
    assert queue(config.workspace) == before


def test_somebody_who_has_left_is_not_invited(tmp_path: Path) -> None:
    file = make_workspace(tmp_path / "w", [ASSESSED])
    people = people_rows(sun={"active": "否"})
    (tmp_path / "w" / "register.xlsx").write_bytes(build_workbook("zh", people=people, rows=[ASSESSED]))
    config = load_config(file)
    run(config, NOW)
    with pytest.raises(ConfigError, match="孙浩 has left"):
        invite(config, "QF-2026-0001", START, ["孙浩"], moment=NOW)


def test_a_cell_cannot_write_properties_of_the_calendar_entry() -> None:
    start = dt.datetime(2026, 7, 16, 14, 0, tzinfo=dt.UTC)
    hostile = "屏幕\r\nATTENDEE:mailto:eve@evil.com; a, b\\n" + "长" * 90
    text = write_meeting(Meeting("M05/x", start, start, hostile), "corp.cn", start).decode("utf-8")
    assert all(len(line.encode("utf-8")) <= 75 for line in text.split("\r\n"))
    unfolded = text.replace("\r\n ", "")
    assert [line.split(":")[0] for line in unfolded.split("\r\n") if line.startswith(("ATT", "SUM"))] == ["SUMMARY"]
    assert "\\; a\\, b\\\\n长" in unfolded


def test_a_row_of_the_meetings_invites_and_a_change_renews_the_calendar_until_it_is_called_off(config: Config) -> None:
    book = config.register.path
    row: dict[str, Any] = {
        "反馈编号": "QF-2026-0001",
        "会议时间": START,
        "地点": "三号会议室",
        "出席": "孙浩、周敏、孙洁浩",
    }
    append_rows(book, book, "tblMeetings", [row])

    def night(minutes: int) -> list[tuple[str, list[str]]]:
        """Subject and calendar lines of the invitations of a run."""
        before = set(mails(config.workspace))
        report = run(config, NOW + dt.timedelta(minutes=minutes))
        named = [item.found for item in report.findings if item.code == "QT640"]
        assert named == (["孙洁浩"] if minutes < 4 else [])
        told = []
        for name in sorted(set(mails(config.workspace)) - before):
            mail = message_from_bytes(mails(config.workspace)[name], policy=policy.default)
            assert isinstance(mail, EmailMessage)
            for part in mail.iter_attachments():
                if part.get_content_type() == "text/calendar":
                    text = part.get_payload(decode=True).decode("utf-8")  # type: ignore[union-attr] # a leaf
                    kept = ("METHOD", "UID", "SEQUENCE", "DTSTART", "STATUS", "ATTENDEE")
                    told.append((str(mail["Subject"]), [x for x in text.split("\r\n") if x.startswith(kept)]))
        return told

    [(subject, first)] = night(1)
    uid = first[1]
    assert "会议邀请：煮饭时屏幕不亮，2026年7月16日 14:00" in subject
    assert first == ["METHOD:PUBLISH", uid, "DTSTART:20260716T060000Z", "SEQUENCE:0"]
    assert night(2) == []
    edit_cells(book, book, "会议", {"B5": START + dt.timedelta(days=1)})
    [(subject, moved)] = night(3)
    assert ("会议变动" in subject, moved) == (
        True, ["METHOD:PUBLISH", uid, "DTSTART:20260717T060000Z", "SEQUENCE:1"],
    )  # fmt: skip
    edit_cells(book, book, "会议", {"E5": "取消"})
    [(subject, off)] = night(4)
    people = ["ATTENDEE:mailto:sun@example.com", "ATTENDEE:mailto:zhou@example.com"]
    assert ("会议取消" in subject, off) == (
        True,
        ["METHOD:CANCEL", uid, "DTSTART:20260717T060000Z", "SEQUENCE:2", "STATUS:CANCELLED", *people],
    )
    assert night(5) == []
