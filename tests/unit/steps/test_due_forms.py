"""Forms that are due without a mail of their own: the verification."""

from __future__ import annotations

import datetime as dt

import pytest
from registers import ASSESSED, NOW, Row, memory_of, register_of, rules_with

from qtemplate.plan import Plan
from qtemplate.rules.situation import Situation
from qtemplate.rules.steps.due_forms import due_forms

ID = "QF-2026-0001"
DONE = ASSESSED | {"level": "normal", "owner": "孙浩", "solution": "改用锁扣端子",
                   "implemented_at": dt.datetime(2026, 7, 14)}  # fmt: skip


def due(row: Row, made: frozenset[str] = frozenset(), **rules: object) -> Plan:
    return due_forms(Situation(register_of(row), rules_with(**rules), memory_of({}, made=made), NOW))


def test_what_is_implemented_gets_a_verification_report_once() -> None:
    [form] = due(DONE).forms
    assert (form.key, form.facts["cells"]["l_people"][:2]) == (f"verification/{ID}/1", ["林静", "周敏"])
    assert due(DONE, frozenset({form.key})) == Plan()


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


def test_a_workbook_without_the_log_of_verifications_gets_none() -> None:
    assert due(DONE, unread=frozenset({"verifications"})) == Plan()
