"""What a reply says when its whole first line is a code: solved or not, a mark, a transfer taken or handed back. Pure.

Anything else is for a person; nothing is guessed from prose.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum

from msgspec import Struct


class Said(StrEnum):
    """What a code means."""

    SOLVED = "solved"
    NOT_SOLVED = "not_solved"
    MARK = "mark"
    ACCEPT = "accept"
    APPROVE = "approve"
    RETURN = "return"


class Code(Struct, frozen=True):
    """A code with its mark (1 to 5) and the words that belong to it: an opinion, or the reason of a return."""

    said: Said
    mark: int | None = None
    words: str = ""


BLANK = " \t\r\n\u00a0\u3000\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
"""What takes no room, or only room: phones put it before the first word."""

_SOLVED = re.compile(r"(?:1|已解决|solved)(?:\s+([1-5])(?:\s*分)?|(?<=已解决)([1-5])\s*分)?", re.I)
_NOT_SOLVED = re.compile(r"(?:2|未解决|not solved)(?:[\s,，]+(.*))?", re.I)
_MARK = re.compile(r"([1-5])\s*分")
_ACCEPT = re.compile(r"接受|accept", re.I)
_APPROVE = re.compile(r"批准|同意|approved?", re.I)
_RETURN = re.compile(r"(?:退回|return)(?:[\s,，:：]+(.*))?", re.I)
_THANKS = re.compile(
    r"(?:(?:ok|okay|thanks|thank you|thx|many thanks|great|good|got it|noted|very much|so|all|team"
    r"|好的?|谢谢(?:您|你|大家)?|多谢|感谢|收到|知道了|明白|辛苦了?|没问题|可以|了|啦|非常)[\s,，.。!！~～、]*)+",
    re.I,
)


def read_code(text: str) -> Code | None:
    """The code in the first line that is not empty; the lines below it are words.

    Args:
        text: What the sender wrote, without quotation and signature.
    """
    lines = [line.strip(BLANK) for line in text.splitlines()]
    lines = lines[next((at for at, line in enumerate(lines) if line), len(lines)) :]
    if not lines:
        return None
    first, below = unicodedata.normalize("NFKC", lines[0]), "\n".join(lines[1:]).strip()
    if found := _SOLVED.fullmatch(first):
        mark = found[1] or found[2]
        return Code(Said.SOLVED, int(mark) if mark else None, below)
    if found := _NOT_SOLVED.fullmatch(first):
        return Code(Said.NOT_SOLVED, None, _words(lines[0], found, below))
    if found := _MARK.fullmatch(first):
        return Code(Said.MARK, int(found[1]), below)
    if _ACCEPT.fullmatch(first):
        return Code(Said.ACCEPT, None, below)
    if _APPROVE.fullmatch(first):
        return Code(Said.APPROVE, None, below)
    if found := _RETURN.fullmatch(first):
        reason = _words(lines[0], found, below)
        return Code(Said.RETURN, None, reason) if reason else None
    return None


def _words(first: str, found: re.Match[str], below: str) -> str:
    """What follows a code on its line, as it was written, and the lines below it."""
    behind = "" if found[1] is None else first[found.start(1) :] if len(first) == len(found.string) else found[1]
    return "\n".join(filter(None, (behind.strip(), below)))


def only_thanks(text: str) -> bool:
    """Whether somebody only says thank you: that is no answer to anything."""
    return _THANKS.fullmatch(unicodedata.normalize("NFKC", text).strip()) is not None
