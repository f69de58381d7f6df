"""A table gets columns at its right end: header, formats, widths, validations, and everything that spanned the table.

Source: ECMA-376 part 1 sections 18.5.1.2 (table), 18.5.1.3 (tableColumn: `id` unique in the table, `name` equal to the
header cell), 18.5.1.4 (tableColumns).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from qtemplate.errors import WorkbookRefused
from qtemplate.ooxml.adding.column_looks import ColumnLook, look_of, set_looks
from qtemplate.ooxml.adding.validations import Validation, add_validations
from qtemplate.ooxml.adding.widening import Widening
from qtemplate.ooxml.cells import CellValue, Settled, escape_text
from qtemplate.ooxml.markup import Tag, attribute, blank_comments, set_attribute, splice, tags
from qtemplate.ooxml.package.tables import Table
from qtemplate.ooxml.references import LAST_ROW, Area
from qtemplate.ooxml.sheet.new_cells import NewCell, Room
from qtemplate.ooxml.sheet.row_splice import cells_of, row_tag, style_of
from qtemplate.ooxml.sheet.stream import Row, Stretch
from qtemplate.ooxml.sheet.tail import stretch_areas
from qtemplate.ooxml.styles import Styles

SAMPLES: Final = 5
"""Data rows whose formats are looked at: one row coloured by hand must not colour a whole column."""


class CellBlock(Struct, frozen=True):
    """Cells under a header that are no Excel table.

    Args:
        sheet: The sheet's name.
        area: Header row and data rows; new columns come right of it.
    """

    sheet: str
    area: Area


class LongerTable(Struct, frozen=True):
    """An Excel table that takes in the rows below it first, as Excel does when somebody types there.

    Args:
        name: The table's name.
        last_row: The last worksheet row that belongs into it. A table that reaches so far already stays as it is; so
            does one with a totals row, or one that a query fills.
    """

    name: str
    last_row: int


class NewColumn(Struct, frozen=True):
    """A column to be added.

    Args:
        header: Its header; in a table no other column may have it.
        like: Header of the column of the table whose formats it takes; the last one's if empty.
        above: Header of the column whose format it takes in the row above the table, where nothing stands there; none
            if empty.
        number_format: Of its data cells, such as `yyyy-mm-dd`, instead of that column's.
        width: In characters; None leaves it as it is.
        outline: Level of the column group it belongs to, 0 = none.
        hidden: It is folded away.
        validation: What may be typed into its data cells, down to the end of the sheet.
        values: Of its data cells, from the first row on.
    """

    header: str
    like: str = ""
    above: str = ""
    number_format: str | None = None
    width: float | None = None
    outline: int = 0
    hidden: bool = False
    validation: Validation | None = None
    values: Sequence[CellValue] = ()


class PlannedColumn(Struct, frozen=True):
    """A new column with what is known before the sheet is streamed.

    Args:
        asked: As it was asked for.
        model: The worksheet column whose formats it takes.
        style: The format of its data cells.
        values: Settled, from the first data row on.
        above: The worksheet column whose format it takes in the row above the table.
    """

    asked: NewColumn
    model: int
    style: int
    values: Sequence[Settled] = ()
    above: int | None = None


class ColumnGrowth:
    """Columns added to one table or block, while its sheet streams by; an `Addition`.

    Args:
        table: The table; one without a part stands for cells that are none.
        columns: The new columns, left to right.
    """

    def __init__(self, table: Table, columns: Sequence[PlannedColumn]) -> None:
        own = table.area
        self.table = table
        self._columns = dict(enumerate(columns, own.last_column + 1))
        band = own.first_row > 1 and any(column.above is not None for column in columns)
        self.rows = range(own.first_row - band, max(own.last_row, table.first_data_row - 1 + self._longest) + 1)
        self.area = Area(own.first_row, own.last_column + 1, self.rows[-1], own.last_column + len(columns))
        self.widening = Widening(table.sheet, own, self.area.last_column)

    @property
    def _longest(self) -> int:
        return max((len(column.values) for column in self._columns.values()), default=0)

    def open_formats(self, styles: Callable[[], Styles]) -> None:
        """Turn the number formats that were asked for into formats of cells; called once, before the sheet streams."""
        for at, column in self._columns.items():
            if (code := column.asked.number_format) is not None:
                self._columns[at] = replace(column, style=styles().formatted(column.style, code))

    def head(self, head: bytes, prefix: bytes) -> bytes:
        """Widths and groups; whole columns get a format where the model has one."""
        looks = {}
        for at, column in self._columns.items():
            model, asked = look_of(head, column.model), column.asked
            style = None if model.style is None else column.style
            width = asked.width if asked.width is not None or style is None else model.width
            looks[at] = ColumnLook(width, style, asked.outline, asked.hidden)
        return set_looks(head, prefix, looks)

    def cells(self, number: int, row: Row | None, prefix: bytes) -> Mapping[int, NewCell]:
        """The new cells of one row: the header, values, and the formats of all."""
        first, last = self.table.first_data_row, self.table.last_data_row
        place, beside = number - first, Room.BESIDE
        if first <= number <= last or (not self.table.part and number > last):
            return {
                at: NewCell(column.values[place] if place < len(column.values) else None, column.style, beside)
                for at, column in self._columns.items()
            }
        found = {} if row is None else {cell.column: cell.style or 0 for cell in cells_of(row, prefix)}
        base = None if row is None else style_of(row_tag(row))
        if number < self.area.first_row:
            return {
                at: NewCell(None, found[column.above], beside)
                for at, column in self._columns.items()
                if column.above in found and at not in found
            }
        return {
            at: NewCell(column.asked.header if number < first else None, found.get(column.model, base), beside)
            for at, column in self._columns.items()
        }

    def tail(self, tail: bytes, prefix: bytes) -> bytes:
        """Validations, conditional formats and the filter that spanned the columns span them again; new validations."""
        mask = blank_comments(tail)
        filters: list[tuple[int, int, bytes]] = []
        for tag in tags(mask):
            text = attribute(tail[tag.start : tag.end], b"ref") if tag.name == b"autoFilter" else None
            filtered = Area.parse(text or "")
            if filtered is not None and filtered.meets(self.area):
                raise WorkbookRefused(
                    "beside_table.filter",
                    "{sheet}: the filter over {area} stands to the right of the table.",
                    sheet=self.table.sheet,
                    area=filtered,
                )
            if filtered is not None and (wider := self.widening.apply(str(text))) != text:
                # people sort by its arrows: rows whose new cells stayed behind would be torn apart
                filters.append((tag.start, tag.end, set_attribute(tail[tag.start : tag.end], b"ref", wider)))
        if filters:
            tail = splice(tail, filters)
            mask = blank_comments(tail)
        tail = stretch_areas(tail, mask, [self.widening])
        last = self.table.last_data_row if self.table.totals_rows else LAST_ROW
        first = self.table.first_data_row
        new = [
            (column.asked.validation, Area(first, at, last, at))
            for at, column in self._columns.items()
            if column.asked.validation is not None
        ]
        return add_validations(tail, prefix, new)

    def rewrite(self, xml: bytes) -> bytes:
        """The table part with its new columns.

        Raises:
            WorkbookRefused: `broken_table`, its list of columns does not end.
        """
        changes: list[tuple[int, int, bytes]] = []
        numbers: list[int] = []
        listed: Tag | None = None
        end: Tag | None = None
        for tag in tags(blank_comments(xml)):
            text = xml[tag.start : tag.end]
            if tag.name == b"tableColumns":
                listed, end = (listed, tag) if tag.closing else (tag, end)
            elif tag.closing:
                continue
            elif tag.name == b"tableColumn":
                number = attribute(text, b"id") or ""
                numbers.append(int(number) if number.isdecimal() else 0)
            elif tag.name in (b"table", b"autoFilter", b"sortState"):
                old = attribute(text, b"ref")
                new = old if old is None else self.widening.apply(old)
                if new is not None and new != old:
                    changes.append((tag.start, tag.end, set_attribute(text, b"ref", new)))
        if listed is None or end is None:
            raise WorkbookRefused(
                "broken_table.no_columns", "The table {table!r} has no list of columns.", table=self.table.name
            )
        head = xml[listed.start : listed.end]
        count = str(len(numbers) + len(self._columns))
        changes.append((listed.start, listed.end, set_attribute(head, b"count", count)))
        made = b"".join(
            self._column(listed.prefix, number, column)
            for number, column in enumerate(self._columns.values(), max(numbers, default=0) + 1)
        )
        changes.append((end.start, end.start, made))
        return splice(xml, changes)

    @staticmethod
    def _column(prefix: bytes, number: int, column: PlannedColumn) -> bytes:
        name = escape_text(column.asked.header).replace(b'"', b"&quot;").replace(b"\n", b"_x000a_")
        return b'<%stableColumn id="%d" name="%s"/>' % (prefix, number, name)


def prevailing(styles: Iterable[int]) -> int:
    """The format most cells have; the last one's when none prevails."""
    found = list(styles)
    counts = Counter(found)
    return max(reversed(found), key=lambda style: counts[style], default=0)


class FormatSample:
    """A look at the formats of some cells, before anything is changed; a `RowEditor` that changes nothing.

    Args:
        rows: The rows looked at, ascending.
        columns: The columns looked at.
        cut_from: Beyond the last row of a sheet.
    """

    def __init__(self, rows: Sequence[int], columns: Iterable[int]) -> None:
        self.wanted = rows
        self.cut_from = LAST_ROW + 1
        self.styles: dict[int, list[int]] = {column: [] for column in columns}
        self._bare: dict[int, int] = {}
        self._prefix = b""

    def head(self, head: bytes, prefix: bytes) -> bytes:
        """Remembers the formats of whole columns."""
        self._prefix = prefix
        self._bare = {column: look_of(head, column).style or 0 for column in self.styles}
        return head

    def notice(self, data: bytes) -> bool:
        """Nothing to notice."""
        return False

    def row(self, number: int, row: Row | None) -> bytes:
        """Remembers the formats of a row."""
        found = {} if row is None else {cell.column: cell.style or 0 for cell in cells_of(row, self._prefix)}
        base = None if row is None else style_of(row_tag(row))
        for column, styles in self.styles.items():
            styles.append(found.get(column, self._bare[column] if base is None else base))
        return b"" if row is None else row.raw

    def swallow(self, rows: Stretch) -> None:
        """No row leaves."""

    def last_rows(self) -> bytes:
        """No row comes."""
        return b""

    def tail(self, tail: bytes) -> bytes:
        """As it is."""
        return tail
