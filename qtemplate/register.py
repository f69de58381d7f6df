"""What was read: the frozen snapshot of the register, and where each cell lives.

Data only. Nothing here reads a file; `sheets.read_register` makes a `Register`, the rules look at it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from .choices import Choice
from .fields import FIELDS, Kind


def column_letters(number: int) -> str:
    """1 -> `A`, 27 -> `AA`."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@dataclass(frozen=True, slots=True)
class CellRef:
    """A cell: sheet name, 1-based row and column; prints as `反馈登记!F12`."""

    sheet: str
    row: int
    column: int

    @property
    def address(self) -> str:
        """`F12`."""
        return f"{column_letters(self.column)}{self.row}"

    def __str__(self) -> str:
        return f"{self.sheet}!{self.address}"


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Derived:
    """What was worked out from the columns of one frame: (what, columns) -> result."""

    frame: pd.DataFrame | None = None
    known: dict[tuple[object, tuple[str, ...]], Any] = field(default_factory=dict)


class Same:
    """Makes objects part of what `Register.once` is asked for: by identity, kept alive as long as the result."""

    __slots__ = ("objects",)

    def __init__(self, *objects: object) -> None:
        self.objects = objects

    def __hash__(self) -> int:
        return hash(tuple(map(id, self.objects)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and list(map(id, self.objects)) == list(map(id, other.objects))


@dataclass(frozen=True, slots=True)
class Register:
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
        quiet: Rows that no mail goes for in this run (copied rows, examples).
        examples: Rows that are examples or tests: nobody is assigned; set once a run by `rules.make_plan`.
        lacking: Required field -> boolean array of the rows that lack it; set once a run by `rules.make_plan`, since no
            step edits those fields.
        derived: See `once`.
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
    quiet: frozenset[int] = frozenset()
    examples: frozenset[int] = frozenset()
    lacking: Mapping[str, Any] | None = None
    derived: Derived = field(default_factory=Derived, compare=False, repr=False)

    def __post_init__(self) -> None:
        if self.derived.frame is not self.frame:
            object.__setattr__(self, "derived", Derived(self.frame))

    def cell(self, row: int, key: str) -> CellRef | None:
        """Where the value of `key` in worksheet row `row` lives; None when the sheet lacks the column."""
        column = self.columns.get(key)
        return None if column is None else CellRef(self.sheet, row, column)

    def value(self, row: int, key: str) -> Any:
        """The frame value as plain Python: datetime, str, int, float, bool; None for missing."""
        column = self.once("array", (key,), lambda: self.frame[key].array)
        return plain(column[self.frame.index.get_loc(row)])

    def once(self, what: object, keys: tuple[str, ...], make: Callable[[], T]) -> T:
        """What `make` finds, worked out once for as long as the columns `keys` stay as they are.

        The steps ask the same of the same columns again and again, and most columns do not change in a run.

        Args:
            what: Names the question and everything it depends on beside the columns; hashable.
            keys: All the columns that `make` looks at.
            make: Works it out. The result is shared, so nobody may change it.
        """
        known = self.derived.known
        if (what, keys) not in known:
            known[what, keys] = make()
        result: T = known[what, keys]
        return result

    def row(self, row: int) -> dict[str, Any]:
        """All frame values of a worksheet row as plain Python; one look-up where `value` would take ninety."""
        values = self.frame.iloc[self.frame.index.get_loc(row)]
        return {key: plain(value) for key, value in zip(values.index, values.array, strict=True)}

    def with_values(self, changes: Mapping[str, Mapping[int, Any]]) -> Register:
        """A register in which `changes` (key -> {row: value}) are in force; this one stays as it is."""
        if not changes:
            return self
        frame = self.frame.copy(deep=False)
        for key, values in changes.items():
            column = frame[key].copy()
            rows = pd.Index(list(values))
            if column.dtype.kind == "M":
                column.loc[rows] = pd.to_datetime(pd.Series(list(values.values()), index=rows))
            else:
                column.loc[rows] = pd.Series(list(values.values()), index=rows, dtype=object)
            frame[key] = column
        known = {at: found for at, found in self.derived.known.items() if changes.keys().isdisjoint(at[1])}
        return replace(self, frame=frame, derived=Derived(frame, known))

    @property
    def own_headers(self) -> tuple[str, ...]:
        """Headers of the team's own columns, in sheet order."""
        return tuple(name for name in self.columns if name not in FIELDS)


def plain(value: Any) -> Any:
    """A frame value as plain Python: Timestamp to datetime, numpy scalar to int/float/bool, missing to None."""
    if isinstance(value, np.datetime64):
        value = pd.Timestamp(value)
    if is_missing(value):
        return None
    if isinstance(value, pd.Timestamp):
        return value.to_pydatetime()
    if isinstance(value, np.generic):
        return value.item()
    return value


def is_missing(value: object) -> bool:
    """None, NaT, NaN or blank text."""
    return value is None or value is pd.NaT or (isinstance(value, float) and value != value) or value == ""


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
    if is_missing(shown):
        return None
    known = FIELDS.get(key)
    if known is not None and known.kind is Kind.DATE and isinstance(shown, dt.datetime):
        return shown.date()
    return shown
