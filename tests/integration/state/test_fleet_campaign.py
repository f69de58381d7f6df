"""Workers that are killed and stopped, a server that is restarted, a share that goes away: each mail goes once."""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import psycopg
import pytest
from fleet_makers import ENVIRONMENT, WORKER, make_fleet, set_in, unfinished
from msgspec import Struct
from postgres_server import Postgres
from smtp_peers import Peer, run_peer
from workspace_state import asked

from qtemplate.config.fleet_file import Fleet, load_fleet
from qtemplate.errors import QtemplateError
from qtemplate.fleet.sweep import sweep
from qtemplate.resources import samples_root

SAMPLE = 0
"""Instead of a number of rows: the sample register, 200 of them."""


class Trouble(Struct, frozen=True):
    """What a fleet goes through.

    Attributes:
        registers, rows: How many there are, and of what size.
        workers: Processes side by side; one that ends is followed by another.
        kills, stops, restarts: SIGKILL and SIGSTOP of workers at work, an immediate stop and a start of the server.
        dead_after: Seconds; who is stopped stays so for three times as long.
        seconds: After so long it has failed.
    """

    registers: int
    rows: int
    workers: int
    kills: int
    stops: int
    restarts: int
    dead_after: int
    seconds: int


SMALL = Trouble(2, 2, workers=1, kills=1, stops=1, restarts=0, dead_after=2, seconds=240)
LARGE = Trouble(
    int(os.environ.get("FLEET_REGISTERS", "12")), SAMPLE, workers=3, kills=12, stops=6, restarts=2, dead_after=15,
    seconds=int(os.environ.get("FLEET_SECONDS", "3600")),
)  # fmt: skip


class Yard:
    """The workers of a fleet, and what is done to them."""

    def __init__(self, fleet: Fleet, most: int, seed: int) -> None:
        self.fleet, self.most, self.dice = fleet, most, random.Random(seed)
        self.started = 0
        self.workers: list[subprocess.Popen[bytes]] = []
        self.resting: list[tuple[float, subprocess.Popen[bytes]]] = []

    def at_work(self) -> list[subprocess.Popen[bytes]]:
        resting = [process for _, process in self.resting]
        return [process for process in self.workers if process.poll() is None and process not in resting]

    def fill(self) -> None:
        for _ in range(self.most - len(self.at_work())):
            command = [*WORKER, "--once", "--fleet", str(self.fleet.path)]
            self.workers.append(
                subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            )
            self.started += 1

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        process.kill()
        process.wait(60)

    def stop(self, process: subprocess.Popen[bytes]) -> None:
        process.send_signal(signal.SIGSTOP)
        self.resting.append((time.monotonic() + 3 * self.fleet.dead_after_seconds, process))

    def wake(self) -> None:
        for until, process in list(self.resting):
            if time.monotonic() > until:
                process.send_signal(signal.SIGCONT)
                self.resting.remove((until, process))

    def close(self) -> None:
        for process in self.workers:
            if process.poll() is None:
                process.kill()
            process.wait(60)


@contextmanager
def held_somewhere(fleet: Fleet) -> Iterator[int]:
    """How many registers a run has in its hands at the moment."""
    with psycopg.connect(fleet.url.address) as connection:
        query = "select count(*) from pg_locks where locktype = 'advisory' and granted and objsubid = 1"
        row = connection.execute(query).fetchone()
        assert row is not None
        yield int(row[0])


def go_through(trouble: Trouble, fleet: Fleet, postgres: Postgres, share: Path) -> dict[str, Any]:
    """Until everything was done to the workers and no register has anything left to do; how often, and how long."""
    yard, begun = Yard(fleet, trouble.workers, seed=7), time.monotonic()
    todo = [*["kill"] * trouble.kills, *["stop"] * trouble.stops, *["restart"] * trouble.restarts]
    yard.dice.shuffle(todo)
    away, back, gone_at = share.with_name("away"), 3 * trouble.dead_after, 0.0
    share.rename(away)  # as seen from here it is not mounted when the workers begin
    gone_at = time.monotonic()
    swept = 0
    try:
        while time.monotonic() < begun + trouble.seconds:
            yard.wake()
            if away.exists() and time.monotonic() > gone_at + back:
                shutil.rmtree(share, ignore_errors=True)  # what a mount would hide
                away.rename(share)
            yard.fill()
            time.sleep(yard.dice.uniform(0.2, 1.0) if todo else 0.5)
            try:
                with held_somewhere(fleet) as held:
                    if todo and held and (alive := yard.at_work()):
                        match todo.pop():
                            case "kill":
                                yard.kill(yard.dice.choice(alive))
                            case "stop":
                                yard.stop(yard.dice.choice(alive))
                            case _:
                                postgres.stop()
                                postgres.start()
                        time.sleep(yard.dice.uniform(0, trouble.dead_after))
                swept += len(sweep(fleet).data["returned"])
                done = not (todo or yard.resting or away.exists() or unfinished(fleet))
                if done and all(has_finished(plant.config.parent) for plant in load_fleet(fleet.path).plants):
                    break
            except (psycopg.Error, QtemplateError):  # the server is just coming back
                continue
        else:
            pytest.fail(f"after {trouble.seconds} s: left {todo}, looks {unfinished(fleet)}")
    finally:
        yard.close()
        if away.exists():
            away.rename(share)
    return {"seconds": round(time.monotonic() - begun), "workers": yard.started, "given back": swept}


def has_finished(folder: Path) -> bool:
    """Whether a night went through since it began, with nothing left half done."""
    [(nights,)] = asked(folder, "select count(*) from run where finished is not null and kind = 'run'")
    [(half,)] = asked(folder, "select count(*) from outbox where state = 'sending'")
    return bool(nights) and not half


def overlapping(folder: Path) -> list[tuple[str, str]]:
    """Runs that began before one that began earlier had ended."""
    runs = asked(folder, "select started, finished from run where finished is not null order by started")
    return [(one[0], other[0]) for one, other in pairwise(runs) if other[0] < one[1]]


@pytest.mark.parametrize("trouble", [SMALL, pytest.param(LARGE, marks=pytest.mark.campaign)], ids=["small", "large"])
def test_a_fleet_in_trouble_finishes_every_register_and_sends_nothing_twice(
    trouble: Trouble, postgres: Postgres, tmp_path: Path
) -> None:
    with run_peer(Peer()) as peer:

        def change(folder: Path) -> None:
            if trouble.rows == SAMPLE:
                shutil.copyfile(samples_root() / "register.zh.xlsx", folder / "register.xlsx")
            said = {"transport": "smtp", "host": "127.0.0.1", "security": "none", "username": ""}
            for key, value in (said | {"port": peer.port, "max_per_minute": 100_000}).items():
                set_in(folder, key, value, "mail")

        file = make_fleet(
            tmp_path, postgres, trouble.registers, trouble.rows, dead_after=trouble.dead_after, change=change,
            folders=("here", "there"),
        )  # fmt: skip
        fleet = load_fleet(file)
        told = go_through(trouble, fleet, postgres, tmp_path / "there")
        came = Counter(message_id(raw) for _, _, raw in peer.mails)
    assert len(load_fleet(file).plants) == trouble.registers
    states, sent = Counter[str](), Counter[str]()
    for plant in load_fleet(file).plants:
        assert overlapping(plant.config.parent) == []
        for state, message, waits in asked(
            plant.config.parent, "select state, message_id, not_before is not null from outbox"
        ):
            states[f"{state}, waits for its hours" if waits and state == "approved" else state] += 1
            assert (state in ("sent", "unknown")) >= (came[message] > 0), (plant.name, state, message)
            if state == "sent":
                sent[message] += 1
    twice = {message: n for message, n in came.items() if n > 1}
    lost = {message for message in sent if message not in came}
    print(f"{told}, mails {dict(states)}, at the server {came.total()}, twice {len(twice)}")
    assert (twice, lost) == ({}, set())
    assert set(states) <= {"sent", "unknown", "approved, waits for its hours", "drafted", "held"}
    assert states["sent"]


def message_id(raw: bytes) -> str:
    head = raw.replace(b"\r\n", b"\n").split(b"\n\n", 1)[0]
    [found] = re.findall(rb"(?im)^message-id:\s*(\S+)", head)
    return str(found.decode())
