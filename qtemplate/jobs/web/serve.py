"""`serve`: the pages of a workspace, in a process of its own that never opens workbook, journal or outbox."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from ...config import EXPORT, WEB_INBOX, BoardAccess, Config
from ...errors import ConfigError
from ...received.links import board_key
from ...texts import make_error
from .secret import known_secret, secret_file

if TYPE_CHECKING:
    from ...web.site import Site


def serve_pages(config: Config, moment: dt.datetime | None = None) -> None:
    """Serves the pages until it is stopped.

    Args:
        config: The workspace.
        moment: The moment at which the clock of the pages begins; None = now.

    Raises:
        ConfigError: There are no pages, no secret, no packages for them, or the folders cannot be used.
    """
    site = make_site(config, moment)
    host, _, port = config.web.listen.rpartition(":")
    from ...web.serve import serve

    try:
        serve(site, host, int(port))
    except (OSError, OverflowError) as problem:
        why = getattr(problem, "strerror", None) or str(problem)
        raise make_error(ConfigError, "web.listen", listen=config.web.listen, problem=why) from None


def make_site(config: Config, moment: dt.datetime | None = None) -> Site:
    """What the pages of a workspace work with.

    Raises:
        ConfigError: As `serve_pages`.
    """
    if not config.web.base_url:
        raise make_error(ConfigError, "web.off", file=config.path)
    secret = known_secret(config)
    if secret is None:
        raise make_error(ConfigError, "secret.web_none", file=secret_file(config))
    try:
        from ...web.caps import DayCaps
        from ...web.site import Site
    except ImportError:
        raise make_error(ConfigError, "web.extra") from None
    _require_folders(config)
    caps = DayCaps(config.web.per_address_per_day, inbox := config.workspace / WEB_INBOX, secret)
    board = board_path(config, secret)
    return Site(config.workspace / EXPORT, inbox, secret, _clock(config, moment), caps, board)


def board_path(config: Config, secret: bytes) -> str | None:
    """What stands behind `/board/` in the address of the board; None where there is none."""
    match config.web.board:
        case BoardAccess.OFF:
            return None
        case BoardAccess.OPEN:
            return ""
        case BoardAccess.SECRET:
            return board_key(secret)


def _clock(config: Config, moment: dt.datetime | None) -> Callable[[], dt.datetime]:
    """Tells the moment in the register's zone; a replayed one goes on from where it begins."""
    zone = config.register.time_zone
    if moment is None:
        return lambda: dt.datetime.now(zone)
    begins = moment.replace(tzinfo=zone) if moment.tzinfo is None else moment
    started = dt.datetime.now(dt.UTC)
    return lambda: begins + (dt.datetime.now(dt.UTC) - started)


def _require_folders(config: Config) -> None:
    export, inbox = config.workspace / EXPORT, config.workspace / WEB_INBOX
    problem = ""
    try:
        export.mkdir(parents=True, exist_ok=True)
        inbox.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        problem = error.strerror or str(error)
    if problem or not os.access(export, os.R_OK | os.X_OK) or not os.access(inbox, os.W_OK | os.X_OK):
        raise make_error(ConfigError, "web.folders", export=export, inbox=inbox, problem=problem or "access")
