"""Rows that get texts become as high as these need, where no person has chosen how high they are.

A row that is high enough already stays as it is, so that what an office program has measured is not measured again.

Source: ECMA-376 part 1 sections 18.3.1.73 (row: ht, customHeight), 18.3.1.81 (sheetFormatPr).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from qtemplate.ooxml.markup import attribute, blank_comments, set_attribute, tags, truth
from qtemplate.ooxml.sheet.row_heights import Text, column_widths, height_for, number, width_of
from qtemplate.ooxml.sheet.row_splice import cells_of
from qtemplate.ooxml.sheet.stream import Row
from qtemplate.ooxml.styles import Styles

Texts = Mapping[int, tuple[int, str]]
"""Column -> format and text of the cell."""


class RowFit:
    """Measures the rows of one sheet.

    Args:
        head: The sheet before its rows, which says how wide its columns are.
        prefix: Of its elements.
        styles: Gives the workbook's formats; called when a row has texts.
    """

    def __init__(self, head: bytes, prefix: bytes, styles: Callable[[], Styles]) -> None:
        self._widths = column_widths(head)
        self._prefix = prefix
        self._styles = styles
        self._least, self._chosen = 0.0, False
        for tag in tags(blank_comments(head)):
            if tag.name == b"sheetFormatPr" and not tag.closing:
                text = head[tag.start : tag.end]
                self._least = number(attribute(text, b"defaultRowHeight")) or 0.0
                self._chosen = truth(attribute(text, b"customHeight"))

    def fitted(self, at: int, row: bytes, written: Texts, there: Mapping[int, str] | None, *, made: bool) -> bytes:
        """The row with the height that its texts need.

        Args:
            at: Its worksheet row.
            row: Its bytes, new cells and all.
            written: Texts that it got now.
            there: Texts that stand in it besides, by column; None where nothing does.
            made: The row is new: the height it has is the one of the row above.
        """
        end = row.index(b">") + 1
        tag = row[:end]
        if truth(attribute(tag, b"customHeight")):
            return row
        height = number(attribute(tag, b"ht"))
        if height is None and self._chosen:
            return row
        texts = [*self._wrapped(written), *self._wrapped(self._formatted(at, row, there or {}, written))]
        if not texts and not (made and height is not None and self._wraps(at, row)):
            return row
        needed = height_for(texts)
        if needed is not None and needed <= self._least:
            needed = None
        if made:
            return set_attribute(tag, b"ht", None if needed is None else f"{needed:g}") + row[end:]
        if needed is None or needed <= (height or 0.0):
            return row
        return set_attribute(tag, b"ht", f"{needed:g}") + row[end:]

    def _wrapped(self, texts: Texts) -> list[Text]:
        if not texts:
            return []
        styles = self._styles()
        return [
            (text, width_of(column, self._widths), styles.size(style))
            for column, (style, text) in texts.items()
            if styles.wraps(style)
        ]

    def _wraps(self, at: int, row: bytes) -> bool:
        """Whether texts would be wrapped in any cell: the row above may be as high as it is for a text of its own."""
        styles = self._styles()
        return any(styles.wraps(cell.style or 0) for cell in cells_of(Row(at, row, blank_comments(row)), self._prefix))

    def _formatted(self, at: int, row: bytes, there: Mapping[int, str], written: Texts) -> Texts:
        """Texts that stand in the row, with their formats; one that was written over does no more."""
        if not there:
            return {}
        cells = cells_of(Row(at, row, blank_comments(row)), self._prefix)
        return {
            cell.column: (cell.style or 0, there[cell.column])
            for cell in cells
            if cell.column in there and cell.column not in written
        }
