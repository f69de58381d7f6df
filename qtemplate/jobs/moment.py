"""The moment of a job: the clock is read here and nowhere below."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from ..config import Config


def stamp() -> str:
    """What a line of a log begins with: the wall clock, with its offset."""
    return dt.datetime.now().astimezone().isoformat(sep=" ", timespec="seconds")


def local_now(config: Config, moment: dt.datetime | None = None) -> dt.datetime:
    """The run's moment, aware, in the register's zone; `moment` instead of the clock's."""
    zone = config.register.time_zone
    if moment is None:
        return dt.datetime.now(zone).replace(microsecond=0)
    return moment.replace(tzinfo=zone) if moment.tzinfo is None else moment.astimezone(zone)


def today_in(zone: ZoneInfo, moment: dt.datetime | None = None) -> dt.date:
    """The day of a zone, for what is about many registers; `moment` instead of the clock's."""
    if moment is None:
        return dt.datetime.now(zone).date()
    return (moment if moment.tzinfo is None else moment.astimezone(zone)).date()
