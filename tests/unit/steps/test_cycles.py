"""A second try: reopening, a failed verification, moments that are learnt, followers that close with their master."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from registers import ASSESSED, NOW, Row, cells, codes, keys, memory_of, register_of, rules_with, standard_rules

from qtemplate.plan import Memory, Plan
from qtemplate.plan.form_kinds import FormKind
from qtemplate.plan.keys import FormKey
from qtemplate.rules import make_plan
from qtemplate.rules.rulebook import ContactEntry, RuleBook
from qtemplate.rules.situation import Situation
from qtemplate.rules.steps.check_columns import check_columns
from qtemplate.rules.steps.learn import learn
from qtemplate.rules.steps.reopen import reopen
from qtemplate.rules.steps.state import state

ID = "QF-2026-0001"
DAY = dt.timedelta(days=1)
BEGUN: dict[tuple[str, str], Any] = {("", "untimed"): []}
DONE = ASSESSED | {
    "id": ID, "check": "通过", "level": "major", "suggested_level": "major", "department": "生产部", "owner": "孙浩",
    "transferred_at": dt.datetime(2026, 7, 13, 9), "received_at": dt.datetime(2026, 7, 13, 8),
    "containment": "停用该批次", "root_cause": "插头压接高度超差", "cause_code": "process",
    "prevention": "增加压接检查",
    "implemented_at": dt.datetime(2026, 7, 14, 10), "verifier": "蒋欣", "verify_result": "passed",
    "verified_at": dt.datetime(2026, 7, 14, 12), "reply_type": "solved", "replied_at": dt.datetime(2026, 7, 14, 14),
    "confirm_sent_at": dt.datetime(2026, 7, 14, 15), "confirmation": "not_solved", "satisfaction": 2,
    "opinion": "还是不亮",
}  # fmt: skip


def facts_of(plan: Plan, known: dict[tuple[str, str], Any] | None = None) -> dict[tuple[str, str], Any]:
    facts = (known or {}) | {(fact.id, fact.name): fact.value for fact in plan.facts}
    return {at: value for at, value in facts.items() if value is not None}


def edited(row: Row, plan: Plan) -> Row:
    return row | cells(plan)


def test_reopening_keeps_what_people_typed_and_empties_what_the_program_wrote() -> None:
    written = {"replied_at": DONE["replied_at"], "confirm_sent_at": DONE["confirm_sent_at"]}
    plan = reopen(Situation(register_of(DONE), standard_rules(), memory_of({ID: written}), NOW))
    emptied = {key for key, value in cells(plan).items() if value is None}
    assert emptied == {"replied_at", "confirm_sent_at", "verified_at"}
    assert facts_of(plan)[ID, "earlier"] == {
        "confirmation": "not_solved", "satisfaction": 2, "opinion": "还是不亮",
        "implemented_at": "2026-07-14T10:00:00", "verify_result": "passed",
    }  # fmt: skip
    silent = DONE | {"confirmation": "silent", "close_type": "solved", "satisfaction": None}
    ours = memory_of({ID: written | {"confirmation": "silent", "closed_at": NOW - DAY}})
    plan = reopen(Situation(register_of(silent), standard_rules(), ours, NOW))
    assert cells(plan)["confirmation"] is None  # the program's own word


SECOND = {(ID, "cycle"): 2, (ID, "reopened_at"): "2026-07-14T18:00:00"}
REMEMBERED = {"confirmation": "not_solved", "satisfaction": 2, "implemented_at": "2026-07-14T10:00:00"}
AGAIN = DONE | {
    "implemented_at": dt.datetime(2026, 7, 15, 9), "verified_at": dt.datetime(2026, 7, 15, 10),
    "replied_at": dt.datetime(2026, 7, 15, 11), "confirm_sent_at": dt.datetime(2026, 7, 15, 12),
}  # fmt: skip


def heard(hour: int, way: str = "phone") -> RuleBook:
    at = dt.datetime(2026, 7, 15, hour)
    return rules_with(contacts=(ContactEntry(at, ID, "in", way, "", "仍未解决", 4),))


@pytest.mark.parametrize(
    ("row", "rules", "again"),
    [
        (AGAIN, standard_rules(), False),  # it stands there since before
        (AGAIN, heard(13), True),  # the reporter was heard of after this reply, and the same was typed
        (AGAIN, heard(10), False),  # but not a word from before the reply
        (AGAIN, heard(13, "转交单"), False),  # nor a form of a colleague
        (AGAIN | {"confirmation": "solved"}, standard_rules(), False),
    ],
)
def test_an_answer_of_the_cycle_before_reopens_nothing(row: Row, rules: RuleBook, again: bool) -> None:
    memory = memory_of({}, facts=SECOND | {(ID, "earlier"): REMEMBERED})
    plan = reopen(Situation(register_of(row), rules, memory, NOW))
    assert (facts_of(plan).get((ID, "cycle")) == 3) is again


def test_what_was_typed_anew_counts_although_it_says_the_same() -> None:
    memory = memory_of({}, facts=SECOND | {(ID, "earlier"): REMEMBERED})
    emptied = AGAIN | {"confirmation": None}
    plan = reopen(Situation(register_of(emptied), standard_rules(), memory, NOW))
    facts = facts_of(plan, dict(memory.facts))
    assert facts[ID, "earlier"] == {"satisfaction": 2}
    plan = reopen(Situation(register_of(AGAIN), standard_rules(), memory_of({}, facts=facts), NOW))
    assert facts_of(plan)[ID, "cycle"] == 3


def test_an_answer_of_the_cycle_before_makes_no_cell_of_this_one_wrong() -> None:
    row = AGAIN | {"close_type": "solved"}
    first, second = (
        {item.field for item in check_columns(Situation(register_of(row), standard_rules(), memory, NOW))}
        for memory in (memory_of({}), memory_of({}, facts=SECOND | {(ID, "earlier"): REMEMBERED}))
    )
    assert first - second == {"close_type"}


def test_a_reopened_row_asks_for_the_confirmation_once_more() -> None:
    moments = {"implemented_at": 18, "verified_at": 19, "replied_at": 20}
    row = AGAIN | {key: dt.datetime(2026, 7, 14, hour, 30) for key, hour in moments.items()}
    memory = memory_of(
        {ID: {}}, facts=SECOND | BEGUN | {(ID, "earlier"): REMEMBERED, (ID, "verified"): ["passed", False]}
    )
    plan, after = make_plan(Situation(register_of(row), standard_rules(), memory, NOW))
    assert after.register.value(4, "status") == "to_confirm"
    assert f"M18/{ID}/2" in keys(plan)


def test_the_time_of_a_containment_and_of_a_result_is_when_it_was_learnt() -> None:
    row = DONE | {"verified_at": None, "confirmation": None, "replied_at": None}
    plan = learn(Situation(register_of(row), standard_rules(), memory_of({}, facts=BEGUN), NOW))
    assert (cells(plan), codes(plan)) == ({"verified_at": NOW, "contained_at": NOW}, [])
    before = learn(Situation(register_of(row), standard_rules(), memory_of({}), NOW))  # nobody knows since when
    assert (cells(before), facts_of(before)["", "untimed"]) == ({}, [ID])
    later = learn(Situation(register_of(row), standard_rules(), memory_of({}, facts=facts_of(before)), NOW + DAY))
    assert cells(later) == {}


def test_a_time_of_the_programs_is_renewed_with_the_result_and_a_persons_stays() -> None:
    row = DONE | {"verify_result": "passed", "contained_at": NOW}
    facts = BEGUN | {(ID, "verified"): ["failed", True]}
    ours = memory_of({ID: {"verified_at": row["verified_at"]}}, facts=facts)
    assert cells(learn(Situation(register_of(row), standard_rules(), ours, NOW))) == {"verified_at": NOW}
    late = row | {"implemented_at": dt.datetime(2026, 7, 15)}  # a date alone: to the end of the day
    theirs = learn(Situation(register_of(late), standard_rules(), memory_of({ID: {}}, facts=facts), NOW))
    assert (cells(theirs), codes(theirs)) == ({}, ["QT360"])


def test_a_failed_verification_goes_back_and_comes_to_the_verifier_again() -> None:
    failing = DONE | {"verify_result": "failed", "verified_at": None, "reply_type": None, "replied_at": None} | {
        "confirmation": None, "satisfaction": None, "opinion": None, "confirm_sent_at": None,
    }  # fmt: skip
    memory = memory_of({ID: {}}, facts=BEGUN)
    plan, after = make_plan(Situation(register_of(failing), standard_rules(), memory, NOW))
    assert (after.register.value(4, "status"), after.register.value(4, "verified_at")) == ("in_work", NOW)
    assert [key for key in keys(plan) if key.startswith("M13/")] == [f"M13/{ID}/15 Jul 2026 17:30"]
    later = NOW + dt.timedelta(days=1, hours=-10)
    row = edited(failing, plan) | {"implemented_at": later - dt.timedelta(hours=1)}
    report = FormKey.about(FormKind.VERIFICATION, ID, 1)
    made = frozenset({report})
    known = memory_of({ID: cells(plan)}, facts=facts_of(plan, dict(memory.facts)), made=made)
    told, after = make_plan(Situation(register_of(row), standard_rules(), known, later))
    assert after.register.value(4, "status") == "to_verify"
    assert "QT130" not in codes(told)
    (digest,) = [mail for mail in told.messages if mail.key.startswith("M10/") and mail.to[0].name == "蒋欣"]
    assert [section["key"] for section in digest.facts["sections"]] == ["to_verify"]
    assert digest.forms == (report,)


MASTER = DONE | {
    "level": "minor", "suggested_level": "minor", "confirmation": "solved", "satisfaction": 5, "close_type": "solved",
}  # fmt: skip
FOLLOWER = ASSESSED | {"id": "QF-2026-0002", "master": ID, "email": "li.na@example.org", "level": "minor"}


def closing(*rows: Row, rules: RuleBook | None = None, memory: Memory | None = None) -> Plan:
    return state(Situation(register_of(*rows), rules or standard_rules(), memory or memory_of(), NOW))


@pytest.mark.parametrize(
    ("follower", "log", "closes"),
    [
        (FOLLOWER, (), False),
        (FOLLOWER | {"replied_at": NOW, "reply_type": "declined"}, (), True),
        (FOLLOWER, (ContactEntry(NOW, "QF-2026-0002", "out", "phone", "唐宁", "已告知", 4),), True),
        (FOLLOWER | {"email": "Zhang.Wei@example.com"}, (), True),  # whom the master's reply has reached
        (FOLLOWER | {"confirmation": "unreachable"}, (), True),
    ],
)
def test_a_master_closes_once_every_reporter_was_told_and_its_followers_with_it(
    follower: Row, log: tuple[ContactEntry, ...], closes: bool
) -> None:
    plan = closing(MASTER, follower, rules=rules_with(contacts=log))
    assert (cells(plan).get("closed_at"), cells(plan, 5).get("closed_at")) == ((NOW, NOW) if closes else (None, None))
    assert cells(plan, 5)["status"] == "merged"


def test_a_follower_of_a_follower_closes_too_and_history_needs_no_word() -> None:
    third = FOLLOWER | {"id": "QF-2026-0003", "master": "QF-2026-0002"}
    plan = closing(MASTER, FOLLOWER, third, memory=memory_of(since=dt.datetime(2026, 7, 15, 12)))
    assert [cells(plan, row).get("closed_at") for row in (4, 5, 6)] == [NOW, NOW, NOW]


def test_a_follower_opens_again_with_its_master() -> None:
    written: dict[str, dict[str, Any]] = {
        "QF-2026-0002": {"closed_at": NOW - DAY, "status": "merged"},
        ID: {"status": "in_work"},
    }
    row = MASTER | {"close_type": None, "status": "in_work"}
    plan = closing(row, FOLLOWER | {"closed_at": NOW - DAY, "status": "merged"}, memory=memory_of(written))
    assert cells(plan, 5) == {"closed_at": None}
