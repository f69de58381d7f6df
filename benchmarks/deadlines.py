"""100,000 deadlines: prefix sums over a work calendar against pandas CustomBusinessHour row by row, in one run.

    python benchmarks/deadlines.py [rows]

Both get the same calendar (Monday to Friday 9–18, the holidays and make-up days of 2026) and the same starts; eight
working hours are added to each. CustomBusinessHour is timed on a sample of the rows and scaled up. A due time at
closing time is the next opening for CustomBusinessHour; apart from that the answers must agree, or the run fails.
"""

from __future__ import annotations

import datetime as dt
import sys
import time
import warnings
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # the checkout, installed or not

from qtemplate.rules.workdays import WorkCalendar

HOUR = 3600
OFF = ((1, 1, 3), (2, 15, 23), (4, 4, 6), (5, 1, 5), (6, 19, 21), (9, 25, 27), (10, 1, 7))  # month, first, last day
ON = ((1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10))
SAMPLE = 1_000
REPEATS = 5


def calendar() -> WorkCalendar:
    """The working time of 2026."""
    days = {dt.date(2026, month, day): False for month, first, last in OFF for day in range(first, last + 1)}
    days |= {dt.date(2026, month, day): True for month, day in ON}
    return WorkCalendar(dict.fromkeys(range(5), ((9 * HOUR, 18 * HOUR),)), days)


def business_hours(work: WorkCalendar) -> pd.offsets.CustomBusinessHour:
    """Eight hours as pandas has them: every day that is not worked is a holiday, so that make-up Saturdays count."""
    every = pd.date_range("2026-01-01", "2027-06-30").date
    free = [day for day in every if not work.segments_of(day)]
    return pd.offsets.CustomBusinessHour(
        8,
        weekmask="1111111",  # type: ignore[call-arg] # the stubs lack it
        holidays=free,
        start="09:00",
        end="18:00",
    )


def main() -> int:
    """Prints both times, the ratio and how far the answers agree; 1 if they differ."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    seconds = np.random.default_rng(4).integers(0, 364 * 86_400, rows)
    starts = np.datetime64("2026-01-01", "s") + seconds.astype("m8[s]")
    work = calendar()
    work.add_working(starts[:1], HOUR)  # the axis is laid out once a run
    ours = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        ends = work.add_working(starts, 8 * HOUR)
        ours.append(time.perf_counter() - began)
    sample = pd.DatetimeIndex(starts[:SAMPLE])
    offset = business_hours(work)
    began = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", pd.errors.PerformanceWarning)
        theirs = [start + offset for start in sample]
    per_row = (time.perf_counter() - began) / len(sample)
    differ = [
        (start, own, other)
        for start, own, other in zip(sample, pd.DatetimeIndex(ends[:SAMPLE]), theirs, strict=True)
        if own != other and not (own.hour == 18 and other.hour == 9)
    ]
    best = min(ours)
    print(f"{rows:,} deadlines: {best * 1000:.1f} ms (best of {REPEATS})")
    print(f"CustomBusinessHour: {per_row * 1e6:.0f} us a row, {per_row * rows:.2f} s for {rows:,}")
    print(f"ratio: {per_row * rows / best:,.0f} x; {len(sample) - len(differ)} of {len(sample)} answers agree")
    for start, own, other in differ[:5]:
        print(f"  from {start}: {own}, CustomBusinessHour says {other}")
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
