"""What is noted of a patch before the workbook is touched, and read again when it has gone well or a run stopped."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from qtemplate.journal.under_way import Pending, note_of, note_read
from qtemplate.plan import CellEdit, Phrase

ONE, ODD = "QF-2026-0001", 'a\tb\n"c"\u2028'
WHY = Phrase.of("because.grading", rule="L1", at=dt.datetime(2026, 7, 16, 9))
EDITS = (
    CellEdit(4, ONE, "level", None, "major", WHY),
    CellEdit(5, ODD, "title", "von\tgestern\n", "今天\u2028", Phrase("because.undo")),
    CellEdit(4, ONE, "resolve_by", "2026-07-20", dt.datetime(2026, 7, 21, 17, 30), WHY),
    CellEdit(4, ONE, "received_at", 46024, "soon", WHY),
)
PHRASE = ["because.grading", [["rule", "L1"], ["at", {"at": "2026-07-16T09:00:00"}]]]
CELLS: list[list[Any]] = [
    ["level", None, "major", PHRASE],
    ["resolve_by", "2026-07-20T00:00:00", "2026-07-21T17:30:00", PHRASE],
]
LINES: list[tuple[str, list[list[Any]]]] = [
    (ONE, [*CELLS, ["received_at", 46024, "soon", PHRASE]]),
    (ODD, [["title", "von\tgestern\n", "今天\u2028", ["because.undo", []]]]),
]


def test_a_patch_that_is_under_way_is_read_row_by_row_as_the_change_log_keeps_it() -> None:
    pending = Pending("r1", "2026-07-16T10:00:00", "before", None, note_of(EDITS), ())
    assert [(id, json.loads(cells)) for id, cells in pending.lines()] == LINES
    assert list(pending.written()) == [
        (ONE, "level", "major"),
        (ONE, "resolve_by", dt.datetime(2026, 7, 21, 17, 30)),
        (ONE, "received_at", "soon"),
        (ODD, "title", "今天\u2028"),
    ]


def test_what_an_earlier_version_noted_before_it_stopped_is_read_the_same() -> None:
    by_edit = [[id, *cell] for id, cells in LINES for cell in cells]
    by_edit[1][2] = "2026-07-20"  # it kept a date as it was typed
    assert note_read(json.dumps(by_edit, ensure_ascii=False)) == note_read(note_of(EDITS)) == note_of(EDITS)
    assert [note_read(nothing) for nothing in ("[]", note_of(()))] == ["", ""]
