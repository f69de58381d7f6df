"""The first rows of a long sheet, without reading the others: a header is looked for in nothing else.

calamine knows no part of a sheet, so it is given one that ends early.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from qtemplate.ooxml.reading.scan import ROOT

LONG: Final = 400_000
"""Bytes of a sheet's part from which on the copy costs less than the rows that it spares."""

_ROW_END: Final = re.compile(rb"</(?:\w+:)?row\s*>")


def cut_after(pieces: Iterator[bytes], rows: int) -> bytes | None:
    """A sheet's part up to the end of its first rows that have cells, closed.

    Args:
        pieces: The part. All of it is unpacked, so that an archive that is damaged further down is found here, too.
        rows: So many.

    Returns:
        The bytes; None where it has no more rows than that.
    """
    head, end = b"", 0
    for piece in pieces:
        if not end:
            head += piece
            ends = list(islice(_ROW_END.finditer(head), rows + 1))
            end = ends[rows - 1].end() if len(ends) > rows else 0
    root = ROOT.search(head)
    if root is None or not end:
        return None
    prefix = root[1] + b":" if root[1] else b""
    return head[:end] + b"</%ssheetData></%sworksheet>" % (prefix, prefix)
