"""Our columns beside theirs: which a workbook lacks, how they are called and grouped, their lines in the column map.

For a workbook that is adopted now, and for one that an earlier version adopted without some of them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from msgspec.structs import replace

from ...fields import FIELDS, Field
from ...ooxml.add import CellBlock, NewColumn
from ...ooxml.cells import CellValue
from ...ooxml.references import Area, column_name
from ..headers import fold, nearest
from ..reading.column_map import HEADERS, TITLES, MappedColumn, Use
from ..reading.find_register import Header
from ..upgrading.lacking import REGISTER, Lack
from ..upgrading.survey import Survey
from ..upgrading.things import What
from .grid import is_blank
from .proposal import ours_beside

FOLDED = frozenset({Field.LEVEL_REASON, Field.TRANSFERRED_AT})
Columns = Mapping[str | CellBlock, Sequence[NewColumn]]
Appended = Mapping[CellBlock, Sequence[Mapping[str, CellValue]]]


def names_beside(header: Header) -> dict[Field, str]:
    """The columns that the process needs and the register has not, with their headers; one that the team has already
    is told from theirs."""
    taken = {fold(text) for text in header.texts.values()}
    mapped = () if header.map is None else header.map.columns
    added = {column.key for column in mapped if column.use is Use.OURS}
    theirs = {key for key in header.fields if key not in added}
    theirs |= {FIELDS[c.key] for c in mapped if c.key is not None and c.use in (Use.THEIRS, Use.HANDED_OVER)}
    names: dict[Field, str] = {}
    for field in ours_beside(theirs):
        if field in header.fields:
            continue  # it came when the workbook was adopted
        name = field.header(header.language)
        if fold(name) in taken:
            name = f"{name}（系统）" if header.language == "zh" else f"{name} (system)"
        names[field] = name
        taken.add(fold(name))
    return names


def lacking_columns(ours: Survey, known: Collection[str]) -> tuple[Lack, ...]:
    """What an adopted workbook would get beside its columns today; nothing for one that was made from the standard one.

    Args:
        ours: The workbook.
        known: What it had at earlier runs: that is not added again.
    """
    header = ours.register.header
    if header.map is None:
        return ()
    lacks = []
    for field, name in names_beside(header).items():
        gone = f"{What.COLUMN}:{field.value}" in known
        like = nearest(field.zh, list(header.own)) or nearest(field.en, list(header.own))
        called = next((c.header for c in header.map.columns if gone and c.key == field and c.use is Use.OURS), name)
        lacks.append(Lack(What.COLUMN, REGISTER, header.sheet, called, field.value, gone, like))
    return tuple(lacks)


def folded(columns: Columns, names: Mapping[Field, str]) -> dict[str | CellBlock, list[NewColumn]]:
    """The columns as they come beside a team's: grouped, so that they fold away."""
    hidden = {name for field, name in names.items() if field in FOLDED}
    ours = set(names.values())
    return {
        place: [
            replace(column, outline=1, hidden=column.header in hidden) if column.header in ours else column
            for column in added
        ]
        for place, added in columns.items()
    }


def map_line(column: MappedColumn, language: str) -> tuple[str, ...]:
    """A column's line on 列对照."""
    label = FIELDS[column.key].header(language) if column.key is not None else ""
    return (column.header, label, column.key or "", column.use.value, "", "", "")


def map_lines(ours: Survey, names: Mapping[Field, str]) -> Appended:
    """Lines of new columns of ours below those that 列对照 has; none for one that has them already."""
    header = ours.register.header
    if header.map is None or not names:
        return {}
    language, title = header.map.language, TITLES[header.map.language]
    named = header.map.by_header()
    lines = [
        map_line(MappedColumn(name, field.value, Use.OURS), language)
        for field, name in names.items()
        if fold(name) not in named
    ]
    grid = ours.book.sheet(title).to_python(skip_empty_area=False)
    top = next(at for at, row in enumerate(grid, 1) if tuple(map(str, row[:7])) == HEADERS[language])
    last = max(at for at, row in enumerate(grid, 1) if any(not is_blank(cell) for cell in row[:7]))
    block = CellBlock(title, Area(top, 1, max(last, top + 1), len(HEADERS[language])))
    return {block: list(_rows(lines))} if lines else {}


def _rows(lines: Iterable[Sequence[str]]) -> Iterable[dict[str, CellValue]]:
    for line in lines:
        yield {column_name(at): text for at, text in enumerate(line, 1) if text}
