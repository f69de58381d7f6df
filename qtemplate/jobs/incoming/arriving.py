"""What came in is stored, or looked at. Where nothing did, nothing is loaded that could read it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from msgspec import Struct, field

from ...apply import Workspace
from ...config import Config
from ...plan import Finding
from ..workspace import looking as looking_at
from .delivered import Delivered, something_lies_there
from .settled import settle_log

if TYPE_CHECKING:
    from .mail_files import MailedForm


class CameIn(Struct, frozen=True):
    """What came in and is stored."""

    delivered: Delivered = field(default_factory=Delivered)


def take_in(workspace: Workspace, now: dt.datetime, *, looking: bool = False) -> CameIn:
    """Stores what came in; what a run that was killed has settled is written down first."""
    found = [] if looking else settle_log(workspace)
    delivered = Delivered()
    if something_lies_there(workspace.config.workspace):
        from .folders import take_folders  # what reads mails, lists and answers

        delivered = take_folders(workspace, now, looking=looking)
    delivered.findings += [*found, *_from_mailbox(workspace, now, delivered.forms if looking else None)]
    return CameIn(delivered)


def something_came(config: Config) -> bool:
    """Whether a file waits in one of the folders, or a mail in the mailbox."""
    if something_lies_there(config.workspace):
        return True
    if not config.mailbox.host:
        return False
    from .mailbox import has_new

    with looking_at(config) as workspace:
        return has_new(workspace)


def _from_mailbox(workspace: Workspace, now: dt.datetime, forms: list[MailedForm] | None) -> list[Finding]:
    if not workspace.config.mailbox.host:
        return []
    from .mailbox import take_mailbox  # sockets and TLS, where there is a mailbox only

    return take_mailbox(workspace, now, forms)
