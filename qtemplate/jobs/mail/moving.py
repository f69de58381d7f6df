"""`outbox approve`, `discard`, `resend`, `arrived`: what a person decides about a mail of the queue."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

from ...apply import Workspace
from ...config import Config
from ...errors import ConfigError
from ...mailer.outbox.entry import State
from ...plan import Phrase
from ...report.answer import Answer, Section
from ...texts import make_error
from ..moment import local_now
from ..state import has_state
from ..workspace import holding
from .outbox import find_mail, mail_data


def approve_mails(
    config: Config,
    keys: Sequence[str],
    moment: dt.datetime | None = None,
    *,
    kinds: Sequence[str] = (),
    ids: Sequence[str] = (),
) -> Answer:
    """Lets drafted or held mails go.

    Args:
        config: The workspace.
        keys: These, whatever else is said.
        moment: Instead of now.
        kinds, ids: Those that wait, of one of the kinds, about one of the feedbacks; none of either = all.

    Raises:
        NotFound: There is no such mail.
        OutboxRefused: One of them is neither drafted nor held; then none goes.
        RegisterLocked: A run of the workspace is under way.
    """
    require_state(config)
    with holding(config) as workspace, workspace.outbox.at_once():
        now = local_now(config, moment)
        asked = [find_mail(workspace.outbox, key).key for key in keys]
        if kinds or ids:
            asked += [
                entry.key
                for entry in workspace.outbox.entries((State.DRAFTED, State.HELD))
                if (not kinds or entry.kind in kinds) and (not ids or entry.id in ids)
            ]
        for key in dict.fromkeys(asked):
            workspace.outbox.approve(key, now)
        entries = [mail_data(workspace.outbox.show(key)) for key in dict.fromkeys(asked)]
    said = tuple(Phrase.of("outbox.approve", mail=entry["key"]) for entry in entries)
    alone = {"message": entries[0]} if len(entries) == 1 else {}
    return Answer({**alone, "messages": entries}, (Section(None, said or (Phrase("outbox.none_to_approve"),)),))


def discard_mail(config: Config, key: str, moment: dt.datetime | None = None) -> Answer:
    """Decides that a mail shall not go, or not again.

    Raises:
        NotFound: There is no such mail.
        OutboxRefused: It has gone, or is going.
        RegisterLocked: A run of the workspace is under way.
    """
    return _moved(config, key, moment, "discard", lambda workspace, now: workspace.outbox.discard(key, now))


def resend_mail(config: Config, key: str, moment: dt.datetime | None = None) -> Answer:
    """Queues a mail once more under a new key; raises as `discard_mail`."""
    return _moved(config, key, moment, "resend", lambda workspace, now: workspace.outbox.resend(key, now))


def mark_arrived(config: Config, key: str, moment: dt.datetime | None = None) -> Answer:
    """Records that a mail of unknown fate arrived; raises as `discard_mail`."""
    return _moved(config, key, moment, "arrived", lambda workspace, now: workspace.outbox.mark_arrived(key, now))


def _moved(
    config: Config,
    key: str,
    moment: dt.datetime | None,
    what: str,
    move: Callable[[Workspace, dt.datetime], str | None],
) -> Answer:
    """One move of one mail, while nobody else runs."""
    require_state(config)
    with holding(config) as workspace:
        find_mail(workspace.outbox, key)
        now_key = move(workspace, local_now(config, moment)) or key
        entry = workspace.outbox.show(now_key)
    said = Phrase.of(f"outbox.{what}", mail=now_key)
    return Answer({"message": mail_data(entry)}, (Section(None, (said,)),))


def require_state(config: Config) -> None:
    """A workspace that never ran has no queue, and must not claim a register by being asked about it."""
    if not has_state(config):
        raise make_error(ConfigError, "outbox.never_run", folder=config.workspace)
