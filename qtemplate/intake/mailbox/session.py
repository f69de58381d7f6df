"""A connection to the mailbox: encrypted, logged in, one folder open.

Sources: RFC 9051 (IMAP4rev2), RFC 6851 (MOVE), RFC 4315 (UIDPLUS). A shared mailbox is people's: nothing is marked,
nothing is deleted, and whether a mail was read says nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError
from msgspec import Struct

from ...config import AuthMethod, MailboxConfig, Security
from ...plan import Phrase


class MailboxAway(Exception):
    """The mailbox cannot be used now; `said` tells why."""

    def __init__(self, said: Phrase) -> None:
        super().__init__(said.key)
        self.said = said


class Arrival(Struct, frozen=True):
    """A mail as the server has it: its bytes, and when the server got it."""

    uid: int
    data: bytes
    arrived: dt.datetime | None


class Mailbox:
    """An open folder.

    Attributes:
        validity: UIDVALIDITY: while it stays, a UID means the same mail.
    """

    def __init__(self, client: IMAPClient, config: MailboxConfig, *, looking: bool) -> None:
        self._client, self._config = client, config
        delimiter = _delimiter(client)
        self._done = config.done.replace("/", delimiter)
        opened = client.select_folder(config.folder.replace("/", delimiter), readonly=looking)
        self.validity = int(opened[b"UIDVALIDITY"])

    def uids(self) -> list[int]:
        """Every mail of the folder, in the order of arrival."""
        return sorted(self._client.search("ALL"))

    def sizes(self, uids: Sequence[int]) -> dict[int, int]:
        """Bytes of each mail, without fetching any."""
        found = self._client.fetch(uids, ["RFC822.SIZE"]) if uids else {}
        return {uid: int(data[b"RFC822.SIZE"]) for uid, data in found.items()}

    def fetch(self, uids: Sequence[int]) -> Iterator[Arrival]:
        """The mails, without marking them as read; one that was taken away meanwhile is left out."""
        found = self._client.fetch(uids, ["BODY.PEEK[]", "INTERNALDATE"]) if uids else {}
        for uid, data in sorted(found.items()):
            if (raw := data.get(b"BODY[]")) is not None:
                yield Arrival(uid, raw, data.get(b"INTERNALDATE"))

    def move(self, uids: Sequence[int]) -> None:
        """Moves mails to the folder of those that were taken up, which is made where there is none."""
        if not self._client.folder_exists(self._done):
            self._client.create_folder(self._done)
            self._client.subscribe_folder(self._done)
        if self._client.has_capability("MOVE"):
            self._client.move(uids, self._done)
            return
        self._client.copy(uids, self._done)
        self._client.add_flags(uids, [b"\\Deleted"], silent=True)
        if self._client.has_capability("UIDPLUS"):
            self._client.uid_expunge(uids)  # a plain EXPUNGE would take what people have deleted, too


@contextmanager
def open_mailbox(
    config: MailboxConfig,
    secret: Callable[[], str],
    context: Any,
    *,
    timeout: float,
    looking: bool = False,
) -> Iterator[Mailbox]:
    """Connects, encrypts, logs in and opens the folder.

    Args:
        config: The mailbox.
        secret: The password, or the token for XOAUTH2.
        context: For TLS; verifies the server.
        timeout: Seconds without an answer.
        looking: Open the folder so that nothing can be changed in it.

    Raises:
        MailboxAway: It cannot be reached or used, or the connection broke.
    """
    try:
        tls = config.security is Security.TLS
        client = IMAPClient(
            config.host, config.port, ssl=tls, ssl_context=context if tls else None, timeout=timeout, use_uid=True
        )
        try:
            if config.security is Security.STARTTLS:
                client.starttls(context)
            client.normalise_times = False  # moments with their own offset
            if config.auth is AuthMethod.XOAUTH2:
                client.oauth2_login(config.username, secret())
            else:
                client.login(config.username, secret())
            yield Mailbox(client, config, looking=looking)
        finally:
            client.shutdown()
    except (OSError, IMAPClientError) as error:
        facts = {"server": f"{config.host}:{config.port}", "problem": _clean(error)}
        raise MailboxAway(Phrase.of("intake.mailbox_away", **facts)) from error


def _delimiter(client: IMAPClient) -> str:
    """What stands between the names of folders; ours are written with a slash."""
    listed = client.list_folders("", "")
    found = listed[0][1] if listed else None
    return found.decode() if isinstance(found, bytes) else str(found or "/")


def _clean(error: Exception) -> str:
    """What the server or the system said, on one line."""
    said = error.args[0] if error.args and isinstance(error.args[0], bytes) else str(error)
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return " ".join(text.split())[:200] or type(error).__name__
