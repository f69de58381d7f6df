"""The value of a header into text: encoded words and raw bytes, with the faults that mail programs make.

Faults met: characters split between neighbouring words, words broken over lines, missing padding, missing ends,
blanks inside, the encoding in lower case, raw 8-bit text beside or instead of words, a charset that is not the one
used.

Sources: RFC 2047 sections 2, 4, 5 and 6.2; RFC 2231 section 5 (language); RFC 6532 (UTF-8 in headers).
"""

from __future__ import annotations

import binascii
import re

from .charsets import decode, same_charset
from .problems import Problem
from .transfer import decode_base64

# A question mark of the text itself is let through; a word that is cut off, and holds no blank, ends with the value.
_WORD = re.compile(rb"=\?([^?\s=]{1,60})\?([bBqQ])\?(?:((?>(?:[^?]|\?(?!=))*))\?=|([^?\s]*+)\??\Z)")
_FOLDING = re.compile("[ \t]*[\r\n]+[ \t]*")
_BARE = re.compile(rb"[\r\n]")


def decode_header(value: bytes, where: str, problems: list[Problem]) -> str:
    """Decode an unstructured header, or a phrase of a structured one.

    Args:
        value: The bytes after the colon, folded or not.
        where: Name of the header, for problems.
        problems: Gets what could not be decoded.

    Returns:
        One line without blanks around it.
    """
    text = "".join(_decode_runs(value, where, problems)) if b"=?" in value else decode(value, "", where, problems)
    return _FOLDING.sub(" ", text).strip()


def _decode_runs(value: bytes, where: str, problems: list[Problem]) -> list[str]:
    """Text between words, and runs of neighbouring words of one charset, whose bytes belong together."""
    texts: list[str] = []
    run, label, end = b"", "", 0
    for found in _WORD.finditer(value):
        charset = found[1].decode("ascii", "replace")
        data = _decode_word(found[2], found[4] if found[3] is None else found[3], where, problems)
        between = value[end : found.start()]
        if end and not between.strip() and same_charset(label, charset):
            run += data
        else:
            if end:
                texts.append(decode(run, label, where, problems))
            if between.strip() or not end:
                texts.append(decode(between, "", where, problems))
            run, label = data, charset
        end = found.end()
    if end:
        texts.append(decode(run, label, where, problems))
    return [*texts, decode(value[end:], "", where, problems)]


def _decode_word(encoding: bytes, text: bytes, where: str, problems: list[Problem]) -> bytes:
    text = _BARE.sub(b"", text)
    if encoding in b"bB":
        return decode_base64(text.replace(b" ", b"").replace(b"\t", b""), where, problems)
    return binascii.a2b_qp(text, header=True)
