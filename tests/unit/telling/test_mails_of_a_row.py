"""Acknowledgements (M01, M02), transfers (M03), failed verification (M13), recurrence (M22), and what is history."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from msgspec.structs import replace
from registers import (
    ASSESSED,
    NOW,
    WHOLE,
    Row,
    away,
    cells,
    codes,
    keys,
    memory_of,
    register_of,
    rules_with,
    sent,
    standard_rules,
)

from qtemplate.fields import OPEN_FACTS
from qtemplate.plan import Plan
from qtemplate.rules import make_plan
from qtemplate.rules.situation import Situation
from qtemplate.rules.steps.acknowledge import acknowledge
from qtemplate.rules.steps.contacts import name_contacts
from qtemplate.rules.steps.follow_up import follow_up
from qtemplate.rules.steps.recognise import recognise

ID = "QF-2026-0001"
READY = ASSESSED | {"level": "major", "department": "生产部", "owner": "孙浩"}


def acknowledged(row: Row, **memory: Any) -> Plan:
    """As in a run: the contact is named before anything is mailed."""
    situation = Situation(register_of(row), standard_rules(), memory_of({}, **memory), NOW)
    named = name_contacts(situation)
    return named + acknowledge(situation.with_edits(named.edits))


def followed(*rows: Row, **memory: Any) -> Plan:
    return follow_up(Situation(register_of(*rows), standard_rules(), memory_of({}, **memory), NOW))


def test_a_new_record_is_acknowledged_once() -> None:
    plan = acknowledged(WHOLE)
    assert [(mail.key, mail.to[0].mail, mail.to[0].insider) for mail in plan.messages] == [
        (f"M01/{ID}", "zhang.wei@example.com", False)
    ]
    assert cells(plan) == {"contact": "唐宁"}
    assert keys(acknowledged(WHOLE, sent=sent(f"M01/{ID}"))) == []


@pytest.mark.parametrize(
    "change",
    [
        {"email": None, "phone": "13800000000"},
        {"title": None},
        {"responded_at": NOW},
        {"closed_at": NOW},
        {"master": "QF-2026-0009"},
        {"received_at": None},
        {"reply_type": "declined", "replied_at": NOW},
        {"reply_type": "in_progress", "reply_state": "queued"},
    ],
)
def test_nobody_else_is_acknowledged(change: Row) -> None:
    assert [key for key in keys(acknowledged(WHOLE | change)) if key.startswith("M01")] == []


@pytest.mark.parametrize(
    ("change", "asked"),
    [
        ({}, ["M02"]),
        ({"reply_type": "explained", "reply_state": "queued"}, []),
        ({"reply_type": "explained", "reply_state": "draft"}, ["M02"]),
        ({"reply_type": "explained", "reply_state": "queued", "contact_way": "phone"}, ["M02"]),
        ({"reply_type": "in_progress", "reply_state": "queued"}, ["M02"]),
    ],
)
def test_whoever_gets_the_final_reply_in_this_very_run_is_asked_for_nothing(change: Row, asked: list[str]) -> None:
    row = WHOLE | {"description": None} | change
    kinds = [key[:3] for key in keys(acknowledged(row, sent=sent(f"M01/{ID}")))]
    assert kinds == asked


def test_inside_reports_have_the_coordinator_as_contact() -> None:
    row = WHOLE | {"reporter_type": "staff", "organisation": "生产部", "email": "sun@example.com"}
    plan = acknowledged(row)
    assert (cells(plan), plan.messages[0].to[0].insider) == ({"contact": "杜鹃"}, True)


def test_where_service_is_away_the_contact_is_the_deputy_or_the_deputy_s_deputy() -> None:
    deputies = {"唐宁": "李想", "李想": "陈晨"}
    named = (replace(p, deputy=deputies.get(p.name, "")) for p in standard_rules().people)
    rules = rules_with(people=tuple(named))
    for absent, contact in ((("唐宁",), "李想"), (("唐宁", "李想"), "陈晨")):
        situation = Situation(register_of(WHOLE), away(rules, *absent, day=NOW.date()), memory_of({}), NOW)
        assert cells(name_contacts(situation)) == {"contact": contact}


@pytest.mark.parametrize(
    ("missing", "to", "labels"),
    [
        (["scene"], "zhang.wei@example.com", ["发生环境（硬件、软件、网络或场景）"]),
        (["model", "scene"], "zhang.wei@example.com", ["型号", "发生环境（硬件、软件、网络或场景）"]),
        (["channel"], "tang@example.com", ["反馈渠道"]),
        (["channel", "scene"], "tang@example.com", ["反馈渠道", "发生环境（硬件、软件、网络或场景）"]),
    ],
)
def test_what_is_missing_is_asked_of_who_can_know_it_and_nothing_else(
    missing: list[str], to: str, labels: list[str]
) -> None:
    plan = acknowledged(WHOLE | dict.fromkeys(missing))
    asked = [mail for mail in plan.messages if mail.kind == "M02"]
    assert [mail.to[0].mail for mail in asked] == [to]
    assert [item["label"] for item in asked[0].facts["missing"]] == labels
    assert keys(acknowledged(WHOLE | dict.fromkeys(missing), sent=sent(asked[0].key))) == [f"M01/{ID}"]


def test_a_ready_row_is_transferred_with_its_form_once() -> None:
    plan = followed(READY)
    key = f"M03/{ID}/1/生产部/孙浩"
    assert [(mail.key, mail.to[0].mail, mail.cc, mail.urgent) for mail in plan.messages] == [
        (key, "sun@example.com", (), False)
    ]
    assert plan.messages[0].forms == (key.replace("M03", "transfer"), f"8d/{ID}/1/孙浩")
    assert {form.key for form in plan.forms} == {*plan.messages[0].forms}
    again = followed(READY, sent=sent(key), made=frozenset({key.replace("M03", "transfer")}))
    assert (keys(again), again.forms) == ([], ())


def test_a_run_that_was_killed_between_the_two_forms_of_a_transfer_takes_none_of_them_from_the_mail() -> None:
    whole = followed(READY)
    again = followed(READY, made=frozenset({whole.forms[0].key}))
    assert (again.messages, [form.key for form in again.forms]) == (whole.messages, [whole.forms[1].key])


@pytest.mark.parametrize(
    ("change", "kinds"),
    [
        ({"level": "urgent"}, ["transfer", "8d"]),
        ({"level": "normal"}, ["transfer", "why"]),
        ({"level": "minor"}, ["transfer"]),
        ({"root_cause": "端子没有锁扣", "solution": "改用锁扣端子"}, ["transfer"]),
        ({"root_cause": "端子没有锁扣"}, ["transfer", "8d"]),
    ],
)
def test_how_deep_the_cause_is_looked_for_goes_by_the_level(change: Row, kinds: list[str]) -> None:
    plan = followed(READY | change)
    made = {str(form.key): form for form in plan.forms}
    carried = [made[key] for key in plan.messages[0].forms]
    assert [form.kind for form in carried] == kinds
    assert plan.messages[0].facts["report"] == ("" if len(kinds) == 1 else carried[1].facts["file"])


def test_a_workbook_without_the_logs_of_an_investigation_gets_the_transfer_form_alone() -> None:
    rules = rules_with(unread=frozenset({"causes", "decisions"}))
    former = follow_up(Situation(register_of(READY), rules, memory_of({}), NOW))
    assert [form.kind for form in former.forms] == ["transfer"]
    asked = acknowledge(Situation(register_of(WHOLE | {"model": None}), rules, memory_of({}), NOW))
    assert ([mail.forms for mail in asked.messages], asked.forms) == ([(), ()], ())


def test_a_request_carries_a_form_for_just_what_is_missing_in_words_that_may_leave_the_house() -> None:
    plan = acknowledged(WHOLE | {"model": None, "scene": None, "first_guess": "排线", "notes": "内部"})
    [mail] = [mail for mail in plan.messages if mail.kind == "M02"]
    [form] = plan.forms
    assert (mail.forms, form.key) == ((form.key,), f"missing/{ID}/1?model,scene")
    row = WHOLE | {"model": None, "scene": None}
    waits = acknowledge(Situation(register_of(row), standard_rules(), memory_of({}, made=frozenset({form.key})), NOW))
    assert ([mail.forms for mail in waits.messages], waits.forms) == ([(), (form.key,)], ())
    assert (mail.facts["form"], form.facts["file"]) == (f"补充信息表-{ID}.xlsx",) * 2
    shown = {key for key, value in form.facts.items() if value and key not in ("file", "base", "cells")}
    assert shown <= {field.value for field in OPEN_FACTS}
    assert form.facts["cells"] == {"m_missing_1": "型号", "m_missing_2": "发生环境（硬件、软件、网络或场景）"}
    inside = acknowledged(WHOLE | {"model": None, "email": None, "phone": "13800000000"})
    assert inside.forms[0].facts["cells"] == {"m_missing_1": "型号", "l_missing_1": ["RC-300", "RC-500"]}


def test_an_urgent_transfer_goes_to_the_head_too() -> None:
    mail = followed(READY | {"level": "urgent"}).messages[0]
    assert ([person.mail for person in mail.cc], mail.urgent) == (["zhao@example.com"], True)


@pytest.mark.parametrize(
    "change",
    [
        {"level": None},
        {"owner": None},
        {"scene": None},
        {"authenticity": "misuse"},
        {"transferred_at": NOW},
        {"accepted_at": NOW},
        {"implemented_at": NOW},
        {"closed_at": NOW},
        {"master": "QF-2026-0009"},
    ],
)
def test_what_is_not_ready_is_not_transferred(change: Row) -> None:
    assert followed(READY | change) == Plan()


def test_an_owner_without_an_address_is_said_and_the_form_is_made() -> None:
    plan = followed(READY | {"owner": "新来的人"})
    assert (keys(plan), codes(plan), [form.kind for form in plan.forms]) == ([], ["QT333"], ["8d", "transfer"])


GIVEN_AWAY = READY | {"department": "研发部", "owner": "李想"}
FORMER = f"M03/{ID}/1/生产部/孙浩"


@pytest.mark.parametrize("change", [{}, {"accepted_at": NOW}])
def test_a_new_owner_gets_the_transfer_with_a_form_once_also_where_the_former_one_had_accepted(change: Row) -> None:
    key = f"M03/{ID}/1/研发部/李想"
    plan = followed(GIVEN_AWAY | change, sent=sent(FORMER))
    assert [(mail.key, mail.to[0].mail, mail.forms) for mail in plan.messages] == [
        (key, "li@example.com", (key.replace("M03", "transfer"), f"8d/{ID}/1/李想"))
    ]
    assert keys(followed(GIVEN_AWAY | change, sent=sent(FORMER, key))) == []
    assert keys(followed(READY | change, sent=sent(FORMER, key))) == []


def test_a2_a_failed_verification_and_a_recurrence_go_to_who_stands_in() -> None:
    gone = {"孙浩": "蒋欣", "周敏": "林静"}
    people = tuple(
        replace(p, deputy=gone[p.name], away=((NOW.date(), NOW.date()),)) if p.name in gone else p
        for p in standard_rules().people
    )
    failed = READY | {"transferred_at": NOW, "verify_result": "failed", "verified_at": NOW}
    rows = (*recurring(30, related="QF-2026-0001"), failed)
    plan = follow_up(Situation(register_of(*rows), rules_with(people=people), memory_of({}), NOW))
    assert [(mail.key[:3], mail.to[0].name, mail.facts["instead_of"]) for mail in plan.messages] == [
        ("M13", "蒋欣", "孙浩"),
        ("M22", "林静", "周敏"),
    ]


def test_a7_a_second_record_of_one_incident_is_no_recurrence() -> None:
    rows = recurring(1, related="QF-2026-0001")
    twice = [rows[0] | {"received_at": NOW - dt.timedelta(minutes=20)}, rows[1]]
    assert (keys(followed(*twice)), keys(followed(twice[0] | {"reporter": "李娜"}, twice[1]))) == (
        [],
        ["M22/QF-2026-0002"],
    )


def test_a2_a_transfer_to_somebody_who_is_away_goes_to_who_stands_in() -> None:
    people = tuple(
        replace(p, deputy="蒋欣", away=((NOW.date(), NOW.date()),)) if p.name == "孙浩" else p
        for p in standard_rules().people
    )
    plan = follow_up(Situation(register_of(READY), rules_with(people=people), memory_of({}), NOW))
    assert [(mail.key, mail.to[0].name, mail.facts["instead_of"], mail.facts["owner"]) for mail in plan.messages] == [
        (FORMER, "蒋欣", "孙浩", "孙浩")
    ]


def test_a5_the_next_owner_reads_who_handed_it_back_and_why() -> None:
    back = {(ID, "returned_transfers"): [[FORMER, "不是生产问题"]]}
    mails = [
        follow_up(Situation(register_of(GIVEN_AWAY), standard_rules(), memory_of({}, facts=facts), NOW)).messages
        for facts in (back, {})
    ]
    assert [mail.facts["returned"] for (mail,) in mails] == [{"by": "孙浩", "reason": "不是生产问题"}, None]


def test_somebody_who_has_left_gets_no_transfer_and_no_failed_verification() -> None:
    people = tuple(replace(p, active=False) if p.name == "孙浩" else p for p in standard_rules().people)
    rows = (READY, READY | {"transferred_at": NOW, "verify_result": "failed", "verified_at": NOW})
    plan = follow_up(Situation(register_of(*rows), rules_with(people=people), memory_of({}), NOW))
    assert ([(mail.key[:3], mail.to[0].name) for mail in plan.messages], plan.forms) == ([("M13", "赵刚")], ())


def test_a_failed_verification_goes_to_the_owner_once_for_each_time() -> None:
    row = READY | {"transferred_at": NOW, "verify_result": "failed", "verified_at": dt.datetime(2026, 7, 15, 12)}
    key = f"M13/{ID}/15 Jul 2026 12:00"
    assert keys(followed(row)) == [key]
    assert keys(followed(row, sent=sent(key))) == []
    assert keys(followed(row | {"verified_at": dt.datetime(2026, 7, 15, 13)}, sent=sent(key))) != []


def recurring(days: int, **changes: Any) -> list[dict[str, Any]]:
    first = READY | {"received_at": NOW - dt.timedelta(days=days), "fault": "显示异常", "transferred_at": NOW}
    return [first, READY | {"received_at": NOW, "fault": "显示异常", "transferred_at": NOW} | changes]


@pytest.mark.parametrize(("days", "related"), [(1, "QF-2026-0001"), (90, "QF-2026-0001"), (91, None)])
def test_the_same_fault_of_a_model_within_90_days_is_related(days: int, related: str | None) -> None:
    plan = recognise(Situation(register_of(*recurring(days)), standard_rules(), memory_of({}), NOW))
    assert cells(plan, 5).get("related") == related


@pytest.mark.parametrize("change", [{"model": "RC-500"}, {"fault": "漏水"}])
def test_another_model_or_fault_is_not_related(change: Row) -> None:
    plan = recognise(Situation(register_of(*recurring(1, **change)), standard_rules(), memory_of({}), NOW))
    assert cells(plan, 5).get("related") is None


def test_a_recurrence_is_told_to_the_quality_lead_once() -> None:
    rows = recurring(30, related="QF-2026-0001")
    plan = followed(*rows)
    assert [(mail.key, mail.to[0].mail) for mail in plan.messages] == [("M22/QF-2026-0002", "zhou@example.com")]
    assert keys(followed(*rows, sent=sent("M22/QF-2026-0002"))) == []
    assert keys(followed(rows[0], rows[1] | {"level": "normal"})) == []


def test_history_gets_no_mail_to_outsiders_and_no_transfer_but_stays_in_the_digests() -> None:
    register = register_of(*(READY | {"id": None, "received_at": dt.datetime(2026, 7, 6, 10)} for _ in range(2)))
    since = memory_of({}, since=dt.datetime(2026, 7, 10))
    plan, _ = make_plan(Situation(register, standard_rules(), since, NOW))
    assert {mail.kind for mail in plan.messages} == {"M10"}
    assert all(person.insider for mail in plan.messages for person in mail.to)
    assert plan.forms == ()
    live, _ = make_plan(Situation(register, standard_rules(), memory_of({}), NOW))
    assert {mail.kind for mail in live.messages} == {"M01", "M03", "M10"}
