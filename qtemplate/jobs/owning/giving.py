"""Columns of a team's own that the program is given to fill: what they held then is remembered beside the register.

At adoption the map says so from the start. Later `claim --hand-over` changes the map, empties the column of ours that
stood in for theirs, and what theirs holds counts as what the program wrote last.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Collection, Sequence
from typing import Any

from msgspec.structs import replace

from ...apply import Workspace
from ...apply.ends import why_never
from ...apply.reshape import reshape_register
from ...fields import FIELDS, Field
from ...files.owner_file import read_owner, write_owner
from ...ooxml.patch import CellValue, patch_workbook
from ...ooxml.reading.book import Book, open_book
from ...ooxml.references import column_name
from ...plan import Phrase
from ...register import Register, is_missing, plain
from ...rules.around.kept_cells import AS_THEY_STAND
from ...sheets.headers import fold
from ...sheets.reading.cell_values import shown
from ...sheets.reading.column_map import TITLES, Use, read_map
from ...sheets.reading.reader import read_register
from .kept import given_cells
from .ownership import renewed


def give_columns(workspace: Workspace, book: Book) -> None:
    """Remember what the columns hold that the map gives to the program and that were not given before.

    A date that names when something happened stays as it stands.

    Args:
        workspace: Held.
        book: With the map that gives them.
    """
    register = read_register(book)
    owner = read_owner(workspace.config.register.path)
    before = {} if owner is None else owner.given
    keys = sorted(register.handed_over - before.keys())
    if not keys or why_never(workspace.config) is not None:
        return
    cells = given_cells(register, keys, _shown(book, register, keys))
    facts = {key: tuple(cells.pop(key)) for key in keys if key in AS_THEY_STAND and key in cells}
    mine = renewed(workspace, owner)
    given = {**before, **{key: cells.get(key, {}) for key in keys}}
    write_owner(workspace.config.register.path, replace(mine, given=given, kept={**mine.kept, **facts}))


def _shown(book: Book, register: Register, keys: list[str]) -> dict[str, str]:
    """Address -> what a cell of these columns shows."""
    grid = book.sheet(register.sheet).to_python(skip_empty_area=False)
    return {
        f"{column_name(register.columns[key])}{number}": shown(row[register.columns[key] - 1])
        for key in keys
        for number, row in enumerate(grid, 1)
        if register.columns[key] <= len(row) and row[register.columns[key] - 1] != ""
    }


def read_only_columns(book: Book) -> dict[str, str]:
    """Key, our header or their header -> key, of the columns of an adopted workbook that are read only."""
    known = read_map(book)
    found: dict[str, str] = {}
    for column in () if known is None else known.columns:
        if column.use is Use.READ_ONLY and column.key is not None and column.key != Field.ID:
            field = FIELDS[column.key]
            found |= dict.fromkeys((column.key, field.zh, field.en, column.header), column.key)
    return found


def hand_over(workspace: Workspace, book: Book, keys: Collection[str], now: dt.datetime) -> Phrase | None:
    """Gives columns that are read only to the program.

    Args:
        workspace: Held.
        book: The register as it is.
        keys: Of `read_only_columns`.
        now: Aware; names the copy of the register.

    Returns:
        Why it cannot be done now, or None.

    Raises:
        RegisterChanged: Somebody saved the register since it was read.
        WorkbookRefused: The register cannot be edited without loss.
    """
    register, path = read_register(book), workspace.config.register.path
    run = f"{now:%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:6]}"
    workspace.journal.begin_run(run, "claim", now, dt.datetime.now(dt.UTC).isoformat())
    edits = {map_title(book): _map_edits(book, keys), register.sheet: _stale_cells(book, register, keys)}

    def patch(before_replace: Callable[[str], None]) -> str:
        return patch_workbook(path, path, edits=edits, before_replace=before_replace).sha256

    done = reshape_register(workspace, run, now, book.sha256, patch)
    summary = {"rows": len(register.frame), "exit": 5 if isinstance(done, Phrase) else 0}
    workspace.journal.end_run(run, dt.datetime.now(dt.UTC).isoformat(), summary)
    if isinstance(done, Phrase):
        return done
    written = open_book(path)
    give_columns(workspace, written)
    after = read_register(written)
    for key in keys:
        lines = zip(after.frame.index.tolist(), after.frame[Field.ID].tolist(), after.frame[key].tolist(), strict=True)
        known = {str(id): plain(value) for row, id, value in lines if not is_missing(id) and row not in after.past}
        workspace.journal.regard_as_written(key, known)
    return None


def map_title(book: Book) -> str:
    """The name of the sheet that holds the map."""
    return next(title for title in TITLES.values() if title in book.sheet_names)


def _map_edits(book: Book, keys: Collection[str]) -> dict[str, CellValue]:
    """The lines of the map: theirs is handed over, the one of ours that stood in for it is no field any more."""
    edits: dict[str, CellValue] = {}
    for number, row in enumerate(book.sheet(map_title(book)).to_python(skip_empty_area=False), 1):
        _, _, key, use, value, *_ = [*(shown(cell).strip() for cell in row), "", "", "", "", ""]
        if key in keys and use == Use.READ_ONLY:
            edits[f"D{number}"] = str(Use.HANDED_OVER)
        elif key in keys and (use == Use.OURS or (value and not _is_theirs(book, row))):
            edits |= {f"B{number}": None, f"C{number}": None}
    return edits


def _is_theirs(book: Book, row: Sequence[Any]) -> bool:
    known = read_map(book)
    mapped = None if known is None else known.by_header().get(fold(shown(row[0])))
    return mapped is None or mapped.use is not Use.OURS


def _stale_cells(book: Book, register: Register, keys: Collection[str]) -> dict[str, CellValue]:
    """Cells that are emptied: our columns of these fields, and the check of rows that are over by theirs."""
    columns = {register.columns[key] for key in keys if key in register.columns}
    check = register.columns.get(Field.CHECK)
    edits: dict[str, CellValue] = {}
    grid = book.sheet(register.sheet).to_python(skip_empty_area=False)
    for row in register.frame.index.tolist():
        wanted = columns | ({check} if check is not None and row in register.past else set())
        line = grid[row - 1]
        edits |= {f"{column_name(at)}{row}": None for at in wanted if at <= len(line) and line[at - 1] != ""}
    return edits
