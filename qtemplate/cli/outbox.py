"""`outbox …`: the mail queue."""

from __future__ import annotations

import datetime as dt

import click

from .options import Moment, Options, common
from .spoken import group

STATES = ("drafted", "approved", "sending", "sent", "diverted", "partial", "failed", "unknown", "cancelled", "held")


@group()
def outbox() -> None:
    """The mail queue: look, approve, discard, send again."""


@outbox.command("list")
@click.option("--state", "states", type=click.Choice(STATES), multiple=True, help="Only mails in this state.")
@click.option("--id", "id", metavar="ID", help="Only mails about this feedback.")
@common
def list_(options: Options, states: tuple[str, ...], id: str | None) -> None:
    """Every mail, what became of it and why it waits."""
    from ..jobs.mail.outbox import list_mails

    options.reply(list_mails(options.load(), states, id, options.now))


@outbox.command()
@click.argument("key", metavar="KEY")
@click.option("--html", "page", is_flag=True, help="Write a page for a browser and print its path.")
@common
def show(options: Options, key: str, page: bool) -> None:
    """One mail as it leaves, and what happened to it."""
    from ..jobs.mail.outbox import show_mail

    options.reply(show_mail(options.load(), key, page=page, moment=options.now))


@outbox.command()
@click.argument("keys", metavar="[KEY]...", nargs=-1)
@click.option("--kind", "kinds", multiple=True, metavar="KIND", help="Every mail of this kind that waits for approval.")
@click.option("--all-of", "ids", multiple=True, metavar="ID", help="Every mail about this feedback that waits.")
@common
def approve(options: Options, keys: tuple[str, ...], kinds: tuple[str, ...], ids: tuple[str, ...]) -> None:
    """Let drafted or held mails go."""
    from ..jobs.mail.moving import approve_mails

    if not (keys or kinds or ids):
        raise click.UsageError("name mails by KEY, --kind or --all-of")
    options.reply(approve_mails(options.load(), keys, options.now, kinds=kinds, ids=ids))


@outbox.command()
@click.argument("key", metavar="KEY")
@common
def discard(options: Options, key: str) -> None:
    """Decide that a mail shall not go."""
    from ..jobs.mail.moving import discard_mail

    options.reply(discard_mail(options.load(), key, options.now))


@outbox.command()
@click.argument("key", metavar="KEY")
@common
def resend(options: Options, key: str) -> None:
    """Send a mail again, the same bytes under a new key."""
    from ..jobs.mail.moving import resend_mail

    options.reply(resend_mail(options.load(), key, options.now))


@outbox.command()
@click.argument("key", metavar="KEY")
@common
def arrived(options: Options, key: str) -> None:
    """Record that a mail of unknown fate arrived."""
    from ..jobs.mail.moving import mark_arrived

    options.reply(mark_arrived(options.load(), key, options.now))


@outbox.command()
@click.argument("keys", metavar="[KEY]...", nargs=-1)
@common
def send(options: Options, keys: tuple[str, ...]) -> None:
    """Send what is due now; a mail that is named goes at any hour."""
    from ..jobs.mail.sending import send_due

    options.reply(send_due(options.load(), options.now, keys), logged=True)


@outbox.command()
@click.argument("address", metavar="ADDRESS")
@click.option("--reason", default="", metavar="TEXT", help="Why, for whoever asks later.")
@common
def suppress(options: Options, address: str, reason: str) -> None:
    """Send nothing to an address any more: its mails are held."""
    from ..jobs.mail.suppression import suppress as suppress_address

    options.reply(suppress_address(options.load(), address, reason, options.now))


@outbox.command()
@click.argument("address", metavar="ADDRESS")
@common
def unsuppress(options: Options, address: str) -> None:
    """Take an address off that list."""
    from ..jobs.mail.suppression import unsuppress as unsuppress_address

    options.reply(unsuppress_address(options.load(), address))


@outbox.command()
@click.argument("id", metavar="ID")
@click.option("--at", "start", type=Moment(), required=True, help="When it begins; naive = the register's time zone.")
@click.option("--with", "names", multiple=True, required=True, metavar="NAME", help="Somebody of the People sheet.")
@click.option("--minutes", type=click.IntRange(5, 1440), default=60, show_default=True, help="How long it takes.")
@click.option("--place", default="", help="Room or link.")
@common
def invite(options: Options, id: str, start: dt.datetime, names: tuple[str, ...], minutes: int, place: str) -> None:
    """Invite colleagues to a meeting about a feedback."""
    from ..jobs.mail.invite import invite as invite_people

    options.reply(invite_people(options.load(), id, start, names, minutes=minutes, place=place, moment=options.now))


COMMANDS: tuple[click.Command, ...] = (outbox,)
