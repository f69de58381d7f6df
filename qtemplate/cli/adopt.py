"""`adopt`: a team's own workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from .options import FilePath, Options, common
from .spoken import command

if TYPE_CHECKING:
    from pathlib import Path


@command()
@click.argument("book", type=FilePath(), metavar="BOOK")
@click.option(
    "--words",
    type=FilePath(dir_okay=False),
    metavar="FILE",
    help="The team's own words for headers and values (TOML).",
)
@click.option(
    "--apply",
    "proposal",
    type=FilePath(dir_okay=False),
    metavar="FILE",
    help="Adopt the workbook as this proposal says, which you have looked through.",
)
@click.option("--undo", is_flag=True, help="Take our columns and sheets out of the workbook again.")
@common
def adopt(options: Options, book: Path, words: Path | None, proposal: Path | None, undo: bool) -> None:
    """Look at a team's own workbook and propose what its columns mean.

    Needs no workspace and changes nothing in the workbook. Without --json the proposal is written to adopt.xlsx in the
    current folder, for a person to look through. --apply adds our columns and sheets to the workbook itself, after a
    backup, and makes a workspace here unless there is one.
    """
    from pathlib import Path

    if proposal is not None and undo:
        raise click.UsageError("--apply and --undo exclude each other")
    if proposal is not None:
        from ..jobs.adopting.apply import apply_adoption

        with options.progress() as progress:
            answer = apply_adoption(book, proposal, options.config_path, options.now, progress=progress)
        options.reply(answer)
    if undo:
        from ..jobs.adopting.undo import undo_adoption

        with options.progress() as progress:
            answer = undo_adoption(options.load(), options.now, progress=progress)
        options.reply(answer)
    from ..jobs.adopting.look import propose_adoption

    with options.progress() as progress:
        folder = None if options.as_json else Path()
        answer = propose_adoption(book, options.language, words, folder, progress=progress)
    options.reply(answer)


COMMANDS: tuple[click.Command, ...] = (adopt,)
