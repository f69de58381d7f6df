"""How much a workbook may unpack to, for reading and for editing alike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from qtemplate.errors import WorkbookRefused
from qtemplate.ooxml.package.directory import Member

MOST_BYTES: Final = 4 << 30
"""Unpacked size of all parts together; a register of a million rows stays below."""

MOST_RATIO: Final = 400
"""Sheets of nothing but equal empty cells stay below 150; deflate itself ends near 1030."""

RATIO_FROM: Final = 64 << 20
"""Parts smaller than this may pack as well as they like."""

LARGEST_PART: Final = 256 << 20
"""A part that is held in memory as a whole: formats, tables, relationships. Excel's own limits end far below."""


def refuse_bombs(members: Sequence[Member]) -> None:
    """Refuse an archive that would unpack to an absurd size.

    Raises:
        WorkbookRefused: `zip_bomb`.
    """
    for member in members:
        if member.size > RATIO_FROM and member.size > MOST_RATIO * max(member.packed, 1):
            raise WorkbookRefused(
                "zip_bomb.part",
                "The file is damaged, or a zip bomb: {part} would unpack from {packed:,} bytes to {size:,}. Find out "
                "where it comes from.",
                part=member.name,
                packed=member.packed,
                size=member.size,
            )
    total = sum(member.size for member in members)
    if total > MOST_BYTES:
        raise WorkbookRefused(
            "zip_bomb",
            "The file is damaged, or a zip bomb: it would unpack to {total:,} bytes, and {most:,} is the most that "
            "is unpacked. Find out where it comes from, or move old records to another workbook.",
            total=total,
            most=MOST_BYTES,
        )
