"""Digests and urgent mails: one a person a day, the ladder, snooze, pauses, days off."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from digests import ID, LATE, NOBODY, OPEN, plan_of, sections
from msgspec.structs import replace
from registers import NOW, keys, memory_of, register_of, rules_with, sent, standard_rules

from qtemplate.plan import Plan
from qtemplate.rules.rulebook import Pause, RuleBook
from qtemplate.rules.situation import Situation
from qtemplate.rules.steps.remind import remind


def test_on_time_rows_make_no_mail() -> None:
    assert plan_of(OPEN) == Plan()


def test_an_overdue_row_is_told_to_its_owner_and_after_a_working_day_to_the_head() -> None:
    plan = plan_of(LATE)
    assert {mail.key: sections(mail) for mail in plan.messages} == {
        "M10/2026-07-15/sun@example.com": {"overdue": [(ID, "答复")]},
        "M10/2026-07-15/zhao@example.com": {"escalated": [(ID, "答复")]},
    }


def test_after_three_working_days_the_quality_lead_hears_of_it() -> None:
    plan = plan_of(LATE, now=dt.datetime(2026, 7, 17, 20))
    assert "M10/2026-07-17/zhou@example.com" in keys(plan)


def test_one_digest_a_person_a_day_names_all_rows_the_worst_first() -> None:
    worse = LATE | {"received_at": dt.datetime(2026, 6, 22, 9, 30)}
    plan = plan_of(LATE, worse)
    mine = [mail for mail in plan.messages if mail.to[0].mail == "sun@example.com"]
    assert [sections(mail) for mail in mine] == [{"overdue": [("QF-2026-0002", "答复"), (ID, "答复")]}]


def test_a_digest_goes_once_a_day_and_again_on_the_next() -> None:
    told = sent("M10/2026-07-15/sun@example.com", "M10/2026-07-15/zhao@example.com")
    assert keys(plan_of(LATE, sent=told)) == []
    assert keys(plan_of(LATE, now=NOW + dt.timedelta(days=1), sent=told)) != []


def test_an_owner_who_is_the_head_gets_one_mail_that_names_the_row_once() -> None:
    plan = plan_of(LATE | {"owner": "赵刚", "contact": "赵刚"})
    assert [(mail.key, sections(mail)) for mail in plan.messages] == [
        ("M10/2026-07-15/zhao@example.com", {"escalated": [(ID, "答复")]})
    ]


def test_a_reply_that_has_gone_counts_before_the_contact_log_has_its_line() -> None:
    row = OPEN | {"received_at": dt.datetime(2026, 7, 9, 9), "responded_at": dt.datetime(2026, 7, 9, 10)}
    assert [sections(mail) for mail in plan_of(row).messages] == [
        {"overdue": [(ID, "进展")]},
        {"escalated": [(ID, "进展")]},
    ]
    gone = sent(f"M15/{ID}/1/0123abcd", at=dt.datetime(2026, 7, 15, 9))
    assert plan_of(row, sent=gone) == Plan()


@pytest.mark.parametrize(
    ("until", "expected"),
    [
        ("stop", 0),
        (dt.date(2026, 7, 16), 0),
        (dt.date(2026, 7, 15), 2),
        (dt.date(2026, 7, 1), 2),
    ],
)
def test_a_row_rests_until_the_day_it_says(until: object, expected: int) -> None:
    assert len(plan_of(LATE | {"snooze_until": until}).messages) == expected


def test_a_waiting_row_is_not_reminded_of() -> None:
    rules = rules_with(pauses=(Pause(ID, dt.datetime(2026, 7, 14, 18), None, "等样机", 4),))
    assert plan_of(LATE, rules=rules) == Plan()
    assert plan_of(LATE | {"status": "waiting_external"}) == Plan()


@pytest.mark.parametrize(
    "day", [dt.datetime(2026, 7, 18, 20), dt.datetime(2026, 10, 1, 20)], ids=["Saturday", "holiday"]
)
def test_there_is_no_digest_on_a_day_off(day: dt.datetime) -> None:
    assert plan_of(LATE, now=day) == Plan()


def test_a_make_up_saturday_is_a_working_day() -> None:
    assert keys(plan_of(LATE, now=dt.datetime(2026, 10, 10, 20))) != []


def test_watch_sends_no_digest() -> None:
    assert plan_of(LATE, digests=False) == Plan()


URGENT = LATE | {"level": "urgent", "received_at": dt.datetime(2026, 7, 10, 9, 30), "responded_at": NOW}


def test_an_urgent_row_also_goes_alone_once_for_each_person_on_days_off_too() -> None:
    plan = plan_of(URGENT, digests=False)
    alone = [
        f"M10U/{ID}/resolve/{rung}/1/{who}@example.com" for rung, who in (("owner+0wd", "sun"), ("head+1wd", "zhao"))
    ]
    # five days of 24 hours: due on the 15th at 9:30
    assert [key for key in keys(plan) if "sun" in key] == alone[:1]
    assert all(mail.urgent and mail.id == ID for mail in plan.messages)
    assert keys(plan_of(URGENT, digests=False, sent=sent(*keys(plan)))) == []
    saturday = plan_of(URGENT, now=dt.datetime(2026, 7, 18, 20))
    assert {key.split("/")[0] for key in keys(saturday)} == {"M10U"}
    assert len({mail.to[0].mail for mail in saturday.messages}) == len(saturday.messages)


def test_a_row_put_into_the_ladder_sends_nothing_again() -> None:
    ladder = standard_rules().ladder
    more = (replace(ladder[0], share_left=0.5, number=0), *ladder)
    longer = rules_with(ladder=tuple(replace(rung, number=rung.number + 1) for rung in more))
    went = sent(*keys(plan_of(URGENT, digests=False)))
    assert keys(plan_of(URGENT, digests=False, rules=longer, sent=went)) == []


def test_somebody_who_has_left_gets_no_digest() -> None:
    waiting = OPEN | {"accepted_at": None, "transferred_at": dt.datetime(2026, 7, 15, 17)}
    people = tuple(replace(p, active=p.name != "孙浩") for p in standard_rules().people)
    assert [key for key in keys(plan_of(waiting, rules=rules_with(people=people))) if "sun" in key] == []


def test_a_transfer_that_nobody_accepted_and_a_reply_that_waits_are_in_the_digest() -> None:
    waiting = OPEN | {"accepted_at": None, "transferred_at": dt.datetime(2026, 7, 15, 17)}
    assert [sections(mail) for mail in plan_of(waiting).messages if "sun" in mail.key] == [
        {"to_accept": [(ID, "接受")]}
    ]
    to_approve = OPEN | {"reply_type": "solved", "reply_state": "waiting"}
    assert [(mail.to[0].mail, list(sections(mail))) for mail in plan_of(to_approve).messages] == [
        ("zhou@example.com", ["to_approve"])
    ]


@pytest.mark.parametrize("level", ["major", "urgent"])
def test_a_reply_that_waits_beside_a_stopped_clock_is_listed_without_a_countdown(level: str) -> None:
    row = OPEN | {
        "level": level,
        "implemented_at": dt.datetime(2026, 7, 15, 12), "reply_type": "solved",
        "replied_at": dt.datetime(2026, 7, 15, 13), "reply_state": "waiting",
    }  # fmt: skip
    lines = [part["rows"] for mail in plan_of(row).messages for part in mail.facts["sections"]]
    assert [(line[0]["id"], line[0]["late"]) for line in lines] == [(ID, "")]


def test_closed_and_copied_rows_are_not_reminded_of() -> None:
    assert plan_of(LATE | {"closed_at": NOW, "close_type": "solved"}) == Plan()
    copied = Situation(register_of(LATE), standard_rules(), memory_of({}), NOW, quiet=frozenset({4}))
    assert remind(copied) == Plan()


# -- what nobody can take ----------------------------------------------------------------------------------------------


def managed(rules: RuleBook, manager: str, **changes: Any) -> RuleBook:
    """The head of the design department is away, and reports to `manager`."""
    head = replace(next(p for p in rules.people if p.name == "赵刚"), name="郑凯", department="设计部", deputy="")
    absent = replace(head, manager=manager, away=((NOW.date(), NOW.date()),))
    people = tuple(replace(p, **changes) if p.name == manager else p for p in rules.people)
    return replace(rules, people=(*people, absent))


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        (standard_rules(), "zhou@example.com"),  # no head: the quality lead
        (managed(standard_rules(), "林静"), "lin@example.com"),
        (managed(standard_rules(), ""), "zhou@example.com"),
        (managed(standard_rules(), "林静", mail=""), "zhou@example.com"),
        (managed(standard_rules(), "林静", active=False), "zhou@example.com"),
        (managed(standard_rules(), "林静", away=((NOW.date(), NOW.date()),)), "zhou@example.com"),
    ],
)
def test_p33_what_nobody_can_take_is_mailed_to_the_heads_manager_or_the_quality_lead(
    rules: RuleBook, told: str
) -> None:
    found = {mail.to[0].mail: sections(mail) for mail in plan_of(NOBODY, rules=rules).messages}
    assert found[told]["to_assign"] == [(ID, "答复")]
    assert [mail for mail, parts in found.items() if "to_assign" in parts] == [told]


def test_p33_an_urgent_one_that_nobody_can_take_goes_alone_once_and_at_any_hour() -> None:
    row = NOBODY | {
        "level": "urgent",
        "received_at": NOW,
        "responded_at": NOW,
        "containment": "停用",
        "contained_at": NOW,
    }
    plan = plan_of(row, digests=False)
    key = f"M10U/{ID}/resolve/assign/1/zhou@example.com"
    assert keys(plan) == [key]
    assert [list(sections(mail)) for mail in plan.messages] == [["to_assign"]]
    assert keys(plan_of(row, digests=False, sent=sent(key))) == []
    assert keys(plan_of(row | {"owner": "何军"}, digests=False)) == []


@pytest.mark.parametrize(
    "change",
    [
        {"owner": "何军"},
        {"transferred_at": NOW},
        {"level": None},
        {"scene": None},
        {"authenticity": "misuse"},
        {"closed_at": NOW},
    ],
)
def test_only_what_waits_for_an_owner_is_told_so(change: dict[str, Any]) -> None:
    assert all("to_assign" not in sections(mail) for mail in plan_of(NOBODY | change).messages)
