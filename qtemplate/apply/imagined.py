"""The ends of a workspace in which nothing happens: for a plan, which goes through a run without doing any of it.

The workbook is patched in memory and read from there, a form is only tried for its template, and every mail that a run
would hand over counts as taken. Whether the register is open just now is no matter: a plan is about a run to come.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING

from ..config import WEB_SECRET, Config, web_secret
from ..files.secret_key import read_key
from ..ooxml.patcher import MemoryPatcher

if TYPE_CHECKING:
    from ..forms.make import FormTemplate
    from ..mailer.outbox.entry import OutboxEntry
    from ..mailer.transports.base import Sent, Transport
    from ..plan import FormRequest, Phrase


class ImaginedEnds:
    """A world that takes everything, and in which nobody else works."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self.patcher = MemoryPatcher(config.register.path)

    def holder(self) -> Phrase | None:
        return None

    def require_unchanged(self, sha256: str) -> None:
        """What was read is in memory."""

    def before_replace(self, sha256: str, now: dt.datetime) -> None:
        """Nothing is replaced."""

    def require_turn(self) -> None:
        """Nobody takes over what is in memory."""

    def make_form(self, request: FormRequest, template: FormTemplate) -> None:
        """None is made."""

    def open_transport(self) -> Transport:
        from ..mailer.transports.open import open_transport

        return ImaginedTransport(open_transport(self._config))

    def link_secret(self) -> bytes | None:
        if not self._config.web.base_url:
            return None
        return web_secret(self._config.web) or read_key(self._config.workspace / WEB_SECRET) or NO_SECRET

    def export_pages(self, records: Mapping[str, bytes]) -> None:
        """No page is made."""

    def export_board(self, board: bytes | None) -> None:
        """No board is made."""


NO_SECRET = bytes(32)
"""By which the links of a plan are signed that nobody will follow."""


class ImaginedTransport:
    """Takes every mail and sends none; what a crash left is looked for where the real one would look."""

    limited = False

    def __init__(self, real: Transport) -> None:
        self._real = real
        self.name = real.name

    def ready(self) -> None:
        """Nothing is connected."""

    def send(self, entry: OutboxEntry) -> Sent:
        from ..mailer.transports.base import Sent

        return Sent()

    def was_delivered(self, entry: OutboxEntry) -> bool | None:
        return self._real.was_delivered(entry)

    def close(self) -> None:
        """Nothing to end."""
