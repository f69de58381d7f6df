"""Small registers for the tests of steps and of whole runs: rows in memory, the standard rules, tiny workspaces."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
from msgspec.structs import replace

from qtemplate.config import default_toml
from qtemplate.fields import FIELDS, PROGRAM_FIELDS, Field, Kind
from qtemplate.plan import Memory, Plan, Sent
from qtemplate.plan.keys import MessageKey
from qtemplate.register import Register
from qtemplate.rules.rulebook import RuleBook
from qtemplate.sheets import open_book, read_rulebook
from qtemplate.sheets.standard import build_workbook

Row = dict[str, Any]

NOW = dt.datetime(2026, 7, 15, 17, 30)
"""A Wednesday at the end of a working day, while outsiders may still be written to."""

TODAY = NOW.date()

FIRST_ROW = 4

PEOPLE: tuple[tuple[str, str, str, str, str, int | None], ...] = (
    # name, account, department, role, deputy, capacity
    ("林静", "lin", "品控部", "登记管理员", "", None),
    ("周敏", "zhou", "品控部", "质量主管", "", None),
    ("何军", "he", "品控部", "部门负责人", "蒋欣", 4),
    ("蒋欣", "jiang", "品控部", "员工", "", 10),
    ("王磊", "wang", "研发部", "部门负责人", "陈晨", 4),
    ("陈晨", "chen", "研发部", "员工", "", 8),
    ("李想", "li", "研发部", "员工", "", 6),
    ("赵刚", "zhao", "生产部", "部门负责人", "孙浩", 4),
    ("孙浩", "sun", "生产部", "员工", "", 12),
    ("唐宁", "tang", "客服部", "客服", "杜鹃", 20),
    ("杜鹃", "du", "客服部", "协调人", "唐宁", 8),
)

PRODUCTS = (
    {"product": "智能电饭煲", "model": "RC-300", "kind": "硬件", "batch_pattern": None},
    {"product": "智能电饭煲", "model": "RC-500", "kind": "硬件", "batch_pattern": None},
    {"product": "家居助手", "model": "APP", "kind": "软件", "batch_pattern": None},
)

WHOLE: dict[str, Any] = {
    "received_at": dt.datetime(2026, 7, 15, 9, 30),
    "recorder": "唐宁",
    "channel": "hotline",
    "reporter_type": "customer",
    "reporter": "张伟",
    "email": "zhang.wei@example.com",
    "product": "智能电饭煲",
    "model": "RC-300",
    "batch": "A2306",
    "title": "煮饭时屏幕不亮",
    "description": "每天早上煮饭时屏幕完全不亮，按键没有任何反应，已经换过插座。",
    "category": "hardware",
    "scene": "家庭厨房",
}
"""A row in which nothing is missing and nothing is assessed yet."""

ASSESSED: dict[str, Any] = WHOLE | {
    "authenticity": "real",
    "severity": 4,
    "safety": "no",
    "scope": "few",
    "frequency": "sometimes",
    "workaround": "partial",
}
"""A whole row with its evaluation: the default table makes it major by rule 5."""

REPLIED: dict[str, Any] = ASSESSED | {
    "severity": 2,
    "scope": "few",
    "solution": "重新压接排线",
    "implemented_at": dt.datetime(2026, 7, 15, 15),
    "reply_type": "solved",
    "cause_for_reporter": "排线松动",
    "reply_approval": "approved",
}
"""A normal one whose approved reply is due, and is noted in 沟通记录."""

WAITING: dict[str, Any] = ASSESSED | {"status": "waiting_external"}
"""One that waits for somebody outside: a pause begins, and is noted in 暂停记录."""


def people_rows(**changes: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Rows of 人员; `changes` by account, for example `chen={"away_from": …, "away_to": …}`."""
    rows = []
    for name, account, department, role, deputy, capacity in PEOPLE:
        row = {
            "name": name,
            "mail": f"{account}@example.com",
            "department": department,
            "role": role,
            "deputy": deputy or None,
            "capacity": capacity,
            "active": "是",
        }
        rows.append(row | dict(changes.get(account, {})))
    return rows


@cache
def standard_rules() -> RuleBook:
    """The rule sheets of the standard workbook with a small company."""
    return read_rulebook(open_book(build_workbook("zh", people=people_rows(), products=PRODUCTS)))


def rules_with(**changes: Any) -> RuleBook:
    """The standard rules with other parts, for example `contacts=(…)`."""
    return replace(standard_rules(), **changes)


def away(rulebook: RuleBook, *names: str, day: dt.date = TODAY) -> RuleBook:
    """The rules with people who are absent on that day."""
    people = tuple(replace(p, away=((day, day),)) if p.name in names else p for p in rulebook.people)
    return replace(rulebook, people=people)


def register_of(*rows: Row, language: str = "zh", own: Sequence[str] = (), **more: Any) -> Register:
    """A register with these rows from worksheet row 4 on; a row that names no id gets the next one."""
    index = pd.Index(range(FIRST_ROW, FIRST_ROW + len(rows)), dtype="int64", name="row")
    filled = [{"id": f"QF-2026-{at:04d}", **row} for at, row in enumerate(rows, 1)]
    columns: dict[str, pd.Series[Any]] = {}
    for key in (*FIELDS, *own):
        columns[key] = column_of(key, [row.get(key) for row in filled], index)
    places = {key: at for at, key in enumerate((*FIELDS, *own), 1)}
    return Register(pd.DataFrame(columns, index=index), "反馈登记", "tblFeedback", language, 3, places, "", **more)


def column_of(key: str, values: Sequence[Any], index: pd.Index[Any]) -> pd.Series[Any]:
    """A column as the reader makes it: datetime64[s] for dates, else objects with None."""
    field = FIELDS.get(key)
    if field is not None and field.kind in (Kind.DATE, Kind.DATETIME):
        return pd.Series(pd.to_datetime(pd.Series(list(values), index=index, dtype=object))).astype("datetime64[s]")
    return pd.Series(list(values), index=index, dtype=object)


def memory_of(written: Mapping[str, Mapping[str, Any]] | None = None, **more: Any) -> Memory:
    """A memory: `written` is id -> what the program wrote last; given, there is a journal."""
    if written is None:
        return Memory(**{"fresh": True, "auto_approve": frozenset({"M01", "M18", "M19", "M20", "M21"}), **more})
    ids = pd.Index(list(written))
    frame = pd.DataFrame(
        {str(key): column_of(key, [written[id].get(key) for id in ids], ids) for key in PROGRAM_FIELDS}, index=ids
    )
    known = {"written": frame, "fresh": False, "auto_approve": frozenset({"M01", "M18", "M19", "M20", "M21"})}
    return Memory(**{**known, **more})


def sent(*keys: str, at: dt.datetime = NOW, state: str = "sent") -> dict[MessageKey, Sent]:
    """What the outbox knows: these keys, in one state."""
    return {MessageKey.parse(key): Sent(state, at if state in ("sent", "partial") else None) for key in keys}


def cells(plan: Plan, row: int = FIRST_ROW) -> dict[str, Any]:
    """What a plan writes into a row: key -> value after; the last edit of a cell counts."""
    return {edit.field: edit.after for edit in plan.edits if edit.row == row}


def codes(plan: Plan) -> list[str]:
    """The codes of a plan's findings, in order."""
    return [item.code for item in plan.findings]


def keys(plan: Plan) -> list[str]:
    """The keys of a plan's messages, in order."""
    return [message.key for message in plan.messages]


def with_edits(register: Register, plan: Plan) -> Register:
    """The register as it reads after the plan was applied."""
    changes: dict[str, dict[int, Any]] = {}
    for edit in plan.edits:
        changes.setdefault(edit.field, {})[edit.row] = edit.after
    return register.with_values(changes)


BOOKS: dict[str, bytes] = {}
"""What `make_workspace` was asked for -> the workbook it made, for the next test that asks for the same."""


def make_workspace(
    folder: Path, rows: Iterable[Row], *, language: str = "zh", own: Sequence[Any] = (), logged: bool = True
) -> Path:
    """A workspace whose register holds these rows; returns its configuration file.

    `logged`: 变更日志 shows that the program has written in the book before.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rows = list(rows)
    written = {"at": NOW - dt.timedelta(days=1), "field": "反馈编号", "because": "新反馈", "who": "qtemplate"}
    asked = repr((language, rows, own, logged))
    if asked not in BOOKS:
        BOOKS[asked] = build_workbook(
            language, people=people_rows(), products=PRODUCTS, rows=rows, own_columns=tuple(own),
            changes=[written] if logged else [],
        )  # fmt: skip
    (folder / "register.xlsx").write_bytes(BOOKS[asked])
    text = default_toml(language, "Asia/Shanghai", None, allow_domains=("example.com",), max_per_run=1000)
    (folder / "qtemplate.toml").write_text(text, "utf-8")
    return folder / "qtemplate.toml"


def field_of(key: str) -> Field:
    """The field with this key."""
    return FIELDS[key]
