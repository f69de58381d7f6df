"""The bodies of a mail as MIME parts, in bytes; it knows neither the headers of the mail nor who gets it.

The standard library makes the same bytes, and takes six times as long: it builds a tree of messages, looks at every
character and every line by itself, and then walks the tree. A night has hundreds of mails.

Sources: RFC 2045 sections 6.7 (quoted-printable) and 6.8 (base64), RFC 2046 section 5.1 (multipart).
"""

from __future__ import annotations

import re
from binascii import b2a_base64, hexlify
from codecs import register_error
from collections.abc import Iterable, Mapping
from urllib.parse import quote

LINE = 76
"""Characters of a line at the most, without its end."""

VERSION = b"MIME-Version: 1.0\r\n"

_CUT = re.compile(rb"(?s)(?=.{%d}).{%d}(?:[^=]{2}|[^=](?==)|(?==))|.+" % (LINE + 1, LINE - 3))
"""What of a long line goes on one line beside the mark that it goes on; no `=E4` is torn."""
_FULL = re.compile(rb"(?s).{1,%d}" % LINE)
_BLANKS = (b" ", b"\t")
_SNIFFED = 10
"""Lines by which the shorter encoding is chosen."""


def text_part(text: str, subtype: str, *, version: bytes = VERSION) -> bytes:
    """A text with its headers: as it is where it is short ASCII lines, else in the encoding that is likely shorter.

    Args:
        text: Clean; lines end with "\\n".
        subtype: Such as `plain`.
        version: Stands after its headers.
    """
    way, body = _encoded(text)
    head = f'Content-Type: text/{subtype}; charset="utf-8"\r\nContent-Transfer-Encoding: {way}\r\n'
    return head.encode("ascii") + version + b"\r\n" + body


def file_part(data: bytes, kind: str, parameters: Mapping[str, str], name: str) -> bytes:
    """A file with its headers, in base64.

    Args:
        data: Its bytes.
        kind: Its media type, without parameters.
        parameters: Of the media type.
        name: What it is called; any characters (RFC 2231).
    """
    media = "".join([f"Content-Type: {kind}", *(f'; {key}="{value}"' for key, value in parameters.items())])
    rest = ["Content-Transfer-Encoding: base64", *_disposition(name)]
    headers = [*rest, media] if parameters else [media, *rest]  # the library's order
    return "\r\n".join(headers).encode("ascii") + b"\r\n" + VERSION + b"\r\n" + _base64(data)


def _disposition(name: str) -> list[str]:
    """The header with a file's name: on one line where it has room, else in numbered pieces (RFC 2231 section 3)."""
    head, plain = "Content-Disposition: attachment;", name.isascii()
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    whole = f'filename="{escaped}"' if plain else f"filename*=utf-8''{quote(name, safe='')}"
    if len(head) + 1 + len(whole) <= LINE:
        return [f"{head} {whole}"]
    if len(whole) + 2 <= LINE:
        return [head, f" {whole}"]
    lines: list[str] = []
    charset, rest = "us-ascii" if plain else "utf-8", name
    while rest:
        begins = f" filename*{len(lines)}*=" + (f"{charset}''" if not lines else "")
        size = room = LINE - len(begins) - len(";")
        while len(piece := quote(rest[:size], safe="")) > room:
            size -= 1
        rest = rest[size:]
        lines.append(f"{begins}{piece}" + (";" if rest else ""))
    return [head, *lines]


def multipart(subtype: str, boundary: str, parts: Iterable[bytes], *, version: bytes = b"") -> bytes:
    """Parts in their order; no line of theirs may begin with the boundary."""
    head = f'Content-Type: multipart/{subtype};\r\n boundary="{boundary}"\r\n'.encode("ascii")
    line = f"--{boundary}".encode("ascii")
    whole = (b"\r\n" + line).join(b"\r\n" + part for part in parts)
    return version + head + b"\r\n" + line + whole + b"\r\n" + line + b"--\r\n"


def _encoded(text: str) -> tuple[str, bytes]:
    lines = text.removesuffix("\n").split("\n")
    if text.isascii() and max(map(len, lines)) <= LINE:
        return "7bit", _joined(lines)
    first = lines[:_SNIFFED]
    if len(_quoted(first)) > len(b2a_base64(_joined(first))):
        return "base64", _base64(_joined(lines))
    return "quoted-printable", _quoted(lines).replace(b"\n", b"\r\n")


def _joined(lines: Iterable[str]) -> bytes:
    return ("\r\n".join(lines) + "\r\n").encode("utf-8")


def _base64(data: bytes) -> bytes:
    return b"\r\n".join([*_FULL.findall(b2a_base64(data, newline=False)), b""])


def _quote(found: UnicodeError) -> tuple[bytes, int]:
    """What stands for characters that ASCII does not have, and where they end."""
    assert isinstance(found, UnicodeEncodeError)
    return b"=" + hexlify(found.object[found.start : found.end].encode("utf-8"), b"=").upper(), found.end


register_error("qtemplate.quoted", _quote)


def _quoted(lines: Iterable[str]) -> bytes:
    """The lines in quoted-printable, each with "\\n"; one that is too long becomes several."""
    whole = "\n".join(lines).replace("=", "=3D").encode("ascii", "qtemplate.quoted")
    made = [
        line if len(line) <= LINE and not line.endswith(_BLANKS) else b"=\n".join(_pieces(line))
        for line in whole.split(b"\n")
    ]
    return b"\n".join([*made, b""])


def _pieces(line: bytes) -> list[bytes]:
    """A line in pieces that have room; white space at its end, which gets lost on the way, is quoted."""
    pieces: list[bytes] = _CUT.findall(line)
    last = pieces[-1]
    if not last.endswith(_BLANKS):
        return pieces
    blank = b"=%02X" % last[-1]
    if len(last) <= LINE - 2:
        return [*pieces[:-1], last[:-1] + blank]
    return [*pieces, b""] if len(last) < LINE else [*pieces[:-1], last[:-1], blank]
