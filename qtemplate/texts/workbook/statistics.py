"""The words of 统计 / Figures, and of the choice on 看板 / Dashboard. Data only."""

from __future__ import annotations

STATISTICS: dict[str, tuple[str, str]] = {
    "title": ("统计：月份与产品", "Figures by month and product"),
    "help": (
        "在《看板》右上角选月份和产品；不选 = 最近一个已结束的月份、全部产品。数据由程序每次运行时写入，表和图是公式，改选后立即更新。这一页请勿手工修改。",
        "Choose a month and a product at the top right of Dashboard; nothing chosen = the newest month that is over, all products. "
        "Each run writes the data; the tables and charts are formulas and follow the choice at once. Please change nothing on this sheet.",
    ),
    "choose_month": ("统计月份", "Month"),
    "choose_product": ("产品", "Product"),
    "choose_month_prompt": (
        "《统计》显示哪个月。留空 = 最近一个已结束的月份。",
        "The month that the sheet Figures shows. Empty = the newest that is over.",
    ),
    "choose_product_prompt": (
        "《统计》显示哪个产品。留空 = 全部产品。",
        "The product that the sheet Figures shows. Empty = all of them.",
    ),
    "choose_error": ("请从列表中选择，或留空。", "Choose from the list, or leave it empty."),
    "all_products": ("全部产品", "All products"),
    "figure": ("指标", "Figure"),
    "base": ("基数", "Based on"),
    "tables": ("以下是图表用的数，由公式算出", "What the charts show; formulas"),
    "lists": ("可选项", "To choose from"),
    "data": ("以下是各月各产品的数，程序每次运行时写入", "The figures of each month and product, written by each run"),
    "row": ("行", "Row"),
    "rank": ("名次", "Rank"),
    "share": ("累计", "Cumulative"),
    "value": ("数值", "Value"),
    "center": ("均值", "Mean"),
    "upper": ("控制上限", "Upper limit"),
    "lower": ("控制下限", "Lower limit"),
    "signal": ("异常", "Signal"),
    "expected": ("期望", "Expected"),
    "run": ("同侧", "Run"),
    "count": ("条数", "Count"),
    "size": ("产量", "Volume"),
    "phase": ("阶段", "Phase"),
    "whole": ("已结束", "Over"),
    "chart_received": ("每月收到：按等级", "Received by level"),
    "chart_closed": ("每月关闭：按等级", "Closed by level"),
    "chart_open": ("月末未关闭：按等级", "Open at month end by level"),
    "chart_timely": ("按期率", "In time"),
    "chart_fault": ("所选月份的故障", "Faults of the month"),
    "chart_cause": ("所选月份的原因", "Causes of the month"),
    "chart_control": (
        "控制图：每月收到（有产量时为条数÷产量）",
        "Control chart: received a month (divided by volume where there is one)",
    ),
}
