"""`rules …`: the decision tables people own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from .options import FilePath, Options, common

if TYPE_CHECKING:
    from pathlib import Path


@click.group()
def rules() -> None:
    """The decision tables: check, show, try out. 决策表。"""


@rules.command()
@common
def check(options: Options) -> None:
    """What is wrong with the rule sheets. 静态检查。"""
    from ..jobs.rules.rule_sheets import check_rules

    options.reply(check_rules(options.load(), options.language))


@rules.command()
@click.argument("sheet", required=False, metavar="[SHEET]")
@common
def show(options: Options, sheet: str | None) -> None:
    """The strict form of the tables. 显示严格写法。"""
    from ..jobs.rules.rule_sheets import show_rules

    options.reply(show_rules(options.load(), sheet))


@rules.command("test")
@common
def try_out(options: Options) -> None:
    """Try the example rows beside the tables. 运行示例。"""
    from ..jobs.rules.rule_sheets import try_rules

    options.reply(try_rules(options.load()))


@rules.command()
@click.argument("old", type=FilePath(), metavar="OLD.xlsx")
@click.option("--xlsx", type=FilePath(dir_okay=False), metavar="FILE", help="Write a workbook too.")
@common
def diff(options: Options, old: Path, xlsx: Path | None) -> None:
    """Which rows would come out differently by other rules. 对比规则。"""
    from ..jobs.rules.rules_diff import diff_rules

    options.reply(diff_rules(options.load(), old, options.language, options.now, xlsx))


COMMANDS: tuple[click.Command, ...] = (rules,)
