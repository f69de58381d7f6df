"""The command that tells the month in figures."""

from __future__ import annotations

import datetime as dt
from typing import Any

import click

from .options import Options, common
from .spoken import command


class MonthName(click.ParamType[dt.date]):
    """A month, such as 2026-10."""

    name = "YYYY-MM"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        try:
            return value if isinstance(value, dt.date) else dt.datetime.strptime(value, "%Y-%m").date()
        except ValueError:
            self.fail(f"{value!r} is no month; write it like 2026-10", param, ctx)


@command()
@click.option("--month", type=MonthName(), help="[default: the newest that is over and has feedback]")
@common
def report(options: Options, month: dt.date | None) -> None:
    """The month in figures, what changed, and what to do."""
    from ..jobs.month.command import report as tell_month

    options.reply(tell_month(options.load(), month, options.language, options.now))


COMMANDS: tuple[click.Command, ...] = (report,)
