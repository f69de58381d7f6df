"""The structure of a message: its parts, as slices of the bytes that came.

Own rather than `email.parser`: a part's bytes stay as they came, nothing is decoded twice, and a bomb of parts or of
depth costs no more than its limit (the library takes one generator, and every line one more question, for each level).

Sources: RFC 2046 sections 5.1 (multipart) and 5.2 (message), RFC 2045 section 5.2 (defaults), RFC 6532
(message/global).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from .header_fields import Header, read_parameters, split_header
from .problems import Problem
from .transfer import decode_transfer

MOST_PARTS = 100
MOST_LEVELS = 10
MESSAGES = frozenset({"message/rfc822", "message/global", "message/news"})
_SHOWN = re.compile(rb"(?:\A|\n)--([!-~]{1,200})[ \t]*\r?\n(?:Content|content|CONTENT)-[!-9;-~]+:")
_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,100}/[a-z0-9!#$&^_.+-]{1,100}")


class Part(Struct, frozen=True):
    """One part, or the message itself.

    Args:
        header: Its fields.
        media_type: In lower case; `text/plain` where none or nonsense is given.
        parameters: Of Content-Type, and of Content-Disposition with `filename` among them.
        disposition: `inline`, `attachment` or "".
        body: The bytes after the header, still encoded.
        children: The parts of a multipart, or the one message that a message/rfc822 holds.
    """

    header: Header
    media_type: str
    parameters: dict[str, str]
    disposition: str
    body: bytes
    children: tuple[Part, ...] = ()

    @property
    def name(self) -> str:
        """The file name it was given, as it was given."""
        return self.parameters.get("filename") or self.parameters.get("name") or ""

    @property
    def where(self) -> str:
        """How a problem names it."""
        return f'"{self.name}"' if self.name else self.media_type

    def content(self, problems: list[Problem]) -> bytes:
        """The body without its transfer encoding."""
        return decode_transfer(self.body, self.header.token("content-transfer-encoding"), self.where, problems)

    def walk(self) -> Iterator[Part]:
        """Itself and everything in it, in the order of the mail; what attached messages hold is theirs."""
        yield self
        if self.media_type not in MESSAGES:
            for child in self.children:
                yield from child.walk()


class _Budget(Struct):
    """How many parts may still be read; the only thing that changes while reading."""

    left: int
    refused: int = 0


def read_parts(raw: bytes, problems: list[Problem]) -> Part:
    """Read a whole message."""
    budget = _Budget(MOST_PARTS)
    message = _read_part(raw, "text/plain", 0, budget, problems)
    if budget.refused:
        problems.append(Problem("too_many", count=MOST_PARTS + budget.refused, limit=MOST_PARTS))
    return message


def _read_part(raw: bytes, default: str, level: int, budget: _Budget, problems: list[Problem]) -> Part:
    budget.left -= 1
    header, start = split_header(raw)
    media_type = header.token("content-type")
    if not _TYPE.fullmatch(media_type):
        media_type = default if not media_type else "text/plain"
    parameters = _parameters(header, problems)
    body = raw[start:] if start else raw
    part = Part(header, media_type, parameters, header.token("content-disposition"), body)
    if not media_type.startswith("multipart/") and media_type not in MESSAGES:
        return part
    if level >= MOST_LEVELS:
        problems.append(Problem("too_deep", where=part.where, limit=MOST_LEVELS))
        return Part(header, media_type, parameters, "attachment", body)
    if media_type in MESSAGES:
        inner = part.content(problems) if header.token("content-transfer-encoding") == "base64" else body
        children: tuple[Part, ...] = ()
        if budget.left > 0:
            children = (_read_part(inner, "text/plain", level + 1, budget, problems),)
        return Part(header, media_type, parameters, part.disposition, inner, children)
    default = "message/rfc822" if media_type == "multipart/digest" else "text/plain"
    pieces, closed = _split_body(body, parameters.get("boundary", ""))
    if not pieces:
        pieces, closed = _split_body(body, _find_boundary(body))
    if not pieces:
        problems.append(Problem("no_boundary", where=part.where))
        return Part(header, "text/plain", parameters, part.disposition, body)
    if not closed and level == 0:
        problems.append(Problem("cut_short", where=part.where))
    if not any(piece.strip() for piece in pieces) and len(pieces) == 1:
        pieces = []
    read = []
    for at, piece in enumerate(pieces):
        if budget.left <= 0:
            budget.refused += len(pieces) - at
            break
        read.append(_read_part(piece, default, level + 1, budget, problems))
    return Part(header, media_type, parameters, part.disposition, b"", tuple(read))


def _parameters(header: Header, problems: list[Problem]) -> dict[str, str]:
    parameters: dict[str, str] = {}
    for name in ("content-type", "content-disposition"):
        if b"=" in (value := header.get(name)):
            parameters |= read_parameters(value, name.title(), problems)
    return parameters


def _find_boundary(body: bytes) -> str:
    """The boundary that the body itself shows where its header names none, or another one."""
    found = _SHOWN.search(body)
    return found[1].decode("ascii", "replace") if found else ""


def _split_body(body: bytes, boundary: str) -> tuple[list[bytes], bool]:
    """Cut the body of a multipart at its boundary; the line end before a boundary belongs to it.

    Returns:
        The pieces, none if the boundary is nowhere; whether the last boundary was there.
    """
    mark = b"--" + boundary.encode("utf-8", "replace")
    pieces: list[bytes] = []
    start, at = -1, 0
    while boundary and (at := body.find(mark, at)) >= 0:
        line_end = _line_end(body, at + len(mark))
        tail = body[at + len(mark) : line_end].strip()
        if (at and body[at - 1] not in b"\r\n") or tail not in (b"", b"--"):
            at += len(mark)
            continue
        if start >= 0:
            end = at - 2 if body[at - 2 : at] == b"\r\n" else at - 1
            pieces.append(body[start : max(start, end)])
        start = at = line_end
        if tail:
            return pieces, True
    return ([*pieces, body[start:]] if start >= 0 else []), False


def _line_end(body: bytes, at: int) -> int:
    """Where the next line begins."""
    ends = [found for found in (body.find(b"\n", at, at + 1000), body.find(b"\r", at, at + 1000)) if found >= 0]
    if not ends:
        return len(body) if len(body) - at < 1000 else at
    end = min(ends)
    return end + 2 if body[end : end + 2] == b"\r\n" else end + 1
