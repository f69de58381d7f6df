"""What a frame holds, as plain Python; whichever library made the value."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd
import pytest

from qtemplate.choices import Level
from qtemplate.register import is_missing, plain

MOMENT = dt.datetime(2026, 7, 15, 14, 30)

VALUES = [
    (None, None),
    ("", None),
    (float("nan"), None),
    (np.float64("nan"), None),
    (pd.NaT, None),
    (np.datetime64("NaT"), None),
    ("text", "text"),
    (3, 3),
    (2.5, 2.5),
    (True, True),
    (MOMENT, MOMENT),
    (MOMENT.date(), MOMENT.date()),
    (pd.Timestamp(MOMENT), MOMENT),
    (np.datetime64(MOMENT, "s"), MOMENT),
    (np.int64(3), 3),
    (np.float64(2.5), 2.5),
    (np.True_, True),
    (Level.MAJOR, Level.MAJOR),
]


@pytest.mark.parametrize(("value", "expected"), VALUES, ids=[f"{type(value).__name__} {value}" for value, _ in VALUES])
def test_a_value_of_a_frame_is_plain_python(value: Any, expected: object) -> None:
    shown = plain(value)
    assert (shown, type(shown)) == (expected, type(expected))


@pytest.mark.parametrize("value", [None, "", float("nan"), np.float64("nan"), pd.NaT])
def test_what_no_cell_holds_is_missing(value: object) -> None:
    assert is_missing(value)


@pytest.mark.parametrize("value", ["x", 0, 0.0, False, MOMENT, pd.Timestamp(MOMENT), [], np.int64(0)])
def test_what_a_cell_holds_is_not_missing(value: object) -> None:
    assert not is_missing(value)
