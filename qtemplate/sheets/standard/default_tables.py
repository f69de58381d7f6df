"""The decision tables a new workbook starts with: grading, assignment, priority, points; checks stand apart. Data only.

Cells are written once with codes; `Table.cells` puts them into the words of the workbook's language. A cell is a
literal, a comparison as text (`">= 4"`), a tuple of codes (any of them), `Except(code)`, or None (does not matter).
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from ...choices import Category
from ...fields import Field
from ...register import label_of
from ...texts.workbook.sheet_help import HELP
from ..layout import word

F = Field
Pair = tuple[str, str]

DEPARTMENTS: dict[str, Pair] = {
    "rd": ("研发部", "R&D"),
    "production": ("生产部", "Production"),
    "design": ("设计部", "Design"),
    "quality": ("品控部", "Quality control"),
    "service": ("客服部", "Customer service"),
}
"""Departments of the standard workbook; code -> zh, en."""

DEPARTMENT_OF = {
    (Category.SOFTWARE,): "rd",
    (Category.HARDWARE,): "production",
    (Category.DESIGN,): "design",
    (Category.PACKAGING, Category.OTHER): "quality",
    (Category.SERVICE,): "service",
}

RECURRENT: Pair = ("重复发生", "recurrent")
AGE_DAYS: Pair = ("反馈天数", "age_days")
POINTS: Pair = ("积分", "points")
METHOD: Pair = ("方式", "method")
PERSON: Pair = ("人员", "person")
SKILL: Pair = ("专长", "skill")
MESSAGE: Pair = ("说明", "message")
FIELD: Pair = ("字段", "field")
SEVERITY: Pair = ("程度", "severity")
NOTE: Pair = ("备注", "Note")


class Except(Struct, frozen=True):
    """Anything but this code."""

    code: str


class Unquoted(Struct, frozen=True):
    """A cell whose text is written as it stands, in both languages."""

    zh: str
    en: str


RECURRING = Unquoted("是", "Yes")
EMPTY = Unquoted("null", "null")
FILLED = Unquoted("not(null)", "not(null)")


class Table(Struct, frozen=True):
    """A decision table in code words.

    Args:
        key: Layout key of the sheet.
        name: What the table is called, zh and en.
        hit: Hit policy, zh and en.
        inputs, outputs: Fields, or (zh, en) names of what is no field.
        rules: Per rule the input cells, the output cells and a remark (zh, en).
        widths: Of the input, output and remark columns.
        aggregation: What COLLECT makes of the outputs; empty = their list.
    """

    key: str
    name: Pair
    hit: Pair
    help: Pair
    inputs: tuple[Field | Pair, ...]
    outputs: tuple[Field | Pair, ...]
    rules: tuple[tuple[tuple[Any, ...], tuple[Any, ...], Pair], ...]
    widths: tuple[float, ...]
    aggregation: Pair = ("", "")


def column_name(column: Field | Pair, language: str) -> str:
    """Name of an input or output in row 3."""
    return column.header(language) if isinstance(column, Field) else column[0 if language == "zh" else 1]


def cell_text(column: Field | Pair, content: Any, language: str) -> Any:
    """A rule cell in the words of `language`; None is "does not matter"."""
    match content:
        case None:
            return "-"
        case Unquoted():
            return content.zh if language == "zh" else content.en
        case Except():
            inner = cell_text(column, content.code, language)
            return f"非({inner})" if language == "zh" else f"not({inner})"
        case tuple() if all(isinstance(item, str) for item in content):
            return ", ".join(str(cell_text(column, item, language)) for item in content)
        case str() if isinstance(column, Field):
            return label_of(column, content, language)
        case _:
            return content


def output_text(column: Field | Pair, content: Any, language: str) -> Any:
    """An output cell in the words of `language`; None is empty."""
    match content:
        case None:
            return None
        case Field():
            return content.header(language)
        case tuple():
            return content[0 if language == "zh" else 1]
        case str() if column == SEVERITY:
            return word(content, language)
        case _:
            return label_of(column, content, language) if isinstance(column, Field) else content


GRADING = Table(
    "grading",
    ("分级", "Grading"),
    ("首个", "FIRST"),
    HELP["grading"],
    (F.SAFETY, F.AUTHENTICITY, F.SEVERITY, F.SCOPE, F.FREQUENCY, F.WORKAROUND),
    (F.LEVEL,),
    (
        (("yes", None, None, None, None, None), ("urgent",), ("有安全隐患，立即处理", "A safety risk: at once")),
        (
            (None, ("misunderstanding", "misuse"), ">= 1", None, None, None),
            ("minor",),
            ("向反馈者解释", "To be explained"),
        ),
        ((None, None, 5, None, None, Except("yes")), ("urgent",), ("核心功能丧失，没有规避措施", "Core function lost")),
        (
            (None, None, ">= 4", "many", None, "no"),
            ("urgent",),
            ("主要功能受损且大量发生", "Main function, many cases"),
        ),
        ((None, None, ">= 4", None, None, None), ("major",), ("主要功能受损", "Main function impaired")),
        (("unsure", None, ">= 1", None, None, None), ("major",), ("安全性待确认", "Safety not yet clear")),
        ((None, None, 3, ("some", "many"), None, None), ("major",), ("功能受影响，范围较大", "Affected, wide scope")),
        (
            (None, None, 3, None, "always", Except("yes")),
            ("major",),
            ("必然发生，没有规避措施", "Always, no way round"),
        ),
        ((None, None, 3, None, None, None), ("normal",), ("功能受影响，有替代办法", "Affected, an alternative exists")),
        ((None, None, 2, "many", None, None), ("normal",), ("小瑕疵，但大量发生", "Blemish, many cases")),
        ((None, None, 2, None, "always", None), ("normal",), ("小瑕疵，但必然发生", "Blemish, always")),
        ((None, None, "<= 2", None, None, None), ("minor",), ("小瑕疵或建议", "Blemish or suggestion")),
    ),
    (11, 16, 10, 13, 11, 11, 10, 34),
)

ASSIGNMENT = Table(
    "assignment",
    ("分派", "Assignment"),
    ("首个", "FIRST"),
    HELP["assignment"],
    (F.CATEGORY,),
    (F.DEPARTMENT, METHOD, PERSON, SKILL),
    tuple(
        (
            (tuple(str(category) for category in categories),),
            (DEPARTMENTS[code], ("最少负荷", "Least load"), None, None),
            ("", ""),
        )
        for categories, code in DEPARTMENT_OF.items()
    ),
    (24, 18, 14, 12, 14, 30),
)

PRIORITY = Table(
    "priority",
    ("优先级", "Priority"),
    ("首个", "FIRST"),
    HELP["priority"],
    (F.LEVEL, RECURRENT),
    (F.PRIORITY,),
    (
        (("urgent", None), ("P1",), ("立即处理", "At once")),
        (("major", RECURRING), ("P1",), ("重要问题重复发生", "A major problem came back")),
        (("major", None), ("P2",), ("", "")),
        (("normal", None), ("P3",), ("", "")),
        (("minor", None), ("P4",), ("进入产品迭代计划", "Into the iteration plan")),
    ),
    (12, 12, 12, 34),
)

POINTS_TABLE = Table(
    "points",
    ("排队积分", "Queue points"),
    ("汇集", "COLLECT"),
    HELP["points"],
    (F.LEVEL, F.SAFETY, RECURRENT, F.SCOPE, AGE_DAYS),
    (POINTS,),
    (
        (("urgent", None, None, None, None), (100,), ("等级的基本分", "What the level is worth")),
        (("major", None, None, None, None), (60,), ("", "")),
        (("normal", None, None, None, None), (30,), ("", "")),
        (("minor", None, None, None, None), (10,), ("", "")),
        ((None, "yes", None, None, None), (40,), ("有安全隐患", "A safety risk")),
        ((None, "unsure", None, None, None), (20,), ("安全性待确认", "Safety not yet clear")),
        ((None, None, RECURRING, None, None), (20,), ("同一故障重复发生", "The same fault came back")),
        ((None, None, None, "many", None), (10,), ("大量发生", "Many cases")),
        ((None, None, None, None, ">= 7"), (10,), ("等了一周", "A week old")),
        ((None, None, None, None, ">= 14"), (10,), ("等了两周，再加", "Two weeks old: once more")),
    ),
    (12, 12, 12, 12, 12, 10, 34),
    ("求和", "SUM"),
)

TABLES = (GRADING, ASSIGNMENT, PRIORITY, POINTS_TABLE)
