"""The confirmation ladder (M18, M19, silence, M21), reopening with its cycle, and mails about both."""

from __future__ import annotations

import datetime as dt

import pytest
from registers import (
    ASSESSED,
    FIRST_ROW,
    NOW,
    Row,
    cells,
    keys,
    memory_of,
    register_of,
    sent,
    standard_rules,
    with_edits,
)  # fmt: skip

from qtemplate.fields import OPEN_FACTS
from qtemplate.plan import Memory, Plan, Remember
from qtemplate.rules.situation import Situation
from qtemplate.rules.steps.confirm import confirm
from qtemplate.rules.steps.reopen import reopen
from qtemplate.rules.steps.tell_closed import tell_closed

ID = "QF-2026-0001"
FRIDAY = dt.datetime(2026, 7, 10, 10)
REPLIED = ASSESSED | {
    "received_at": dt.datetime(2026, 7, 6, 10),
    "level": "normal",
    "owner": "孙浩",
    "implemented_at": dt.datetime(2026, 7, 9, 10),
    "reply_type": "solved",
    "replied_at": FRIDAY,
}


def plan_of(row: Row, now: dt.datetime = NOW, memory: Memory | None = None) -> Plan:
    return confirm(Situation(register_of(row), standard_rules(), memory or memory_of({}), now))


def told(row: Row, memory: Memory | None = None) -> Plan:
    return tell_closed(Situation(register_of(row), standard_rules(), memory or memory_of({}), NOW))


def test_the_reporter_is_asked_the_day_after_the_reply() -> None:
    assert keys(plan_of(REPLIED, FRIDAY.replace(hour=20))) == []
    assert keys(plan_of(REPLIED, FRIDAY + dt.timedelta(days=1))) == [f"M18/{ID}/1"]


def test_the_request_and_its_reminder_carry_one_form_that_shows_what_may_leave_the_house() -> None:
    plan = plan_of(REPLIED | {"root_cause": "排线", "notes": "内部"}, FRIDAY + dt.timedelta(days=1))
    [form], [mail] = plan.forms, plan.messages
    assert (form.key, mail.forms, mail.facts["form"]) == (f"follow_up/{ID}/1", (form.key,), f"回访表-{ID}.xlsx")
    shown = {key for key, value in form.facts.items() if value and key not in ("file", "base", "cells")}
    assert shown <= {field.value for field in OPEN_FACTS}
    made = memory_of({}, sent=sent(f"M18/{ID}/1", at=FRIDAY), made=frozenset({form.key}))
    again = plan_of(REPLIED, FRIDAY + dt.timedelta(days=9), made)
    assert ([mail.forms for mail in again.messages], again.forms) == ([(form.key,)], ())


@pytest.mark.parametrize(
    ("hours", "expected"),
    [(24, []), (71, []), (72, [f"M19/{ID}/1"]), (24 * 60, [f"M19/{ID}/1"])],
)
def test_one_reminder_follows_three_working_days_later_however_late_a_run_comes(
    hours: int, expected: list[str]
) -> None:
    monday = dt.datetime(2026, 7, 13, 9, 30)
    memory = memory_of({}, sent=sent(f"M18/{ID}/1", at=monday))
    assert keys(plan_of(REPLIED, monday + dt.timedelta(hours=hours), memory)) == expected


def test_five_working_days_of_silence_after_the_reminder_count_as_no_objection() -> None:
    asked, reminded = dt.datetime(2026, 7, 13, 9, 30), dt.datetime(2026, 7, 20, 9, 30)
    memory = memory_of({}, sent=sent(f"M18/{ID}/1", at=asked) | sent(f"M19/{ID}/1", at=reminded))
    waiting = plan_of(REPLIED, dt.datetime(2026, 7, 27, 9), memory)
    assert (cells(waiting), keys(waiting)) == ({"confirm_sent_at": asked}, [])
    over = plan_of(REPLIED, dt.datetime(2026, 7, 27, 9, 30), memory)
    assert (cells(over), keys(over)) == ({"confirm_sent_at": asked, "confirmation": "silent"}, [])


@pytest.mark.parametrize(
    "change",
    [
        {"level": "minor"},
        {"reply_type": "declined"},
        {"reply_type": "in_progress"},
        {"confirmation": "solved"},
        {"closed_at": NOW},
        {"master": "QF-2026-0009"},
        {"email": None},
        {"email": "sun@example.com"},  # the owner's own report
    ],
)
def test_nobody_else_is_asked(change: Row) -> None:
    assert [key for key in keys(plan_of(REPLIED | change)) if key.startswith("M18")] == []


def test_history_is_not_asked() -> None:
    assert keys(plan_of(REPLIED, memory=memory_of({}, since=NOW))) == []


@pytest.mark.parametrize(("confirmation", "silent"), [("solved", False), ("silent", True)], ids=["agreed", "silent"])
def test_the_reporter_is_told_of_the_end_once(confirmation: str, silent: bool) -> None:
    row = REPLIED | {"confirmation": confirmation, "close_type": "solved", "closed_at": NOW}
    plan = told(row)
    assert [(message.key, message.facts["silent"]) for message in plan.messages] == [(f"M21/{ID}/1", silent)]
    assert keys(told(row, memory_of({}, sent=sent(f"M21/{ID}/1")))) == []


def test_an_old_closing_is_no_news() -> None:
    row = REPLIED | {"confirmation": "solved", "close_type": "solved", "closed_at": NOW - dt.timedelta(days=8)}
    assert keys(told(row)) == []


CLOSED = REPLIED | {
    "verified_at": FRIDAY,
    "verify_result": "passed",
    "confirm_sent_at": NOW.replace(day=12),
    "confirmation": "not_solved",
    "satisfaction": 1,
}


def test_what_is_not_solved_goes_into_its_next_cycle() -> None:
    plan = reopen(Situation(register_of(CLOSED), standard_rules(), memory_of({ID: {}}), NOW))
    emptied = dict.fromkeys(("replied_at", "confirm_sent_at", "verified_at"))  # a person's words stay
    assert cells(plan) == {**emptied, "reopened": 1}
    assert plan.facts[:2] == (Remember(ID, "cycle", 2), Remember(ID, "reopened_at", NOW.isoformat()))
    facts = {(fact.id, fact.name): fact.value for fact in plan.facts}
    after = with_edits(register_of(CLOSED), plan)
    assert reopen(Situation(after, standard_rules(), memory_of({ID: {}}, facts=facts), NOW)) == Plan()
    told = confirm(Situation(after, standard_rules(), memory_of({ID: {}}, facts=facts), NOW))
    assert [(message.key, message.facts["times"]) for message in told.messages] == [(f"M20/{ID}/2", 1)]


def test_an_emptied_closing_time_reopens() -> None:
    row = REPLIED | {"confirmation": "solved", "close_type": "solved"}
    plan = reopen(Situation(register_of(row), standard_rules(), memory_of({ID: {"closed_at": NOW}}), NOW))
    assert cells(plan) == {"replied_at": None, "reopened": 1}
    facts = {(fact.id, fact.name): fact.value for fact in plan.facts}
    again = reopen(
        Situation(
            with_edits(register_of(row), plan), standard_rules(), memory_of({ID: {"closed_at": NOW}}, facts=facts), NOW
        )
    )
    assert again == Plan()


def test_an_older_copy_from_before_the_closing_reopens_nothing() -> None:
    row = REPLIED | {"check": "通过"}
    memory = memory_of({ID: {"check": "通过", "closed_at": NOW}}, former={ID: ({"check": "通过"},)})
    plan = reopen(Situation(register_of(row), standard_rules(), memory, NOW))
    assert (plan.edits, plan.facts) == ((), (Remember(ID, "closing_lost", NOW.isoformat()),))
    later = memory_of({ID: {"check": "通过", "closed_at": NOW}}, facts={(ID, "closing_lost"): NOW.isoformat()})
    assert reopen(Situation(register_of(row), standard_rules(), later, NOW)) == Plan()


def test_without_a_journal_the_sheet_tells_how_often_a_row_was_reopened() -> None:
    plan = reopen(Situation(register_of(REPLIED | {"reopened": 2}), standard_rules(), memory_of(), NOW))
    assert (plan.edits, plan.facts) == ((), (Remember(ID, "cycle", 3),))


def test_a_count_typed_over_is_put_back() -> None:
    memory = memory_of({ID: {"reopened": 1}}, facts={(ID, "cycle"): 2})
    plan = reopen(Situation(register_of(REPLIED | {"reopened": 7}), standard_rules(), memory, NOW))
    assert (cells(plan, FIRST_ROW), [item.code for item in plan.findings]) == ({"reopened": 1}, ["QT341"])
