"""The words of the workbook that compares two sets of rules. Data only."""

from __future__ import annotations

from collections.abc import Mapping

DIFF: Mapping[str, Mapping[str, str]] = {
    "zh": {
        "summary": "概要", "changed": "有变化的反馈", "queue": "排队位置", "old": "旧", "new": "新",
        "rows": "有变化的反馈（行）", "effect": "其中等级、优先级或部门会变", "overdue": "超时",
        "mails": "只在一边会发的邮件", "total": "合计",
        "matrix": "建议等级：旧（竖）→ 新（横）", "load": "各部门在办", "department": "部门", "reason": "定级依据",
    },
    "en": {
        "summary": "Summary", "changed": "Changed", "queue": "Queue", "old": "old", "new": "new",
        "rows": "Feedback that comes out differently", "effect": "of which level, priority or department change",
        "overdue": "Overdue", "mails": "Mails only one side sends", "total": "Total",
        "matrix": "Suggested levels: old (down), new (across)", "load": "Open per department",
        "department": "Department", "reason": "Level reason",
    },
}  # fmt: skip
