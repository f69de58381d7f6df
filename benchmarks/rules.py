"""What the README says about the speed of rules: `python benchmarks/rules.py`.

Times differ from machine to machine and from run to run; the ratios within one run are the figures.
"""

from __future__ import annotations

import datetime as dt
import random
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from dictionary_checks import best
from dictionary_checks import compare as compare_dictionary_checks

from qtemplate.dmn.decision_table import DecisionTable
from qtemplate.dmn.model import HitPolicy, InputColumn, OutputColumn, Rule
from qtemplate.dmn.table_checks import check_table
from qtemplate.dmn.unary_tests import Comparison, Contains, Literal, NoneOf, Test, UnaryTests, parse_unary_tests

ROWS = 100_000
LEVELS = ("urgent", "major", "normal", "minor")
COLUMNS = ("channel", "severity", "share", "received", "description")
CHANNELS = ("hotline", "website", "email", "social", "in_product", "dealer", "internal", "other")
KEYWORDS = (
    "起火",
    "爆炸",
    "冒烟",
    "漏电",
    "鼓包",
    "漏水",
    "异响",
    "死机",
    "黑屏",
    "无法启动",
    "断裂",
    "异味",
    "划痕",
    "退货",
)
CHARACTERS = "电池充电发热用户反映产品使用过程中出现问题希望尽快处理影响正常生产现场环境温度湿度较高已联系客服等待回复"


def make_frame(rows: int, seed: int = 7) -> pd.DataFrame:
    """Feedback as openpyxl would give it: objects in every column, all descriptions different."""
    chance = random.Random(seed)
    first = dt.datetime(2025, 1, 1)

    def description(number: int) -> str:
        text = "".join(chance.choices(CHARACTERS, k=40))
        return f"{text}{chance.choice(KEYWORDS) if chance.random() < 0.1 else ''}{number}"

    return pd.DataFrame(
        {
            "channel": pd.Series([chance.choice(CHANNELS) for _ in range(rows)], dtype=object),
            "severity": pd.Series([chance.randint(1, 5) for _ in range(rows)], dtype=object),
            "share": pd.Series([round(chance.random(), 3) for _ in range(rows)], dtype=object),
            "received": pd.Series(
                [first + dt.timedelta(days=chance.randrange(700)) for _ in range(rows)], dtype=object
            ),
            "description": pd.Series([description(number) for number in range(rows)], dtype=object),
        }
    )


def grading_cells(rules: int = 30, seed: int = 3) -> list[tuple[str, ...]]:
    """Cells of a grading table: lists and `not` on text, intervals, comparisons, dates, keywords; a catch-all last."""
    chance = random.Random(seed)
    cells: list[tuple[str, ...]] = []
    for number in range(rules - 1):
        channels = ", ".join(f'"{name}"' for name in chance.sample(CHANNELS, 3))
        words = ", ".join(f'contains(?, "{KEYWORDS[(number + step) % len(KEYWORDS)]}")' for step in range(2))
        low = chance.randint(1, 4)
        cells.append(
            (
                chance.choice([channels, channels, f"not({channels})", "-"]),
                chance.choice([f"[{low}..{low + 1}]", f">={low}", "5", "-"]),
                chance.choice([f">{chance.random():.2f}", f"<={chance.random():.2f}", f"[0.{low}..0.{low + 3}]", "-"]),
                chance.choice([f'>=date("2026-0{chance.randint(1, 9)}-01")', f'<date("2025-0{low}-15")', "-"]),
                words if number % 2 == 0 else "-",
            )
        )
    return [*cells, ("-",) * 5]


def loose_cells(rules: int = 30, seed: int = 3) -> list[tuple[str, ...]]:
    """As `grading_cells`, but every condition holds for half of the rows or more: each row meets many rules.

    A CASE stops at the first of them; a table goes on, to tell all that matched.
    """
    chance = random.Random(seed)
    cells: list[tuple[str, ...]] = []
    for number in range(rules - 1):
        channels = ", ".join(f'"{name}"' for name in chance.sample(CHANNELS, 3))
        words = ", ".join(f'contains(?, "{KEYWORDS[(number + step) % len(KEYWORDS)]}")' for step in range(2))
        cells.append(
            (
                chance.choice(["-", channels, f"not({channels})"]),
                chance.choice(["-", ">=3", "<=3", "[2..4]"]),
                chance.choice(["-", ">0.5", "<=0.5", "[0.2..0.8]"]),
                chance.choice(["-", '>=date("2026-01-01")', '<date("2026-01-01")']),
                words if number % 2 == 0 else "-",
            )
        )
    return [*cells, ("-",) * 5]


def make_table(cells: Sequence[tuple[str, ...]], names: Sequence[str], policy: HitPolicy) -> DecisionTable:
    """A table of the cells; outputs go round the levels."""
    rules = tuple(
        Rule(str(n + 1), n + 6, tuple(map(parse_unary_tests, row)), (Literal.of(LEVELS[n % len(LEVELS)]),))
        for n, row in enumerate(cells)
    )
    inputs = tuple(InputColumn(name, chr(66 + n)) for n, name in enumerate(names))
    return DecisionTable("grading", "grading", policy, inputs, (OutputColumn("level"),), rules)


def _sql_value(value: Any) -> str:
    if isinstance(value, dt.date):
        return f"TIMESTAMP '{value.isoformat()} 00:00:00'"
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else str(value)


def _sql_test(column: str, test: Test) -> str:
    def value(end: object) -> str:
        assert isinstance(end, Literal)
        return _sql_value(end.value)

    if isinstance(test, Comparison):
        return f"{column} {test.operator.value} {value(test.endpoint)}"
    if isinstance(test, Contains):
        return f"contains({column}, {value(test.part)})"
    low, high = ">=" if test.low_closed else ">", "<=" if test.high_closed else "<"
    return f"({column} {low} {value(test.low)} AND {column} {high} {value(test.high)})"


def _sql_cell(column: str, node: UnaryTests) -> str:
    tests = getattr(node, "tests", ())
    if not tests:
        return "TRUE"
    either = "(" + " OR ".join(_sql_test(column, test) for test in tests) + ")"
    return f"NOT {either}" if isinstance(node, NoneOf) else either


def case_when(table: DecisionTable) -> str:
    """The same rules as one SQL CASE."""
    branches = []
    for rule in table.rules:
        cells = zip(COLUMNS, rule.tests, strict=True)
        where = " AND ".join(_sql_cell(column, node) for column, node in cells if getattr(node, "tests", ())) or "TRUE"
        branches.append(f"WHEN {where} THEN {_sql_value(rule.outputs[0].value)}")
    return f"SELECT CASE {' '.join(branches)} END AS level FROM feedback"


def grading() -> None:
    """Grades 100,000 rows by 30 rules on 5 columns, beside DuckDB: narrow rules, and rules that each meet many rows."""
    frame = make_frame(ROWS)
    connection = duckdb.connect()
    connection.execute("PRAGMA threads=2")
    typed = frame.astype({"severity": "int64", "share": "float64", "received": "datetime64[us]"})
    connection.register("typed", typed)
    connection.execute("CREATE TABLE feedback AS SELECT * FROM typed")
    typed_text = typed.assign(channel=typed["channel"].astype("str"), description=typed["description"].astype("str"))
    for kind, cells in (("narrow", grading_cells()), ("loose", loose_cells())):
        _grade_both(connection, frame, typed_text, make_table(cells, COLUMNS, HitPolicy.FIRST), kind)


def _grade_both(
    connection: duckdb.DuckDBPyConnection, frame: pd.DataFrame, typed: pd.DataFrame, table: DecisionTable, kind: str
) -> None:
    query = case_when(table)
    expected = connection.execute(query).fetchnumpy()["level"]
    evaluation = table.evaluate(frame)
    assert np.array_equal(evaluation.outputs(), np.asarray(expected, object)), "the engines disagree"

    duck = best(lambda: connection.execute(query).fetchnumpy())
    print(f"grading, {ROWS:,} rows, 30 {kind} rules x 5 columns, {len(evaluation.results)} distinct outcomes")
    _line("DuckDB CASE WHEN (2 threads, data already inside)", duck, duck)
    _line("decision table, columns of objects", best(lambda: table.evaluate(frame)), duck)
    _line("decision table, typed columns", best(lambda: table.evaluate(typed)), duck)
    _line("decision table, decide() with lists per row", best(lambda: table.decide(frame), 3), duck)


def checks() -> None:
    """Static checks of tables of growing size."""
    print("static checks")
    for rules, columns in ((30, 5), (300, 8), (1000, 8)):
        table = random_table(rules, columns)
        seconds = best(lambda table=table: check_table(table), 3)  # type: ignore[misc]  # default binds the loop variable
        print(f"  {rules:5} x {columns}  {seconds * 1000:8.1f} ms  {len(check_table(table)):6} problems")


def random_table(rules: int, columns: int, seed: int = 5) -> DecisionTable:
    """A FIRST table of random intervals, lists and dashes; half of its columns are numbers, half text."""
    chance = random.Random(seed)

    def cell(column: int) -> str:
        if chance.random() < 0.3:
            return "-"
        if column % 2:
            words = ", ".join(f'"{name}"' for name in chance.sample(CHANNELS, chance.randint(1, 3)))
            return words if chance.random() < 0.7 else f"not({words})"
        low = chance.randint(0, 90)
        return chance.choice([f"[{low}..{low + 30})", f">={low}", f"<{low}", str(low)])

    cells = [tuple(cell(column) for column in range(columns)) for _ in range(rules)]
    return make_table(cells, [f"c{n}" for n in range(columns)], HitPolicy.FIRST)


def _line(name: str, seconds: float, reference: float) -> None:
    print(f"  {name:50} {seconds * 1000:8.1f} ms  {seconds / reference:6.2f}")


if __name__ == "__main__":
    grading()
    compare_dictionary_checks()
    checks()
