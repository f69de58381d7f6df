"""The header of a message or part: fields as bytes, found by name; parameters as text.

Sources: RFC 5322 sections 2.2 and 4.5 (obsolete forms), RFC 2045 section 5.1 (parameters), RFC 2231 sections 3 and 4
(continuations, charsets), RFC 2183 (disposition), RFC 6532 (UTF-8).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import unquote_to_bytes

from msgspec import Struct

from .charsets import decode
from .encoded_words import decode_header
from .problems import Problem

_FIELD = re.compile(rb"([!-9;-~]+)[ \t]*:((?>(?:[^\r\n]*+(?:\r?\n|\r(?!\n)|\Z)[ \t])*)[^\r\n]*+)(?:\r?\n|\r(?!\n)|\Z)")
_BLANK_LINE = re.compile(rb"[ \t]*(?:\r?\n|\r(?!\n))")
_LEADING = re.compile(rb"(?:\xef\xbb\xbf)?(?:[ \t]*\r?\n)*(?:>?From [^\r\n]*(?:\r?\n|\r))?")
_FOLDED = re.compile(rb"(?:\r\n|\n|\r)[ \t]*")
_PARAMETER = re.compile(
    rb"""[;\s]*([^\s;=*"]+)(?:\*(\d{1,4}))?(\*)?\s*=\s*(?:"((?>(?:\\.|[^"\\])*))"|([^;]*+))""",
    re.S,
)


class Header(Struct, frozen=True):
    """The fields of one header: names in lower case, values as bytes without the final line end.

    Args:
        fields: In order.
        first: The first value of each name.
    """

    fields: tuple[tuple[str, bytes], ...]
    first: Mapping[str, bytes]

    def get(self, name: str) -> bytes:
        """The first field of this name, b"" if there is none."""
        return self.first.get(name, b"")

    def all(self, name: str) -> list[bytes]:
        """Every field of this name."""
        return [value for each, value in self.fields if each == name]

    def ascii(self, name: str) -> str:
        """The first field of this name as one lower-case line, for fields that hold tokens."""
        return _FOLDED.sub(b" ", self.get(name)).decode("ascii", "replace").strip().lower()

    def token(self, name: str) -> str:
        """The first word of such a field, without parameters and comments."""
        return re.split(r"[;(\s]", self.ascii(name), maxsplit=1)[0]

    def text(self, name: str, problems: list[Problem]) -> str:
        """The first field of this name, decoded."""
        return decode_header(self.get(name), name.title(), problems)


def split_header(raw: bytes, start: int = 0, end: int | None = None) -> tuple[Header, int]:
    """Read the header that begins at `start`.

    Lines of another kind end it, as a missing blank line does: they are the body's. A line of mbox before it is
    passed over.

    Returns:
        The header, and where the body begins.
    """
    end = len(raw) if end is None else end
    leading = _LEADING.match(raw, start, end)
    at = leading.end() if leading else start
    if not _FIELD.match(raw, at, end):
        at = start  # no header at all: what was passed over belongs to the body
    fields = []
    while found := _FIELD.match(raw, at, end):
        if found.end() == at:
            break
        fields.append((found[1].decode("ascii").lower(), found[2]))
        at = found.end()
    blank = _BLANK_LINE.match(raw, at, end)
    return Header(tuple(fields), dict(reversed(fields))), blank.end() if blank else at


def read_parameters(value: bytes, where: str, problems: list[Problem]) -> dict[str, str]:
    """Read the parameters of Content-Type or Content-Disposition.

    Args:
        value: The whole field; what stands before the first semicolon is not read.

    Returns:
        Parameters by lower-case name; continued, percent-encoded and encoded-word values are put together and decoded.
    """
    pieces: dict[str, list[tuple[int, bool, bytes]]] = {}
    _, semicolon, rest = _FOLDED.sub(b" ", value).partition(b";")
    for found in _PARAMETER.finditer(rest if semicolon else b""):
        quoted = found[4]
        text = re.sub(rb"\\(.)", _unescape, quoted) if quoted is not None else found[5].strip()
        name = found[1].decode("ascii", "replace").lower()
        pieces.setdefault(name, []).append((int(found[2] or -1), bool(found[3]), text))
    return {name: _join_pieces(found, where, problems) for name, found in pieces.items()}


def _unescape(found: re.Match[bytes]) -> bytes:
    r"""A quoted pair stands for its character; a Windows path (`C:\photos`) was never quoted and keeps its
    backslashes."""
    return found[1] if found[1] in b'"\\' else found[0]


def _join_pieces(pieces: list[tuple[int, bool, bytes]], where: str, problems: list[Problem]) -> str:
    """One value: the extended form before the plain one, continuations in the order of their numbers."""
    continued = sorted(piece for piece in pieces if piece[0] >= 0)
    extended = [piece for piece in pieces if piece[0] < 0 and piece[1]]
    chosen = continued or extended[:1] or pieces[:1]
    if not any(encoded for _, encoded, _ in chosen):
        return decode_header(b"".join(text for _, _, text in chosen), where, problems)
    label, data = "", b""
    for at, (_, encoded, text) in enumerate(chosen):
        if encoded and at == 0 and text.count(b"'") >= 2:
            charset, _, text = text.split(b"'", 2)
            label = charset.decode("ascii", "replace")
        data += unquote_to_bytes(text) if encoded else text
    return decode(data, label, where, problems).strip()
