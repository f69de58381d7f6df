"""Turns header values into folded ASCII lines; pure functions of clean text.

CPython's own folding is not used: it turns a Message-ID longer than a line into `=?utf-8?q?...` words, which no mail
program matches, so that a reply to an Outlook mail opens a new conversation (3.6 to 3.13); it loses blanks between
encoded words; and it decodes an encoded word that a person typed, which may hide a line end.

Sources: RFC 5322 sections 2.2.3 and 3.2, RFC 2047 sections 2 and 5.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable

_LINE_LIMIT = 76
# 36 bytes make 48 characters, with the frame 60: room for the header's name on the same line.
_WORD_BYTES = 36


def fold_header(name: str, tokens: Iterable[str]) -> str:
    """Join tokens with blanks into header lines of at most 76 characters; a longer token gets a line of its own."""
    lines, line = [], f"{name}:"
    for token in tokens:
        if len(line) + 1 + len(token) > _LINE_LIMIT and line not in ("", f"{name}:"):
            lines.append(line)
            line = ""
        line += f" {token}"
    return "\r\n".join([*lines, line]) + "\r\n"


def text_tokens(text: str) -> list[str]:
    """Split the value of an unstructured header into tokens, all of it encoded if any of it has to be."""
    tokens = text.split()
    if text.isascii() and "=?" not in text and all(len(token) < _LINE_LIMIT for token in tokens):
        return tokens
    return encode_words(text)


def address_tokens(addresses: Iterable[tuple[str, str]]) -> list[str]:
    """Make the tokens of an address list.

    Args:
        addresses: Pairs of a clean name, or "", and a checked address.
    """
    tokens: list[str] = []
    for name, mail in addresses:
        if tokens:
            tokens[-1] += ","
        tokens += [*_phrase(name), f"<{mail}>"] if name else [mail]
    return tokens


def _phrase(name: str) -> list[str]:
    if not name.isascii() or "=?" in name:
        return encode_words(name)
    if re.fullmatch(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+", name):
        return name.split()
    return ['"' + re.sub(r'(["\\])', r"\\\1", name) + '"']


def encode_words(text: str) -> list[str]:
    """Encode text as encoded words, none of which ends inside a character."""
    words, chunk = [], b""
    for character in text:
        encoded = character.encode("utf-8")
        if len(chunk) + len(encoded) > _WORD_BYTES:
            words.append(chunk)
            chunk = b""
        chunk += encoded
    return [f"=?utf-8?b?{b64encode(word).decode('ascii')}?=" for word in [*words, chunk]]
