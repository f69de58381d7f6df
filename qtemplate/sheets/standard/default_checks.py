"""The cross-field checks a new workbook starts with, as one COLLECT decision table. Data only."""

from __future__ import annotations

from typing import Any

from ...fields import Field
from ...texts.workbook.sheet_help import HELP
from .default_tables import EMPTY, FIELD, FILLED, MESSAGE, SEVERITY, Pair, Table

F = Field

_INPUTS = (
    F.SAFETY, F.AUTHENTICITY, F.SEVERITY, F.SCOPE, F.WORKAROUND, F.QUANTITY, F.LEVEL, F.CONTAINMENT, F.CAUSE_CODE,
    F.SOLUTION, F.IMPLEMENTED_AT, F.VERIFY_RESULT, F.REPLY_TYPE, F.CONFIRMATION, F.SATISFACTION, F.OPINION,
    F.CLOSE_TYPE, F.MASTER,
)  # fmt: skip

_CHECKS: tuple[tuple[dict[Field, Any], Field, str, Pair], ...] = (
    (
        {F.SAFETY: "yes", F.SEVERITY: "<= 2"},
        F.SEVERITY,
        "warning",
        (
            "标为有安全隐患，但严重性只有 1 至 2 级，请核对其中一项",
            "A safety risk, yet severity is only 1 or 2: check one of them",
        ),
    ),
    (
        {F.SAFETY: "yes", F.AUTHENTICITY: ("misunderstanding", "misuse")},
        F.AUTHENTICITY,
        "warning",
        (
            "定为误解或操作不当，但标为有安全隐患，请核对",
            "Called a misunderstanding or misuse, yet marked as a safety risk",
        ),
    ),
    (
        {F.SEVERITY: 5, F.WORKAROUND: "yes"},
        F.WORKAROUND,
        "warning",
        (
            "严重性为 5（核心功能丧失或有危险），却写有规避措施，请核对",
            "Severity 5 means nothing helps, yet there is a workaround",
        ),
    ),
    (
        {F.SCOPE: "single", F.QUANTITY: "> 1"},
        F.SCOPE,
        "warning",
        ("涉及数量大于 1，影响范围却是“个别”", "More than one piece is concerned, yet the scope is Single"),
    ),
    (
        {F.SOLUTION: EMPTY, F.IMPLEMENTED_AT: FILLED},
        F.SOLUTION,
        "warning",
        ("已填实施完成，请写明解决方案", "Implemented, but no solution is written down"),
    ),
    (
        {F.LEVEL: ("urgent", "major"), F.CONTAINMENT: EMPTY, F.IMPLEMENTED_AT: FILLED},
        F.CONTAINMENT,
        "warning",
        ("紧急、重要的反馈需要写明临时措施", "Urgent and major feedback needs its containment written down"),
    ),
    (
        {F.IMPLEMENTED_AT: EMPTY, F.VERIFY_RESULT: "passed"},
        F.IMPLEMENTED_AT,
        "warning",
        ("验证已通过，但没有实施完成时间", "Verification passed, but it was never marked as implemented"),
    ),
    (
        {F.VERIFY_RESULT: "failed", F.REPLY_TYPE: "solved"},
        F.REPLY_TYPE,
        "error",
        ("验证不通过，不能答复“已解决”", "Verification failed: the reply cannot be Solved"),
    ),
    (
        {F.CONFIRMATION: "not_solved", F.CLOSE_TYPE: "solved"},
        F.CLOSE_TYPE,
        "error",
        ("反馈者表示未解决，不能按“解决”关闭", "The reporter says it is not solved: it cannot be closed as Solved"),
    ),
    (
        {F.SATISFACTION: "<= 2", F.OPINION: EMPTY},
        F.OPINION,
        "info",
        ("满意度较低，请记下客户的意见", "Satisfaction is low: note what the reporter said"),
    ),
    (
        {F.CAUSE_CODE: "unknown", F.CLOSE_TYPE: "solved"},
        F.CAUSE_CODE,
        "warning",
        ("原因未查明就按“解决”关闭，请说明或改选原因", "Closed as Solved although the cause was not found"),
    ),
    (
        {F.CLOSE_TYPE: "merged", F.MASTER: EMPTY},
        F.MASTER,
        "error",
        ("按“合并”关闭，请填写主反馈编号", "Closed as Merged: fill in the id it was merged into"),
    ),
)

CHECKS = Table(
    "checks",
    ("跨字段校验", "Cross-field checks"),
    ("汇集", "COLLECT"),
    HELP["checks"],
    _INPUTS,
    (MESSAGE, FIELD, SEVERITY),
    tuple(
        (tuple(cells.get(column) for column in _INPUTS), (words, field, severity), ("", ""))
        for cells, field, severity, words in _CHECKS
    ),
    (*(11.0 for _ in _INPUTS), 52, 12, 9, 14),
)
