"""Blocks of a part that were deflated independently: copied as they stand, and not even unpacked if nobody asks.

What is remembered of a block is enough to check and rewrite a part without its bytes: the CRC-32 of the whole follows
from those of its blocks. Nothing here knows spreadsheets.

Source: zlib's `crc32_combine`, which rests on the same: CRC-32 is linear, and bytes that follow act on it as zeros do.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import ModuleType
from typing import BinaryIO, Final

from msgspec import Struct
from msgspec.structs import replace

from qtemplate.errors import WorkbookRefused
from qtemplate.ooxml.package.deflate import engine

_ZEROS: Final = memoryview(bytes(1 << 18))
_FULL32: Final = 0xFFFFFFFF


class BlockFacts(Struct, frozen=True):
    """What is remembered of a block.

    Args:
        packed, size: Its bytes deflated and inflated.
        check: CRC-32 of the deflated bytes.
        crc: CRC-32 of the inflated part up to the end of the block.
        numbers: Those of the `Numbered` piece it was made of; None for a block that is always unpacked.
    """

    packed: int
    size: int
    check: int
    crc: int
    numbers: range | None


Blocks = Mapping[str, Sequence[BlockFacts]]
"""Part name -> its deflated blocks, in order."""


class Numbered(bytes):
    """A piece of a part that only matters to those who ask for one of these numbers."""

    numbers: range


class Block(bytes):
    """A piece of a part that came from a deflated block; empty if the block was passed by.

    Attributes:
        packed: The deflated bytes.
        facts: What is known of it.
        before: CRC-32 of the part up to the block, where the facts were made.
    """

    packed: bytes
    facts: BlockFacts
    before: int

    @property
    def passed_by(self) -> bool:
        """Whether the bytes were left packed; a block that was unpacked is never empty."""
        return not self

    def after(self, crc: int) -> int:
        """The CRC-32 of a part up to the end of this block, given the one up to its beginning."""
        return self.facts.crc ^ move_crc(self.before ^ crc, self.facts.size)

    def facts_after(self, crc: int) -> BlockFacts:
        """The facts of the block where it stands behind bytes of that CRC-32."""
        return replace(self.facts, crc=self.after(crc))


def move_crc(difference: int, size: int) -> int:
    """The bits in which two CRC-32 differ after `size` equal bytes, given those in which they differed before."""
    if not difference:
        return 0
    crc32 = engine().crc32
    crc = difference ^ _FULL32  # taken through zeros without the inversions at both ends; they are as fast as any bytes
    while size > 0:
        crc = crc32(_ZEROS[:size], crc)
        size -= len(_ZEROS)
    moved: int = crc ^ _FULL32
    return moved


def read_blocks(
    file: BinaryIO, start: int, blocks: Sequence[BlockFacts], wanted: Callable[[range], bool], engine: ModuleType
) -> Iterator[Block]:
    """The blocks of a part.

    Args:
        file: The archive; others may read from it meanwhile.
        start: Where the part's deflated bytes begin.
        blocks: What is known of them.
        wanted: Whether one of these numbers is asked for; the other blocks are passed by.
        engine: The deflate implementation.

    Raises:
        WorkbookRefused: `broken_package`, these are other bytes.
    """
    before = 0
    for facts in blocks:
        file.seek(start)
        packed = file.read(facts.packed)
        start += facts.packed
        if zlib.crc32(packed) != facts.check:
            raise WorkbookRefused("broken_package.changed", "The workbook is not as it was left; read it again.")
        seen = facts.numbers is None or wanted(facts.numbers)
        block = Block(engine.decompressobj(-15).decompress(packed, facts.size) if seen else b"")
        block.packed, block.facts, block.before = packed, facts, before
        before = facts.crc
        yield block
