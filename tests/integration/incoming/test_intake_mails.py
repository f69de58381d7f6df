"""Mails that lie in a channel's folder: reports, answers with photos and forms, bounces, and what is left to people."""

from __future__ import annotations

import datetime as dt
import os
from email import message_from_string
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from registers import ASSESSED, NOW, make_workspace
from told import made_forms, register_of
from workspace_state import files_below, sheet_cells

from qtemplate.config import load_config
from qtemplate.jobs.incoming.command import intake
from qtemplate.jobs.run import plan, run
from qtemplate.jobs.workspace import holding, looking
from qtemplate.mailer.outbox.limits import SendLimits
from qtemplate.sheets import edit_cells

LONG_AGO = 1_600_000_000
NEXT = NOW + dt.timedelta(days=1)
CUSTOMER = "zhang.wei@example.com"
PHOTO = b"\xff\xd8\xff" + b"p" * 5_000


def make(text: str, *, sender: str = CUSTOMER, subject: str = "电饭煲坏了", to: str = "", number: int = 1,
         files: dict[str, bytes] | None = None) -> EmailMessage:  # fmt: skip
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = f"张伟 <{sender}>", "qa@example.com", subject
    mail["Date"] = f"Wed, 15 Jul 2026 16:{number:02}:00 +0800"
    mail["Message-ID"] = f"<m{number}@x.example.com>"
    if to:
        mail["In-Reply-To"] = to
    mail.set_content(text)
    for name, data in (files or {}).items():
        mail.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return mail


def put(folder: Path, name: str, mail: EmailMessage) -> None:
    file = folder / "intake" / "in" / "email" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(mail.as_bytes())
    os.utime(file, (LONG_AGO, LONG_AGO))


def ids_sent(folder: Path) -> dict[str, str]:
    """Key of each mail of ours -> its Message-ID."""
    with looking(load_config(folder / "qtemplate.toml")) as workspace:
        return {str(key): f"<{id}>" for id, key in workspace.outbox.message_ids().items()}


def lying(folder: Path) -> set[str]:
    return {str(path) for path in files_below(folder / "intake") if not str(path).startswith("raw")}


def workspace_bytes(folder: Path) -> dict[str, bytes]:
    """Every file of a workspace but those that opening the state database touches."""
    return {name: data for name, data in files_below(folder).items() if ".qtemplate" not in name}


def row(folder: Path, id: str) -> dict[str, Any]:
    register = register_of(folder)
    return register.row(register.rows_by_id()[id])


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """A case was recorded and passed on; then mails came in, and a run worked them in."""
    folder = make_workspace(tmp_path_factory.mktemp("week") / "w", [ASSESSED]).parent
    config = load_config(folder / "qtemplate.toml")
    run(config, NOW)
    sent = ids_sent(folder)
    thanked, owner = sent["M01/QF-2026-0001"], row(folder, "QF-2026-0001")["owner"]
    passed = next(id for key, id in sent.items() if key.startswith("M03/QF-2026-0001"))
    [form] = made_forms(folder)
    edit_cells(form, folder / "back.xlsx", *accepted(form))
    put(folder, "1.eml", make("补充一张照片", subject="回复: 收到", to=thanked, files={"屏幕 1.jpg": PHOTO}))
    new = make(
        "RC-500 内胆涂层脱落，请处理。", sender="li@else.example.com", number=2, files={"a.jpg": PHOTO, "b.exe": b"MZ"}
    )
    put(folder, "2.eml", new)
    put(folder, "2 again.eml", new)
    returned = make("见附件", sender=mail_of(folder, owner), subject="答复", to=passed, number=3,
                    files={"转交单.xlsx": (folder / "back.xlsx").read_bytes()})  # fmt: skip
    put(folder, "3.eml", returned)
    put(folder, "4.eml", make("1 5", sender="stranger@example.com", to=thanked, number=4))
    put(folder, "5.eml", bounce(thanked))
    put(folder, "6.eml", make("再补一张", sender="li@else.example.com", number=6, to="<m2@x.example.com>",
                              subject="回复: 电饭煲坏了", files={"a.jpg": PHOTO + b"2"}))  # fmt: skip
    before = workspace_bytes(folder)
    foreseen = plan(config, NEXT)
    assert ("QF-2026-0001", "accepted_at") in {(edit.id, edit.field) for edit in foreseen.edits}
    looked = intake(config, NEXT, dry_run=True)
    assert [item.id for item in looked.findings if item.code == "QT854"] == ["QF-2026-0001"]
    assert workspace_bytes(folder) == before
    assert lying(folder) == {f"in/email/{name}.eml" for name in ("1", "2", "2 again", "3", "4", "5", "6")}
    report = run(config, NEXT)
    assert {r.id for r in report.rows if r.sheet == "register"} == {
        r.id for r in foreseen.rows if r.sheet == "register"
    }
    return folder, [item.code for item in report.findings]


def accepted(form: Path) -> tuple[str, dict[str, str]]:
    [(sheet, address)] = load_workbook(form).defined_names["f_decision"].destinations
    return sheet, {address.replace("$", ""): "接受"}


def mail_of(folder: Path, name: str) -> str:
    people = sheet_cells(folder / "register.xlsx", ["人员"])["人员"]
    return next(str(cell) for line in people if name == line[0] for cell in line if "@" in str(cell))


def bounce(original: str) -> EmailMessage:
    """A delivery report (RFC 3464) about the mail with that id."""
    mail = make("could not be delivered", sender="mailer-daemon@mx.example.com", subject="Undelivered", number=5)
    raw = (
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n--b\r\n\r\nfailed\r\n--b\r\n'
        "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\n"
        f"Final-Recipient: rfc822; {CUSTOMER}\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--b\r\n"
        f"Content-Type: text/rfc822-headers\r\n\r\nMessage-ID: {original}\r\n\r\n--b--\r\n"
    )
    report = message_from_string(raw, policy=SMTP)
    for name in ("From", "To", "Subject", "Date", "Message-ID"):
        report[name] = str(mail[name])
    assert isinstance(report, EmailMessage)
    return report


def test_an_answer_with_a_photo_goes_to_its_case(week: tuple[Path, list[str]]) -> None:
    folder, _ = week
    assert row(folder, "QF-2026-0001")["attachments"] == "attachments/QF-2026-0001/屏幕_1.jpg"
    assert (folder / "attachments" / "QF-2026-0001" / "屏幕_1.jpg").read_bytes() == PHOTO
    contacts = sheet_cells(folder / "register.xlsx", ["沟通记录"])["沟通记录"]
    [told] = [[str(cell) for cell in line if cell] for line in contacts if "补充一张照片\n屏幕 1.jpg" in line]
    assert told == ["2026-07-15 16:01:00", "QF-2026-0001", "收到", "邮件", "张伟", "补充一张照片\n屏幕 1.jpg"]


def test_a_report_is_one_row_and_its_later_mail_belongs_to_it(week: tuple[Path, list[str]]) -> None:
    folder, codes = week
    register = register_of(folder)
    assert register.frame["id"].tolist() == ["QF-2026-0001", "QF-2026-0002"]
    known = row(folder, "QF-2026-0002")
    told = ("channel", "channel_ref", "reporter", "email", "title", "product", "received_at", "attachments")
    assert [known[key] for key in told] == [
        "email", "m2@x.example.com", "张伟", "li@else.example.com", "电饭煲坏了", None, dt.datetime(2026, 7, 15, 16, 2),
        "attachments/QF-2026-0002/a.jpg\nattachments/QF-2026-0002/a-2.jpg",
    ]  # fmt: skip
    assert files_below(folder / "attachments" / "QF-2026-0002").keys() == {"a.jpg", "a-2.jpg"}
    assert "QT846" in codes
    listed = sheet_cells(folder / "register.xlsx", ["校验结果"])["校验结果"]
    assert any("智能电饭煲" in str(cell) for line in listed if "QF-2026-0002" in line for cell in line)
    assert "QT145" not in codes


def test_a_form_that_came_by_mail_counts_from_the_moment_of_the_mail(week: tuple[Path, list[str]]) -> None:
    folder, _ = week
    assert row(folder, "QF-2026-0001")["accepted_at"] is not None
    assert list((folder / "forms" / "in").iterdir()) == []


def test_a_stranger_is_left_to_a_person_and_a_bounce_ends_mail_to_the_address(week: tuple[Path, list[str]]) -> None:
    folder, codes = week
    done = {f"done/email/{name}.eml" for name in ("1", "2", "2 again", "3", "5", "6")}
    assert lying(folder) == {*done, "problem/email/4.eml", "problem/email/4.eml.txt"}
    assert "stranger@example.com" in (folder / "intake" / "problem" / "email" / "4.eml.txt").read_text("utf-8")
    assert row(folder, "QF-2026-0001")["confirmation"] is None
    assert {"QT830", "QT840", "QT841"} <= set(codes)
    with holding(load_config(folder / "qtemplate.toml")) as workspace:
        assert SendLimits(workspace.outbox.database).suppressed([CUSTOMER]) == {CUSTOMER: "邮件被退回（5.1.1）"}


def test_a_mail_that_was_left_is_looked_at_again_when_it_is_put_back(tmp_path: Path) -> None:
    folder = make_workspace(tmp_path / "w", [ASSESSED | {"id": "QF-2026-0001"}]).parent
    config = load_config(folder / "qtemplate.toml")
    put(folder, "a.eml", make("没修好", sender="wife@example.com", subject="Re: [QF-2026-0001]"))
    assert intake(config, NOW).exit_code == 3
    assert lying(folder) == {"problem/email/a.eml", "problem/email/a.eml.txt"}
    register = register_of(folder)
    cell = register.cell(int(register.frame.index[0]), "contact_other")
    assert cell is not None
    edit_cells(folder / "register.xlsx", folder / "register.xlsx", "反馈登记", {cell.address: "wife@example.com"})
    (folder / "intake" / "problem" / "email" / "a.eml.txt").unlink()
    (folder / "intake" / "problem" / "email" / "a.eml").rename(folder / "intake" / "in" / "email" / "a.eml")
    intake(config, NOW)
    assert lying(folder) == {"done/email/a.eml"}


def test_files_that_cannot_be_written_beside_the_register_are_owed_and_come_later(tmp_path: Path) -> None:
    """A full disk, a share that is gone: the row is there, the bytes are kept, and the next run makes up for it."""
    folder = make_workspace(tmp_path / "w", [ASSESSED | {"id": "QF-2026-0001"}]).parent
    config = load_config(folder / "qtemplate.toml")
    put(folder, "a.eml", make("RC-300 屏幕碎了", sender="new@else.example.com", files={"a.jpg": PHOTO}))
    (folder / "attachments").write_text("in the way", "utf-8")
    report = intake(config, NOW)
    assert [item.code for item in report.findings if item.code == "QT847"] == ["QT847"]
    id = "QF-2026-0002"
    assert row(folder, id)["channel_ref"] == "m1@x.example.com"
    (folder / "attachments").unlink()
    later = intake(config, NOW)
    assert [item.code for item in later.findings if item.code == "QT847"] == []
    assert files_below(folder / "attachments" / id) == {"a.jpg": PHOTO}
    assert len(register_of(folder).frame) == 2


def test_mails_wait_for_a_register_that_somebody_has_open(tmp_path: Path) -> None:
    folder = make_workspace(tmp_path / "w", [ASSESSED | {"id": "QF-2026-0001"}]).parent
    config = load_config(folder / "qtemplate.toml")
    put(folder, "a.eml", make("RC-300 屏幕碎了", sender="new@else.example.com"))
    (folder / "~$register.xlsx").write_bytes(b"somebody")
    report = intake(config, NOW)
    assert (report.exit_code, len(register_of(folder).frame), lying(folder)) == (5, 1, {"in/email/a.eml"})
    (folder / "~$register.xlsx").unlink()
    intake(config, NOW)
    assert (len(register_of(folder).frame), lying(folder)) == (2, {"done/email/a.eml"})
