"""关闭条件: gates ask for content, people switch them, a low satisfaction goes to the quality lead at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from registers import NOW, cells, memory_of, people_rows, register_of, rules_with, standard_rules
from test_state import DONE

from qtemplate.choices import Gate, Level
from qtemplate.fields import Field
from qtemplate.ooxml.references import column_name
from qtemplate.plan import Phrase, Plan
from qtemplate.rules import make_plan
from qtemplate.rules.around.unknown_columns import NEEDS, rests
from qtemplate.rules.rulebook import DEFAULT_GATES, RuleBook
from qtemplate.rules.situation import Situation
from qtemplate.rules.steps.gates import ASKS_FOR
from qtemplate.rules.steps.state import state
from qtemplate.sheets import edit_cells, open_book, read_rulebook
from qtemplate.sheets.layout import HEADER_ROW
from qtemplate.sheets.standard import build_workbook

URGENT = DONE | {"level": "urgent", "suggested_level": "urgent"}


def closing(row: dict[str, Any], rules: RuleBook | None = None) -> tuple[Plan, tuple[Phrase, ...]]:
    plan = state(Situation(register_of(row), rules or standard_rules(), memory_of(), NOW))
    lacking = [dict(item.facts)["lacking"] for item in plan.findings if item.code == "QT820"]
    return plan, lacking[0] if lacking else ()


@pytest.mark.parametrize(
    ("row", "lacks"),
    [
        ({"root_cause": "操作失误。"}, "gate.cause"),
        ({"root_cause": "Operator error"}, "gate.cause"),
        ({"root_cause": "Human error, negligence"}, "gate.cause"),
        ({"root_cause": "操作失误、责任心不强"}, "gate.cause"),
        ({"satisfaction": 1}, "gate.asked"),
        ({"verifier": "孙浩"}, "gate.verified"),
        ({"close_type": "unreachable"}, "gate.attempt"),
    ],
)
def test_a_gate_asks_for_content(row: dict[str, Any], lacks: str) -> None:
    plan, lacking = closing(URGENT | row)
    assert (lacking, "closed_at" in cells(plan)) == ((Phrase(lacks),), False)


HAZARD = URGENT | {"safety": "yes"}


@pytest.mark.parametrize("way", ["solved", "explained", "improvement", "merged", "unreachable"])
@pytest.mark.parametrize("more", [{}, {"reportable": "yes"}, {"reportable": "no"}, {"reportable": "pending"}])
def test_a_safety_hazard_is_reported_or_somebody_says_why_not(more: dict[str, Any], way: str) -> None:
    assert Phrase("gate.reported") in closing(HAZARD | more | {"close_type": way})[1]


@pytest.mark.parametrize("more", [{"reported_at": NOW}, {"reportable": "no", "report_reason": "已由厂家上报"}])
def test_a_safety_hazard_that_was_reported_or_decided_closes(more: dict[str, Any]) -> None:
    assert closing(HAZARD | more)[1] == ()


def test_no_switch_and_no_level_excuses_a_hazard_but_a_register_without_its_columns_is_asked_for_nothing() -> None:
    nothing = rules_with(gates={})
    for level in Level:
        assert closing(HAZARD | {"level": level.value}, nothing)[1] == (Phrase("gate.reported"),)
    asked = (Field.REPORTABLE, Field.REPORTED_AT, Field.REPORT_REASON)
    register = register_of(HAZARD)
    places = {key: at for key, at in register.columns.items() if key not in asked}
    without = Situation(replace(register, columns=places), nothing, memory_of(), NOW)
    assert "closed_at" in cells(state(without))
    gone = [Situation(register, nothing, memory_of(unknown={field.value: ""}), NOW) for field in asked]
    assert [rests("state", situation) for situation in gone] == [True, True, True]


def test_people_edit_the_words_that_are_no_cause(tmp_path: Path) -> None:
    file = tmp_path / "register.xlsx"
    file.write_bytes(build_workbook("zh", people=people_rows()))
    headers = open_book(file).sheet("数据字典").to_python(skip_empty_area=False)[HEADER_ROW - 1]
    letter = column_name(headers.index("末级原因") + 1)
    edit_cells(file, file, "数据字典", {f"{letter}{HEADER_ROW + 1}": "手滑"})  # was 操作失误
    rules = rules_with(lists=read_rulebook(open_book(file)).lists)
    asked = [closing(URGENT | {"root_cause": cause}, rules)[1] for cause in ("手滑", "操作失误", "粗心")]
    assert asked == [(Phrase("gate.cause"),), (), (Phrase("gate.cause"),)]
    old = {name: values for name, values in rules.lists.items() if name != "末级原因"}
    assert closing(URGENT | {"root_cause": "操作失误"}, rules_with(lists=old))[1] == (Phrase("gate.cause"),)


def test_a_low_satisfaction_closes_once_the_quality_lead_has_decided() -> None:
    assert closing(URGENT | {"satisfaction": 1, "low_score_review": "已上门换新"})[1] == ()


def test_a_low_satisfaction_is_told_to_the_quality_lead_at_once_and_not_thanked_for() -> None:
    row = URGENT | {"satisfaction": 1}
    plan, _ = make_plan(Situation(register_of(row), standard_rules(), memory_of({}), NOW))
    alone = [(mail.to[0].name, mail.facts["sections"][0]["key"]) for mail in plan.messages if "low_score" in mail.key]
    assert alone == [("周敏", "low_score")]
    assert not [mail for mail in plan.messages if mail.kind == "M21"]


def test_the_watch_date_is_suggested_once_a_way_of_closing_is_chosen() -> None:
    plan, lacking = closing(URGENT | {"root_cause": None})
    assert (lacking, cells(plan)["watch_until"].date().isoformat()) == ((Phrase("gate.cause"),), "2027-01-11")


def test_a_gate_that_people_switch_off_is_not_asked_and_told(tmp_path: Path) -> None:
    file = tmp_path / "register.xlsx"
    file.write_bytes(build_workbook("zh", people=people_rows()))
    assert read_rulebook(open_book(file)).gates == DEFAULT_GATES
    edit_cells(file, file, "关闭条件", {"B8": None, "E8": "是", "C8": "也许"})  # 根本原因
    rules = read_rulebook(open_book(file))
    assert rules.gates[Gate.CAUSE] == frozenset(Level) - {Level.URGENT}
    told = [(item.code, str(item.where)) for item in rules.findings if item.where and item.where.sheet == "关闭条件"]
    assert told == [("QT202", "关闭条件!C8"), ("QT361", "关闭条件!A8")]
    assert closing(URGENT | {"root_cause": None}, rules_with(gates=rules.gates))[1] == ()


def test_nothing_closes_while_a_column_that_a_condition_asks_for_is_out_of_sight() -> None:
    asked = {field for fields in ASKS_FOR.values() for field in fields} | {Field.SATISFACTION, Field.LOW_SCORE_REVIEW}
    assert asked - NEEDS["state"] == set()
