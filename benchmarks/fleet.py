"""What a server costs a run, and idle registers a worker: `python benchmarks/fleet.py [ROWS …]` (default 200).

Nights of the standard workbook, with the state in a file of the workspace, on a PostgreSQL on loopback, and on the same
one behind a line that adds 1 ms to each round trip: the very first run, and the next one after a day's work of people.
They take turns, so that all meet the same noise; the table shows medians of the seconds that pass, and of the ratio
within a turn. Then 500 registers at which there is nothing to do are looked at, beside the bare loop that asks the
system about each register and reads the note in its workspace; in CPU seconds, as nobody waits for them.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

from nightly import ROOT, edit_like_people, make_workspace

sys.path.insert(0, str(ROOT / "tests" / "peers"))

from postgres_server import Postgres, on_server, running
from slow_link import Link, link_to

REGISTERS = 500
DELAY = 0.0005
"""Seconds in each direction: 1 ms a round trip, as between two buildings."""

FILE, SERVER, FAR = "file", "server", "1 ms away"
AIMS = {SERVER: 1.3, FAR: 2.0}
FIRST, NEXT, STILL = "first run", "next night", "still night"


def part(folder: Path, days: int) -> None:
    """One run in this process: the seconds that pass, CPU seconds, and what was done."""
    from qtemplate.config import load_config
    from qtemplate.jobs.demo import SAMPLE_MOMENT
    from qtemplate.jobs.run import run

    config, cpu, began = load_config(folder / "qtemplate.toml"), time.process_time(), time.perf_counter()
    report = run(config, SAMPLE_MOMENT + dt.timedelta(days=days))
    took = time.perf_counter() - began, time.process_time() - cpu
    told = {"seconds": took[0], "cpu": took[1], "mails": len(report.messages), "edits": len(report.edits)}
    sys.stdout.write(json.dumps(told) + "\n")


def measured(folder: Path, days: int) -> dict[str, Any]:
    """The same in a process of its own."""
    arguments = [sys.executable, __file__, "--part", str(folder), "--days", str(days)]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False, timeout=600)
    if done.returncode:
        raise SystemExit(done.stderr)
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def nights(made: Path, place: Path, postgres: Postgres, link: Link) -> dict[str, dict[str, dict[str, Any]]]:
    """One turn: night -> where the state is -> what it took; with the round trips of those behind the line."""
    took: dict[str, dict[str, dict[str, Any]]] = {FIRST: {}, NEXT: {}, STILL: {}}
    folders = {}
    for where in (FILE, SERVER, FAR):
        folders[where] = place / where.replace(" ", "-")
        shutil.copytree(made, folders[where])
    on_server(folders[SERVER], postgres.server())
    on_server(folders[FAR], postgres.server(port=link.port))
    for night, days in ((FIRST, 0), (NEXT, 1), (STILL, 2)):
        for where, folder in folders.items():
            if night == NEXT:
                edit_like_people(folder, days)
            before = link.trips
            took[night][where] = {**measured(folder, days), "trips": link.trips - before}
        done = {(each["mails"], each["edits"]) for each in took[night].values()}
        assert len(done) == 1, f"not the same work: {took[night]}"
    for folder in folders.values():
        shutil.rmtree(folder)
    return took


def server_cost(rows: int, repeats: int) -> None:
    """The part of the table about runs."""
    with tempfile.TemporaryDirectory() as name, running() as postgres, link_to(postgres.port, DELAY) as link:
        made = Path(name) / "made"
        make_workspace(made, rows)
        shutil.copytree(made, Path(name) / "warm")
        measured(Path(name) / "warm", 0)  # makes the bytecode that is not there yet
        turns = [nights(made, Path(name), postgres, link) for _ in range(repeats)]
    for night in (FIRST, NEXT, STILL):
        one = turns[0][night][FILE]
        print(f"{rows:,} rows, {night}: {one['edits']:,} cells, {one['mails']} mails")
        for where in (FILE, SERVER, FAR):
            seconds, cpu = (median(turn[night][where][what] for turn in turns) for what in ("seconds", "cpu"))
            line = f"  {where:10} {seconds:6.2f} s, of it CPU {cpu:.2f}"
            if where in AIMS:
                ratio = median(turn[night][where]["seconds"] / turn[night][FILE]["seconds"] for turn in turns)
                mark = "" if ratio <= AIMS[where] else "  missed"
                line += f"  {ratio:.2f} × {FILE}, aim {AIMS[where]}{mark}"
            if trips := turns[0][night][where]["trips"]:
                line += f"  ({trips:,} round trips)"
            print(line, flush=True)


def idle_cost(repeats: int) -> None:
    """The part of the table about registers that nobody touched: what a worker's look at each of them costs."""
    from qtemplate.config import load_config
    from qtemplate.files.owner_file import owner_path
    from qtemplate.jobs.demo import SAMPLE_MOMENT
    from qtemplate.jobs.looking_by import IDLE, look_by

    night = dt.time(22)
    with tempfile.TemporaryDirectory() as name, running() as postgres:
        first = Path(name) / "made"
        make_workspace(first, 200)
        on_server(first, postgres.server())  # all of them ask the same schema: one has no fewer questions than another
        zone = load_config(first / "qtemplate.toml").register.time_zone
        look_by(load_config(first / "qtemplate.toml"), night, zone, SAMPLE_MOMENT)
        folders = [Path(name) / "many" / str(number) for number in range(REGISTERS)]
        for folder in folders:
            shutil.copytree(first, folder, ignore=shutil.ignore_patterns("outbox", "backups", "forms"))
        moment = SAMPLE_MOMENT + dt.timedelta(minutes=5)
        spent, passed, bare = [], [], []
        for _ in range(repeats):
            began = time.process_time()
            for folder in folders:
                (folder / "register.xlsx").stat()
                owner_path(folder / "register.xlsx").read_bytes()
            bare.append(time.process_time() - began)
            began, since = time.process_time(), time.perf_counter()
            looks = {look_by(load_config(folder / "qtemplate.toml"), night, zone, moment) for folder in folders}
            spent.append(time.process_time() - began)
            passed.append(time.perf_counter() - since)
            assert looks == {IDLE}, looks
    print(
        f"{REGISTERS} idle registers: CPU {median(spent):.2f} s, {median(passed):.1f} s pass; "
        f"stat and reading a note alone: CPU {median(bare):.3f} s"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("rows", nargs="*", type=int, default=[200])
    parser.add_argument("--repeats", type=int, default=3, help="turns")
    parser.add_argument("--part", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--days", type=int, default=0, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.part:
        part(chosen.part, chosen.days)
    else:
        for size in chosen.rows:
            server_cost(size, chosen.repeats)
        idle_cost(chosen.repeats)
