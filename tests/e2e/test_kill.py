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
from registers import make_workspace
from scenes import scene_rows
from workspace_state import message_ids, whole

import qtemplate
from qtemplate.apply.ends import WORKSPACE_KEY
from qtemplate.files.owner_file import owner_path
from qtemplate.files.secret_key import make_key
from qtemplate.resources import samples_root

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(qtemplate.__file__).parents[1])}
COMMAND = [sys.executable, "-m", "qtemplate", "run", "-q", "--now", "2026-07-16T09:00"]
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


def run_and_kill(folder: Path, after: float) -> bool:
    """Starts a run, waits until it works, and kills it so much later; whether it was still at work."""
    lock = folder / ".qtemplate" / "run.lock"
    lock.unlink(missing_ok=True)
    process = subprocess.Popen(COMMAND, cwd=folder, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    until = time.monotonic() + 120
    while not lock.exists() and process.poll() is None and time.monotonic() < until:
        time.sleep(0.001)
    time.sleep(after)
    process.kill()
    process.communicate(timeout=60)
    return process.returncode == -signal.SIGKILL


def time_at_work(folder: Path) -> float:
    """Seconds of a whole run from the moment it takes the workspace; the folder is an undisturbed run afterwards."""
    lock = folder / ".qtemplate" / "run.lock"
    process = subprocess.Popen(COMMAND, cwd=folder, env=ENVIRONMENT, stdout=subprocess.DEVNULL)
    while not lock.exists() and process.poll() is None:
        time.sleep(0.001)
    start = time.monotonic()
    assert process.wait(300) == NEEDS_A_PERSON
    return time.monotonic() - start


def kill_and_compare(root: Path, make: Maker, kills: int, seed: int) -> int:
    """Workspaces killed one to three times and then run whole, against one that was not; how many kills hit."""
    chance, hits, left = random.Random(seed), 0, kills
    made, folder = root / "made", root / "work"  # one place for all: mails name the register's path
    make(made)
    make_key(made / WORKSPACE_KEY)  # every workspace has its own, and it is in the bytes of every form
    shutil.copytree(made, folder)
    owner_path(folder / "register.xlsx").unlink(missing_ok=True)
    span = time_at_work(folder)
    expected = whole(folder)
    assert len(expected["mails"]) == list(expected["queue"].values()).count("sent") > 20
    while left:
        shutil.rmtree(folder)
        shutil.copytree(made, folder)
        owner_path(folder / "register.xlsx").unlink(missing_ok=True)
        for _ in range(min(left, chance.randint(1, 3))):
            hits += run_and_kill(folder, chance.uniform(0, span))
            left -= 1
        run_whole(folder)
        found = whole(folder)
        for part, value in expected.items():
            assert found[part] == value, f"{part}, {left} kills left, seed {seed}"
        assert set(message_ids(folder).values()) == {1}
    return hits


def test_a_run_killed_twice_leaves_what_an_undisturbed_one_does(tmp_path: Path) -> None:
    kill_and_compare(tmp_path, small, 2, seed=17)


@pytest.mark.campaign
@pytest.mark.parametrize(("make", "kills", "seed"), [(small, 34, 1), (sample, 16, 2)], ids=["small", "sample"])
def test_a_run_killed_fifty_times(tmp_path: Path, make: Maker, kills: int, seed: int) -> None:
    hits = kill_and_compare(tmp_path, make, kills, seed)
    print(f"{hits} of {kills} kills hit a run at work")
    assert hits >= kills // 2
