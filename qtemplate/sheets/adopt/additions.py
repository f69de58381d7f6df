"""What an adopted workbook gets: our columns at the right of theirs, the sheets of rules and logs, the column map."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from ...ooxml.add import Additions, NewSheet
from ...register import label_of
from ...texts.workbook.adopt import ADOPT
from ..headers import fold
from ..reading.adopted import FEWEST
from ..reading.column_map import BELOW, HEADERS, JOINED, REGISTER, TITLES, ColumnMap, MappedColumn, Use
from ..standard.workbook import build_workbook
from ..upgrading.adding import Layout
from ..upgrading.lacking import REGISTER as OF_REGISTER
from ..upgrading.lacking import Lack, find_lacks
from ..upgrading.survey import Survey
from ..upgrading.things import What
from .completing import folded, map_line, names_beside
from .donor import make_donor
from .grid import is_blank, rows_below
from .header_row import Reader, heads_table
from .vocabulary import read_vocabulary

HEAD = PatternFill("solid", fgColor="FFDCE6F1")


class Adoption(Struct, frozen=True):
    """What is added.

    Attributes:
        map: With our columns.
        columns, sheets: Headers and names, as they will be written.
        first: Worksheet column of the first of ours.
    """

    map: ColumnMap
    additions: Additions
    columns: tuple[str, ...]
    sheets: tuple[str, ...]
    first: int


def plan_adoption(ours: Survey, known: ColumnMap, scratch: Path) -> Adoption:
    """Lays out what a workbook gets.

    Args:
        ours: The workbook as it is, looked at through the map.
        known: The map of their columns.
        scratch: A folder for the workbooks that sheets are copied from.
    """
    language = known.language
    donor = scratch / "standard.xlsx"
    standard = make_donor(donor, build_workbook(language), ours, known)
    names = names_beside(ours.register.header)
    taken = {fold(name) for name in ours.book.sheet_names}
    lacks = [
        Lack(What.COLUMN, OF_REGISTER, known.sheet, name, field.value) for field, name in names.items()
    ] + [
        lack
        for lack in find_lacks(ours, standard, language, ())
        if lack.what is What.SHEET and fold(lack.name) not in taken
    ]  # fmt: skip
    laid = Layout(ours, standard, donor, language, lacks).additions()
    added = [MappedColumn(name, field.value, Use.OURS) for field, name in names.items()]
    whole = replace(known, columns=(*known.columns, *added), below=_table_below(ours))
    page = scratch / "map.xlsx"
    _write_map(page, whole)
    sheets = [*laid.sheets, NewSheet(TITLES[language], page, TITLES[language])]
    table = ours.register.table
    first = (max(ours.register.header.texts) if table is None else table.area.last_column) + 1
    return Adoption(
        whole,
        Additions(folded(laid.columns, names), sheets, ()),
        tuple(names.values()),
        tuple(s.name for s in sheets),
        first,
    )


def _table_below(ours: Survey) -> str:
    """What the header of another table below the register says, "" where none is."""
    header, reader = ours.register.header, Reader(read_vocabulary())
    left = (ours.book.sheet(header.sheet).start or (0, 0))[1] + 1
    places = [at - left for at in sorted(header.texts)]
    gap = False
    for row in rows_below(ours.book, header.sheet, header.row + 1):
        filled = [row[at] for at in places if at < len(row) and not is_blank(row[at])]
        if gap and heads_table(filled, reader):
            return JOINED.join(map(str, filled))
        gap = len(filled) < FEWEST
    return ""


def _write_map(path: Path, known: ColumnMap) -> None:
    """The sheet 列对照 in a workbook of its own."""
    language = known.language
    words = ADOPT[language]
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = TITLES[language]
    lines: list[tuple[str, ...]] = [(words["map_lead"],), (REGISTER[language], known.sheet)]
    lines += [(BELOW[language], known.below), HEADERS[language]]
    for column in known.columns:
        line = map_line(column, language)
        label = line[1]
        lines.append(line)
        for text, code in column.values.items():
            meaning = str(label_of(str(column.key), code, language) or "")
            lines.append((column.header, label, column.key or "", "", text, meaning, code))
    for row, line in enumerate(lines, 1):
        for at, text in enumerate(line, 1):
            cell = sheet.cell(row, at, text or None)
            cell.data_type, cell.number_format = ("s" if text else "n"), "@"
            cell.alignment = Alignment(vertical="top", wrap_text=row > 3)
            if row == 4:
                cell.font, cell.fill = Font(bold=True), HEAD
    for at, width in enumerate((28, 18, 18, 12, 24, 18, 14), 1):
        sheet.column_dimensions[get_column_letter(at)].width = width
    sheet.freeze_panes = "A5"
    book.save(path)
