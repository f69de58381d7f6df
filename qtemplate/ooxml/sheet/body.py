"""The body of a sheet that the program writes as a whole: findings, change log.

Texts stand inline here although the workbook has shared strings: a body is made anew at every run, and its old texts
would stay behind in the shared strings for ever. The same rows again give the same bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import zip_longest

from msgspec import Struct, field

from qtemplate.ooxml.cells import CellValue, CellWriter, DateKind, Serial, Settled, SettledFormula
from qtemplate.ooxml.markup import attribute, set_attribute
from qtemplate.ooxml.references import column_name
from qtemplate.ooxml.sheet.row_heights import column_widths, height_for, width_of
from qtemplate.ooxml.sheet.row_splice import cells_of, row_tag
from qtemplate.ooxml.sheet.stream import Row
from qtemplate.ooxml.styles import Styles


class SheetBody(Struct, frozen=True):
    """New contents of a program-written sheet.

    Args:
        sheet: Its name.
        first_row: Everything from this worksheet row on is replaced.
        rows: Values from column A on, one list a row; at most 5,000 rows are expected.
        cell_formats: Every cell keeps the format that stands in its place, and every row its height, instead of those
            of the first row; for a sheet that is no list.
        like: With `cell_formats`: worksheet row -> the one whose formats its cells take where they have none.
    """

    sheet: str
    first_row: int
    rows: Sequence[Sequence[CellValue]]
    cell_formats: bool = False
    like: Mapping[int, int] = field(default_factory=dict)


class BodyRewrite:
    """A sheet's body being replaced while the sheet streams by.

    Args:
        first_row: The worksheet row of the first body row.
        rows: Settled values from column A on.
        cell_formats, like: As in `SheetBody`.
    """

    def __init__(
        self,
        first_row: int,
        rows: Sequence[Sequence[Settled]],
        *,
        cell_formats: bool = False,
        like: Mapping[int, int] | None = None,
    ) -> None:
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
        self._cell_formats = cell_formats
        self._like = like or {}
        self._places: dict[int, tuple[bytes, dict[int, int | None]]] = {}

    def swallow(self, row: Row, prefix: bytes) -> None:
        """Take in a row of the old body; the first one lends its formats."""
        self._old.update(row.raw)
        if b"<%sf" % prefix in row.mask:
            self.removed_formula = True
        if self._cell_formats:
            styles = {cell.column: cell.style for cell in cells_of(row, prefix)}
            self._places[row.number] = row_tag(row), styles
        elif not self._seen:
            self._seen = True
            self._tag = row_tag(row)
            self._styles = {cell.column: cell.style for cell in cells_of(row, prefix)}

    def render(self, writer: CellWriter, styles: Callable[[], Styles], head: bytes) -> bytes:
        """The new body.

        Args:
            writer: Writes the cells, texts inline.
            styles: Gives the workbook's formats; called when a column holds dates, or texts in a format of its own.
            head: The sheet before its rows, which says how wide its columns are.
        """
        if self._cell_formats:
            body = b"".join(self._in_place(writer, styles))
            self.changed = hashlib.sha256(body).digest() != self._old.digest()
            return body
        formats = self._formats(styles)
        columns = [(column_name(at).encode(), formats.get(at)) for at in range(1, max(self.width, *formats, 0) + 1)]
        wrapped = self._wrapped(formats, styles, head)
        row_tag, end, p = self._start_of_rows(writer.prefix), b"</%srow>" % writer.prefix, writer.prefix
        known: dict[tuple[str, int | None], bytes] = {}  # the texts of a log are few, and said again and again
        out = []
        for number, values in enumerate(self._rows or [[]], self.first_row):
            texts = ((values[at - 1], width, size) for at, width, size in wrapped if at <= len(values))
            height = height_for((text, width, size) for text, width, size in texts if isinstance(text, str))
            tag = row_tag if height is None else set_attribute(row_tag, b"ht", f"{height:g}")
            out.append(set_attribute(tag, b"r", str(number)))
            for value, (name, style) in zip_longest(values, columns):
                if isinstance(value, str):
                    rest = known.get((value, style)) or known.setdefault((value, style), writer.rest(style, value))
                elif value is None and style is None:
                    continue
                else:
                    rest = writer.rest(style, value)
                out.append(b'<%sc r="%s%d"%s' % (p, name, number, rest))
            out.append(end)
        body = b"".join(out)
        self.changed = hashlib.sha256(body).digest() != self._old.digest()
        return body

    def _in_place(self, writer: CellWriter, styles: Callable[[], Styles]) -> Iterator[bytes]:
        """The rows, each in the formats that stand there; one that is empty only if it has any."""
        p, names = writer.prefix, [column_name(at) for at in range(1, self.width + 1)]
        last = max(self.last_row, *self._places, 0)
        for number in range(self.first_row, last + 1):
            tag, formats = self._places.get(number, (b"<%srow>" % p, {}))
            at = number - self.first_row
            values = self._rows[at] if at < len(self._rows) else ()
            if number in self._like:
                other: dict[int, int | None] = self._places.get(self._like[number], (b"", {}))[1]
                filled = [column for column, value in enumerate(values, 1) if value is not None]
                formats = {**formats, **{each: other.get(each) for each in filled if formats.get(each) is None}}
            cells = []
            for column in range(1, max(len(values), *formats, 0) + 1):
                value, style = values[column - 1] if column <= len(values) else None, formats.get(column)
                if value is None and style is None:
                    continue
                if isinstance(value, Serial):
                    style = styles().dated(style, value.kind)
                name = names[column - 1] if column <= len(names) else column_name(column)
                cells.append(b'<%sc r="%s%d"%s' % (p, name.encode(), number, writer.rest(style, value)))
            if cells or number in self._places:
                start = _opened(set_attribute(set_attribute(tag, b"spans", None), b"r", str(number)))
                yield start + b"".join(cells) + b"</%srow>" % p

    def _formats(self, styles: Callable[[], Styles]) -> dict[int, int | None]:
        """One format a column, so that which row comes first does not matter at the next run."""
        formats = dict(self._styles)
        kinds: dict[int, set[DateKind]] = {}
        for row in self._rows:
            for column, value in enumerate(row, 1):
                if isinstance(value, Serial):
                    kinds.setdefault(column, set()).add(value.kind)
        for column, found in sorted(kinds.items()):
            mixed = DateKind.DATETIME if len(found) > 1 else found.pop()
            formats[column] = styles().dated(formats.get(column), mixed)
        return formats

    def _wrapped(
        self, formats: dict[int, int | None], styles: Callable[[], Styles], head: bytes
    ) -> list[tuple[int, float, float]]:
        """The columns of wrapped texts, their widths and sizes of type; none where people chose how high rows are."""
        styled = [(at, style) for at, style in formats.items() if style]
        if not styled or not self._rows or self._fitted:
            return []
        widths, known = column_widths(head), styles()
        return [(at, width_of(at, widths), known.size(style)) for at, style in styled if known.wraps(style)]

    @property
    def _fitted(self) -> bool:
        return attribute(self._tag, b"customHeight") in ("1", "true")

    def _start_of_rows(self, prefix: bytes) -> bytes:
        """The start tag of every row, but for its number."""
        tag = self._tag or b"<%srow>" % prefix
        for name in (b"hidden", b"collapsed", b"spans", *(() if self._fitted else (b"ht",))):
            tag = set_attribute(tag, name, None)
        return _opened(tag)


def _opened(tag: bytes) -> bytes:
    """The start tag of an element that holds something."""
    return tag[:-2].rstrip() + b">" if tag.endswith(b"/>") else tag
