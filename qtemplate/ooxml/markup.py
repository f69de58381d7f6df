"""XML as bytes with positions: find tags and attributes, replace them where they stand.

Parts are spliced and never written out again from a tree, so that prefixes, attribute order, entities and extensions
stay as their program wrote them. All patterns are linear: `<` ends every scan, so hostile input cannot make them slow.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

from msgspec import Struct

from qtemplate.errors import WorkbookRefused

# an atomic group: a possessive one, `(?:…)*+`, is wrong in Python 3.11.0 to 3.11.4
_TAG: Final = re.compile(rb"<(/?)([^\s<>/!?\"']+)((?>(?:[^<>\"'/]|\"[^\"<]*\"|'[^'<]*'|/(?!>))*))(/?)>")
_OPENERS: Final = ((b"<!--", b"-->"), (b"<![CDATA[", b"]]>"), (b"<?", b"?>"))
_ENCODING: Final = re.compile(rb"<\?xml\b[^>]*?\bencoding\s*=\s*[\"']([^\"']+)")
_ENTITY: Final = re.compile(r"&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|(amp|lt|gt|quot|apos));")
_NAMED: Final = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_CDATA: Final = re.compile(r"<!--.*?-->|<!\[CDATA\[(.*?)\]\]>|([^<]+)|<", re.S)


class Tag(Struct, frozen=True):
    """One tag: its span in the part, local name, and whether it closes or is empty."""

    start: int
    end: int
    name: bytes
    prefix: bytes
    closing: bool
    empty: bool


def blank_comments(xml: bytes) -> bytes:
    """The same bytes with comments, CDATA sections and processing instructions overwritten by spaces.

    Args:
        xml: Any stretch of a part that begins outside of such a construct. One left open reaches to the end.

    Returns:
        Bytes of the same length, in which every `<` begins a tag; positions hold for both.

    Raises:
        WorkbookRefused: `doctype`; a part may not have one (ECMA-376 part 2 section 6.2.5).
    """
    # One-byte searches are memchr, ten times faster than two-byte ones; most pieces hold neither mark.
    if (b"!" not in xml or b"<!" not in xml) and (b"?" not in xml or b"<?" not in xml):
        return xml
    out = bytearray(xml)
    at = 0
    marks = re.compile(rb"<[!?]")
    while found := marks.search(xml, at):
        at = found.start()
        for opener, closer in _OPENERS:
            if xml.startswith(opener, at):
                close = xml.find(closer, at + len(opener))
                end = len(xml) if close < 0 else close + len(closer)
                break
        else:
            if xml.startswith(b"<!DOCTYPE", at):
                raise WorkbookRefused(
                    "doctype.part", "A part of the workbook declares a DOCTYPE, which no workbook may."
                )
            end = at + 2  # the beginning of a construct that the next piece will finish
        out[at:end] = b" " * (end - at)
        at = end
    return bytes(out)


def require_utf8(start: bytes, part: str) -> None:
    """Refuse a part that is not written in UTF-8, into which bytes could not be spliced.

    Args:
        start: The first bytes of the part.
        part: Its name, for the message.

    Raises:
        WorkbookRefused: `encoding`.
    """
    declared = _ENCODING.search(start[:200])
    name = declared[1].lower() if declared else b"utf-8"
    if (
        b"\0" in start[:4]
        or start.startswith((b"\xff\xfe", b"\xfe\xff"))
        or name not in (b"utf-8", b"utf8", b"us-ascii")
    ):
        raise WorkbookRefused(
            "encoding", "{part} is not written in UTF-8. Save the workbook again in Excel.", part=part
        )


def tags(mask: bytes, start: int = 0, end: int | None = None) -> Iterator[Tag]:
    """The tags of a stretch of XML without comments, in order.

    Args:
        mask: What `blank_comments` gave.
        start, end: The stretch.
    """
    for found in _TAG.finditer(mask, start, len(mask) if end is None else end):
        prefix, _, name = found[2].rpartition(b":")
        yield Tag(found.start(), found.end(), name, prefix + b":" if prefix else b"", bool(found[1]), bool(found[4]))


@lru_cache(maxsize=128)
def _attribute_pattern(name: bytes) -> re.Pattern[bytes]:
    return re.compile(rb"(\s)" + re.escape(name) + rb"\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")


def attribute(tag: bytes, name: bytes) -> str | None:
    """The value of an attribute of one tag, entities resolved; None if it is not there."""
    found = _attribute_pattern(name).search(tag)
    if found is None:
        return None
    raw = found[2] if found[2] is not None else found[3]
    return unescape(raw.decode("utf-8", errors="replace"))


def set_attribute(tag: bytes, name: bytes, value: str | None) -> bytes:
    """The tag with that attribute replaced where it stands, added at the end, or (None) taken out."""
    found = _attribute_pattern(name).search(tag)
    if value is None:
        return tag if found is None else tag[: found.start()] + tag[found.end() :]
    piece = name + b'="' + escape(value).replace(b'"', b"&quot;") + b'"'
    if found is not None:
        return tag[: found.start()] + found[1] + piece + tag[found.end() :]
    close = len(tag) - (2 if tag.endswith(b"/>") else 1)
    return tag[:close].rstrip() + b" " + piece + tag[close:]


def truth(text: str | None) -> bool:
    """An xsd:boolean."""
    return text is not None and text.strip().lower() in ("1", "true", "on")


def escape(text: str) -> bytes:
    """Text as XML character data, UTF-8."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").encode()


def unescape(text: str) -> str:
    """Text with the predefined entities and character references resolved; anything else stays as it stands."""
    return _ENTITY.sub(_resolve, text) if "&" in text else text


def _resolve(found: re.Match[str]) -> str:
    if found[3]:
        return _NAMED[found[3]]
    code = int(found[1]) if found[1] else int(found[2], 16)
    return chr(code) if code < 0x110000 else found[0]


def text_of(raw: bytes) -> str:
    """Character data between two tags as text: entities, CDATA sections and comments resolved."""
    text = raw.decode("utf-8", errors="replace")
    if "<" not in text:
        return unescape(text)
    return "".join(m[1] if m[1] is not None else unescape(m[2] or "") for m in _CDATA.finditer(text))


def splice(xml: bytes, changes: Iterable[tuple[int, int, bytes]]) -> bytes:
    """Replace stretches of a part.

    Args:
        xml: The part.
        changes: (start, end, replacement) triples that do not overlap, in any order.
    """
    out: list[bytes] = []
    at = 0
    for start, end, piece in sorted(changes, key=lambda change: change[:2]):
        out += [xml[at:start], piece]
        at = end
    return b"".join([*out, xml[at:]])
