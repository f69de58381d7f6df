"""The zip layer of a workbook, reading side: members found by hand, copied raw or inflated in bounded pieces.

Nothing here knows spreadsheets. `zipfile` is not used because it cannot hand out a member's raw local record, and
because a hostile archive must end in a refusal, never in another exception, a hang or a full memory.

Source: APPNOTE.TXT 6.3.x sections 4.3 and 4.4 (zip); ECMA-376 part 2 (OPC) section 7.3 and annex B (physical package).
"""

from __future__ import annotations

import hashlib
import importlib
import struct
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Any, BinaryIO, Final, Self
from urllib.parse import unquote

from qtemplate.errors import WorkbookRefused
from qtemplate.ooxml.package.packed_blocks import Block, BlockFacts, read_blocks

PIECE: Final = 1 << 18
"""Bytes of inflated XML handed out at a time; so much stays in a processor's own cache (1 MB: 5 % slower)."""

LARGEST_SHEET: Final = 2 << 30
"""A part that is streamed may inflate to this many bytes: about twelve times 100,000 rows of 40 columns."""

LARGEST_PART: Final = 48 << 20
"""A part that is held in memory may inflate to this many bytes."""

_BOMB_SIZE: Final = 64 << 20
_BOMB_RATIO: Final = 400  # sheets of nothing but equal empty cells stay below 150; deflate itself ends near 1030
_READ: Final = 1 << 18
_END: Final = struct.Struct("<4sHHHHIIH")
_CENTRAL: Final = struct.Struct("<4sHHHHHHIIIHHHHHII")
_LOCAL: Final = struct.Struct("<4sHHHHHIIIHH")
_OLE_MAGIC: Final = b"\xd0\xcf\x11\xe0"
_FULL32: Final = 0xFFFFFFFF


@cache  # a failed import is looked for again at every call
def compression_engine() -> tuple[ModuleType, int]:
    """The deflate implementation and its level.

    Returns:
        ISA-L when the extra `fast` is installed (a fifth of the time, files about a quarter larger), else zlib at
        level 4: the register is given back sooner, and the next save by an office program packs it at level 6 again.
        Measured on sheets of 30 to 250 MB, against level 6: level 5 takes 0.65 of the time for 2 to 4 % more bytes,
        level 4 0.44 for 13 to 20 %, level 1 0.28 for 40 %.
    """
    try:
        return importlib.import_module("isal.isal_zlib"), 2
    except ImportError:
        return zlib, 4


def new_compressor() -> Any:
    """A compressor of raw deflate, of that engine and level."""
    engine, level = compression_engine()
    # markup repeats in long stretches: zlib need not look for short ones, which makes files 3 % smaller
    return engine.compressobj(level, 8, -15, 8, zlib.Z_FILTERED if engine is zlib else zlib.Z_DEFAULT_STRATEGY)


@dataclass(frozen=True, slots=True)
class Member:
    """One member of the archive.

    Args:
        name: As stored, decoded.
        flags, method, crc, packed, size: As in the central directory; sizes in bytes.
        offset: Where its local record begins in the file.
        data: Where its compressed bytes begin.
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
    data: int
    end: int
    central: bytes

    @property
    def name_bytes(self) -> bytes:
        """The name as stored, undecoded."""
        length: int = struct.unpack_from("<H", self.central, 28)[0]
        return self.central[46 : 46 + length]


def part_key(name: str) -> str:
    """The form in which part names are compared.

    Source: ECMA-376 part 2 section 6.3.5: part names are equivalent when they match ignoring ASCII case.
    Programs differ in whether a relationship or the archive writes a space as %20.
    """
    return unquote(name.replace("\\", "/")).lstrip("/").lower()


def _broken(what: str) -> WorkbookRefused:
    return WorkbookRefused(
        "broken_package",
        f"The file is not a whole workbook ({what}). Restore an earlier version or save it again in Excel.",
    )


class Package:
    """An open workbook file: its members by name.

    Use `Package.open`; it is a context manager. Every defect of the file raises `WorkbookRefused`.
    """

    def __init__(self, file: BinaryIO, members: list[Member], central: int, end_record: bytes) -> None:
        self.file = file
        self.members = members
        self.central_offset = central
        self.end_record = end_record
        self._by_key = {part_key(member.name): member for member in members}
        self._engine, _ = compression_engine()

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open a workbook file and check that its archive can be edited.

        Args:
            path: The file.

        Raises:
            WorkbookRefused: `not_a_workbook`, `encrypted`, `zip64`, `duplicate_part`, `compression`,
                `broken_package`.
            OSError: The file cannot be opened.
        """
        file = path.open("rb")
        try:
            end, end_record, size = _find_end(file)
            count, length, offset = _END.unpack_from(end_record)[4:7]
            if not count:
                raise WorkbookRefused("not_a_workbook", "The file is a zip archive that holds nothing.")
            if count == 0xFFFF or _FULL32 in (length, offset):
                raise WorkbookRefused("zip64", "The workbook is a zip64 archive, which is not edited.")
            shift = 0
            file.seek(offset)
            if file.read(4) != b"PK\1\2":
                shift = end - length - offset  # bytes somebody put before the archive
            if shift < 0 or length > size:
                raise _broken("its table of contents lies outside the file")
            file.seek(offset + shift)
            members = _read_members(file, file.read(length), count, shift, offset + shift)
            return cls(file, members, offset + shift, end_record)
        except BaseException:
            file.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.file.close()

    def find(self, name: str) -> Member | None:
        """The member of that part name, if there is one."""
        return self._by_key.get(part_key(name))

    def member(self, name: str) -> Member:
        """The member of that part name.

        Raises:
            WorkbookRefused: `broken_package`, there is none.
        """
        member = self.find(name)
        if member is None:
            raise _broken(f"the part {name} is missing")
        return member

    def pieces(
        self,
        name: str,
        limit: int = LARGEST_SHEET,
        blocks: Sequence[BlockFacts] = (),
        wanted: Callable[[range], bool] = lambda numbers: True,
    ) -> Iterator[bytes]:
        """Inflate a part in pieces of at most `PIECE` bytes, checking size and CRC.

        Args:
            name: The part name.
            limit: Refuse a part that inflates to more bytes than this.
            blocks: The part's deflated blocks where they are known; the pieces are then `Block`s.
            wanted: Whether one of these numbers is asked for; a block of others is passed by, and gives no bytes.

        Raises:
            WorkbookRefused: `too_large`, `zip_bomb`, `broken_package`.
        """
        member = self.member(name)
        if member.size > limit:
            raise WorkbookRefused("too_large", f"{name} holds {member.size:,} bytes; at most {limit:,} are edited.")
        if member.size > _BOMB_SIZE and member.size > _BOMB_RATIO * member.packed:
            raise WorkbookRefused("zip_bomb", f"{name} unpacks to {member.size:,} bytes from {member.packed:,}.")
        crc = total = 0
        stream = self._inflate(member) if member.method == 8 else self._stored(member)
        for piece in self._read_blocks(member, blocks, wanted) if blocks else stream:
            if isinstance(piece, Block) and piece.passed_by:
                total += piece.facts.size
                crc = piece.after(crc)
            else:
                total += len(piece)
                crc = self._engine.crc32(piece, crc)
            if total > member.size:
                raise _broken(f"{name} is longer than its entry says")
            yield piece
        if total != member.size or crc != member.crc:
            raise _broken(f"{name} does not match its checksum")

    def read(self, name: str, limit: int = LARGEST_PART) -> bytes:
        """A whole part; see `pieces`."""
        return b"".join(self.pieces(name, limit))

    def raw(self, start: int, end: int) -> Iterator[bytes]:
        """The file's own bytes from `start` to before `end`, in pieces.

        Raises:
            WorkbookRefused: `broken_package`, the file became shorter meanwhile.
        """
        while start < end:
            self.file.seek(start)
            piece = self.file.read(min(PIECE, end - start))
            if not piece:
                raise _broken("it ends early")
            start += len(piece)
            yield piece

    def copy(self, out: BinaryIO) -> str:
        """Copy the whole file.

        Args:
            out: A file open for writing, at its beginning.

        Returns:
            The sha256 of the file, in hex.
        """
        digest = hashlib.sha256()
        for piece in self.raw(0, self.file.seek(0, 2)):
            digest.update(piece)
            out.write(piece)
        return digest.hexdigest()

    def digest(self) -> str:
        """The sha256 of the whole file, in hex."""
        digest = hashlib.sha256()
        for piece in self.raw(0, self.file.seek(0, 2)):
            digest.update(piece)
        return digest.hexdigest()

    def _stored(self, member: Member) -> Iterator[bytes]:
        return self.raw(member.data, member.data + member.packed)

    def _read_blocks(
        self, member: Member, blocks: Sequence[BlockFacts], wanted: Callable[[range], bool]
    ) -> Iterator[bytes]:
        try:
            yield from read_blocks(self.file, member.data, blocks, wanted, self._engine)
        except self._engine.error as error:
            raise _broken(f"{member.name} cannot be unpacked: {error}") from None

    def _inflate(self, member: Member) -> Iterator[bytes]:
        inflater = self._engine.decompressobj(-15)
        position, end = member.data, member.data + member.packed
        try:
            while position < end and not inflater.eof:
                self.file.seek(position)
                packed = self.file.read(min(_READ, end - position))
                if not packed:
                    raise _broken("it ends early")
                position += len(packed)
                while packed and not inflater.eof:
                    # `max_length` keeps one hostile 256 KB read from becoming 256 MB.
                    if piece := inflater.decompress(packed, PIECE):
                        yield piece
                    packed = inflater.unconsumed_tail
            while not inflater.eof:
                piece = inflater.decompress(inflater.unconsumed_tail, PIECE)
                if not piece:
                    raise _broken(f"{member.name} is cut off")
                yield piece
        except self._engine.error as error:
            raise _broken(f"{member.name} cannot be unpacked: {error}") from None


def _find_end(file: BinaryIO) -> tuple[int, bytes, int]:
    """Where the end record begins, its bytes with the comment, and the file's size."""
    file.seek(0)
    if file.read(4) == _OLE_MAGIC:
        raise _refuse_ole(file)
    size = file.seek(0, 2)
    reach = min(size, _END.size + 0xFFFF)
    file.seek(size - reach)
    tail = file.read(reach)
    at = tail.rfind(b"PK\5\6")
    while at >= 0:
        if at + _END.size <= len(tail):
            _, disk, first_disk, here, count, _, _, comment = _END.unpack_from(tail, at)
            if at + _END.size + comment <= len(tail):
                if (disk, first_disk) != (0, 0) or here != count:
                    raise _broken("it is one volume of several")
                if tail[max(0, at - 20) : at].startswith(b"PK\6\7"):
                    raise WorkbookRefused("zip64", "The workbook is a zip64 archive, which is not edited.")
                return size - reach + at, tail[at : at + _END.size + comment], size
        at = tail.rfind(b"PK\5\6", 0, at)
    raise WorkbookRefused("not_a_workbook", "The file is not an .xlsx or .xlsm workbook, or it is cut off.")


def _refuse_ole(file: BinaryIO) -> WorkbookRefused:
    """An OLE file is an encrypted workbook or one of the old binary kind."""
    mark, tail = "EncryptedPackage".encode("utf-16-le"), b""
    while piece := file.read(PIECE):
        if mark in tail + piece:
            return WorkbookRefused("encrypted", "The workbook is encrypted (password or rights protection).")
        tail = piece[-len(mark) :]
    return WorkbookRefused("not_a_workbook", "The file is an old .xls workbook; save it as .xlsx.")


def _read_members(file: BinaryIO, directory: bytes, count: int, shift: int, central: int) -> list[Member]:
    """Parse the central directory and check every local record against it.

    Returns:
        The members in the order of the central directory.
    """
    raw: list[tuple[int, int]] = []
    at = 0
    for _ in range(count):
        if directory[at : at + 4] != b"PK\1\2" or at + _CENTRAL.size > len(directory):
            raise _broken("its table of contents is damaged")
        name, extra, comment = struct.unpack_from("<HHH", directory, at + 28)
        end = at + _CENTRAL.size + name + extra + comment
        if end > len(directory):
            raise _broken("its table of contents is cut off")
        raw.append((at, end))
        at = end
    offsets = sorted(struct.unpack_from("<I", directory, start + 42)[0] + shift for start, _ in raw)
    following = dict(zip(offsets, [*offsets[1:], central], strict=True))
    if len(following) != len(offsets):
        raise _broken("two entries share one place")
    members = [_read_member(file, directory[start:end], shift, following) for start, end in raw]
    seen: set[str] = set()
    for member in members:
        if (key := part_key(member.name)) in seen:
            raise WorkbookRefused("duplicate_part", f"The workbook holds {member.name} twice.")
        seen.add(key)
    return members


def _read_member(file: BinaryIO, record: bytes, shift: int, following: dict[int, int]) -> Member:
    _, _, _, flags, method, _, _, crc, packed, size, name_length, *_, offset = _CENTRAL.unpack_from(record)
    if _FULL32 in (packed, size, offset):
        raise WorkbookRefused("zip64", "The workbook is a zip64 archive, which is not edited.")
    name_bytes = record[_CENTRAL.size : _CENTRAL.size + name_length]
    name = name_bytes.decode("utf-8" if flags & 0x800 else "cp437", errors="replace")
    if flags & 0x41:
        raise WorkbookRefused("encrypted", f"The part {name} is encrypted.")
    if method not in (0, 8):
        raise WorkbookRefused("compression", f"The part {name} is packed with method {method}; only deflate is edited.")
    start = offset + shift
    file.seek(start)
    head = file.read(_LOCAL.size)
    if len(head) < _LOCAL.size or not head.startswith(b"PK\3\4"):
        raise _broken(f"{name} is not where its entry says")
    local_name, local_extra = _LOCAL.unpack(head)[9:11]
    if file.read(local_name) != name_bytes:
        raise _broken(f"{name} has another name in its own header")
    data = start + _LOCAL.size + local_name + local_extra
    end = following[start]
    if data + packed > end:
        raise _broken(f"{name} overlaps what follows it")
    if method == 0 and packed != size:
        raise _broken(f"{name} is stored with two sizes")
    return Member(name, flags, method, crc, packed, size, start, data, end, record)
