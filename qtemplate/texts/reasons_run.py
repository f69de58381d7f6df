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
    "run.not_written": ("未能写入：{problem}", "could not be written: {problem}"),
    "refused.formula_cell": ("这里有人写了公式", "a person has put a formula there"),
    "refused.shared_formula": ("其他单元格的公式从这里取得", "other cells take their formula from it"),
    "refused.array_formula": ("属于数组公式", "it belongs to an array formula"),
    "refused.data_table": ("属于模拟运算表", "it belongs to a data table"),
    "refused.rich_value": (
        "里面是图片、链接的记录或动态数组",
        "it holds a picture, a linked record or a dynamic array",
    ),
    "refused.merged_cell": ("被合并单元格遮住", "merged cells hide it"),
    "refused.query_table": ("由查询填写，会被覆盖", "a query fills it and would overwrite the value"),
    "refused.table_header": ("是表头", "it is a header"),
    "refused.table_totals": ("是汇总行", "it is in the totals row"),
    "refused.text_too_long": ("文字超过单元格的上限", "the text is longer than any cell holds"),
    "refused.other": ("单元格装不下这个值", "the cell cannot hold the value"),
    "refused.more": ("；同列还有 {count} 格", "; {count} more cells of this column alike"),
    "log.rows_below_table": (
        "表格下面有内容，不能再加行；请把它移到别处",
        "something stands below its table, which cannot grow over it; move it away",
    ),
    "log.locked_cell": ("工作表受保护；请撤销保护", "the sheet is protected; unprotect it"),
    "log.no_table": (
        "那里不再是 Excel 表格；请选中表头和数据，按 Ctrl+T",
        "it is no Excel table any more; select headers and rows and press Ctrl+T",
    ),
    "log.table_totals": (
        "汇总行不能下移；请关掉汇总行",
        "its totals row cannot move down; switch the totals row off",
    ),
    "log.merged_cell": (
        "合并单元格挡住了新行；请取消合并",
        "merged cells stand where the rows belong; unmerge them",
    ),
    "log.sheet_full": (
        "已到工作表最后一行；请把旧的行移到别的工作簿",
        "it has reached the last row of the sheet; move old rows to another workbook",
    ),
    "log.unknown_column": (
        "表格的范围没有包括全部列；请把表格拉宽到最后一列",
        "its Excel table does not reach over all its columns; widen the table",
    ),
    "log.no_sheet": ("工作簿里没有这张工作表{perhaps}", "the workbook has no such sheet{perhaps}"),
    "log.perhaps": ("（是不是改名成了“{sheet}”？请改回）", " (was it renamed to “{sheet}”? Rename it back)"),
    "log.no_header": ("找不到表头（{headers}）", "its headers are not found ({headers})"),
    "log.no_headers": ("缺少表头{headers}；请补上", "the headers {headers} are missing; put them back"),
    "header.missing": ("“{header}”", "“{header}”"),
    "header.perhaps": ("“{header}”（可能是 {cell} 的“{found}”）", "“{header}” (perhaps “{found}” in {cell})"),
    "log.other": ("{reason}", "{reason}"),
    "gone.more": ("等（另有 {count} 条）", " and {count} more"),
    "failed.advice": (
        "按上面的说明处理，或运行 qtemplate doctor 查看原因，然后再运行一次",
        "do as it says above, or run qtemplate doctor to see why; then run once more",
    ),
    "run.template": ("邮件模板问题：{problem}", "mail template: {problem}"),
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
    "count.mails": ("邮件待处理", "Mails to look at"),
}
