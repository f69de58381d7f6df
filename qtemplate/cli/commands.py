"""All commands as one, and what becomes of a command line that is not understood or not gone through with."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from importlib import import_module

import click

from .. import __version__
from .language import language_asked_for
from .printing import forgive_characters, say_interrupted
from .screen import size
from .spoken import SpokenGroup, complain

EXIT_INTERRUPTED = 130
WIDEST_HELP = 100

HOMES = {
    "running": ("demo", "init", "check", "plan", "run", "nightly", "watch"),
    "history": ("explain", "log", "pack", "verify", "status", "undo", "upgrade", "claim", "conflicts", "doctor"),
    "rules": ("rules",),
    "outbox": ("outbox",),
    "forms": ("forms",),
    "intake": ("intake",),
    "adopt": ("adopt",),
    "month": ("report",),
    "web": ("serve", "qr", "intake-page"),
    "state": ("state",),
    "fleet": ("fleet",),
    "docs": ("docs",),
}
"""Module of this room -> the commands it has, so that one command need not load the others."""


class WholeProgram(SpokenGroup):
    """All commands; a module of them is loaded when one of its commands, or a list of all, is asked for."""

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        homes = [home for home, names in HOMES.items() if name in names]
        self._load(homes or HOMES)  # for a name that is nowhere the nearest one is looked for among all
        return super().get_command(ctx, name)

    def list_commands(self, ctx: click.Context) -> list[str]:
        self._load(HOMES)
        return super().list_commands(ctx)

    def _load(self, homes: Iterable[str]) -> None:
        for home in homes:
            for command in import_module(f".{home}", __package__).COMMANDS:
                self.add_command(command)


@click.group(cls=WholeProgram, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="qtemplate")
def cli() -> None:
    """Runs a quality feedback process inside the Excel register a team already keeps."""


def command_line(given: list[str]) -> None:
    """Does what the arguments ask for, and leaves with an exit code."""
    forgive_characters()
    width = min(size()[0], WIDEST_HELP) - 2
    try:
        cli.main(given, standalone_mode=False, obj=language_asked_for(given), terminal_width=max(width, 50))
    except click.exceptions.Exit as leave:
        sys.exit(leave.exit_code)
    except click.UsageError as wrong:
        complain(wrong, language_asked_for(given))
        sys.exit(wrong.exit_code)
    except (click.Abort, KeyboardInterrupt) as stopped:
        say_interrupted(stopped, given, language_asked_for(given))
        sys.exit(EXIT_INTERRUPTED)
