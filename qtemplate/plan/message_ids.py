"""The form of our own Message-IDs and headers: mailer writes them, intake knows by them what we sent ourselves."""

from __future__ import annotations

import hashlib
import re

OWN_HEADERS = "x-qtemplate-"
"""What the names of our own headers begin with, in lower case."""

_OWN_ID = re.compile(r"<?qt\.[0-9a-f]{32}@[^\s<>@]+>?")


def make_message_id(key: str, domain: str, apart: str = "") -> str:
    """Make the Message-ID for a key: the same key gives the same id, and no two keys share one.

    Args:
        key: What the mail is about.
        domain: Of the sender.
        apart: What tells registers apart where the key does not: of a key with a day and a reader, which another
            register has too. Servers drop a second mail with the id of one that they have delivered.
    """
    name = f"{apart}\n{key}" if apart else key
    return f"<qt.{hashlib.sha256(name.encode('utf-8', 'replace')).hexdigest()[:32]}@{domain}>"


def is_own_message_id(text: str) -> bool:
    """Say whether `make_message_id` could have made this id; with or without angle brackets."""
    return _OWN_ID.fullmatch(text) is not None
