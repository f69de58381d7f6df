"""What is shipped to run it every night: units that systemd takes, tasks that are well-formed, calls that exist."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import click
import pytest
from lxml import etree
from where import ROOT

from qtemplate.cli.commands import cli

DEPLOY = ROOT / "deploy"
PROGRAM = "/opt/qtemplate/bin/qtemplate"
UNITS = sorted((DEPLOY / "systemd").iterdir())
SERVICES = [unit.name for unit in UNITS if unit.suffix == ".service" and "@" not in unit.name]


def called() -> list[tuple[str, list[str]]]:
    """Every call of the program in a shipped file, and where."""
    found = []
    for file in (*UNITS, DEPLOY / "cron" / "qtemplate"):
        for line in re.findall(rf"{PROGRAM} ([a-z -]+)", file.read_text("utf-8")):
            found.append((file.name, line.split()))
    script = (DEPLOY / "windows" / "setup.ps1").read_text("utf-8")
    found += [("setup.ps1", words.split()) for words in re.findall(r"\$qtemplate`\" ([a-z -]+) >", script)]
    found += [("setup.ps1", words.split()) for words in re.findall(r"@\('(?:nightly|send)', '([a-z -]+)'\)", script)]
    return found


def test_every_call_in_a_shipped_file_is_a_command_with_its_options() -> None:
    calls = called()
    assert len(calls) >= 10 and ("setup.ps1", ["status"]) in calls
    for where, words in calls:
        command: click.Command = cli
        options = [word for word in words if word.startswith("-")]
        for word in words:
            if isinstance(command, click.Group) and not word.startswith("-"):
                inner = command.get_command(click.Context(command), word)
                assert inner is not None, where
                command = inner
        known = {name for parameter in command.params for name in parameter.opts}
        assert not isinstance(command, click.Group) and set(options) <= known, where


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """The units as they are installed, with a program that is there."""
    for unit in UNITS:
        (tmp_path / unit.name).write_text(unit.read_text("utf-8").replace(PROGRAM, "/bin/true"), "utf-8")
    return tmp_path


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd-analyze here")
def test_systemd_takes_every_unit_and_finds_it_hardened(units: Path) -> None:
    every = [str(path) for path in sorted(units.iterdir()) if "@" not in path.name]
    verified = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *every], capture_output=True, text=True, cwd=units
    )
    ours = [line for line in verified.stderr.splitlines() if "qtemplate" in line]
    assert (verified.returncode, ours) == (0, [])
    for name in SERVICES:
        command = ["systemd-analyze", "security", "--offline=yes", "--threshold=25", str(units / name)]
        judged = subprocess.run(command, capture_output=True, text=True)
        assert judged.returncode == 0, judged.stdout[-300:]


def test_every_unit_says_what_happens_when_it_fails() -> None:
    for name in SERVICES:
        assert "OnFailure=qtemplate-failed@%n.service\n" in (DEPLOY / "systemd" / name).read_text("utf-8"), name


def test_the_tasks_for_windows_are_well_formed_and_stand_in_the_script_by_their_names() -> None:
    script = (DEPLOY / "windows" / "setup.ps1").read_text("utf-8")
    space = {"t": "http://schemas.microsoft.com/windows/2004/02/mit/task"}
    for file in sorted((DEPLOY / "windows").glob("*.xml")):
        root = etree.fromstring(file.read_bytes())
        name, command = (root.findtext(f".//t:{tag}", namespaces=space) or "" for tag in ("URI", "Command"))
        assert f"'{name[1:]}'" in script and command == rf"C:\quality\{file.stem}.bat"


@pytest.mark.parametrize(("code", "mailed"), [(0, ""), (3, ""), (1, "said\n"), (4, "said\n"), (5, "said\n")])
def test_the_line_for_cron_mails_what_status_says_unless_all_is_well_or_only_people_are_needed(
    code: int, mailed: str, tmp_path: Path
) -> None:
    line = next(
        line
        for line in (DEPLOY / "cron" / "qtemplate").read_text("utf-8").splitlines()
        if "status" in line and line[0] == "5"
    )
    program = tmp_path / "qtemplate"
    program.write_text(f"#!/bin/sh\necho said\nexit {code}\n", "utf-8")
    program.chmod(0o755)
    command = line.split("quality", 1)[1].replace("/srv/quality", str(tmp_path)).replace(PROGRAM, str(program))
    assert subprocess.run(["sh", "-c", command], capture_output=True, text=True).stdout == mailed
