"""Columns go from a sheet while it streams by, and all that spanned them ends before them again.

Source: ECMA-376 part 1 sections 18.3.1.4 (c), 18.3.1.13 (col), 18.3.1.55 (mergeCells), 18.3.1.2
(autoFilter), 18.3.2.7 (filterColumn), 18.5.1.2 (table), 18.5.1.3 (tableColumn); [MS-XLSX] 2.6.6 (`xm:sqref`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from qtemplate.errors import WorkbookRefused
from qtemplate.ooxml.markup import attribute, escape, set_attribute, splice
from qtemplate.ooxml.package.tables import Table
from qtemplate.ooxml.references import LAST_COLUMN, LAST_ROW, Area, column_name
from qtemplate.ooxml.removing.cut import Cut
from qtemplate.ooxml.removing.tree import Element, Elements
from qtemplate.ooxml.sheet.row_splice import FormulaKind, cells_of, formula_of, row_tag
from qtemplate.ooxml.sheet.stream import Row, Stretch

_SPANS: Final = (b"conditionalFormatting", b"dataValidation", b"ignoredError", b"protectedRange")
_LISTS: Final = (
    b"dataValidations", b"conditionalFormattings", b"ignoredErrors", b"protectedRanges", b"mergeCells", b"ext",
    b"extLst",
)  # fmt: skip
_WHOLE: Final = 1000
"""Columns that a span must reach beyond a sheet's own to be that of all the rest."""


class ColumnCut:
    """Columns of one sheet leave it; a `RowEditor`.

    Args:
        cut: What goes.

    Attributes:
        formulas: Addresses of cells with a formula among what goes.
    """

    def __init__(self, cut: Cut) -> None:
        self.cut = cut
        self.wanted: Sequence[int] = range(cut.area.first_row, cut.area.last_row + 1)
        self.cut_from = LAST_ROW + 1
        self.formulas: list[str] = []
        self._prefix = b""

    def head(self, head: bytes, prefix: bytes) -> bytes:
        self._prefix = prefix
        elements = Elements(head)
        spans = list(elements.named(b"col"))
        if not spans:
            return elements.written()
        kept = _spans_without(elements, spans, self.cut)
        lists = spans[0].parent
        assert lists is not None  # col stands in cols
        if not kept:
            elements.cut(lists)
        else:
            elements.set_text(lists, b"".join(kept))
        for element in elements.named(b"sheetFormatPr"):
            deepest = max((int(attribute(text, b"outlineLevel") or 0) for text in kept), default=0)
            if elements.get(element, b"outlineLevelCol") not in (None, str(deepest)):
                elements.set(element, b"outlineLevelCol", str(deepest) if deepest else None)
        return elements.written()

    def notice(self, data: bytes) -> bool:
        """Whether these rows hold formulas."""
        return b"<f" in data or b":f" in data

    def row(self, number: int, row: Row | None) -> bytes:
        """The row without the cells that go."""
        if row is None:
            return b""
        own = self.cut.area
        if number in self.cut.spared:
            return row.raw
        cells = list(cells_of(row, self._prefix))
        gone = [cell for cell in cells if own.first_column <= cell.column <= own.last_column]
        if not gone:
            return row.raw
        for cell in gone:
            if formula_of(cell, self._prefix).kind is not FormulaKind.NONE:
                self.formulas.append(f"{column_name(cell.column)}{number}")
        named = all(attribute(cell.tag, b"r") is not None for cell in cells)
        empty = b"" if named else b"<%sc/>" % self._prefix  # one without a name stands where its predecessor says
        raw = splice(row.raw, [(cell.start, cell.end, empty) for cell in gone])
        if cells[-1].column > own.last_column:
            return raw
        tag = row_tag(row)
        return _narrowed(tag, own.first_column - 1) + raw[len(tag) :]

    def swallow(self, rows: Stretch) -> None:
        """No row leaves."""

    def last_rows(self) -> bytes:
        """No row comes."""
        return b""

    def tail(self, tail: bytes) -> bytes:
        """Validations, conditional formats, filters and merges without the columns that go.

        Raises:
            WorkbookRefused: `filter_set`, `merged_cell`.
        """
        elements = Elements(tail)
        for element in list(elements.named(*_SPANS)):
            lists = next((child for child in element.children if child.name == b"sqref"), None)
            old = (elements.get(element, b"sqref") if lists is None else elements.text(lists)) or ""
            new = self.cut.apply_list(old)
            if new == old:
                continue
            if not new:
                elements.cut(element, lists=_LISTS)
            elif lists is None:
                elements.set(element, b"sqref", new)
            else:
                elements.set_text(lists, escape(new))
        for element in list(elements.named(b"mergeCell")):
            old = elements.get(element, b"ref") or ""
            area = Area.parse(old)
            if area is None or not area.meets(self.cut.area):
                continue
            if not self.cut.area.covers(area):
                raise WorkbookRefused(
                    "merged_cell.columns",
                    "{sheet}: the merged cells {merged} reach into columns that are taken out. Unmerge them.",
                    self.cut.sheet,
                    sheet=self.cut.sheet,
                    merged=old,
                )
            elements.cut(element, lists=_LISTS)
        for element in list(elements.named(b"autoFilter")):
            cut_filter(elements, element, self.cut)
        return elements.written(counted=_LISTS[:5])


def _narrowed(tag: bytes, last: int) -> bytes:
    """The row's tag with its hint of columns ending there; ECMA-376 part 1 section 18.3.1.73."""
    low, _, high = (attribute(tag, b"spans") or "").partition(":")
    if not (low.isdecimal() and high.isdecimal()) or int(high) <= last:
        return tag
    return set_attribute(tag, b"spans", f"{low}:{last}" if int(low) <= last else None)


def _spans_without(elements: Elements, spans: Sequence[Element], cut: Cut) -> list[bytes]:
    """The `col` elements without those of the columns that go, which look as asked, or as all beyond them do."""
    own = cut.area
    kept: list[tuple[int, bytes]] = []
    rest: tuple[int, int, bytes] | None = None
    for element in spans:
        tag = element.opening
        text = elements.xml[tag.start : tag.end]
        text = text if tag.empty else text[:-1].rstrip() + b"/>"
        low, high = (int(elements.get(element, name) or 0) for name in (b"min", b"max"))
        if (
            cut.looks is None
            and low <= own.last_column + 1 <= high
            and high >= min(own.last_column + _WHOLE, LAST_COLUMN)
        ):
            rest = (low, high, text)
        elif high < own.first_column or low > own.last_column:
            kept.append((low, text))
        else:
            if low < own.first_column:
                kept.append((low, set_attribute(text, b"max", str(own.first_column - 1))))
            if high > own.last_column:
                kept.append((own.last_column + 1, set_attribute(text, b"min", str(own.last_column + 1))))
    if rest is not None:
        low = min(rest[0], own.first_column)
        kept.append((low, set_attribute(rest[2], b"min", str(low))))
    kept += [(int(attribute(text, b"min") or 0), text) for text in cut.looks or ()]
    return [text for _, text in sorted(kept, key=lambda each: each[0])]


def cut_filter(elements: Elements, element: Element, cut: Cut) -> None:
    """A filter without the columns that go.

    Raises:
        WorkbookRefused: `filter_set`: rows are hidden by one of them.
    """
    old = elements.get(element, b"ref") or ""
    area, new = Area.parse(old), cut.apply(old)
    if area is None or new == old:
        return
    if not new:
        elements.cut(element, lists=_LISTS)
        return
    left = Area.parse(new)
    assert left is not None  # it was one
    for column in list(elements.named(b"filterColumn")):
        number = elements.get(column, b"colId") or ""
        at = area.first_column + int(number) if number.isdecimal() else 0
        if column.parent is not element or left.first_column <= at <= left.last_column:
            continue
        if column.children:
            raise WorkbookRefused(
                "filter_set",
                "{sheet}: rows are hidden by a filter in column {column}, which is to be taken out. Clear that filter.",
                cut.sheet,
                sheet=cut.sheet,
                column=column_name(at),
            )
        elements.cut(column)
    elements.set(element, b"ref", new)
    cut_sorting(elements, cut)


def cut_sorting(elements: Elements, cut: Cut) -> None:
    """What a sheet or table was last sorted by, without the columns that go; it is a note, the rows stay in order."""
    for state in list(elements.named(b"sortState")):
        old = elements.get(state, b"ref") or ""
        keys = [elements.get(child, b"ref") or "" for child in state.children]
        if not cut.apply(old) or any(cut.swallows(key) for key in keys):
            elements.cut(state)
        elif (new := cut.apply(old)) != old:
            elements.set(state, b"ref", new)


def cut_table(xml: bytes, table: Table, cut: Cut) -> tuple[bytes, frozenset[int]]:
    """The table part without its last columns, and the ids of these.

    Raises:
        WorkbookRefused: `beside_table`, `filter_set`.
    """
    elements = Elements(xml)
    columns = list(elements.named(b"tableColumn"))
    first = max(cut.area.first_column - table.area.first_column, 0)
    gone = cut.area.last_column - table.area.first_column + 1
    if first == 0 or gone < len(columns):
        raise WorkbookRefused(
            "beside_table.kept",
            "{sheet}: the column {title!r} of the table {table} stands to the right of columns that are taken out. "
            "Move it to their left.",
            cut.sheet,
            sheet=cut.sheet,
            title=table.columns[-1],
            table=table.name,
        )
    for element in list(elements.named(b"autoFilter")):
        cut_filter(elements, element, cut)
    if not any(True for _ in elements.named(b"autoFilter")):
        cut_sorting(elements, cut)
    ids = [elements.get(column, b"id") or "" for column in columns[first:]]
    for column in columns[first:]:
        elements.cut(column)
    for element in elements.named(b"table"):
        elements.set(element, b"ref", cut.apply(str(table.area)))
        break
    return elements.written(counted=(b"tableColumns",)), frozenset(int(id) for id in ids if id.isdecimal())
