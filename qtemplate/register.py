"""What was read: the frozen snapshot of the register, and where each cell lives.

Data only. Nothing here reads a file; `sheets.read_register` makes a `Register`, the rules look at it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from .choices import Choice
from .fields import FIELDS, Kind
from .ooxml.references import column_name


@dataclass(frozen=True, slots=True)
class CellRef:
    """A cell: sheet name, 1-based row and column; prints as `反馈登记!F12`."""

    sheet: str
    row: int
    column: int

    @property
    def address(self) -> str:
        """`F12`."""
        return f"{column_name(self.column)}{self.row}"

    def __str__(self) -> str:
        return f"{self.sheet}!{self.address}"


T = TypeVar("T")

SHARE_OF_ROWS = 8
"""Where more than one row in so many changed, a whole column is asked again."""


Asked = tuple[object, tuple[str, ...]]
"""A question about columns of the register, and all the columns it looks at."""


@dataclass(frozen=True, slots=True)
class Derived:
    """What was worked out from the columns of one frame.

    Attributes:
        frame: The frame it holds for.
        known: Question -> answer; see `Register.once`.
        by_row: Question -> answer row by row, and the rows that were changed since; see `Register.by_row`.
    """

    frame: pd.DataFrame | None = None
    known: dict[Asked, Any] = field(default_factory=dict)
    by_row: dict[Asked, tuple[npt.NDArray[Any], frozenset[int]]] = field(default_factory=dict)

    def after(self, frame: pd.DataFrame, changes: Mapping[str, Mapping[int, Any]]) -> Derived:
        """What still holds for `frame`, which differs by `changes` (key -> {row: value})."""
        known = {asked: found for asked, found in self.known.items() if changes.keys().isdisjoint(asked[1])}
        by_row = {
            asked: (found, stale.union(*(changes[key] for key in asked[1] if key in changes)))
            for asked, (found, stale) in self.by_row.items()
        }
        return Derived(frame, known, by_row)


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
        derived: See `once` and `by_row`.
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

    def by_row(
        self, what: object, keys: tuple[str, ...], make: Callable[[pd.DataFrame], npt.NDArray[Any]]
    ) -> npt.NDArray[Any]:
        """What `make` finds of each row, worked out once; where few rows changed since, for those only.

        A run changes a few cells of a column and asks the same again: at 100,000 rows that costs a thousandth.

        Args:
            what, keys: As for `once`.
            make: Gets the columns `keys` of some rows and gives an element a row, in their order. It may look at
                nothing but the row itself.

        Returns:
            One element a row of the frame, in its order; shared and for reading only.
        """
        known = self.derived.by_row
        found, stale = known.get((what, keys), (None, frozenset[int]()))
        if found is None or len(stale) * SHARE_OF_ROWS > len(self.frame):
            found = make(self.frame[list(keys)])
        elif stale:
            places = self.frame.index.get_indexer(pd.Index(list(stale)))
            found = found.copy()
            found[places] = make(self.frame[list(keys)].iloc[places])
        if stale or (what, keys) not in known:
            found.setflags(write=False)
            known[what, keys] = found, frozenset()
        return found

    def filled(self, key: str) -> npt.NDArray[np.bool_]:
        """True where a row has a usable value for `key`, one element a row; for reading only."""
        return self.by_row("filled", (key,), lambda frame: frame[key].notna().to_numpy(dtype=bool, copy=True))

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
        return replace(self, frame=frame, derived=self.derived.after(frame, changes))

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
