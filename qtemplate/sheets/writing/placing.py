"""Where rows and cells of the log sheets are written: 沟通记录, 暂停记录 and the like.

Knows the layout and an opened book; decides nothing. A block is found as the reader finds it; a sheet that cannot take
a row as a whole takes none, so that all of them can be owed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct, field

from ...choices import ContactWay
from ...ooxml.add import CellBlock
from ...ooxml.cells import keepable
from ...ooxml.reading.book import Book
from ...ooxml.references import Area, column_name
from ...plan import REGISTER, Finding, NewRow, Phrase, Severity, SheetCell
from ...register import CellRef, Register
from ..blocks import Block, BlockFinder
from ..header_findings import why_not_written
from ..layout import BY_KEY, LOG_WORDS, word


class Placed(Struct):
    """Rows and cells in their places.

    Attributes:
        logs: The sheets that get rows or cells, by layout key.
        edits: Values by sheet name and address.
        appends: Rows by table.
        fits: Texts that stand in the rows of logs whose cells are written, by sheet, row and column: the row becomes as
            high as it needs to be.
        refused: What is said of the sheets that cannot take their rows or cells, by layout key.
    """

    logs: dict[str, Block] = field(default_factory=dict)
    edits: dict[str, dict[str, Any]] = field(default_factory=dict)
    appends: dict[str | CellBlock, list[dict[str, Any]]] = field(default_factory=dict)
    fits: dict[str, dict[int, dict[int, str]]] = field(default_factory=dict)
    refused: dict[str, Finding] = field(default_factory=dict)


def place_rows(book: Book, rows: Iterable[NewRow], cells: Iterable[SheetCell], register: Register) -> Placed:
    """Finds the place of every row and cell; rows of the register itself hold frame values or what a person typed."""
    placed, language, finder = Placed(), register.language, BlockFinder(book)
    filled: set[str] = set()

    def block_of(key: str) -> Block | None:
        if key not in placed.logs and key not in placed.refused:
            block, why = finder.find(BY_KEY[key]), why_not_written(finder, BY_KEY[key], language)
            if block is None or why is not None:
                placed.refused[key] = log_refused(key, block, why or Phrase("log.no_table"), language)
            else:
                placed.logs[key] = block
        return placed.logs.get(key)

    for row in rows:
        if row.sheet == REGISTER:
            values = {key: register.written(key, value) for key, value in row.values.items()}
            line = {_title(register, key): kept(value) for key, value in values.items()}
            placed.appends.setdefault(register.table or _block_of(register), []).append(line)
            continue
        block = block_of(row.sheet)
        if block is None:
            continue
        values = {key: shown(key, value, language) for key, value in row.values.items() if key in block.columns}
        if block.free_row is not None and block.sheet not in filled:
            filled.add(block.sheet)
            _edit(placed, finder, block, block.free_row, values)
        elif block.table:
            line = {block.headers[key]: value for key, value in values.items()}
            placed.appends.setdefault(block.table, []).append(line)
        else:
            placed.refused[row.sheet] = log_refused(row.sheet, block, Phrase("log.no_table"), language)
    for cell in cells:
        block = block_of(cell.sheet)
        if block is not None:
            _edit(placed, finder, block, cell.row, {cell.column: shown(cell.column, cell.after, language)})
    return placed


def _block_of(register: Register) -> CellBlock:
    """The cells of a register that is no Excel table, from its header to its last row."""
    columns, rows = register.columns.values(), register.frame.index
    last = int(rows.max()) if len(rows) else register.header_row
    return CellBlock(register.sheet, Area(register.header_row, min(columns), last, max(columns)))


def _title(register: Register, key: str) -> str:
    """What a column is called where rows are appended: its header in a table, else its letters."""
    return register.headers[key] if register.table else column_name(register.columns[key])


def _edit(placed: Placed, finder: BlockFinder, block: Block, row: int, values: Mapping[str, Any]) -> None:
    for key, value in values.items():
        placed.edits.setdefault(block.sheet, {})[f"{column_name(block.columns[key])}{row}"] = value
    if block.table:  # in cells that are none, some may be merged, and nobody can say how much room a text has
        rows = placed.fits.setdefault(block.sheet, {})
        if row not in rows:
            rows[row] = finder.texts(block.sheet, row)
        for key in values:
            rows[row].pop(block.columns[key], None)


def shown(key: str, value: Any, language: str) -> Any:
    """A value of a log row as its cell shows it: closed words and the way as labels, all else as it is."""
    if key in LOG_WORDS and value in LOG_WORDS[key]:
        return word(value, language)
    if key == "way":
        return next((way.label(language) for way in ContactWay if way == value), value)
    return kept(value)


def kept(value: Any) -> Any:
    """A value as a cell can keep it: one odd character of a text must not keep its whole row from being written."""
    return keepable(value) if isinstance(value, str) else value


def log_refused(key: str, block: Block | None, why: Phrase, language: str) -> Finding:
    """What is said about a log sheet that takes no rows."""
    if block is None:
        return Finding("QT714", Severity.ERROR, facts=(("sheet", BY_KEY[key].title(language)), ("why", why)))
    where = CellRef(block.sheet, block.header_row, min(block.columns.values()))
    return Finding("QT714", Severity.ERROR, where, facts=(("sheet", block.sheet), ("why", why)))
