"""What stands above everything else a run says while its mail, or its outcome, does not reach whom it is for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING

from ...config import Config, TransportKind
from ...fields import Field
from ...plan import CellEdit, Phrase

if TYPE_CHECKING:
    from ...journal import Journal
    from ...rules.situation import Situation

UNTOLD = "monitor:untold"
"""Setting of the journal: the moment of the last nightly run if no monitor took its outcome, else ""."""


def mail_banners(config: Config) -> tuple[Phrase, ...]:
    """Test mode, or mail that goes into a folder; nothing where mail goes out."""
    if config.mail.redirect_to:
        return (Phrase.of("banner.diverted", to=config.mail.redirect_to),)
    if config.mail.transport is TransportKind.FOLDER:
        return (Phrase.of("banner.folder", folder=str(config.workspace / "outbox")),)
    return ()


def new_history(situation: Situation, edits: Iterable[CellEdit]) -> tuple[Phrase, ...]:
    """That feedback which is new in the register came in before mail began, so that nobody is written to about it.

    Args:
        situation: The register with the edits, and when mail began.
        edits: Of a run; a feedback is new where it got its number.
    """
    new = [edit.id for edit in edits if edit.field == Field.ID and edit.id]
    since = situation.memory.since
    if not new or since is None:
        return ()
    from ...rules.standing import history, live, of_ids  # columns of the register, which `status` does without

    n = int((of_ids(situation, new) & live(situation) & history(situation)).sum())
    return (Phrase.of("banner.history", n=n, since=f"{since:%Y-%m-%d %H:%M}"),) if n else ()


def untold_monitor(config: Config, journal: Journal) -> tuple[Phrase, ...]:
    """That the monitor could not be told of the last nightly run; nothing where it was, or where there is none."""
    noted = journal.setting(UNTOLD) if config.status.ping_url else None
    if not noted:
        return ()
    at = dt.datetime.fromisoformat(noted).astimezone(config.register.time_zone)
    return (Phrase.of("banner.monitor", at=f"{at:%Y-%m-%d %H:%M}"),)
