"""The folder transport: every mail is one `.eml` file under a name that depends only on the mail.

It is what a new workspace sends to, so that people can open every mail before any server is configured. A file is there
whole or not at all, and writing the same mail again changes nothing.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
from email.utils import parsedate_to_datetime
from pathlib import Path

from qtemplate.mailer.outbox.entry import OutboxEntry
from qtemplate.mailer.transports.base import Failed, Retry, Sent


class FolderTransport:
    """Writes mails into a folder.

    Args:
        folder: Made when the first mail is written.
    """

    name = "folder"
    limited = False

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def ready(self) -> None:
        """A folder needs no connection."""

    def send(self, entry: OutboxEntry) -> Sent | Retry | Failed:
        """Write the file; a full or missing disk is worth another try."""
        target = self._folder / name_file(entry)
        part = target.with_suffix(".part")
        try:
            if not self.was_delivered(entry):
                self._folder.mkdir(parents=True, exist_ok=True)
                with part.open("wb") as file:
                    file.write(entry.raw)
                    file.flush()
                    os.fsync(file.fileno())
                part.replace(target)
        except OSError as error:
            with contextlib.suppress(OSError):  # half of a mail is none
                part.unlink(missing_ok=True)
            return Retry(f"{target}: {error.strerror}", whole_account=not target.is_dir())
        return Sent()

    def was_delivered(self, entry: OutboxEntry) -> bool:
        """Look whether the file is there with these bytes."""
        try:
            return hashlib.sha256((self._folder / name_file(entry)).read_bytes()).hexdigest() == entry.sha256
        except (FileNotFoundError, IsADirectoryError):
            return False

    def close(self) -> None:
        """Nothing to end."""


def name_file(entry: OutboxEntry) -> str:
    """Name a mail's file.

    Returns:
        `M03_QF-2026-0001_1f2e3d4c.eml`; without a feedback the day of the mail stands there, `M10_2026-07-01_….eml`.
        The last part is made of the key, which no other mail has.
    """
    about = entry.id or _day(entry)
    digest = hashlib.sha256(entry.key.encode("utf-8", "replace")).hexdigest()[:8]
    return f"{_safe(entry.kind)}_{_safe(about)}_{digest}.eml"


def _day(entry: OutboxEntry) -> str:
    """Return the mail's day where it was made: its key says it, else its Date header."""
    if entry.key.day is not None:
        return entry.key.day.isoformat()
    try:
        return parsedate_to_datetime(entry.header("Date")).date().isoformat()
    except ValueError:
        return entry.created_at.date().isoformat()


def _safe(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9.-]+", "-", text).strip("-.")[:60] or "mail"
