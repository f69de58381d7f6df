"""What the journal knows of former values of one column: only of rows that were written more than once."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping

from ..fields import Field
from .database import Database
from .encoding import decode
from .store import Journal

Written = tuple[tuple[dt.datetime, object], ...]
"""Moment of the run and what it wrote, oldest first."""

_MOVED = (
    "select at, id, cells from change where cells like ? and id in "
    "(select id from change where cells like ? group by id having count(*) > 1) order by number"
)


def values_written(journal: Journal, field: Field) -> Mapping[str, Written]:
    """Feedback id -> everything that was ever written into a column of it; rows whose value never changed are left out.

    One pass of the database over its log; only the rows that moved are read.
    """
    database: Database = journal.database
    wanted = f'%["{field}", %'
    found: dict[str, list[tuple[dt.datetime, object]]] = {}
    for at, id, cells in database.execute(_MOVED, (wanted, wanted)):
        for name, _, after, _ in json.loads(cells):
            if name == field:
                found.setdefault(id, []).append((dt.datetime.fromisoformat(at), decode(name, after)))
    return {id: tuple(values) for id, values in found.items() if len({value for _, value in values}) > 1}
