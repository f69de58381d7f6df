"""What tests of many registers share: a fleet of small workspaces on a server, and what its engine still has to do."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from pathlib import Path

import psycopg
from postgres_server import Postgres, on_server
from registers import WHOLE, make_workspace

import qtemplate
from qtemplate.config.fleet_file import Fleet

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(qtemplate.__file__).parents[1])}
WORKER = [sys.executable, "-m", "qtemplate", "fleet", "worker", "-q"]


def make_fleet(
    root: Path,
    postgres: Postgres,
    count: int,
    rows: int = 2,
    *,
    dead_after: int = 2,
    change: Callable[[Path], None] = lambda folder: None,
    folders: tuple[str, ...] = (".",),
) -> Path:
    """So many registers with rows in them, each with its state on the server.

    Args:
        root: Where the list lies.
        postgres: The server.
        count: Of registers.
        rows: Of each.
        dead_after: Seconds without a sign of life.
        change: What else is done to each workspace.
        folders: Where they lie below `root`, in turns; each is one of the list.
    """
    engine = postgres.server()
    for number in range(count):
        folder = root / folders[number % len(folders)] / f"plant{number:02}"
        folder.parent.mkdir(exist_ok=True)
        make_workspace(folder, [{**WHOLE, "title": f"第{row}个问题", "serial": str(row)} for row in range(rows)])
        set_in(folder, "id_prefix", f"P{number:02}")
        on_server(folder, postgres.server())
        change(folder)
    head = f'[fleet]\nurl = "{engine.shown}"\ndead_after_seconds = {dead_after}\n'
    tables = "".join(f'\n[[folders]]\npath = "{folder}"\nqueue = "north"\n' for folder in folders)
    (root / "fleet.toml").write_text(head + tables, "utf-8")
    return root / "fleet.toml"


def set_in(folder: Path, key: str, value: str | int, section: str = "register") -> None:
    """A setting of a workspace from now on."""
    file = folder / "qtemplate.toml"
    head, mark, rest = file.read_text("utf-8").partition(f"\n[{section}]\n")
    said = f'"{value}"' if isinstance(value, str) else str(value)
    assert mark, section
    file.write_text(head + mark + re.sub(rf"(?m)^{key} = .*$", f"{key} = {said}", rest, count=1), "utf-8")


def unfinished(fleet: Fleet) -> int:
    """Looks that are asked for or under way."""
    with psycopg.connect(f"{fleet.url.address}", options=f"-c search_path={fleet.url.schema}") as connection:
        row = connection.execute(
            "select count(*) from procrastinate_jobs where status in ('todo', 'doing') and task_name = 'qtemplate.look'"
        ).fetchone()
    assert row is not None
    return int(row[0])
