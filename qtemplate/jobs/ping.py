"""Telling a monitor outside what became of the nightly run, so that a night that does not run is noticed.

The protocol is that of Healthchecks and its like: the address itself for a run that is through, the address with
`/fail` for any other. A monitor that hears nothing for a day raises the alarm. Nothing but the outcome is told.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from http.client import HTTPException
from urllib.parse import urlsplit, urlunsplit
from urllib.request import Request, urlopen

from ..config import Config
from ..journal import StateUnusable
from .mail.banners import UNTOLD
from .moment import local_now
from .workspace import looking

PATIENCE = 10.0
"""Seconds that a monitor may take to answer."""

FINE = (0, 3)
"""Exit codes of a run that did everything; what needs a person is told to the person."""


def tell_monitor(config: Config, exit_code: int | None, moment: dt.datetime | None = None) -> bool:
    """Tells the monitor of a nightly run, and notes for `status` and the next nightly result when it cannot be told.

    Args:
        config: The workspace.
        exit_code: Of the run; None = an error stopped it.
        moment: Of the run; None = now.

    Returns:
        False where there is a monitor and it was not told.
    """
    if not config.status.ping_url:
        return True
    told = ping_monitor(config.status.ping_url, exit_code)
    noted = "" if told else local_now(config, moment).isoformat()
    with contextlib.suppress(StateUnusable), looking(config) as workspace:
        if noted or workspace.journal.setting(UNTOLD):
            workspace.journal.set_setting(UNTOLD, noted)
    return told


def ping_monitor(url: str, exit_code: int | None, patience: float = PATIENCE) -> bool:
    """Tells the monitor, if there is one. A monitor that does not answer harms nothing.

    Args:
        url: `[status] ping_url`; "" = there is none.
        exit_code: Of the run; None = an error stopped it.
        patience: Seconds.

    Returns:
        Whether it was told.
    """
    if not url:
        return False
    said = "an error stopped the run" if exit_code is None else f"exit code {exit_code}"
    address = url if exit_code in FINE else _failing(url)
    with contextlib.suppress(OSError, HTTPException, ValueError):
        request = Request(address, said.encode(), {"Content-Type": "text/plain", "User-Agent": "qtemplate"})
        with urlopen(request, timeout=patience):
            return True
    return False


def _failing(url: str) -> str:
    """The address with `/fail` at the end of its path."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/fail"))
