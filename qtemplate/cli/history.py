"""Commands that explain, list what was done, take it back, and look at the set-up and at conflict copies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from .options import FilePath, Options, common
from .spoken import command

if TYPE_CHECKING:
    from pathlib import Path


@command()
@click.argument("id", metavar="ID")
@common
def explain(options: Options, id: str) -> None:
    """Why this feedback has its level, priority, owner and deadlines."""
    from ..jobs.rules.explain import explain as explain_row

    options.reply(explain_row(options.load(), id, options.language, options.now))


@command()
@click.argument("id", metavar="ID")
@click.option("--out", metavar="PATH", type=FilePath(), help="A new folder, or a name that ends in .zip.")
@common
def pack(options: Options, id: str, out: Path | None) -> None:
    """One case as a folder or zip: its story, row history, mails, forms, files."""
    from ..jobs.record.pack import pack as pack_case

    options.reply(pack_case(options.load(), id, out, options.now))


@command()
@click.argument("id", metavar="[ID]", required=False)
@click.option("--run", "run", metavar="RUN", help="Only what this run did.")
@click.option("-n", "most", type=click.IntRange(min=1), default=200, show_default=True, help="Lines at the most.")
@common
def log(options: Options, id: str | None, run: str | None, most: int) -> None:
    """What was changed, when and why."""
    from ..jobs.history import show_log

    options.reply(show_log(options.load(), id, run, most, options.language))


@command()
@common
def status(options: Options) -> None:
    """One line for a monitor: the last run, its age, what waits.

    \b
    Exit code 0: fine.
    3: people are needed.
    5: no run for longer than [status] max_age_hours, or something waits.
    4: no run has finished yet, or the set-up is wrong.
    """
    from ..jobs.status import tell_status

    options.reply(tell_status(options.load(), options.now))


@command()
@click.option("--head", metavar="N:SEAL", help="Where the history ended by a nightly result that somebody kept.")
@common
def verify(options: Options, head: str | None) -> None:
    """Whether the history (changes and mails) is what was sealed, and since when.

    A history whose end was cut off, or that was sealed anew, is whole in itself: --head with the line of an earlier
    nightly result (M25) tells. Exit code 3 when something is wrong.
    """
    from ..jobs.record.verify import verify as verify_history

    options.reply(verify_history(options.load(), head))


@command()
@click.argument("run", metavar="[RUN]", required=False)
@common
def undo(options: Options, run: str | None) -> None:
    """Take a run's cell edits back where nobody changed the cell since."""
    from ..jobs.undo import undo as take_back

    options.reply(take_back(options.load(), run, options.now))


@command()
@click.option("--dry-run", is_flag=True, help="Only say what would be added.")
@common
def upgrade(options: Options, dry_run: bool) -> None:
    """Add to the register what a newer version knows: columns, sheets, drop-down values.

    Nothing that stands in it is moved or changed; a backup is kept, and `undo` takes it back.
    """
    from ..jobs.upgrade import upgrade as upgrade_register

    options.reply(upgrade_register(options.load(), options.now, dry_run=dry_run))


@command()
@click.option("--ours", "whose", flag_value="ours", help="What fills the program's columns is its own: made anew.")
@click.option("--theirs", "whose", flag_value="theirs", help="What fills the program's columns is people's: kept.")
@click.option(
    "--hand-over",
    "fields",
    metavar="FIELD",
    multiple=True,
    help="A program column that people fill now, or an adopted workbook's read-only column that the program fills.",
)
@common
def claim(options: Options, whose: str | None, fields: tuple[str, ...]) -> None:
    """Make this workspace the one that writes the register, after a move or a restore.

    Says what follows, and lists the mails that count as sent because the register shows that they went.
    """
    from ..jobs.owning.claim import Whose
    from ..jobs.owning.claim import claim as claim_register

    said = None if whose is None else Whose(whose)
    options.reply(claim_register(options.load(), options.now, whose=said, hand_over=fields))


@command()
@click.option("--merge", metavar="FILE", type=FilePath(), help="Carry over what only FILE has.")
@common
def conflicts(options: Options, merge: Path | None) -> None:
    """What conflict copies beside the register hold that it does not.

    Lists rows that only a copy has, cells that are empty in the register, and cells that both fill and each otherwise.
    With --merge the first two are carried over; the third a person decides. Nothing is ever overwritten.
    """
    from ..jobs.conflicts import conflicts as compare_copies

    options.reply(compare_copies(options.load(), merge, options.now))


@command()
@click.option("--mail", "ask_server", is_flag=True, help="Ask the mail server too; nothing is sent.")
@click.option(
    "--fleet",
    type=FilePath(),
    metavar="FILE",
    help="The fleet that the workspace belongs to [default: the nearest fleet.toml above it]",
)
@common
def doctor(options: Options, ask_server: bool, fleet: Path | None) -> None:
    """Look at everything a run needs and say what to do."""
    from ..jobs.doctor import doctor as examine

    options.reply(examine(options.config_path, ask_server=ask_server, moment=options.now, fleet=fleet))


COMMANDS: tuple[click.Command, ...] = (explain, log, pack, verify, status, undo, upgrade, claim, conflicts, doctor)
