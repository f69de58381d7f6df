"""沟通记录 and 暂停记录: what an entry counts as, and what is said of one that counts for nothing."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from registers import ASSESSED, NOW, PRODUCTS, cells, codes, memory_of, people_rows, register_of, rules_with

from qtemplate.plan import Plan, Remember
from qtemplate.rules import make_plan
from qtemplate.rules.around.log_rows import log_rows
from qtemplate.rules.rulebook import ContactEntry, RuleBook
from qtemplate.rules.situation import Situation
from qtemplate.rules.standing import replied
from qtemplate.rules.steps.reply import reply
from qtemplate.sheets import open_book, read_rulebook
from qtemplate.sheets.standard import build_workbook

ID = "QF-2026-0001"
AT = dt.datetime(2026, 7, 15, 16)
CALL = {"at": AT, "id": ID, "direction": "发出", "way": "电话", "who": "唐宁", "summary": "已告知结果"}
SOLVED = ASSESSED | {"level": "major", "reply_type": "solved", "contact_way": "phone"}
SINCE = dt.datetime(2026, 7, 15, 8)


def read_back(folder: Path, **logs: Any) -> RuleBook:
    file = folder / "register.xlsx"
    file.write_bytes(build_workbook("zh", people=people_rows(), products=PRODUCTS, **logs))
    return read_rulebook(open_book(file))


def test_a_log_row_with_an_id_that_no_row_has_is_told_with_the_nearest_id(tmp_path: Path) -> None:
    ids = ["2026-0001", "qf-2026-0001", "ＱＦ－２０２６－０００１", "QF-2026-0091", ID, "QF-2025-0007"]
    rules = read_back(
        tmp_path, contacts=[CALL | {"id": id} for id in ids], pauses=[{"id": "QF2026-0001", "from": AT, "reason": "等"}]
    )
    memory = memory_of({"QF-2025-0007": {}}, facts={("", "final_since"): SINCE.isoformat()})  # that row is gone
    plan = log_rows(Situation(register_of(SOLVED), rules, memory, NOW))
    told = [
        (item.code, str(item.where), item.found, dict(dict(item.facts)["perhaps"].facts)["near"])
        for item in plan.findings
    ]
    assert told == [
        ("QT155", "沟通记录!B4", "2026-0001", ID),
        ("QT155", "沟通记录!B5", "qf-2026-0001", ID),
        ("QT155", "沟通记录!B6", "ＱＦ－２０２６－０００１", ID),
        ("QT155", "沟通记录!B7", "QF-2026-0091", ID),
        ("QT155", "暂停记录!A4", "QF2026-0001", ID),
    ]
    assert plan.facts == ()


def entry(final: bool | None, at: dt.datetime = AT, **more: Any) -> ContactEntry:
    return replace(ContactEntry(at, ID, "out", "phone", "唐宁", "已告知", 4, final), **more)


def of_entry(said: ContactEntry, row: dict[str, Any], *, column: bool = True) -> tuple[Plan, bool]:
    rules = rules_with(contacts=(said,), has_final=column)
    memory = memory_of({}, facts={("", "final_since"): SINCE.isoformat()} if column else {})
    situation = Situation(register_of(row), rules, memory, NOW)
    plan = reply(situation)
    return plan, bool(replied(situation.with_edits(plan.edits))[0])


APPROVED = SOLVED | {
    "reply_approval": "approved", "solution": "重新压接排线", "cause_for_reporter": "松动",
    "implemented_at": dt.datetime(2026, 7, 15, 15),
}  # fmt: skip


@pytest.mark.parametrize(
    ("said", "row", "column", "final"),
    [
        (entry(True), SOLVED, True, True),  # no approval is needed
        (entry(True), SOLVED | {"contact_way": "email"}, True, True),  # and no mail goes besides
        (entry(True), APPROVED | {"contact_way": "email"}, True, True),
        (entry(True, way="email"), SOLVED, True, False),
        (entry(True, direction="in"), SOLVED, True, False),
        (entry(True, at=NOW + dt.timedelta(hours=1)), SOLVED, True, False),
        (entry(False), APPROVED, True, False),
        (entry(None), APPROVED, True, False),  # the column is there, and says nothing
        (entry(None, at=dt.datetime(2026, 7, 15, 7)), APPROVED | {"implemented_at": None}, True, False),
        (entry(None), APPROVED, False, True),  # no such column: what is approved counts
        (entry(None), SOLVED, False, False),
        (entry(None, at=dt.datetime(2026, 7, 15)), APPROVED, False, True),  # a date alone is the whole day
    ],
)
def test_an_entry_is_the_final_reply_where_it_says_so(
    said: ContactEntry, row: dict[str, Any], column: bool, final: bool
) -> None:
    plan, counts = of_entry(said, row, column=column)
    assert (counts, cells(plan).get("replied_at"), list(plan.messages)) == (final, said.at if final else None, [])


def test_an_entry_older_than_the_column_counts_once_the_reply_is_approved() -> None:
    old = entry(None, at=dt.datetime(2026, 7, 14, 16))
    row = APPROVED | {"received_at": dt.datetime(2026, 7, 13, 9), "implemented_at": dt.datetime(2026, 7, 14, 10)}
    assert of_entry(old, row)[1]
    assert not of_entry(old, row | {"reply_approval": None})[1]


def test_a_final_call_without_a_reply_type_counts_and_asks_for_it() -> None:
    plan, counts = of_entry(entry(True), SOLVED | {"reply_type": None})
    assert (counts, codes(plan)) == (True, ["QT156"])


def test_a_final_call_of_an_earlier_cycle_does_not_count_in_the_next() -> None:
    facts = {(ID, "cycle"): 2, (ID, "reopened_at"): "2026-07-15T18:00:00"}
    situation = Situation(register_of(SOLVED), rules_with(contacts=(entry(True),)), memory_of({}, facts=facts), NOW)
    assert not replied(situation)[0]


def test_the_state_moves_on_by_a_call_in_the_same_run() -> None:
    row = APPROVED | {"reply_approval": None, "transferred_at": AT, "verifier": "蒋欣", "verify_result": "passed"}
    done = row | {"owner": "孙浩", "implemented_at": dt.datetime(2026, 7, 15, 15)}
    rules = rules_with(contacts=(entry(True),))
    _, after = make_plan(Situation(register_of(done), rules, memory_of({}), NOW))
    assert (after.register.value(4, "replied_at"), after.register.value(4, "status")) == (AT, "to_confirm")


def test_since_when_the_column_is_there_is_remembered_once() -> None:
    rules = rules_with(has_final=True)
    first = log_rows(Situation(register_of(SOLVED), rules, memory_of({}), NOW))
    assert first.facts == (Remember("", "final_since", NOW.isoformat()),)
    known = memory_of({}, facts={("", "final_since"): NOW.isoformat()})
    assert log_rows(Situation(register_of(SOLVED), rules, known, NOW)).facts == ()


def test_the_word_under_final_reply_is_read_and_another_is_told(tmp_path: Path) -> None:
    rules = read_back(tmp_path, contacts=[CALL | {"final": said} for said in ("是", "No", None, "也许")])
    assert ([each.final for each in rules.contacts], rules.has_final) == ([True, False, None, None], True)
    assert [(item.code, str(item.where)) for item in rules.findings if item.code in ("QT204", "QT207")] == [
        ("QT207", "沟通记录!F7")
    ]
