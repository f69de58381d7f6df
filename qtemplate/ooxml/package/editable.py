"""Archives that can be read but not be written again: every oddity whose raw copy could mean something else."""

from __future__ import annotations

from typing import BinaryIO, Final

from qtemplate.errors import WorkbookRefused
from qtemplate.ooxml.package.directory import Directory, Member, broken, find_data
from qtemplate.ooxml.package.part_names import part_key

_ENCRYPTED: Final = 0x41  # flag bits 0 and 6
_STORED, _DEFLATED = 0, 8


def require_editable(directory: Directory, file: BinaryIO) -> None:
    """Check every entry against its local record.

    Raises:
        WorkbookRefused: `zip64`, `encrypted`, `compression`, `duplicate_part`, `broken_package`.
    """
    if directory.zip64:
        raise WorkbookRefused("zip64", "The workbook is a zip64 archive, which is not edited. Save it again in Excel.")
    if len({member.offset for member in directory.members}) != len(directory.members):
        raise broken("shared_place", "two entries share one place")
    for member in directory.members:
        _require_sound(member, file)
    seen: set[str] = set()
    for member in directory.members:
        if (key := part_key(member.name)) in seen:
            raise WorkbookRefused(
                "duplicate_part", "The workbook holds {part} twice. Save it again in Excel.", part=member.name
            )
        seen.add(key)


def _require_sound(member: Member, file: BinaryIO) -> None:
    if member.flags & _ENCRYPTED:
        raise WorkbookRefused("encrypted.part", "The part {part} is encrypted.", part=member.name)
    if member.method not in (_STORED, _DEFLATED):
        raise WorkbookRefused(
            "compression",
            "The part {part} is packed with method {method}; only deflate is edited.",
            part=member.name,
            method=member.method,
        )
    if find_data(file, member) + member.packed > member.end:
        raise broken("overlaps", "{part} overlaps what follows it", part=member.name)
    if member.method == _STORED and member.packed != member.size:
        raise broken("two_sizes", "{part} is stored with two sizes", part=member.name)
