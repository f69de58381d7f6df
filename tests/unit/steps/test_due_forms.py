"""Who verifies is asked once a solution is implemented (M12), with the form for it; and anew after each failure."""

from __future__ import annotations

import datetime as dt

import pytest
from registers import ASSESSED, NOW, Row, memory_of, register_of, rules_with, sent

from qtemplate.plan import Plan
from qtemplate.plan.keys import FormKey
from qtemplate.rules.situation import Situation
from qtemplate.rules.steps.due_forms import due_forms

ID = "QF-2026-0001"
DONE = ASSESSED | {"level": "normal", "owner": "孙浩", "solution": "改用锁扣端子",
                   "implemented_at": dt.datetime(2026, 7, 14)}  # fmt: skip
FAILED = {"verifier": "何军", "verify_result": "failed", "verified_at": dt.datetime(2026, 7, 13, 10)}
FORM = FormKey.parse(f"verification/{ID}/1")


def due(row: Row, made: frozenset[FormKey] = frozenset(), mailed: tuple[str, ...] = (), **rules: object) -> Plan:
    memory = memory_of({}, made=made, sent=sent(*mailed))
    return due_forms(Situation(register_of(row), rules_with(**rules), memory, NOW))


def asked(plan: Plan) -> list[tuple[str, str, tuple[str, ...]]]:
    """Key, reader and forms of each mail."""
    return [(mail.key, mail.to[0].name, mail.forms) for mail in plan.messages]


def test_who_verifies_is_asked_once_with_the_form_and_the_quality_lead_while_nobody_is_named() -> None:
    plan = due(DONE)
    [form] = plan.forms
    assert (form.key, form.facts["cells"]["l_people"][:2]) == (FORM, ["林静", "周敏"])
    assert asked(plan) == [(f"M12/{ID}/1/first/周敏", "周敏", (FORM,))]
    assert plan.messages[0].facts["verifier"] == ""
    assert due(DONE, frozenset({FORM}), (f"M12/{ID}/1/first/周敏",)) == Plan()
    named = due(DONE | {"verifier": "何军"}, frozenset({FORM}), (f"M12/{ID}/1/first/周敏",))
    assert (asked(named), named.forms) == ([(f"M12/{ID}/1/first/何军", "何军", (FORM,))], ())
    assert [to for _, to, _ in asked(due(DONE | {"verifier": "孙浩"}))] == ["周敏"]  # it is the owner


def test_after_a_failure_the_verifier_is_asked_anew_with_another_form_that_does_not_say_what_the_first_said() -> None:
    assert due(DONE | FAILED | {"verified_at": NOW}) == Plan()  # nothing was implemented since
    plan = due(DONE | FAILED, frozenset({FORM}), (f"M12/{ID}/1/first/何军",))
    again = FORM.asking(["2026-07-13T10:00"])
    assert asked(plan) == [(f"M12/{ID}/1/2026-07-13T10:00/何军", "何军", (again,))]
    assert plan.messages[0].facts["verify"]["result"] == "不通过"
    [form] = plan.forms
    assert (form.key, form.facts["base"]["verify_result"]) == (again, "failed")
    assert form.facts["cells"].keys() & {"f_verify_result", "f_verified_at", "f_verifier"} == {"f_verifier"}


@pytest.mark.parametrize(
    "change",
    [
        {"implemented_at": None},
        {"implemented_at": dt.datetime(2026, 6, 30)},
        {"level": "minor"},
        {"verify_result": "passed", "verifier": "何军", "verified_at": dt.datetime(2026, 7, 15)},
        {"authenticity": "misuse"},
        {"closed_at": NOW},
        {"master": "QF-2026-0009"},
    ],
)
def test_nothing_else_does(change: Row) -> None:
    assert due(DONE | change) == Plan()


def test_a_workbook_without_the_log_of_verifications_gets_no_form() -> None:
    plan = due(DONE, unread=frozenset({"verifications"}))
    assert (plan.forms, asked(plan)) == ((), [(f"M12/{ID}/1/first/周敏", "周敏", ())])
