"""One short look at a register, for whoever comes by every few minutes: what is due is done, else nothing is opened.

It decides by itself what is due, from the journal: a machine that was off or a timer that fired twice change nothing.
"""

from __future__ import annotations

import datetime as dt
import json
from zoneinfo import ZoneInfo

from ..config import Config
from ..errors import ConfigError
from ..texts import make_error
from .incoming.arriving import something_came
from .moment import local_now
from .run import run
from .state import reading_state
from .status import RUNS
from .watch import known_digest, remember_seen

IDLE = "idle"


def look_by(config: Config, nightly: dt.time, zone: ZoneInfo, moment: dt.datetime | None = None) -> str:
    """Runs what is due.

    Args:
        config: The workspace; its state is on a server, for another machine may come by next time.
        nightly: When the nightly run is due, in `zone`; one that was missed is made up for.
        zone: Of that.
        moment: Instead of now.

    Returns:
        `idle`, or the kind of the run and its exit code, such as `run 3`.

    Raises:
        ConfigError: The state lies in a file, which only one machine can hold.
        RegisterLocked, RegisterUnreadable, …: As `run`.
    """
    if config.state.url is None:
        raise make_error(ConfigError, "fleet.state_in_file", config=config.path)
    kind = _due(config, local_now(config, moment).astimezone(zone), nightly)
    if kind is None:
        return IDLE
    report = run(config, moment, kind=kind)
    remember_seen(config, report.register.sha256)
    return f"{kind} {report.exit_code}"


def _due(config: Config, now: dt.datetime, nightly: dt.time) -> str | None:
    """The kind of the run that is due, if one is."""
    due = dt.datetime.combine(now.date(), nightly, now.tzinfo)
    if due > now:
        due -= dt.timedelta(days=1)
    with reading_state(config) as state:  # one session, as short as can be: this is asked of hundreds every few minutes
        night, last = state.journal.last_run("run"), state.journal.last_run(*RUNS)
        if night is None or dt.datetime.fromisoformat(night[1]) < due:
            return "run"
        unfinished = last is not None and json.loads(last[2] or "{}").get("exit") == 5
        news = unfinished or not known_digest(config, state.journal)
    return "watch" if news or something_came(config) else None
