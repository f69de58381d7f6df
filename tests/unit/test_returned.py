"""What forms that came back say: merged three ways, line by line into the logs, and what people decide."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from registers import ASSESSED, NOW, cells, codes, memory_of, register_of, rules_with

from qtemplate.plan import FactName, Plan
from qtemplate.register import CellRef
from qtemplate.rules.forms.requests import base_text
from qtemplate.rules.returned.decisions import carry_out
from qtemplate.rules.returned.take import take_answers
from qtemplate.rules.rulebook import LogRow, RuleBook
from qtemplate.rules.situation import Situation

ID = "QF-2026-0001"
AT, AUGUST = dt.datetime(2026, 7, 16, 9), dt.datetime(2026, 8, 3)
HANDED = ASSESSED | {"level": "major", "department": "生产部", "owner": "孙浩", "transferred_at": NOW}
LONG = "端子没有锁扣，运输振动后松脱。" * 20


def why(at: dt.datetime = AT, **changes: Any) -> dict[str, Any]:
    """A 5-Why page that came back."""
    return {
        "form": f"why/{ID}/1/孙浩",
        "file": "回复.xlsx",
        "mark": "form:1f2e",
        "at": at.isoformat(),
        "was": {},
    } | changes


def taken(row: dict[str, Any], *given: dict[str, Any], **rules: Any) -> Plan:
    memory = memory_of({ID: {}}, facts={(ID, FactName.FORM_ANSWERS): list(given)})
    return take_answers(Situation(register_of(row), rules_with(**rules), memory, NOW))


def notes(plan: Plan) -> list[str]:
    """What who sent a form is told of it, apart from what it says."""
    return [note for fact in plan.facts if fact.name.startswith("form_told:") for note in fact.value["notes"]]


@pytest.mark.parametrize(
    ("was", "held", "said", "becomes"),
    [
        ("", None, "排线松脱", "排线松脱"),
        ("旧原因", "旧原因", "排线松脱", "排线松脱"),  # the register is as it was
        ("旧原因", None, "排线松脱", "排线松脱"),  # somebody emptied it
        ("旧原因", "别的原因", "旧原因", "stays"),  # the form says what it said when it left
        ("", "排线松脱", "排线松脱", "stays"),  # both say so
        ("旧原因", "别的原因", "", "stays"),  # nothing was answered
        ("", "别的原因", "排线松脱", "asked"),
        ("旧原因", "别的原因", "排线松脱", "asked"),
        (None, "旧原因", "排线松脱", "asked"),  # nobody knows what it was when the form left
        (None, None, "排线松脱", "排线松脱"),
    ],
)
def test_an_answer_goes_in_where_the_cell_is_as_it_was_and_else_a_person_is_asked(
    was: str | None, held: str | None, said: str, becomes: str
) -> None:
    base = None if was is None else {"root_cause": was}
    plan = taken(HANDED | {"root_cause": held}, why(was=base, root_cause=said))
    asked = [row for row in plan.rows if row.sheet == "decisions"]
    assert cells(plan) == ({} if becomes in ("stays", "asked") else {"root_cause": becomes})
    assert codes(plan) == (["QT623"] if becomes == "asked" else [])
    assert [dict(row.values) for row in asked] == [
        {"id": ID, "field": "根本原因", "register": held, "said": said, "decide": None, "settled": None,
         "round": "1", "who": "孙浩", "at": AT, "form": "5-Why分析"}
    ] * (becomes == "asked")  # fmt: skip


def test_that_nobody_had_answered_gives_way_to_an_answer_that_comes_late() -> None:
    late = why(form=f"follow_up/{ID}/1", was={"confirmation": ""}, confirmation="未解决")
    plan = taken(HANDED | {"confirmation": "silent"}, late)
    assert (cells(plan), codes(plan)) == ({"confirmation": "not_solved"}, [])
    heard = taken(HANDED | {"confirmation": "solved"}, late)
    assert (cells(heard), codes(heard)) == ({}, ["QT623"])


def test_a_long_text_is_known_again_though_the_form_carries_but_its_digest() -> None:
    plan = taken(HANDED | {"root_cause": LONG}, why(was={"root_cause": base_text(LONG)}, root_cause="排线松脱"))
    assert cells(plan) == {"root_cause": "排线松脱"}
    same = taken(HANDED | {"root_cause": "别的"}, why(was={"root_cause": base_text(LONG)}, root_cause=LONG))
    assert (cells(same), codes(same)) == ({}, [])


def test_two_people_who_answer_differently_are_not_played_off_against_each_other() -> None:
    later = why(at=AT + dt.timedelta(hours=1), mark="form:2a", root_cause="焊点开裂")
    plan = taken(HANDED, later, why(root_cause="排线松脱"))
    assert cells(plan) == {"root_cause": "排线松脱"}
    assert [row.values["said"] for row in plan.rows if row.sheet == "decisions"] == ["焊点开裂"]


def test_who_sends_a_form_once_more_by_mail_corrects_it_and_nobody_else_does() -> None:
    first = why(root_cause="排线松脱", sender="sun@example.com")
    again = why(AT + dt.timedelta(days=1), mark="form:2a", root_cause="端子没有锁扣", sender="sun@example.com")
    plan = taken(HANDED, first, again)
    assert (cells(plan), codes(plan)) == ({"root_cause": "端子没有锁扣"}, [])
    assert [str(row.values["who"]) for row in plan.rows if row.sheet == "contacts"] == ["孙浩", "孙浩"]
    another = taken(HANDED, first, again | {"sender": "zhao@example.com"})
    assert (cells(another), codes(another)) == ({"root_cause": "排线松脱"}, ["QT623"])


def test_what_a_column_cannot_hold_stays_out_and_is_told_with_what_is_open() -> None:
    given = why(root_cause="排线松脱", cause_code="天气", wrong={"planned_at": "下周", "actions.2.due": "月底"})
    plan = taken(HANDED, given)
    assert (cells(plan), codes(plan)) == ({"root_cause": "排线松脱"}, ["QT632"])
    unfit, unread, still = notes(plan)
    assert "原因分类" in unfit and "天气" in unfit
    assert "计划完成：下周" in unread and "措施 2 计划日期：月底" in unread
    assert "解决方案" in still and "为什么会发生" in still and "计划完成" not in still


def test_a_workbook_without_the_sheet_gets_the_finding_alone() -> None:
    plan = taken(HANDED | {"root_cause": "别的原因"}, why(root_cause="排线松脱"), unread=frozenset({"decisions"}))
    assert (codes(plan), [row.sheet for row in plan.rows]) == (["QT623"], ["contacts"])


def test_a_form_of_an_earlier_owner_is_noted_and_fills_neither_register_nor_logs() -> None:
    plan = taken(HANDED | {"owner": "赵刚"}, why(root_cause="排线松脱", tables={"actions": [{"text": "换端子"}]}))
    assert (cells(plan), codes(plan), [row.sheet for row in plan.rows]) == ({}, ["QT622"], ["contacts"])


# ---- lines of tables -------------------------------------------------------------------------------------------------

ACTION = {"text": "更换端子", "owner": "孙浩", "due": "2026-07-20", "done": ""}


def test_the_same_line_from_two_files_is_one_row() -> None:
    plan = taken(HANDED, why(tables={"actions": [ACTION, ACTION]}), why(mark="form:2a", tables={"actions": [ACTION]}))
    assert [row.values["text"] for row in plan.rows if row.sheet == "actions"] == ["更换端子"]


def test_a_form_that_comes_again_adds_what_is_new_and_fills_in_what_was_open() -> None:
    there = LogRow(ID, {"kind": "corrective", "text": "更换端子", "owner": "孙浩", "due": dt.date(2026, 7, 20),
                        "done": None, "evidence": "照片", "effect": None}, 4)  # fmt: skip
    again = [ACTION | {"done": "2026-07-21"}, ACTION | {"text": "终检加振动"}]
    plan = taken(HANDED, why(tables={"actions": again}), logs={"actions": (there,)})
    assert [(cell.row, cell.column, cell.after) for cell in plan.cells] == [(4, "done", dt.datetime(2026, 7, 21))]
    assert [row.values["text"] for row in plan.rows if row.sheet == "actions"] == ["终检加振动"]


def test_an_8d_with_all_actions_done_says_when_it_was_implemented_and_what_was_chosen() -> None:
    tables = {
        "actions": [ACTION | {"done": "2026-07-21"}, ACTION | {"text": "终检", "done": "2026-07-25"}],
        "options": [{"option": "打胶", "chosen": "no"}, {"option": "换端子", "chosen": "yes"}],
        "documents": [{"document": "FMEA", "changed": "na", "revision": "不涉及", "done": ""}],
    }
    plan = taken(HANDED, why(form=f"8d/{ID}/1/孙浩", tables=tables))
    assert cells(plan) == {"solution": "换端子", "implemented_at": dt.datetime(2026, 7, 25)}
    [contact] = [row for row in plan.rows if row.sheet == "contacts"]
    assert "文件更新：FMEA／不适用／不涉及" in contact.values["summary"]
    assert [row.sheet for row in plan.rows if row.sheet == "actions"] == ["actions", "actions"]


def test_a_5_why_says_when_it_was_implemented_and_what_to_tell_the_reporter() -> None:
    tables = {"actions": [ACTION | {"done": "2026-07-21"}, ACTION | {"text": "终检", "done": "2026-07-20"}]}
    plan = taken(HANDED, why(tables=tables, reply_type="已解决", cause_for_reporter="端子松动"))
    assert cells(plan) == {
        "implemented_at": dt.datetime(2026, 7, 21), "reply_type": "solved", "cause_for_reporter": "端子松动",
    }  # fmt: skip


# ---- what people decide ----------------------------------------------------------------------------------------------


def decisions(*rows: dict[str, Any]) -> RuleBook:
    asked = {"id": ID, "field": "根本原因", "register": "别的原因", "said": "排线松脱", "decide": None, "settled": None}
    made = []
    for at, row in enumerate(rows, 4):
        values = asked | row
        made.append(LogRow(str(values["id"]), values, at, CellRef("待裁决", at, 1)))
    return rules_with(logs={"decisions": tuple(made)})


@pytest.mark.parametrize(
    ("row", "cell", "found", "settled"),
    [
        ({}, {}, ["QT630"], False),
        ({"decide": "keep"}, {}, [], True),
        ({"decide": "take"}, {"root_cause": "排线松脱"}, [], True),
        ({"decide": "take", "settled": NOW}, {}, [], False),
        ({"decide": "take", "field": "Root cause"}, {"root_cause": "排线松脱"}, [], True),
        ({"decide": "take", "field": "原因分类", "said": "设计"}, {"cause_code": "design"}, [], True),
        (
            {"decide": "take", "field": "计划完成", "said": "2026-08-03"},
            {"planned_at": dt.datetime(2026, 8, 3)},
            [],
            True,
        ),
        ({"decide": "take", "field": "原因分类", "said": "天气"}, {}, ["QT631"], False),
        ({"decide": "take", "field": "反馈编号", "said": "QF-1"}, {}, ["QT631"], False),
        ({"decide": "take", "field": "颜色"}, {}, ["QT631"], False),
        ({"decide": "take", "id": "QF-2026-0099"}, {}, ["QT631"], False),
        ({"decide": "keep", "id": "QF-2026-0099"}, {}, [], True),
    ],
)
def test_a_decision_is_carried_out_once_and_one_that_waits_is_told(
    row: dict[str, Any], cell: dict[str, Any], found: list[str], settled: bool
) -> None:
    register = register_of(HANDED | {"root_cause": "别的原因"})
    plan = carry_out(Situation(register, decisions(row), memory_of({ID: {}}), NOW))
    assert (cells(plan), codes(plan)) == (cell, found)
    assert [(each.sheet, each.row, each.column, each.after) for each in plan.cells] == (
        [("decisions", 4, "settled", NOW)] if settled else []
    )


def test_the_last_decision_about_a_cell_holds() -> None:
    both = decisions({"decide": "take"}, {"decide": "take", "said": "焊点开裂"})
    plan = carry_out(Situation(register_of(HANDED), both, memory_of({ID: {}}), NOW))
    assert [edit.after for edit in plan.edits] == ["排线松脱", "焊点开裂"]
