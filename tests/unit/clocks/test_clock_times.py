"""Clocks as columns: which facts, pauses and log entries start and stop them, to the second."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from clock_setup import BOOK, FRIDAY, ID, ROW, clocks, contact, pause, register_of, table_of
from msgspec.structs import replace

from qtemplate.choices import Clock, ClockState
from qtemplate.plan import Memory
from qtemplate.rules.clocks.times import clock_times
from qtemplate.rules.situation import Situation
from qtemplate.rules.steps.clocks import run_clocks
from qtemplate.texts import say

REOPENED = Memory(facts={(ID, "reopened_at"): "2026-12-07T09:00:00"})


def test_time_left_counts_overlapping_and_nested_pauses_once() -> None:
    log = (
        pause(dt.datetime(2026, 11, 20, 16, 30), dt.datetime(2026, 11, 23, 10)),
        pause(dt.datetime(2026, 11, 20, 17), dt.datetime(2026, 11, 20, 17, 30)),
        pause(dt.datetime(2026, 11, 23, 9, 30), dt.datetime(2026, 11, 23, 11)),
    )
    table = clock_times(Situation(register_of(ROW), replace(BOOK, pauses=log), Memory(), dt.datetime(2026, 11, 23, 12)))
    assert table is not None
    assert table[Clock.RESPOND].left[0] == (8 - 0.5 - 1) * 3600
    assert str(table[Clock.RESPOND].due[0]) == "2026-11-24T10:30:00"


def test_a_pause_that_begins_at_the_due_second_comes_too_late() -> None:
    book = replace(BOOK, pauses=(pause(dt.datetime(2026, 11, 23, 16), dt.datetime(2026, 11, 23, 17)),))
    assert clocks(ROW, dt.datetime(2026, 11, 24), book)["respond_by"] == dt.datetime(2026, 11, 23, 16)


def test_states_of_stopped_clocks() -> None:
    rows = (
        {**ROW, "responded_at": dt.datetime(2026, 11, 23, 16)},
        {**ROW, "responded_at": dt.datetime(2026, 11, 23, 16, 0, 1)},
        {**ROW, "containment": "换货"},
        {**ROW, "containment": "换货", "contained_at": dt.datetime(2026, 11, 24, 16)},
        {**ROW, "assessed_at": None},
        {**ROW, "contained_at": dt.datetime(2026, 11, 24, 16)},
    )
    table = clock_times(Situation(register_of(*rows), BOOK, Memory(), dt.datetime(2026, 11, 25)))
    assert table is not None
    done, late, over = ClockState.DONE_ON_TIME, ClockState.DONE_LATE, ClockState.OVERDUE
    assert table[Clock.RESPOND].state.tolist() == [done, late, over, over, over, over]
    assert table[Clock.CONTAIN].state.tolist() == [over, over, None, done, over, done]
    assert table[Clock.CONTAIN].running.tolist() == [True, True, False, False, True, False]
    assert table[Clock.ASSESS].state.tolist() == [done, done, done, done, None, done]
    assert not table[Clock.ASSESS].running.any()


def test_the_follow_up_is_over_on_its_day() -> None:
    row = {"level": "major", "received_at": FRIDAY, "closed_at": FRIDAY, "watch_until": dt.date(2026, 12, 1)}
    states = []
    for now in (dt.datetime(2026, 11, 30, 23, 59, 59), dt.datetime(2026, 12, 1)):
        table = clock_times(Situation(register_of(row), BOOK, Memory(), now))
        assert table is not None
        states.append(table[Clock.WATCH].state[0])
    assert states == [ClockState.ON_TIME, ClockState.DONE_ON_TIME]


def test_nothing_is_named_worst_once_all_is_done() -> None:
    row = {**ROW, "reply_type": "solved", "replied_at": dt.datetime(2026, 11, 23, 16)}
    table = clock_times(Situation(register_of(row), BOOK, Memory(), dt.datetime(2026, 11, 25)))
    assert table is not None
    assert (table.worst.tolist(), table.state.tolist()) == ([None], [ClockState.DONE_ON_TIME])


@pytest.mark.parametrize(
    ("summary", "counts"),
    [
        ("M14 已答复", True), ("M15：进展", True), ("(M16)", True), ("", True), ("型号 KM14X 已说明", True),
        ("M01", False), ("已发 M02 请补充", False), ("M18 满意度", False), ("M02 之后 M15", True), ("共 M145 台", True),
    ],
)  # fmt: skip
def test_which_entries_of_the_log_are_a_reply(summary: str, counts: bool) -> None:
    book = replace(BOOK, contacts=(contact(dt.datetime(2026, 11, 20, 17), summary=summary),))
    table = clock_times(Situation(register_of(ROW), book, Memory(), dt.datetime(2026, 11, 20, 18)))
    assert table is not None
    assert bool(table[Clock.RESPOND].running[0]) is not counts


@pytest.mark.parametrize(
    "word", ["AM01", "KM01", "ZM01", "aM01", "kM01", "zM01", "0M01", "5M01", "9M01", "M015"],
)  # fmt: skip
def test_a_word_that_only_holds_the_letters_of_a_mail_speaks_of_none(word: str) -> None:
    book = replace(BOOK, contacts=(contact(dt.datetime(2026, 11, 20, 17), summary=f"型号 {word} 已说明"),))
    assert table_of(ROW, now=dt.datetime(2026, 11, 20, 18), book=book)[Clock.RESPOND].running.tolist() == [False]


def test_a_contact_noted_as_a_date_alone_or_at_this_very_moment_counts() -> None:
    for at in (dt.datetime(2026, 11, 20), dt.datetime(2026, 11, 20, 18)):
        table = clock_times(
            Situation(register_of(ROW), replace(BOOK, contacts=(contact(at),)), Memory(), dt.datetime(2026, 11, 20, 18))
        )
        assert table is not None
        assert table[Clock.RESPOND].stop[0] == np.datetime64(at)


def test_the_earlier_of_mail_and_call_is_the_first_response() -> None:
    call, mail = dt.datetime(2026, 11, 20, 17), dt.datetime(2026, 11, 20, 17, 30)
    for noted, logged in ((call, mail), (mail, call)):
        book = replace(BOOK, contacts=(contact(logged),))
        table = clock_times(
            Situation(register_of({**ROW, "responded_at": noted}), book, Memory(), dt.datetime(2026, 11, 23))
        )
        assert table is not None
        assert table[Clock.RESPOND].stop[0] == np.datetime64(call)
        assert table[Clock.UPDATE].start[0] == np.datetime64(mail)


def test_a_final_reply_does_not_date_a_containment_that_nobody_dated() -> None:
    answered = {**ROW, "reply_type": "solved", "replied_at": dt.datetime(2026, 12, 4)}
    table = clock_times(
        Situation(register_of({**answered, "containment": "换货"}, answered), BOOK, Memory(), dt.datetime(2026, 12, 5))
    )
    assert table is not None
    assert table[Clock.CONTAIN].state.tolist() == [None, ClockState.DONE_LATE]


def test_a_transfer_at_the_moment_of_the_reopening_belongs_to_the_new_cycle() -> None:
    memory = Memory(facts={(ID, "reopened_at"): "2026-12-07T09:00:00"})
    row = {**ROW, "transferred_at": dt.datetime(2026, 12, 7, 9)}
    table = clock_times(Situation(register_of(row), BOOK, memory, dt.datetime(2026, 12, 7, 10)))
    assert table is not None
    assert table[Clock.ACCEPT].running.tolist() == [True]


def test_a_contact_after_the_reopening_starts_the_progress_clock_anew() -> None:
    memory = Memory(facts={(ID, "reopened_at"): "2026-12-07T09:00:00"})
    book = replace(BOOK, contacts=(contact(dt.datetime(2026, 12, 8, 9)), contact(dt.datetime(2026, 12, 1, 9))))
    row = {**ROW, "responded_at": FRIDAY, "replied_at": dt.datetime(2026, 12, 2, 9), "reply_type": "in_progress"}
    table = clock_times(Situation(register_of(row), book, memory, dt.datetime(2026, 12, 8, 10)))
    assert table is not None
    assert str(table[Clock.UPDATE].start[0]) == "2026-12-08T09:00:00"


def test_accepted_at_the_second_of_the_transfer_is_accepted() -> None:
    table = clock_times(
        Situation(register_of({**ROW, "transferred_at": FRIDAY, "accepted_at": FRIDAY}), BOOK, Memory(), FRIDAY)
    )
    assert table is not None
    assert table[Clock.ACCEPT].state[0] is ClockState.DONE_ON_TIME


def test_of_several_calls_the_first_is_the_response_and_the_last_starts_the_progress_clock() -> None:
    calls = [dt.datetime(2026, 11, 20, 17, minute) for minute in (20, 10, 30)]
    book = replace(BOOK, contacts=tuple(contact(at) for at in calls))
    table = clock_times(Situation(register_of(ROW), book, Memory(), dt.datetime(2026, 11, 23)))
    assert table is not None
    assert table[Clock.RESPOND].stop[0] == np.datetime64(calls[1])
    assert table[Clock.UPDATE].start[0] == np.datetime64(calls[2])


def test_the_progress_date_says_what_it_counts_from() -> None:
    plan = run_clocks(Situation(register_of({**ROW, "responded_at": FRIDAY}), BOOK, Memory(), FRIDAY))
    because = next(edit.because for edit in plan.edits if edit.field == "update_by")
    assert say(because, "zh") == "进展时限（重要）：3 个工作日，自上次答复起，扣除暂停"


def test_a_stop_is_told_only_of_a_clock_that_has_started_and_stopped() -> None:
    rows = (
        {**ROW, "replied_at": dt.datetime(2026, 11, 23, 9), "reply_type": "in_progress"},
        {**ROW, "level": None},
        {**ROW, "level": "minor", "contained_at": FRIDAY},
        {**ROW, "closed_at": dt.datetime(2026, 11, 24, 9)},
    )
    table = table_of(*rows, now=dt.datetime(2026, 11, 23, 10))
    stops = {clock: table[clock].stop.astype(str).tolist() for clock in table.times}
    assessed, closed = "2026-11-20T16:03:00", "2026-11-24T09:00:00"
    assert stops == {
        Clock.ASSESS: [assessed, "NaT", assessed, assessed],
        Clock.RESPOND: ["2026-11-23T09:00:00", "NaT", "NaT", closed],
        Clock.ACCEPT: ["NaT"] * 4,
        Clock.CONTAIN: ["NaT"] * 4,
        Clock.UPDATE: ["NaT"] * 4,
        Clock.RESOLVE: ["NaT", "NaT", "NaT", closed],
        Clock.CONFIRM: ["NaT"] * 4,
        Clock.SILENCE: ["NaT"] * 4,
        Clock.AUTHORITY: ["NaT"] * 4,
        Clock.WATCH: ["NaT"] * 4,
    }


def test_nothing_runs_on_a_row_that_is_closed_or_merged() -> None:
    row = {
        "received_at": FRIDAY, "transferred_at": FRIDAY, "responded_at": FRIDAY,
        "confirm_sent_at": FRIDAY,
    }  # fmt: skip
    rows = ({**row, "closed_at": FRIDAY}, {**row, "master": "QF-2026-0009"}, row)
    table = table_of(*rows, now=dt.datetime(2026, 11, 23))
    assert {clock: times.running.tolist() for clock, times in table.times.items()} == {
        Clock.ASSESS: [False, False, True],
        Clock.RESPOND: [False, False, False],
        Clock.ACCEPT: [False, False, True],
        Clock.CONTAIN: [False, False, False],
        Clock.UPDATE: [False, False, True],
        Clock.RESOLVE: [False, False, True],
        Clock.CONFIRM: [False, False, True],
        Clock.SILENCE: [False, False, True],
        Clock.AUTHORITY: [False, False, False],
        Clock.WATCH: [False, False, False],
    }


def test_a_row_that_waits_shows_no_pause_for_a_clock_that_stopped_at_a_time_nobody_noted() -> None:
    table = table_of({**ROW, "containment": "换货", "status": "waiting_external"}, now=FRIDAY)
    assert (table[Clock.CONTAIN].state[0], table[Clock.RESPOND].state[0]) == (None, ClockState.PAUSED)


def test_what_was_never_answered_has_no_progress_clock_after_the_reopening_either() -> None:
    table = table_of(ROW, now=dt.datetime(2026, 12, 7, 10), memory=REOPENED)
    assert np.isnat(table[Clock.UPDATE].start[0])


def test_a_confirmation_asked_for_at_the_second_of_the_reopening_belongs_to_the_new_cycle() -> None:
    row = {**ROW, "confirm_sent_at": dt.datetime(2026, 12, 7, 9)}
    assert table_of(row, now=dt.datetime(2026, 12, 7, 10), memory=REOPENED)[Clock.CONFIRM].running.tolist() == [True]


def test_pauses_are_put_down_to_their_row_whichever_it_is() -> None:
    log = (pause(FRIDAY, dt.datetime(2026, 11, 20, 17), "QF-2026-0002"), pause(FRIDAY, None, "QF-2026-0003"))
    table = table_of(ROW, ROW, ROW, now=dt.datetime(2026, 11, 20, 17, 30), book=replace(BOOK, pauses=log))
    assert table.paused.tolist() == [False, False, True]
    assert table[Clock.RESPOND].left.tolist() == [6.5 * 3600, 7.5 * 3600, 8 * 3600]


def test_a_follow_up_has_something_left_only_while_it_runs() -> None:
    row = {"level": "major", "received_at": FRIDAY, "closed_at": FRIDAY}
    rows = (row, {**row, "watch_until": dt.date(2026, 12, 1)}, {**row, "level": "minor"})
    watch = table_of(*rows, now=dt.datetime(2026, 12, 18))[Clock.WATCH]
    assert watch.due.astype(str).tolist() == ["2027-02-18T00:00:00", "2026-12-01T00:00:00", "NaT"]
    assert watch.stop.astype(str).tolist() == ["NaT", "2026-12-01T00:00:00", "NaT"]
    np.testing.assert_array_equal(watch.left, [62 * 86400, np.nan, np.nan])
    np.testing.assert_array_equal(watch.share, [62 / 90, np.nan, np.nan])


def test_a_receipt_outside_the_calendar_has_used_nothing_and_flags_no_year() -> None:
    row = {"level": "major", "received_at": dt.datetime(1926, 11, 20, 16)}
    assert table_of(row, now=FRIDAY)[Clock.RESPOND].left.tolist() == [8 * 3600]
    assert run_clocks(Situation(register_of(row), BOOK, Memory(), FRIDAY)).findings == ()


def test_a_safety_hazard_has_two_working_days_until_it_is_reported_or_decided_not_to() -> None:
    hazard = ROW | {"safety": "yes", "assessed_at": FRIDAY + dt.timedelta(hours=1)}
    monday = dt.datetime(2026, 11, 23, 12)
    rows = (
        hazard,
        hazard | {"assessed_at": None},
        hazard | {"level": "urgent"},
        hazard | {"reportable": "yes", "reported_at": monday},
        hazard | {"reportable": "no", "report_reason": "已由厂家上报"},
        hazard | {"reportable": "no"},
        ROW | {"safety": "unsure"},
    )
    times = table_of(*rows, now=dt.datetime(2026, 11, 24, 16, 30))[Clock.AUTHORITY]
    assert times.due.astype(str).tolist() == [
        "2026-11-24T17:00:00", "2026-11-24T16:00:00", "2026-11-22T17:00:00", *["2026-11-24T17:00:00"] * 3, "NaT",
    ]  # fmt: skip
    assert times.running.tolist() == [True, True, True, False, False, True, False]
    soon, over, done = ClockState.DUE_SOON, ClockState.OVERDUE, ClockState.DONE_ON_TIME
    assert times.state.tolist() == [soon, over, over, done, None, soon, None]


def test_a_hazard_has_no_clock_where_nobody_can_write_down_that_it_was_reported() -> None:
    register = register_of(ROW | {"safety": "yes"})
    for key in ("reportable", "reported_at", "report_reason"):
        columns = {name: at for name, at in register.columns.items() if name != key}
        table = clock_times(Situation(replace(register, columns=columns), BOOK, Memory(), FRIDAY))
        assert table is not None
        assert not table[Clock.AUTHORITY].running.any()
