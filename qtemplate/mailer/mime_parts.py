"""The bodies of a mail as MIME parts, in bytes; it knows neither the headers of the mail nor who gets it.

The standard library makes the same bytes, and takes six times as long: it builds a tree of messages, looks at every
character and every line by itself, and then walks the tree. A night has hundreds of mails.

Sources: RFC 2045 sections 6.7 (quoted-printable) and 6.8 (base64), RFC 2046 section 5.1 (multipart).
"""

from __future__ import annotations

import re
from binascii import b2a_base64, hexlify
from collections.abc import Iterable, Iterator, Mapping
from email import policy
from email.message import EmailMessage

LINE = 76
"""Characters of a line at the most, without its end."""

VERSION = b"MIME-Version: 1.0\r\n"

_EQUALS = ord("=")
_TO_QUOTE = re.compile(rb"[^\t\n\r -~]+")
_SNIFFED = 10
"""Lines by which the shorter encoding is chosen."""


class _KeptAsText(policy.EmailPolicy):
    """Keeps headers as text: the library writes them itself and would parse them only to fold them."""

    def header_store_parse(self, name: str, value: str) -> tuple[str, str]:
        if len(value.splitlines()) > 1:
            raise ValueError(f"{name}: a header is one line.")
        return name, value

    def header_fetch_parse(self, name: str, value: str) -> str:
        return value


_HEADERS = _KeptAsText(linesep="\r\n", max_line_length=LINE, cte_type="7bit")


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
    maintype, _, subtype = kind.partition("/")
    headers = EmailMessage(policy=_HEADERS)
    headers.set_content(b"", maintype=maintype, subtype=subtype, filename=name, params=dict(parameters))
    return headers.as_bytes() + _base64(data)


def multipart(subtype: str, boundary: str, parts: Iterable[bytes], *, version: bytes = b"") -> bytes:
    """Parts in their order; no line of theirs may begin with the boundary."""
    head = f'Content-Type: multipart/{subtype};\r\n boundary="{boundary}"\r\n'.encode("ascii")
    line = f"--{boundary}".encode("ascii")
    whole = (b"\r\n" + line).join(b"\r\n" + part for part in parts)
    return version + head + b"\r\n" + line + whole + b"\r\n" + line + b"--\r\n"


def _encoded(text: str) -> tuple[str, bytes]:
    data = text.encode("utf-8")
    lines = data.splitlines()
    if data.isascii() and max(map(len, lines), default=0) <= LINE:
        return "7bit", _joined(lines)
    first = lines[:_SNIFFED]
    if sum(len(line) + 1 for line in _quoted(first)) > len(b2a_base64(_joined(first))):
        return "base64", _base64(_joined(lines))
    return "quoted-printable", _joined(_quoted(lines))


def _joined(lines: Iterable[bytes]) -> bytes:
    return b"\r\n".join(lines) + b"\r\n"


def _base64(data: bytes) -> bytes:
    packed = b2a_base64(data, newline=False)
    return b"".join(packed[start : start + LINE] + b"\r\n" for start in range(0, len(packed), LINE))


def _quoted(lines: Iterable[bytes]) -> Iterator[bytes]:
    """The lines in quoted-printable; one that is too long becomes several, cut so that no `=E4` is torn."""
    whole = b"\n".join(lines).replace(b"=", b"=3D")
    whole = _TO_QUOTE.sub(lambda found: b"=" + hexlify(found[0], b"=").upper(), whole)
    for line in whole.split(b"\n"):
        start, last = 0, len(line) - 1 - LINE
        while start <= last:
            stop = start + LINE - 1
            if line[stop - 2] == _EQUALS:
                stop -= 2
            elif line[stop - 1] == _EQUALS:
                stop -= 1
            yield line[start:stop] + b"="
            start = stop
        if not line.endswith((b" ", b"\t")):
            yield line[start:]
            continue
        blank, room = b"=%02X" % line[-1], start - last  # white space at the end of a line gets lost on the way
        if room >= 3:
            yield line[start:-1] + blank
        elif room == 2:
            yield line[start:] + b"="
            yield b""
        else:
            yield line[start:-1] + b"="
            yield blank
