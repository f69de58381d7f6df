"""`serve`: pages for people who have no workbook."""

from __future__ import annotations

import click

from .options import Options, common
from .spoken import command


@command()
@common
def serve(options: Options) -> None:
    """Serve the pages behind the links in mails, until stopped; needs qtemplate[web]."""
    from ..jobs.web.serve import serve_pages

    serve_pages(options.load(), options.now)


COMMANDS: tuple[click.Command, ...] = (serve,)
