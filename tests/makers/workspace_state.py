"""What a workspace holds after runs, as values that can be compared."""

from __future__ import annotations

import contextlib
import re
import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterable
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook

from qtemplate.config import load_config
from qtemplate.files.owner_file import owner_path
from qtemplate.jobs.state import state_place
from qtemplate.journal import open_state

SEAL = re.compile(r"\d+:[0-9a-f]{16}")

SHEETS = ("反馈登记", "校验结果", "沟通记录", "暂停记录")
"""The sheets whose cells a run writes, but for the change log, whose order tells which run wrote what."""


def copy_workspace(made: Path, folder: Path) -> None:
    """A copy that counts as made in its own place."""
    shutil.copytree(made, folder)
    owner = owner_path(folder / "register.xlsx")
    owner.write_text(owner.read_text("utf-8").replace(str(made), str(folder)), "utf-8")


def sheet_cells(register: Path, sheets: Iterable[str] = SHEETS) -> dict[str, list[list[Any]]]:
    """The cells of some sheets as calamine reads them."""
    book = CalamineWorkbook.from_path(register)
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in sheets}


def files_below(folder: Path) -> dict[str, bytes]:
    """Relative path -> bytes of every file."""
    return {str(file.relative_to(folder)): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}


def mails(workspace: Path) -> dict[str, bytes]:
    """File name -> bytes of what the folder transport delivered."""
    return files_below(workspace / "outbox")


def forms(workspace: Path) -> dict[str, bytes]:
    """File name -> bytes of the forms that were made."""
    return files_below(workspace / "forms" / "out")


def queue(workspace: Path) -> dict[str, str]:
    """Message key -> state in the outbox, later generations of a mail too."""
    return dict(asked(workspace, "select key, state from outbox"))


def facts(workspace: Path) -> dict[tuple[str, str], str]:
    """What the journal keeps that is no cell."""
    return {(id, name): value for id, name, value in asked(workspace, "select id, name, value from fact")}


def asked(workspace: Path, sql: str) -> list[tuple[Any, ...]]:
    """What the state says, in its file or on its server."""
    file = workspace / ".qtemplate" / "state.db"
    if file.exists():
        with contextlib.closing(sqlite3.connect(file)) as database:
            return database.execute(sql).fetchall()
    server = open_state(state_place(load_config(workspace / "qtemplate.toml")))
    try:
        return server.rows(sql)
    finally:
        server.close()


def message_ids(workspace: Path) -> Counter[bytes]:
    """How often each Message-ID lies in the outbox folder."""
    found: Counter[bytes] = Counter()
    for data in mails(workspace).values():
        head = data.replace(b"\r\n", b"\n").split(b"\n\n", 1)[0]
        line = next(line for line in head.split(b"\n") if line.lower().startswith(b"message-id:"))
        found[line] += 1
    return found


def whole(workspace: Path) -> dict[str, Any]:
    """Everything that two workspaces which went through the same must have alike."""
    return {
        "cells": sheet_cells(workspace / "register.xlsx"),
        "queue": queue(workspace),
        "mails": {name: _without_seal(name, data) for name, data in mails(workspace).items()},
        "forms": forms(workspace),
        "facts": facts(workspace),
    }


def _without_seal(name: str, data: bytes) -> object:
    """A mail as it is; of a nightly result what it says but for the line that seals how its workspace came here."""
    if not name.startswith("M25"):
        return data
    mail = message_from_bytes(data, policy=default)
    texts = [part.get_content() for part in mail.walk() if part.get_content_maintype() == "text"]
    return (str(mail["Subject"]), str(mail["To"]), [SEAL.sub("", text) for text in texts])
