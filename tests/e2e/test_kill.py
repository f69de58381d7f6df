"""SIGKILL at random moments of `run`: one whole run afterwards leaves what an undisturbed run leaves."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from postgres_server import Postgres, on_server
from registers import make_workspace
from scenes import scene_rows
from workspace_state import message_ids, whole

import qtemplate
from qtemplate.apply.ends import WORKSPACE_KEY
from qtemplate.files.owner_file import owner_path
from qtemplate.files.secret_key import make_key
from qtemplate.journal import Server, connect
from qtemplate.resources import samples_root

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(qtemplate.__file__).parents[1])}
COMMAND = [sys.executable, "-m", "qtemplate", "run", "--full", "-q", "--now", "2026-07-16T09:00"]
NEEDS_A_PERSON = 3

Maker = Callable[[Path], None]


def small(folder: Path) -> None:
    """A workspace with a row in every state."""
    make_workspace(folder, scene_rows())


def sample(folder: Path) -> None:
    """A workspace with the sample register of 200 rows."""
    make_workspace(folder, [])
    shutil.copyfile(samples_root() / "register.zh.xlsx", folder / "register.xlsx")


def run_whole(folder: Path) -> None:
    done = subprocess.run(COMMAND, cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, timeout=300)
    assert (done.returncode, done.stderr) == (NEEDS_A_PERSON, "")


def wait_for(happened: Callable[[], bool], process: subprocess.Popen[str] | subprocess.Popen[bytes] | None) -> None:
    until = time.monotonic() + 120
    while not happened() and (process is None or process.poll() is None) and time.monotonic() < until:
        time.sleep(0.001)


class Work:
    """A workspace that is killed at work.

    Args:
        folder: Where it lies, as it was made.
        server: Of its state; None = a file.
    """

    def __init__(self, folder: Path, server: Server | None) -> None:
        self.folder = folder
        self._session = None if server is None else connect(server)
        if server is not None:
            on_server(folder, server)
        owner_path(folder / "register.xlsx").unlink(missing_ok=True)

    def is_held(self) -> bool:
        if self._session is not None:
            return self._session.holder() is not None
        return (self.folder / ".qtemplate" / "run.lock").exists()

    def start(self) -> subprocess.Popen[bytes]:
        """A run that has taken the workspace."""
        (self.folder / ".qtemplate" / "run.lock").unlink(missing_ok=True)
        process = subprocess.Popen(
            COMMAND, cwd=self.folder, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        wait_for(self.is_held, process)
        return process

    def run_and_kill(self, after: float) -> bool:
        """Starts a run and kills it so long after it has taken the workspace; whether it was still at work."""
        process = self.start()
        time.sleep(after)
        process.kill()
        process.wait(60)
        if self._session is not None:
            wait_for(lambda: not self.is_held(), None)  # the server notices a moment later
        return process.returncode == -signal.SIGKILL

    def time_at_work(self) -> float:
        """Seconds of a whole run from the moment it takes the workspace."""
        process = self.start()
        start = time.monotonic()
        assert process.wait(300) == NEEDS_A_PERSON
        return time.monotonic() - start

    def close(self) -> None:
        if self._session is not None:
            self._session.close()


def kill_and_compare(root: Path, make: Maker, kills: int, seed: int, postgres: Postgres | None = None) -> int:
    """Workspaces killed one to three times and then run whole, against one that was not; how many kills hit."""
    chance, hits, left = random.Random(seed), 0, kills
    made, folder = root / "made", root / "work"  # one place for all: mails name the register's path
    make(made)
    make_key(made / WORKSPACE_KEY)  # every workspace has its own, and it is in the bytes of every form

    def begin() -> Work:
        shutil.copytree(made, folder)
        return Work(folder, None if postgres is None else postgres.server())

    work = begin()
    span = work.time_at_work()
    expected = whole(folder)
    work.close()
    assert len(expected["mails"]) == list(expected["queue"].values()).count("sent") > 20
    while left:
        shutil.rmtree(folder)
        work = begin()
        for _ in range(min(left, chance.randint(1, 3))):
            hits += work.run_and_kill(chance.uniform(0, span))
            left -= 1
        run_whole(folder)
        found = whole(folder)
        for part, value in expected.items():
            assert found[part] == value, f"{part}, {left} kills left, seed {seed}"
        assert set(message_ids(folder).values()) == {1}
        work.close()
    return hits


def test_a_run_killed_twice_leaves_what_an_undisturbed_one_does(tmp_path: Path) -> None:
    kill_and_compare(tmp_path, small, 2, seed=17)


@pytest.mark.campaign
@pytest.mark.parametrize(("make", "kills", "seed"), [(small, 34, 1), (sample, 16, 2)], ids=["small", "sample"])
def test_a_run_killed_fifty_times(tmp_path: Path, make: Maker, kills: int, seed: int) -> None:
    hits = kill_and_compare(tmp_path, make, kills, seed)
    print(f"{hits} of {kills} kills hit a run at work")
    assert hits >= kills // 2


@pytest.mark.campaign
def test_a_run_killed_twenty_times_with_its_state_on_a_server(tmp_path: Path, postgres: Postgres) -> None:
    hits = kill_and_compare(tmp_path, small, 20, 5, postgres)
    print(f"{hits} of 20 kills hit a run at work")
    assert hits >= 10
