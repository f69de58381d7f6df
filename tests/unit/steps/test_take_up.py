"""What delivery and returned forms have changed, worked into the row: acceptance, hand-backs, planned dates."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from registers import ASSESSED, NOW, cells, codes, memory_of, register_of, sent, standard_rules

from qtemplate.plan import FactName, Memory, Plan
from qtemplate.register import Register
from qtemplate.rules.situation import Situation
from qtemplate.rules.steps.take_up import take_up

ID = "QF-2026-0001"
TRANSFER = f"M03/{ID}/1/研发部/陈晨"
HANDED = ASSESSED | {"level": "major", "department": "研发部", "owner": "陈晨", "transferred_at": NOW}
ACCEPTED_AT = dt.datetime(2026, 7, 16, 9)


def answer(**changes: Any) -> dict[str, Any]:
    """A returned form as it is remembered until the next run."""
    given = {
        "form": TRANSFER.replace("M03/", "transfer/"),
        "file": "回复.xlsx",
        "at": ACCEPTED_AT.isoformat(),
        "decision": "accept",
        "planned_at": "",
        "was": {},
        "reason": "",
        "note": "",
    }
    return given | changes


def taken(row: dict[str, Any], *answers: dict[str, Any], **facts: Any) -> tuple[Plan, Register, Memory]:
    register = register_of(row)
    known = {(ID, name): value for name, value in facts.items()}
    if answers:
        known[ID, FactName.FORM_ANSWERS] = list(answers)
    written = {ID: {"transferred_at": row.get("transferred_at"), "accepted_at": row.get("accepted_at")}}
    memory = memory_of(written, sent=sent(TRANSFER), facts=known)
    return take_up(Situation(register, standard_rules(), memory, NOW)), register, memory


def remembered(plan: Plan) -> dict[str, Any]:
    return {fact.name: fact.value for fact in plan.facts}


def test_an_acceptance_fills_the_time_and_is_forgotten_as_an_answer() -> None:
    plan, _, _ = taken(HANDED, answer())
    assert cells(plan) == {"accepted_at": ACCEPTED_AT}
    assert remembered(plan) == {"accepted_at": ACCEPTED_AT.isoformat(), FactName.FORM_ANSWERS: None}


def test_a_transfer_form_that_comes_once_more_says_what_was_done_and_stays_accepted_when_it_was() -> None:
    known = {"accepted_at": ACCEPTED_AT.isoformat()}
    done = {"solution": "亮度调高一档", "implemented_at": "2026-07-15", "reply_type": "已解决"}
    later = answer(at=(ACCEPTED_AT + dt.timedelta(days=1)).isoformat(), **done)
    plan, _, _ = taken(HANDED | {"accepted_at": ACCEPTED_AT}, later, **known)
    assert cells(plan) == {
        "solution": "亮度调高一档", "implemented_at": dt.datetime(2026, 7, 15), "reply_type": "solved",
    }  # fmt: skip
    [contact] = plan.rows
    said = contact.values["summary"]
    assert said.endswith("解决方案：亮度调高一档；实施完成：2026-07-15；答复类型：已解决"), said


def test_the_acceptance_of_a_new_cycle_replaces_that_of_the_earlier_one() -> None:
    row = HANDED | {"accepted_at": dt.datetime(2026, 6, 1, 9)}
    again = answer(form=f"transfer/{ID}/2/研发部/陈晨")
    plan, _, _ = taken(row, again, cycle=2, reopened_at="2026-07-10T08:00:00")
    assert cells(plan) == {"accepted_at": ACCEPTED_AT}


@pytest.mark.parametrize(
    ("changes", "held", "notes"),
    [
        ({}, None, []),
        (
            {"planned_at": "2026-07-30"},
            "2026-08-08",
            ["“计划完成”在登记表中已另填为 2026-08-08"],
        ),
        ({"form": f"transfer/{ID}/1/生产部/孙浩"}, None, ["这份表单寄出以后"]),
    ],
)
def test_what_does_not_count_of_an_answer_is_to_be_told_to_who_sent_it(
    changes: dict[str, Any], held: str | None, notes: list[str]
) -> None:
    row = HANDED | {"planned_at": None if held is None else dt.datetime.fromisoformat(held)}
    plan, _, _ = taken(row, answer(mark="form:1f2e", **changes))
    told = remembered(plan)["form_told:1f2e"]
    assert (told["file"], [note.split("，")[0] for note in told["notes"]]) == ("回复.xlsx", notes)


def test_every_answer_becomes_a_line_of_the_contacts_that_is_no_reply() -> None:
    plan, _, _ = taken(HANDED, answer(planned_at="2026-07-30", note="马上处理"))
    [row] = plan.rows
    assert (row.sheet, row.values["direction"], row.values["who"]) == ("contacts", "in", "陈晨")
    assert row.values["summary"] == "接受；计划完成 2026-07-30；马上处理"


@pytest.mark.parametrize(
    ("held", "base", "form", "after", "told"),
    [
        (None, "", "2026-07-30", dt.datetime(2026, 7, 30), []),
        ("2026-07-20", "2026-07-20", "2026-07-30", dt.datetime(2026, 7, 30), []),
        ("2026-07-20", "2026-07-20", "", None, []),
        ("2026-07-30", "", "2026-07-30", None, []),
        ("2026-08-08", "", "2026-07-30", None, ["QT623"]),
        ("2026-08-08", "2026-07-20", "2026-07-30", None, ["QT623"]),
        (None, "2026-07-20", "2026-07-30", dt.datetime(2026, 7, 30), []),
    ],
)
def test_a_planned_date_is_merged_three_ways(
    held: str | None, base: str, form: str, after: dt.datetime | None, told: list[str]
) -> None:
    row = HANDED | {"planned_at": None if held is None else dt.datetime.fromisoformat(held)}
    plan, _, _ = taken(row, answer(planned_at=form, was={"planned_at": base}))
    assert cells(plan).get("planned_at") == after
    assert codes(plan) == told


def test_a_return_takes_the_transfer_back_and_counts() -> None:
    plan, _, _ = taken(HANDED, answer(decision="return", reason="不是本部门"))
    assert cells(plan) == {"returned": 1, "transferred_at": None}
    assert remembered(plan)["returned_transfers"] == [[TRANSFER, "不是本部门"]]


def test_a_return_after_an_acceptance_takes_that_back_too() -> None:
    row = HANDED | {"accepted_at": ACCEPTED_AT}
    plan, _, _ = taken(row, answer(decision="return", reason="做不了"), accepted_at=ACCEPTED_AT.isoformat())
    assert cells(plan) == {"returned": 1, "transferred_at": None, "accepted_at": None}


@pytest.mark.parametrize(
    ("change", "told"),
    [({}, ["QT621"]), ({"owner": "李想"}, []), ({"department": "生产部"}, []), ({"closed_at": NOW}, [])],
)
def test_a_hand_back_is_told_until_somebody_else_is_chosen(change: dict[str, Any], told: list[str]) -> None:
    row = HANDED | {"transferred_at": None} | change
    plan, _, _ = taken(row, returned=1, returned_transfers=[[TRANSFER, "不是本部门"]])
    assert codes(plan) == told
    assert "transferred_at" not in cells(plan)


@pytest.mark.parametrize(
    ("change", "after"),
    [
        ({}, {}),
        ({"owner": "李想"}, {"transferred_at": None, "accepted_at": None}),
        ({"owner": "没有此人"}, {}),
        ({"department": "生产部"}, {}),
        ({"owner": "李想", "implemented_at": NOW}, {}),
        ({"owner": "李想", "closed_at": NOW}, {}),
        ({"owner": "李想", "master": "QF-2026-0009"}, {}),
        ({"owner": "李想", "authenticity": "misuse"}, {}),
    ],
)
def test_a_row_given_to_another_owner_is_not_transferred_to_them_yet(
    change: dict[str, Any], after: dict[str, Any]
) -> None:
    row = HANDED | {"accepted_at": ACCEPTED_AT} | change
    plan, _, _ = taken(row, accepted_at=ACCEPTED_AT.isoformat())
    assert cells(plan) == after
    assert remembered(plan) == ({"accepted_at": None} if after else {})


def test_an_acceptance_that_a_person_typed_stays_when_the_owner_changes() -> None:
    register = register_of(HANDED | {"owner": "李想", "accepted_at": ACCEPTED_AT})
    memory = memory_of({ID: {"transferred_at": NOW}}, sent=sent(TRANSFER))
    assert cells(take_up(Situation(register, standard_rules(), memory, NOW))) == {"transferred_at": None}


def test_the_moment_of_a_transfer_is_that_of_the_last_one_whoever_has_the_row_now() -> None:
    other, later = f"M03/{ID}/1/研发部/李想", NOW + dt.timedelta(days=1)
    memory = memory_of({ID: {"transferred_at": NOW}}, sent=sent(TRANSFER) | sent(other, at=later))
    for owner in ("陈晨", "李想"):
        plan = take_up(Situation(register_of(HANDED | {"owner": owner}), standard_rules(), memory, later))
        assert cells(plan) == {"transferred_at": later}


def test_without_a_record_of_its_transfer_a_row_stays_as_it_is() -> None:
    plan = take_up(Situation(register_of(HANDED | {"owner": "李想"}), standard_rules(), memory_of({}), NOW))
    assert plan == Plan()


def test_an_answer_to_an_earlier_transfer_changes_nothing() -> None:
    plan, _, _ = taken(HANDED | {"owner": "李想"}, answer(decision="return", reason="x"))
    assert cells(plan) == {"transferred_at": None}  # it is still to go to the present owner
    assert codes(plan) == ["QT622"]
    assert [row.values["summary"] for row in plan.rows] == ["退回：x"]


def test_an_answer_about_a_row_that_is_gone_is_told_once() -> None:
    register = register_of(HANDED)
    memory = memory_of({}, facts={("QF-2026-0099", FactName.FORM_ANSWERS): [answer()]})
    plan = take_up(Situation(register, standard_rules(), memory, NOW))
    assert (codes(plan), remembered(plan)) == (["QT624"], {FactName.FORM_ANSWERS: None})
