"""Findings about the month in figures (90x), in words. Data only."""

from __future__ import annotations

from ..entry import Entry

FIGURES: dict[str, Entry] = {
    "QT901": Entry(
        "",
        "数字出现异常：{what}相关反馈 {n} 条，见 qtemplate report。请查明原因；如果是改进的结果，请在“阶段”登记日期。",
        "",
        "A figure stands out: {what} Rows behind it: {n}, see qtemplate report. Find the cause; if an improvement did it, enter its "
        "date in Phases.",
    ),
    "QT902": Entry(
        "",
        "{file} 没有全部用上：{problem}。请按“产品名称、型号、月份、数量”四列改正。",
        "",
        "{file} was not used as a whole: {problem}. It needs the columns Product, Model, Month and Number.",
    ),
}
