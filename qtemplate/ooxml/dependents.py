"""Whether a formula somewhere may depend on what was written: a cheap test that errs on the safe side only.

A chain of formulas that ends in a changed cell begins with one that names its sheet, its table or a defined name, or
that builds a reference from text. So no formula is evaluated; they are only searched for such words. On the changed
sheet itself references need no sheet name: there every formula counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from qtemplate.ooxml.markup import unescape
from qtemplate.ooxml.package.parts import Sheet, Workbook
from qtemplate.ooxml.package.reader import Package
from qtemplate.ooxml.references import column_number

_FORMULA: Final = re.compile(rb"<(?:[^\s<>/!?:]+:)?f(?=[\s>])[^<>]*>([^<]*)<")
_NOT_HERE: Final = re.compile(r"'(?:[^']|'')*'!|\[[^\[\]]*\]")  # what may look like a cell: 'B2 x'!, [B2]
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


def formulas_name_row(package: Package, workbook: Workbook, sheet: Sheet, row: int, columns: range) -> bool:
    """Whether a formula names a cell of one row by its address, so that the row cannot be moved behind its back.

    Args:
        package, workbook: The workbook as it is.
        sheet: Where the row stands.
        row: The worksheet row.
        columns: The columns that would be moved.

    Returns:
        True for a formula of the sheet itself, or one elsewhere that names the sheet; structured references do not
        count.
    """
    cell = rf"\$?(?P<column>[A-Z]{{1,3}})\$?{row}(?![\d(])"
    quoted = re.escape(sheet.name.replace("'", "''"))
    qualified = re.compile(rf"(?:'{quoted}'|(?<![\w.]){re.escape(sheet.name)})!(?:\$?[A-Z]{{1,3}}\$?\d+:)?{cell}", re.I)
    plain = re.compile(rf"(?<![\w.$!]){cell}", re.I)

    def names(text: str, own: bool) -> bool:
        found = [*qualified.finditer(text), *(plain.finditer(_NOT_HERE.sub("!", text)) if own else ())]
        return any(column_number(match["column"]) in columns for match in found)

    return any(
        names(text, other == sheet)
        for other in workbook.sheets
        if other.kind == "worksheet" and package.find(other.part) is not None
        for text in _formulas(package.pieces(other.part))
    )


def _names(pieces: Iterable[bytes], words: re.Pattern[str]) -> bool:
    return any(words.search(text) for text in _formulas(pieces))


def _formulas(pieces: Iterable[bytes]) -> Iterator[str]:
    """The text of every formula of a sheet; one at the seam of two pieces may come twice."""
    rest = b""
    for piece in pieces:
        data = rest + piece
        for found in _FORMULA.finditer(data):
            yield unescape(found[1].decode("utf-8", errors="replace"))
        start = max(data.rfind(b"<f"), data.rfind(b":f"))
        rest = data[max(start, len(data) - _UNFINISHED) :] if start >= 0 else data[-16:]


def _pattern(workbook: Workbook, changed: Sequence[Sheet], tables: Iterable[str]) -> re.Pattern[str]:
    words = [r"INDIRECT\(", _SPANS_SHEETS]
    for sheet in changed:
        words.append(re.escape(sheet.name) + "!")
        words.append(re.escape(sheet.name.replace("'", "''")) + "'!")
    names = [name for name in workbook.defined_names if not name.startswith("_xlnm.")]
    words += [rf"(?<!\w){re.escape(name)}(?!\w)" for name in [*tables, *names] if name]
    return re.compile("|".join(words), re.I)
