"""Reminders go to who carries the clock, or stands in for them; nobody who is away or has left is told."""

from __future__ import annotations

import datetime as dt

import pytest
from digests import ID, LATE, NOBODY, OPEN, changed, line_of, plan_of, sections, told
from msgspec.structs import replace
from registers import NOW, Row, away, rules_with, sent, standard_rules


@pytest.mark.parametrize(
    ("clock", "row", "now", "who"),
    [
        ("首次响应", {"responded_at": None}, NOW.replace(day=17), {"tang"}),
        ("进展", {}, NOW.replace(day=21), {"tang"}),
        ("确认", {"reply_type": "solved", "implemented_at": dt.datetime(2026, 7, 15, 12), "level": "normal",
                 "replied_at": dt.datetime(2026, 7, 15, 13), "confirm_sent_at": dt.datetime(2026, 7, 16, 9)},
         dt.datetime(2026, 7, 21, 20), {"tang"}),
        ("答复", {"received_at": dt.datetime(2026, 7, 1, 17), "responded_at": NOW}, NOW, {"sun", "tang"}),
        ("评估", {"level": None, "assessed_at": None, "assessor": "杜鹃", "department": None, "owner": None,
                 "transferred_at": None, "accepted_at": None}, NOW.replace(day=17, hour=9), {"du"}),
        ("接受", {"accepted_at": None}, dt.datetime(2026, 7, 15, 20), {"sun"}),
        ("监管", {"safety": "yes", "reportable": "pending"}, dt.datetime(2026, 7, 17, 10), {"zhou"}),
        ("临时措施", {"containment": None, "contained_at": None}, dt.datetime(2026, 7, 17, 10), {"sun"}),
    ],
)  # fmt: skip
def test_a11_every_clock_is_told_to_who_carries_it(clock: str, row: Row, now: dt.datetime, who: set[str]) -> None:
    plan = plan_of(OPEN | {"contact": "唐宁"} | row, now=now, sent=sent(f"M18/{ID}/1"))
    found = {
        mail.to[0].mail.split("@")[0]
        for mail in plan.messages
        for section, lines in sections(mail).items()
        if section in ("overdue", "due_soon") and (ID, clock) in lines
    }
    assert found == who


def test_nobody_is_reminded_of_an_answer_before_the_reporter_was_asked() -> None:
    late = {"reply_type": "solved", "implemented_at": NOW, "replied_at": NOW, "confirm_sent_at": NOW, "level": "urgent"}
    row, now = OPEN | {"contact": "唐宁"} | late, dt.datetime(2026, 7, 21, 20)
    assert plan_of(row, now=now).messages == ()  # the request leaves in this very run
    assert {mail.kind for mail in plan_of(row, now=now, sent=sent(f"M18/{ID}/1")).messages} == {"M10"}
    assert {mail.kind for mail in plan_of(row | {"email": None}, now=now).messages} == {"M10"}  # a call has to ask


def test_a11_a_ladder_without_clocks_goes_by_who_carries_the_clock() -> None:
    plain = tuple(replace(rung, to="owner", clocks=()) for rung in standard_rules().ladder if rung.number in (1, 6))
    late = OPEN | {"contact": "唐宁", "responded_at": None}
    assert set(told(plan_of(late, rules=rules_with(ladder=plain)))) == {"tang"}


@pytest.mark.parametrize(
    ("row", "who"),
    [
        ({"contact": None}, "tang"),
        ({"contact": None, "reporter_type": "staff"}, "du"),
        ({"contact": "不认识"}, "tang"),
    ],
)
def test_a11_where_no_contact_is_named_a_role_takes_the_place(row: Row, who: str) -> None:
    assert set(told(plan_of(OPEN | {"responded_at": None} | row))) == {who}


def test_a11_an_overdue_clock_is_escalated_to_the_head_of_who_carries_it() -> None:
    rules = standard_rules()
    service_head = replace(next(p for p in rules.people if p.name == "赵刚"), name="马琳", department="客服部",
                           mail="ma@example.com", deputy="")  # fmt: skip
    late = OPEN | {"contact": "唐宁", "responded_at": None}
    plan = plan_of(late, now=dt.datetime(2026, 7, 17, 20), rules=replace(rules, people=(*rules.people, service_head)))
    assert {who: parts for who, parts in told(plan).items() if "escalated" in parts} == {"ma": ["escalated"]}


# -- who is away, who has left -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "absent", "deputy", "section"),
    [
        (LATE | {"contact": "赵刚"}, "孙浩", "", ""),
        (LATE, "孙浩", "蒋欣", "overdue"),
        (OPEN | {"accepted_at": None, "transferred_at": dt.datetime(2026, 7, 15, 19)}, "孙浩", "蒋欣", "to_accept"),
        (OPEN | {"reply_type": "solved", "reply_state": "waiting"}, "周敏", "蒋欣", "to_approve"),
        (NOBODY, "周敏", "蒋欣", "to_assign"),
        (OPEN | {"contact": "唐宁", "responded_at": None}, "唐宁", "杜鹃", "due_soon"),
    ],
)
def test_a2_the_absent_are_told_nothing_and_the_deputy_in_their_name(
    row: Row, absent: str, deputy: str, section: str
) -> None:
    rules = away(standard_rules(), absent)
    if deputy:
        rules = changed(rules, absent, deputy=deputy)
    person = rules.person(absent)
    assert person is not None
    mails = plan_of(row, rules=rules, now=NOW.replace(hour=20)).messages
    assert mails
    assert [mail.key for mail in mails if mail.to[0].mail == person.mail] == []
    stood_in = {
        (mail.to[0].name, part["key"], line["instead_of"])
        for mail in mails
        for part in mail.facts["sections"]
        for line in part["rows"]
        if "instead_of" in line
    }
    assert stood_in == ({(deputy, section, absent)} if deputy else {("赵刚", "overdue", "孙浩")})


def test_a2_the_open_rows_of_somebody_who_has_left_are_one_finding_for_the_head() -> None:
    rules = changed(standard_rules(), "孙浩", active=False)
    plan = plan_of(OPEN, OPEN, OPEN | {"owner": "何军", "contact": "唐宁"}, rules=rules)
    ids = ("QF-2026-0001", "QF-2026-0002")
    assert [(item.code, dict(item.facts)) for item in plan.findings] == [
        ("QT150", {"name": "孙浩", "n": 2, "ids": ids, "head": "赵刚"})
    ]
    assert told(plan) == {"zhao": ["left"]}
    assert line_of(plan, "zhao")["ids"] == list(ids)


BACK = dt.datetime(2026, 7, 20, 20)
"""The Monday after."""


@pytest.mark.parametrize(
    ("now", "had", "expected"),
    [
        (BACK, (), ["back"]),
        (BACK + dt.timedelta(days=1), (), ["back"]),
        (BACK + dt.timedelta(days=1), ("M10/2026-07-20/sun@example.com",), []),
        (dt.datetime(2026, 7, 17, 20), (), []),
        (dt.datetime(2026, 7, 19, 20), (), []),
    ],
    ids=["first working day", "no run on that day", "told on that day", "still away", "back, but a Sunday"],
)
def test_a2_whoever_comes_back_is_told_once_what_happened(
    now: dt.datetime, had: tuple[str, ...], expected: list[str]
) -> None:
    rules = changed(standard_rules(), "孙浩", away=((dt.date(2026, 7, 15), dt.date(2026, 7, 17)),))
    mine = OPEN | {"contact": "唐宁", "responded_at": now, "status": "in_work", "clock": "正常"}
    plan = plan_of(mine, mine | {"closed_at": dt.datetime(2026, 7, 14, 9), "close_type": "solved"},
                   now=now, rules=rules, sent=sent(*had))  # fmt: skip
    assert told(plan).get("sun", []) == expected
    if expected:
        line = line_of(plan, "sun")
        assert (line["id"], line["clock"]) == (ID, "处理中，正常")
        assert line["news"][:3] == [f"2026年7月15日 {what}" for what in ("反馈时间", "转交时间", "评估时间")]


def test_a5_who_handed_a_feedback_back_is_no_longer_told_to_act() -> None:
    row, back = LATE | {"contact": "唐宁"}, {(ID, "returned_transfers"): [[f"M03/{ID}/1/生产部/孙浩", "不是生产问题"]]}
    before, after = ({mail.to[0].name for mail in plan_of(row, facts=facts).messages} for facts in ({}, back))
    assert ("孙浩" in before, "孙浩" in after, "赵刚" in after) == (True, False, True)
