"""Tables that people changed are told once, by the run that first goes by them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from msgspec.structs import replace
from registers import ASSESSED, NOW, memory_of, register_of, standard_rules

from qtemplate.plan import Memory, Plan, Severity
from qtemplate.rules import make_plan
from qtemplate.rules.rulebook import RuleBook
from qtemplate.rules.situation import Situation

LATER = NOW + dt.timedelta(days=1)


def told(plan: Plan) -> list[tuple[Severity, dict[str, Any]]]:
    return [(item.severity, dict(item.facts)) for item in plan.findings if item.code == "QT225"]


def without_rule(rulebook: RuleBook, identifier: str) -> RuleBook:
    table = rulebook.grading
    assert table is not None
    rules = tuple(rule for rule in table.rules if rule.identifier != identifier)
    return replace(rulebook, grading=replace(table, rules=rules))


def after(memory: Memory, plan: Plan) -> Memory:
    return memory.with_facts(plan.facts)


def test_a_table_is_told_in_all_rounds_of_the_run_that_finds_it_changed_and_never_again() -> None:
    row = ASSESSED | {"severity": 5, "workaround": "no", "safety": "no"}
    first, left = make_plan(Situation(register_of(row), standard_rules(), memory_of(), NOW))
    register = left.register
    memory = after(memory_of(), first)
    assert told(first) == []
    assert told(make_plan(Situation(register, standard_rules(), memory, NOW))[0]) == []
    changed = without_rule(without_rule(standard_rules(), "3"), "4")
    second, left = make_plan(Situation(register, changed, memory, LATER))
    graded = left.register
    said = (Severity.WARNING, {"sheet": "分级规则", "column": "suggested_level", "count": 1})
    assert told(second) == [said]
    memory = after(memory, second)
    assert told(make_plan(Situation(graded, changed, memory, LATER))[0]) == [said]
    assert told(make_plan(Situation(graded, changed, memory, LATER + dt.timedelta(days=1)))[0]) == []


def test_a_changed_table_that_decides_the_same_of_the_rows_there_are_is_a_note() -> None:
    first, left = make_plan(Situation(register_of(ASSESSED), standard_rules(), memory_of(), NOW))
    register = left.register
    second, _ = make_plan(Situation(register, without_rule(standard_rules(), "11"), after(memory_of(), first), LATER))
    assert [severity for severity, _ in told(second)] == [Severity.INFO]


def test_numbers_and_notes_of_rules_are_no_change() -> None:
    first, left = make_plan(Situation(register_of(ASSESSED), standard_rules(), memory_of(), NOW))
    register = left.register
    table = standard_rules().grading
    assert table is not None
    renumbered = tuple(replace(rule, identifier=f"R{rule.identifier}", notes=("neu",)) for rule in table.rules)
    rulebook = replace(standard_rules(), grading=replace(table, rules=renumbered))
    second, _ = make_plan(Situation(register, rulebook, after(memory_of(), first), LATER))
    assert told(second) == []


def test_a_broken_table_is_told_by_the_reader_and_a_mended_one_is_the_old_one() -> None:
    first, left = make_plan(Situation(register_of(ASSESSED), standard_rules(), memory_of(), NOW))
    register = left.register
    memory = after(memory_of(), first)
    broken, _ = make_plan(Situation(register, replace(standard_rules(), grading=None), memory, LATER))
    mended, _ = make_plan(Situation(register, standard_rules(), after(memory, broken), LATER + dt.timedelta(days=1)))
    assert (told(broken), told(mended)) == ([], [])
