"""What a team demands of its columns in 数据字典: each kind of demand, on its own columns and on the product's."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import openpyxl
import pytest
from msgspec.structs import replace
from registers import NOW, WHOLE, cells, memory_of, register_of

from qtemplate.plan import CellEdit, Finding, Phrase, Severity
from qtemplate.rules.rulebook import FieldRule, RuleBook
from qtemplate.rules.situation import Situation
from qtemplate.rules.steps.check_columns import check_columns
from qtemplate.rules.steps.validate import validate
from qtemplate.sheets import open_book, read_register, read_rulebook
from qtemplate.sheets.standard import OwnColumn, build_workbook
from qtemplate.texts import say_finding

PLAIN: dict[str, Any] = {
    "required": False, "type": "", "allowed": "", "pattern": "", "unique": False, "minimum": None, "maximum": None,
    "severity": "error", "row": 4,
}  # fmt: skip


def rule(field: str, **demands: Any) -> FieldRule:
    return FieldRule(field, **(PLAIN | demands))


def told(rules: FieldRule | RuleBook, *values: Any, field: str = "") -> list[tuple[int, str, str]]:
    """(row, code, found) for a column with these values, one row a value, from row 4 on."""
    book = RuleBook(dictionary=(rules,)) if isinstance(rules, FieldRule) else rules
    field = field or book.dictionary[0].field
    own = () if field in WHOLE or field in ("serial", "quantity", "department", "planned_at") else (field,)
    register = register_of(*({**WHOLE, field: value} for value in values), own=own)
    return [
        (item.where.row, item.code, item.found)
        for item in check_columns(Situation(register, book, memory_of(), NOW))
        if item.where
    ]


@pytest.mark.parametrize(
    ("demand", "good", "bad", "code"),
    [
        (rule("区域", required=True), ["华东"], [None], "QT160"),
        (rule("成本", type="number"), [1, 2.5, 0, "12.5"], ["约五百", dt.date(2026, 1, 3)], "QT161"),
        (rule("到货", type="date"), [dt.date(2026, 1, 3), dt.datetime(2026, 1, 3, 9)], ["下周", 46000], "QT166"),
        (rule("图号", type="text"), ["A-1", 17], [dt.date(2026, 1, 3)], "QT167"),
        (rule("图号", pattern=r"A\d{3}"), ["A001"], ["a001", "A0011", 5], "QT163"),
        (rule("serial", pattern=r"\d{8}"), ["00012345"], ["12345"], "QT163"),
        (rule("成本", minimum=0, maximum=9.5), [0, 9.5, "3"], [-0.01, 10, "11"], "QT165"),
        (rule("quantity", maximum=100), [100], [101], "QT165"),
        (
            rule("到货", earliest=dt.datetime(2026, 1, 1), latest=dt.datetime(2026, 6, 30)),
            [dt.date(2026, 1, 1), dt.datetime(2026, 6, 30, 23, 59)],
            [dt.date(2025, 12, 31), dt.date(2026, 7, 1)],
            "QT165",
        ),
        (
            rule("planned_at", earliest=dt.datetime(2026, 1, 1), latest=dt.datetime(2026, 6, 30)),
            [dt.datetime(2026, 1, 1), dt.datetime(2026, 6, 30)],
            [dt.datetime(2025, 12, 31), dt.datetime(2026, 7, 1)],
            "QT165",
        ),
    ],
)
def test_each_demand_tells_the_bad_cells_and_no_others(
    demand: FieldRule, good: list[Any], bad: list[Any], code: str
) -> None:
    found = told(demand, *good, *bad)
    first_bad = 4 + len(good)
    assert [(row, said) for row, said, _ in found] == [(first_bad + at, code) for at in range(len(bad))]
    if None not in bad:
        assert told(demand, *good, None) == []  # an empty cell is for 必填 alone


def test_a_list_of_a_teams_own_column_and_of_a_text_column_of_the_product() -> None:
    lists = {"区域": {"华东": "华东", "华南": "华南"}, "department": {"研发部": "研发部"}}
    book = RuleBook(dictionary=(rule("区域", type="list", allowed="区域"),), lists=lists)
    assert told(book, "华东", "华北") == [(5, "QT162", "华北")]
    departments = RuleBook(dictionary=(rule("department", allowed="department"),), lists=lists)
    assert told(departments, "研发部", "研发") == [(5, "QT162", "研发")]


def test_a_repeated_value_names_the_row_it_repeats() -> None:
    register = register_of(*({**WHOLE, "serial": serial} for serial in ("A1", "A2", "A1", None, None)))
    found = list(
        check_columns(Situation(register, RuleBook(dictionary=(rule("serial", unique=True),)), memory_of(), NOW))
    )
    assert [(item.id, dict(item.facts)["other"]) for item in found] == [
        ("QF-2026-0001", "QF-2026-0003"),
        ("QF-2026-0003", "QF-2026-0001"),
    ]


def test_columns_may_be_unique_together() -> None:
    both = rule("serial", unique_with=("batch",))
    rows = [("B1", "1"), ("B2", "1"), ("B1", "2"), ("B1", "1"), (None, "1")]
    register = register_of(*({**WHOLE, "batch": batch, "serial": serial} for batch, serial in rows))
    found = list(check_columns(Situation(register, RuleBook(dictionary=(both,)), memory_of(), NOW)))
    assert [(item.code, item.where.row if item.where else 0) for item in found] == [("QT164", 4), ("QT164", 7)]
    assert "序列号、批次号" in say_finding(found[0], "zh").expected
    assert "Serial, Batch" in say_finding(found[0], "en").expected


@pytest.mark.parametrize(("severity", "check"), [("error", "错误：成本"), ("warning", "通过"), ("info", "通过")])
def test_the_severity_is_the_teams(severity: str, check: str) -> None:
    book = RuleBook(dictionary=(rule("成本", type="number", severity=severity),))
    plan = validate(Situation(register_of({**WHOLE, "成本": "多"}, own=("成本",)), book, memory_of(), NOW))
    assert [item.severity for item in plan.findings if item.code == "QT161"] == [Severity(severity)]
    assert str(cells(plan)["check"]).startswith(check)


# -- as people type it ------------------------------------------------------------------------------------------------


def workbook_with(demands: dict[str, dict[str, Any]], rows: list[dict[str, Any]], *own: OwnColumn) -> bytes:
    """The standard workbook, cells of 数据字典 filled in: field -> {header there: content}."""
    content = build_workbook("zh", rows=rows, own_columns=own)
    book = openpyxl.load_workbook(io.BytesIO(content))
    ws: Any = book["数据字典"]
    headers = {cell.value: cell.column for cell in ws[3] if cell.column <= 10}
    for line in ws.iter_rows(min_row=4, max_col=1):
        for header, value in demands.get(line[0].value, {}).items():
            ws.cell(line[0].row, headers[header]).value = value
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def checked(content: bytes) -> tuple[list[Finding], RuleBook]:
    book = open_book(content)
    rules = read_rulebook(book)
    types = {demand.field: demand.type for demand in rules.dictionary}
    register = read_register(book, lists=rules.lists, own_types=types)
    return [*register.findings, *check_columns(Situation(register, rules, memory_of(), NOW))], rules


@pytest.mark.parametrize(
    ("condition", "needing"),
    [
        ("反馈者类型=经销商", [1]),
        ("反馈者类型 = 经销商, 内部员工", [1, 2]),
        ("严重性≥4", [0, 2]),
        ("严重性≥4 且 反馈者类型=外部客户", [0]),
        ("Severity >= 4 and Reporter type: Staff", [2]),
        ("组别=甲", [1]),
        ("问题标题=包含(起火)", [2]),
        ("严重性=空", []),
    ],
)
def test_a_column_may_be_required_under_a_condition(condition: str, needing: list[int]) -> None:
    facts = (("外部客户", 5, "乙", "屏幕不亮"), ("经销商", 3, "甲", "按键失灵"), ("内部员工", 4, "乙", "电池起火"))
    rows = [
        {**WHOLE, "id": f"QF-2026-000{at}", "reporter_type": kind, "severity": severity, "组别": team, "title": title}
        for at, (kind, severity, team, title) in enumerate(facts)
    ]
    content = workbook_with({"图号": {"必填": condition}}, rows, OwnColumn("图号"), OwnColumn("组别"))
    found, rules = checked(content)
    assert rules.findings == ()
    assert [item.id for item in found if item.code == "QT160"] == [f"QF-2026-000{at}" for at in needing]


def test_a_condition_sees_a_new_value_of_a_column_that_it_only_compares_with() -> None:
    rows = [{**WHOLE, "id": "QF-2026-0001", "implemented_at": dt.datetime(2026, 3, 2)}]
    book = open_book(workbook_with({"图号": {"必填": "实施完成>转交时间"}}, rows, OwnColumn("图号")))
    rules = read_rulebook(book)
    register = read_register(book, lists=rules.lists)
    row = int(register.frame.index[0])
    handed = register.with_values({"transferred_at": {row: dt.datetime(2026, 3, 1)}})
    before = Situation(handed, rules, memory_of(), NOW)
    first = [item.id for item in check_columns(before) if item.code == "QT160"]
    again = before.with_edits(
        [CellEdit(row, None, "transferred_at", None, dt.datetime(2026, 3, 3), Phrase("because.form"))]
    )
    needing = [
        first,
        [item.id for item in check_columns(again) if item.code == "QT160"],
    ]
    assert needing == [["QF-2026-0001"], []]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("反馈者类型=经消商", "经销商"),
        ("反馈者种类=经销商", "反馈者类型"),
        ("严重性≥四", "“四”不是本表的列"),
        ("严重性≥4，≤5", "（是否为“[4..5]”？）"),
        ("问题描述=*起火*", "（是否为“包含(起火)”？）"),
    ],
)
def test_a_condition_that_cannot_hold_is_told_with_its_cell(typed: str, said: str) -> None:
    rules = read_rulebook(open_book(workbook_with({"图号": {"必填": typed}}, [], OwnColumn("图号"))))
    assert [item.code for item in rules.findings] == ["QT211"]
    where = rules.findings[0].where
    assert where is not None
    assert (where.sheet, where.address[0]) == ("数据字典", "B")
    assert said in say_finding(rules.findings[0], "zh").message


def test_unique_columns_are_named_in_the_cell_and_a_wrong_name_is_told() -> None:
    content = workbook_with({"序列号": {"唯一": "批次号+序列号"}, "批次号": {"唯一": "批号+序列号"}}, [])
    rules = read_rulebook(open_book(content))
    assert {demand.field: demand.unique_with for demand in rules.dictionary if demand.unique_with} == {
        "serial": ("batch",)
    }
    assert [(item.code, dict(item.facts)["near"]) for item in rules.findings] == [("QT212", "批次号")]


def test_ranges_of_dates_are_read_and_own_columns_are_normalised_in_memory_only() -> None:
    demands: dict[str, dict[str, Any]] = {
        "计划完成": {"最小": dt.date(2026, 1, 1), "最大": "2026年12月31日"},
        "成本": {"最大": 500},
    }
    rows = [
        {**WHOLE, "id": "QF-2026-0001", "planned_at": dt.date(2027, 1, 4), "成本": "６００", "到货": "2026年3月7日"},
        {**WHOLE, "id": "QF-2026-0002", "planned_at": dt.date(2026, 12, 31), "成本": "1,200.50", "到货": "3/7"},
    ]
    content = workbook_with(demands, rows, OwnColumn("成本", "number"), OwnColumn("到货", "date"))
    found, _ = checked(content)
    assert [(item.id, item.code, item.field) for item in found] == [
        ("QF-2026-0001", "QT108", "成本"),
        ("QF-2026-0001", "QT104", "到货"),
        ("QF-2026-0002", "QT108", "成本"),
        ("QF-2026-0001", "QT165", "planned_at"),
        ("QF-2026-0001", "QT165", "成本"),
        ("QF-2026-0002", "QT165", "成本"),
        ("QF-2026-0002", "QT166", "到货"),
    ]


@pytest.mark.parametrize(
    ("absent", "emptied", "code", "column"),
    [
        (("phone",), ("phone", "email", "contact_other"), "QT111", "email"),
        (("phone", "email"), ("phone", "email", "contact_other"), "QT111", "contact_other"),
        (("scene", "env_hardware"), ("scene", "env_hardware", "env_software", "env_network"), "QT112", "env_software"),
    ],
)
def test_what_one_of_several_columns_has_to_hold_is_missing_in_the_first_that_is_there(
    absent: tuple[str, ...], emptied: tuple[str, ...], code: str, column: str
) -> None:
    register = register_of(WHOLE | dict.fromkeys(emptied))
    there = {key: at for key, at in register.columns.items() if key not in absent}
    plan = validate(Situation(replace(register, columns=there), RuleBook(), memory_of(), NOW))
    assert [(item.code, item.field, item.where is not None) for item in plan.findings] == [(code, column, True)]
    assert str(cells(plan)["check"]).startswith("待补充：")  # a row that lacks it never passes
