"""No right to write, a full disk, a damaged state: one sentence, the promised exit code, and nothing half written."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from registers import ASSESSED, make_workspace

from qtemplate.cli import main
from qtemplate.config import load_config
from qtemplate.jobs.run import run

POSIX_ONLY = pytest.mark.skipif(os.name != "posix", reason="modes of files are POSIX")
MOMENT, LATER = "2026-07-15T10:00", "2026-07-20T05:30"


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace after its first run; it stays where it is, for a copy would not be the one that writes."""
    folder = tmp_path_factory.mktemp("w") / "workspace"
    config = load_config(make_workspace(folder, [ASSESSED | {"reporter": f"张{n}"} for n in range(3)]))
    run(config, dt.datetime.fromisoformat(MOMENT))
    shutil.copytree(folder, folder.with_name("kept"))
    return folder


@pytest.fixture
def workspace(started: Path) -> Path:
    """As the first run left it, in the same place."""
    give_back_rights(started)
    shutil.rmtree(started)
    shutil.copytree(started.with_name("kept"), started)
    return started


def give_back_rights(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | 0o700)


def told(folder: Path, *arguments: str, largest: int = 0) -> subprocess.CompletedProcess[str]:
    """A command as an ordinary user calls it: root may write everywhere, unless it gives that up.

    `largest`: bytes to which a file may grow, after which the system says what it says of a full disk.
    """
    ordinary = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
    limit = ["prlimit", f"--fsize={largest}"] if largest else []
    command = [
        sys.executable,
        "-m",
        "qtemplate",
        *arguments,
        "--config",
        str(folder / "qtemplate.toml"),
        "--lang",
        "en",
    ]
    return subprocess.run([*limit, *ordinary, *command], capture_output=True, text=True, timeout=600, check=False)


def bytes_of(folder: Path) -> bytes:
    return (folder / "register.xlsx").read_bytes()


@POSIX_ONLY
@pytest.mark.parametrize(
    ("closed", "sentence"),
    [
        (".", "may not be read or written (Permission denied)"),
        ("register.xlsx", "is read-only, so nothing was written"),
        ("backups", "could be put into"),
    ],
)
def test_a_place_that_may_not_be_written_is_named_and_the_run_is_tried_again(
    workspace: Path, closed: str, sentence: str
) -> None:
    before = bytes_of(workspace)
    (workspace / closed).chmod(0o444 if closed == "register.xlsx" else 0o555)
    done = told(workspace, "run", "--now", LATER)
    give_back_rights(workspace)
    assert (done.returncode, "Traceback" in done.stderr) == (5, False)
    assert sentence in done.stdout + done.stderr
    assert bytes_of(workspace) == before
    assert not [path for path in workspace.rglob("*") if path.name.startswith(".qt-tmp") or path.suffix == ".part"]


@POSIX_ONLY
def test_what_only_looks_goes_on_where_nothing_may_be_written(workspace: Path) -> None:
    for path in (workspace / ".qtemplate").iterdir():
        path.chmod(0o444)
    (workspace / ".qtemplate").chmod(0o555)
    codes = {
        name: told(workspace, *name.split(), "--now", LATER).returncode for name in ("check", "plan", "outbox list")
    }
    assert codes == {"check": 0, "plan": 0, "outbox list": 0}


@POSIX_ONLY
@pytest.mark.parametrize("largest", [20_000, 200_000])
def test_a_full_disk_leaves_nothing_half_written_and_the_next_run_goes_on(tmp_path: Path, largest: int) -> None:
    folder = tmp_path / "workspace"
    make_workspace(folder, [ASSESSED | {"reporter": f"张{n}"} for n in range(3)])
    full = told(folder, "run", "--now", MOMENT, largest=largest)
    assert (full.returncode, "Traceback" in full.stderr) == (5, False)
    assert "run again" in full.stderr
    assert [path.name for path in folder.rglob("*.xlsx") if zipfile.ZipFile(path).testzip()] == []
    assert not [path for path in folder.rglob("*") if path.name.startswith(".qt-tmp") or path.suffix == ".part"]
    again = told(folder, "run", "--now", MOMENT)
    mails = [
        email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        for path in (folder / "outbox").glob("*.eml")
    ]
    kinds = sorted(str(mail["Subject"])[:14] for mail in mails if "[QF-" in str(mail["Subject"]))
    assert (again.returncode, again.stderr) == (0, "")
    assert len({mail["Message-ID"] for mail in mails}) == len(mails) >= len(kinds) == 6


def test_a_damaged_state_is_named_and_nothing_is_written(workspace: Path) -> None:
    before = bytes_of(workspace)
    state = workspace / ".qtemplate" / "state.db"
    state.write_bytes(state.read_bytes()[:100] + b"\0" * 5000)
    codes = [(done.returncode, "Traceback" in done.stderr, "state.db is damaged" in done.stderr)
             for done in (told(workspace, name, "--now", LATER) for name in ("run", "check"))]  # fmt: skip
    assert codes == [(4, False, True)] * 2
    assert bytes_of(workspace) == before


@POSIX_ONLY
@pytest.mark.parametrize("thing", ["a folder", "a link that leads nowhere", "a file where the folder was"])
def test_what_is_in_the_place_of_the_state_is_no_first_run(
    workspace: Path, thing: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before, state = bytes_of(workspace), workspace / ".qtemplate" / "state.db"
    if thing == "a file where the folder was":
        shutil.rmtree(state.parent)
        state.parent.write_text("")
        state = state.parent
    else:
        state.rename(state.with_name("kept.db"))
        state.mkdir() if thing == "a folder" else state.symlink_to(workspace / "nowhere.db")
    said = f"Something else is in the place of {state} "
    for command in (["check", "--now", LATER], ["run", "--now", LATER], ["outbox", "list"], ["doctor", "--now", LATER]):
        with pytest.raises(SystemExit) as left:
            main([*command, "--config", str(workspace / "qtemplate.toml"), "--lang", "en"])
        heard = capsys.readouterr()
        assert (command[0], left.value.code, said in heard.out + heard.err) == (command[0], 4, True)
    assert bytes_of(workspace) == before
