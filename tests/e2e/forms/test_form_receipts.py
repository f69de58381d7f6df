"""Who sent a form is told what became of it (M28); what nobody is known to have sent goes to the keeper."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
import os
import time
from pathlib import Path

from openpyxl import load_workbook
from test_form_commands import answer_form
from test_form_inbox import forged, token_form
from told import LATER, id_of, made_forms, register_of, row_of

from qtemplate.config import load_config
from qtemplate.jobs.run import plan, run
from qtemplate.report.run_report import RunReport
from qtemplate.sheets import open_book, read_rulebook

MOMENT = dt.datetime.fromisoformat(LATER)


def receipts(report: RunReport) -> list[tuple[str, tuple[str, ...], str]]:
    """Feedback, addresses and state of every M28, in order."""
    return sorted((mail.id or "", mail.to, mail.state) for mail in report.messages if mail.kind == "M28")


def body(folder: Path, id: str) -> str:
    """The text of the receipt about a feedback; "M28K" for the keeper's."""
    for file in (folder / "outbox").rglob("*.eml"):
        mail = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        if id in str(mail["Subject"]) and str(mail["Subject"]).count("表单"):
            part = mail.get_body(("plain",))
            assert part is not None
            return str(part.get_content())
    raise AssertionError(id)


def test_each_sender_is_told_once_and_never_on_the_word_of_a_forged_form(workspace: Path) -> None:
    inbox = workspace / "forms" / "in"
    register = register_of(workspace)
    rules = read_rulebook(open_book(workspace / "register.xlsx"))
    mails = {person.name: person.mail for person in rules.people}
    keeper = next(person.mail for person in rules.people if "keeper" in {str(role) for role in person.roles})
    open_forms = [form for form in made_forms(workspace)
                  if register.value(row_of(register, id_of(form)), "accepted_at") is None
                  and register.value(row_of(register, id_of(form)), "planned_at") is None]  # fmt: skip
    good, bad = open_forms[:2]
    to = {id_of(form): mails[register.value(row_of(register, id_of(form)), "owner")] for form in (good, bad)}
    answer_form(good, inbox / "a.xlsx", decision="接受", planned_at=dt.date(2026, 7, 30))
    answer_form(bad, inbox / "b.xlsx", decision="看情况")
    token_form(inbox / "forged.xlsx", forged())
    (inbox / "scan.pdf").write_bytes(b"%PDF")
    for file in inbox.iterdir():
        os.utime(file, (time.time() - 600,) * 2)
    config = load_config(workspace / "qtemplate.toml")
    foreseen = receipts(plan(config, MOMENT))
    report = run(config, MOMENT)
    told = receipts(report)
    assert told == [("", (keeper,), "sent"), *sorted((id, (mail,), "sent") for id, mail in to.items())]
    assert [each[:2] for each in foreseen] == [each[:2] for each in told]
    assert "计划完成 2026-07-30" in body(workspace, id_of(good))
    assert "现为“看情况”" in body(workspace, id_of(bad))
    aside = body(workspace, "未作为表单采用")
    assert ("forged.xlsx" in aside, "scan.pdf" in aside, "b.xlsx" in aside) == (True, True, False)
    again = run(config, MOMENT + dt.timedelta(days=1))
    assert receipts(again) == []
    assert {item.code for item in again.findings} >= {"QT620"}


def test_what_was_not_taken_stands_in_the_findings_sheet_and_in_the_nightly_result(workspace: Path) -> None:
    inbox = workspace / "forms" / "in"
    inbox.mkdir(exist_ok=True)
    (inbox / "scan.pdf").write_bytes(b"%PDF")
    run(load_config(workspace / "qtemplate.toml"), MOMENT)
    listed = [
        str(cell) for row in load_workbook(workspace / "register.xlsx")["校验结果"].values for cell in row if cell
    ]
    assert "QT620" in listed
    [nightly] = [
        mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]  # every mail has a text
        for mail in map(read_mail, (workspace / "outbox").rglob("*.eml"))
        if "夜间运行" in str(mail["Subject"]) and "2026年7月17日" in str(mail["Subject"])
    ]
    assert "scan.pdf" in nightly


def read_mail(file: Path) -> email.message.EmailMessage:
    return email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
