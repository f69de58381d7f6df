"""Small commands start at once: they load no library that only reading a workbook or wording a mail needs."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from pathlib import Path

import pytest
from registers import ASSESSED, NOW, make_workspace

from qtemplate.config import load_config
from qtemplate.jobs.run import run

HEAVY = {"pandas", "numpy", "lxml", "openpyxl", "python_calamine", "jinja2", "css_inline", "watchdog", "yagmail"}

LOADED = "import sys; from qtemplate.cli import main\ntry: main()\nfinally: print(*sys.modules, file=sys.stderr)"


def loaded_by(*arguments: str) -> set[str]:
    """The top-level modules that a command has loaded when it ends well."""
    done = subprocess.run([sys.executable, "-c", LOADED, *arguments], capture_output=True, text=True, encoding="utf-8")
    assert done.returncode in (0, 3), done.stderr
    return {name.partition(".")[0] for name in done.stderr.split()}


@pytest.mark.parametrize("arguments", [("--help",), ("--version",), ("outbox", "list", "--help")])
def test_help_loads_neither_the_process_nor_its_libraries(arguments: tuple[str, ...]) -> None:
    loaded = loaded_by(*arguments)
    assert not loaded & (HEAVY | {"msgspec", "sqlite3", "tomllib", "zoneinfo", "pathlib", "json", "dataclasses"})


def test_a_run_that_is_not_made_loads_nothing_that_a_run_needs(tmp_path: Path) -> None:
    config = make_workspace(tmp_path / "w", [ASSESSED])
    for tick in range(2):
        run(load_config(config), NOW + tick * dt.timedelta(seconds=1))
    loaded = loaded_by("run", "--config", str(config), "--now", (NOW + dt.timedelta(seconds=1)).isoformat())
    assert not loaded & (HEAVY | {"click", "sqlite3", "tomllib", "dataclasses", "difflib", "email", "socket"})


@pytest.mark.parametrize("command", ["outbox list", "outbox show", "log", "status --now 2026-07-16T12:00"])
def test_a_look_at_what_was_done_loads_no_library_for_workbooks(command: str, demo: Path, sent: str) -> None:
    named = (sent,) if command == "outbox show" else ()
    loaded = loaded_by(*command.split(), *named, "--config", str(demo / "qtemplate.toml"))
    parses_mail: set[str] = set() if command == "outbox show" else {"email", "socket", "hashlib", "difflib"}
    assert not loaded & (HEAVY | parses_mail | {"dataclasses", "shutil", "html"})
