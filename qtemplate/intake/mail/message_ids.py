"""Message ids out of header fields, without angle brackets.

Sources: RFC 5322 sections 3.6.4 and 4.5.4 (older fields hold words beside the ids).
"""

from __future__ import annotations

import re

from .encoded_words import decode_header

_BRACKETED = re.compile(r"<([^<>]{1,998})>")
_BETWEEN = re.compile(r"[\s<>,;\"()]+")


def read_ids(value: bytes) -> tuple[str, ...]:
    """Every message id of a field, in its order.

    A program that folded inside an id, or put the field into encoded words as CPython does, is understood.
    """
    if not value:
        return ()
    text = decode_header(value, "Message-ID", [])
    found = [re.sub(r"\s+", "", each) for each in _BRACKETED.findall(text)]
    return tuple(each for each in found or _BETWEEN.split(text) if "@" in each)


def read_own_id(value: bytes) -> str | None:
    """The id of a Message-ID field, whatever form it has; None if it is missing or empty."""
    if found := read_ids(value):
        return found[0]
    return re.sub(r"[\s<>]+", "", decode_header(value, "Message-ID", [])) or None
