"""What people wait for: `python benchmarks/everyday.py [--rows N] [--repeats N]`.

Every command is a process of its own beside what it is compared with, in turns, so that both meet the same noise; the
table shows medians of CPU time (user and system, the interpreter's start included) and the ratio to the peer. The
bytecode is there, as after an installation. `--rows N` adds the very first run on a register of that size.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import process_time

from nightly import ROOT, measured

CLICK, PANDAS, OPENPYXL, CPU = "import click", "import pandas", "openpyxl load + save", "CPU s in one process"
SMALL, LARGE = 200, 2_000
"""Rows of a small office's register, and of a usual one."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: what is measured, in whose units, and the aim in them."""

    name: str
    peer: str
    aim: float


ROWS = (
    Row("--help", CLICK, 1.4),
    Row("--version", CLICK, 1.4),
    Row("outbox list", CLICK, 2.5),
    Row("outbox show", CLICK, 2.5),
    Row("log", CLICK, 2.5),
    Row("status", CLICK, 2.5),
    Row(f"check, {SMALL} rows", PANDAS, 1.6),
    Row(f"check, {LARGE:,} rows", PANDAS, 2.0),
    Row(f"idle look, {SMALL} rows", CLICK, 1.5),
    Row("500 idle registers", CPU, 5.0),
    Row(f"next night, {LARGE:,} rows", OPENPYXL, 0.45),
    Row("first run", OPENPYXL, 0.3),
)


def cpu_of(arguments: list[str]) -> float:
    """CPU seconds of a process, which must end as a look or a run does."""
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=errors)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in (0, 3):
            errors.seek(0)
            raise SystemExit(f"{' '.join(arguments)} ended with {process.returncode}:\n{errors.read().decode()}")
    return usage.ru_utime + usage.ru_stime


def small_commands(small: Path, large: Path) -> dict[str, list[str]]:
    """Name of a row or a peer -> arguments of Python; both registers were run once and nobody changed them since."""
    of_small, of_large = (["--config", str(folder / "qtemplate.toml")] for folder in (small, large))
    program = ["-m", "qtemplate"]
    listed = subprocess.run(
        [sys.executable, *program, "outbox", "list", "--json", *of_small], cwd=ROOT, stdout=subprocess.PIPE, check=True
    )
    key = json.loads(listed.stdout)["messages"][0]["key"]
    later = ["--now", moment_after(hours=1)]
    return {
        CLICK: ["-c", "import click"],
        PANDAS: ["-c", "import pandas"],
        "--help": [*program, "--help"],
        "--version": [*program, "--version"],
        "outbox list": [*program, "outbox", "list", *of_small],
        "outbox show": [*program, "outbox", "show", key, *of_small],
        "log": [*program, "log", *of_small],
        "status": [*program, "status", *of_small, *later],
        f"check, {SMALL} rows": [*program, "check", *of_small, *later],
        f"check, {LARGE:,} rows": [*program, "check", *of_large, *later],
        f"idle look, {SMALL} rows": [*program, "run", *of_small, *later],
    }


def moment_after(hours: int) -> str:
    """So long after the first run of the registers."""
    from qtemplate.jobs.demo import SAMPLE_MOMENT

    return (SAMPLE_MOMENT + dt.timedelta(hours=hours)).isoformat()


def rested(folder: Path) -> None:
    """Runs an hour after the first one until nothing is left to do, so that the next look is an idle one."""
    from qtemplate.config import load_config
    from qtemplate.jobs.run import run

    for _ in range(2):
        run(load_config(folder / "qtemplate.toml"), dt.datetime.fromisoformat(moment_after(hours=1)))


def idle_registers(folder: Path, number: int) -> float:
    """CPU seconds of looking at so many workspaces in this process, none of which has anything to do."""
    from qtemplate.jobs.idle.look import idle_look
    from qtemplate.jobs.idle.places import NOTE

    configs = []
    for each in range(number):
        copy = folder.with_name("many") / str(each)
        shutil.copytree(folder, copy)
        note = copy / NOTE
        note.write_text(note.read_text("utf-8").replace(str(folder), str(copy)), "utf-8")
        configs.append(copy / "qtemplate.toml")
    now = dt.datetime.fromisoformat(moment_after(hours=1))
    began = process_time()
    looked = [idle_look(config, now) for config in configs]
    spent = process_time() - began
    shutil.rmtree(folder.with_name("many"))
    assert all(idle is not None for idle in looked)
    return spent


def ran_once(folder: Path, rows: int) -> tuple[float, float]:
    """A workspace of so many rows after its first run; CPU seconds of that run and of openpyxl before it."""
    measured("make", folder, size=rows)
    peer = measured("openpyxl", folder)
    return measured("run", folder)["cpu"], peer["cpu"]


def next_night(folder: Path, kept: Path) -> tuple[float, float]:
    """CPU seconds of the night after a day's work, and of openpyxl; the workspace is then as it was."""
    measured("edit", folder, days=1)
    peer = measured("openpyxl", folder)
    night = measured("run", folder, days=1)
    shutil.rmtree(folder)
    shutil.copytree(kept, folder)
    return night["cpu"], peer["cpu"]


def benchmark(place: Path, repeats: int, first_rows: int | None, tell: Callable[[str], None]) -> None:
    """Measures everything and tells the table line by line."""
    spent: dict[str, list[float]] = {}
    ratios: dict[str, list[float]] = {}

    def note(name: str, own: float, peer: float) -> None:
        spent.setdefault(name, []).append(own)
        ratios.setdefault(name, []).append(own / peer)

    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = str(place / "bytecode")
    small, large, kept = (place / name for name in ("small", "large", "kept"))
    ran_once(small, SMALL)
    ran_once(large, LARGE)
    rested(small)
    shutil.copytree(large, kept)
    commands = small_commands(small, large)
    for turn in range(repeats + 1):
        took = {name: cpu_of([sys.executable, *parts]) for name, parts in commands.items()}
        if turn == 0:  # makes the bytecode that is not there yet
            continue
        for row in ROWS:
            if row.name in took:
                note(row.name, took[row.name], took[row.peer])
        for peer in (CLICK, PANDAS):
            note(peer, took[peer], took[peer])
    for _ in range(max(repeats // 3, 1)):
        note(f"next night, {LARGE:,} rows", *next_night(large, kept))
    note("500 idle registers", idle_registers(small, 500), 1.0)
    if first_rows is not None:
        note("first run", *ran_once(place / "first", first_rows))
    for peer in (CLICK, PANDAS):
        tell(f"{peer:24} {median(spent[peer]) * 1000:8.0f} ms")
    for row in ROWS:
        if row.name in spent:
            ratio = median(ratios[row.name])
            mark = "" if ratio <= row.aim else "  missed"
            tell(
                f"{row.name:24} {median(spent[row.name]) * 1000:8.0f} ms"
                f"  {ratio:6.2f} × {row.peer}, aim {row.aim:g}{mark}"
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--repeats", type=int, default=7, help="turns of the small commands; a third for a night")
    parser.add_argument("--rows", type=int, help="measure the very first run on so many rows too")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        benchmark(Path(place), options.repeats, options.rows, lambda line: print(line, flush=True))


if __name__ == "__main__":
    main()
