"""The nightly result: what is said first, and that a crowd of one kind hides nothing else."""

from __future__ import annotations

from msgspec.structs import replace
from registers import ASSESSED, NOW, away, memory_of, register_of, standard_rules

from qtemplate.plan import Finding, Message, Severity
from qtemplate.plan.first_seen import name_of
from qtemplate.register import CellRef
from qtemplate.rules.around.nightly_news import nightly_news
from qtemplate.rules.situation import Situation

HELD = Finding("QT521", Severity.WARNING, facts=(("key", "M03/1"), ("detail", "x")))


def empty_cells(count: int) -> list[Finding]:
    where = [CellRef("反馈登记", row, 7) for row in range(4, 4 + count)]
    return [Finding("QT110", Severity.ERROR, cell, "", field="model") for cell in where]


def news(*findings: Finding) -> Message:
    (message,) = nightly_news(Situation(register_of(ASSESSED), standard_rules(), memory_of({}), NOW), findings).messages
    return message


def test_a_mail_that_is_held_comes_before_a_hundred_empty_cells() -> None:
    facts = news(*empty_cells(100), HELD).facts
    assert (facts["attention"][0], len(facts["attention"]), facts["more"]) == ("邮件 M03/1 暂缓：x", 20, 81)
    counts = {line["label"]: line["value"] for line in facts["counts"]}
    assert (counts["校验错误"], counts["邮件待处理"]) == (100, 1)


def test_what_earlier_nights_have_told_is_folded_and_what_is_new_stands_first() -> None:
    old, new = empty_cells(3)[:2], empty_cells(3)[2]
    told = {
        name_of(item): day for item, day in zip((*old, HELD), ("2026-07-13", "2026-07-14", "2026-07-10"), strict=True)
    }
    situation = Situation(register_of(ASSESSED), standard_rules(), memory_of({}), NOW)
    (mail,) = nightly_news(situation, (*old, new, HELD), told=told).messages
    facts = mail.facts
    assert (facts["attention"][0], len(facts["attention"])) == ("邮件 M03/1 暂缓：x", 2)
    assert (facts["same"], facts["same_since"]) == (2, "2026年7月13日")
    (unlisted,) = nightly_news(situation, (*old, new, HELD), told=told, listed=False).messages
    assert (unlisted.facts["same"], len(unlisted.facts["attention"])) == (0, 4)


def test_a2_the_nightly_result_goes_to_the_keepers_deputy_while_the_keeper_is_away() -> None:
    rules = away(standard_rules(), "林静")
    people = tuple(replace(p, deputy="蒋欣") if p.name == "林静" else p for p in rules.people)
    situation = Situation(register_of(ASSESSED), replace(rules, people=people), memory_of({}), NOW)
    (mail,) = nightly_news(situation, ()).messages
    assert (mail.key, mail.facts["instead_of"]) == ("M25/2026-07-15/jiang@example.com", "林静")


def test_of_each_kind_some_are_said_before_the_rest() -> None:
    other = Finding("QT120", Severity.WARNING, CellRef("反馈登记", 4, 8), "短", (("length", 1),), field="title")
    said = news(*empty_cells(30), other).facts["attention"]
    assert ["标题" in sentence for sentence in said] == [False] * 8 + [True] + [False] * 11
