"""What a cell should have held, for the findings that say so. Data only."""

from __future__ import annotations

from ..choices import Choice


class Wanted(Choice):
    """The middle of a sentence: `expected a date`."""

    WHOLE = "whole", "整数", "a whole number"
    TEXT = (
        "text",
        "文字（Excel 可能把编号改成了日期或时间）",
        "text (Excel may have turned a number into a date or time)",
    )
    DIGITS = "digits", "文字（数字超过 15 位，Excel 已丢失后面的位数）", "text (Excel keeps only 15 digits of a number)"
    DATE = "date", "日期", "a date"
    DATE_OR_STOP = "date_or_stop", "日期，或“停止”", "a date, or “Stop”"
    CHOICE = "choice", "下拉列表里的一个值", "one of the values of the drop-down"
    NUMBER = "number", "数字", "a number"
    POSITIVE = "positive", "不小于 0 的数字", "a number of at least 0"
    SHARE = "share", "0% 到 100% 之间的比例，例如 20%", "a share between 0% and 100%, such as 20%"
    DAY = "day", "日期，例如 2026-03-07", "a date such as 2026-03-07"
    MOMENT = "moment", "日期和时间，例如 2026-03-07 14:30", "a date and time such as 2026-03-07 14:30"
    TIME = "time", "时刻，例如 09:00", "a time of day such as 09:00"
    LATER = "later", "晚于开始的时间", "later than the beginning"
    MAIL = "mail", "邮箱地址，例如 qa@example.com", "a mail address such as qa@example.com"
    PATTERN = "pattern", "正则表达式", "a regular expression"
    GATE = "gate", "●，或留空", "●, or nothing"
    WEEKDAY = "weekday", "星期，例如 周一", "a weekday such as Mon"
    MONTH = "month", "月份，例如 2026-10", "a month such as 2026-10"
    YEAR = "year", "年份，例如 2026", "a year such as 2026"
    FILLED = "filled", "填写内容", "something filled in"
