"""The table of contents of a zip archive, read by hand.

`zipfile` is not used: it cannot hand out a member's raw local record, and a hostile archive must end in a refusal,
never in another exception, a hang or a full memory. Whatever office programs read is listed here, odd or not;
`editable` says what may be written again.

Source: APPNOTE.TXT 6.3.x sections 4.3 (records), 4.3.14 and 4.5.3 (zip64) and 4.4 (fields).
"""

from __future__ import annotations

import struct
from typing import BinaryIO, Final

from msgspec import Struct

from qtemplate.errors import WorkbookRefused

_END: Final = struct.Struct("<4sHHHHIIH")
_END64: Final = struct.Struct("<4sQHHIIQQQQ")
_LOCATOR64: Final = 20  # bytes
_CENTRAL: Final = struct.Struct("<4sHHHHHHIIIHHHHHII")
_LOCAL: Final = struct.Struct("<4sHHHHHIIIHH")
_ZIP64_FIELD: Final = 1
_PIECE: Final = 1 << 18
_OLE_MAGIC: Final = b"\xd0\xcf\x11\xe0"
_FULL32: Final = 0xFFFFFFFF


class Member(Struct, frozen=True):
    """One member of the archive.

    Args:
        name: As stored, decoded.
        flags, method, crc, packed, size: As in the central directory; sizes in bytes.
        offset: Where its local record begins in the file.
        end: Where its local record, descriptor and any gap end: the next record's offset.
        central: The raw central directory record.
    """

    name: str
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    offset: int
    end: int
    central: bytes

    @property
    def name_bytes(self) -> bytes:
        """The name as stored, undecoded."""
        length: int = struct.unpack_from("<H", self.central, 28)[0]
        return self.central[_CENTRAL.size : _CENTRAL.size + length]


class Directory(Struct, frozen=True):
    """What an archive holds.

    Args:
        members: In the order of the central directory.
        end_record: The raw record at its end, with the archive's comment.
        zip64: Whether sizes and places are said in the 64-bit form anywhere.
    """

    members: tuple[Member, ...]
    end_record: bytes
    zip64: bool


class _End(Struct, frozen=True):
    """What the end record says: where it begins itself, and count, length and place of the central directory."""

    at: int
    record: bytes
    count: int
    length: int
    offset: int
    zip64: bool


def broken(which: str, what: str, **facts: object) -> WorkbookRefused:
    """The refusal of a damaged archive: which damage, and what it is, with the facts' names in braces."""
    sentence = f"The file is damaged: {what}. Restore an earlier version or save it again in Excel."
    return WorkbookRefused(f"broken_package.{which}", sentence, **facts)


def read_directory(file: BinaryIO) -> Directory:
    """Read the table of contents.

    Raises:
        WorkbookRefused: `not_a_workbook`, `encrypted`, `broken_package`.
    """
    _refuse_ole(file)
    size = file.seek(0, 2)
    end = _find_end(file, size)
    if end.length > size or end.offset > size:
        raise broken("contents_outside", "its table of contents lies outside the file")
    shift = 0
    file.seek(end.offset)
    if end.count and file.read(4) != b"PK\1\2":
        shift = end.at - end.length - end.offset  # bytes somebody put before the archive
    if shift < 0:
        raise broken("contents_outside", "its table of contents lies outside the file")
    file.seek(end.offset + shift)
    members, zip64 = _read_members(file.read(end.length), end.count, shift, end.offset + shift)
    return Directory(members, end.record, zip64 or end.zip64)


def find_data(file: BinaryIO, member: Member) -> int:
    """Where the compressed bytes of a member begin, behind its local record.

    Raises:
        WorkbookRefused: `broken_package`, there is no such record, or one of another name.
    """
    file.seek(member.offset)
    head = file.read(_LOCAL.size)
    if len(head) < _LOCAL.size or not head.startswith(b"PK\3\4"):
        raise broken("misplaced", "{part} is not where its entry says", part=member.name)
    name, extra = _LOCAL.unpack(head)[9:11]
    if file.read(name) != member.name_bytes:
        raise broken("renamed", "{part} has another name in its own header", part=member.name)
    begin: int = member.offset + _LOCAL.size + name + extra
    return begin


def _refuse_ole(file: BinaryIO) -> None:
    """An OLE file is an encrypted workbook or one of the old binary kind."""
    file.seek(0)
    if file.read(4) != _OLE_MAGIC:
        return
    mark, tail = "EncryptedPackage".encode("utf-16-le"), b""
    while piece := file.read(_PIECE):
        if mark in tail + piece:
            raise WorkbookRefused(
                "encrypted",
                "The workbook is protected by a password or by rights management; save it without (File, Info, "
                "Protect Workbook).",
            )
        tail = piece[-len(mark) :]
    raise WorkbookRefused("not_a_workbook.old", "The file is in the old .xls or .et format; save it as .xlsx.")


def _find_end(file: BinaryIO, size: int) -> _End:
    """The end record, the last one whose comment is whole; its 64-bit form where there is one."""
    reach = min(size, _END.size + 0xFFFF)
    file.seek(size - reach)
    tail = file.read(reach)
    at = tail.rfind(b"PK\5\6")
    while at >= 0:
        if at + _END.size <= len(tail):
            _, disk, first_disk, here, count, length, offset, comment = _END.unpack_from(tail, at)
            if at + _END.size + comment <= len(tail):
                full = 0xFFFF in (disk, first_disk, count) or _FULL32 in (length, offset)
                if here != count or not {disk, first_disk} <= {0, 0xFFFF}:
                    raise broken("volume", "it is one volume of several, or its end does not fit the rest")
                record, place = tail[at : at + _END.size + comment], size - reach + at
                return _find_end64(file, _End(place, record, count, length, offset, full))
        at = tail.rfind(b"PK\5\6", 0, at)
    raise WorkbookRefused(
        "not_a_workbook",
        "The file is damaged, its end is missing, or it is no .xlsx or .xlsm workbook at all; restore a backup.",
    )


def _find_end64(file: BinaryIO, end: _End) -> _End:
    """The 64-bit record that stands before the end record and its locator."""
    start = end.at - _LOCATOR64 - _END64.size
    file.seek(max(start, 0))
    before = file.read(end.at - max(start, 0))
    if not before[-_LOCATOR64:].startswith(b"PK\6\7"):
        return end
    if start < 0 or not before.startswith(b"PK\6\6"):
        return _End(end.at, end.record, end.count, end.length, end.offset, True)
    count, length, offset = _END64.unpack_from(before)[7:10]
    return _End(start, end.record, count, length, offset, True)


def _read_members(directory: bytes, count: int, shift: int, central: int) -> tuple[tuple[Member, ...], bool]:
    """The entries of the central directory, and whether one of them is in the 64-bit form.

    Args:
        directory: Its bytes.
        count: How many entries there shall be.
        shift: What must be added to every place.
        central: Where it begins.
    """
    found = []
    at = 0
    zip64 = False
    for _ in range(count):
        if directory[at : at + 4] != b"PK\1\2" or at + _CENTRAL.size > len(directory):
            raise broken("contents_damaged", "its table of contents is damaged")
        name, extra, comment = struct.unpack_from("<HHH", directory, at + 28)
        end = at + _CENTRAL.size + name + extra + comment
        if end > len(directory):
            raise broken("contents_cut", "its table of contents is cut off")
        record = directory[at:end]
        sizes = struct.unpack_from("<II", record, 20) + struct.unpack_from("<I", record, 42)
        if _FULL32 in sizes:
            zip64 = True
            sizes = _wide(record[_CENTRAL.size + name : _CENTRAL.size + name + extra], sizes)
        found.append((record, sizes))
        at = end
    places = [min(offset + shift, central) for _, (_, _, offset) in found]  # nothing begins behind its own entry
    offsets = sorted(places)
    following = dict(zip(offsets, [*offsets[1:], central], strict=False))  # one more, if there are none
    members = (
        _member(record, sizes, start, following[start]) for (record, sizes), start in zip(found, places, strict=True)
    )
    return tuple(members), zip64


def _wide(extra: bytes, sizes: tuple[int, ...]) -> tuple[int, ...]:
    """Packed size, size and place, those that are full taken from the zip64 field, where size comes first."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        field = extra[at + 4 : at + 4 + length]
        at += 4 + length
        if kind == _ZIP64_FIELD:
            packed, size, offset = sizes
            values = iter(number for (number,) in struct.iter_unpack("<Q", field[: len(field) // 8 * 8]))
            size = next(values, size) if size == _FULL32 else size
            packed = next(values, packed) if packed == _FULL32 else packed
            offset = next(values, offset) if offset == _FULL32 else offset
            return packed, size, offset
    return sizes


def _member(record: bytes, sizes: tuple[int, ...], start: int, end: int) -> Member:
    _, _, _, flags, method, _, _, crc, _, _, name_length, *_ = _CENTRAL.unpack_from(record)
    packed, size, _ = sizes
    name = record[_CENTRAL.size : _CENTRAL.size + name_length].decode(
        "utf-8" if flags & 0x800 else "cp437", errors="replace"
    )
    if flags & 1:
        raise WorkbookRefused(
            "encrypted.archive",
            "The file is an encrypted zip archive ({name}); save it as .xlsx without a password.",
            name=name,
        )
    return Member(name, flags, method, crc, packed, size, start, end, record)
