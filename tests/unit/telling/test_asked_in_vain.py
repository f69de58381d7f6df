"""Who speaks with the reporter is told of a feedback that was asked about in vain, until its cells are filled."""

from __future__ import annotations

import datetime as dt

import pytest
from digests import ID, OPEN, line_of, told
from msgspec.structs import replace
from registers import NOW, Row, away, memory_of, register_of, sent, standard_rules

from qtemplate.plan import Plan, Sent
from qtemplate.plan.keys import MessageKey
from qtemplate.rules.rulebook import RuleBook
from qtemplate.rules.situation import Situation
from qtemplate.rules.steps.acknowledge import acknowledge
from qtemplate.rules.steps.remind import remind

GAP = OPEN | {"batch": None, "contact": "唐宁"}
THRICE = sent(f"M02/{ID}/a", f"M02/{ID}/b", f"M02/{ID}/c")


def digests(
    row: Row, known: dict[MessageKey, Sent], now: dt.datetime = NOW, rules: RuleBook | None = None, wrong: str = ""
) -> Plan:
    situation = Situation(register_of(row), rules or standard_rules(), memory_of({}, sent=known), now)
    return remind(replace(situation, faults=frozenset({(4, wrong)}) if wrong else frozenset()))


def test_a_row_that_was_asked_about_three_times_is_the_contacts_until_its_cells_are_filled() -> None:
    plan = digests(GAP | {"scene": None}, THRICE, wrong="model")
    assert told(plan) == {"tang": ["to_complete"]}
    assert line_of(plan, "tang")["todo"] == "请问清并填好：批次号、发生环境（硬件、软件、网络或场景）、型号"
    assert told(digests(GAP | {"batch": "A2306"}, THRICE)) == {}


@pytest.mark.parametrize(("days", "expected"), [(1, {}), (3, {"tang": ["to_complete"]})])
def test_two_working_days_after_the_second_request_nothing_changed_it_is_the_contacts(
    days: int, expected: dict[str, list[str]]
) -> None:
    def ask(known: dict[MessageKey, Sent], now: dt.datetime) -> MessageKey:
        (mail,) = acknowledge(Situation(register_of(GAP), standard_rules(), memory_of({}, sent=known), now)).messages
        return mail.key

    thanked = sent(f"M01/{ID}")
    first = thanked | sent(ask(thanked, NOW - dt.timedelta(days=9)), at=NOW - dt.timedelta(days=9))
    both = first | sent(ask(first, NOW - dt.timedelta(days=3)), at=NOW - dt.timedelta(days=days))
    row = GAP | {"responded_at": NOW}
    assert told(digests(row, first)) == {}, "it may be asked again"
    assert told(digests(row, both)) == expected


def test_without_a_contact_or_while_the_contact_is_away_it_is_who_takes_the_place() -> None:
    assert told(digests(GAP | {"contact": None}, THRICE)) == {"tang": ["to_complete"]}
    plan = digests(GAP, THRICE, rules=away(standard_rules(), "唐宁"))
    assert told(plan) == {"du": ["to_complete"]} and line_of(plan, "du")["instead_of"] == "唐宁"


def test_who_can_only_be_telephoned_comes_with_a_call_sheet_that_asks() -> None:
    line = line_of(digests(GAP | {"email": None, "phone": "0571-8700 0000"}, THRICE), "tang")
    assert line["call"]["asks"] == ["批次号：产品或包装标签上的批次号；确实不知可填“未知”"]
    assert line["todo"] == "请问清并填好：批次号；请联系反馈者，并记入“沟通记录”"


def test_an_answer_that_explains_ends_the_asking() -> None:
    answered = {"reply_type": "explained", "reply_state": "sent", "replied_at": NOW}
    assert told(digests(GAP | answered, THRICE)) == {}
