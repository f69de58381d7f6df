"""`adopt`: a team's own workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from .options import FilePath, Options, common
from .spoken import command

if TYPE_CHECKING:
    from pathlib import Path


@command()
@click.argument("books", type=FilePath(), metavar="BOOK...", nargs=-1, required=True)
@click.option(
    "--words",
    type=FilePath(dir_okay=False),
    metavar="FILE",
    help="The team's own words for headers and values (TOML), before those in templates/adopt of the workspace.",
)
@click.option(
    "--apply",
    "proposal",
    type=FilePath(dir_okay=False),
    metavar="FILE",
    help="Adopt the workbook as this proposal says, which you have looked through.",
)
@click.option("--undo", is_flag=True, help="Take our columns and sheets out of the workbook again.")
@click.option(
    "--beside",
    is_flag=True,
    help="With --apply: leave the workbook as it is; all of ours goes into a second one beside it.",
)
@click.option(
    "--into",
    type=FilePath(dir_okay=False),
    metavar="FILE",
    help="Bring several lists (CSV, workbooks, folders of them) together in this register; --yes writes it.",
)
@click.option(
    "--yes", is_flag=True, help="With --into: write the register; without it is only said what would be done."
)
@common
def adopt(
    options: Options,
    books: tuple[Path, ...],
    words: Path | None,
    proposal: Path | None,
    beside: bool,
    undo: bool,
    into: Path | None,
    yes: bool,
) -> None:
    """Look at a team's own workbook and propose what its columns mean.

    Needs no workspace and changes nothing in the workbook. Without --json the proposal is written to adopt.xlsx in the
    current folder, for a person to look through. --apply adds our columns and sheets to the workbook itself, after a
    backup, and makes a workspace here unless there is one. With --beside the workbook is only read, now and later: a
    second one beside it gets their columns and ours, and every run brings over what changed.

    Before that, --into makes one register of many lists: CSV files, monthly workbooks, sheets by month. Rows that are
    there already, by the team's own number, are not added twice; those that differ are listed for a person.
    """
    from pathlib import Path

    from ..jobs.adopting.look import propose_adoption, words_of

    if into is not None:
        if proposal is not None or undo:
            raise click.UsageError("--into goes with neither --apply nor --undo")
        from ..jobs.adopting.grow import grow_register

        named = words_of(options.config_path, words)
        options.reply(grow_register(into, books, options.language, write=yes, words=named, moment=options.now))
    if len(books) > 1 or yes:
        raise click.UsageError("several files, and --yes, go with --into")
    book = books[0]
    if proposal is not None and undo:
        raise click.UsageError("--apply and --undo exclude each other")
    if beside and proposal is None:
        raise click.UsageError("--beside goes with --apply")
    if proposal is not None:
        from ..jobs.adopting.apply import apply_adoption, telling_how_far

        with telling_how_far(book), options.progress() as progress:
            answer = apply_adoption(book, proposal, options.config_path, options.now, beside=beside, progress=progress)
        options.reply(answer)
    if undo:
        from ..jobs.adopting.undo import undo_adoption

        with options.progress() as progress:
            answer = undo_adoption(options.load(), options.now, progress=progress)
        options.reply(answer)
    with options.progress() as progress:
        folder = None if options.as_json else Path()
        answer = propose_adoption(
            book, options.language, words_of(options.config_path, words), folder, progress=progress
        )
    options.reply(answer)


COMMANDS: tuple[click.Command, ...] = (adopt,)
