"""Commands that make a workspace or run the process on it: demo, init, check, plan, run, watch."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from . import keep_serving
from .options import FilePath, Options, common
from .printing import show
from .spoken import command

if TYPE_CHECKING:
    from pathlib import Path


@command()
@click.argument("folder", type=FilePath(), default="qtemplate-demo", metavar="[DIR]")
@common
def demo(options: Options, folder: Path) -> None:
    """Make a workspace with the sample register and run the nightly job on it."""
    from msgspec.structs import replace

    from ..jobs.demo import make_demo, synced_folder
    from ..plan import Phrase
    from ..texts import say

    with options.progress() as progress:
        report = make_demo(folder, options.language, options.now, progress)
    told = [synced_folder(folder.resolve(), "demo.synced"), Phrase.of("demo.where", folder=str(folder))]
    notes = tuple(say(each, options.language) for each in told if each is not None)
    options.show(replace(report, notes=("", *notes)))


@command()
@click.argument("folder", type=FilePath(), metavar="DIR")
@click.option(
    "--time-zone",
    "zone",
    default="",
    metavar="ZONE",
    help="Zone of the times in the register, such as Europe/Berlin [default: this machine's]",
)
@click.option(
    "--calendar",
    default="",
    metavar="NAME",
    help="Holidays to start with: cn, none, or a country such as de or gb-eng [default: cn for a Chinese workbook, "
    "none entered yet for an English one]",
)
@common
def init(options: Options, folder: Path, zone: str, calendar: str) -> None:
    """Make a workspace for real use."""
    from ..jobs.demo import make_workspace
    from ..plan import Phrase
    from ..texts import say

    made = make_workspace(folder, options.language, options.now, zone=zone, calendar=calendar)
    config = str(made.config)
    entered = {"": "init.no_calendar", "none": "init.plain_calendar"}.get(made.calendar, "init.calendar")
    lines = (
        Phrase.of("init.where", folder=str(made.config.parent), config=config),
        Phrase.of("init.zone", zone=made.zone),
        Phrase.of(entered, calendar=made.calendar),
        *((made.synced,) if made.synced else ()),
    )
    options.answer(
        lambda: {"schema": 1, "config": config, "time_zone": made.zone, "calendar": made.calendar},
        lambda: "\n".join(say(line, options.language) for line in lines),
    )


@command()
@common
def check(options: Options) -> None:
    """Findings only; changes nothing."""
    from ..jobs.look import check as check_register

    with options.progress() as progress:
        report = check_register(options.load(), options.now, progress=progress)
    options.show(report)


@command()
@common
def plan(options: Options) -> None:
    """Everything a run would do; changes nothing."""
    from ..jobs.run import plan as plan_run

    with options.progress() as progress:
        report = plan_run(options.load(), options.now, progress=progress)
    options.show(report)


def _named(name: str) -> click.Command:
    """The nightly run under one of its two names; options stick to a function, so each gets its own."""

    @command(name)
    @click.option("--no-mail", is_flag=True, help="Queue mails, deliver none.")
    @click.option("--full", is_flag=True, help="Run even where nothing has changed and nothing is due.")
    @common
    def nightly(options: Options, no_mail: bool, full: bool) -> None:
        """Plan, apply, deliver; --no-mail queues only."""
        from .first_look import answer_idle

        if not full and not options.verbose:
            plain = {"as_json": options.as_json, "quiet": options.quiet}
            code = answer_idle(options.config_path, options.now, options.language, **plain)
            if code is not None:
                sys.exit(code)
        from ..jobs.run import run

        with options.progress() as progress:
            report = run(options.load(), options.now, send=not no_mail, progress=progress)
        options.show(report)

    if name == "nightly":
        nightly.help = "The same as run, by its other name."
    return nightly


@command()
@click.option("--trace", is_flag=True, help="Print what is seen of the file and what is made of it.")
@click.option("--runs", type=click.IntRange(min=1), metavar="N", help="End after so many runs.")
@common
def watch(options: Options, trace: bool, runs: int | None) -> None:
    """Run on every settled change of the register, until stopped.

    With --json every run is one object on a line of its own.
    """
    from ..jobs.watch import watch_register

    keep_serving()
    sys.exit(
        watch_register(
            options.load(),
            tell=lambda line: None if options.quiet else show(line),
            trace=trace,
            most_runs=runs,
            language=options.language,
            as_json=options.as_json,
            moment=options.now,
        )
    )


COMMANDS = (demo, init, check, plan, _named("run"), _named("nightly"), watch)
