"""A command as a person calls it, and what it told; small things that tests of commands ask of a workspace."""

from __future__ import annotations

import contextlib
import io
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from qtemplate.cli import main
from qtemplate.register import Register
from qtemplate.sheets import open_book, read_register

NOW = "2026-07-16T09:00"
LATER = "2026-07-17T09:00"


def typed(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command line as a user types it in a folder; it runs in this process, for a new one costs a second."""
    told, complained = io.StringIO(), io.StringIO()
    with (
        contextlib.chdir(folder),
        contextlib.redirect_stdout(told),
        contextlib.redirect_stderr(complained),
        pytest.raises(SystemExit) as left,
    ):
        main([*arguments])
    return subprocess.CompletedProcess(arguments, int(left.value.code or 0), told.getvalue(), complained.getvalue())


class Told:
    """What a command printed."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str], *arguments: str, now: str = NOW) -> None:
        with pytest.raises(SystemExit) as left:
            main([*arguments, "--config", str(folder / "qtemplate.toml"), "--now", now, "--lang", "en"])
        self.code = left.value.code
        printed = capsys.readouterr()
        self.text, self.complaint = printed.out, printed.err

    @property
    def data(self) -> Any:
        return json.loads(self.text)


def register_of(folder: Path) -> Register:
    return read_register(open_book(folder / "register.xlsx"))


def row_of(register: Register, id: str) -> int:
    return int(register.frame.index[register.frame["id"] == id][0])


def made_forms(folder: Path) -> list[Path]:
    """The transfer forms of a workspace, by name."""
    return sorted(
        form for form in (folder / "forms" / "out").iterdir() if form.name.startswith(("转交单-", "transfer-"))
    )


def id_of(form: Path) -> str:
    """The feedback a form of the Chinese demo is about."""
    return form.stem.removeprefix("转交单-")
