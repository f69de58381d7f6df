"""A few cells copied from a donor's sheet into free cells of one that is there, with their formats and validations."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from lxml import etree
from msgspec import Struct

from qtemplate.ooxml.adding.borrowed_styles import BorrowedStyles
from qtemplate.ooxml.adding.validations import Validation, add_validations
from qtemplate.ooxml.cells import unescape_text
from qtemplate.ooxml.package.parts import children, descendants, local_name, parse_part, read_workbook
from qtemplate.ooxml.package.reader import Package
from qtemplate.ooxml.references import Area, parse_cell
from qtemplate.ooxml.sheet.new_cells import NewCell, Room
from qtemplate.ooxml.sheet.stream import Row
from qtemplate.ooxml.styles import Styles


class NewCells(Struct, frozen=True):
    """Cells to be copied; texts and empty cells only.

    Args:
        sheet: The sheet that gets them.
        donor: The workbook they are copied from.
        source: The sheet's name there.
        cells: Address there -> address here, which must be free.
        validations: What may be typed here, by address.
    """

    sheet: str
    donor: Path
    source: str
    cells: Mapping[str, str]
    validations: Mapping[str, Validation]


class CellsCopy:
    """The cells while their sheet streams by; an `Addition`.

    Attributes:
        texts: What goes into the shared strings.
    """

    def __init__(self, new: NewCells) -> None:
        self._new = new
        self._cells: dict[tuple[int, int], tuple[str | None, int]] = {}
        with Package.open(new.donor) as package:
            donor = read_workbook(package)
            root = parse_part(package, donor.sheet(new.source).part)
            styles, strings = donor.target("styles"), donor.target("sharedStrings")
            self._formats = None if styles is None else parse_part(package, styles)
            shared = [] if strings is None else list(children(parse_part(package, strings), "si"))
            for cell in descendants(root, "c"):
                if (place := new.cells.get(cell.get("r", ""))) is not None:
                    self._cells[parse_cell(place)] = _text(cell, shared), int(cell.get("s", "0"))
        self._made: dict[tuple[int, int], NewCell] = {}
        self.texts = [text for text, _ in self._cells.values() if text is not None]
        self.rows: Sequence[int] = sorted({row for row, _ in self._cells})
        columns = [column for _, column in self._cells]
        self.area = Area(self.rows[0], min(columns), self.rows[-1], max(columns))

    def open_formats(self, styles: Callable[[], Styles]) -> None:
        """Formats by their numbers here."""
        borrowed = BorrowedStyles(self._formats, styles())
        for place, (text, style) in self._cells.items():
            self._made[place] = NewCell(text, borrowed.cell_format(style), Room.NOTHING)

    def head(self, head: bytes, prefix: bytes) -> bytes:
        """As it is."""
        return head

    def cells(self, number: int, row: Row | None, prefix: bytes) -> Mapping[int, NewCell]:
        """Those of one row."""
        return {column: cell for (at, column), cell in self._made.items() if at == number}

    def tail(self, tail: bytes, prefix: bytes) -> bytes:
        """With their validations."""
        areas = [(check, Area.parse(place)) for place, check in self._new.validations.items()]
        return add_validations(tail, prefix, [(check, area) for check, area in areas if area is not None])


def _text(cell: etree._Element, shared: Sequence[etree._Element]) -> str | None:
    if cell.get("t") == "inlineStr":
        return unescape_text("".join(str(piece) for piece in cell.itertext()))
    value = next(children(cell, "v"), None)
    if cell.get("t") != "s" or value is None:
        return None
    item = shared[int(value.text or "0")]
    return unescape_text("".join(piece.text or "" for piece in item.iter() if local_name(piece) == "t"))
