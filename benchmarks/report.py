"""What the month in figures costs: `python benchmarks/report.py [ROWS]` (default 100000).

A register of the sample's rows, spread over three years, is read as a run reads it, and then looked at: columns,
figures, charts, page. CPU seconds, the best of three; the ratio to reading counts. At 2,000 rows the figures are held
against `import pandas` in a process of its own.
"""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from msgspec.structs import replace

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from nightly import make_workspace  # noqa: E402  # after the path is set

from qtemplate.config import Config, load_config  # noqa: E402
from qtemplate.jobs.month.command import page_of  # noqa: E402
from qtemplate.jobs.month.gather import gather  # noqa: E402
from qtemplate.jobs.month.workbook import month_book  # noqa: E402
from qtemplate.jobs.workspace import looking  # noqa: E402
from qtemplate.jobs.world import World, read_world  # noqa: E402
from qtemplate.rules.answers import Answers  # noqa: E402

ROUNDS = 3


def best(work: Callable[[], Any]) -> tuple[float, Any]:
    """CPU seconds of the quickest of some rounds, and what it gave."""
    found, made = float("inf"), None
    for _ in range(ROUNDS):
        began = time.process_time()
        made = work()
        found = min(found, time.process_time() - began)
    return found, made


def measure(rows: int) -> tuple[float, float]:
    """CPU seconds of reading and of everything beyond it; prints the parts."""
    with tempfile.TemporaryDirectory() as folder:
        make_workspace(Path(folder) / "w", rows)
        config = load_config(Path(folder) / "w" / "qtemplate.toml")
        reading, world = best(lambda: read_world(config))
        world = numbered(world)
        received = world.register.frame["received_at"].dropna()
        now = received.max().to_pydatetime().replace(day=28).replace(tzinfo=config.register.time_zone)
        month = now.date().replace(day=1) - dt.timedelta(days=1)
        figures, look = best(lambda: _look(config, world, now, month))
        drawing, page = best(lambda: page_of(look, "zh", public=False))
        writing, _ = best(lambda: month_book(look, "zh"))
    parts = f"reading {reading:.2f} s  figures {figures:.2f} s  page {drawing:.2f} s  workbook {writing:.2f} s"
    print(f"{rows:>7} rows  {parts}")
    print(f"         beyond reading {(figures + drawing) / reading:.2f} x  page {len(page.encode()) / 1024:.0f} KB")
    return reading, figures + drawing


def numbered(world: World) -> World:
    """The same with an id in every row: those of the sample's rows that were copied are made by the first run."""
    ids = {int(row): f"QF-2025-{at:06}" for at, row in enumerate(world.register.frame.index)}
    return replace(world, register=world.register.with_values({"id": ids}))


def _look(config: Config, world: World, now: dt.datetime, month: dt.date) -> Any:
    """The month with nothing kept from the round before."""
    with looking(config) as workspace:
        return gather(workspace, replace(world, answers=Answers(world.register.frame)), now, month)


def import_pandas() -> float:
    """CPU seconds of `import pandas` beyond an empty process."""

    def child(code: str) -> float:
        told = f"import time; a = time.process_time(); {code}; print(time.process_time() - a)"
        return min(float(subprocess.check_output([sys.executable, "-c", told])) for _ in range(ROUNDS))

    return child("import pandas")


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    pandas = import_pandas()
    _, small = measure(2000)
    print(f"         beyond reading {small / pandas:.2f} x `import pandas` ({pandas:.2f} s)")
    measure(rows)


if __name__ == "__main__":
    main()
