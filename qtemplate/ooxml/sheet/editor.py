"""Everything that happens to one sheet in one pass: edited cells, appended rows, a new body.

It sees the rows it asked for, refuses what cannot be edited safely, and remembers what the rest of the package must
know: whether anything changed, whether a formula was removed, whether the sheet holds formulas at all.

Source: ECMA-376 part 1 sections 18.3.1.35 (dimension), 18.3.1.13 (col), 18.3.1.40 (f: `ref` of shared formulas,
arrays and data tables).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Final

from qtemplate.errors import WorkbookRefused
from qtemplate.ooxml.cells import CellWriter, Serial, SettledFormula
from qtemplate.ooxml.markup import attribute, blank_comments, set_attribute, splice, tags, text_of
from qtemplate.ooxml.references import LAST_ROW, Area, column_name, column_number
from qtemplate.ooxml.sheet.new_cells import OVERWRITTEN, NewCell, Room, in_the_way
from qtemplate.ooxml.sheet.row_fit import RowFit
from qtemplate.ooxml.sheet.row_order import RowOrder
from qtemplate.ooxml.sheet.row_splice import (
    Cell,
    FormulaKind,
    formula_of,
    holds_anything,
    refuse_tied,
    row_tag,
    splice_row,
    style_of,
)
from qtemplate.ooxml.sheet.sheet_task import SheetTask
from qtemplate.ooxml.sheet.stream import Row, Stretch
from qtemplate.ooxml.sheet.table_growth import SharedFormula, TableGrowth
from qtemplate.ooxml.sheet.tail import is_protected, merged_cells, stretch_areas
from qtemplate.ooxml.styles import Styles

_MOST_OPEN: Final = 20_000  # arrays and shared formulas that reach down to rows still to come
_WHERE: Final = re.compile(rb"\sr\s*=\s*[\"']([A-Za-z]{1,3})([0-9]{1,7})[\"']")


@lru_cache(maxsize=8)
def _formula_patterns(prefix: bytes) -> tuple[re.Pattern[bytes], re.Pattern[bytes]]:
    """The start of a formula, and of one that says which area it fills.

    They begin with the one letter because that is sought by memchr, at many times the speed of a longer beginning.
    """
    start = rb"f(?<=<%sf)" % re.escape(prefix)
    return re.compile(start), re.compile(start + rb"[^<>]*ref=")


class SheetEditor:
    """Edits one sheet while it streams by; a `RowEditor`.

    Args:
        task: What is to happen.
        strings: Index of every text in the shared strings, or None.
        styles: Gives the workbook's formats; called when first needed.
        replace_formulas: Ordinary formulas may be overwritten.
        locked_cells: Locked cells of a protected sheet may be filled.
    """

    def __init__(
        self,
        task: SheetTask,
        strings: dict[str, int] | None,
        styles: Callable[[], Styles],
        replace_formulas: bool,
        locked_cells: bool = False,
    ) -> None:
        self._task = task
        self._strings = strings
        self._styles = styles
        self._replace_formulas = replace_formulas
        self._locked_cells = locked_cells
        self.wanted: Sequence[int] = task.wanted
        self.cut_from = task.body.first_row if task.body is not None else LAST_ROW + 1
        self.changed = False
        self.has_formula = False
        self.removed_formula = False
        self.wrote_formula = False
        self.texts_written = 0
        self.made_row = False
        self._order: RowOrder | None = None
        self._head = b""
        self._writer = CellWriter(b"", strings)
        self._formula, self._reaching = _formula_patterns(b"")
        self._column_styles: list[tuple[int, int, int]] = []
        self._touched_styles: dict[int | None, tuple[int, int]] = {}
        self._arrays: list[tuple[Area, FormulaKind]] = []
        self._masters: dict[str, SharedFormula] = {}
        self._refused: list[WorkbookRefused] = []
        self._row = 0
        self._heights: RowFit | None = None
        self._texts: dict[int, tuple[int, str]] = {}

    def wants(self, rows: range) -> bool:
        """Whether one of these rows is to be seen, or leaves the sheet."""
        return rows.stop > self.cut_from or bisect_left(self.wanted, rows.start) < bisect_left(self.wanted, rows.stop)

    @property
    def sure_of_order(self) -> bool:
        """Whether all rows that were noticed are known to be in order."""
        return self._order is not None and self._order.sure

    # ---- the three stretches of a sheet -------------------------------------------------------------------------

    def head(self, head: bytes, prefix: bytes) -> bytes:
        """Learn the column formats, and let `dimension` cover what is written."""
        makes_rows = self._task.growths or any(addition.area for addition in self._task.additions)
        self._order = RowOrder(prefix) if makes_rows else None
        self._head = head
        for addition in self._task.additions:
            head = addition.head(head, prefix)
        self.changed |= head != self._head
        self._writer = CellWriter(prefix, self._strings)
        self._formula, self._reaching = _formula_patterns(prefix)
        changes = []
        for tag in tags(blank_comments(head)):
            text = head[tag.start : tag.end]
            if tag.name == b"col" and not tag.closing:
                low, high, style = (attribute(text, name) or "" for name in (b"min", b"max", b"style"))
                if all(number.isdecimal() and len(number) < 10 for number in (low, high, style)):
                    self._column_styles.append((int(low), int(high), int(style)))
            elif tag.name == b"dimension" and not tag.closing:
                old = Area.parse(attribute(text, b"ref") or "")
                new = old and self._task.covered(old)
                if new != old:
                    changes.append((tag.start, tag.end, set_attribute(text, b"ref", str(new))))
        return splice(head, changes)

    def tail(self, tail: bytes) -> bytes:
        """Refuse what merges and protection forbid; let the areas that end with a table follow it."""
        mask = blank_comments(tail)
        touched = {row: frozenset(cells) for row, cells in self._task.edits.items()}
        areas = [
            Area(g.targets.start, g.table.area.first_column, g.resize.area.last_row, g.table.area.last_column)
            for g in self._task.growths
        ]
        areas += [addition.area for addition in self._task.additions if addition.area is not None]
        if self._task.body is not None:
            ends = (resize.area.last_column for resize in self._task.resizes)  # a table may be wider than its new rows
            areas.append(Area(self._task.body.first_row, 1, LAST_ROW, max(self._task.body.width, 1, *ends)))
        refused = [*self._refused, *merged_cells(tail, mask, self._task.name, touched, areas)]
        if refused:
            raise WorkbookRefused.together(refused)
        if self._touched_styles and not self._locked_cells and is_protected(tail, mask):
            styles = self._styles()
            for style, (row, column) in self._touched_styles.items():
                if styles.is_locked(style):
                    raise WorkbookRefused(
                        "locked_cell",
                        "{where} is locked and the sheet is protected. Unprotect the sheet or unlock the cell.",
                        where=self._at(row, column),
                    )
        new = stretch_areas(tail, mask, [resize.stretch for resize in self._task.resizes])
        for addition in self._task.additions:
            new = addition.tail(new, self._writer.prefix)
        self.changed |= new != tail
        return new

    def last_rows(self) -> bytes:
        """The new body, if there is one."""
        body = self._task.body
        if body is None:
            return b""
        new = body.render(CellWriter(self._writer.prefix, None), self._styles, self._head)
        self.changed |= body.changed
        self.removed_formula |= body.changed and body.removed_formula
        self.wrote_formula |= body.changed and body.writes_formula
        return new

    def swallow(self, rows: Stretch) -> None:
        """Rows of the old body."""
        assert self._task.body is not None  # nothing else cuts rows
        self._task.body.swallow(rows, self._writer.prefix)

    # ---- formulas that reach over several cells -------------------------------------------------------------------

    def notice(self, data: bytes) -> bool:
        """Remember arrays, data tables and shared formulas that reach down to rows still to be edited.

        Returns:
            Whether there is any formula.
        """
        if self._order is not None:
            self._order.look(data)
        if self._formula.search(data) is None:
            return False
        self.has_formula = True
        for found in self._reaching.finditer(data):
            self._notice_formula(data, data.rfind(b"<", 0, found.start()))
        return True

    def _notice_formula(self, data: bytes, start: int) -> None:
        end = data.find(b">", start) + 1
        tag = data[start:end]
        area = Area.parse(attribute(tag, b"ref") or "")
        if area is None or not self.wanted or area.last_row < self._row or area.first_row > self.wanted[-1]:
            return
        if len(self._arrays) + len(self._masters) >= _MOST_OPEN:
            self._arrays = [entry for entry in self._arrays if entry[0].last_row >= self._row]
            if len(self._arrays) + len(self._masters) >= _MOST_OPEN:
                raise WorkbookRefused(
                    "too_complex",
                    "{sheet} holds more than {most:,} formulas that overlap.",
                    sheet=self._task.name,
                    most=_MOST_OPEN,
                )
        kind = attribute(tag, b"t")
        if kind in ("array", "dataTable"):
            self._arrays.append((area, FormulaKind.ARRAY if kind == "array" else FormulaKind.DATA_TABLE))
        elif kind == "shared" and any(self._reaches(area, growth) for growth in self._task.growths):
            where = _WHERE.search(data, data.rfind(b"<", 0, start), start)
            row, column = area.first_row, area.first_column
            if where is not None:
                row, column = int(where[2]), column_number(where[1].decode())
            text = text_of(data[end : data.find(b"</", end)])
            self._masters[attribute(tag, b"si") or ""] = SharedFormula(row, column, text)

    @staticmethod
    def _reaches(area: Area, growth: TableGrowth) -> bool:
        own = growth.table.area
        return area.meets(Area(growth.samples.start, own.first_column, growth.samples.stop, own.last_column))

    # ---- rows -------------------------------------------------------------------------------------------------------

    def row(self, number: int, row: Row | None) -> bytes:
        """One wanted row: learnt from, edited, filled or created."""
        self._row, self._texts = number, {}
        new = self._row_now(number, row)
        fits = self._task.fits.get(number)
        if not new or (fits is None and not any(number in growth.targets for growth in self._task.growths)):
            return new
        if self._heights is None:
            self._heights = RowFit(self._head, self._writer.prefix, self._styles)
        tall = self._heights.fitted(number, new, self._texts, fits, made=row is None)
        self.changed |= tall != new
        return tall

    def _row_now(self, number: int, row: Row | None) -> bytes:
        """The row with its new cells."""
        prefix = self._writer.prefix
        cells: dict[int, NewCell | bytes] = {
            column: NewCell(value) for column, value in self._task.edits.get(number, {}).items()
        }
        start = b'<%srow r="%d">' % (prefix, number)
        for growth in self._task.growths:
            if number in growth.samples:
                growth.learn(number, row, prefix, self._masters, self._bare_style)
            if number == growth.old_totals:
                growth.learn_totals(row, prefix, self._masters)
            new: Mapping[int, NewCell | bytes] = {}
            if number in growth.targets:
                new, start = growth.cells(number), growth.start_row(number, prefix)
            elif number == growth.new_totals:
                new = growth.totals()
                self.removed_formula = True  # they leave their old places
            if clash := cells.keys() & new.keys():
                raise WorkbookRefused(
                    "overlap.cell_row",
                    "{where} is edited, and a row is appended there as well.",
                    where=self._at(number, min(clash)),
                )
            cells.update(new)
        self._add_cells(number, row, cells)
        if not cells:
            return b"" if row is None else row.raw
        if row is None:
            return self._make_row(start, cells)
        base = style_of(row_tag(row))
        return splice_row(row, prefix, cells, lambda column, cell: self._place(column, cell, cells[column], base, row))

    def _add_cells(self, number: int, row: Row | None, cells: dict[int, NewCell | bytes]) -> None:
        for addition in self._task.additions:
            if number in addition.rows:
                new = addition.cells(number, row, self._writer.prefix)
                if clash := cells.keys() & new.keys():
                    raise WorkbookRefused(
                        "overlap.cell_added",
                        "{where} is edited, and a column or a value is added there.",
                        where=self._at(number, min(clash)),
                    )
                cells.update(new)

    def _make_row(self, start: bytes, cells: Mapping[int, NewCell | bytes]) -> bytes:
        base = style_of(start)
        made = [self._place(column, None, cells[column], base, None) for column in sorted(cells)]
        if any(self._row in growth.targets for growth in self._task.growths):
            self.changed = True  # a blank row of the table shows its height and format
        elif not any(made):
            return b""
        self.made_row = True
        return start + b"".join(xml for xml in made if xml) + b"</%srow>" % self._writer.prefix

    def _place(
        self, column: int, cell: Cell | None, new: NewCell | bytes, row_style: int | None, row: Row | None
    ) -> bytes | None:
        """The XML for one cell; None leaves that place as it is."""
        room = Room.NOTHING if isinstance(new, bytes) else new.room
        if room not in OVERWRITTEN and cell is not None and holds_anything(cell):
            raise in_the_way(room, self._at(self._row, column), self._task.name)
        if isinstance(new, bytes):
            self.changed = True
            return new
        style = self._style(new, cell, column, row_style)
        try:
            self._guard(cell, column, new)
        except WorkbookRefused as refused:
            if column not in self._task.edits.get(self._row, {}):
                raise
            refused.sheet, refused.cell = self._task.name, f"{column_name(column)}{self._row}"
            self._refused.append(refused)  # all such cells are named together, at the end of the sheet
            return None
        if cell is None and new.value is None and new.style in (None, self._bare_style(column, row_style)):
            return None
        self._touched_styles.setdefault(style, (self._row, column))
        if isinstance(new.value, Serial):
            style = self._styles().dated(style, new.value.kind)
        if isinstance(new.value, str):
            self._texts[column] = style or 0, new.value
        xml = self._writer.cell(f"{column_name(column)}{self._row}", style, new.value)
        if cell is not None and row is not None and xml == row.raw[cell.start : cell.end]:
            return None
        self.changed = True
        self.texts_written += isinstance(new.value, str)
        self.wrote_formula |= isinstance(new.value, SettledFormula)
        return xml

    def _style(self, new: NewCell, cell: Cell | None, column: int, row_style: int | None) -> int | None:
        """The format asked for, else the cell's own (but not a totals cell's), else the row's, else the column's.

        None is the plain one. To ask for the plain one is to ask for nothing where a cell was prepared.
        """
        if new.style:
            return new.style
        if cell is not None and new.room is not Room.MOVED:
            return cell.style
        return None if new.style == 0 else self._bare_style(column, row_style) or None

    def _bare_style(self, column: int, row_style: int | None) -> int:
        """The format that shows where there is no cell."""
        if row_style is not None:
            return row_style
        return next((style for low, high, style in self._column_styles if low <= column <= high), 0)

    def _guard(self, cell: Cell | None, column: int, new: NewCell) -> None:
        """Refuse a cell whose formula is not its own alone, and an ordinary one unless it may be replaced."""
        where = self._at(self._row, column)
        for area, kind in self._arrays:
            if area.holds(self._row, column):
                raise WorkbookRefused(
                    "data_table.area" if kind is FormulaKind.DATA_TABLE else "array_formula.area",
                    "{where} belongs to the formula that fills {area}; it cannot be changed alone.",
                    where=where,
                    area=area,
                )
        if cell is None:
            return
        formula = formula_of(cell, self._writer.prefix).kind
        if not (formula is FormulaKind.SHARED_MASTER and new.room is Room.MOVED):  # those who share it move along
            refuse_tied(formula, where)
        if formula is not FormulaKind.NONE:
            if new.room is Room.VALUE and not self._replace_formulas:
                raise WorkbookRefused("formula_cell", "{where} holds a formula, which is not overwritten.", where=where)
            self.removed_formula |= not isinstance(new.value, SettledFormula)
        if cell.is_rich:
            raise WorkbookRefused(
                "rich_value", "{where} holds a picture, a linked record or a dynamic array.", where=where
            )

    def _at(self, row: int, column: int) -> str:
        return f"{self._task.name}!{column_name(column)}{row}"
