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

LOADED = r"""
import sys
from qtemplate.cli import main
for command in sys.argv[1:]:
    code = 0
    try:
        main(command.split("\t"))
    except SystemExit as end:
        code = end.code or 0
    print("loaded:", code, *sys.modules, file=sys.stderr)
"""


def loaded_after_each(*commands: tuple[str, ...]) -> list[set[str]]:
    """What one process that gives these commands has loaded after each; all end well."""
    script = [sys.executable, "-c", LOADED, *map("\t".join, commands)]
    done = subprocess.run(script, capture_output=True, text=True, encoding="utf-8")
    ended = [line.split()[1:] for line in done.stderr.splitlines() if line.startswith("loaded:")]
    assert [code in ("0", "3") for code, *_ in ended] == [True] * len(commands), done.stderr
    return [set(names) for _, *names in ended]


def loaded_by(*arguments: str) -> set[str]:
    """The top-level modules that a command has loaded when it ends well."""
    [names] = loaded_after_each(arguments)
    return {name.partition(".")[0] for name in names}


@pytest.mark.parametrize("arguments", [("--help",), ("--version",), ("outbox", "list", "--help")])
def test_help_loads_neither_the_process_nor_its_libraries(arguments: tuple[str, ...]) -> None:
    loaded = loaded_by(*arguments)
    assert not loaded & (HEAVY | {"msgspec", "sqlite3", "tomllib", "zoneinfo", "pathlib", "json", "dataclasses"})


WRITES = {"jinja2", "css_inline", "yagmail", "openpyxl", "email", "ssl", "socket", "http", "smtplib", "imaplib", "html"}
WRITES |= {f"qtemplate.{room}" for room in ("apply.carrying_out", "apply.workbook", "mailer.compose", "mailer.deliver")}
WRITES |= {f"qtemplate.{room}" for room in ("ooxml.patch", "forms.make", "forms.collect", "rules.incoming.decide")}
WRITES |= {
    f"qtemplate.{room}" for room in ("figures", "sheets.statistics", "sheets.standard", "web", "intake.understand")
}


def test_neither_a_run_that_is_not_made_nor_a_check_loads_what_only_a_run_needs(tmp_path: Path) -> None:
    config = make_workspace(tmp_path / "w", [ASSESSED])
    for tick in range(2):
        run(load_config(config), NOW + tick * dt.timedelta(seconds=1))
    given = ("--config", str(config), "--now", (NOW + dt.timedelta(seconds=1)).isoformat())
    idle, check = loaded_after_each(("run", *given), ("check", *given))
    assert not idle & (HEAVY | {"click", "sqlite3", "tomllib", "dataclasses", "difflib", "email", "socket"})
    assert "pandas" in check
    assert not check & (WRITES | {"urllib.request", "xml.sax"})


@pytest.mark.parametrize("command", ["outbox list", "outbox show", "log", "status --now 2026-07-16T12:00"])
def test_a_look_at_what_was_done_loads_no_library_for_workbooks(command: str, demo: Path, sent: str) -> None:
    named = (sent,) if command == "outbox show" else ()
    loaded = loaded_by(*command.split(), *named, "--config", str(demo / "qtemplate.toml"))
    parses_mail: set[str] = set() if command == "outbox show" else {"email", "socket", "hashlib", "difflib"}
    assert not loaded & (HEAVY | parses_mail | {"dataclasses", "shutil", "html"})
