"""`intake`: what came in, without a whole run; and what of it is left to people."""

from __future__ import annotations

import click

from .options import Options, common
from .spoken import command


@command()
@click.option("--dry-run", is_flag=True, help="Only look: store, mark and move nothing.")
@click.option("--list", "listing", is_flag=True, help="What is left to people, with its number and the reason.")
@click.option("--show", "shown", type=int, metavar="NUMBER", help="One of them, as it is understood.")
@click.option(
    "--link", "link", type=(int, str), metavar="NUMBER ID", help="It belongs to this feedback; new = a row of its own."
)
@click.option("--discard", "discarded", type=int, metavar="NUMBER", help="Nothing is to become of it.")
@common
def intake(
    options: Options,
    dry_run: bool,
    listing: bool,
    shown: int | None,
    link: tuple[int, str] | None,
    discarded: int | None,
) -> None:
    """Take up what came in through every channel, without a whole run."""
    from ..jobs.incoming import pile
    from ..jobs.incoming.command import intake as take_up

    asked = [dry_run, listing, shown is not None, link is not None, discarded is not None]
    if sum(asked) > 1:
        raise click.UsageError("only one of --dry-run, --list, --show, --link and --discard")
    if listing:
        options.reply(pile.list_pile(options.load()))
    elif shown is not None:
        options.reply(pile.show_piled(options.load(), shown))
    elif link is not None:
        options.show(pile.link_piled(options.load(), *link, options.now))
    elif discarded is not None:
        options.reply(pile.discard_piled(options.load(), discarded))
    else:
        options.show(take_up(options.load(), options.now, dry_run=dry_run))


COMMANDS: tuple[click.Command, ...] = (intake,)
