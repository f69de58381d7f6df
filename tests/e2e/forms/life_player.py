"""Plays a life of tests/life: a row of one level, and the forms and mails that people send about it."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterator, Mapping
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from openpyxl import load_workbook
from registers import ASSESSED, make_workspace
from where import TESTS

from qtemplate.config import load_config
from qtemplate.jobs.run import run
from qtemplate.jobs.workspace import looking
from qtemplate.ooxml.references import column_name, parse_cell
from qtemplate.report.run_report import RunReport
from qtemplate.sheets import edit_cells, open_book, read_register

HERE = TESTS / "life"
STORY: dict[str, Any] = tomllib.loads((HERE / "story.toml").read_text("utf-8"))
ID, CUSTOMER = "QF-2026-0001", "zhang.wei"
ZONE = ZoneInfo("Asia/Shanghai")

SHOWN = (
    "level", "owner", "transferred_at", "accepted_at", "contained_at", "cause_code", "implemented_at", "verify_result",
    "verified_at", "reply_type", "reply_approval", "reply_state", "responded_at", "replied_at", "confirm_sent_at",
    "confirmation", "satisfaction", "reopened", "closed_at", "watch_until", "respond_by", "resolve_by",
)  # fmt: skip
"""The cells whose changes are told."""

NAMES = {"transfer": "转交单", "8d": "8D报告", "why": "5-Why分析", "verification": "验证报告", "follow_up": "回访表"}
NOT_ANSWERS = ("kind", "from", "on")
MAILBOX = '\n[mailbox]\nhost = "127.0.0.1"\nport = 9\nsecurity = "none"\nusername = "qa"\nclosed_answer = "reopen"\n'
"""Nobody listens there: mails come through the folder; where there is a mailbox, approval is asked for by mail."""


class Life:
    """A workspace with one row, and what is told of it after each step."""

    def __init__(self, folder: Path, level: str) -> None:
        row = ASSESSED | {"received_at": dt.datetime(2026, 7, 13, 8, 30)} | STORY["rows"][level]
        file = make_workspace(folder, [row])
        file.write_text(file.read_text("utf-8").partition("\n[mailbox]")[0] + MAILBOX, "utf-8")
        self.folder, self.level, self.config = folder, level, load_config(file)
        self.held: dict[str, Any] = {}
        self.letters = 0

    def told(self) -> Iterator[str]:
        """A line for each step: when and in which state, the mails, the forms, the cells that changed."""
        for step in STORY[self.level]:
            for form in step.get("forms", ()):
                self.send_form(form)
            for mail in step.get("mails", ()):
                self.send(mail["from"], mail["on"], mail["text"], re=mail["re"])
            if "typed" in step:
                self.type(step["typed"])
            report = run(self.config, step["at"])
            mails = ", ".join(sorted(_mails(report)))
            forms = ", ".join(sorted({str(form.kind) for form in report.forms}))
            yield f"{step['at']:%m-%d %H:%M} {self.cell('status')} | {mails} | {forms} | {' '.join(self.changed())}"

    def send_form(self, form: Mapping[str, Any]) -> None:
        """A form of ours, filled in and attached to a mail."""
        kind = form["kind"]
        filled = STORY["filled"][kind]
        tables = filled.get("tables", {}) | {key: each for key, each in form.items() if isinstance(each, list)}
        said = {key: each for key, each in (filled | form).items() if key not in (*NOT_ANSWERS, "tables", *tables)}
        source = self.folder / "forms" / "out" / f"{NAMES[kind]}-{ID}.xlsx"
        target = self.folder / f"{kind}.xlsx"
        fill(source, target, said, tables)
        carrier = {"follow_up": "M18"}.get(kind, "M03")
        self.send(form["from"], form["on"], "见附件", re=carrier, file=target)

    def send(self, account: str, on: dt.datetime, text: str, *, re: str, file: Path | None = None) -> None:
        """A mail that answers one of ours."""
        self.letters += 1
        mail = EmailMessage(policy=SMTP)
        mail["From"], mail["To"], mail["Subject"] = f"{account}@example.com", "qa@example.com", f"回复 [{ID}]"
        mail["Date"] = format_datetime(on.replace(tzinfo=ZONE))
        mail["Message-ID"], mail["In-Reply-To"] = f"<m{self.letters}@mail.example.com>", self.latest(re)
        mail.set_content(text)
        if file is not None:
            mail.add_attachment(file.read_bytes(), maintype="application", subtype="octet-stream", filename=file.name)
        target = self.folder / "intake" / "in" / "email" / f"{self.letters}.eml"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(mail.as_bytes())

    def latest(self, kind: str) -> str:
        """The Message-ID of our latest mail of a kind."""
        with looking(self.config) as workspace:
            known = {key: id for id, key in workspace.outbox.message_ids().items()}
            return next(f"<{known[e.key]}>" for e in reversed(workspace.outbox.entries()) if e.kind == kind)

    def type(self, values: Mapping[str, Any]) -> None:
        """A person types into the register."""
        path = self.config.register.path
        register = read_register(open_book(path))
        cells = {str(cell.address): each for key, each in values.items()
                 if (cell := register.cell(register.rows_by_id()[ID], key))}  # fmt: skip
        edit_cells(path, path, register.sheet, cells)

    def cell(self, key: str) -> Any:
        register = read_register(open_book(self.config.register.path))
        return register.value(register.rows_by_id()[ID], key)

    def changed(self) -> Iterator[str]:
        """`key=value` of each cell that holds something else than after the step before."""
        register = read_register(open_book(self.config.register.path))
        row = register.rows_by_id()[ID]
        for key in SHOWN:
            value = register.value(row, key)
            if value != self.held.get(key):
                yield f"{key}={_shown(value)}"
            self.held[key] = value


def fill(source: Path, target: Path, answers: Mapping[str, Any], tables: Mapping[str, Any]) -> None:
    """A form with these answers, and lines of its tables."""
    names = load_workbook(source).defined_names
    cells: dict[str, Any] = {}
    sheet = ""
    wanted = {f"f_{key}": [value] for key, value in answers.items() if value != ""}
    for table, lines in tables.items():
        for column in {column for line in lines for column in line}:
            wanted[f"t_{table}_{column}"] = [line.get(column) for line in lines]
    for key, values in wanted.items():
        [(sheet, area)] = names[key].destinations
        row, column = parse_cell(area.partition(":")[0])
        cells |= {f"{column_name(column)}{row + at}": each for at, each in enumerate(values) if each is not None}
    edit_cells(source, target, sheet, cells)


def _mails(report: RunReport) -> Iterator[str]:
    """`M03 sun zhao` of each mail about the row; a digest and the nightly result are none."""
    for mail in report.messages:
        alone = mail.key.startswith("M10U")
        if mail.id == ID and (alone or mail.kind != "M10"):
            people = sorted(each.partition("@")[0] for each in (*mail.to, *mail.cc))
            yield f"{'M10U' if alone else mail.kind} {' '.join('c' if each == CUSTOMER else each for each in people)}"


def _shown(value: Any) -> str:
    if value is None:
        return "-"
    if not isinstance(value, dt.datetime):
        return str(value)
    day = f"{value:%m-%d}" if value.year == 2026 else f"{value:%y-%m-%d}"
    return day if value.time() == dt.time() else f"{day}T{value:%H:%M}"
