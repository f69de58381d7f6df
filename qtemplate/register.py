"""What was read: the frozen snapshot of the register, and where each cell lives.

Data only. Nothing here reads a file; `sheets.read_register` makes a `Register`, the rules look at it. What only shows
a cell or a value loads no pandas, which takes longer than the rest of a small command.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field
from msgspec.structs import replace

from .choices import Choice
from .fields import FIELDS, Field, Kind

if TYPE_CHECKING:
    import pandas as pd

PLAIN = frozenset({str, int, float, bool, dt.datetime, dt.date, dt.time})


class CellRef(Struct, frozen=True):
    """A cell: sheet name, 1-based row and column; prints as `反馈登记!F12`."""

    sheet: str
    row: int
    column: int

    @property
    def address(self) -> str:
        """`F12`."""
        from .ooxml.references import column_name  # with all its patterns; a log or a list of mails shows no cell

        return f"{column_name(self.column)}{self.row}"

    def __str__(self) -> str:
        return f"{self.sheet}!{self.address}"


class TypedCell(Struct, frozen=True):
    """A cell of a view sheet that people typed in.

    Attributes:
        where: The cell.
        id: The feedback its row is about; "" where that is not known.
        field: The column of the register that it belongs to; "" for none.
        text: What stands there; "" where they cleared what the program had written.
    """

    where: CellRef
    id: str
    field: str
    text: str


class Register(Struct, frozen=True):
    """The register as it was read.

    Attributes:
        frame: One row a feedback; index = worksheet row; columns = field keys (all of them, absent ones empty) and the
            team's own headers. DATE and DATETIME columns are datetime64[s]; enumerations hold codes; the rest are
            Python objects with None for missing.
        sheet, table: Names of the worksheet and of the Excel table ("" when there is none).
        language: Language of the sheet's labels, `"zh"` or `"en"`.
        header_row: Worksheet row of the headers.
        columns: Key or own header -> 1-based column; a key that the sheet lacks is absent.
        sha256: Of the file's bytes.
        wrong: (row, key) -> what the cell shows, for cells whose content does not fit the field; the frame has None.
        raw: (row, key) -> cell content, where it differs from `frame` by more than a known label (spelling, type).
        missing_files: (row, file name) of attachments that were not found on disk.
        findings: What the reader noticed (types, headers).
        past: Worksheet rows that are over as the columns of an adopted workbook say: nothing is done about them.
        gone: Field -> the header that the map of an adopted workbook has for it and that is not there.
        words: Field key -> code -> the team's own word, which is written for it.
        saved_by: Who saved the file last, as its properties say; "" where they do not. A witness, no proof.
        handed_over: Keys of a team's own columns that the program was given to fill.
        typed: What people typed on the view sheets, where it does not count.
        logged: Whether 变更日志 lists edits of the program's: it has written in this book.
    """

    frame: pd.DataFrame
    sheet: str
    table: str
    language: str
    header_row: int
    columns: Mapping[str, int]
    sha256: str
    path: str = ""
    wrong: Mapping[tuple[int, str], str] = field(default_factory=dict)
    raw: Mapping[tuple[int, str], Any] = field(default_factory=dict)
    missing_files: tuple[tuple[int, str], ...] = ()
    findings: tuple[Any, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    id_prefix: str = "QF"
    logged: bool = False
    past: frozenset[int] = frozenset()
    gone: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    saved_by: str = ""
    handed_over: frozenset[str] = frozenset()
    typed: tuple[TypedCell, ...] = ()

    def cell(self, row: int, key: str) -> CellRef | None:
        """Where the value of `key` in worksheet row `row` lives; None when the sheet lacks the column."""
        column = self.columns.get(key)
        return None if column is None else CellRef(self.sheet, row, column)

    def written(self, key: str, value: Any) -> Any:
        """What is written for a frame value: the team's own word where its map has one, else as `cell_value`."""
        words = self.words.get(key)
        own = words.get(str(value)) if words and not is_missing(value) else None
        return cell_value(key, value, self.language) if own is None else own

    def value(self, row: int, key: str) -> Any:
        """The frame value as plain Python: datetime, str, int, float, bool; None for missing."""
        return plain(self.frame[key].array[self.frame.index.get_loc(row)])

    def rows_by_id(self) -> dict[str, int]:
        """Feedback id -> worksheet row; the first of a doubled id."""
        ids, rows = self.frame[Field.ID].tolist()[::-1], self.frame.index.tolist()[::-1]
        return {id: row for id, row in zip(ids, rows, strict=True) if isinstance(id, str)}

    def row(self, row: int) -> dict[str, Any]:
        """All frame values of a worksheet row as plain Python; one look-up where `value` would take ninety."""
        values = self.frame.iloc[self.frame.index.get_loc(row)]
        return {key: plain(value) for key, value in zip(values.index, values.array, strict=True)}

    def with_values(self, changes: Mapping[str, Mapping[int, Any]]) -> Register:
        """A register in which `changes` (key -> {row: value}) are in force; this one stays as it is."""
        import numpy as np
        import pandas as pd

        if not changes:
            return self
        frame = self.frame.copy(deep=False)
        for key, values in changes.items():
            cells = frame[key].to_numpy(copy=True)
            places = frame.index.get_indexer(pd.Index(list(values)))
            if (places < 0).any():
                raise KeyError(f"no such rows: {list(values)}")
            new = np.empty(len(values), dtype=object)
            new[:] = list(values.values())
            cells[places] = pd.to_datetime(new).to_numpy() if cells.dtype.kind == "M" else new
            frame[key] = pd.Series(cells, index=frame.index, dtype=cells.dtype)
        return replace(self, frame=frame)

    @property
    def given_headers(self) -> tuple[str, ...]:
        """Headers of the team's columns that the program was given to fill, in sheet order."""
        return tuple(self.headers[key] for key in self.columns if key in self.handed_over)

    @property
    def own_headers(self) -> tuple[str, ...]:
        """Headers of the team's own columns, in sheet order."""
        return tuple(name for name in self.columns if name not in FIELDS)


def plain(value: Any) -> Any:
    """A frame value as plain Python: Timestamp to datetime, numpy scalar to int/float/bool, missing to None."""
    kind = type(value)
    if kind is str:  # most of a register is text
        return value or None
    if is_missing(value):
        return None
    if kind in PLAIN:
        return value
    if isinstance(value, dt.datetime):  # a Timestamp
        return value.to_pydatetime()  # type: ignore[attr-defined] # pandas is not loaded to say so
    import numpy as np  # where it made the value, this costs nothing

    if isinstance(value, np.datetime64):
        return value.astype("M8[us]").item()
    if isinstance(value, np.generic):
        return value.item()
    return value


def is_missing(value: object) -> bool:
    """None, NaT, NaN or blank text."""
    if type(value) is str:  # most of a register is text
        return not value
    if value is None or value == "":
        return True
    differs = value != value  # as NaN and NaT do from themselves
    return differs is True or (isinstance(value, float) and bool(differs))


def label_of(key: str, value: Any, language: str) -> Any:
    """What the cell shows for a frame value: an enumeration's label in `language`, else the value itself."""
    if is_missing(value):
        return None
    known = FIELDS.get(key)
    if known is not None and known.choices is not None and isinstance(value, str):
        member = known.choices._value2member_map_.get(value)
        return member.label(language) if isinstance(member, Choice) else value
    return value


def cell_value(key: str, value: Any, language: str) -> Any:
    """What is written for a frame value: labels for codes, plain dates for DATE fields, text as text."""
    shown = label_of(key, value, language)
    known = FIELDS.get(key)
    if known is not None and known.kind is Kind.DATE and isinstance(shown, dt.datetime):
        return shown.date()
    return shown
