"""`fleet …`: many registers on several machines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from . import keep_serving
from .options import FilePath, Options, common
from .spoken import group

if TYPE_CHECKING:
    from pathlib import Path


@group()
def fleet() -> None:
    """Many registers on several machines: worker, sweep, status."""


def of_fleet(command: Any) -> Any:
    """The option that names the file."""
    return click.option(
        "--fleet", "fleet_path", type=FilePath(), default="fleet.toml", metavar="FILE",
        help="The registers and who reaches them [default: ./fleet.toml]",
    )(command)  # fmt: skip


@fleet.command()
@of_fleet
@click.option(
    "--queue", "queues", multiple=True, metavar="NAME", help="Only what this machine reaches; may be repeated."
)
@click.option("--once", is_flag=True, help="Look once at every register, then end.")
@common
def worker(options: Options, fleet_path: Path, queues: tuple[str, ...], once: bool) -> None:
    """Look at the registers that this machine reaches, until it is stopped."""
    from ..config.fleet_file import load_fleet
    from ..fleet import require_engine

    require_engine()
    from ..fleet.worker import work

    keep_serving()
    work(load_fleet(fleet_path), queues, until_idle=once)


@fleet.command()
@of_fleet
@common
def sweep(options: Options, fleet_path: Path) -> None:
    """Give back what dead workers hold; for a timer, every minute."""
    from ..config.fleet_file import load_fleet
    from ..fleet import require_engine

    require_engine()
    from ..fleet.sweep import sweep as give_back

    options.reply(give_back(load_fleet(fleet_path)))


@fleet.command()
@of_fleet
@click.option(
    "--html", "page", type=FilePath(), metavar="FILE", help="Also write it as a page, all registers side by side."
)
@common
def status(options: Options, fleet_path: Path, page: Path | None) -> None:
    """Every register on a line: last run, age, what waits, where.

    \b
    Exit code 0: all is fine.
    3: people are needed somewhere.
    5: a register is late, never ran, or cannot be asked.
    """
    from ..config.fleet_file import load_fleet
    from ..fleet.overview import fleet_status

    options.reply(fleet_status(load_fleet(fleet_path), options.now, page=page, language=options.language))


COMMANDS: tuple[click.Command, ...] = (fleet,)
