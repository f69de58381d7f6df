"""A table gets new rows: what their cells look like, and everything that ends where the table's data ends.

New rows take the formats, height and formulas of the rows above; a totals row moves down. Formulas elsewhere that name
the old last row belong to people and stay.

Source: ECMA-376 part 1 sections 18.5.1.2 (table: ref, totalsRowCount), 18.3.1.2 (autoFilter), 18.3.1.92 (sortState),
18.5.1.1 (calculatedColumnFormula).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from msgspec import Struct

from qtemplate.errors import WorkbookRefused
from qtemplate.ooxml.cells import Settled, SettledFormula
from qtemplate.ooxml.formulas import calls, refers_to_row, stretch_formula, translate_formula
from qtemplate.ooxml.markup import attribute, blank_comments, escape, set_attribute, splice, tags, text_of
from qtemplate.ooxml.package.tables import Table
from qtemplate.ooxml.references import Area, Stretch, column_name
from qtemplate.ooxml.sheet.new_cells import NewCell, Room
from qtemplate.ooxml.sheet.row_splice import Cell, CellFormula, FormulaKind, cells_of, formula_of, row_tag, style_of
from qtemplate.ooxml.sheet.stream import Row

_ROWS_ABOVE: Final = 5  # one row coloured by hand must not colour all that follow
_NOT_INHERITED: Final = (b"hidden", b"collapsed", b"spans")


class SharedFormula(Struct, frozen=True):
    """The master of a shared formula: where it stands and its text without `=`."""

    row: int
    column: int
    text: str


class Resize(Struct, frozen=True):
    """A table whose last data row moves.

    Args:
        table: As it is in the file.
        last_data_row: Its last data row from now on.
    """

    table: Table
    last_data_row: int

    @property
    def moved_by(self) -> int:
        """How many rows the end moves down."""
        return self.last_data_row - self.table.last_data_row

    @property
    def area(self) -> Area:
        """The whole table from now on."""
        old = self.table.area
        return Area(old.first_row, old.first_column, old.last_row + self.moved_by, old.last_column)

    @property
    def stretch(self) -> Stretch:
        """The move as it concerns lists of areas."""
        old = self.table.area
        return Stretch(old.first_row, old.first_column, old.last_column, self.table.last_data_row, self.last_data_row)

    def rewrite(self, xml: bytes) -> bytes:
        """The table part with its areas moved."""
        changes = []
        opened = 0
        for tag in tags(blank_comments(xml)):
            if tag.name == b"totalsRowFormula" and tag.closing:
                formula = stretch_formula(text_of(xml[opened : tag.start]), self.stretch)
                changes.append((opened, tag.start, escape(formula)))
            opened = tag.end
            if tag.closing or tag.name not in (b"table", b"autoFilter", b"sortState", b"sortCondition"):
                continue
            text = xml[tag.start : tag.end]
            old = attribute(text, b"ref")
            if old is None:
                continue  # x14:table, the alternative text, is of the same name and may have no area
            new = str(self.area) if tag.name == b"table" else self.stretch.apply(old)
            if new != old:
                text = set_attribute(text, b"insertRow", None)  # it said that there are no rows yet
                changes.append((tag.start, tag.end, set_attribute(text, b"ref", new)))
        return splice(xml, changes)


class TableGrowth:
    """Rows appended to one table, while its sheet streams by.

    Args:
        table: The table.
        rows: Per new row the value of each worksheet column that was given one; a column left out takes its formula.
        as_filed: The table as it is in the file, where it takes in rows that stand below it first.
    """

    def __init__(self, table: Table, rows: Sequence[Mapping[int, Settled]], as_filed: Table | None = None) -> None:
        self.table = table
        self._rows = rows
        last = table.last_data_row
        self.resize = Resize(as_filed or table, last + len(rows))
        self.samples = range(max(table.first_data_row, last - _ROWS_ABOVE + 1), last + 1)
        self.targets = range(last + 1, last + 1 + len(rows))
        self.old_totals = table.area.last_row if table.totals_rows else None
        self.new_totals = table.area.last_row + len(rows) if table.totals_rows else None
        self._columns = range(table.area.first_column, table.area.last_column + 1)
        self._styles: dict[int, list[int]] = {column: [] for column in self._columns}
        self._formulas: dict[int, list[tuple[int, str | None]]] = {column: [] for column in self._columns}
        self._tag = b""
        self._totals: dict[int, bytes] = {}

    @property
    def wanted(self) -> set[int]:
        """The worksheet rows that must be seen."""
        totals = {row for row in (self.old_totals, self.new_totals) if row is not None}
        return {*self.samples, *self.targets, *totals}

    def learn(
        self,
        number: int,
        row: Row | None,
        prefix: bytes,
        masters: Mapping[str, SharedFormula],
        bare_style: Callable[[int, int | None], int],
    ) -> None:
        """Take formats and formulas from a row above.

        Args:
            number: Its worksheet row, one of `samples`.
            row: The row, None if the sheet does not hold it.
            prefix: The prefix of the sheet's elements.
            masters: Shared formulas met so far, by their index.
            bare_style: Column and format of the row -> the format that shows where there is no cell.
        """
        self._tag = b"" if row is None else row_tag(row)
        found = {} if row is None else {cell.column: cell for cell in cells_of(row, prefix)}
        row_style = style_of(self._tag) if self._tag else None
        for column in self._columns:
            cell = found.get(column)
            self._styles[column].append(bare_style(column, row_style) if cell is None else cell.style or 0)
            formula = None if cell is None else self._formula(number, cell, formula_of(cell, prefix), masters)
            self._formulas[column].append((number, formula))

    def _formula(
        self, number: int, cell: Cell, formula: CellFormula, masters: Mapping[str, SharedFormula]
    ) -> str | None:
        if formula.kind in (FormulaKind.NORMAL, FormulaKind.SHARED_MASTER):
            return formula.text
        if formula.kind is FormulaKind.SHARED and (master := masters.get(formula.shared)) is not None:
            return translate_formula(master.text, number - master.row, cell.column - master.column)
        return None

    def learn_totals(self, row: Row | None, prefix: bytes, masters: Mapping[str, SharedFormula]) -> None:
        """Take the totals cells, to be put where the totals row comes to stand.

        Args:
            row: The totals row, None if the sheet does not hold it.
            prefix, masters: As for `learn`.

        Raises:
            WorkbookRefused: `table_totals`, one holds a formula that cannot be moved.
        """
        cells = [cell for cell in cells_of(row, prefix) if cell.column in self._columns] if row is not None else []
        for cell in cells:
            self._totals[cell.column] = self._moved(cell, prefix, masters)

    def _moved(self, cell: Cell, prefix: bytes, masters: Mapping[str, SharedFormula]) -> bytes:
        formula = formula_of(cell, prefix)
        text = self._totals_text(cell, formula, masters)
        if text is None or cell.is_rich:
            raise WorkbookRefused(
                "table_totals.formula",
                "{sheet}!{column}{row}: this cell of the totals row of {table} holds a formula that cannot be moved "
                "down. Take the totals row away first.",
                sheet=self.table.sheet,
                column=column_name(cell.column),
                row=self.old_totals,
                table=self.table.name,
            )
        tag = set_attribute(cell.tag, b"r", f"{column_name(cell.column)}{self.new_totals}")
        if tag.endswith(b"/>"):
            return tag
        body = cell.body
        stretched = stretch_formula(text, self.resize.stretch)
        if stretched != formula.text or formula.shared:
            body = _with_formula(body, prefix, stretched)
        return tag + body + b"</%sc>" % prefix

    def _totals_text(self, cell: Cell, formula: CellFormula, masters: Mapping[str, SharedFormula]) -> str | None:
        """What a totals cell calculates, without `=`; None for what belongs to other cells too."""
        match formula.kind:
            case FormulaKind.NONE | FormulaKind.NORMAL:
                return formula.text
            case FormulaKind.SHARED_MASTER:  # the cells that share it move along only within the totals row
                totals = self.table.area
                inside = Area(totals.last_row, totals.first_column, totals.last_row, totals.last_column)
                area = formula.area
                return formula.text if area is not None and inside.covers(area) else None
            case FormulaKind.SHARED if self.old_totals is not None:
                text = self._formula(self.old_totals, cell, formula, masters)
                named = text is not None and refers_to_row(text, self.old_totals, self.table.sheet)
                return None if named else text  # unseen by the search for formulas that name the totals row
            case _:
                return None

    def cells(self, number: int) -> dict[int, NewCell]:
        """The cells of one new row.

        Args:
            number: Its worksheet row, one of `targets`.
        """
        given = self._rows[number - self.targets.start]
        room = Room.MOVED if number == self.old_totals else Room.NOTHING
        out = {}
        for column in self._columns:
            style = self._style(column)
            if column in given:
                out[column] = NewCell(given[column], style, room)
            elif (formula := self._template(column)) is not None:
                row, text = formula
                out[column] = NewCell(SettledFormula(translate_formula(text, number - row), None), style, room)
            else:
                out[column] = NewCell(None, style, room)
        return out

    def totals(self) -> dict[int, bytes]:
        """The totals cells as they read in their new row."""
        return self._totals

    def start_row(self, number: int, prefix: bytes) -> bytes:
        """The start tag of a new row: height and formats of the last data row."""
        if not self._tag:
            return b'<%srow r="%d">' % (prefix, number)
        tag = set_attribute(self._tag, b"r", str(number))
        for name in _NOT_INHERITED:
            tag = set_attribute(tag, name, None)
        return tag[:-2].rstrip() + b">" if tag.endswith(b"/>") else tag

    def _style(self, column: int) -> int:
        """The format most of the rows above have; the last row's when none prevails."""
        styles = self._styles[column]
        counts = Counter(styles)
        return max(reversed(styles), key=lambda style: counts[style])

    def _template(self, column: int) -> tuple[int, str] | None:
        """The row and text of the formula that new rows of the column copy, if it is a calculated one.

        A picture is never copied, nor a link or an amount that one row alone holds: an empty cell is no false
        statement. So a formula counts when the rows above hold the same one moved and it is about its own row, or when
        the table itself says what its column is calculated by and no row contradicts it.
        """
        found = self._formulas[column]
        held = [(row, text) for row, text in found if text is not None]
        stored = self.table.calculated.get(column - self.table.area.first_column)
        if stored is not None:
            template = self._stored(stored, held)
        else:
            last = held[-len(found[-2:]) :]
            sure = bool(last) and last == found[-2:] and _same(last[0], last[-1]) and self._is_own(*last[-1])
            template = last[-1] if sure else None
        return None if template is None or calls(template[1], "DISPIMG") else template

    def _stored(self, stored: str, held: Sequence[tuple[int, str]]) -> tuple[int, str] | None:
        """The formula of a column whose table holds one: single rows may have been overwritten."""
        if translate_formula(stored, 1) == stored:  # it reads the same in every row
            contradicted = held and all(text != stored for _, text in held)
            row = self.table.first_data_row
            return None if contradicted and not self._is_own(row, stored) else (row, stored)
        known = [*held, (self.table.first_data_row, stored)]
        shared = [one for one in held if any(one is not other and _same(one, other) for other in known)]
        own = [one for one in shared or held[-1:] if self._is_own(*one)]
        return own[-1] if own and (shared or len(held) == 1) else None

    def _is_own(self, row: int, text: str) -> bool:
        return refers_to_row(text, row, self.table.sheet)


def _same(one: tuple[int, str], other: tuple[int, str]) -> bool:
    """Whether two rows hold the same formula, each as it reads there."""
    return translate_formula(other[1], one[0] - other[0]) == one[1]


def _with_formula(body: bytes, prefix: bytes, text: str) -> bytes:
    """The inside of a cell with another formula, which no other cell shares."""
    opening = next(tag for tag in tags(blank_comments(body)) if tag.name == b"f")
    start = body[opening.start : opening.end]
    for name in (b"t", b"ref", b"si"):
        start = set_attribute(start, name, None)
    close = b"</%sf>" % prefix
    if opening.empty:
        start, end = start[:-2].rstrip() + b">", opening.end
    else:
        end = body.index(close, opening.end) + len(close)
    return body[: opening.start] + start + escape(text) + close + body[end:]
