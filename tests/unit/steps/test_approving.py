"""Who decides about a reply: by level, never its author; what is kept of it; what is asked again after a change."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from msgspec.structs import replace
from registers import ASSESSED, NOW, Row, away, cells, codes, memory_of, register_of, rules_with, standard_rules

from qtemplate.choices import Role
from qtemplate.plan import Memory, Plan
from qtemplate.plan.keys import MessageKey
from qtemplate.plan.received import Received
from qtemplate.rules import make_plan
from qtemplate.rules.approving.approvers import approvers
from qtemplate.rules.case import case_of
from qtemplate.rules.incoming.decide import Decided, Rules, decide
from qtemplate.rules.incoming.links import Post
from qtemplate.rules.rulebook import RuleBook
from qtemplate.rules.situation import Situation
from qtemplate.rules.steps.reply import reply

WAITING: Row = ASSESSED | {
    "level": "major", "department": "研发部", "owner": "李想", "contact": "唐宁", "reply_type": "solved",
    "solution": "换屏", "cause_for_reporter": "排线松动", "implemented_at": dt.datetime(2026, 7, 10),
}  # fmt: skip
ID = "QF-2026-0001"
LEAD = "zhou@example.com"


def place(row: Row, rules: RuleBook | None = None, **memory: Any) -> Situation:
    known = memory_of({ID: {}}, **{"answerable": True, **memory})
    return Situation(register_of(row), rules or standard_rules(), known, NOW)


def asked(situation: Situation) -> list[tuple[str, str]]:
    """Whom M17 goes to, and for whom they stand in."""
    plan, _ = make_plan(situation)
    found = [message for message in plan.messages if message.kind == "M17"]
    return [(message.to[0].name, str(message.facts["instead_of"])) for message in found]


@pytest.mark.parametrize(
    ("level", "department", "who"),
    [
        ("urgent", "研发部", "周敏"),
        ("major", "研发部", "周敏"),
        ("normal", "研发部", "王磊"),
        ("minor", "生产部", "赵刚"),
        ("minor", "客服部", "杜鹃"),  # a department without a head: the coordinator
    ],
)
def test_the_level_says_who_is_asked(level: str, department: str, who: str) -> None:
    row = WAITING | {"level": level, "department": department, "override_reason": "按协议"}
    assert asked(place(row)) == [(who, "")]


def test_who_is_away_is_stood_in_for_and_the_setting_moves_levels_to_the_lead() -> None:
    normal = WAITING | {"level": "normal", "override_reason": "按协议"}
    assert asked(place(normal, away(standard_rules(), "王磊"))) == [("陈晨", "王磊")]
    assert asked(place(normal, away(standard_rules(), "王磊", "陈晨"))) == [("周敏", "王磊")]
    assert asked(place(normal, lead_approves=frozenset({"urgent", "major", "normal"}))) == [("周敏", "")]


def test_nobody_is_asked_about_a_reply_that_they_wrote() -> None:
    normal = WAITING | {"level": "normal", "override_reason": "按协议"}
    owned = normal | {"owner": "王磊"}  # the head is the owner
    assert asked(place(owned)) == [("杜鹃", "")]
    assert asked(place(owned | {"contact": "杜鹃"})) == [("周敏", "")]
    assert asked(place(owned, author_approves=True)) == [("王磊", "")]
    stood_in = normal | {"owner": "陈晨"}  # the head is away, and the deputy is the owner
    assert asked(place(stood_in, away(standard_rules(), "王磊"))) == [("杜鹃", "")]


def test_where_everybody_who_could_decide_wrote_it_the_digest_tells_them_and_no_mail_asks() -> None:
    small = tuple(p for p in standard_rules().people if p.name in ("周敏", "唐宁"))
    rules = rules_with(people=tuple(replace(p, deputy="", manager="") for p in small))
    row = WAITING | {"owner": "周敏"}
    situation = place(row, rules)
    assert asked(situation) == []
    assert [one.person.name for one in approvers(case_of(situation, 4))] == ["周敏"]
    assert Role.QUALITY_LEAD in rules.person("周敏").roles  # type: ignore[union-attr] # the name stands there


def plan_of(row: Row, facts: dict[Any, Any] | None = None, **memory: Any) -> Plan:
    return reply(place(row, facts=facts or {}, **memory))


def kept(plan: Plan) -> dict[Any, Any]:
    return {(fact.id, fact.name): fact.value for fact in plan.facts}


def test_a_word_in_the_cell_has_whoever_saved_the_file_as_its_witness_once() -> None:
    row = WAITING | {"reply_approval": "approved"}
    register = replace(register_of(row), saved_by="周敏 (IT)")
    plan = reply(Situation(register, standard_rules(), memory_of({ID: {}}), NOW))
    [told] = kept(plan)[ID, "approved_by"]
    assert (told["way"], told["word"], told["who"], told["at"]) == ("cell", "approved", "周敏 (IT)", NOW.isoformat())
    assert (ID, "approved_by") not in kept(plan_of(row, kept(plan)))
    changed = row | {"solution": "换新机", "reply_approval": "again"}
    assert [each["word"] for each in kept(plan_of(changed, kept(plan)))[ID, "approved_by"]] == ["approved", "again"]


def test_a_reply_that_was_sent_back_is_asked_about_again_once_it_says_something_else() -> None:
    row = WAITING | {"reply_approval": "rejected"}
    first = plan_of(row)
    assert (codes(first), first.messages) == (["QT515"], ())
    facts = {key: value for key, value in kept(first).items() if value is not None}
    assert codes(plan_of(row, facts)) == ["QT515"]
    revised = plan_of(row | {"solution": "整机更换"}, facts)
    assert (codes(revised), [message.kind for message in revised.messages]) == (["QT511"], ["M17"])
    emptied = plan_of(row | {"reply_approval": None}, facts)
    assert kept(emptied)[ID, "returned_reply"] is None


def said(
    text: str, situation: Situation, key: MessageKey, *, sender: str = LEAD, number: int = 1, **more: str
) -> Decided:
    content = {
        "channel": "email", "constants": {}, "sender": sender, "forwarded": "", "name": "周敏", "subject": "回复",
        "text": text, "quoted": "", "answers": ["ok@qa"], "automatic": "", "bounced": [], "files": [], "dated": "",
        "auth": "", **more,
    }  # fmt: skip
    came = dt.datetime(2026, 7, 15, 16, number)
    item = Received("email", f"m{number}@x", f"d{number}", came, content, number)
    return decide(situation, [item], {}, Post({"ok@qa": key}), Rules())


def question(row: Row, facts: dict[Any, Any] | None = None) -> MessageKey:
    return next(message.key for message in plan_of(row, facts).messages if message.kind == "M17")


def test_an_answer_approves_a_revised_reply_whatever_word_stands_in_the_cell() -> None:
    approved = WAITING | {"reply_approval": "approved"}
    facts = kept(plan_of(approved))
    outdated = approved | {"solution": "换新机"}
    assert codes(plan_of(outdated, facts)) == ["QT512"]
    key = question(outdated, facts)
    given = said("批准", place(outdated, facts=facts), key)
    assert cells(given.plan) == {"reply_approval": "again"}
    assert cells(said("退回 单价不对", place(outdated, facts=facts), key).plan) == {"reply_approval": "rejected"}
    after = facts | kept(given.plan)
    assert codes(plan_of(outdated | {"reply_approval": "again"}, after)) == []
    lists = rules_with(lists={"reply_approval": {"批准": "approved", "退回": "rejected"}})  # not upgraded
    bound = said("批准", place(outdated, lists, facts=facts), key)
    assert cells(bound.plan) == {}
    assert codes(plan_of(outdated, facts | kept(bound.plan))) == []


def test_a_return_tells_the_contact_why_and_its_answer_stays_the_evidence() -> None:
    key = question(WAITING)
    back = said("退回 赔付金额要先与法务确认", place(WAITING), key)
    facts = kept(back.plan)
    [told] = facts[ID, "approved_by"]
    assert (told["word"], told["why"], told["digest"]) == ("rejected", "赔付金额要先与法务确认", "d1")
    row = WAITING | {"reply_approval": "rejected"}
    plan, _ = make_plan(place(row, facts={key: value for key, value in facts.items() if key[0]}))
    digest = next(m for m in plan.messages if m.kind == "M10" and m.to[0].name == "唐宁")
    section = next(part for part in digest.facts["sections"] if part["key"] == "to_revise")
    assert "法务确认" in section["rows"][0]["todo"]
    assert [m.to[0].name for m in plan.messages if m.kind == "M10" and "to_approve" in str(m.facts["sections"])] == []


def test_whoever_may_not_decide_any_more_decides_nothing() -> None:
    normal = WAITING | {"level": "normal", "override_reason": "按协议"}
    key = question(normal)
    assert key.person == "wang@example.com"
    assert cells(said("批准", place(normal), key, sender="wang@example.com").plan) == {"reply_approval": "approved"}
    raised = said("批准", place(normal | {"level": "urgent"}), key, sender="wang@example.com")
    became_owner = said("批准", place(normal | {"owner": "王磊"}), key, sender="wang@example.com")
    left = rules_with(people=tuple(replace(p, active=p.name != "王磊") for p in standard_rules().people))
    gone = said("批准", place(normal, left), key, sender="wang@example.com")
    other = said("批准", place(normal), key, sender=LEAD)  # was not asked
    typed = said("批准", place(normal | {"reply_approval": "rejected"}), key, sender="wang@example.com")
    for refused in (raised, became_owner, gone, other, typed):
        assert (cells(refused.plan), list(refused.piled)) == ({}, [1])


def test_a_persons_word_does_not_stand_for_the_own_mailbox_of_an_approver() -> None:
    key = question(WAITING)
    doubted = said("批准", place(WAITING), key, linked=ID, auth="mx.example.com; dmarc=fail")
    assert (cells(doubted.plan), doubted.piled) == ({}, {})  # it is noted, and approves nothing
    assert [row.values["summary"] for row in doubted.plan.rows] == ["批准"]
    assert cells(said("批准", place(WAITING), key, linked=ID).plan) == {"reply_approval": "approved"}
    other = said("批准", place(WAITING), key, linked=ID, sender="lin@example.com")
    assert cells(other.plan) == {}


def test_memory_knows_the_defaults_of_the_configuration() -> None:
    assert (Memory().lead_approves, Memory().author_approves) == (frozenset({"urgent", "major"}), False)
