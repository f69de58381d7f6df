"""Merged areas of long sheets: nobody asks for a register's, and looking for them is a third of reading it.

calamine looks for them with the cells, in a second pass of its own that ends at the first `mergeCells`. So it is given
one at the beginning of each long part, and the areas are read apart where they are asked for.

Source: ECMA-376 part 1, 18.3.1.55 (mergeCells), which stand behind the cells; RFC 1951, 3.2 (deflated bytes may follow
others, for they refer to what they repeat by its distance).
"""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Iterable
from typing import Final

from qtemplate.errors import WorkbookRefused
from qtemplate.ooxml.package.reader import Package
from qtemplate.ooxml.package.writer import PackageWriter

LONG: Final = 3_000_000
"""Bytes of a sheet's part from which on the second pass costs more than this copy of the archive."""

_NONE: Final = b"<mergeCells></mergeCells>"
_CELLS: Final = re.compile(rb"(<(?:\w+:)?sheetData(?=[\s/>])[^>]*(?<!/)>).*(?=</(?:\w+:)?sheetData\s*>)", re.DOTALL)


def long_parts(package: Package, parts: Iterable[str]) -> frozenset[str]:
    """Those of a workbook's sheets that are worth the copy."""
    members = {part: package.find(part) for part in parts}
    return frozenset(part for part, member in members.items() if member is not None and member.size >= LONG)


def without_merges(data: bytes, parts: Collection[str]) -> bytes | None:
    """The archive with parts that seem to have no merged areas, None where nothing can be put in front of them.

    Args:
        data: Its bytes.
        parts: The sheets'.
    """
    made = io.BytesIO()
    try:
        with Package(io.BytesIO(data)) as package, PackageWriter(package) as writer:
            for part in parts:
                writer.put(part, [_NONE, package.packed(part)])
            writer.write(made)
    except WorkbookRefused:
        return None
    return made.getvalue()


def without_cells(xml: bytes) -> bytes:
    """A sheet's part whose rows are left out."""
    return _CELLS.sub(rb"\1", xml)
