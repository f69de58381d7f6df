"""`state …`: where the state of a workspace lies."""

from __future__ import annotations

import click

from .options import Options, common
from .spoken import group


@group()
def state() -> None:
    """The state of the workspace: carry it elsewhere."""


@state.command()
@click.argument("to", metavar="TO")
@common
def move(options: Options, to: str) -> None:
    """Carry the state to a server, or back into a file; each row is compared.

    TO: postgresql://user@host/database?schema=name, or file.
    """
    from ..jobs.moving_state import move_state

    options.reply(move_state(options.load(), to))


COMMANDS: tuple[click.Command, ...] = (state,)
