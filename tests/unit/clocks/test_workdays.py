"""Working time on a calendar: adding, going back, measuring."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from clock_setup import CALENDAR, HOUR, LUNCH_WEEK

from qtemplate.rules.workdays import FIRST_YEAR, LAST_YEAR, WorkCalendar


def ends(*starts: str, hours: float = 8, calendar: WorkCalendar = CALENDAR) -> list[str]:
    return [str(end) for end in calendar.add_working(np.array(starts, "M8[s]"), hours * HOUR)]


def worked(start: str, end: str, calendar: WorkCalendar = CALENDAR) -> float:
    return float(calendar.working_between(np.datetime64(start), np.datetime64(end)))


def test_p17_eight_hours_from_friday_afternoon_end_on_monday_afternoon() -> None:
    assert ends("2026-11-20T16:00") == ["2026-11-23T16:00:00"]
    no_lunch = WorkCalendar(dict.fromkeys(range(5), ((9 * HOUR, 18 * HOUR),)))
    assert ends("2026-11-20T16:00", calendar=no_lunch) == ["2026-11-23T15:00:00"]


def test_p17_the_national_holiday_is_passed_over() -> None:
    assert CALENDAR.segments_of(dt.date(2026, 10, 1)) == ()
    assert ends("2026-09-30T16:00", "2026-10-03T11:00") == ["2026-10-08T16:00:00", "2026-10-08T18:00:00"]


def test_p17_a_make_up_saturday_has_the_hours_of_a_usual_day() -> None:
    assert CALENDAR.segments_of(dt.date(2026, 10, 10)) == ((9 * HOUR, 12 * HOUR), (13 * HOUR, 18 * HOUR))
    assert ends("2026-10-09T16:00", "2026-10-10T09:00") == ["2026-10-10T16:00:00", "2026-10-10T18:00:00"]
    assert worked("2026-10-10T00:00", "2026-10-11T00:00") == 8 * HOUR


def test_p18_two_segments_a_day_with_lunch_between() -> None:
    assert ends("2026-11-23T11:00", "2026-11-23T12:30", hours=2) == ["2026-11-23T14:00:00", "2026-11-23T15:00:00"]
    assert ends("2026-11-23T09:00", hours=3) == ["2026-11-23T12:00:00"]  # not 13:00


def test_used_up_at_closing_time_ends_at_closing_time() -> None:
    assert ends("2026-11-20T09:00", "2026-11-19T18:00") == ["2026-11-20T18:00:00", "2026-11-20T18:00:00"]


def test_adding_nothing_gives_the_start_even_on_a_day_off() -> None:
    assert ends("2026-11-22T03:04:05", hours=0) == ["2026-11-22T03:04:05"]


def test_one_second_after_a_weekend_is_the_first_second_of_monday() -> None:
    assert ends("2026-11-21T10:00", hours=1 / HOUR) == ["2026-11-23T09:00:01"]


def test_each_row_has_its_own_number_of_seconds() -> None:
    starts = np.array(["2026-11-23T09:00", "2026-11-23T09:00", "NaT"], "M8[s]")
    assert CALENDAR.add_working(starts, np.array([HOUR, 4 * HOUR, HOUR])).astype(str).tolist() == [
        "2026-11-23T10:00:00", "2026-11-23T14:00:00", "NaT",
    ]  # fmt: skip


def test_missing_times_stay_missing() -> None:
    for hours in (0, 1):
        assert ends("NaT", hours=hours) == ["NaT"]
    assert np.isnan(worked("NaT", "2026-11-23")) and np.isnan(worked("2026-11-23", "NaT"))


def test_times_outside_the_calendar_are_not_guessed() -> None:
    before, after = f"{FIRST_YEAR - 1}-12-31T23:59:59", f"{LAST_YEAR + 1}-01-01T00:00:00"
    for hours in (0, 1):
        assert ends(before, after, hours=hours) == ["NaT", "NaT"]
    assert np.isnan(worked(before, "2026-11-23"))
    assert ends(f"{LAST_YEAR}-12-31T17:59:59", hours=1 / HOUR) == [f"{LAST_YEAR}-12-31T18:00:00"]
    assert ends(f"{LAST_YEAR}-12-31T17:59:59", hours=2 / HOUR) == ["NaT"]
    assert ends(f"{FIRST_YEAR}-01-01T00:00:00", hours=1) == [f"{FIRST_YEAR}-01-03T10:00:00"]


def test_time_is_measured_forwards_and_backwards() -> None:
    assert worked("2026-11-20T17:00", "2026-11-23T10:00") == 2 * HOUR
    assert worked("2026-11-23T10:00", "2026-11-20T17:00") == -2 * HOUR
    assert worked("2026-11-21T10:00", "2026-11-22T10:00") == 0


def test_a_whole_year_has_the_working_days_that_were_announced() -> None:
    weekdays = int(np.busday_count("2026-01-01", "2027-01-01"))
    off = sum(day.weekday() < 5 for day, on in CALENDAR.days.items() if not on)
    make_up = sum(CALENDAR.days.values())
    assert worked("2026-01-01", "2027-01-01") == (weekdays - off + make_up) * 8 * HOUR


def test_the_standard_day_is_the_most_usual_one() -> None:
    assert CALENDAR.standard_day_seconds == 8 * HOUR
    half_friday = WorkCalendar({**LUNCH_WEEK, 4: ((9 * HOUR, 12 * HOUR),)})
    assert half_friday.standard_day_seconds == 8 * HOUR
    assert WorkCalendar({5: ((10 * HOUR, 14 * HOUR),)}).standard_day_seconds == 4 * HOUR
    assert WorkCalendar({6: ((10 * HOUR, 14 * HOUR),)}).standard_day_seconds == 4 * HOUR
    tie = WorkCalendar({0: ((0, 5),), 1: ((0, 7),)})
    assert (tie.usual_segments, tie.standard_day_seconds) == (((0, 5),), 5)


def test_a_calendar_without_working_time_has_no_due_times() -> None:
    for empty in (WorkCalendar({}), WorkCalendar({0: ()}, {dt.date(2026, 1, 3): True})):
        assert empty.standard_day_seconds == 0
        assert ends("2026-11-20T16:00", calendar=empty) == ["NaT"]
        assert ends("2026-11-20T16:00", hours=0, calendar=empty) == ["2026-11-20T16:00:00"]
        assert worked("2026-11-20", "2026-11-30", empty) == 0


def test_a_calendar_whose_every_worked_day_is_off_has_no_due_times_either() -> None:
    weeks = (dt.date(LAST_YEAR + 1, 1, 1) - dt.date(FIRST_YEAR, 1, 3)).days // 7 + 1
    mondays = [dt.date(FIRST_YEAR, 1, 3) + dt.timedelta(weeks=week) for week in range(weeks)]
    calendar = WorkCalendar({0: ((9 * HOUR, 18 * HOUR),)}, dict.fromkeys(mondays, False))
    assert ends("2026-11-20T16:00", calendar=calendar) == ["NaT"]
    assert worked("2026-11-20", "2026-11-30", calendar) == 0


def test_a_make_up_day_on_a_worked_weekday_keeps_its_own_hours() -> None:
    half = ((9 * HOUR, 12 * HOUR),)
    calendar = WorkCalendar({**LUNCH_WEEK, 5: half}, {dt.date(2026, 11, 21): True, dt.date(2026, 11, 22): True})
    assert calendar.segments_of(dt.date(2026, 11, 21)) == half
    assert calendar.segments_of(dt.date(2026, 11, 22)) == LUNCH_WEEK[0]
    assert worked("2026-11-21", "2026-11-22", calendar) == 3 * HOUR
    assert worked("2026-11-22", "2026-11-23", calendar) == 8 * HOUR


def test_segments_may_be_given_in_any_order_and_overlap() -> None:
    untidy = WorkCalendar({0: ((13 * HOUR, 18 * HOUR), (9 * HOUR, 11 * HOUR), (10 * HOUR, 12 * HOUR), (5, 5), (9, 8))})
    assert untidy.segments_of(dt.date(2026, 11, 23)) == ((9 * HOUR, 12 * HOUR), (13 * HOUR, 18 * HOUR))
    assert WorkCalendar({0: ((0, 10), (10, 20), (2, 5))}).usual_segments == ((0, 20),)
    late = WorkCalendar({0: ((0, 5), (10, 20), (15, 30), (16, 18))})
    assert late.usual_segments == ((0, 5), (10, 30))
    assert WorkCalendar({0: ((-5, 10), (86_000, 90_000))}).usual_segments == ((0, 10), (86_000, 86_400))


def test_days_outside_the_range_of_years_are_harmless() -> None:
    odd = WorkCalendar(LUNCH_WEEK, {dt.date(1900, 1, 1): False, dt.date(9999, 12, 31): True})
    assert ends("2026-11-20T16:00", calendar=odd) == ["2026-11-23T16:00:00"]
    edge = WorkCalendar(LUNCH_WEEK, {dt.date(LAST_YEAR + 1, 1, 1): False, dt.date(FIRST_YEAR - 1, 12, 31): False})
    assert ends(f"{LAST_YEAR}-12-31T16:00", hours=2, calendar=edge) == [f"{LAST_YEAR}-12-31T18:00:00"]
    assert worked(f"{FIRST_YEAR}-01-01", f"{FIRST_YEAR}-01-04", edge) == 8 * HOUR
    ends_off = WorkCalendar(LUNCH_WEEK, {dt.date(FIRST_YEAR, 1, 1): True, dt.date(LAST_YEAR, 12, 31): False})
    assert worked(f"{FIRST_YEAR}-01-01", f"{FIRST_YEAR}-01-02", ends_off) == 8 * HOUR
    assert worked(f"{LAST_YEAR}-12-31T00:00", f"{LAST_YEAR}-12-31T23:00", ends_off) == 0


def test_a_column_of_a_frame_and_a_moment_of_the_clock_are_taken_as_they_are() -> None:
    column = pd.Series(np.array(["2026-11-20T16:00", "NaT"], "M8[s]"))
    assert CALENDAR.add_working(column, 8 * HOUR).astype(str).tolist() == ["2026-11-23T16:00:00", "NaT"]
    assert str(CALENDAR.add_working(dt.datetime(2026, 11, 20, 16, 0, 0, 999), HOUR)) == "2026-11-20T17:00:00"


def test_summer_time_is_unknown_to_it() -> None:
    """P23: naive times of the register's zone; the night of 29 March 2026 is as long as any other."""
    always = WorkCalendar(dict.fromkeys(range(7), ((0, 86_400),)))
    assert worked("2026-03-29", "2026-03-30", always) == 24 * HOUR
    assert always.standard_day_seconds == 24 * HOUR


def test_calendars_are_compared_by_what_they_say_not_by_what_they_have_computed() -> None:
    used, fresh = WorkCalendar(LUNCH_WEEK), WorkCalendar(LUNCH_WEEK)
    used.add_working(np.datetime64("2026-11-20"), 1)
    assert used == fresh
    assert repr(used) == repr(fresh)


def test_a_calendar_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        CALENDAR.confirmed = frozenset()  # type: ignore[misc] # that is the point


def test_segments_a_second_apart_are_reckoned_as_exactly_without_a_table_of_gigabytes() -> None:
    odd = WorkCalendar({0: ((0, 1), (2, 3), (9 * HOUR, 18 * HOUR))})
    assert ends("2026-11-23", "2026-11-23T00:00:01", hours=3 / HOUR, calendar=odd) == [
        "2026-11-23T09:00:01", "2026-11-23T09:00:02",
    ]  # fmt: skip
    assert worked("2026-11-23", "2026-11-23T10:00", odd) == HOUR + 2
