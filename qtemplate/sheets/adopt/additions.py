"""What an adopted workbook gets: our columns at the right of theirs, the sheets of rules and logs, the column map."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from ...fields import FIELDS, Field
from ...ooxml.add import Additions, ListValues, NewColumn, NewSheet, extend_lists
from ...ooxml.reading.book import open_book
from ...ooxml.references import Area
from ...register import label_of
from ...texts.workbook.adopt import ADOPT
from ..headers import fold
from ..reading.adopted import FEWEST
from ..reading.column_map import BELOW, HEADERS, JOINED, REGISTER, TITLES, ColumnMap, MappedColumn, Use, own_words
from ..standard.workbook import build_workbook
from ..upgrading.adding import Layout
from ..upgrading.lacking import REGISTER as OF_REGISTER
from ..upgrading.lacking import Lack, What, find_lacks
from ..upgrading.survey import Survey, survey_workbook
from .dictionary import name_as_theirs
from .grid import is_blank, rows_below
from .header_row import Reader, heads_table
from .proposal import ours_beside
from .vocabulary import read_vocabulary

FOLDED = frozenset({Field.LEVEL_REASON, Field.TRANSFERRED_AT})
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
    donor.write_bytes(build_workbook(language))
    name_as_theirs(donor, known, _kinds(ours))
    standard = survey_workbook(open_book(donor))
    if words := list(_own_words(standard, known)):
        extend_lists(donor, donor, words)
        standard = survey_workbook(open_book(donor))
    wanted = ours_beside(ours.register.header.fields)
    names = _names(wanted, ours.register.header.texts.values(), language)
    taken = {fold(name) for name in ours.book.sheet_names}
    lacks = [
        Lack(What.COLUMN, OF_REGISTER, known.sheet, names[field], field.value) for field in wanted
    ] + [
        lack
        for lack in find_lacks(ours, standard, language, ())
        if lack.what is What.SHEET and fold(lack.name) not in taken
    ]  # fmt: skip
    laid = Layout(ours, standard, donor, language, lacks).additions()
    columns = {place: [_shaped(column, names) for column in added] for place, added in laid.columns.items()}
    added = [MappedColumn(names[field], field.value, Use.OURS) for field in wanted]
    whole = replace(known, columns=(*known.columns, *added), below=_table_below(ours))
    page = scratch / "map.xlsx"
    _write_map(page, whole)
    sheets = [*laid.sheets, NewSheet(TITLES[language], page, TITLES[language])]
    table = ours.register.table
    first = (max(ours.register.header.texts) if table is None else table.area.last_column) + 1
    return Adoption(whole, Additions(columns, sheets, ()), tuple(names.values()), tuple(s.name for s in sheets), first)


def _kinds(ours: Survey) -> dict[str, str]:
    """Folded header -> what all its cells are, `text`, `number` or `date`; "" for a mixture or none."""
    header = ours.register.header
    left = (ours.book.sheet(header.sheet).start or (0, 0))[1] + 1
    found: dict[int, set[str]] = {at: set() for at in header.texts}
    for row in rows_below(ours.book, header.sheet, header.row + 1):
        for at, kinds in found.items():
            if 0 <= at - left < len(row) and not is_blank(cell := row[at - left]):
                kinds.add(_kind(cell))
    return {fold(header.texts[at]): next(iter(kinds)) if len(kinds) == 1 else "" for at, kinds in found.items()}


def _kind(cell: object) -> str:
    if isinstance(cell, str):
        return "text"
    return "number" if isinstance(cell, (int, float)) and not isinstance(cell, bool) else "date"


def _own_words(standard: Survey, known: ColumnMap) -> Iterator[ListValues]:
    """The team's own words below ours in the lists of the dictionary: what every drop-down from them then offers."""
    found: dict[str, dict[str, str]] = {}
    for column in known.columns:
        if column.key in standard.lists:
            found.setdefault(str(column.key), {}).update(own_words(column))
    for key, words in found.items():
        place = standard.lists[key]
        news = [text for text in words.values() if fold(text) not in place.values]
        if news:
            area = Area(place.header_row + 1, place.column, place.last_row, place.column)
            yield ListValues(place.sheet, area, news)


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


def _names(wanted: Iterable[Field], theirs: Iterable[str], language: str) -> dict[Field, str]:
    """Our headers; one that they have already is told from theirs."""
    taken = {fold(text) for text in theirs}
    names: dict[Field, str] = {}
    for field in wanted:
        name = field.header(language)
        if fold(name) in taken:
            name = f"{name}（系统）" if language == "zh" else f"{name} (system)"
        names[field] = name
        taken.add(fold(name))
    return names


def _shaped(column: NewColumn, names: Mapping[Field, str]) -> NewColumn:
    field = next((each for each, name in names.items() if name == column.header), None)
    return replace(column, outline=1, hidden=field in FOLDED)


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
        label = FIELDS[column.key].header(language) if column.key is not None else ""
        lines.append((column.header, label, column.key or "", column.use.value, "", "", ""))
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
