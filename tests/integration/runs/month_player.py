"""Plays the story of tests/month: the workspace of a small company through six weeks, and every mail that left."""

from __future__ import annotations

import datetime as dt
import re
import shutil
import sqlite3
import tomllib
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from desk import sit_down
from openpyxl import load_workbook
from registers import PRODUCTS, people_rows
from where import TESTS

from qtemplate.config import default_toml, load_config
from qtemplate.jobs.mail.sending import send_due
from qtemplate.jobs.owning.claim import claim
from qtemplate.jobs.owning.ownership import NotOwner
from qtemplate.jobs.run import run
from qtemplate.sheets import edit_cells
from qtemplate.sheets.standard import build_workbook

STORY = tomllib.loads((TESTS / "month" / "story.toml").read_text("utf-8"))
FIRST, LAST = dt.date(2026, 9, 15), dt.date(2026, 10, 23)
NIGHT, MORNING = dt.time(5, 30), dt.time(9)
FREE = {dt.date(2026, 9, day) for day in (25, 26, 27)} | {dt.date(2026, 10, day) for day in range(1, 8)}
MADE_UP = {dt.date(2026, 9, 20), dt.date(2026, 10, 10)}
"""国办发明电〔2025〕7号, written down here once more: the program's own calendar is what is tested."""

DEPUTIES = {"lin": "蒋欣", "zhou": "何军", "chen": "李想", "li": "陈晨"}
PEOPLE = [
    *people_rows(**{account: {"deputy": name} for account, name in DEPUTIES.items()}),
    {"name": "高远", "mail": "gao@example.com", "department": "客服部", "role": "部门负责人", "active": "是"},
]


def is_worked(day: dt.date) -> bool:
    """Whether people work on that day."""
    return day in MADE_UP or (day.weekday() < 5 and day not in FREE)


def number(name: str) -> str:
    """The id of a row of the story."""
    return f"QF-2026-{name}"


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail that left: when, its file name without ending, and what stands in it."""

    at: dt.datetime
    name: str
    raw: EmailMessage

    @property
    def kind(self) -> str:
        return self.name.split("_")[0]

    @property
    def row(self) -> str:
        """The row it is about, as the story calls it; "" for a mail of a day."""
        found = re.fullmatch(r"\w+_QF-2026-(\d{4})_\w+", self.name)
        return found[1] if found else ""

    @property
    def to(self) -> tuple[str, ...]:
        """The addresses of To and Cc."""
        headers = [self.raw[name] for name in ("To", "Cc") if self.raw[name] is not None]
        return tuple(each.addr_spec for header in headers for each in header.addresses)

    @property
    def text(self) -> str:
        body = self.raw.get_body(("plain",))
        assert body is not None
        return str(body.get_content()).replace("\r\n", "\n")


@dataclass(slots=True)
class Month:
    """The workspace and what happened in it so far.

    Attributes:
        folder: Of the workspace.
        mails: Those that left, in order.
        refused: When the workspace might not write its register, and why.
        copied: Mails that left a copy of the workspace.
        nights: When the runs of the night were.
        seen: File names of the mails.
    """

    folder: Path
    mails: list[Mail] = field(default_factory=list)
    refused: list[tuple[dt.datetime, str]] = field(default_factory=list)
    copied: list[str] = field(default_factory=list)
    nights: list[dt.datetime] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    @property
    def register(self) -> Path:
        return self.folder / "register.xlsx"

    @property
    def toml(self) -> Path:
        return self.folder / "qtemplate.toml"


def play(folder: Path) -> Month:
    """The whole story."""
    month = _found(folder / "month")
    for at, step in _timetable():
        if isinstance(step, str):
            _act(month, at, step)
        else:
            _work(month, step)
            if "then" in step:
                _act(month, at, step["then"])
        _collect(month, at)
    return month


def _found(folder: Path) -> Month:
    """The empty register and the configuration of a new workspace."""
    folder.mkdir(parents=True)
    month = Month(folder)
    month.register.write_bytes(build_workbook("zh", people=PEOPLE, products=PRODUCTS))
    month.toml.write_text(default_toml("zh", "Asia/Shanghai", STORY["since"]), "utf-8")
    return month


def _timetable() -> Iterator[tuple[dt.datetime, Any]]:
    """The steps of the story, the nights and the mornings in between, in order."""
    days = [FIRST + dt.timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
    nights = [dt.datetime.combine(day, NIGHT) for day in days if is_worked(day) or day in STORY["nights"]]
    mornings = [dt.datetime.combine(day, MORNING) for day in days if is_worked(day)]
    steps = [(step["at"], step) for step in STORY["step"]]
    schedule = [*((at, "night") for at in nights), *((at, "send") for at in mornings)]
    yield from sorted([*steps, *schedule], key=lambda each: each[0])


def _work(month: Month, step: dict[str, Any]) -> None:
    """What people do to the files."""
    rows = {name: STORY["base"] | cells for name, cells in step.get("rows", {}).items()}
    solved = {name: STORY["solved"] | cells for name, cells in step.get("solved", {}).items()}
    edits = {number(name): cells for name, cells in (step.get("edits", {}) | solved).items()}
    calls = [call | {"row": number(call["row"])} for call in step.get("calls", [])]
    work = {"rows": rows, "edits": edits, "calls": calls, "people": step.get("people", {})}
    if any(work.values()):
        sit_down(month.register, {what: each for what, each in work.items() if each}, named="id")
    for form in step.get("forms", []):
        _send_back(month, form)
    for key, value in step.get("config", {}).items():
        text = month.toml.read_text("utf-8")
        shown = str(value).replace("'", '"') if isinstance(value, list) else f'"{value}"'
        month.toml.write_text(re.sub(rf"^{key} = .*$", f"{key} = {shown}", text, count=1, flags=re.M), "utf-8")


def _send_back(month: Month, form: dict[str, str]) -> None:
    made = month.folder / "forms" / "out" / f"转交单-{number(form['row'])}.xlsx"
    names, answers = load_workbook(made).defined_names, {"f_decision": form["decision"], "f_reason": form["reason"]}
    places = {name: next(iter(names[name].destinations)) for name in answers}
    cells = {places[name][1].replace("$", ""): value for name, value in answers.items()}
    inbox = month.folder / "forms" / "in"
    inbox.mkdir(exist_ok=True)
    edit_cells(made, inbox / made.name, places["f_decision"][0], cells)


def _act(month: Month, at: dt.datetime, what: str) -> None:
    """A run, or what happens to the workspace as a whole."""
    outbox, away, state = month.folder / "outbox", month.folder / "server", month.folder / ".qtemplate"
    saved = month.folder.parent / "state.db"
    match what:
        case "night":
            month.nights.append(at)
            _try(month, at, lambda: run(load_config(month.toml), at))
        case "watch":
            _try(month, at, lambda: run(load_config(month.toml), at, kind="watch"))
        case "send":
            if _waits(month):
                _try(month, at, lambda: send_due(load_config(month.toml), at))
        case "claim":
            claim(load_config(month.toml), at)
        case "down":  # the folder that takes the mails is no folder
            outbox.rename(away)
            outbox.touch()
        case "up":
            outbox.unlink()
            away.rename(outbox)
        case "backup":
            shutil.copy(state / "state.db", saved)
        case "restore":
            for file in state.glob("state.db*"):
                file.unlink()
            shutil.copy(saved, state / "state.db")
        case "copy":
            copy = Month(month.folder.parent / "copy")
            shutil.copytree(month.folder, copy.folder)
            _try(copy, at, lambda: run(load_config(copy.toml), at))
            _try(copy, at, lambda: send_due(load_config(copy.toml), at))
            month.refused += copy.refused
            month.copied += sorted({file.name for file in (copy.folder / "outbox").iterdir()} - month.seen)
            shutil.rmtree(copy.folder)
        case _:
            raise ValueError(what)


def _waits(month: Month) -> bool:
    """Whether any mail has not gone."""
    with closing(sqlite3.connect(month.folder / ".qtemplate" / "state.db")) as database:
        return bool(database.execute("select 1 from outbox where state in ('approved', 'held')").fetchall())


def _try(month: Month, at: dt.datetime, act: Callable[[], object]) -> None:
    """Does it, unless the workspace may not write the register."""
    try:
        act()
    except NotOwner as refused:
        month.refused.append((at, refused.code))


def _collect(month: Month, at: dt.datetime) -> None:
    """The mails that have come into the folder since."""
    folder = month.folder / "outbox"
    for file in sorted(folder.iterdir()) if folder.is_dir() else []:
        if file.name not in month.seen:
            month.seen.add(file.name)
            raw = message_from_bytes(file.read_bytes(), policy=policy.default)
            assert isinstance(raw, EmailMessage)
            month.mails.append(Mail(at, file.stem, raw))
