"""`report`: the month in figures, on the terminal, for scripts, as a page."""

from __future__ import annotations

import datetime as dt

from ...config import Config
from ...report.answer import Answer
from ...report.month.as_json import month_data
from ...report.month.as_text import month_sections
from ..moment import local_now
from ..workspace import looking
from ..world import read_world
from .gather import gather


def report(config: Config, day: dt.date | None, language: str, moment: dt.datetime | None = None) -> Answer:
    """The month of a day.

    Args:
        config: The workspace.
        day: Any day of the month; None = the newest that is over and has feedback.
        language: Of the terminal.
        moment: What is looked from; None = now.

    Raises:
        RegisterUnreadable: It cannot be read as a register.
    """
    now = local_now(config, moment)
    with looking(config) as workspace:
        world = read_world(config)
        look = gather(workspace, world, now, day)
    register = {"path": world.register.path, "sheet": world.register.sheet, "rows": len(world.register.frame)}
    return Answer({**month_data(look), "register": register}, month_sections(look, language))
