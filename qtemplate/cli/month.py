"""The command that tells the month in figures."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import click

from .options import FilePath, Options, common
from .spoken import command

if TYPE_CHECKING:
    from pathlib import Path


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
@click.option("--html", type=FilePath(), metavar="FILE", help="Write it as a page that prints on A4.")
@click.option("--xlsx", type=FilePath(), metavar="FILE", help="Write it as a workbook with charts.")
@click.option("--public", is_flag=True, help="The page without personal data.")
@click.option("--mail", is_flag=True, help="Queue it for whom the sheet People says (M26).")
@common
def report(
    options: Options, month: dt.date | None, html: Path | None, xlsx: Path | None, public: bool, mail: bool
) -> None:
    """The month in figures, what changed, and what to do."""
    from ..jobs.month.command import Wanted
    from ..jobs.month.command import report as tell_month

    wanted = Wanted(html, xlsx, public, mail)
    with options.progress() as progress:
        answer = tell_month(options.load(), month, options.language, options.now, wanted, progress=progress)
    options.reply(answer)


COMMANDS: tuple[click.Command, ...] = (report,)
