"""Who sent a mail: the address and the name out of a From field, however it is written.

The parts of the field are told apart before anything is decoded: an address inside an encoded name is only a name
(`=?utf-8?q?boss=40corp=2Ecn?= <thief@evil.example>`).

Sources: RFC 5322 sections 3.4 and 4.4, RFC 6532 (addresses in UTF-8), RFC 5890 (A-labels).
"""

from __future__ import annotations

import re

from .encoded_words import decode_header
from .problems import Problem

_LONGEST = 2_000
_COMMENT = rb"\((?>(?:\\.|[^()\\]|\((?>(?:\\.|[^()\\])*)\))*)\)"
_TOKEN = re.compile(rb'("(?>(?:\\.|[^"\\])*)")|(' + _COMMENT + rb")|<([^<>]*)>|([,;])|([^\"(<,;]+|.)", re.S)
_ADDRESS = re.compile(
    r"""(?:"[^"\s]{1,64}"|[^\s<>()\[\]\\,;:"'@，；：“”‘’（）《》【】、＜＞]{1,128})@[^\s<>()\[\]\\,;:"'@，；：“”‘’（）《》【】、＜＞]{1,255}|"""
    r"""[^\s<>()\[\]\\,;:"@]{1,64}@\[[0-9A-Fa-f.:IPv]{3,60}\]"""
)
_NEEDLESS = re.compile(r'^"([a-z0-9!#$%&*+/=?^_{|}~-]+(?:\.[a-z0-9!#$%&*+/=?^_{|}~-]+)*)"@')
"""A local part in quotation marks that needs none: with and without them it is the same (RFC 5321, 4.1.2)."""


def read_sender(value: bytes, problems: list[Problem]) -> tuple[str | None, str]:
    """Read a From field.

    Returns:
        The address of the first author in lower case, None if there is none; the name, decoded, "" if there is none.
    """
    name, comment, address = b"", b"", None
    bare: list[bytes] = []
    for found in _TOKEN.finditer(value[:_LONGEST]):
        quoted, remark, angled, separator, other = found.groups()
        if angled is not None:
            address = find_address(decode_header(angled, "From", problems))
            if address:
                name = b"".join(bare)
                break
            bare.append(b" " + angled + b" ")
        elif remark is not None:
            comment = comment or remark[1:-1]
        elif separator is not None:
            text = decode_header(b"".join(bare), "From", problems)
            if address := find_address(text):
                break
            bare.append(separator)
        elif quoted is not None:
            bare.append(
                re.sub(rb"\\(.)", rb"\1", quoted[1:-1], flags=re.S) if b"@" not in quoted or b"<" in value else quoted
            )
        else:
            bare.append(other)
    if address is None:
        text = decode_header(b"".join(bare), "From", problems)
        address = find_address(text)  # the whole field was put into one encoded word
        rest = (
            re.sub(r"<[^<>]*>", "", text) if "<" in text else re.sub(re.escape(address or "\0"), "", text, flags=re.I)
        )
        return address, _clean_name(rest) or decode_header(comment, "From", problems)
    shown = decode_header(name, "From", problems) if name else ""
    return address, _clean_name(shown) or decode_header(comment, "From", problems)


def find_address(text: str) -> str | None:
    """The first address in a text, in lower case; its domain in Unicode stays as it is."""
    found = _ADDRESS.search(text[:_LONGEST])
    if found is None:
        return None
    address = found[0].strip(".'").removeprefix("mailto:").lower()
    return _NEEDLESS.sub(r"\1@", address)


def _clean_name(text: str) -> str:
    """Without the group's name and quotation marks around it."""
    text = text.strip()
    for opening, closing in ('""', "''"):
        if len(text) > 1 and text.startswith(opening) and text.endswith(closing):
            text = text[1:-1].strip()
    return text.strip('" \t,;')
