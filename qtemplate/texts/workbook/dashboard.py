"""The words of 看板 / Dashboard. Data only."""

from __future__ import annotations

DASHBOARD: dict[str, tuple[str, str]] = {
    "title": ("质量反馈看板", "Quality feedback at a glance"),
    "help": (
        "所有数字都是公式，随《反馈登记》实时变化；程序不写这一页。",
        "Every figure is a formula over the sheet Feedback and follows it at once.",
    ),
    "open": ("未关闭", "Open"),
    "overdue": ("超时", "Overdue"),
    "due_soon": ("即将到期", "Due soon"),
    "to_approve": ("答复待批", "To approve"),
    "closed": ("本月关闭", "Closed this month"),
    "first": ("首次响应及时率", "First response on time"),
    "by_state": ("未关闭的反馈：等级与状态", "Open feedback: level by state"),
    "by_department": ("各部门的时限情况", "Clocks by department"),
    "state": ("状态", "State"),
    "no_level": ("未定级", "Not graded"),
    "sum": ("合计", "Total"),
    "department": ("责任部门", "Department"),
    "by_channel": ("反馈从哪里来", "Where feedback comes from"),
    "channel": ("反馈渠道", "Channel"),
    "all": ("全部", "All"),
    "this_month": ("本月", "This month"),
    "no_department": ("未分派", "Not assigned"),
}
