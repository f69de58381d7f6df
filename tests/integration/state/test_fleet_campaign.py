"""Workers that are killed and stopped, a server that is restarted, a share that goes away: each mail goes once."""

from __future__ import annotations

import datetime as dt
import os
import random
import re
import shutil
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import psycopg
import pytest
from fleet_makers import ENVIRONMENT, WORKER, make_fleet, set_in
from msgspec import Struct
from postgres_server import Postgres
from smtp_peers import Peer, run_peer

from qtemplate.config import load_config
from qtemplate.config.fleet_file import Fleet, Plant, load_fleet
from qtemplate.errors import QtemplateError
from qtemplate.fleet.engine import LOOK
from qtemplate.fleet.sweep import sweep
from qtemplate.jobs.demo import SAMPLE_MOMENT
from samples.build import build_register

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


class Watcher:
    """Asks the server what the fleet has done, on a session of its own that is opened anew when the server is."""

    def __init__(self, fleet: Fleet) -> None:
        self.fleet = fleet
        self._connection: psycopg.Connection[Any] | None = None
        self._schemas: dict[str, str] = {}
        self._whole: set[str] = set()

    def ask(self, sql: str, schema: str = "") -> list[tuple[Any, ...]]:
        if self._connection is None or self._connection.closed:
            self._connection = psycopg.connect(self.fleet.url.address, autocommit=True)
        self._connection.execute(f"set search_path to {schema or self.fleet.url.schema}".encode())
        return self._connection.execute(sql.encode()).fetchall()

    def of(self, plant: Plant, sql: str) -> list[tuple[Any, ...]]:
        """What the state of a register says."""
        if plant.name not in self._schemas:
            url = load_config(plant.config).state.url
            assert url is not None
            self._schemas[plant.name] = url.schema
        return self.ask(sql, self._schemas[plant.name])

    def held(self) -> int:
        """How many registers a run has in its hands at the moment."""
        query = "select count(*) from pg_locks where locktype = 'advisory' and granted and objsubid = 1"
        return int(self.ask(query)[0][0])

    def looked_at(self) -> int:
        """How many registers were looked at to the end, once at least."""
        query = f"select count(distinct lock) from procrastinate_jobs where task_name = '{LOOK}' "
        return int(self.ask(f"{query} and status = 'succeeded'")[0][0])

    def unfinished(self) -> int:
        """Looks that are asked for or under way."""
        query = f"select count(*) from procrastinate_jobs where task_name = '{LOOK}' "
        return int(self.ask(f"{query} and status in ('todo', 'doing')")[0][0])

    def all_finished(self) -> bool:
        """Whether in each register a night went through since it began, with nothing left half done."""
        plants = load_fleet(self.fleet.path).plants
        for plant in plants:
            if plant.name not in self._whole:
                [(nights, half)] = self.of(
                    plant,
                    "select (select count(*) from run where finished is not null and kind = 'run'), "
                    "(select count(*) from outbox where state = 'sending')",
                )
                if not nights or half:
                    return False
                self._whole.add(plant.name)
        return bool(plants)

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()


def go_through(
    trouble: Trouble, fleet: Fleet, postgres: Postgres, share: Path, watcher: Watcher
) -> tuple[int, int, int]:
    """Until everything was done to the workers and no register has anything left to do.

    What is done to them is spread over the time they take.

    Returns:
        Seconds, workers that were started, registers that the sweeper gave back.
    """
    yard, begun = Yard(fleet, trouble.workers, seed=7), time.monotonic()
    todo = [*["kill"] * trouble.kills, *["stop"] * trouble.stops, *["restart"] * trouble.restarts]
    most = len(todo)
    yard.dice.shuffle(todo)
    away, back = share.with_name("away"), begun + 3 * trouble.dead_after
    share.rename(away)  # as seen from here it is not mounted when the workers begin
    swept, next_sweep, next_trouble = 0, 0.0, 0.0
    try:
        while time.monotonic() < begun + trouble.seconds:
            yard.wake()
            if away.exists() and time.monotonic() > back:
                shutil.rmtree(share, ignore_errors=True)  # what a mount would hide
                away.rename(share)
            try:
                done = not (todo or yard.resting or away.exists() or watcher.unfinished()) and watcher.all_finished()
                if done:
                    break
                yard.fill()
                time.sleep(yard.dice.uniform(0.2, 1.0) if todo else 0.5)
                due = most - len(todo) <= 2 + 1.5 * most * watcher.looked_at() / trouble.registers
                if todo and due and time.monotonic() > next_trouble and watcher.held() and (alive := yard.at_work()):
                    match todo.pop():
                        case "kill":
                            yard.kill(yard.dice.choice(alive))
                        case "stop":
                            yard.stop(yard.dice.choice(alive))
                        case _:
                            postgres.stop()
                            postgres.start()
                    next_trouble = time.monotonic() + yard.dice.uniform(0, trouble.dead_after)
                if time.monotonic() > next_sweep:
                    swept += len(sweep(fleet).data["returned"])
                    next_sweep = time.monotonic() + trouble.dead_after / 3
            except (psycopg.Error, QtemplateError):  # the server is just coming back
                yard.fill()
                continue
        else:
            pytest.fail(f"after {trouble.seconds} s: left {todo}, looked at {watcher.looked_at()}")
    finally:
        yard.close()
        if away.exists():
            away.rename(share)
    return round(time.monotonic() - begun), yard.started, swept


def overlapping(runs: Sequence[tuple[Any, ...]]) -> list[tuple[str, str]]:
    """Runs that began before one that began earlier had ended; from (started, finished) of each, by start."""
    return [(one[0], other[0]) for one, other in pairwise(runs) if other[0] < one[1]]


class Heads(Peer):
    """A server that keeps only the heads: there may be a hundred thousand mails."""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        head = envelope.content.replace(b"\r\n", b"\n").split(b"\n\n", 1)[0]
        self.mails.append((envelope.mail_from, tuple(envelope.rcpt_tos), head))
        return "250 kept"


@pytest.mark.parametrize("trouble", [SMALL, pytest.param(LARGE, marks=pytest.mark.campaign)], ids=["small", "large"])
def test_a_fleet_in_trouble_finishes_every_register_and_sends_nothing_twice(
    trouble: Trouble, postgres: Postgres, tmp_path: Path
) -> None:
    registers = [] if trouble.rows != SAMPLE else [build_register("zh"), build_register("zh", later=since_sample())]
    with run_peer(Heads()) as peer:

        def change(folder: Path) -> None:
            if registers:
                # every fourth is full of what nobody has cared about for months, and two hundred mails are due; the
                # others are taken into use as `init` advises: what came in before a week ago is history
                in_use = int(folder.name.removeprefix("plant")) % 4 != 0
                (folder / "register.xlsx").write_bytes(registers[in_use])
                if in_use:
                    since = (dt.datetime.now() - dt.timedelta(days=7)).isoformat(timespec="seconds")
                    set_in(folder, "since", since, "mail")
            said = {"transport": "smtp", "host": "127.0.0.1", "security": "none", "username": ""}
            for key, value in (said | {"port": peer.port, "max_per_minute": 100_000}).items():
                set_in(folder, key, value, "mail")

        rows = 0 if registers else trouble.rows
        file = make_fleet(
            tmp_path, postgres, trouble.registers, rows, dead_after=trouble.dead_after, change=change,
            folders=("here", "there"),
        )  # fmt: skip
        fleet = load_fleet(file)
        watcher = Watcher(fleet)
        seconds, workers, given_back = go_through(trouble, fleet, postgres, tmp_path / "there", watcher)
        came = Counter(message_id(head) for _, _, head in peer.mails)
    plants = load_fleet(file).plants
    assert len(plants) == trouble.registers
    states, sent, runs, overlaps = Counter[str](), Counter[str](), 0, 0
    for plant in plants:
        ended = watcher.of(plant, "select started, finished from run where finished is not null order by started")
        runs, overlaps = runs + len(ended), overlaps + len(overlapping(ended))
        mails = watcher.of(plant, "select state, message_id, not_before is not null from outbox")
        for state, message, waits in mails:
            states[f"{state}, waits for its hours" if waits and state == "approved" else state] += 1
            assert (state in ("sent", "unknown")) >= (came[message] > 0), (plant.name, state, message)
            if state == "sent":
                sent[message] += 1
    watcher.close()
    twice = {message: n for message, n in came.items() if n > 1}
    lost = {message for message in sent if message not in came}
    print(
        f"| registers | {trouble.registers} of {trouble.rows or 200} rows; half of them away at first |\n"
        f"| done to {trouble.workers} workers | {trouble.kills} × SIGKILL, {trouble.stops} × SIGSTOP, "
        f"{trouble.restarts} × the server stopped at once and started |\n"
        f"| finished | {len(plants)} in {runs} runs, after {seconds} s and {workers} workers; "
        f"{given_back} given back by the sweeper |\n"
        f"| mails | {states.total()}: {', '.join(f'{n} {state}' for state, n in states.most_common())}; "
        f"{came.total()} came to the server, {len(twice)} twice, {len(lost)} lost |\n"
        f"| two runs at a time in one register | {overlaps} |"
    )
    assert (twice, lost, overlaps) == ({}, set(), 0)
    assert set(states) <= {"sent", "unknown", "approved, waits for its hours", "drafted", "held"}
    assert states["sent"]


def since_sample() -> dt.timedelta:
    """How much later the sample would have to be made to be of these days, in whole weeks."""
    return dt.timedelta(weeks=(dt.datetime.now() - SAMPLE_MOMENT).days // 7)


def message_id(head: bytes) -> str:
    [found] = re.findall(rb"(?im)^message-id:\s*(\S+)", head)
    return str(found.decode())
