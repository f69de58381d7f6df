"""Ids: new rows, copied rows, ids never given twice, ids that come back."""

from __future__ import annotations

import datetime as dt
import sys

import pytest
from registers import ASSESSED, FIRST_ROW, NOW, WHOLE, cells, codes, keys, memory_of, register_of, standard_rules

from qtemplate.plan import Remember
from qtemplate.rules import make_plan
from qtemplate.rules.situation import Situation
from qtemplate.rules.steps.number import number

SECOND = FIRST_ROW + 1


def test_new_rows_get_the_next_numbers_of_the_year_they_were_received_in() -> None:
    rows = [WHOLE, WHOLE | {"id": None}, WHOLE | {"id": None, "received_at": dt.datetime(2025, 12, 31, 9)}]
    plan = number(Situation(register_of(*rows), standard_rules(), memory_of(), NOW))
    assert [(edit.row, edit.after) for edit in plan.edits] == [(5, "QF-2026-0002"), (6, "QF-2025-0001")]


@pytest.mark.parametrize("received", [None, dt.datetime(9999, 12, 31), dt.datetime(2027, 1, 1)])
def test_a_year_that_is_missing_or_still_to_come_is_that_of_the_run(received: dt.datetime | None) -> None:
    row = WHOLE | {"id": None, "received_at": received}
    plan = number(Situation(register_of(row), standard_rules(), memory_of(), NOW))
    assert [edit.after for edit in plan.edits] == ["QF-2026-0001"]


def test_a_number_is_never_given_again_after_its_row_was_deleted() -> None:
    memory = memory_of({}, serials={2026: 41})
    plan = number(Situation(register_of(WHOLE | {"id": None}), standard_rules(), memory, NOW))
    assert [edit.after for edit in plan.edits] == ["QF-2026-0042"]


def test_numbers_grow_beyond_four_digits() -> None:
    plan = number(
        Situation(register_of(WHOLE | {"id": None}), standard_rules(), memory_of({}, serials={2026: 9999}), NOW)
    )
    assert [edit.after for edit in plan.edits] == ["QF-2026-10000"]


def test_another_prefix_is_kept() -> None:
    register = register_of(WHOLE | {"id": "KS-2026-0007"}, WHOLE | {"id": None}, id_prefix="KS")
    plan = number(Situation(register, standard_rules(), memory_of(), NOW))
    assert [edit.after for edit in plan.edits] == ["KS-2026-0008"]


COPIED = ASSESSED | {"id": "QF-2026-0001", "level": "major", "suggested_level": "major", "transferred_at": NOW}


def test_a_copied_row_gets_its_own_id_and_its_program_cells_anew() -> None:
    plan, left = make_plan(Situation(register_of(COPIED, COPIED), standard_rules(), memory_of(), NOW))
    after = left.register
    assert (after.value(FIRST_ROW, "id"), after.value(SECOND, "id")) == ("QF-2026-0001", "QF-2026-0002")
    assert (after.value(SECOND, "transferred_at"), after.value(SECOND, "suggested_level")) == (None, "major")
    assert [item.id for item in plan.findings if item.code == "QT140"] == ["QF-2026-0002"]
    assert [key for key in keys(plan) if "QF-2026-0002" in key] == []


def test_a_copied_row_is_mailed_about_from_the_next_run_on() -> None:
    plan, left = make_plan(Situation(register_of(COPIED, COPIED), standard_rules(), memory_of(), NOW))
    after = left.register
    facts = {(fact.id, fact.name): fact.value for fact in plan.facts}
    same, _ = make_plan(Situation(after, standard_rules(), memory_of({}, facts=facts), NOW))
    assert [key for key in keys(same) if "QF-2026-0002" in key] == []
    later, _ = make_plan(Situation(after, standard_rules(), memory_of({}, facts=facts), NOW + dt.timedelta(days=1)))
    assert [key for key in keys(later) if "QF-2026-0002" in key] == [
        "M01/QF-2026-0002",
        "M03/QF-2026-0002/1/生产部/孙浩",
    ]


def test_what_a_person_wrote_into_the_copy_since_stays() -> None:
    copy = COPIED | {"level": "normal", "channel_ref": "B-2"}
    _, left = make_plan(
        Situation(register_of(COPIED | {"channel_ref": "A-1"}, copy), standard_rules(), memory_of(), NOW)
    )
    after = left.register
    assert (after.value(SECOND, "level"), after.value(SECOND, "channel_ref")) == ("normal", "B-2")


def test_a_row_that_lost_its_id_gets_it_back() -> None:
    plan = number(Situation(register_of(WHOLE | {"id": None}), standard_rules(), memory_of(), NOW))
    facts = {(fact.id, fact.name): fact.value for fact in plan.facts}
    memory = memory_of({}, facts=facts, serials={2026: 1})
    back = number(Situation(register_of(WHOLE | {"id": None}), standard_rules(), memory, NOW))
    assert [(edit.after, edit.because.key) for edit in back.edits] == [("QF-2026-0001", "because.id_back")]
    typed = number(Situation(register_of(WHOLE | {"id": "第一条"}), standard_rules(), memory, NOW))
    assert (cells(typed), codes(typed)) == ({"id": "QF-2026-0001"}, ["QT141"])
    other = number(Situation(register_of(WHOLE | {"id": None, "reporter": "李四"}), standard_rules(), memory, NOW))
    assert cells(other) == {"id": "QF-2026-0002"}


def test_an_import_of_very_many_rows_is_not_kept_in_mind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["qtemplate.rules.steps.number"], "MOST_KEPT", 2)
    three = register_of(*(WHOLE | {"id": None, "reporter": name} for name in "甲乙丙"))
    assert number(Situation(three, standard_rules(), memory_of(), NOW)).facts == ()
    one = register_of(WHOLE | {"id": None})
    kept = {(f"QF-2026-000{n}", "numbered"): "x" for n in (1, 2)}
    facts = number(Situation(one, standard_rules(), memory_of({}, facts=kept, serials={2026: 2}), NOW)).facts
    assert facts[0] == Remember("QF-2026-0001", "numbered", None)
    assert (facts[1].id, facts[1].name) == ("QF-2026-0003", "numbered")
