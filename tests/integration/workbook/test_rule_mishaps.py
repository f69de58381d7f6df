"""What befalls the rule sheets of a workbook: told at its cell, once, and nothing is decided by what is left."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import cache
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from registers import PRODUCTS, people_rows

from qtemplate.plan import Finding
from qtemplate.rules.rulebook import RuleBook
from qtemplate.sheets import open_book, read_rulebook
from qtemplate.sheets.rulebook.rule_review import review_tables
from qtemplate.sheets.standard import build_workbook
from qtemplate.texts import say_finding

Change = Callable[[openpyxl.Workbook], object]
Told = list[tuple[str, str, str]]


@cache
def standard() -> bytes:
    return build_workbook("zh", people=people_rows(), products=PRODUCTS)


def after(change: Change) -> tuple[RuleBook, list[Finding]]:
    """The rules of the standard workbook after a change, and what `rules check` finds."""
    book, data = openpyxl.load_workbook(io.BytesIO(standard())), io.BytesIO()
    change(book)
    book.save(data)
    opened = open_book(data.getvalue())
    rules = read_rulebook(opened)
    return rules, [*rules.findings, *(found for table in review_tables(opened, rules) for found in table.findings)]


def told(findings: list[Finding]) -> Told:
    """(address, severity, sentence) of each finding."""
    return [
        (item.where.address if item.where else "", str(item.severity), say_finding(item, "zh").action)
        for item in findings
    ]


def grading(change: Callable[[Worksheet], object]) -> Change:
    return lambda book: change(book["分级规则"])


def fill(sheet: Worksheet, **cells: Any) -> None:
    for address, value in cells.items():
        sheet[address] = value


UNUSED = "改正之前不使用“分级规则”，相关步骤跳过，已有的结果保持不变。"


@pytest.mark.parametrize(
    ("change", "cell", "words"),
    [
        (lambda s: s.delete_rows(1), "A1", "第 1 行应为 决策表、名称、命中策略，现为“#、输入、输入”"),
        (lambda s: s.delete_rows(2), "A2", "第 2 行应标明每一列的用途"),
        (lambda s: s.delete_rows(3), "A3", "第 3 行应为列名，现在没有一格有列名"),
        (lambda s: s.insert_rows(1, 2), "A1", "表头 决策表 在第 3 行，应在第 1 行。请删除它上面的行"),
        (lambda s: fill(s, A1="2026 年分级标准"), "A1", "A1 应写 决策表，现为“2026 年分级标准”。请改回"),
        (lambda s: fill(s, A1=None), "A1", "A1 应写 决策表，现为“空”。请改回"),
        (lambda s: fill(s, C1="规则顺序"), "C1", "RULE ORDER 会给出多个结果或汇总，这张表只能有一个结果"),
        (lambda s: fill(s, C1="优先"), "H4", "PRIORITY 需要知道输出值的先后"),
        (lambda s: fill(s, H10=None), "H10", "规则 5 没有写“等级”，符合它的情况就没有结果"),
        (lambda s: fill(s, D10=1200), "D10", "规则 5 不可能符合：“严重性”没有任何值满足 1200"),
        (lambda s: fill(s, D10="6"), "D10", "规则 5 不可能符合：“严重性”没有任何值满足 6"),
        (lambda s: fill(s, D10="≥4，≤5"), "D10", "“严重性”的 >=4, <=5 对任何值都成立，等于没有条件"),
        (lambda s: fill(s, D10="≥4;≤5"), "D10", "“严重性”的 >=4, <=5 对任何值都成立，等于没有条件"),
        (lambda s: fill(s, D4="≥1，≤5"), "D4", "“严重性”的 >=1, <=5 对任何值都成立，等于没有条件"),
        (lambda s: fill(s, G9="≠有，≠无"), "G9", "“规避措施”的 !=\"有\", !=\"无\" 对任何值都成立，等于没有条件"),
        (lambda s: fill(s, D10="[5..4]"), "D10", "规则 5 不可能符合：“严重性”没有任何值满足 [5..4]（是否为"),
        (lambda s: fill(s, D10=">=4 and <=5"), "D10", "无法读懂“>=4 and <=5”：一格里的几个条件，符合一个就算"),
        (lambda s: fill(s, C3="问题描述", C7="包含Smoke; 起火"), "C7", "“问题描述”的“包含Smoke”会当作一段普通文字"),
        (lambda s: fill(s, C3="问题描述", C7="非 Smoke"), "C7", "“问题描述”的“非 Smoke”会当作一段普通文字"),
        (lambda s: fill(s, C3="型号", C7="A|B"), "C7", "“型号”的“A|B”会当作一段普通文字"),
        (lambda s: fill(s, C3="反馈时间", C7="<2026-2-30"), "C7", "无法读懂“<2026-2-30”：没有“2026-2-30”这一天"),
        (lambda s: s.merge_cells("E12:E13"), "E12", "E12:E13 是合并单元格：只有左上角一格有内容，其余的格都算空"),
    ],
)  # fmt: skip
def test_a_table_that_is_not_what_a_person_sees_is_told_once_and_not_used(
    change: Callable[[Worksheet], object], cell: str, words: str
) -> None:
    rules, findings = after(grading(change))
    assert rules.grading is None
    [(where, severity, said)] = told(findings)
    assert (where, severity) == (cell, "error")
    assert said.startswith(words) and said.endswith(UNUSED)


@pytest.mark.parametrize("blank", [6, 9, 17])
def test_rules_below_a_blank_row_are_no_rules_and_that_is_told(blank: int) -> None:
    rules, findings = after(grading(lambda sheet: sheet.insert_rows(blank)))
    assert rules.grading is None
    [(where, _, said)] = [item for item in told(findings) if item[1] == "error"]
    names = "、".join(str(number) for number in range(blank - 5, 13)[:8])
    assert where == f"A{blank + 1}"
    assert said.startswith(
        f"第 {blank} 行是空行，表到此为止：第 {blank + 1} 行起还有像规则的内容（{names}），不会被读取"
    )


def test_examples_and_remarks_below_a_table_are_no_lost_rules() -> None:
    def add(sheet: Worksheet) -> None:
        fill(sheet, A22="示例", A23="屏幕不亮", D23=4, H23="重要", A26="改动记录", B26="2026-7-1 由周敏修改")

    rules, findings = after(grading(add))
    assert (rules.grading is None, findings) == (False, [])


def test_a_merged_remark_is_nobodys_business() -> None:
    rules, findings = after(grading(lambda sheet: sheet.merge_cells("I12:I13")))
    assert (rules.grading is None, findings) == (False, [])


def test_a_department_that_nobody_knows_is_pointed_out_and_the_table_still_used() -> None:
    rules, findings = after(lambda book: fill(book["分派规则"], C6="研发"))
    assert rules.assignment is not None
    assert told(findings) == [
        (
            "C6",
            "warning",
            "“责任部门”没有“研发”这个值（是否为“研发部”？）。可用的值：品控部、研发部、生产部、客服部、设计部。",
        )
    ]


def test_a_renamed_table_is_told_with_the_name_it_should_have() -> None:
    def rename(book: openpyxl.Workbook) -> None:
        book["分级规则"].title = "分级标准"

    rules, findings = after(rename)
    assert rules.grading is None
    [(_, severity, said)] = told(findings)
    assert (severity, "“分级标准”看起来就是它：把它改名为“分级规则”。" in said) == ("warning", True)


def test_a_copy_beside_a_table_says_which_one_counts() -> None:
    def copy(book: openpyxl.Workbook) -> None:
        book.copy_worksheet(book["分级规则"]).title = "分级规则 (2)"

    rules, [found] = after(copy)
    assert rules.grading is not None
    assert (str(found.where), found.code) == ("分级规则 (2)!A1", "QT224")
    assert say_finding(found, "zh").action.startswith("这张表没有步骤使用：起作用的是“分级规则”。")


@pytest.mark.parametrize("header", ["反馈时间", "实施完成", "计划完成", "严重性", "等级", "责任人", "反馈天数"])
@pytest.mark.parametrize("policy", ["首个", "唯一"])
def test_asking_whether_a_column_is_empty_is_no_mistake_whatever_it_holds(header: str, policy: str) -> None:
    def ask(book: openpyxl.Workbook) -> None:
        sheet = book["优先级规则"]
        sheet.delete_rows(6, 10)
        fill(sheet, C1=policy, B3=header, B6="null", D6="P1", B7="not(null)", D7="P2", A6="1", A7="2", C6="-", C7="-")

    rules, findings = after(ask)
    assert findings == []
    assert rules.priority is not None and len(rules.priority.rules) == 2


def test_a_date_may_be_asked_for_a_day_for_being_filled_and_for_being_empty_in_one_column() -> None:
    def ask(book: openpyxl.Workbook) -> None:
        sheet = book["优先级规则"]
        sheet.delete_rows(6, 10)
        fill(
            sheet,
            B3="实施完成",
            A6="1",
            B6="<2026-7-1",
            D6="P1",
            A7="2",
            B7="not(null)",
            D7="P2",
            A8="3",
            B8="空",
            D8="P3",
        )

    assert after(ask)[1] == []
