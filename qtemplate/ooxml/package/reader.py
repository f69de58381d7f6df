"""An open workbook file: its parts by name, inflated in bounded pieces or copied raw. It knows no spreadsheets.

Reading and editing go through the same members and the same limits. For reading, what is damaged or odd matters only
where it is read; for editing everything is checked first.

Source: ECMA-376 part 2 (OPC) section 7.3 and annex B (physical package).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Self

from qtemplate.errors import WorkbookRefused
from qtemplate.ooxml.package.deflate import engine
from qtemplate.ooxml.package.directory import Member, broken, find_data, read_directory
from qtemplate.ooxml.package.editable import require_editable
from qtemplate.ooxml.package.limits import LARGEST_PART, refuse_bombs
from qtemplate.ooxml.package.packed_blocks import Block, BlockFacts, read_blocks
from qtemplate.ooxml.package.part_names import part_key

PIECE: Final = 1 << 18
"""Bytes of inflated XML handed out at a time; so much stays in a processor's own cache (1 MB: 5 % slower)."""

_READ: Final = 1 << 18
_STORED, _DEFLATED = 0, 8


class Package:
    """An open workbook file: its members by name; a context manager.

    Args:
        file: The file, closed with the package.
        editable: What cannot be edited is refused, and small parts must be well-formed. Else the package is read as far
            as it goes: what is odd or damaged counts only where it is needed.

    Raises:
        WorkbookRefused: `not_a_workbook`, `encrypted`, `zip_bomb`, `broken_package`; `zip64`, `duplicate_part`,
            `compression` if it is to be edited.
    """

    def __init__(self, file: BinaryIO, *, editable: bool = True) -> None:
        directory = read_directory(file)
        refuse_bombs(directory.members)
        if editable:
            require_editable(directory, file)
        self.file = file
        self.editable = editable
        self.members = directory.members
        self.end_record = directory.end_record
        self._by_name = {member.name: member for member in directory.members}
        self._by_key = {part_key(member.name): member for member in directory.members}
        self._engine = engine()

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open a workbook file for editing.

        Raises:
            WorkbookRefused: As above.
            OSError: The file cannot be opened.
        """
        file = path.open("rb")
        try:
            return cls(file)
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
        """The member of that part name, if there is one; one that is written just so goes before the others."""
        return self._by_name.get(name) or self._by_key.get(part_key(name))

    def member(self, name: str) -> Member:
        """The member of that part name.

        Raises:
            WorkbookRefused: `broken_package`, there is none.
        """
        member = self.find(name)
        if member is None:
            raise broken("missing", "the part {part} is missing", part=name)
        return member

    def pieces(
        self,
        name: str,
        blocks: Sequence[BlockFacts] = (),
        wanted: Callable[[range], bool] = lambda numbers: True,
    ) -> Iterator[bytes]:
        """Inflate a part in pieces of at most `PIECE` bytes, checking size and CRC.

        Args:
            name: The part name.
            blocks: The part's deflated blocks where they are known; the pieces are then `Block`s.
            wanted: Whether one of these numbers is asked for; a block of others is passed by, and gives no bytes.

        Raises:
            WorkbookRefused: `broken_package`, `compression`.
        """
        member = self.member(name)
        crc = total = 0
        for piece in self._read_blocks(member, blocks, wanted) if blocks else self._unpack(member):
            if isinstance(piece, Block) and piece.passed_by:
                total += piece.facts.size
                crc = piece.after(crc)
            else:
                total += len(piece)
                crc = self._engine.crc32(piece, crc)
            if total > member.size:
                raise broken("longer", "{part} is longer than its entry says", part=member.name)
            yield piece
        if total != member.size or crc != member.crc:
            raise broken("checksum", "{part} does not match its checksum", part=member.name)

    def read(self, name: str, limit: int = LARGEST_PART) -> bytes:
        """A whole part.

        Raises:
            WorkbookRefused: `too_large`, it has more bytes than `limit`; and as for `pieces`.
        """
        if (size := self.member(name).size) > limit:
            raise WorkbookRefused(
                "too_large",
                "{name} holds {size:,} bytes, and at most {most:,} are taken in. Save it again in Excel.",
                name=name,
                size=size,
                most=limit,
            )
        return b"".join(self.pieces(name))

    def packed(self, name: str) -> Block:
        """A whole part as one block, as it is deflated; nothing about its contents is checked.

        Raises:
            WorkbookRefused: `broken_package`, `compression`.
        """
        member = self.member(name)
        _require_deflated(member)
        begin = find_data(self.file, member)
        block = Block()
        block.packed, block.before = b"".join(self.raw(begin, begin + member.packed)), 0
        block.facts = BlockFacts(member.packed, member.size, 0, member.crc, None)
        return block

    def raw(self, start: int, end: int) -> Iterator[bytes]:
        """The file's own bytes from `start` to before `end`, in pieces.

        Raises:
            WorkbookRefused: `broken_package`, the file became shorter meanwhile.
        """
        while start < end:
            self.file.seek(start)
            piece = self.file.read(min(PIECE, end - start))
            if not piece:
                raise broken("short", "it ends early")
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

    def _unpack(self, member: Member) -> Iterator[bytes]:
        begin = find_data(self.file, member)
        if member.method == _STORED:
            return self.raw(begin, begin + member.packed)
        _require_deflated(member)
        return self._inflate(member, begin)

    def _read_blocks(
        self, member: Member, blocks: Sequence[BlockFacts], wanted: Callable[[range], bool]
    ) -> Iterator[bytes]:
        try:
            yield from read_blocks(self.file, find_data(self.file, member), blocks, wanted, self._engine)
        except self._engine.error as error:
            raise broken("packing", "{part} cannot be unpacked ({problem})", part=member.name, problem=error) from None

    def _inflate(self, member: Member, begin: int) -> Iterator[bytes]:
        inflater = self._engine.decompressobj(-15)
        position, end = begin, begin + member.packed
        try:
            while position < end and not inflater.eof:
                self.file.seek(position)
                packed = self.file.read(min(_READ, end - position))
                if not packed:
                    raise broken("short", "it ends early")
                position += len(packed)
                while packed and not inflater.eof:
                    # `max_length` keeps one hostile 256 KB read from becoming 256 MB.
                    if piece := inflater.decompress(packed, PIECE):
                        yield piece
                    packed = inflater.unconsumed_tail
            while not inflater.eof:
                piece = inflater.decompress(inflater.unconsumed_tail, PIECE)
                if not piece:
                    raise broken("cut", "{part} is cut off", part=member.name)
                yield piece
        except self._engine.error as error:
            raise broken("packing", "{part} cannot be unpacked ({problem})", part=member.name, problem=error) from None


def _require_deflated(member: Member) -> None:
    if member.method != _DEFLATED:
        raise WorkbookRefused(
            "compression.read",
            "The part {part} is packed with method {method}; only deflate is read.",
            part=member.name,
            method=member.method,
        )
