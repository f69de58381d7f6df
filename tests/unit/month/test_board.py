"""The board of a day: rows small enough to count by hand, and the page that says the counts."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from msgspec.structs import replace
from registers import ASSESSED, memory_of, register_of, rules_with

from qtemplate.choices import Clock, Status
from qtemplate.report.board_page import board_page
from qtemplate.rules.month.board import OTHER, Board, DueRow, look_at_board
from qtemplate.rules.situation import Situation

WEDNESDAY = dt.datetime(2026, 7, 15, 12)


def at(text: str) -> dt.datetime:
    """`07-15T09:30` of 2026."""
    return dt.datetime.fromisoformat(f"2026-{text}")


def row(received: str, department: str | None, status: str, **more: Any) -> dict[str, Any]:
    """A graded row that nobody has answered yet."""
    graded = {"level": "normal", "suggested_level": "normal", "severity": 3, "category": "packaging"}
    return ASSESSED | graded | {"received_at": at(received), "department": department, "status": status} | more


ROWS = (
    row("07-14T15:00", "品控部", "to_transfer", assessed_at=at("07-14T16:00")),  # first reply due today, 15:00
    row("07-15T10:00", "品控部", "in_work", assessed_at=at("07-15T10:30")),  # due tomorrow, 10:00
    row("07-10T09:00", "研发部", "in_work", assessed_at=at("07-10T09:30")),  # was due that day, 18:00
    row("07-13T09:00", "王二麻子 13912345678", "in_work", level="urgent"),  # 11:00
    row("07-13T09:00", None, "to_assess", level=None, suggested_level=None),  # as a normal one: that day, 18:00
    row("07-13T09:00", "研发部", "waiting_external", assessed_at=at("07-13T09:30"), title="等客户"),  # waits
    row("07-06T09:00", "研发部", "closed", closed_at=at("07-08T09:00"), replied_at=at("07-07T10:00")),
    row("07-13T10:00", "研发部", "merged", master="QF-2026-0001"),
    row("07-13T10:00", "研发部", "in_work", id=None),  # has no number yet
)  # fmt: skip


@pytest.fixture(scope="module")
def board() -> Board:
    return look_at_board(Situation(register_of(*ROWS), rules_with(pauses=()), memory_of({}), WEDNESDAY))


def test_what_is_open_stands_by_department_and_state_and_adds_up(board: Board) -> None:
    states = (Status.WAITING, Status.TO_ASSESS, Status.TO_TRANSFER, Status.IN_WORK)
    assert (board.open, board.urgent, board.states) == (6, 1, states)
    assert board.departments == (
        ("品控部", (0, 0, 1, 1)),
        ("研发部", (1, 0, 0, 1)),
        ("", (0, 1, 0, 0)),
        (OTHER, (0, 0, 0, 1)),
    )
    assert sum(sum(of) for _, of in board.departments) == board.open == board.this.flow.open.value


def test_what_is_due_stands_once_by_its_next_limit_and_what_waits_does_not(board: Board) -> None:
    assert (board.overdue, board.today, board.week) == (3, 1, 1)
    assert board.next == (
        DueRow("QF-2026-0004", "urgent", OTHER, Clock.RESPOND, at("07-13T11:00"), True),
        DueRow("QF-2026-0003", "normal", "研发部", Clock.RESPOND, at("07-10T18:00"), True),
        DueRow("QF-2026-0005", None, "", Clock.RESPOND, at("07-13T18:00"), True),
        DueRow("QF-2026-0001", "normal", "品控部", Clock.RESPOND, at("07-15T15:00"), False),
    )


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_says_so_and_neither_the_hour_nor_what_was_typed(board: Board, language: str) -> None:
    page = board_page(board, language).decode()
    assert [f'class="big">{n}<' in page for n in (6, 3, 1)] == [True] * 3
    assert all(row.id in page for row in board.next)
    assert "13912345678" not in page and "王二麻子" not in page and "12:00" not in page
    later = look_at_board(Situation(register_of(*ROWS), rules_with(pauses=()), memory_of({}), at("07-15T14:59")))
    assert board_page(later, language).decode() == page
    tomorrow = look_at_board(Situation(register_of(*ROWS), rules_with(pauses=()), memory_of({}), at("07-16T12:00")))
    assert board_page(tomorrow, language).decode() != page


@pytest.mark.parametrize("language", ["zh", "en"])
def test_many_departments_are_summed_and_an_empty_register_says_so(board: Board, language: str) -> None:
    many = tuple((f"部{n}", (n,)) for n in range(12, 0, -1))
    page = board_page(replace(board, states=(Status.IN_WORK,), departments=many, open=78), language).decode()
    assert "部6" in page and "部5" not in page and ">15<" in page
    nothing = look_at_board(Situation(register_of(), rules_with(), memory_of({}), WEDNESDAY))
    said = board_page(nothing, language).decode()
    assert {"zh": "没有未关闭的反馈。", "en": "No feedback is open."}[language] in said
    assert {"zh": "今天没有到期的", "en": "Nothing is overdue"}[language] in said
