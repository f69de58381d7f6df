"""Replies: required content, approval bound to what is said and to whom, calls, what became of the mail."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from registers import ASSESSED, NOW, Row, cells, codes, keys, memory_of, register_of, rules_with, sent, standard_rules

from qtemplate.fields import PUBLIC
from qtemplate.plan import Memory, Plan
from qtemplate.plan.replies import REPLY_OF
from qtemplate.rules.around.unknown_columns import NEEDS
from qtemplate.rules.rulebook import ContactEntry, RuleBook
from qtemplate.rules.situation import Situation
from qtemplate.rules.steps.reply import reply
from qtemplate.texts import say_finding

ID = "QF-2026-0001"
SOLVED = ASSESSED | {
    "level": "major",
    "reply_type": "solved",
    "cause_for_reporter": "排线松动",
    "solution": "重新压接排线",
    "implemented_at": dt.datetime(2026, 7, 15, 15),
    "contact_way": "email",
}
APPROVED = SOLVED | {"reply_approval": "approved"}


def plan_of(row: Row, memory: Memory | None = None, rules: RuleBook | None = None) -> Plan:
    return reply(Situation(register_of(row), rules or standard_rules(), memory or memory_of({}), NOW))


def bound(row: Row) -> dict[tuple[str, str], Any]:
    """The approval as the first sight of this row binds it."""
    return {(fact.id, fact.name): fact.value for fact in plan_of(row).facts}


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        (APPROVED, "M14"),
        (APPROVED | {"reply_type": "in_progress", "reply_text": "正在处理", "eta": dt.datetime(2026, 7, 30)}, "M15"),
        (APPROVED | {"reply_type": "declined", "reply_text": "暂时无法满足"}, "M16"),
    ],
)
def test_an_approved_reply_with_its_content_leaves(row: Row, kind: str) -> None:
    plan = plan_of(row)
    assert [(message.kind, message.to[0].mail, message.approved) for message in plan.messages] == [
        (kind, "zhang.wei@example.com", True)
    ]
    assert (cells(plan), codes(plan), [fact.name for fact in plan.facts]) == (
        {"reply_state": "queued"},
        [],
        ["approval", "approved_by"],
    )


@pytest.mark.parametrize(
    ("kind", "field"),
    [
        ("solved", "cause_for_reporter"),
        ("solved", "solution"),
        ("solved", "implemented_at"),
        ("in_progress", "reply_text"),
        ("in_progress", "eta"),
        ("declined", "reply_text"),
    ],
)
def test_a_reply_without_its_required_content_is_a_draft(kind: str, field: str) -> None:
    whole = APPROVED | {"reply_type": kind, "reply_text": "说明", "eta": dt.datetime(2026, 7, 30)}
    plan = plan_of(whole | {field: None})
    assert (cells(plan), keys(plan)) == ({"reply_state": "draft"}, [])
    assert [(item.code, item.field) for item in plan.findings] == [("QT510", field)]


@pytest.mark.parametrize(("approval", "code"), [(None, "QT511"), ("rejected", "QT515")])
def test_a_reply_that_nobody_approved_waits(approval: str | None, code: str) -> None:
    plan = plan_of(SOLVED | {"reply_approval": approval})
    assert (cells(plan), keys(plan), codes(plan)) == ({"reply_state": "waiting"}, [], [code])


@pytest.mark.parametrize(
    "change", [{"solution": "换新机"}, {"email": "other@example.com"}, {"reply_type": "declined", "reply_text": "不行"}]
)
def test_what_is_changed_after_the_approval_is_asked_about_again(change: Row) -> None:
    plan = plan_of(APPROVED | change, memory_of({}, facts=bound(APPROVED)))
    assert (cells(plan), keys(plan), codes(plan)) == ({"reply_state": "waiting"}, [], ["QT512"])


def test_a_reply_that_was_changed_is_approved_again_in_one_step() -> None:
    """The other word of approval, typed at any time after the change; never a word that stood there before."""
    changed = APPROVED | {"solution": "换新机"}
    facts = bound(APPROVED)
    (told,) = plan_of(changed, memory_of({}, facts=facts)).findings
    assert "改选“重新批准”" in say_finding(told, "zh").message
    again = changed | {"reply_approval": "again"}
    plan = plan_of(again, memory_of({}, facts=facts))
    assert (cells(plan), len(keys(plan)), codes(plan)) == ({"reply_state": "queued"}, 1, [])
    facts |= {(fact.id, fact.name): fact.value for fact in plan.facts}
    # once more something else: now it is the first word that approves
    other = again | {"solution": "退款"}
    plan = plan_of(other, memory_of({}, facts=facts))
    assert (keys(plan), codes(plan)) == ([], ["QT512"])
    assert "改选“批准”" in say_finding(plan.findings[0], "zh").message
    plan = plan_of(other | {"reply_approval": "approved"}, memory_of({}, facts=facts))
    assert (len(keys(plan)), codes(plan)) == (1, [])


def test_the_other_word_of_approval_covers_no_change_that_comes_after_it() -> None:
    facts = bound(APPROVED)
    again = APPROVED | {"reply_approval": "again"}  # nothing had changed
    facts |= {(fact.id, fact.name): fact.value for fact in plan_of(again, memory_of({}, facts=facts)).facts}
    plan = plan_of(again | {"solution": "换新机"}, memory_of({}, facts=facts))
    assert (keys(plan), codes(plan)) == ([], ["QT512"])


def test_a_workbook_without_the_other_word_is_told_the_longer_way() -> None:
    rules = rules_with(lists={"reply_approval": {"批准": "approved", "退回": "rejected"}})
    changed = APPROVED | {"solution": "换新机"}
    (told,) = plan_of(changed, memory_of({}, facts=bound(APPROVED)), rules=rules).findings
    assert "先清空“答复审批”并保存" in say_finding(told, "zh").message


def test_deadlines_and_the_contact_may_change_without_asking_again() -> None:
    changed = APPROVED | {"contact": "杜鹃", "resolve_by": NOW}
    assert codes(plan_of(changed, memory_of({}, facts=bound(APPROVED)))) == []


def test_an_approval_taken_back_is_forgotten() -> None:
    plan = plan_of(SOLVED, memory_of({}, facts=bound(APPROVED)))
    assert [(fact.name, fact.value) for fact in plan.facts] == [("approval", None)]


def test_a_sent_reply_gives_the_times_and_a_line_in_the_log() -> None:
    key = keys(plan_of(APPROVED))[0]
    plan = plan_of(APPROVED, memory_of({}, facts=bound(APPROVED), sent=sent(key)))
    assert (cells(plan), keys(plan)) == ({"reply_state": "sent", "replied_at": NOW, "responded_at": NOW}, [])
    assert [(row.sheet, row.values["direction"], row.values["way"]) for row in plan.rows] == [
        ("contacts", "out", "email")
    ]
    logged = bound(APPROVED) | {(fact.id, fact.name): fact.value for fact in plan.facts}
    assert plan_of(APPROVED, memory_of({}, facts=logged, sent=sent(key))).rows == ()


def test_a_progress_reply_is_a_response_but_no_final_reply() -> None:
    row = APPROVED | {"reply_type": "in_progress", "reply_text": "正在处理", "eta": dt.datetime(2026, 7, 30)}
    key = keys(plan_of(row))[0]
    plan = plan_of(row, memory_of({}, facts=bound(row), sent=sent(key)))
    assert cells(plan) == {"reply_state": "sent", "responded_at": NOW}


@pytest.mark.parametrize("state", ["failed", "unknown"])
def test_a_mail_that_did_not_arrive_is_said(state: str) -> None:
    key = keys(plan_of(APPROVED))[0]
    plan = plan_of(APPROVED, memory_of({}, facts=bound(APPROVED), sent=sent(key, state=state)))
    assert (cells(plan), codes(plan), keys(plan)) == ({"reply_state": state}, ["QT516"], [])


def test_a_reply_that_a_person_gave_already_is_not_mailed() -> None:
    plan = plan_of(APPROVED | {"replied_at": dt.datetime(2026, 7, 15, 16)})
    assert (cells(plan), keys(plan)) == ({"reply_state": "sent"}, [])
    again = plan_of(APPROVED, memory_of({}, facts={(f.id, f.name): f.value for f in plan.facts} | {(ID, "cycle"): 2}))
    assert (keys(again), codes(again)) == ([], ["QT512"])


def call(at: dt.datetime, **changes: Any) -> ContactEntry:
    usual = {"id": ID, "direction": "out", "way": "phone", "who": "唐宁", "summary": "已电话答复", "row": 4}
    return ContactEntry(at=at, **{**usual, **changes})


def test_a_reply_by_telephone_counts_once_somebody_logged_the_call() -> None:
    row = APPROVED | {"contact_way": "phone"}
    asked = plan_of(row)
    assert (cells(asked), codes(asked), keys(asked)) == ({"reply_state": "queued"}, ["QT513"], [])
    at = dt.datetime(2026, 7, 15, 16)
    told = plan_of(row, rules=rules_with(contacts=(call(at),)))
    assert cells(told) == {"reply_state": "sent", "replied_at": at, "responded_at": at}


@pytest.mark.parametrize(
    "entry",
    [
        call(dt.datetime(2026, 7, 15, 16), direction="in"),
        call(dt.datetime(2026, 7, 15, 14)),  # before there was a solution
        call(dt.datetime(2026, 7, 15, 16), id="QF-2026-0002"),
        call(dt.datetime(2026, 7, 15, 16), way="email"),
    ],
)
def test_other_calls_are_no_reply(entry: ContactEntry) -> None:
    plan = plan_of(APPROVED | {"contact_way": "phone"}, rules=rules_with(contacts=(entry,)))
    assert (cells(plan)["reply_state"], "replied_at" in cells(plan), codes(plan)) == ("queued", False, ["QT513"])


def test_a_call_of_an_earlier_cycle_is_no_reply_in_the_next() -> None:
    rules = rules_with(contacts=(call(dt.datetime(2026, 7, 15, 16)),))
    memory = memory_of({}, facts={(ID, "cycle"): 2, (ID, "reopened_at"): "2026-07-15T18:00:00"})
    row = APPROVED | {"implemented_at": dt.datetime(2026, 7, 15, 19), "contact_way": "phone", "responded_at": NOW}
    plan = plan_of(row, memory, rules)
    assert (cells(plan), codes(plan)) == ({"reply_state": "queued"}, ["QT513"])


def test_history_gets_no_reply_and_who_approved_one_is_told_why() -> None:
    memory = memory_of({}, since=dt.datetime(2026, 7, 15, 12))
    plan = plan_of(APPROVED, memory)
    assert (cells(plan), keys(plan), codes(plan)) == ({}, [], ["QT518"])
    assert codes(plan_of(SOLVED, memory)) == []
    assert keys(plan_of(APPROVED, memory_of({}, since=dt.datetime(2026, 7, 15, 9)))) != []


def test_a_reply_without_an_address_is_said() -> None:
    plan = plan_of(APPROVED | {"email": None, "phone": "13800000000"})
    assert (cells(plan), codes(plan), keys(plan)) == ({"reply_state": "waiting"}, ["QT514"], [])


@pytest.mark.parametrize(("done", "state", "told"), [(13, "draft", ["QT510"]), (15, "waiting", ["QT511"])])
def test_nobody_approves_the_solution_of_an_earlier_cycle_again(done: int, state: str, told: list[str]) -> None:
    second = {(ID, "cycle"): 2, (ID, "reopened_at"): "2026-07-14T18:00:00"}
    plan = plan_of(SOLVED | {"implemented_at": dt.datetime(2026, 7, done, 15)}, memory_of({}, facts=second))
    assert (cells(plan), codes(plan)) == ({"reply_state": state}, told)


def test_a_solution_found_after_a_progress_reply_has_left_asks_for_no_approval_of_it() -> None:
    told = {"reply_type": "in_progress", "reply_text": "正在处理", "eta": dt.datetime(2026, 7, 30)}
    row = APPROVED | told | {"cause_for_reporter": None, "solution": None, "implemented_at": None}
    memory = memory_of({}, sent=sent(*keys(plan_of(row))), facts=bound(row))
    found = row | {"cause_for_reporter": "排线松动", "solution": "重新压接排线", "implemented_at": NOW}
    plan = plan_of(found, memory)
    assert (cells(plan), codes(plan), plan.messages) == ({"reply_state": "sent", "responded_at": NOW}, [], ())


def test_what_a_reply_says_may_go_outside_and_rests_with_its_columns() -> None:
    said = {field for contract in REPLY_OF.values() for field in contract.says}
    assert said <= set(PUBLIC) and said <= NEEDS["reply"]
