"""`serve`, `qr`, `intake-page`: pages for people who have no workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from . import keep_serving
from .options import FilePath, Options, common
from .spoken import command

if TYPE_CHECKING:
    from pathlib import Path

CHANNELS = ("hotline", "website", "email", "social", "in_product", "dealer", "internal", "other")
"""The codes of `choices.Channel`, which takes longer to load than the help takes to print."""


channel = click.option(
    "--channel",
    type=click.Choice(CHANNELS),
    default="website",
    show_default=True,
    help="The channel under which what is reported stands in the register.",
)


@command()
@common
def serve(options: Options) -> None:
    """Serve the pages for people who have no workbook, until stopped; needs qtemplate[web]."""
    from ..jobs.web.serve import serve_pages

    keep_serving()
    serve_pages(options.load(), options.now)


@command()
@click.argument("product", required=False)
@channel
@click.option("--out", type=FilePath(), metavar="FILE", help="The page to print. [default: labels.html]")
@common
def qr(options: Options, product: str | None, channel: str, out: Path | None) -> None:
    """Write labels with QR codes that lead to the page to report a problem on.

    An A4 sheet for each product, or for PRODUCT: a name or model of the sheet Products. Needs qtemplate[web].
    """
    from pathlib import Path

    from ..jobs.web.labels import print_labels

    options.reply(print_labels(options.load(), product, channel, out or Path("labels.html"), options.language))


@command("intake-page")
@channel
@click.option("--out", type=FilePath(), metavar="FILE", help="The page. [default: intake.html]")
@common
def intake_page(options: Options, channel: str, out: Path | None) -> None:
    """Write the page to report a problem on as one file that needs no network.

    It makes a JSON file with the photos in it, which is mailed or put into intake/in/web.
    """
    from pathlib import Path

    from ..jobs.web.labels import write_offline_page

    options.reply(write_offline_page(options.load(), channel, out or Path("intake.html"), options.language))


COMMANDS: tuple[click.Command, ...] = (serve, qr, intake_page)
