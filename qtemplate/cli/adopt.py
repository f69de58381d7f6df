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
@common
def adopt(options: Options, book: Path, words: Path | None) -> None:
    """Look at a team's own workbook and propose what its columns mean.

    Needs no workspace and changes nothing in the workbook. Without --json the proposal is written to adopt.xlsx in the
    current folder, for a person to look through.
    """
    from pathlib import Path

    from ..jobs.adopt import propose_adoption

    options.reply(propose_adoption(book, options.language, words, None if options.as_json else Path()))


COMMANDS: tuple[click.Command, ...] = (adopt,)
