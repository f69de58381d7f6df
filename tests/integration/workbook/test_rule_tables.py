"""Decision tables in real workbooks: layout, kinds of cell, other sheets, and what is refused with its address."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from workbook_makers import read_parts, write_parts

from qtemplate.dmn.model import Aggregation, HitPolicy
from qtemplate.dmn.unary_tests import strict_text
from qtemplate.errors import RegisterUnreadable, RuleTableError
from qtemplate.ooxml.reading.book import open_book
from qtemplate.sheets import read_decision_tables
from qtemplate.sheets.rulebook.rule_tables import decision_tables_in

Rows = Sequence[Sequence[Any]]
HEAD: Rows = [
    ["决策表", "定级", "首个", None],
    ["#", "输入", "输入", "输出", "备注"],
    ["编号", "age", "kind", "level", "why"],
    ["允许值", None, '"a", "b"', '"high", "low"', None],
    ["缺省", None, None, '"low"', None],
]
RULES: Rows = [[1, ">=18", '"a"', '"high"', "grown"], ["two", "[5..18)", "-", '"low"', None]]


def write(path: Path, sheets: dict[str, Rows]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)  # type: ignore[arg-type]  # a new workbook has an active sheet
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row, cells in enumerate(rows, 1):
            for column, value in enumerate(cells, 1):
                if value is not None:
                    sheet.cell(row, column, value)
    book.save(path)
    return path


def changed(rows: Rows, cell: tuple[int, int], value: Any) -> list[list[Any]]:
    """The rows with one cell, by 1-based row and column, replaced."""
    copy = [list(row) for row in rows]
    while len(copy) < cell[0]:
        copy.append([])
    copy[cell[0] - 1] += [None] * (cell[1] - len(copy[cell[0] - 1]))
    copy[cell[0] - 1][cell[1] - 1] = value
    return copy


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return tmp_path / "rules.xlsx"


def refused(book: Path, rows: Rows, *, strict: bool = True) -> RuleTableError:
    with pytest.raises(RuleTableError) as caught:
        read_decision_tables(write(book, {"T": rows}), strict=strict)
    return caught.value


def test_a_table_is_read_with_everything_in_it(book: Path) -> None:
    [table] = read_decision_tables(write(book, {"T00": [*HEAD, *RULES]}), strict=True).values()
    assert (table.name, table.sheet, table.hit_policy, table.aggregation) == (
        "定级",
        "T00",
        HitPolicy.FIRST,
        Aggregation.NONE,
    )
    assert [(column.name, column.letter) for column in table.inputs] == [("age", "B"), ("kind", "C")]
    assert [column.name for column in table.outputs] == ["level"]
    assert [literal.value for literal in table.outputs[0].allowed] == ["high", "low"]
    assert table.outputs[0].default is not None
    assert table.outputs[0].default.value == "low"
    assert [(rule.identifier, rule.row, rule.notes) for rule in table.rules] == [
        ("1", 6, ("grown",)),
        ("two", 7, ("",)),
    ]
    decision = table.decide(pd.DataFrame({"age": [20, 10, 3], "kind": ["a", "b", "a"]}))
    assert decision.outputs == ["high", "low", "low"]
    assert decision.matched == [("1",), ("two",), ()]


def test_tables_come_in_sheet_order_and_other_sheets_are_left_alone(book: Path) -> None:
    table = [*HEAD, *RULES]
    shifted = [[None] * 5, *[[None, *row] for row in table]]  # the same table, but not at A1
    sheets: dict[str, Rows] = {"b": table, "notes": [["hello"]], "shifted": shifted, "a": table, "empty": []}
    assert list(read_decision_tables(write(book, sheets), strict=True)) == ["b", "a"]


@pytest.mark.parametrize("marker", ["决策表", "decision table", "Decision Table", " 决策表 "])
def test_the_marker_may_be_written_in_either_language(book: Path, marker: str) -> None:
    assert read_decision_tables(write(book, {"T": changed([*HEAD, *RULES], (1, 1), marker)}), strict=True)


def test_english_labels_mean_the_same(book: Path) -> None:
    english: Rows = [
        ["decision table", "Grading", "UNIQUE"],
        ["#", "input", "output", "note"],
        ["rule", "x", "y", "n"],
        ["allowed", None, "1, 2"],
        ["default", None, 2],
        ["a", 1, 1],
    ]
    [table] = read_decision_tables(write(book, {"T": english}), strict=True).values()
    assert table.decide(pd.DataFrame({"x": [1, 5]})).outputs == [1, 2]


@pytest.mark.parametrize(
    ("typed", "policy"),
    [
        (name, policy)
        for policy, names in {
            HitPolicy.UNIQUE: ("UNIQUE", "unique", "U", "唯一", None),
            HitPolicy.FIRST: ("FIRST", "F", "首个"),
            HitPolicy.ANY: ("ANY", "A", "任一"),
            HitPolicy.PRIORITY: ("PRIORITY", "P", "优先"),
            HitPolicy.OUTPUT_ORDER: ("OUTPUT ORDER", "OUTPUT_ORDER", "O", "输出顺序"),
            HitPolicy.RULE_ORDER: ("RULE ORDER", "R", "规则顺序"),
            HitPolicy.COLLECT: ("COLLECT", "C", "汇集"),
        }.items()
        for name in names
    ],
)
def test_hit_policies_have_names_letters_and_chinese(book: Path, typed: str | None, policy: HitPolicy) -> None:
    [table] = read_decision_tables(write(book, {"T": changed([*HEAD, *RULES], (1, 3), typed)}), strict=True).values()
    assert table.hit_policy is policy


@pytest.mark.parametrize(
    ("policy", "typed", "aggregation"),
    [
        ("COLLECT", "SUM", Aggregation.SUM),
        ("C", "+", Aggregation.SUM),
        ("C", "min", Aggregation.MIN),
        ("C", "<", Aggregation.MIN),
        ("C", "MAX", Aggregation.MAX),
        ("C", ">", Aggregation.MAX),
        ("汇集", "COUNT", Aggregation.COUNT),
        ("C", "#", Aggregation.COUNT),
        ("C+", None, Aggregation.SUM),
        ("C#", None, Aggregation.COUNT),
    ],
)
def test_aggregations_have_names_and_signs(
    book: Path, policy: str, typed: str | None, aggregation: Aggregation
) -> None:
    rows = changed(changed([*HEAD, *RULES], (1, 3), policy), (1, 4), typed)
    [table] = read_decision_tables(write(book, {"T": rows}), strict=True).values()
    assert (table.hit_policy, table.aggregation) == (HitPolicy.COLLECT, aggregation)


def test_a_blank_row_ends_the_table_and_what_stands_below_is_not_read(book: Path) -> None:
    rows = [*HEAD, *RULES, [None, None, None, None, None, "beside"], ["试算", ">>>", "not a cell"]]
    [table] = read_decision_tables(write(book, {"T": rows}), strict=True).values()
    assert [rule.row for rule in table.rules] == [6, 7]


def test_columns_without_a_label_and_a_name_are_free_for_notes(book: Path) -> None:
    rows = changed([*HEAD, *RULES], (6, 7), "just a remark")
    [table] = read_decision_tables(write(book, {"T": rows}), strict=True).values()
    assert len(table.rules) == 2


def test_rows_of_allowed_values_and_defaults_may_be_left_out(book: Path) -> None:
    [table] = read_decision_tables(write(book, {"T": [*HEAD[:3], *RULES]}), strict=True).values()
    assert (table.allowed_row, table.default_row, [rule.row for rule in table.rules]) == (0, 0, [4, 5])


@pytest.mark.parametrize(
    ("value", "strict"),
    [
        (5, "5"),
        (5.5, "5.5"),
        (True, "true"),
        (dt.date(2026, 3, 7), 'date("2026-03-07")'),
        (dt.datetime(2026, 3, 7), 'date("2026-03-07")'),
        (dt.datetime(2026, 3, 7, 10, 30), 'date and time("2026-03-07T10:30:00")'),
        (dt.time(10, 30), 'time("10:30:00")'),
        (dt.timedelta(hours=30), 'duration("P1DT6H")'),
        ("5", "5"),
        ('"5"', '"5"'),
        ("  -  ", "-"),
        (None, "-"),
    ],
)
def test_real_excel_values_are_literals_in_strict_cells(book: Path, value: Any, strict: str) -> None:
    rows = changed(changed([*HEAD, *RULES], (6, 2), value), (6, 4), value if not isinstance(value, str) else '"high"')
    [table] = read_decision_tables(write(book, {"T": rows}), strict=True).values()
    assert strict_text(table.rules[0].tests[0]) == strict


def test_dates_of_a_1904_workbook_are_the_dates_shown(book: Path) -> None:
    write(book, {"T": [*HEAD, *RULES]})
    workbook = openpyxl.load_workbook(book)
    workbook.epoch = CALENDAR_MAC_1904
    workbook["T"]["B6"] = dt.datetime(2026, 3, 7)
    workbook.save(book)
    [table] = read_decision_tables(book, strict=True).values()
    assert strict_text(table.rules[0].tests[0]) == 'date("2026-03-07")'


def test_a_percentage_is_its_number(book: Path) -> None:
    write(book, {"T": [*HEAD, *RULES]})
    workbook = openpyxl.load_workbook(book)
    workbook["T"]["B6"] = 0.2
    workbook["T"]["B6"].number_format = "0%"
    workbook.save(book)
    [table] = read_decision_tables(book, strict=True).values()
    assert strict_text(table.rules[0].tests[0]) == "0.2"


@pytest.mark.parametrize(("typed", "identifier"), [(1, "1"), (1.5, "1.5"), ("R-01", "R-01"), ("01", "01")])
def test_identifiers_are_what_the_sheet_shows(book: Path, typed: Any, identifier: str) -> None:
    [table] = read_decision_tables(write(book, {"T": changed([*HEAD, *RULES], (6, 1), typed)}), strict=True).values()
    assert table.rules[0].identifier == identifier


@pytest.mark.parametrize(
    ("cell", "value", "where"),
    [
        ((6, 2), ">1 AND", "B6"),
        ((7, 3), '"a', "C7"),
        ((6, 4), "high", "D6"),
        ((4, 2), "[1..", "B4"),
        ((4, 4), ">3", "D4"),
        ((5, 4), "low", "D5"),
        ((6, 2), "≥5", "B6"),
        ((6, 2), "#N/A", "B6"),
        ((6, 1), None, "A6"),
        ((1, 3), "FRIST", "C1"),
        ((1, 4), "AVERAGE", "D1"),
        ((1, 4), "SUM", "D1"),
        ((2, 2), "inptu", "B2"),
        ((2, 2), None, "B2"),
        ((3, 2), None, "B3"),
        ((3, 3), "age", "C3"),
        ((2, 4), "备注", "A2"),
    ],
)
def test_what_cannot_be_read_is_refused_with_sheet_and_cell(
    book: Path, cell: tuple[int, int], value: Any, where: str
) -> None:
    error = refused(book, changed([*HEAD, *RULES], cell, value))
    assert (error.sheet, error.cell) == ("T", where)
    assert str(error).startswith(f"T!{where}: ")


def test_a_wrong_hit_policy_is_answered_with_the_nearest(book: Path) -> None:
    assert 'did you mean "FIRST"?' in str(refused(book, changed([*HEAD, *RULES], (1, 3), "FRIST")))


def test_several_outputs_cannot_be_summed(book: Path) -> None:
    rows = changed(changed([*HEAD, *RULES], (1, 3), "C"), (1, 4), "SUM")
    rows = changed(changed(rows, (2, 5), "输出"), (6, 5), 1)
    assert refused(book, rows).cell == "D1"


def test_lenient_is_the_default_and_takes_what_people_type(book: Path) -> None:
    rows: Rows = [
        ["决策表", "定级", "首个"],
        ["#", "输入", "输入", "输出"],
        ["编号", "严重性", "问题描述", "等级"],
        ["允许值", None, None, "紧急，重要"],
        ["缺省"],
        [1, "≥４", "包含（起火，爆炸）", "紧急"],
        [2, "1~3", "非（小事）", "重要"],
    ]
    [table] = read_decision_tables(write(book, {"分级规则": rows})).values()
    frame = pd.DataFrame({"严重性": [5, 2, 2], "问题描述": ["电池起火", "划痕", "小事"]})
    assert table.decide(frame).outputs == ["紧急", "重要", None]
    error = refused(book, rows, strict=True)
    assert error.cell == "D4"


def test_problems_of_all_tables_are_collected_and_sound_tables_stay_usable(book: Path) -> None:
    broken = changed(changed([*HEAD, *RULES], (6, 2), ">>1"), (7, 3), '"a')
    write(book, {"good": [*HEAD, *RULES], "bad": broken})
    tables, problems = decision_tables_in(open_book(book))
    assert list(tables) == ["good"]
    assert [(problem.sheet, problem.cell) for problem in problems] == [("bad", "B6"), ("bad", "C7")]
    for problem in problems:
        assert problem.sentence("zh")
        assert problem.sentence("en")


def test_a_table_without_rules_is_a_warning_and_matches_nothing(book: Path) -> None:
    write(book, {"T": HEAD})
    tables, problems = decision_tables_in(open_book(book), strict=True)
    assert [(problem.code, problem.severity.value) for problem in problems] == [("no_rules", "warning")]
    assert tables["T"].rules == ()


def test_a_file_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "rules.xlsx"
    path.write_bytes(b"not a zip")
    with pytest.raises(RegisterUnreadable):
        read_decision_tables(path)
    with pytest.raises(RegisterUnreadable):
        read_decision_tables(tmp_path / "absent.xlsx")


def test_a_column_may_be_called_date(book: Path) -> None:
    rows: Rows = [
        ["decision table", "d", "UNIQUE"],
        ["#", "input", "input", "output"],
        ["rule", "date", "due date", "out"],
        ["allowed"],
        ["default"],
        [1, '>=date("2026-01-01")', "> date", 1],
    ]
    [table] = read_decision_tables(write(book, {"T": rows}), strict=True).values()
    frame = pd.DataFrame({"date": [dt.date(2026, 1, 2)] * 2, "due date": [dt.date(2026, 1, 3), dt.date(2026, 1, 1)]})
    assert table.decide(frame).outputs == [1, None]


def test_full_width_punctuation_in_a_strict_cell_is_told_with_the_strict_spelling(book: Path) -> None:
    error = refused(book, changed([*HEAD, *RULES], (6, 2), "［1..5］，9"))
    assert str(error) == 'T!B6: "［1..5］，9" has full-width punctuation. Write [1..5],9'


@pytest.mark.parametrize("strict", [True, False])
@pytest.mark.parametrize("cell", [(6, 2), (7, 3), (7, 4), (8, 4)])
def test_a_formula_that_excel_has_not_calculated_is_no_empty_cell(
    book: Path, cell: tuple[int, int], strict: bool
) -> None:
    rows = [*HEAD, *RULES, ["3", None, None, '"low"', None]]
    error = refused(book, changed(rows, cell, "=1+A6&"), strict=strict)
    address = f"{'ABCD'[cell[1] - 1]}{cell[0]}"
    assert str(error) == (
        f"T!{address}: the formula =1+A6& has no value yet. Open the workbook in Excel and save it, or type the value"
    )


@pytest.mark.parametrize("strict", [True, False])
def test_a_formula_that_is_one_literal_says_as_a_test_what_it_is_as_a_formula(book: Path, strict: bool) -> None:
    rows: Rows = [["decision table", "t", "F"], ["#", "input", "output"], ["rule", "x", "out"]]
    table = [*rows, [1, "= 5", "=-7"], [2, '="a"', '="b"'], [3, "-", "=true"]]
    [read] = read_decision_tables(write(book, {"T": table}), strict=strict).values()
    assert [strict_text(rule.tests[0]) for rule in read.rules] == ["5", '"a"', "-"]
    assert read.decide(pd.DataFrame({"x": pd.Series([5, "a", None], dtype=object)})).outputs == [-7, "b", True]


def test_a_formula_whose_value_is_an_empty_text_is_calculated(book: Path) -> None:
    write(book, {"T": changed(changed([*HEAD, *RULES], (6, 2), "=10+8"), (7, 3), "=T(0)")})
    parts = read_parts(book)
    [name] = [name for name in parts if "worksheets/" in name]
    xml = parts[name].replace(b"<f>10+8</f><v></v>", b"<f>10+8</f><v>18</v>")
    parts[name] = xml.replace(b'<c r="C7"', b'<c r="C7" t="str"')
    [table] = read_decision_tables(write_parts(book, parts), strict=True).values()
    assert [[strict_text(test) for test in rule.tests] for rule in table.rules] == [["18", '"a"'], ["[5..18)", "-"]]


def test_a_thousands_separator_is_pointed_out(book: Path) -> None:
    write(book, {"T": changed([*HEAD, *RULES], (6, 2), "1,000")})
    _, problems = decision_tables_in(open_book(book))
    assert [(problem.code, problem.cell, problem.severity.value) for problem in problems] == [
        ("thousands", "B6", "warning")
    ]
