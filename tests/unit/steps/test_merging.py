"""P36: feedback merged into another keeps its reporter: the master's reply goes to both, apart from each other."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from registers import (
    ASSESSED,
    NOW,
    cells,
    codes,
    memory_of,
    register_of,
    rules_with,
    sent,
    standard_rules,
)

from qtemplate.plan import Memory, Message, Plan
from qtemplate.rules import make_plan
from qtemplate.rules.situation import Situation
from qtemplate.rules.steps.reply import reply

MASTER: dict[str, Any] = ASSESSED | {
    "id": "QF-2026-0001",
    "level": "major",
    "implemented_at": dt.datetime(2026, 7, 15, 17, 0),
    "solution": "更换排线并加固插头",
    "root_cause": "插头压接高度超差",
    "cause_for_reporter": "排线插头松动",
    "reply_type": "solved",
    "reply_approval": "approved",
    "contact": "唐宁",
}
FOLLOWER: dict[str, Any] = ASSESSED | {
    "id": "QF-2026-0002",
    "master": "QF-2026-0001",
    "reporter": "李娜",
    "email": "li.na@example.org",
    "title": "电饭煲黑屏",
    "serial": "S200",
    "notes": "老客户",
}


def replies(*rows: dict[str, Any], **known: Any) -> Plan:
    return reply(Situation(register_of(*rows), standard_rules(), memory_of(**known), NOW))


def facts_of(plan: Plan) -> dict[tuple[str, str], Any]:
    return {(fact.id, fact.name): fact.value for fact in plan.facts}


def to_follower(plan: Plan) -> Message:
    (message,) = (item for item in plan.messages if item.id == "QF-2026-0002")
    return message


def test_p36_both_reporters_get_the_reply_each_as_a_mail_of_its_own() -> None:
    plan = replies(MASTER, FOLLOWER)
    told = sorted((str(item.id), item.kind, [one.mail for one in item.to], item.cc) for item in plan.messages)
    assert told == [
        ("QF-2026-0001", "M14", ["zhang.wei@example.com"], ()),
        ("QF-2026-0002", "M14", ["li.na@example.org"], ()),
    ]
    assert len({item.key for item in plan.messages}) == 2
    assert all(item.approved for item in plan.messages)


def test_p36_a_followers_mail_says_the_masters_reply_and_otherwise_its_own_row() -> None:
    message = to_follower(replies(MASTER, FOLLOWER))
    texts = message.facts["row"]
    assert (texts["id"], texts["reporter"], texts["title"], texts["serial"]) == (
        "QF-2026-0002", "李娜", "电饭煲黑屏", "S200",
    )  # fmt: skip
    assert (texts["solution"], texts["cause_for_reporter"]) == ("更换排线并加固插头", "排线插头松动")
    assert message.thread == "M01/QF-2026-0002"
    assert message.facts["contact"] == {"name": "唐宁", "mail": "tang@example.com"}
    said = str(message.facts)
    assert not any(secret in said for secret in ("张伟", "zhang.wei", "QF-2026-0001", "插头压接高度超差", "老客户"))


def test_p36_it_goes_once_and_counts_as_the_followers_first_response() -> None:
    first = replies(MASTER, FOLLOWER)
    keys = [message.key for message in first.messages]
    again = replies(MASTER, FOLLOWER, sent=sent(*keys), facts=facts_of(first))
    assert again.messages == ()
    assert cells(again, 5)["responded_at"] == NOW
    assert sorted(row.id for row in again.rows) == ["QF-2026-0001", "QF-2026-0002"]


def test_p36_emptying_the_master_undoes_it() -> None:
    plan = replies(MASTER, {**FOLLOWER, "master": None})
    assert [message.id for message in plan.messages] == ["QF-2026-0001"]


def test_who_is_merged_after_the_approval_waits_for_one_of_its_own() -> None:
    alone = replies(MASTER)
    (key,) = (message.key for message in alone.messages)
    plan = replies(MASTER, FOLLOWER, sent=sent(key), facts=facts_of(alone))
    assert [(message.id, message.approved) for message in plan.messages] == [("QF-2026-0002", False)]
    assert "QT512" not in codes(plan)


@pytest.mark.parametrize("missing", [{"reply_approval": None}, {"reply_approval": "rejected"}, {"solution": None}])
def test_nobody_is_told_before_the_reply_is_whole_and_approved(missing: dict[str, Any]) -> None:
    assert replies(MASTER | missing, FOLLOWER).messages == ()


def test_one_person_who_recorded_it_twice_is_told_once() -> None:
    plan = replies(MASTER, {**FOLLOWER, "email": "Zhang.Wei@example.com"})
    assert [message.id for message in plan.messages] == ["QF-2026-0001"]


def test_a_follower_without_an_address_or_to_be_called_is_told_to_the_team() -> None:
    nobody = replies(MASTER, {**FOLLOWER, "email": None, "phone": "0571-88886666"})
    assert [(item.code, item.id) for item in nobody.findings] == [("QT514", "QF-2026-0002")]
    called = replies(MASTER, {**FOLLOWER, "contact_way": "phone"})
    assert [(item.code, item.id) for item in called.findings] == [("QT513", "QF-2026-0002")]


def test_a_chain_of_merged_rows_leads_to_one_master_and_a_circle_to_none() -> None:
    third = {**FOLLOWER, "id": "QF-2026-0003", "master": "QF-2026-0002", "email": "wang@example.org"}
    assert sorted(str(message.id) for message in replies(MASTER, FOLLOWER, third).messages) == [
        "QF-2026-0001", "QF-2026-0002", "QF-2026-0003",
    ]  # fmt: skip
    circle = {**FOLLOWER, "master": "QF-2026-0003"}
    assert [message.id for message in replies(MASTER, circle, third).messages] == ["QF-2026-0001"]


def test_history_is_not_told() -> None:
    old = {**FOLLOWER, "received_at": dt.datetime(2026, 1, 5, 9, 0)}
    plan = replies(MASTER, old, since=dt.datetime(2026, 7, 1))
    assert [message.id for message in plan.messages] == ["QF-2026-0001"]


def test_p36_a_merged_row_comes_back_when_its_master_is_emptied() -> None:
    rules = rules_with()
    merged = make_plan(Situation(register_of(MASTER, FOLLOWER), rules, Memory(), NOW))[1].register
    assert merged.value(5, "status") == "merged"
    apart = make_plan(Situation(register_of(MASTER, {**FOLLOWER, "master": None}), rules, Memory(), NOW))[1].register
    assert apart.value(5, "status") not in (None, "merged")
    assert apart.value(5, "owner") == "孙浩"
