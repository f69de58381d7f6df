"""A team's workbook that is only read, and the register beside it: which side holds, cell by cell."""

from __future__ import annotations

from typing import Any

import pytest
from registers import ASSESSED, NOW, memory_of, register_of, standard_rules

from qtemplate.plan import FactName, Plan
from qtemplate.rules.incoming.mirrored import Listing, mirror, seen_of
from qtemplate.rules.situation import Situation

KEYS = ("own_number", "title", "owner")
OURS = ASSESSED | {"own_number": "TS-1", "title": "屏幕不亮", "owner": "李想"}
NAME = FactName.MIRRORED.of("TS-1")


def listing(*rows: tuple[Any, ...]) -> Listing:
    return Listing("台账.xlsx", "台账", KEYS, dict(enumerate(rows, 4)))


def mirrored(there: tuple[Any, ...], before: tuple[Any, ...] | None, here: tuple[Any, ...], **wrote: Any) -> Plan:
    facts = {} if before is None else {("", NAME): seen_of(dict(zip(KEYS, before, strict=True)))}
    row = OURS | {key: cell for key, cell in zip(KEYS, here, strict=True) if cell is not None}
    memory = memory_of({"QF-2026-0001": wrote}, facts=facts)
    return mirror(Situation(register_of(row), standard_rules(), memory, NOW), listing(there), listing(here))


@pytest.mark.parametrize(
    ("there", "before", "here", "after", "told"),
    [
        ("屏幕不亮", "屏幕不亮", "屏幕不亮", None, False),
        ("屏幕全黑", "屏幕不亮", "屏幕不亮", "屏幕全黑", False),  # changed there
        ("屏幕不亮", "屏幕不亮", "屏幕发红", None, False),  # changed here
        ("屏幕全黑", "屏幕不亮", "屏幕发红", None, True),  # on both sides
        ("屏幕全黑", "屏幕不亮", "屏幕全黑", None, False),  # the same on both sides
        ("屏幕全黑", "屏幕不亮", None, "屏幕全黑", False),  # emptied here, and changed there
        (None, "屏幕不亮", "屏幕不亮", "", False),  # emptied there
        (None, None, "屏幕不亮", None, False),  # filled here only
        (None, "屏幕不亮", "屏幕发红", None, False),  # emptied there what people changed here
        ("屏幕全黑", None, "屏幕不亮", None, True),  # nobody knows any more what it was
    ],
)
def test_what_changed_on_one_side_holds(
    there: str | None, before: str | None, here: str | None, after: str | None, told: bool
) -> None:
    plan = mirrored(("TS-1", there, None), ("TS-1", before, None), ("TS-1", here, None))
    edits = [(edit.field, edit.after or "") for edit in plan.edits]
    assert edits == ([] if after is None else [("title", after)])
    assert [finding.code for finding in plan.findings] == (["QT742"] if told else [])


def test_what_people_say_goes_before_what_the_program_worked_out() -> None:
    row = ("TS-1", None, "王芳")
    of_ours = mirrored(row, ("TS-1", None, None), ("TS-1", None, "李想"), owner="李想")
    of_people = mirrored(row, ("TS-1", None, None), ("TS-1", None, "李想"), owner="陈晨")
    assert [(edit.field, edit.after) for edit in of_ours.edits] == [("owner", "王芳")]
    assert (of_people.edits, [finding.code for finding in of_people.findings]) == ((), ["QT742"])


def test_rows_come_by_their_number_each_once_and_one_that_was_taken_out_stays_out() -> None:
    register = register_of(OURS)
    theirs = listing(("TS-1", "屏幕不亮", "李想"), ("TS-2", "异响", None), (None, "x", None), ("TS-2", "y", None))
    known: dict[tuple[str, str], Any] = {("", FactName.MIRRORED.of("TS-3")): {}}
    theirs.rows[9] = ("TS-3", "z", None)  # type: ignore[index] # a test's own dictionary
    plan = mirror(
        Situation(register, standard_rules(), memory_of({"QF-2026-0001": {}}, facts=known), NOW),
        theirs,
        listing(("TS-1", "屏幕不亮", "李想")),
    )
    assert [(row.key, row.values) for row in plan.rows] == [
        ("beside/TS-2", {"own_number": "TS-2", "title": "异响", "id": "QF-2026-0002"})
    ]
    assert [(finding.code, dict(finding.facts)) for finding in plan.findings] == [
        ("QT740", {"book": "台账.xlsx", "n": 1, "rows": ("台账!6",)}),
        ("QT741", {"book": "台账.xlsx", "n": 1, "numbers": ("TS-2",)}),
    ]
