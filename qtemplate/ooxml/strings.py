"""The shared strings of a workbook: known texts found, new ones appended.

The part can be large, so it is streamed twice: once to count and find, once to copy it with the new strings put in.
Nothing that stands in it moves.

Source: ECMA-376 part 1 sections 18.4.9 (sst), 18.4.8 (si).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from msgspec import Struct, field

from qtemplate.errors import WorkbookRefused
from qtemplate.ooxml.cells import escape_text, text_element
from qtemplate.ooxml.markup import attribute, blank_comments, require_utf8, set_attribute

_ROOT: Final = re.compile(rb"<((?:[^\s<>/!?:]+:)?)sst(?=[\s/>])[^<>]*>")
_LARGEST_HEAD: Final = 1 << 16
_LARGEST_STRING: Final = 16 << 20


class SharedStrings(Struct):
    """Where texts stand in the shared strings.

    Args:
        part: The part name.
        index: Index of every wanted text, the new ones included.
        new: Texts to append, in order.
        root: Start and end of the root's start tag.
        insert_at: Where in the part new strings go.
        prefix: The prefix of the part's elements with its colon.
    """

    part: str
    index: dict[str, int] = field(default_factory=dict)
    new: list[str] = field(default_factory=list)
    root: tuple[int, int] = (0, 0)
    insert_at: int = 0
    prefix: bytes = b""


def index_strings(part: str, pieces: Iterable[bytes], wanted: Iterable[str]) -> SharedStrings:
    """Find the wanted texts among the shared strings and give numbers to those that are not there.

    Args:
        part: The part name.
        pieces: Its contents.
        wanted: Texts, in the order in which new ones are to be appended; repeats do no harm.

    Raises:
        WorkbookRefused: `broken_strings`, `encoding`.
    """
    strings = SharedStrings(part)
    texts = list(dict.fromkeys(wanted))
    forms: dict[bytes, str] = {}
    count, rest, begun = 0, b"", False
    for piece in pieces:
        rest += piece
        if not begun:
            root = _ROOT.search(blank_comments(rest))
            if root is None:
                if len(rest) > _LARGEST_HEAD:
                    break
                continue
            require_utf8(rest, part)
            strings.root, strings.prefix, begun = root.span(), root[1], True
            strings.insert_at = root.end()
            forms = _forms(texts, strings.prefix)
            rest = rest[root.end() :]
        items, end = _whole_items(rest, strings.prefix)
        if not end and len(rest) > _LARGEST_STRING:
            raise WorkbookRefused("broken_strings.end", "{part} holds a string without end.", part=part)
        if not forms.keys().isdisjoint(items):
            found = forms.keys() & set(items)
            places = {item: place for place, item in reversed(list(enumerate(items)))}
            for form in found:
                place = count + places[form]
                strings.index[forms[form]] = min(place, strings.index.get(forms[form], place))
        count += len(items)
        strings.insert_at += end
        rest = rest[end:]
    if not begun:
        raise WorkbookRefused("broken_strings", "{part} is not a list of shared strings.", part=part)
    for text in texts:
        if text not in strings.index:
            strings.index[text] = count + len(strings.new)
            strings.new.append(text)
    return strings


def _forms(texts: Iterable[str], prefix: bytes) -> dict[bytes, str]:
    """How programs write a plain text in the part, up to but without `</si>`."""
    forms: dict[bytes, str] = {}
    for text in texts:
        inner = escape_text(text)
        for start in (b"<%st>" % prefix, b'<%st xml:space="preserve">' % prefix):
            forms[b"<%ssi>%s%s</%st>" % (prefix, start, inner, prefix)] = text
        if not text:
            forms[b"<%ssi>%s" % (prefix, text_element(prefix, text))] = text
    return forms


def _whole_items(xml: bytes, prefix: bytes) -> tuple[list[bytes], int]:
    """The strings that end inside this stretch, each without its end tag, and where the last one ends."""
    mask = blank_comments(xml)
    close = b"</%ssi>" % prefix
    if mask is xml and b"<%ssi/>" % prefix not in xml and b"<%ssi />" % prefix not in xml:
        end = xml.rfind(close)
        return (xml[:end].split(close), end + len(close)) if end >= 0 else ([], 0)
    items, at = [], 0
    for found in re.finditer(rb"</%ssi>|<%ssi\s*/>" % (prefix, prefix), mask):
        items.append(xml[at : found.start()])
        at = found.end()
    return items, at


def rewrite_strings(strings: SharedStrings, pieces: Iterable[bytes], references: int) -> Iterator[bytes]:
    """The part with the new strings put in.

    Args:
        strings: What `index_strings` found in the same contents.
        pieces: The contents again.
        references: How many cells of the new version use a text that was written now; added to `count`.
    """
    p = strings.prefix
    added = b"".join(b"<%ssi>%s</%ssi>" % (p, text_element(p, text), p) for text in strings.new)
    source = iter(pieces)
    head = b""
    while len(head) < strings.root[1]:
        head += next(source)
    start, end = strings.root
    tag = head[start:end]
    for name, more in ((b"uniqueCount", len(strings.new)), (b"count", references)):
        known = attribute(tag, name)
        if known is not None and known.isdecimal() and len(known) < 10:
            tag = set_attribute(tag, name, str(int(known) + more))
    if tag.endswith(b"/>"):
        yield head[:start] + tag[:-2].rstrip() + b">" + added + b"</%ssst>" % p + head[end:]
        yield from source
        return
    yield head[:start] + tag
    at, rest = end, head[end:]
    while True:
        here = strings.insert_at - at
        if 0 <= here <= len(rest):
            yield rest[:here] + added + rest[here:]
            yield from source
            return
        yield rest
        at += len(rest)
        rest = next(source)
