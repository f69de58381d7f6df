"""What a transport is: it takes finished bytes and says what became of them. It never decides to send again.

`folder` and `smtp` are the two there are; `open` stands above them and picks the one that is configured.
"""

from __future__ import annotations

from typing import Protocol

from msgspec import Struct

from qtemplate.mailer.outbox.entry import OutboxEntry
from qtemplate.mailer.outbox.queue import Refusal
from qtemplate.plan import Phrase
from qtemplate.texts import Quoted

Detail = Phrase | Quoted | str
"""What a person is told: a sentence of the catalogue, an error's words, or what a server said, word for word."""


class Sent(Struct, frozen=True):
    """Taken for all recipients but the refused ones."""

    refused: tuple[Refusal, ...] = ()


class Retry(Struct, frozen=True):
    """Surely not taken, worth another try.

    Args:
        detail: What the server said, or what is the matter.
        whole_account: It concerns every mail (421, 432, 451, 452, 454, no connection): the batch stops and rests.
        reached: A server was spoken to; if not, the mail's own 24 hours do not run.
    """

    detail: Detail
    whole_account: bool = False
    reached: bool = True


class Failed(Struct, frozen=True):
    """Refused for good."""

    detail: Detail


class Unknown(Struct, frozen=True):
    """Nobody can say: the line broke after the body had begun (RFC 1047)."""

    detail: Detail


class Misconfigured(Struct, frozen=True):
    """No mail can go before a person changes the set-up: certificate, password, port."""

    detail: Detail


SendResult = Sent | Retry | Failed | Unknown | Misconfigured


class Transport(Protocol):
    """Where mail goes. `name` is what `sent_via` will say; `limited`: a server's rate limits apply."""

    @property
    def name(self) -> str: ...

    @property
    def limited(self) -> bool: ...

    def ready(self) -> Retry | Misconfigured | None:
        """Connect and log in unless that is done; None when a mail can be sent."""

    def send(self, entry: OutboxEntry) -> SendResult:
        """Hand one mail over, once."""

    def was_delivered(self, entry: OutboxEntry) -> bool | None:
        """Say whether a mail of a crashed run arrived; None when nobody can know."""

    def close(self) -> None:
        """End the connection politely; safe to repeat, and `ready` opens it again."""
