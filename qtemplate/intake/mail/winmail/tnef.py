"""Reads winmail.dat, in which Exchange and Outlook wrap a mail for each other: its files and its body.

Small and own: the one library for it was last released in 2021. Whatever does not fit is passed over and said.

Sources: [MS-OXTNEF] sections 2.1.1-2.1.3 (stream, attributes, properties), [MS-OXPROPS] for the properties' numbers.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from msgspec import Struct, field

from ..charsets import decode
from ..problems import Problem

_SIGNATURE = 0x223E9F78
_BODY, _CODE_PAGE, _MESSAGE, _NEW_FILE, _TITLE, _DATA, _FILE = 0x800C, 0x9007, 0x9003, 0x9002, 0x8010, 0x800F, 0x9005
_TEXT, _HTML, _RTF, _INTERNET_PAGE = 0x1000, 0x1013, 0x1009, 0x3FDE
_LONG_NAME, _SHORT_NAME, _SHOWN_NAME, _OBJECT, _MEDIA_TYPE = 0x3707, 0x3704, 0x3001, 0x3701, 0x370E
_FIXED = {0x2: 4, 0x3: 4, 0x4: 4, 0xA: 4, 0xB: 4, 0x5: 8, 0x6: 8, 0x7: 8, 0x14: 8, 0x40: 8, 0x48: 16}
_SIZED = {0x1E, 0x1F, 0xD, 0x102}
_PAGES = {
    936: "gb18030",
    950: "big5",
    932: "shift_jis",
    949: "euc-kr",
    65001: "utf-8",
    54936: "gb18030",
    20127: "us-ascii",
}


class WrappedFile(Struct):
    """A file in a winmail.dat; filled while the stream is read."""

    name: str = ""
    media_type: str = ""
    data: bytes = b""


class Wrapped(Struct):
    """What a winmail.dat holds. Bodies are empty where there are none; `rtf` is still compressed."""

    files: list[WrappedFile] = field(default_factory=list)
    text: str = ""
    html: str = ""
    rtf: bytes = b""
    label: str = ""


def read_tnef(data: bytes, where: str, problems: list[Problem]) -> Wrapped | None:
    """Read a TNEF stream; None if it is none."""
    if len(data) < 6 or struct.unpack_from("<I", data)[0] != _SIGNATURE:
        problems.append(Problem("tnef", where=where))
        return None
    wrapped = Wrapped()
    try:
        for attribute, value in _attributes(data):
            _take(wrapped, attribute, value, where, problems)
    except (struct.error, ValueError):
        problems.append(Problem("tnef", where=where))
    return wrapped


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Number and value of each attribute of the stream."""
    at = 6
    while at < len(data):
        attribute, length = struct.unpack_from("<xII", data, at)
        end = at + 9 + length
        if end + 2 > len(data):
            raise ValueError("cut short")
        yield attribute & 0xFFFF, data[at + 9 : end]
        at = end + 2


def _take(wrapped: Wrapped, attribute: int, value: bytes, where: str, problems: list[Problem]) -> None:
    if attribute == _CODE_PAGE and len(value) >= 4:
        page = struct.unpack_from("<I", value)[0]
        wrapped.label = _PAGES.get(page, f"cp{page}")
    elif attribute == _BODY:
        wrapped.text = decode(value.rstrip(b"\0"), wrapped.label, where, problems)
    elif attribute == _MESSAGE:
        _take_message(wrapped, dict(_properties(value)), where, problems)
    elif attribute == _NEW_FILE:
        wrapped.files.append(WrappedFile())
    elif attribute in (_TITLE, _DATA, _FILE):
        if not wrapped.files:
            wrapped.files.append(WrappedFile())
        _take_file(wrapped.files[-1], attribute, value, wrapped.label, problems)


def _take_message(wrapped: Wrapped, found: dict[int, tuple[int, bytes]], where: str, problems: list[Problem]) -> None:
    label = wrapped.label
    if _INTERNET_PAGE in found:
        page = struct.unpack_from("<I", found[_INTERNET_PAGE][1])[0]
        label = _PAGES.get(page, f"cp{page}")
    if _TEXT in found:
        wrapped.text = _string(*found[_TEXT], wrapped.label, where, problems)
    if _HTML in found:
        kind, value = found[_HTML]
        wrapped.html = _string(kind, value, label, where, problems)
    wrapped.rtf = found.get(_RTF, (0, b""))[1]


def _take_file(file: WrappedFile, attribute: int, value: bytes, label: str, problems: list[Problem]) -> None:
    if attribute == _TITLE:
        file.name = file.name or decode(value.rstrip(b"\0"), label, "winmail.dat", problems)
    elif attribute == _DATA:
        file.data = value
    else:
        found = dict(_properties(value))
        for number in (_SHOWN_NAME, _SHORT_NAME, _LONG_NAME):
            if number in found:
                file.name = _string(*found[number], label, "winmail.dat", problems) or file.name
        if _MEDIA_TYPE in found:
            file.media_type = _string(*found[_MEDIA_TYPE], label, "winmail.dat", problems).lower()
        kind, value = found.get(_OBJECT, (0, b""))
        file.data = file.data or (value[16:] if kind == 0xD else value)  # an object begins with the id of its interface


def _string(kind: int, value: bytes, label: str, where: str, problems: list[Problem]) -> str:
    if kind == 0x1F:
        return value.decode("utf-16-le", "replace").rstrip("\0")
    return decode(value.rstrip(b"\0"), label, where, problems)


def _properties(data: bytes) -> Iterator[tuple[int, tuple[int, bytes]]]:
    """Number, type and value of each MAPI property; of several values the first. Named ones are passed over."""
    at = 4
    for _ in range(min(struct.unpack_from("<I", data)[0], 10_000)):
        kind, number = struct.unpack_from("<HH", data, at)
        at += 4
        if number >= 0x8000:
            at = _pass_name(data, at)
        several, kind = kind & 0x1000, kind & ~0x1000
        count = 1
        if several or kind in _SIZED:
            count = struct.unpack_from("<I", data, at)[0]
            at += 4
        value = b""
        for index in range(count):
            length = _FIXED.get(kind, 4)
            if kind in _SIZED:
                length = struct.unpack_from("<I", data, at)[0]
                at += 4
            if at + length > len(data):
                raise ValueError("cut short")
            value = data[at : at + length] if index == 0 else value
            at += -(-length // 4) * 4
        if number < 0x8000:
            yield number, (kind, value)


def _pass_name(data: bytes, at: int) -> int:
    """Where the value of a named property begins."""
    kind, length = struct.unpack_from("<16xII", data, at)
    return at + 24 if kind == 0 else at + 24 + -(-length // 4) * 4
