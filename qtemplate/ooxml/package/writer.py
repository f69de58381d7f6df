"""The new archive: changed parts are deflated into a spool, everything else is copied raw. It knows no spreadsheets.

The spool is there because what a sheet needs from the styles, the strings and the workbook part is known only once the
sheet has streamed by, and those members often stand before it in the archive; members keep their order.

Source: APPNOTE.TXT 6.3.x sections 4.3.7 (local file header), 4.3.12 (central directory), 4.3.16 (end record).
"""

from __future__ import annotations

import hashlib
import struct
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import BinaryIO, Final, Self

from msgspec import Struct

from qtemplate.errors import WorkbookRefused
from qtemplate.ooxml.package.deflate import engine, new_compressor
from qtemplate.ooxml.package.directory import Member
from qtemplate.ooxml.package.packed_blocks import Block, BlockFacts, Blocks, Numbered
from qtemplate.ooxml.package.part_names import part_key
from qtemplate.ooxml.package.reader import PIECE, Package

_SPOOL_IN_MEMORY: Final = 4 << 20
_DESCRIPTOR: Final = 8  # flag bit 3: sizes follow the data
_FULL32: Final = 0xFFFFFFFF
_VERSION: Final = struct.pack("<H", 20)  # what a reader must know: 2.0, deflate


class _Staged(Struct, frozen=True):
    """A part deflated into the spool: where, and what its headers must say (bytes)."""

    start: int
    packed: int
    size: int
    crc: int


class PackageWriter:
    """Collects changed parts and writes the new archive; a context manager that owns the spool."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._engine = engine()
        self._spool = tempfile.SpooledTemporaryFile(max_size=_SPOOL_IN_MEMORY)  # noqa: SIM115 - closed in __exit__
        self._staged: dict[str, _Staged] = {}
        self._dropped: dict[str, str] = {}
        self._added: dict[str, str] = {}
        self._blocks: dict[str, list[BlockFacts]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._spool.close()

    def put(self, name: str, blocks: Iterable[bytes]) -> None:
        """Deflate new contents for a part; a name the package does not have is added at the end.

        Every block is deflated on its own, which makes pieces of 256 KB 1 % larger: a `Block` of the part as it was is
        then copied and not deflated again, which is what costs most in a patch.

        Args:
            name: The part name.
            blocks: The contents, consumed at once; the numbers of `Numbered` ones are remembered.
        """
        former = self._package.find(name)
        if former is None:
            self._added[part_key(name)] = name
        compressor = new_compressor(0 if former is None else former.size)
        start = self._spool.seek(0, 2)
        crc = size = 0
        known = []
        for block in blocks:
            if isinstance(block, Block):
                packed, facts = block.packed, block.facts_after(crc)
            elif block:
                packed = compressor.compress(block) + compressor.flush(zlib.Z_FULL_FLUSH)
                numbers = block.numbers if isinstance(block, Numbered) else None
                crc = self._engine.crc32(block, crc)
                facts = BlockFacts(len(packed), len(block), self._engine.crc32(packed), crc, numbers)
            else:
                continue
            crc = facts.crc
            size += facts.size
            known.append(facts)
            self._spool.write(packed)
        self._spool.write(compressor.flush())
        self._staged[part_key(name)] = _Staged(start, self._spool.tell() - start, size, crc)
        self._blocks[name] = known

    @property
    def blocks(self) -> Blocks:
        """The deflated blocks of the parts that were put."""
        return self._blocks

    def keep(self, name: str) -> None:
        """Forget what was put: the part keeps its bytes after all."""
        self._staged.pop(part_key(name), None)
        self._blocks.pop(name, None)

    def drop(self, name: str) -> None:
        """Leave the part out of the new archive."""
        self._dropped[part_key(name)] = self._package.member(name).name

    @property
    def changed(self) -> tuple[str, ...]:
        """Names of the parts that differ from the package, in its order; added ones last."""
        known = [m.name for m in self._package.members if part_key(m.name) in (self._staged | self._dropped)]
        return (*known, *self._added.values())

    def write(self, out: BinaryIO) -> str:
        """Write the new archive.

        Args:
            out: A file open for writing, at its beginning.

        Returns:
            The sha256 of what was written, in hex.

        Raises:
            WorkbookRefused: `zip64`, the result would need it.
        """
        digest = hashlib.sha256()
        position = 0

        def emit(block: bytes) -> None:
            nonlocal position
            out.write(block)
            digest.update(block)
            position += len(block)

        records: dict[str, bytes] = {}
        for member in sorted(self._package.members, key=lambda m: m.offset):
            key = part_key(member.name)
            if key in self._dropped:
                continue
            staged = self._staged.get(key)
            records[key] = _central_record(member, staged, position)
            if staged is None:
                for block in self._package.raw(member.offset, member.end):
                    emit(block)
            else:
                emit(_local_header(member, staged))
                for block in self._spooled(staged):
                    emit(block)
        central = [records[part_key(m.name)] for m in self._package.members if part_key(m.name) in records]
        for key, name in self._added.items():
            staged = self._staged[key]
            header, record = _new_records(name.encode("ascii"), staged, position)
            emit(header)
            for block in self._spooled(staged):
                emit(block)
            central.append(record)
        start = position
        for record in central:
            emit(record)
        if position > _FULL32 or len(central) >= 0xFFFF:
            raise WorkbookRefused(
                "zip64.target", "The edited workbook would need a zip64 archive, which is not written."
            )
        end = bytearray(self._package.end_record)
        struct.pack_into("<HHII", end, 8, len(central), len(central), position - start, start)
        emit(bytes(end))
        return digest.hexdigest()

    def _spooled(self, staged: _Staged) -> Iterator[bytes]:
        self._spool.seek(staged.start)
        left = staged.packed
        while left:
            block = self._spool.read(min(PIECE, left))
            left -= len(block)
            yield block


def _central_record(member: Member, staged: _Staged | None, offset: int) -> bytes:
    record = bytearray(member.central)
    if staged is not None:
        record[6:8] = _VERSION
        struct.pack_into("<HH", record, 8, member.flags & ~_DESCRIPTOR, 8)
        struct.pack_into("<III", record, 16, staged.crc, staged.packed, staged.size)
    struct.pack_into("<I", record, 42, offset & _FULL32)
    return bytes(record)


def _local_header(member: Member, staged: _Staged) -> bytes:
    """A local header in keeping with the central record, without the old extra field (its sizes would be stale)."""
    when = member.central[12:16]
    name = member.name_bytes
    sizes = struct.pack("<IIIHH", staged.crc, staged.packed, staged.size, len(name), 0)
    return b"PK\3\4" + _VERSION + struct.pack("<HH", member.flags & ~_DESCRIPTOR, 8) + when + sizes + name


def _new_records(name: bytes, staged: _Staged, offset: int) -> tuple[bytes, bytes]:
    """Local header and central record of an added part; dated 1980-01-01 so that equal input gives equal bytes."""
    body = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 0x21, staged.crc, staged.packed, staged.size, len(name), 0)
    header = b"PK\3\4" + body + name
    record = b"PK\1\2" + struct.pack("<H", 20) + body + struct.pack("<HHHII", 0, 0, 0, 0, offset & _FULL32) + name
    return header, record
