"""What looks like one incident written down twice: the same person, the same model, within a day. Pure."""

from __future__ import annotations

import datetime as dt

from ...fields import Field
from ..case import Case

SOON = dt.timedelta(days=1)
"""Two records of one incident come in within so long."""


def perhaps_twice(one: Case, other: Case) -> bool:
    """Whether two rows may be one incident, so that there are no former causes to look at."""
    same = (Field.REPORTER, Field.MODEL)
    if any(one.value(field) is None or one.value(field) != other.value(field) for field in same):
        return False
    first, second = (case.value(Field.RECEIVED_AT) for case in (one, other))
    return first is not None and second is not None and abs(first - second) < SOON
