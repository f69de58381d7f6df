"""`forms …`: follow-up forms out and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from .options import FilePath, Options, common
from .spoken import group

if TYPE_CHECKING:
    from pathlib import Path


@group()
def forms() -> None:
    """Follow-up forms: make, collect."""


@forms.command()
@click.argument("id", metavar="ID")
@click.argument("kind", metavar="KIND")
@common
def make(options: Options, id: str, kind: str) -> None:
    """Make a form for a feedback; KIND: transfer, 8d, why, verification, minutes, follow_up, missing."""
    from ..jobs.forms import make as make_one

    options.reply(make_one(options.load(), id, kind, options.now))


@forms.command()
@click.argument("paths", nargs=-1, type=FilePath(), metavar="[PATH]...")
@click.option("--accept", is_flag=True, help="Take up the named forms although their mark is another's.")
@common
def collect(options: Options, paths: tuple[Path, ...], accept: bool) -> None:
    """Take up returned forms, by default those in forms/in."""
    from ..jobs.forms import collect as collect_paths

    if accept and not paths:
        raise click.UsageError("--accept needs the forms that you vouch for: qtemplate forms collect PATH --accept")
    options.reply(collect_paths(options.load(), paths, options.now, accept=accept))


COMMANDS: tuple[click.Command, ...] = (forms,)
