"""The body of a sheet that the program writes as a whole: findings, change log.

Texts stand inline here although the workbook has shared strings: a body is made anew at every run, and its old texts
would stay behind in the shared strings for ever. The same rows again give the same bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from qtemplate.sheets.cells import CellValue, CellWriter, DateKind, Serial, Settled, SettledFormula
from qtemplate.sheets.markup import attribute, set_attribute
from qtemplate.sheets.references import column_name
from qtemplate.sheets.row_splice import cells_of, row_tag
from qtemplate.sheets.sheet_stream import Row
from qtemplate.sheets.styles import Styles


@dataclass(frozen=True, slots=True)
class SheetBody:
    """New contents of a program-written sheet.

    Args:
        sheet: Its name.
        first_row: Everything from this worksheet row on is replaced.
        rows: Values from column A on, one list a row; at most 5,000 rows are expected.
    """

    sheet: str
    first_row: int
    rows: Sequence[Sequence[CellValue]]


class BodyRewrite:
    """A sheet's body being replaced while the sheet streams by.

    Args:
        first_row: The worksheet row of the first body row.
        rows: Settled values from column A on.
    """

    def __init__(self, first_row: int, rows: Sequence[Sequence[Settled]]) -> None:
        self.first_row = first_row
        self.last_row = first_row + max(len(rows), 1) - 1
        self.width = max((len(row) for row in rows), default=0)
        self.removed_formula = False
        self.writes_formula = any(isinstance(value, SettledFormula) for row in rows for value in row)
        self.changed = False
        self._rows = rows
        self._old = hashlib.sha256()
        self._tag = b""
        self._styles: dict[int, int | None] = {}
        self._seen = False

    def swallow(self, row: Row, prefix: bytes) -> None:
        """Take in a row of the old body; the first one lends its formats."""
        self._old.update(row.raw)
        if b"<%sf" % prefix in row.mask:
            self.removed_formula = True
        if not self._seen:
            self._seen = True
            self._tag = row_tag(row)
            self._styles = {cell.column: cell.style for cell in cells_of(row, prefix)}

    def render(self, writer: CellWriter, styles: Callable[[], Styles]) -> bytes:
        """The new body.

        Args:
            writer: Writes the cells, texts inline.
            styles: Gives the workbook's formats; called when a column holds dates.
        """
        formats = self._formats(styles)
        out = []
        for place, values in enumerate(self._rows or [[]]):
            number = self.first_row + place
            cells = []
            for column in range(1, max(len(values), *formats, 0) + 1):
                value = values[column - 1] if column <= len(values) else None
                style = formats.get(column)
                if value is not None or style is not None:
                    cells.append(writer.cell(f"{column_name(column)}{number}", style, value))
            tag = self._start_row(number, writer.prefix)
            out.append(tag + b"".join(cells) + b"</%srow>" % writer.prefix)
        body = b"".join(out)
        self.changed = hashlib.sha256(body).digest() != self._old.digest()
        return body

    def _formats(self, styles: Callable[[], Styles]) -> dict[int, int | None]:
        """One format a column, so that which row comes first does not matter at the next run."""
        formats = dict(self._styles)
        for column in range(1, self.width + 1):
            kinds = {
                row[column - 1].kind  # type: ignore[union-attr] # the filter below says so
                for row in self._rows
                if column <= len(row) and isinstance(row[column - 1], Serial)
            }
            if kinds:
                mixed = DateKind.DATETIME if len(kinds) > 1 else kinds.pop()
                formats[column] = styles().dated(formats.get(column), mixed)
        return formats

    def _start_row(self, number: int, prefix: bytes) -> bytes:
        if not self._tag:
            return b'<%srow r="%d">' % (prefix, number)
        tag = set_attribute(self._tag, b"r", str(number))
        fitted = attribute(tag, b"customHeight") in ("1", "true")
        for name in (b"hidden", b"collapsed", b"spans", *(() if fitted else (b"ht",))):
            tag = set_attribute(tag, name, None)
        return tag[:-2].rstrip() + b">" if tag.endswith(b"/>") else tag
