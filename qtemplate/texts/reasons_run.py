"""Phrases of a run's report: outcomes, deferrals, what a person should do. key -> (zh, en). Data only."""

from __future__ import annotations

RUN_REASONS: dict[str, tuple[str, str]] = {
    "run.open_by": (
        "{holder} 正打开登记表，待其关闭后写入",
        "{holder} has the register open; written when it is closed",
    ),
    "run.somebody": ("有人", "somebody"),
    "run.refused": ("登记表不能安全写入：{reason}", "the register cannot be written safely: {reason}"),
    "run.proposed": ("按配置只提出、不写入", "proposed, not written, as configured"),
    "run.template": ("邮件模板问题：{problem}", "mail template: {problem}"),
    "run.no_sheet": ("工作簿中没有“{sheet}”表", "the workbook has no sheet {sheet}"),
    "run.row_first": ("该行写入登记表后再发", "waits until the row is written into the register"),
    "run.form": ("表单未能生成：{problem}", "the form could not be made: {problem}"),
    "run.known": ("已做过", "done before"),
    "run.changed": ("登记表在写入期间被修改", "the register was changed while it was being written"),
    "count.rows": ("登记反馈", "Feedback recorded"),
    "count.open": ("未关闭", "Open"),
    "count.overdue": ("已超时", "Overdue"),
    "count.incomplete": ("待补充", "Incomplete"),
    "count.to_approve": ("答复待批", "Replies to approve"),
    "count.errors": ("校验错误", "Errors found"),
    "count.warnings": ("校验警告", "Warnings found"),
}
