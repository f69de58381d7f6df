"""`docs`: the pages that come with the program."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from .options import FilePath, Options, common
from .spoken import command

if TYPE_CHECKING:
    from pathlib import Path


@command()
@click.argument("page", metavar="[PAGE]", required=False)
@click.option("--out", type=FilePath(), metavar="DIR", help="Copy all pages, and the files for a schedule, there.")
@common
def docs(options: Options, page: str | None, out: Path | None) -> None:
    """The pages that come with the program: list them, print one, copy them."""
    from ..jobs.pages import copy_pages, list_pages, show_page

    if out is not None:
        options.reply(copy_pages(out))
    options.reply(list_pages(options.language) if page is None else show_page(page, options.language))


COMMANDS: tuple[click.Command, ...] = (docs,)
