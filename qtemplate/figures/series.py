"""What a control chart is handed, checked point by point and made into arrays. Points are counted from 0."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


def read_counts(counts: Iterable[Any]) -> Values:
    """Counts as floats.

    Raises:
        ValueError: No points; one that is no number, missing, infinite or negative.
    """
    read = _numbers(counts, "count")
    if not len(read):
        raise ValueError("there are no points; a chart needs at least one count")
    if (read < 0).any():
        point = int(np.argmax(read < 0))
        raise ValueError(f"the count of point {point} is {read[point]:g}; a count is 0 or more")
    return read


def read_sizes(sizes: Any, points: int) -> Values:
    """Sizes as floats, one a point.

    Args:
        sizes: One number for all points, or one a point.
        points: How many there are.

    Raises:
        ValueError: Another number of sizes than points; one that is no number, missing, infinite, 0 or negative.
    """
    one = np.isscalar(sizes) or getattr(sizes, "ndim", None) == 0
    read = _numbers([sizes] if one else sizes, "size")
    if not one and len(read) != points:
        raise ValueError(f"there are {points} points but {len(read)} sizes; give one size, or one a point")
    if (read <= 0).any():
        point = int(np.argmax(read <= 0))
        raise ValueError(f"the size of point {point} is {read[point]:g}; a size is more than 0")
    return np.full(points, read[0]) if one else read


def read_baseline(baseline: slice | Sequence[bool] | Mask | None, points: int) -> Mask:
    """The points that make the limits: all, those of a slice, or those that a mask marks.

    Raises:
        ValueError: A mask of another length, or of anything but true and false; no point is left.
    """
    chosen = np.zeros(points, bool)
    if baseline is None:
        chosen[:] = True
    elif isinstance(baseline, slice):
        chosen[baseline] = True
    else:
        marks = list(baseline)
        if len(marks) != points or not all(isinstance(mark, (bool, np.bool_)) for mark in marks):
            raise ValueError(f"a baseline is a slice, or a mask of {points} values true or false, one a point")
        chosen[:] = marks
    if not chosen.any():
        raise ValueError(f"the baseline holds none of the {points} points; it needs at least one to make limits from")
    return chosen


def _numbers(values: Iterable[Any], what: str) -> Values:
    read = []
    for point, value in enumerate(_each(values, what)):
        try:
            number = float("nan") if isinstance(value, (str, np.ma.core.MaskedConstant)) else float(value)
        except (TypeError, ValueError, OverflowError):
            number = float("nan")
        if not np.isfinite(number):
            raise ValueError(f"the {what} of point {point} is {value!r}; expected a finite number")
        read.append(number)
    return np.array(read, np.float64)


def _each(values: Iterable[Any], what: str) -> list[Any]:
    try:
        return list(values)
    except TypeError:
        raise ValueError(f"the {what}s are {values!r}; expected one number a point") from None
