"""Whoever is away or has left is stood in for: the deputy first, then upwards, never by nobody."""

from __future__ import annotations

import datetime as dt

from msgspec.structs import replace

from qtemplate.choices import Role
from qtemplate.rules.rulebook import Person, RuleBook
from qtemplate.rules.stand_in import reach, reach_first, reach_role

DAY = dt.date(2026, 10, 9)
AWAY = ((dt.date(2026, 10, 8), dt.date(2026, 10, 12)),)


def person(name: str, deputy: str = "", *roles: Role, away: bool = False, manager: str = "") -> Person:
    mail = f"{name}@example.com"
    return Person(
        name, mail, "质量部", roles or (Role.MEMBER,), manager, deputy, (), None, AWAY if away else (), True, 1
    )


def told(rulebook: RuleBook, name: str, day: dt.date = DAY) -> tuple[str, str] | None:
    """Who is told, and for whom; "" when it is their own matter."""
    someone = rulebook.person(name)
    assert someone is not None
    reached = reach(rulebook, someone, day)
    return None if reached is None else (reached.person.name, reached.instead_of.name if reached.instead_of else "")


def test_who_is_there_is_told_and_the_deputy_when_not() -> None:
    book = RuleBook(people=(person("a", "b", away=True), person("b")))
    assert told(book, "a") == ("b", "a")
    assert told(book, "a", dt.date(2026, 10, 13)) == ("a", "")


def test_a_deputy_who_is_away_too_has_a_deputy() -> None:
    book = RuleBook(people=(person("a", "b", away=True), person("b", "c", away=True), person("c")))
    assert told(book, "a") == ("c", "a")


def test_two_who_stand_in_for_each_other_and_are_both_away_are_stood_in_for_by_their_head() -> None:
    head = person("head", "", Role.HEAD)
    assert told(RuleBook(people=(person("a", "b", away=True), person("b", "a", away=True), head)), "a") == ("head", "a")


def test_where_the_head_is_away_it_is_the_head_s_manager_then_the_quality_lead_then_the_keeper() -> None:
    away = person("a", away=True)
    head = person("head", "", Role.HEAD, away=True, manager="boss")
    boss, lead, keeper = person("boss"), person("lead", "", Role.QUALITY_LEAD), person("keeper", "", Role.KEEPER)
    assert told(RuleBook(people=(away, head, keeper, lead, boss)), "a") == ("boss", "a")
    assert told(RuleBook(people=(away, head, keeper, lead)), "a") == ("lead", "a")
    assert told(RuleBook(people=(away, head, keeper)), "a") == ("keeper", "a")
    assert told(RuleBook(people=(away, head)), "a") is None


def test_who_has_left_or_has_no_address_is_away_for_good() -> None:
    left = replace(person("a", "b"), active=False)
    assert told(RuleBook(people=(left, person("b"))), "a") == ("b", "a")
    unreachable = replace(person("a", "b"), mail="")
    assert told(RuleBook(people=(unreachable, person("b"))), "a") == ("b", "a")


def test_everybody_in_a_role_is_reached_and_nobody_twice() -> None:
    leads = person("a", "b", Role.QUALITY_LEAD, away=True), person("b", "", Role.QUALITY_LEAD)
    reached = reach_role(RuleBook(people=leads), Role.QUALITY_LEAD, DAY)
    assert [(each.person.name, each.instead_of) for each in reached] == [("b", None)]


def test_of_several_the_first_who_is_there_is_told() -> None:
    book = RuleBook(people=(person("a", "c", away=True), person("b"), person("c")))
    reached = reach_first(book, book.people[:2], DAY)
    assert reached is not None and reached.person.name == "b" and reached.instead_of is None
