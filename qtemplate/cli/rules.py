"""`rules …`: the decision tables people own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from .options import FilePath, Options, common
from .spoken import group

if TYPE_CHECKING:
    from pathlib import Path


@group()
def rules() -> None:
    """The decision tables: check, show, try out."""


@rules.command()
@common
def check(options: Options) -> None:
    """What is wrong with the rule sheets."""
    from ..jobs.rules.rule_sheets import check_rules

    options.reply(check_rules(options.load(), options.language))


@rules.command()
@click.argument("sheet", required=False, metavar="[SHEET]")
@common
def show(options: Options, sheet: str | None) -> None:
    """The strict form of the tables, and how often their rules matched and were overruled in a year."""
    from ..jobs.rules.rule_sheets import show_rules

    options.reply(show_rules(options.load(), sheet, options.now))


@rules.command("test")
@common
def try_out(options: Options) -> None:
    """Try the example rows beside the tables."""
    from ..jobs.rules.rule_sheets import try_rules

    options.reply(try_rules(options.load()))


@rules.command()
@click.argument("old", type=FilePath(), metavar="OLD.xlsx")
@click.option("--xlsx", type=FilePath(dir_okay=False), metavar="FILE", help="Write a workbook too.")
@common
def diff(options: Options, old: Path, xlsx: Path | None) -> None:
    """Which rows would come out differently by other rules."""
    from ..jobs.rules.rules_diff import diff_rules

    with options.progress() as progress:
        answer = diff_rules(options.load(), old, options.language, options.now, xlsx, progress)
    options.reply(answer)


COMMANDS: tuple[click.Command, ...] = (rules,)
