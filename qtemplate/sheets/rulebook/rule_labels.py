"""The words that make a sheet a decision table: marker, roles of columns, hit policies, labels of rows. Data only."""

from __future__ import annotations

import datetime as dt
from typing import Any

from ...dmn.model import Aggregation, HitPolicy

MARKERS = frozenset({"决策表", "decision table"})
EXAMPLES = frozenset(("示例", "examples", "example"))
"""In column A: what follows are examples of the table above."""

ROLES = {"输入": "input", "input": "input", "输出": "output", "output": "output", "备注": "note", "note": "note"}
ALLOWED_LABELS = frozenset({"允许值", "allowed", "allowed values"})
DEFAULT_LABELS = frozenset({"缺省", "缺省值", "默认", "default"})
POLICIES = {
    "UNIQUE": HitPolicy.UNIQUE,
    "U": HitPolicy.UNIQUE,
    "唯一": HitPolicy.UNIQUE,
    "FIRST": HitPolicy.FIRST,
    "F": HitPolicy.FIRST,
    "首个": HitPolicy.FIRST,
    "ANY": HitPolicy.ANY,
    "A": HitPolicy.ANY,
    "任一": HitPolicy.ANY,
    "PRIORITY": HitPolicy.PRIORITY,
    "P": HitPolicy.PRIORITY,
    "优先": HitPolicy.PRIORITY,
    "OUTPUT ORDER": HitPolicy.OUTPUT_ORDER,
    "O": HitPolicy.OUTPUT_ORDER,
    "输出顺序": HitPolicy.OUTPUT_ORDER,
    "RULE ORDER": HitPolicy.RULE_ORDER,
    "R": HitPolicy.RULE_ORDER,
    "规则顺序": HitPolicy.RULE_ORDER,
    "COLLECT": HitPolicy.COLLECT,
    "C": HitPolicy.COLLECT,
    "汇集": HitPolicy.COLLECT,
}
AGGREGATIONS = {
    "": Aggregation.NONE,
    "SUM": Aggregation.SUM,
    "+": Aggregation.SUM,
    "求和": Aggregation.SUM,
    "MIN": Aggregation.MIN,
    "<": Aggregation.MIN,
    "最小": Aggregation.MIN,
    "MAX": Aggregation.MAX,
    ">": Aggregation.MAX,
    "最大": Aggregation.MAX,
    "COUNT": Aggregation.COUNT,
    "#": Aggregation.COUNT,
    "计数": Aggregation.COUNT,
}
EXCEL_ERRORS = frozenset(
    {
        "#DIV/0!",
        "#N/A",
        "#NAME?",
        "#NULL!",
        "#NUM!",
        "#REF!",
        "#VALUE!",
        "#GETTING_DATA",
        "#SPILL!",
        "#CALC!",
        "#FIELD!",
    }
)


def text(value: Any) -> str:
    """A label or identifier as text; numbers arrive as floats, and `1.0` was typed as `1`."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, (dt.datetime, dt.date)):
        return value.isoformat(*(" ",) if isinstance(value, dt.datetime) else ())
    return str(value).strip()


def blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())
