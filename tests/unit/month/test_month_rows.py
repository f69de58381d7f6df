"""The register as columns for figures, and a month of it looked at: small enough to check by hand."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
from registers import ASSESSED, memory_of, register_of, standard_rules

from qtemplate.choices import Clock
from qtemplate.figures.figure import Figure
from qtemplate.figures.rows import Rows
from qtemplate.jobs.month.command import page_of
from qtemplate.plan import FactName, Phrase
from qtemplate.rules.around.confirmed import confirmed_rows
from qtemplate.rules.month.changes import told_signals
from qtemplate.rules.month.look import MonthLook, look_at_month
from qtemplate.rules.month.rows import figure_rows
from qtemplate.rules.situation import Situation
from qtemplate.texts import say

MONDAY = dt.datetime(2026, 8, 3, 9)


def at(text: str) -> dt.datetime:
    """`07-15T09:30` of 2026."""
    return dt.datetime.fromisoformat(f"2026-{text}")


def row(received: str, **more: Any) -> dict[str, Any]:
    """A graded row of one department, answered at once unless it says otherwise."""
    received_at = at(received)
    answered = received_at + dt.timedelta(minutes=20)
    graded = {"level": "normal", "suggested_level": "normal", "severity": 3, "category": "packaging"}
    graded |= {"department": "品控部", "owner": "蒋欣"}
    return ASSESSED | graded | {"received_at": received_at, "responded_at": answered, "assessed_at": answered} | more


def situation(*rows: dict[str, Any], now: dt.datetime = MONDAY, **facts: Any) -> Situation:
    return Situation(register_of(*rows), standard_rules(), memory_of({}, **facts), now)


def columns(*rows: dict[str, Any], **more: Any) -> Rows:
    return figure_rows(situation(*rows, **more))


def test_unknown_batches_and_causes_are_none_and_doubled_and_unnumbered_rows_are_left_out() -> None:
    made = columns(
        row("07-06T09:00", batch="未知", cause_code="unknown"),
        row("07-06T09:00", batch="A1", cause_code="design"),
        row("07-06T09:00", id="QF-2026-0002", batch="A9"),
        row("07-06T09:00", id=None),
    )
    assert (made.ids.tolist(), made.batch.tolist(), made.cause.tolist()) == (
        ["QF-2026-0001", "QF-2026-0002"],
        [None, "A1"],
        [None, "design"],
    )


def test_cycle_time_is_working_days_from_receipt_to_closing_and_age_is_whole_days() -> None:
    """Monday 9:00 to Wednesday 9:00 is two working days; from Monday 27 July to 3 August, 9:00, are five."""
    made = columns(
        row("07-06T09:00", closed_at=at("07-08T09:00"), replied_at=at("07-07T10:00"), reply_type="solved"),
        row("07-27T09:00"),
    )
    assert made.cycle_days[0] == 2.0
    assert np.isnan(made.cycle_days[1]) and made.age_days[1] == 5


def test_a_solution_dated_with_a_day_alone_is_in_place_at_the_end_of_it() -> None:
    made = columns(row("07-06T09:00", implemented_at=at("07-08")))
    assert made.fixed_at[0] == np.datetime64("2026-07-08T23:59:59")


def test_answers_of_an_earlier_cycle_do_not_count() -> None:
    """Reopened on the 20th; asked, satisfied and fixed before that."""
    old = {"confirm_sent_at": at("07-10T09:00"), "satisfaction": 2, "implemented_at": at("07-09T09:00")}
    facts = {
        ("QF-2026-0001", FactName.CYCLE): 2,
        ("QF-2026-0001", FactName.REOPENED_AT): "2026-07-20T09:00:00",
        ("QF-2026-0001", FactName.EARLIER): {"satisfaction": 2},
    }
    made = columns(row("07-06T09:00", reopened=1, **old), facts=facts)
    assert (made.reopened[0], np.isnat(made.asked_at[0]), np.isnan(made.satisfaction[0])) == (1, True, True)
    assert np.isnat(made.fixed_at[0])


def test_the_rules_columns_hold_what_the_tables_said_and_what_was_decided() -> None:
    made = columns(row("07-06T09:00", severity=4, suggested_level="major", level="urgent", category="hardware"))
    grading, assignment = made.rules["grading"], made.rules["assignment"]
    assert (grading.matched[0], grading.suggested[0], grading.chosen[0]) == ("5", "major", "urgent")
    assert (assignment.suggested[0], assignment.chosen[0]) == ("生产部", "品控部")


def look(*rows: dict[str, Any], now: dt.datetime = MONDAY, **more: Any) -> MonthLook:
    return look_at_month(situation(*rows, now=now), **more)


def sentences(made: MonthLook) -> list[str]:
    return [say(each, "en") for each in made.changes]


JUNE = [row("06-08T09:00", replied_at=at("06-09T09:00"), closed_at=at("06-10T09:00"), reply_type="solved")] * 3
LATE = [row("07-01T09:00")] * 4 + [row("07-01T09:00", department="研发部", owner="李想")] * 2


def test_the_newest_month_that_is_over_and_has_feedback_is_taken_where_none_is_named() -> None:
    assert look(*JUNE, now=MONDAY).month.period.start == dt.datetime(2026, 6, 1)
    assert look(*JUNE, row("08-03T08:00")).month.period.start == dt.datetime(2026, 6, 1)
    assert look(row("08-03T08:00")).month.period.start == dt.datetime(2026, 8, 1)


def test_what_changed_follows_from_the_numbers_and_names_a_part_that_is_more_than_half() -> None:
    """20 working days from 1 July end on 29 July: all six are overdue at the end of the month."""
    made = look(*JUNE, *LATE)
    assert sentences(made)[:3] == [
        "Overdue final replies at the end of the month rose from 0 to 6; 4 of them are with 品控部 now.",
        "Feedback received rose from 3 to 6.",
        "Open feedback at the end of the month rose from 0 to 6; 4 of them are with 品控部 now.",
    ]
    assert [say(each, "zh") for each in made.to_do] == [
        "目前答复超期的 6 条中有 4 条在品控部：请与该部门负责人定出逐条完成日期。"
    ]
    ids = tuple(f"QF-2026-{number:04}" for number in range(4, 10))
    assert made.month.this.overdue == Figure.count(made.rows.ids, np.isin(made.rows.ids.astype(str), ids))


def test_a_row_answered_after_the_month_was_overdue_at_its_end() -> None:
    answered = row("07-01T09:00", replied_at=at("08-02T09:00"), reply_type="solved")
    assert (look(answered, day=dt.date(2026, 7, 1)).month.this.overdue.ids) == ("QF-2026-0001",)
    assert look(answered, day=dt.date(2026, 8, 1)).month.this.overdue.ids == ()


def test_past_limits_come_before_near_ones_and_grave_rows_before_light_ones() -> None:
    made = look(
        row("07-01T09:00", level="minor", responded_at=None),
        row("07-01T09:00", level="major"),
        row("07-31T09:00", closed_at=at("07-31T10:00")),
    )
    assert [(each.case.id, each.late) for each in made.attention] == [("QF-2026-0002", True), ("QF-2026-0001", True)]
    assert made.attention[0].clock is Clock.CONTAIN


ASKED = {"replied_at": at("07-02T09:00"), "reply_type": "solved", "confirm_sent_at": at("07-02T10:00")}
"""A normal row has three working days from then on."""


def confirming(*rows: dict[str, Any], **facts: str) -> Figure:
    """The rate of confirmations of July, where runs saw them at these moments; ids are made from the order."""
    known = {(f"QF-2026-{id[1:]}", str(FactName.CONFIRMED_AT)): [1, moment] for id, moment in facts.items()}
    seen = Situation(register_of(*rows), standard_rules(), memory_of({}, facts=known), MONDAY)
    return look_at_month(seen, dt.date(2026, 7, 1)).month.this.clocks[Clock.CONFIRM]


def test_a_confirmation_is_in_time_by_the_run_that_saw_it_and_silence_never_is() -> None:
    rate = confirming(
        row("07-01T09:00", **ASKED, confirmation="confirmed"),
        row("07-01T09:10", **ASKED, confirmation="confirmed"),
        row("07-01T09:20", **ASKED, closed_at=at("07-20T09:00")),
        row("07-01T09:30", **ASKED),
        row("07-01T09:40", **ASKED, closed_at=at("07-03T09:00")),
        row("07-01T09:50", **ASKED, closed_at=at("07-03T09:00"), confirmation="confirmed"),
        _0001="2026-07-03T02:00:00",
        _0002="2026-07-15T02:00:00",
    )
    assert (rate.numerator, rate.denominator) == (2, 5)
    assert rate.counted == ("QF-2026-0001", "QF-2026-0006")
    assert rate.others == ("QF-2026-0002", "QF-2026-0003", "QF-2026-0004")


def test_a_month_with_a_confirmation_that_nobody_timed_has_no_rate() -> None:
    rate = confirming(row("07-01T09:00", **ASKED, confirmation="confirmed"), row("07-01T09:10", **ASKED))
    assert (rate.value, rate.reason) == (None, "time_unknown")


def test_a_run_notes_a_confirmation_once_and_what_was_there_before_not_at_all() -> None:
    rows = [row("07-01T09:00", **ASKED, confirmation="confirmed"), row("07-01T09:10", **ASKED)]
    first = confirmed_rows(Situation(register_of(*rows), standard_rules(), memory_of({}), MONDAY))
    before = {(fact.id, str(fact.name)): fact.value for fact in first.facts}
    assert before == {("", "confirmed_before"): [["QF-2026-0001", 1]]}
    rows[1]["confirmation"] = "confirmed"
    later = confirmed_rows(Situation(register_of(*rows), standard_rules(), memory_of({}, facts=before), MONDAY))
    said = {(fact.id, str(fact.name)): fact.value for fact in later.facts}
    assert said == {("QF-2026-0002", "confirmed_at"): [1, "2026-08-03T09:00:00"]}
    again = Situation(register_of(*rows), standard_rules(), memory_of({}, facts={**before, **said}), MONDAY)
    assert confirmed_rows(again).facts == ()


def test_open_rows_are_as_old_as_they_were_at_the_end_of_the_month() -> None:
    """A row of 30 June, a Tuesday, is 23 working days old at the end of July, and one more by 3 August."""
    old = row("06-30T08:00")
    assert look(old, day=dt.date(2026, 7, 1)).month.ageing["16-30"].ids == ("QF-2026-0001",)
    assert look(old, day=dt.date(2026, 6, 1)).month.ageing["0-3"].ids == ("QF-2026-0001",)


def test_of_a_month_that_is_not_over_nothing_is_said_that_only_its_length_makes() -> None:
    """By 10 July one has come in and is overdue; June had six."""
    june = [row(f"06-{day:02}T09:00", closed_at=at("06-30T09:00"), reply_type="solved") for day in range(8, 14)]
    made = look(*june, row("07-01T09:00", level="urgent"), now=at("07-10T09:00"), day=dt.date(2026, 7, 1))
    assert sentences(made)[:2] == [
        "Overdue final replies to date rose from 0 to 1.",
        "Open feedback to date rose from 0 to 1.",
    ]


def test_a_run_is_told_once_and_missing_faults_are_asked_for() -> None:
    calm = [row(f"{month:02}-{day:02}T09:00") for month in range(1, 12) for day in (3, 17)]
    made = look(*calm, *(row(f"12-{day:02}T09:00") for day in range(1, 31)), now=dt.datetime(2027, 1, 5, 9))
    (chart,) = (each for each in made.month.charts if each.name == "received")
    assert [(f"{each.month.start:%Y-%m}", each.rule) for each in chart.signals] == [
        ("2026-09", "run"), ("2026-10", "run"), ("2026-11", "run"), ("2026-12", "beyond"),
    ]  # fmt: skip
    assert told_signals(chart) == chart.signals[2:]
    asked = "收到的 30 条中有 30 条没有故障代码：请补填，否则看不出问题集中在哪里。"
    assert asked in [say(each, "zh") for each in made.to_do]


def test_what_is_older_than_the_calendar_stands_in_the_oldest_band() -> None:
    old = look(row("07-06T09:00") | {"received_at": dt.datetime(1995, 1, 3, 9)}, row("07-30T09:00"))
    ages = {band: figure.n for band, figure in old.month.ageing.items() if figure.n}
    assert (ages, old.month.this.flow.open.n) == ({"0-3": 1, ">30": 1}, 2)


def test_a_hazard_that_nobody_decided_about_comes_first() -> None:
    made = look(
        row("07-06T09:00", safety="yes", level="urgent"),
        row("07-06T09:00", safety="yes", reported_at=at("07-07T09:00")),
    )
    assert say(made.to_do[0], "zh") == (
        "1 条安全隐患过了时限，还没有决定是否向监管部门上报：QF-2026-0001。请质量主管今天逐条决定。"
    )


def test_each_department_is_told_with_what_is_open_and_late_today_whatever_month_is_looked_at() -> None:
    """By 3 August four and two of 1 July are past the limits of a normal feedback; one of 31 July is not."""
    made = look(*LATE, row("07-31T15:00", level="urgent", department=None), day=dt.date(2026, 6, 1))
    told = [(each.name, each.open, len(each.late), each.urgent) for each in made.departments]
    assert told == [("品控部", 4, 4, 0), ("研发部", 2, 2, 0), ("", 1, 1, 1)]


SECRETS = {"product": "找张三丰", "model": "13812345678", "fault": "zhang@example.com", "department": "李四光家"}


def test_a_page_for_everybody_says_only_names_that_a_list_knows() -> None:
    """A person's name, number and address in cells that are not meant for them."""
    secret = [row(f"07-0{day}T09:00", **SECRETS, batch="王五批 13912345678", level="urgent") for day in range(1, 8)]
    others = [row(f"07-{day}T09:00", **SECRETS, batch=f"批{day}") for day in range(10, 28)]
    calm = [row(f"0{month}-05T09:00", **SECRETS) for month in range(1, 7)]
    made = look(*calm, *secret, *others, row("07-08T09:00", **SECRETS | {"product": "智能电饭煲", "model": "RC-30"}))
    assert [spot.count.n for spot in made.month.spots] == [7, 6]  # the others have the same batch
    for language in ("zh", "en"):
        own, shown = page_of(made, language, public=False), page_of(made, language, public=True)
        typed = [*SECRETS.values(), "王五批"]
        assert [word for word in typed if word not in own] == []
        assert [word for word in typed if word in shown] == []
        assert f">{say(Phrase('month.other'), language)}<" in shown
        assert "智能电饭煲" in shown


def test_a_month_of_nothing_asks_whether_anybody_looks_and_urgent_rows_of_nobody_are_named() -> None:
    urgent = row("07-06T09:00", level="urgent", owner=None), row("07-06T10:00", level="urgent")
    made = look(*urgent, now=at("10-01T09:00"), day=dt.date(2026, 9, 1))
    assert [say(each, "zh") for each in made.to_do] == [
        "2 条紧急反馈已超期，今天就要有人处理：QF-2026-0001、QF-2026-0002。",
        "这些紧急反馈在：蒋欣 1。",
        "其中 1 条还没有责任人：QF-2026-0001。请指定。",
        "目前答复超期的 2 条中有 2 条在品控部：请与该部门负责人定出逐条完成日期。",
        "这个月一条反馈也没有收到：请确认各渠道有人查看，收到的都登记了。",
    ]
