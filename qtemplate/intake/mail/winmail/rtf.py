"""The body of a winmail.dat in RTF: unpacked, and turned into text, or into the HTML that it was made of.

Sources: [MS-OXRTFCP] sections 2.1.3 and 2.2 (compression), [MS-OXRTFEX] section 2.1.3 (HTML inside RTF), RTF 1.9.1
(control words).
"""

from __future__ import annotations

import re
import struct

from ..charsets import decode
from ..problems import Problem

_DICTIONARY = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans Serif"
    rb"SymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    + b"\r\n"
    + rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
_COMPRESSED, _STORED = 0x75465A4C, 0x414C454D
_MOST = 20_000_000
_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,9})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|([^\\{}\r\n]+)|[\r\n]+|\\", re.S
)
_ASIDE = frozenset(
    b"fonttbl colortbl stylesheet info pict object header footer headerl headerr footerl footerr footnote "
    b"annotation themedata colorschememapping datastore latentstyles listtable listoverridetable rsidtbl generator "
    b"xmlnstbl mmathPr".split()
)
_SIGNS = {
    b"par": "\n", b"line": "\n", b"sect": "\n", b"page": "\n", b"row": "\n", b"tab": "\t", b"cell": "\t",
    b"emdash": "—", b"endash": "–", b"bullet": "•",
    b"lquote": "‘", b"rquote": "’", b"ldblquote": "“", b"rdblquote": "”",
}  # fmt: skip


def unpack_rtf(data: bytes) -> bytes:
    """Unpack compressed RTF.

    Raises:
        ValueError: It is none, or it is cut short.
    """
    if len(data) < 16:
        raise ValueError("cut short")
    size, kind = struct.unpack_from("<4xII", data)
    if kind == _STORED:
        return data[16 : 16 + size]
    if kind != _COMPRESSED or size > _MOST:
        raise ValueError("not compressed RTF")
    window = bytearray(_DICTIONARY.ljust(4096, b"\0"))
    write, at, out = len(_DICTIONARY), 16, bytearray()
    while at < len(data) and len(out) < size:
        flags, at = data[at], at + 1
        for bit in range(8):
            if at >= len(data):
                break
            if not flags >> bit & 1:
                piece, at = data[at : at + 1], at + 1
                window[write : write + 1] = piece
                write = (write + 1) % 4096
                out += piece
                continue
            if at + 2 > len(data):
                raise ValueError("cut short")
            reference, at = int.from_bytes(data[at : at + 2], "big"), at + 2
            offset, length = reference >> 4, (reference & 15) + 2
            if offset == write:
                return bytes(out[:size])
            for step in range(length):
                byte = window[(offset + step) % 4096]
                window[write] = byte
                write = (write + 1) % 4096
                out.append(byte)
    return bytes(out[:size])


def read_rtf(data: bytes, where: str, problems: list[Problem]) -> tuple[str, bool]:
    """Read RTF.

    Returns:
        Its text, and whether that is the HTML which the RTF was made of.
    """
    is_html = b"\\fromhtml" in data[:2000]
    page = re.search(rb"\\ansicpg(\d{1,5})", data[:2000])
    label = f"cp{page[1].decode()}" if page else "cp1252"
    texts: list[str] = []
    raw = bytearray()
    stack: list[tuple[bool, bool, int]] = []
    aside, for_rtf, skips, skip = False, False, 1, 0

    def flush() -> None:
        if raw:
            texts.append(decode(bytes(raw), label, where, problems))
            raw.clear()

    for found in _TOKEN.finditer(data):
        word, number, byte, sign, brace, text = found.groups()
        if brace == b"{":
            stack.append((aside, for_rtf, skips))
        elif brace:
            aside, for_rtf, skips = stack.pop() if stack else (False, False, 1)
        elif word in _ASIDE:
            aside = True
        elif word == b"htmltag":
            aside = False
        elif word == b"htmlrtf":
            for_rtf = is_html and number != b"0"
        elif word == b"uc":
            skips = min(int(number or 1), 10)
        elif sign == b"*":
            aside = True
        elif aside or for_rtf:
            continue
        elif word == b"u" and number:
            flush()
            texts.append(chr(int(number) & 0xFFFF))
            skip = skips
        elif word in _SIGNS:
            flush()
            texts.append("\n" if is_html and word == b"cell" else _SIGNS[word])
        elif byte:
            skip, added = (skip - 1, b"") if skip else (0, bytes([int(byte, 16)]))
            raw += added
        elif sign:
            raw += b" " if sign == b"~" else sign if sign in b"\\{}" else b""
        elif text:
            raw += text[skip:]
            skip = max(0, skip - len(text))
    flush()
    joined = "".join(texts).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return joined, is_html
