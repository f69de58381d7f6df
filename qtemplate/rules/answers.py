"""What was worked out from the columns of the register, kept while those columns stay. Pure.

The steps ask the same questions of the same columns again and again, and a run changes few cells. Each question names
the columns it looks at, so an edit drops only the answers that rest on the edited column.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd
from msgspec import Struct, field

T = TypeVar("T")

SHARE_OF_ROWS = 8
"""Where more than one row in so many changed, a whole column is asked again."""

FEW_ROWS = 1_000
"""A column of up to so many rows is asked again as a whole: looking for the changed ones would take longer."""

Asked = tuple[object, tuple[str, ...]]
"""A question, and all the columns it looks at."""

Columns = Mapping[str, npt.NDArray[Any]]
"""Key -> the cells of some rows, as numpy has them: objects or datetime64."""


class Same:
    """Makes objects part of a question: by identity, kept alive as long as the answer."""

    __slots__ = ("addresses", "objects")

    def __init__(self, *objects: object) -> None:
        self.objects = objects
        self.addresses = tuple(map(id, objects))

    def __hash__(self) -> int:
        return hash(self.addresses)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and self.addresses == other.addresses


class Answers(Struct, frozen=True):
    """The answers that hold for one frame.

    Attributes:
        frame: The frame they hold for.
        whole: Question -> answer; see `once`.
        rows: Question -> answer row by row, and the worksheet rows that were changed since; see `by_row`.
        columns: Key -> its cells; see `cells`.
        arrays: Key -> its cells; see `values`.
    """

    frame: pd.DataFrame
    whole: dict[Asked, Any] = field(default_factory=dict)
    rows: dict[Asked, tuple[npt.NDArray[Any], frozenset[int]]] = field(default_factory=dict)
    columns: dict[str, Any] = field(default_factory=dict)
    arrays: dict[str, npt.NDArray[Any]] = field(default_factory=dict)

    def once(self, what: object, keys: tuple[str, ...], make: Callable[[], T]) -> T:
        """What `make` finds, worked out once for as long as the columns `keys` stay as they are.

        Args:
            what: Names the question and everything it depends on beside the columns; hashable.
            keys: All the columns that `make` looks at.
            make: Works it out. The result is shared, so nobody may change it.
        """
        if (what, keys) not in self.whole:
            self.whole[what, keys] = make()
        answer: T = self.whole[what, keys]
        return answer

    def by_row(
        self, what: object, keys: tuple[str, ...], make: Callable[[Columns], npt.NDArray[Any]]
    ) -> npt.NDArray[Any]:
        """What `make` finds of each row, worked out once and afterwards only for the rows that changed.

        A run changes a few cells of a column and asks the same question again: at 100,000 rows the second answer costs
        a thousandth of the first.

        Args:
            what, keys: As for `once`.
            make: Gets the columns `keys` of some rows and gives an element a row, in their order.

        Returns:
            One element a row of the frame, in its order; shared and for reading only.
        """
        found, stale = self.rows.get((what, keys), (None, frozenset[int]()))
        if found is None or (stale and (len(stale) * SHARE_OF_ROWS > len(self.frame) or len(self.frame) <= FEW_ROWS)):
            found = make({key: self.values(key) for key in keys})
        elif stale:
            places = self.frame.index.get_indexer(pd.Index(list(stale)))
            found = found.copy()
            found[places] = make({key: self.values(key)[places] for key in keys})
        if stale or (what, keys) not in self.rows:
            found.setflags(write=False)
            self.rows[what, keys] = found, frozenset()
        return found

    def cells(self, key: str) -> Any:
        """The cells of a column by position, as pandas hands them out one by one; for reading only.

        Of objects it is the bare array: pandas' own around it takes ten times as long for a cell.
        """
        found = self.columns.get(key)
        if found is None:
            column = self.frame[key]
            found = self.columns[key] = column.to_numpy() if column.dtype == object else column.array
        return found

    def values(self, key: str) -> npt.NDArray[Any]:
        """A whole column along the rows, as numpy has it; for reading only.

        Rows stand in the register's order everywhere, so nothing has to be aligned. On a few hundred of them numpy
        answers in a tenth of the time that pandas takes, which is mostly spent on making columns.
        """
        found = self.arrays.get(key)
        if found is None:
            found = self.arrays[key] = self.frame[key].to_numpy()
        return found

    def filled(self, key: str) -> npt.NDArray[np.bool_]:
        """True where a row has a usable value for `key`, one element a row; for reading only."""
        return self.by_row("filled", (key,), lambda columns: ~pd.isna(columns[key]))

    def after(self, frame: pd.DataFrame, changes: Mapping[str, Mapping[int, Any]]) -> Answers:
        """What still holds for `frame`, which differs by `changes` (key -> {worksheet row: value})."""
        whole = {asked: answer for asked, answer in self.whole.items() if changes.keys().isdisjoint(asked[1])}
        rows = {
            asked: (answer, stale.union(*(changes[key] for key in asked[1] if key in changes)))
            for asked, (answer, stale) in self.rows.items()
        }
        columns = {key: cells for key, cells in self.columns.items() if key not in changes}
        arrays = {key: cells for key, cells in self.arrays.items() if key not in changes}
        return Answers(frame, whole, rows, columns, arrays)
