"""`intake`: what came in, without a whole run."""

from __future__ import annotations

import click

from .options import Options, common
from .spoken import command


@command()
@click.option("--dry-run", is_flag=True, help="Only look: store, mark and move nothing.")
@common
def intake(options: Options, dry_run: bool) -> None:
    """Take up what came in through every channel, without a whole run."""
    from ..jobs.incoming.command import intake as take_up

    options.show(take_up(options.load(), options.now, dry_run=dry_run))


COMMANDS: tuple[click.Command, ...] = (intake,)
