"""Whether a formula somewhere may depend on what was written: a cheap test that is never wrong the dangerous way.

A chain of formulas that ends in a changed cell begins with one that names its sheet, its table or a defined name, or
that builds a reference from text. So no formula is evaluated; they are only searched for these words. On the changed
sheet itself references need no sheet name: there every formula counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from qtemplate.sheets.markup import unescape
from qtemplate.sheets.package import Package
from qtemplate.sheets.parts import Sheet, Workbook

_FORMULA: Final = re.compile(rb"<(?:[^\s<>/!?:]+:)?f(?=[\s>])[^<>]*>([^<]*)<")
_UNFINISHED: Final = 1 << 16  # a formula has at most 8,192 characters
_SPANS_SHEETS: Final = r":[^'!:]+'?!"  # Sheet1:Sheet5!A1


def formulas_depend_on(package: Package, workbook: Workbook, changed: Sequence[Sheet], tables: Iterable[str]) -> bool:
    """Whether a formula on an unchanged sheet may read a changed one.

    Args:
        package, workbook: The workbook as it is.
        changed: Sheets on which cells were written.
        tables: Names of all tables on them.

    Returns:
        True as soon as one formula names a changed sheet, a table on it, any defined name, or uses INDIRECT.

    Raises:
        WorkbookRefused: A sheet cannot be read.
    """
    words = _pattern(workbook, changed, tables)
    others = [sheet for sheet in workbook.sheets if sheet.kind == "worksheet" and sheet not in changed]
    sizes = {sheet: member.size for sheet in others if (member := package.find(sheet.part)) is not None}
    # Small ones first: dashboards are small, and one hit is enough.
    return any(_names(package.pieces(sheet.part), words) for sheet in sorted(sizes, key=lambda s: sizes[s]))


def _names(pieces: Iterable[bytes], words: re.Pattern[str]) -> bool:
    rest = b""
    for piece in pieces:
        data = rest + piece
        for found in _FORMULA.finditer(data):
            if words.search(unescape(found[1].decode("utf-8", errors="replace"))):
                return True
        start = max(data.rfind(b"<f"), data.rfind(b":f"))
        rest = data[max(start, len(data) - _UNFINISHED) :] if start >= 0 else data[-16:]
    return False


def _pattern(workbook: Workbook, changed: Sequence[Sheet], tables: Iterable[str]) -> re.Pattern[str]:
    words = [r"INDIRECT\(", _SPANS_SHEETS]
    for sheet in changed:
        words.append(re.escape(sheet.name) + "!")
        words.append(re.escape(sheet.name.replace("'", "''")) + "'!")
    names = [name for name in workbook.defined_names if not name.startswith("_xlnm.")]
    words += [rf"(?<!\w){re.escape(name)}(?!\w)" for name in [*tables, *names] if name]
    return re.compile("|".join(words), re.I)
