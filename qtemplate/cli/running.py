"""Commands that make a workspace or run the process on it: demo, init, check, plan, run, watch."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from .options import FilePath, Options, common
from .printing import show

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@click.argument("folder", type=FilePath(), default="qtemplate-demo", metavar="[DIR]")
@common
def demo(options: Options, folder: Path) -> None:
    """Make a workspace with the sample register and run the nightly job on it. 体验一遍。"""
    from dataclasses import replace

    from ..jobs.demo import make_demo
    from ..plan import Phrase
    from ..texts import say

    report = make_demo(folder, options.lang or "zh", options.now, options.progress())
    where = say(Phrase.of("demo.where", folder=str(folder)), options.language)
    options.show(replace(report, notes=("", where)))


@click.command()
@click.argument("folder", type=FilePath(), metavar="DIR")
@common
def init(options: Options, folder: Path) -> None:
    """Make a workspace for real use. 建立工作区。"""
    from ..jobs.demo import make_workspace
    from ..plan import Phrase
    from ..texts import say

    made = make_workspace(folder, options.lang or "zh", options.now)
    options.answer(
        lambda: {"schema": 1, "config": str(made)},
        lambda: say(Phrase.of("init.where", folder=str(made.parent), config=str(made)), options.language),
    )


@click.command()
@common
def check(options: Options) -> None:
    """Findings only; changes nothing. 只校验，不改动。"""
    from ..jobs.run import check as check_register

    options.show(check_register(options.load(), options.now))


@click.command()
@common
def plan(options: Options) -> None:
    """Everything a run would do; changes nothing. 列出将要做的一切，不改动。"""
    from ..jobs.run import plan as plan_run

    options.show(plan_run(options.load(), options.now))


def _named(name: str) -> click.Command:
    """The nightly run under one of its two names; options stick to a function, so each gets its own."""

    @click.command(name)
    @click.option("--no-mail", is_flag=True, help="Queue mails, deliver none.")
    @common
    def nightly(options: Options, no_mail: bool) -> None:
        """Plan, apply, deliver; --no-mail queues only. 运行一遍。"""
        from ..jobs.run import run

        options.show(run(options.load(), options.now, send=not no_mail, progress=options.progress()))

    return nightly


@click.command()
@click.option("--trace", is_flag=True, help="Print what is seen of the file and what is made of it.")
@click.option("--runs", type=click.IntRange(min=1), metavar="N", help="End after so many runs.")
@common
def watch(options: Options, trace: bool, runs: int | None) -> None:
    """Run on every settled change of the register, until stopped. 登记表一有改动就运行。

    With --json every run is one object on a line of its own.
    """
    from ..jobs.watch import watch_register

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
