"""How a column of the standard workbook looks and what may be typed into it, read from that workbook itself."""

from __future__ import annotations

from typing import Final

from lxml import etree
from msgspec import Struct, field
from openpyxl.styles.numbers import BUILTIN_FORMATS

from ...ooxml.adding.validations import Validation
from ...ooxml.package.parts import children, descendants, parse_leniently
from ...ooxml.reading.book import Book
from ...ooxml.references import Area

_GENERAL: Final = "General"


class StandardColumn(Struct, frozen=True):
    """A column of the standard workbook.

    Attributes:
        number_format: Of its data cells.
        width: In characters; None for the usual one.
        validation: What may be typed, as the standard workbook says it; None for anything.
    """

    number_format: str
    width: float | None
    validation: Validation | None


class StandardColumns(Struct):
    """The columns of one standard workbook; each of its sheets is parsed once."""

    book: Book
    roots: dict[str, etree._Element] = field(default_factory=dict)

    def column(self, sheet: str, first_row: int, column: int) -> StandardColumn:
        """One column.

        Args:
            sheet: Its sheet.
            first_row: The first row below its header.
            column: From 1.
        """
        if sheet not in self.roots:
            self.roots[sheet] = parse_leniently(self.book.part(self.book.sheet_parts[sheet]))
        root = self.roots[sheet]
        span = next((col for col in children(root, "cols", "col") if _spans(col, column)), None)
        formats = self.book.number_formats()
        style = 0 if span is None else int(span.get("style", "0"))
        code = formats[style] if style < len(formats) else 0
        width = None if span is None or span.get("width") is None else float(span.get("width", "0"))
        shown = code if isinstance(code, str) else BUILTIN_FORMATS.get(code, _GENERAL)
        return StandardColumn(shown, width, _validation(root, first_row, column))


def _spans(col: etree._Element, column: int) -> bool:
    return int(col.get("min", "0")) <= column <= int(col.get("max", "0"))


def _validation(root: etree._Element, row: int, column: int) -> Validation | None:
    for check in descendants(root, "dataValidation"):
        areas = [Area.parse(token) for token in check.get("sqref", "").split()]
        if any(area is not None and area.holds(row, column) for area in areas):
            attributes = {str(name): str(value) for name, value in check.attrib.items() if name != "sqref"}
            names = ("formula1", "formula2")
            return Validation(attributes, tuple(each.text or "" for name in names for each in children(check, name)))
    return None
