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
from qtemplate.ooxml.sheet.row_splice import formats_of, row_tag
from qtemplate.ooxml.sheet.stream import Stretch
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
        self.writes_formula = any(SettledFormula in map(type, row) for row in rows)
        self.changed = False
        self._rows = rows
        self._old = hashlib.sha256()
        self._tag = b""
        self._styles: dict[int, int | None] = {}
        self._seen = False
        self._cell_formats = cell_formats
        self._like = like or {}
        self._places: dict[int, tuple[bytes, dict[int, int | None]]] = {}

    def swallow(self, rows: Stretch, prefix: bytes) -> None:
        """Take in rows of the old body; the first one lends its formats."""
        self._old.update(rows.raw)
        if b"<%sf" % prefix in rows.mask:
            self.removed_formula = True
        if self._cell_formats:
            for row in map(rows.row, range(len(rows.numbers))):
                self._places[row.number] = row_tag(row), formats_of(row, prefix)
        elif not self._seen:
            self._seen, first = True, rows.row(0)
            self._tag, self._styles = row_tag(first), formats_of(first, prefix)

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
        formats, p = self._formats(styles), writer.prefix
        columns = [
            (b'<%sc r="%s' % (p, column_name(at).encode()), style, _Rests(writer, style))
            for at, style in ((at, formats.get(at)) for at in range(1, max(self.width, *formats, 0) + 1))
        ]
        wrapped = [(at - 1, _Heights(width, size)) for at, width, size in self._wrapped(formats, styles, head)]
        starts, end = _Starts(self._start_of_rows(p)), b"</%srow>" % p
        out: list[bytes] = []
        for number, values in enumerate(self._rows or [[]], self.first_row):
            texts = [(values[at], heights) for at, heights in wrapped if at < len(values)]
            height = max([heights[text] for text, heights in texts if type(text) is str], default=0.0)
            here = b"%d" % number
            before, after = starts[height]
            out += (before, here, after)
            for value, (start, style, rests) in zip_longest(values, columns):
                if type(value) is str or type(value) is Serial:
                    out += (start, here, rests[value])
                elif value is not None or style is not None:
                    out += (start, here, b'"', writer.rest(style, value))
            out.append(end)
        body = b"".join(out)
        self.changed = hashlib.sha256(body).digest() != self._old.digest()
        return body

    def _in_place(self, writer: CellWriter, styles: Callable[[], Styles]) -> Iterator[bytes]:
        """The rows, each in the formats that stand there; one that is empty only if it has any."""
        p = writer.prefix
        last = max(self.last_row, *self._places, 0)
        for number in range(self.first_row, last + 1):
            tag, formats = self._places.get(number, (b"<%srow>" % p, {}))
            at = number - self.first_row
            values = self._rows[at] if at < len(self._rows) else ()
            filled = {column for column, value in enumerate(values, 1) if value is not None}
            if number in self._like:
                other: dict[int, int | None] = self._places.get(self._like[number], (b"", {}))[1]
                formats = {**formats, **{each: other.get(each) for each in filled if formats.get(each) is None}}
            cells = []
            for column in sorted(filled.union(at for at, style in formats.items() if style is not None)):
                value, style = values[column - 1] if column <= len(values) else None, formats.get(column)
                if type(value) is Serial:
                    style = styles().dated(style, value.kind)
                name = column_name(column).encode()
                cells.append(b'<%sc r="%s%d"%s' % (p, name, number, writer.rest(style, value)))
            if cells or number in self._places:
                start = _opened(set_attribute(set_attribute(tag, b"spans", None), b"r", str(number)))
                yield start + b"".join(cells) + b"</%srow>" % p

    def _formats(self, styles: Callable[[], Styles]) -> dict[int, int | None]:
        """One format a column, so that which row comes first does not matter at the next run."""
        formats = dict(self._styles)
        kinds: dict[int, set[DateKind]] = {}
        for column, values in enumerate(zip_longest(*self._rows), 1):
            if Serial in map(type, values):
                kinds[column] = {value.kind for value in values if type(value) is Serial}
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


class _Rests(dict[str | Serial, bytes]):
    """What follows the number of a row in the cell of a text or a date; a log says the same few again and again."""

    def __init__(self, writer: CellWriter, style: int | None) -> None:
        self._writer, self._style = writer, style

    def __missing__(self, value: str | Serial) -> bytes:
        self[value] = rest = b'"' + self._writer.rest(self._style, value)
        return rest


class _Heights(dict[str, float]):
    """The heights of a column's wrapped texts; 0 where a line of the usual type will do."""

    def __init__(self, width: float, size: float) -> None:
        self._width, self._size = width, size

    def __missing__(self, text: str) -> float:
        self[text] = height = height_for([(text, self._width, self._size)]) or 0.0
        return height


class _Starts(dict[float, tuple[bytes, bytes]]):
    """The start tag of rows by their height, before and behind their number; 0 states none."""

    def __init__(self, tag: bytes) -> None:
        self._tag = tag

    def __missing__(self, height: float) -> tuple[bytes, bytes]:
        tag = set_attribute(self._tag, b"ht", f"{height:g}") if height else self._tag
        before, _, after = set_attribute(tag, b"r", "\0").partition(b"\0")  # no part of a workbook may hold this one
        self[height] = start = before, after
        return start


def _opened(tag: bytes) -> bytes:
    """The start tag of an element that holds something."""
    return tag[:-2].rstrip() + b">" if tag.endswith(b"/>") else tag
