"""People edit, lock and restore, runs come and crash: nothing human is lost, no mail goes twice, nothing is missing.

A person works in another program that saves the whole file anew; a crash ends a run between two of its steps. The
person's rows are known by an own column that the program never touches.
"""

from __future__ import annotations

import contextlib
import copy
import datetime as dt
import functools
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from deeds import promised
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test
from person import Line, edit_lines, read_lines, shuffle
from registers import ASSESSED, NOW, WHOLE, make_workspace
from workspace_state import message_ids, sheet_cells

from qtemplate.config import Config, load_config
from qtemplate.fields import FIELDS, Filler
from qtemplate.jobs.run import plan, run
from qtemplate.journal import Journal
from qtemplate.mailer.outbox.queue import Outbox
from qtemplate.mailer.transports.folder import FolderTransport
from qtemplate.register import label_of
from qtemplate.sheets.standard import OwnColumn

LOGS = ("暂停记录", "沟通记录")
"""The logs that both a person and the program write."""

TAG = "标记"
"""The own column by which the test knows a row; each row has another word in it."""

TYPED: dict[str, tuple[Any, ...]] = {
    "title": ("煮饭时屏幕不亮", "早上煮饭时屏幕全黑", "=1+1 屏幕不亮"),
    "notes": ("已联系用户", "=SUM(A1)", "备注\n两行", None),
    "severity": (3, 4, 5),
    "scope": ("个别", "部分", None),
    "workaround": ("无", "有", None),
    "scene": ("家庭厨房", None),
    "quantity": (1, 20, None),
    "iteration": ("2026Q4", None),
    "snooze_until": ("停止", dt.datetime(2026, 8, 1), None),
    "reply_approval": ("批准", "退回", None),
    "close_type": ("解决", None),
}
"""Columns that are a person's, and what this person types there."""

OVERRULED: dict[str, Any] = {
    "level": "轻微",
    "owner": "何军",
    "contact": "林静",
    "fault": "自定义故障",
    "opinion": "还算满意",
    "channel_ref": "00123",
}
"""Words that the program itself would never write into these columns."""

MISTYPED: dict[str, Any] = {
    "suggested_level": "轻微",
    "check": "通过吧",
    "respond_by": dt.datetime(2030, 1, 1),
    "clock": "不知道",
    "queue": 99,
    "priority": "P9",
    "assign_reason": None,
}
"""What is typed over the program's own columns, and does not stay."""

SOLVED: dict[str, Any] = {
    "root_cause": "排线松脱",
    "cause_code": "工艺",
    "solution": "重新压接排线",
    "containment": "停用该批次",
    "prevention": "增加压接检查",
    "implemented_at": dt.datetime(2026, 7, 15, 15),
    "verify_method": "实验室测试",
    "verifier": "蒋欣",
    "verify_result": "通过",
    "reply_type": "已解决",
    "cause_for_reporter": "排线松动",
    "reply_approval": "批准",
}

CRASHES: tuple[tuple[type, str, str], ...] = (
    (Journal, "write_ahead", "after"),
    (Journal, "about_to_replace", "before"),
    (Journal, "about_to_replace", "after"),
    (Journal, "commit_pending", "before"),
    (Journal, "commit_pending", "after"),
    (Journal, "form_made", "before"),
    (Outbox, "put", "before"),
    (Outbox, "put", "after"),
    (Outbox, "claim", "after"),
    (FolderTransport, "send", "after"),
    (Outbox, "record_sent", "before"),
    (Outbox, "record_sent", "after"),
    (Journal, "forget_former", "before"),
)


class Crash(BaseException):
    """The process ends here."""


@contextlib.contextmanager
def crashing(owner: type, name: str, when: str, number: int) -> Iterator[None]:
    """The `number`-th call of a method is the last thing that happens, before or after its effect."""
    original: Callable[..., Any] = getattr(owner, name)
    calls = 0

    @functools.wraps(original)
    def last(*args: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == number and when == "before":
            raise Crash
        result = original(*args, **named)
        if calls == number:
            raise Crash
        return result

    setattr(owner, name, last)
    try:
        yield
    finally:
        setattr(owner, name, original)


@functools.cache
def made() -> bytes:
    """A register with three rows: a fresh one, an assessed one and one that is almost done."""
    with tempfile.TemporaryDirectory() as folder:
        rows = [dict(WHOLE), dict(ASSESSED), ASSESSED | {"received_at": dt.datetime(2026, 7, 6, 10)}]
        tagged = [row | {TAG: f"甲{at}"} for at, row in enumerate(rows)]
        make_workspace(Path(folder), tagged, own=(OwnColumn(TAG),))
        return (Path(folder) / "register.xlsx").read_bytes()


def protect(register: Path, logs: Iterable[str], *, closed: bool) -> None:
    """A person protects sheets, or opens them again; only what changes is saved."""
    book = openpyxl.load_workbook(register)
    sheets = [book[name] for name in logs if book[name].protection.sheet != closed]
    for sheet in sheets:
        sheet.protection.sheet = closed
    if sheets:
        book.save(register)


def is_persons(key: str) -> bool:
    """Whether a column is people's alone."""
    return key not in FIELDS or FIELDS[key].filler is Filler.PERSON


class Living(RuleBasedStateMachine):
    """A register that a person and the program edit in turn."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="living-"))
        self.register = self.folder / "register.xlsx"
        self.config: Config = load_config(make_workspace(self.folder, []))
        self.register.write_bytes(made())
        self.moment = NOW
        self.serial = 0
        self.typed: dict[str, dict[str, Any]] = {}
        self.copies: list[tuple[bytes, dict[str, dict[str, Any]]]] = []

    @initialize()
    def begin(self) -> None:
        lines = read_lines(self.register)
        self.typed = {line[TAG]: {key: value for key, value in line.items() if is_persons(key)} for line in lines}

    # -- a person -------------------------------------------------------------------------------------------------

    def edit(self, tag: str, values: dict[str, Any]) -> None:
        """Types values into a row, and remembers those that are a person's."""

        def change(lines: list[Line]) -> None:
            next(line for line in lines if line[TAG] == tag).update(values)

        edit_lines(self.register, change)
        self.typed[tag].update({key: value for key, value in values.items() if is_persons(key)})

    def pick(self, number: int) -> str:
        """One of the rows."""
        return sorted(self.typed)[number % len(self.typed)]

    @rule(row=st.integers(0, 9), key=st.sampled_from(sorted(TYPED)), choice=st.integers(0, 9))
    def types_a_cell(self, row: int, key: str, choice: int) -> None:
        self.edit(self.pick(row), {key: TYPED[key][choice % len(TYPED[key])]})

    @rule(row=st.integers(0, 9), key=st.sampled_from(sorted(OVERRULED)), clear=st.booleans())
    def overrules(self, row: int, key: str, clear: bool) -> None:
        tag = self.pick(row)
        self.edit(tag, {key: None if clear else OVERRULED[key]})
        self.typed[tag].pop(key, None)
        if not clear:
            self.typed[tag][key] = OVERRULED[key]

    @rule(row=st.integers(0, 9), key=st.sampled_from(sorted(MISTYPED)))
    def types_over_the_program(self, row: int, key: str) -> None:
        self.edit(self.pick(row), {key: MISTYPED[key]})

    @rule(row=st.integers(0, 9), status=st.sampled_from(["等待外部", "处理中", "待验证", None]))
    def sets_the_status(self, row: int, status: str | None) -> None:
        self.edit(self.pick(row), {"status": status})

    @rule(row=st.integers(0, 9))
    def solves(self, row: int) -> None:
        self.edit(self.pick(row), SOLVED)

    @rule(row=st.integers(0, 9), solved=st.booleans(), close=st.booleans())
    def hears_from_the_reporter(self, row: int, solved: bool, close: bool) -> None:
        heard = {"confirmation": "已解决" if solved else "未解决", "satisfaction": 4 if solved else 1}
        self.edit(self.pick(row), heard | ({"close_type": "解决"} if close else {}))

    @rule(row=st.integers(0, 9))
    def takes_the_closing_back(self, row: int) -> None:
        self.edit(self.pick(row), {"closed_at": None})

    @rule(row=st.integers(0, 9))
    def empties_the_id(self, row: int) -> None:
        self.edit(self.pick(row), {"id": None})

    @rule(seed=st.integers(0, 99))
    def sorts(self, seed: int) -> None:
        edit_lines(self.register, lambda lines: shuffle(lines, seed))

    @rule(place=st.integers(0, 9), whole=st.booleans())
    def inserts_a_row(self, place: int, whole: bool) -> None:
        self.serial += 1
        row = {key: label_of(key, value, "zh") for key, value in (ASSESSED if whole else WHOLE).items()}
        row |= {TAG: f"乙{self.serial}", "reporter": f"新反馈者{self.serial}"}
        edit_lines(self.register, lambda lines: lines.insert(place % (len(lines) + 1), dict(row)))
        self.typed[row[TAG]] = row

    @precondition(lambda self: len(self.typed) > 2)
    @rule(row=st.integers(0, 9))
    def deletes_a_row(self, row: int) -> None:
        tag = self.pick(row)
        edit_lines(self.register, lambda lines: [line for line in lines if line[TAG] != tag])
        del self.typed[tag]

    @rule(row=st.integers(0, 9), above=st.booleans())
    def copies_a_row(self, row: int, above: bool) -> None:
        tag = self.pick(row)
        self.serial += 1
        twin = f"丙{self.serial}"

        def change(lines: list[Line]) -> None:
            at = next(at for at, line in enumerate(lines) if line[TAG] == tag)
            lines.insert(at if above else at + 1, {**lines[at], TAG: twin})

        edit_lines(self.register, change)
        # which of the two is the copy is not to be seen: what was suggested in one of them is made anew
        self.typed[tag] = {key: value for key, value in self.typed[tag].items() if is_persons(key)}
        self.typed[twin] = {**self.typed[tag], TAG: twin}

    @rule(log=st.sampled_from(LOGS), closed=st.booleans())
    def protects_a_log(self, log: str, closed: bool) -> None:
        protect(self.register, [log], closed=closed)

    @rule()
    def keeps_a_copy(self) -> None:
        self.copies.append((self.register.read_bytes(), copy.deepcopy(self.typed)))

    @precondition(lambda self: bool(self.copies))
    @rule(which=st.integers(0, 9))
    def restores_a_copy(self, which: int) -> None:
        data, typed = self.copies[which % len(self.copies)]
        self.register.write_bytes(data)
        self.typed = copy.deepcopy(typed)

    # -- the program ------------------------------------------------------------------------------------------------

    @rule(hours=st.sampled_from([0, 0, 1, 24, 200]))
    def runs(self, hours: int) -> None:
        self.moment += dt.timedelta(hours=hours)
        self.run_as_planned()
        self.check()

    def run_as_planned(self) -> None:
        """A run, which does what its plan has said it would, and at once or following from delivery as it was said."""
        said = plan(self.config, self.moment)
        assert promised(said) == promised(run(self.config, self.moment))

    @rule(at=st.sampled_from(CRASHES), number=st.integers(1, 4), hours=st.sampled_from([0, 0, 24]))
    def crashes(self, at: tuple[type, str, str], number: int, hours: int) -> None:
        self.moment += dt.timedelta(hours=hours)
        with contextlib.suppress(Crash), crashing(*at, number):
            run(self.config, self.moment)
        self.check()

    def check(self) -> None:
        """No human value is lost, and no mail went twice."""
        lines = {line[TAG]: line for line in read_lines(self.register)}
        assert {tag: {key: lines[tag].get(key) for key in typed} for tag, typed in self.typed.items()} == self.typed
        if (self.folder / "outbox").exists():
            assert set(message_ids(self.folder).values()) <= {1}
        with contextlib.closing(sqlite3.connect(self.folder / ".qtemplate" / "state.db")) as database:
            twice = "select key from outbox_event where to_state = 'sent' group by key having count(*) > 1"
            assert database.execute(twice).fetchall() == []
        for log, width in zip(LOGS, (2, 6), strict=True):
            rows = [tuple(row[:width]) for row in sheet_cells(self.register, [log])[log]]
            entries = [row for row in rows if any(str(value).startswith("QF-") for value in row)]
            assert len(set(entries)) == len(entries), (log, entries)

    def teardown(self) -> None:
        """Two last runs leave nothing to do, and every row has what the program writes.

        One is not enough where a reply goes out, is found wanting and the feedback handed on anew in the same night:
        what the third round delivered shows in the sheet after the next run.
        """
        try:
            protect(self.register, LOGS, closed=False)
            for _ in range(2):
                self.run_as_planned()
                self.check()
            left = plan(self.config, self.moment)
            assert (left.edits, left.rows, left.messages, left.forms) == ((), (), (), ())
            lines = read_lines(self.register)
            ids = [line["id"] for line in lines]
            assert None not in ids and len(set(ids)) == len(ids) == len(self.typed)
            assert [line["id"] for line in lines if not (line["status"] and line["check"])] == []
            before = self.register.read_bytes()
            run(self.config, self.moment)
            assert self.register.read_bytes() == before
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)


def live(examples: int, steps: int) -> None:
    checks = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
    run_state_machine_as_test(
        Living,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=checks
        ),
    )


def test_a_register_that_people_and_runs_share_loses_nothing() -> None:
    live(examples=2, steps=10)


@pytest.mark.campaign
def test_a_register_that_people_and_runs_share_loses_nothing_for_long() -> None:
    live(examples=150, steps=30)
