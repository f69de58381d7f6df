"""Who wins in a cell: P, A, S and PA columns typed over, overruled, emptied and put back (cases/ownership.toml)."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from registers import NOW, WHOLE, cells, codes, column_of, memory_of, register_of, standard_rules
from where import TABLES

from qtemplate.fields import FIELDS
from qtemplate.plan import Phrase
from qtemplate.rules import make_plan
from qtemplate.rules.propose import older_copies, propose
from qtemplate.rules.situation import Situation

CASES = tomllib.loads((TABLES / "ownership.toml").read_text("utf-8"))["case"]
ID = "QF-2026-0001"


def known(value: Any) -> Any:
    return None if value == "" else value


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_cell_ends_as_its_case_says(case: dict[str, Any]) -> None:
    field = FIELDS[case["field"]]
    then, now = {"clock": "正常", "priority": "P3"}, {"clock": "超时：答复", "priority": "P2"}
    row = {field: known(case["cell"])} | (then if case.get("as_then") else now)
    former = {ID: ({str(field): known(case["former"])} | then,)} if "former" in case else {}
    written = None if case.get("fresh") else {ID: {str(field): known(case["written"])} | now}
    register = register_of(row)
    memory = older_copies(register, memory_of(written, former=former))
    values = column_of(field, [known(case["value"])], register.frame.index)
    situation = Situation(register, standard_rules(), memory, NOW)
    plan = propose(situation, field, values.to_numpy(), Phrase("because.rules"))
    assert cells(plan).get(str(field), known(case["cell"])) == known(case["after"])
    assert codes(plan) == case["codes"]


def test_a_persons_column_is_never_written_whatever_is_wrong_with_it() -> None:
    row = WHOLE | {"title": "坏", "description": "坏了", "product": "电饭锅", "severity": 9, "verifier": "没有此人"}
    plan, _ = make_plan(Situation(register_of(row), standard_rules(), memory_of(), NOW))
    assert {edit.field for edit in plan.edits if FIELDS[edit.field].filler == "P"} == set()
    assert {"QT120", "QT121", "QT125", "QT127", "QT143"} <= set(codes(plan))


def test_what_nobody_can_read_in_a_suggested_column_stays() -> None:
    register = register_of(WHOLE | {"status": None}, wrong={(4, "status"): "差不多了"})
    plan, _ = make_plan(Situation(register, standard_rules(), memory_of(), NOW))
    assert "status" not in cells(plan)


def test_what_nobody_can_read_in_a_program_column_is_put_right() -> None:
    register = register_of(WHOLE, wrong={(4, "respond_by"): "尽快"})
    plan, _ = make_plan(Situation(register, standard_rules(), memory_of(), NOW))
    edit = next(edit for edit in plan.edits if edit.field == "respond_by")
    assert (edit.before, edit.after) == ("尽快", NOW.replace(day=16, hour=9, minute=30))


def test_a_second_plan_from_the_same_memory_is_empty() -> None:
    register = register_of(WHOLE, WHOLE | {"severity": 4})
    plan, left = make_plan(Situation(register, standard_rules(), memory_of(), NOW))
    after = left.register
    facts = {(fact.id, fact.name): fact.value for fact in plan.facts}
    sent = {message.key: None for message in plan.messages}
    again, _ = make_plan(Situation(after, standard_rules(), memory_of({}, facts=facts), NOW))
    assert again.edits == ()
    assert {message.key for message in again.messages} == set(sent)
