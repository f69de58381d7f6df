"""Clocks: what the step writes for one row (cases/clocks.toml), and what holds for the register as a whole."""

from __future__ import annotations

import dataclasses
import datetime as dt
import os
import time
import tomllib
from typing import Any

import pandas as pd
import pytest
from clock_setup import BOOK, CALENDAR, FRIDAY, ID, LIMITS, ROW, cells, clocks, contact, pause, register_of
from msgspec.structs import replace
from where import TABLES

from qtemplate.choices import Clock, ClockState
from qtemplate.plan import Finding, Memory, Plan, Severity
from qtemplate.rules.clocks.times import clock_times
from qtemplate.rules.rulebook import RuleBook
from qtemplate.rules.situation import Situation
from qtemplate.rules.steps.clocks import run_clocks
from qtemplate.rules.workdays import WorkCalendar
from qtemplate.texts import say, say_finding
from qtemplate.texts.findings.clocks import CLOCKS
from qtemplate.texts.reasons.clocks import CLOCK_REASONS

CASES = tomllib.loads((TABLES / "clocks.toml").read_text(encoding="utf-8"))["case"]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_row_gets_the_cells_of_its_case(case: dict[str, Any]) -> None:
    book = replace(
        BOOK,
        pauses=tuple(pause(begin, end or None) for begin, end in case.get("pauses", [])),
        contacts=tuple(contact(*entry) for entry in case.get("contacts", [])),
    )
    written = clocks(case["row"], case["now"], book)
    assert {key: written.get(key, "") for key in case["cells"]} == case["cells"]


def test_no_case_is_told_twice() -> None:
    names = [case["name"] for case in CASES]
    assert len(set(names)) == len(names)


def test_english_registers_get_english_states() -> None:
    late = run_clocks(Situation(register_of(ROW, language="en"), BOOK, Memory(), dt.datetime(2026, 12, 9)))
    assert cells(late)["clock"] == "Overdue: First response"
    soon = run_clocks(Situation(register_of(ROW, language="en"), BOOK, Memory(), dt.datetime(2026, 11, 23, 15)))
    assert cells(soon)["clock"] == "Due soon: First response"


def test_every_row_shows_its_own_state() -> None:
    rows: tuple[dict[str, Any], ...] = (
        ROW,  # 8 working hours to respond: due on Monday at 16:00
        {**ROW, "received_at": dt.datetime(2026, 11, 20, 14)},
        {**ROW, "status": "waiting_external"},
        {**ROW, "level": "minor"},
        {**ROW, "master": "QF-2026-0009"},
        {},
        {"received_at": FRIDAY - dt.timedelta(days=3)},
    )
    plan = run_clocks(Situation(register_of(*rows), BOOK, Memory(), dt.datetime(2026, 11, 23, 15)))
    assert {edit.row: edit.after for edit in plan.edits if edit.field == "clock"} == {
        4: "即将到期：首次响应", 5: "超时：首次响应", 6: "暂停", 7: "正常", 8: "按期完成", 10: "超时：首次响应",
    }  # fmt: skip


def test_each_due_time_says_why() -> None:
    plan = run_clocks(Situation(register_of(ROW), BOOK, Memory(), FRIDAY))
    assert {edit.field: say(edit.because, "zh") for edit in plan.edits} == {
        "respond_by": "首次响应时限（重要）：8 个工作小时，自反馈时间起，扣除暂停",
        "resolve_by": "答复时限（重要）：10 个工作日，自反馈（或重新打开）时起，扣除暂停",
        "clock": "按 2026-11-20 16:00 的各项时限",
    }


def test_a_due_time_before_grading_says_that_it_is_provisional() -> None:
    plan = run_clocks(Situation(register_of({"received_at": FRIDAY}), BOOK, Memory(), FRIDAY))
    assert say(plan.edits[0].because, "en") == (
        "First response (no level yet, as normal): 1 working days, from receipt, pauses taken out"
    )


def test_a_limit_that_the_sheet_no_longer_has_empties_the_cell_and_says_so() -> None:
    limits = {key: limit for key, limit in LIMITS.items() if key[0] is not Clock.RESPOND}
    register = register_of({**ROW, "respond_by": dt.datetime(2026, 11, 23, 16)})
    plan = run_clocks(Situation(register, replace(BOOK, limits=limits), Memory(), FRIDAY))
    edit = plan.edits[0]
    assert (edit.field, edit.after, say(edit.because, "zh")) == ("respond_by", None, "首次响应时限（重要）：未规定")


def test_a_second_run_at_the_same_moment_writes_nothing() -> None:
    register = register_of(ROW, {"received_at": FRIDAY}, {"level": "urgent", "received_at": FRIDAY})
    plan = run_clocks(Situation(register, BOOK, Memory(), FRIDAY))
    changes: dict[str, dict[int, Any]] = {}
    for edit in plan.edits:
        changes.setdefault(edit.field, {})[edit.row] = edit.after
    assert run_clocks(Situation(register.with_values(changes), BOOK, Memory(), FRIDAY)) == Plan()


def test_an_open_pause_moves_the_due_times_once_a_day_not_with_every_run() -> None:
    book = replace(BOOK, pauses=(pause(FRIDAY + dt.timedelta(hours=1), None),))
    morning, evening = dt.datetime(2026, 11, 25, 8), dt.datetime(2026, 11, 25, 22)
    assert clocks(ROW, morning, book) == {**clocks(ROW, evening, book)}
    assert clocks(ROW, morning, book)["respond_by"] < clocks(ROW, evening + dt.timedelta(days=1), book)["respond_by"]


def test_time_left_stands_still_while_a_row_waits() -> None:
    book = replace(BOOK, pauses=(pause(FRIDAY + dt.timedelta(hours=1), None),))
    for now in (dt.datetime(2026, 11, 20, 17, 30), dt.datetime(2026, 11, 25, 15)):
        table = clock_times(Situation(register_of(ROW), book, Memory(), now))
        assert table is not None
        respond = table[Clock.RESPOND]
        assert (respond.left[0], respond.share[0], respond.state[0]) == (7 * 3600, 7 / 8, ClockState.PAUSED)


def test_time_overdue_does_not_grow_while_a_row_waits() -> None:
    book = replace(BOOK, pauses=(pause(dt.datetime(2026, 11, 23, 17), dt.datetime(2026, 11, 25, 17)),))
    table = clock_times(Situation(register_of(ROW), book, Memory(), dt.datetime(2026, 11, 25, 18)))
    assert table is not None
    assert table[Clock.RESPOND].left[0] == -2 * 3600


def test_p23_a_server_in_another_time_zone_gives_the_same_times(monkeypatch: pytest.MonkeyPatch) -> None:
    written = []
    for zone in ("UTC", "Asia/Shanghai", "America/New_York"):
        monkeypatch.setitem(os.environ, "TZ", zone)
        time.tzset()
        written.append(clocks(ROW, FRIDAY))
    monkeypatch.undo()
    time.tzset()
    assert written[0] == written[1] == written[2]
    assert written[0]["clock"] == "正常"  # not breached at birth


def test_p23_the_night_on_which_summer_time_begins_has_no_gap() -> None:
    row = {"level": "urgent", "received_at": dt.datetime(2026, 3, 29, 1, 30)}  # Berlin skips 02:00 to 03:00
    assert clocks(row, dt.datetime(2026, 3, 29, 2))["respond_by"] == dt.datetime(2026, 3, 29, 3, 30)


def test_p22_a_changed_calendar_gives_new_due_times_and_nothing_else() -> None:
    first = run_clocks(Situation(register_of(ROW), BOOK, Memory(), FRIDAY))
    register = register_of({**ROW, **cells(first)})
    free = replace(BOOK, calendar=dataclasses.replace(CALENDAR, days={**CALENDAR.days, dt.date(2026, 11, 23): False}))
    again = run_clocks(Situation(register, free, Memory(), FRIDAY))
    assert [(edit.field, edit.before, edit.after) for edit in again.edits] == [
        ("respond_by", dt.datetime(2026, 11, 23, 16), dt.datetime(2026, 11, 24, 16)),
        ("resolve_by", dt.datetime(2026, 12, 4, 16), dt.datetime(2026, 12, 7, 16)),
    ]
    assert not again.messages


def test_a_year_that_is_not_confirmed_is_flagged_once_not_per_row() -> None:
    late = dt.datetime(2026, 12, 29, 10)
    rows = [{"level": level, "received_at": late} for level in ("normal", "major", "minor", "urgent")]
    plan = run_clocks(Situation(register_of(*rows), BOOK, Memory(), late))
    assert plan.findings == (Finding("QT401", Severity.WARNING, None, "2027", (("year", "2027"), ("rows", 3))),)
    assert "2027 年" in say_finding(plan.findings[0], "zh").message


def test_every_year_that_is_not_confirmed_is_flagged_with_the_rows_that_fall_due_in_it() -> None:
    late = dt.datetime(2026, 12, 29, 10)
    rows = [{"level": level, "received_at": late} for level in ("normal", "major", "minor", "urgent")]
    book = replace(BOOK, calendar=dataclasses.replace(CALENDAR, confirmed=frozenset({2025})))
    assert run_clocks(Situation(register_of(*rows), book, Memory(), late)).findings == tuple(
        Finding("QT401", Severity.WARNING, None, year, (("year", year), ("rows", count)))
        for year, count in (("2026", 2), ("2027", 3))
    )


def test_deadlines_within_confirmed_years_are_not_flagged() -> None:
    assert run_clocks(Situation(register_of(ROW), BOOK, Memory(), FRIDAY)).findings == ()


def test_a_stopped_clock_and_a_follow_up_date_flag_no_year() -> None:
    row = {
        "level": "normal", "received_at": dt.datetime(2026, 12, 1), "reply_type": "solved",
        "replied_at": dt.datetime(2026, 12, 2), "closed_at": dt.datetime(2026, 12, 20), "related": "QF-2026-0009",
        "assessed_at": dt.datetime(2026, 12, 1, 10),
    }  # fmt: skip
    book = replace(BOOK, calendar=dataclasses.replace(CALENDAR, confirmed=frozenset()))
    assert run_clocks(Situation(register_of(row), book, Memory(), dt.datetime(2026, 12, 21))).findings == ()


@pytest.mark.parametrize(
    ("book", "codes"),
    [
        (replace(BOOK, calendar=None), ["QT402"]),
        (replace(BOOK, calendar=WorkCalendar({})), ["QT402"]),
        (replace(BOOK, limits={}), ["QT403"]),
        (RuleBook(), ["QT402", "QT403"]),
    ],
)
def test_without_calendar_or_limits_nothing_is_written_and_the_keeper_is_told(book: RuleBook, codes: list[str]) -> None:
    register = register_of({**ROW, "respond_by": FRIDAY, "clock": "正常"})
    plan = run_clocks(Situation(register, book, Memory(), FRIDAY))
    assert plan == Plan(tuple(Finding(code, Severity.ERROR) for code in codes))
    assert clock_times(Situation(register, book, Memory(), FRIDAY)) is None


def test_a_pause_that_ends_before_it_begins_is_reported_and_not_counted() -> None:
    book = replace(BOOK, pauses=(pause(dt.datetime(2026, 11, 23, 10), dt.datetime(2026, 11, 20, 17)),))
    plan = run_clocks(Situation(register_of(ROW), book, Memory(), FRIDAY))
    assert [(finding.code, finding.severity, finding.found, finding.id) for finding in plan.findings] == [
        ("QT404", Severity.WARNING, "", ID)
    ]
    assert cells(plan)["respond_by"] == dt.datetime(2026, 11, 23, 16)
    assert "第 5 行" in say_finding(plan.findings[0], "zh").message


def test_a_pause_without_length_counts_for_nothing_and_is_no_mistake() -> None:
    book = replace(BOOK, pauses=(pause(FRIDAY, FRIDAY),))
    assert run_clocks(Situation(register_of(ROW), book, Memory(), FRIDAY)).findings == ()


@pytest.mark.parametrize(("row", "unknown"), [(ROW, "QF-2026-9999"), ({**ROW, "id": None}, "None")])
def test_a_pause_of_an_unknown_id_is_reported(row: dict[str, Any], unknown: str) -> None:
    plan = run_clocks(
        Situation(register_of(row), replace(BOOK, pauses=(pause(FRIDAY, None, unknown),)), Memory(), FRIDAY)
    )
    assert [(finding.code, finding.found) for finding in plan.findings] == [("QT405", unknown)]
    assert cells(plan)["clock"] == "正常"


def test_pauses_and_contacts_reach_their_own_rows_only() -> None:
    register = register_of(ROW, ROW, ROW, {**ROW, "id": None})
    book = replace(
        BOOK,
        pauses=(
            pause(dt.datetime(2026, 11, 20, 17), dt.datetime(2026, 11, 23, 10), "QF-2026-0002"),
            pause(dt.datetime(2026, 11, 23, 10, 30), dt.datetime(2026, 11, 23, 11), "QF-2026-0002"),
            pause(dt.datetime(2026, 11, 20, 16, 30), dt.datetime(2026, 11, 20, 17), "QF-2026-0001"),
        ),
        contacts=(contact(dt.datetime(2026, 11, 20, 17), id="QF-2026-0003"), contact(FRIDAY, id="QF-2026-0099")),
    )
    table = clock_times(Situation(register, book, Memory(), dt.datetime(2026, 11, 23, 11, 30)))
    assert table is not None
    respond = table[Clock.RESPOND]
    assert respond.due.astype(str).tolist() == [
        "2026-11-23T16:30:00", "2026-11-24T09:30:00", "2026-11-23T16:00:00", "2026-11-23T16:00:00",
    ]  # fmt: skip
    assert respond.left.tolist()[:2] + respond.left.tolist()[3:] == [4 * 3600, 6 * 3600, 3.5 * 3600]
    assert respond.stop.astype(str).tolist() == ["NaT", "NaT", "2026-11-20T17:00:00", "NaT"]
    assert respond.running.tolist() == [True, True, False, True]


def test_the_log_means_the_first_row_of_a_doubled_id() -> None:
    register = register_of({**ROW, "id": ID}, {**ROW, "id": ID})
    book = replace(BOOK, pauses=(pause(FRIDAY, None),))
    table = clock_times(Situation(register, book, Memory(), FRIDAY))
    assert table is not None
    assert table.paused.tolist() == [True, False]


def test_a_reopened_row_runs_from_the_reopening() -> None:
    reopened = dt.datetime(2026, 12, 7, 9)
    memory = Memory(facts={(ID, "reopened_at"): reopened.isoformat(), (ID, "cycle"): 2})
    row = {
        **ROW, "responded_at": dt.datetime(2026, 11, 20, 17), "reply_type": "solved", "containment": "换货",
        "replied_at": dt.datetime(2026, 11, 30, 9), "transferred_at": dt.datetime(2026, 11, 23, 9),
        "confirm_sent_at": dt.datetime(2026, 12, 1, 9),
    }  # fmt: skip
    table = clock_times(Situation(register_of(row), BOOK, memory, dt.datetime(2026, 12, 7, 10)))
    assert table is not None
    starts = {clock: str(times.start[0]) for clock, times in table.times.items() if times.running[0]}
    assert starts == {Clock.RESOLVE: "2026-12-07T09:00:00", Clock.UPDATE: "2026-12-07T09:00:00"}
    assert str(table[Clock.RESOLVE].due[0]) == "2026-12-18T18:00:00"
    assert table[Clock.RESPOND].state[0] is ClockState.DONE_ON_TIME  # the first response stays the first response
    assert table.state[0] is ClockState.ON_TIME


def test_p19_a_pause_before_the_reopening_moves_nothing_and_one_across_it_counts_from_there() -> None:
    reopened = dt.datetime(2026, 12, 7, 9)
    memory = Memory(facts={(ID, "reopened_at"): reopened.isoformat(), (ID, "cycle"): 2})
    row = {**ROW, "responded_at": dt.datetime(2026, 11, 20, 17), "reply_type": "solved",
           "replied_at": dt.datetime(2026, 11, 30, 9)}  # fmt: skip
    due = []
    for end in (dt.datetime(2026, 11, 25, 9), dt.datetime(2026, 12, 7, 12)):
        book = replace(BOOK, pauses=(pause(dt.datetime(2026, 11, 23, 9), end),))
        table = clock_times(Situation(register_of(row), book, memory, dt.datetime(2026, 12, 7, 13)))
        assert table is not None
        due.append(str(table[Clock.RESOLVE].due[0]))
    assert due == ["2026-12-18T18:00:00", "2026-12-21T12:00:00"]


def test_a_reply_after_the_reopening_ends_the_new_cycle() -> None:
    memory = Memory(facts={(ID, "reopened_at"): "2026-12-07T09:00:00"})
    row = {
        **ROW, "responded_at": FRIDAY, "reply_type": "solved", "replied_at": dt.datetime(2026, 12, 8, 9),
        "transferred_at": dt.datetime(2026, 12, 7, 11), "confirm_sent_at": dt.datetime(2026, 12, 8, 9, 30),
    }  # fmt: skip
    table = clock_times(Situation(register_of(row), BOOK, memory, dt.datetime(2026, 12, 8, 10)))
    assert table is not None
    assert [clock for clock, times in table.times.items() if times.running[0]] == [Clock.CONFIRM, Clock.SILENCE]
    assert table[Clock.ACCEPT].state[0] is ClockState.DONE_LATE  # answered before anybody accepted, after four hours
    assert table[Clock.CONTAIN].state[0] is ClockState.DONE_ON_TIME
    assert table[Clock.RESOLVE].state[0] is ClockState.DONE_ON_TIME


def test_silence_follows_the_confirmation_clock() -> None:
    row = {
        **ROW, "responded_at": FRIDAY, "reply_type": "solved", "replied_at": dt.datetime(2026, 11, 23, 9),
        "confirm_sent_at": dt.datetime(2026, 11, 23, 9),
    }  # fmt: skip
    table = clock_times(
        Situation(register_of(row, {**row, "confirmation": "solved"}), BOOK, Memory(), dt.datetime(2026, 11, 24))
    )
    assert table is not None
    assert table[Clock.CONFIRM].due.astype(str).tolist() == ["2026-11-25T18:00:00"] * 2
    assert table[Clock.SILENCE].due.astype(str).tolist() == ["2026-12-02T18:00:00", "NaT"]


def test_follow_up_lasts_as_long_as_the_level_says_and_normal_rows_only_if_they_recur() -> None:
    closed = {"received_at": dt.datetime(2026, 1, 5, 9), "closed_at": dt.datetime(2026, 2, 3, 10)}
    register = register_of(
        {**closed, "level": "urgent"}, {**closed, "level": "major"}, {**closed, "level": "normal"},
        {**closed, "level": "normal", "related": "QF-2026-0009"}, {**closed, "level": "minor"},
        {**closed, "level": "minor", "watch_until": dt.date(2026, 2, 6)}, {**closed, "level": "urgent", "master": "X"},
        {**closed, "level": "urgent", "closed_at": None, "watch_until": dt.date(2026, 3, 1)},
    )  # fmt: skip
    table = clock_times(Situation(register, BOOK, Memory(), dt.datetime(2026, 2, 6, 12)))
    assert table is not None
    watch = table[Clock.WATCH]
    assert watch.due.astype("M8[D]").astype(str).tolist() == [
        "2026-08-02", "2026-05-04", "NaT", "2026-03-05", "NaT", "2026-02-06", "NaT", "NaT",
    ]  # fmt: skip
    assert watch.running.tolist() == [True, True, False, True, False, False, False, False]
    assert watch.state.tolist() == [
        ClockState.ON_TIME, ClockState.ON_TIME, None, ClockState.ON_TIME, None, ClockState.DONE_ON_TIME, None, None,
    ]  # fmt: skip
    assert watch.left[1] == (dt.datetime(2026, 5, 4) - dt.datetime(2026, 2, 6, 12)).total_seconds()
    assert watch.share[1] == watch.left[1] / (90 * 86400)
    assert [str(stop) for stop in watch.stop[4:6]] == ["NaT", "2026-02-06T00:00:00"]


def test_the_state_names_no_follow_up_and_no_silence() -> None:
    row = {"level": "urgent", "received_at": dt.datetime(2026, 1, 5, 9), "closed_at": dt.datetime(2026, 1, 5, 10)}
    assert clocks(row, dt.datetime(2027, 1, 1))["clock"] == "按期完成"


def test_a_receipt_in_the_future_has_used_nothing() -> None:
    table = clock_times(Situation(register_of(ROW), BOOK, Memory(), FRIDAY - dt.timedelta(days=30)))
    assert table is not None
    assert (table[Clock.RESPOND].left[0], table[Clock.RESPOND].share[0]) == (8 * 3600, 1)


def test_a_receipt_outside_the_calendar_has_no_due_time() -> None:
    written = clocks({"level": "major", "received_at": dt.datetime(1926, 11, 20, 16)}, FRIDAY)
    assert "respond_by" not in written


def test_the_table_is_aligned_with_the_register() -> None:
    register = register_of(ROW, {"level": "minor"}, {"level": "urgent", "received_at": FRIDAY})
    table = clock_times(Situation(register, BOOK, Memory(), dt.datetime(2026, 12, 20)))
    assert table is not None
    pd.testing.assert_index_equal(table.index, register.frame.index)
    assert table.worst.tolist() == [Clock.RESPOND, None, Clock.RESPOND]
    assert table.state.tolist() == [ClockState.OVERDUE, None, ClockState.OVERDUE]
    assert {len(times.state) for times in table.times.values()} == {3}
    assert set(table.times) == set(Clock)


def test_every_code_and_phrase_of_the_clocks_is_told_in_both_languages() -> None:
    assert list(CLOCKS) == ["QT401", "QT402", "QT403", "QT404", "QT405"]
    for entry in CLOCKS.values():
        assert all((entry.action_zh, entry.action_en, entry.expected_zh, entry.expected_en))
    assert all(zh and en for zh, en in CLOCK_REASONS.values())
