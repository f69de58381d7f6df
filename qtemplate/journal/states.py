"""What the program wrote last into each row, as a frame, and where a register holds something else. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import islice, repeat
from sys import intern
from typing import Any

import numpy as np
import pandas as pd

from ..fields import Field
from .encoding import DATED, KEYS, KNOWN

ONCE = DATED | {str(Field.ID)}
"""Columns whose texts do not stay or are not shared by rows: keeping equal ones once would only cost."""

AT_ONCE = 500
"""Rows decoded together: one call a batch, and few enough that what it makes is still in the processor's cache."""


def read_states(rows: Iterable[tuple[str, str]]) -> pd.DataFrame:
    """States as a frame by id, one column for each of `KEYS`.

    Args:
        rows: Id and cells, a JSON object from `write_state`; no id twice. Keys that are not in `KEYS` are passed over.
    """
    ids: list[str] = []
    columns: dict[str, list[Any]] = {key: [] for key in KEYS}
    rest = iter(rows)
    while batch := list(islice(rest, AT_ONCE)):
        first = len(ids)
        ids += [id for id, _ in batch]
        for column in columns.values():
            column += repeat(None, len(batch))
        states = json.loads(f"[{','.join([text for _, text in batch])}]")
        for place, state in enumerate(states, first):
            for key, value in state.items():
                if key in KNOWN:
                    # equal texts once: 100,000 rows would take 200 MB more
                    columns[key][place] = intern(value) if type(value) is str and key not in ONCE else value
    index = pd.Index(ids)
    frame = {key: pd.Series(column, index, dtype=object) for key, column in columns.items()}
    dated = [key for key in KEYS if key in DATED]
    texts = pd.Series([text for key in dated for text in columns[key]], dtype=object)
    # the moments of all columns at once: a call takes a millisecond before it looks at the first
    moments = pd.to_datetime(texts, format="ISO8601").to_numpy("datetime64[s]")
    for key, values in zip(dated, moments.reshape(len(dated), len(ids)), strict=True):
        frame[key] = pd.Series(values, index)
    return pd.DataFrame(frame)


def renew_states(written: pd.DataFrame, news: pd.DataFrame) -> pd.DataFrame:
    """The states with those of `news` in place of the older ones, new ids at the end; both from `read_states`.

    What did not change is shared with `written`, which stays as it is: the index, with what pandas has made to look ids
    up in it, and whole columns.
    """
    at = written.index.get_indexer(news.index)
    old, at = at >= 0, at[at >= 0]
    renewed = written.copy(deep=False)
    for key in KEYS:
        values, fresh = written[key].to_numpy(), news[key].to_numpy()[old]
        missing = pd.isna(values[at]) & pd.isna(fresh)
        if not (missing | (values[at] == fresh)).all():
            values = values.copy()
            values[at] = fresh
            renewed[key] = pd.Series(values, written.index, dtype=values.dtype)
    return renewed if old.all() else pd.concat([renewed, news[~old]])


def differing_rows(frame: pd.DataFrame, written: pd.DataFrame) -> list[str]:
    """Ids of the rows that do not hold what was written last, in the order of the rows.

    Where nothing was written the cell is a person's, and no earlier state can make it ours: it is not looked at.

    Args:
        frame: A register's, with a column for each of `KEYS`; a row without an id or a state differs in nothing.
        written: From `read_states`.
    """
    ids = pd.Index(frame[Field.ID])
    at = written.index.get_indexer(ids)
    differs = np.zeros(len(frame), dtype=bool)
    for key in KEYS:
        values = written[key].to_numpy()
        filled = np.append(~pd.isna(values), False)  # the last place is that of rows without a state, whose `at` is -1
        rows = np.flatnonzero(filled[at])
        differs[rows] |= np.asarray(frame[key].to_numpy()[rows] != values[at[rows]], dtype=bool)
    return [str(id) for id in ids[differs]]
