"""Findings about clocks and calendar (4xx), in words. Data only."""

from __future__ import annotations

from ..entry import Entry

CLOCKS: dict[str, Entry] = {
    "QT401": Entry(
        "放假安排已确认的年份",
        "有 {rows} 条反馈的期限落在 {year} 年，该年放假和调休尚未确认，期限按普通周计算；国务院通知发布后，"
        "在“工作日历”中录入并将该年“已确认”改为“是”",
        "a year whose holidays are confirmed",
        "{rows} {rows:row falls|rows fall} due in {year}, whose holidays and make-up days are not confirmed, so plain weeks are "
        "counted; once they are announced, enter them in Calendar and set Confirmed to Yes for that year",
    ),
    "QT402": Entry(
        "有工作时段的“工作日历”",
        "没有可用的工作日历，本次未计算时限；请在“工作日历”中填写每周的工作时段（星期、开始、结束）",
        "a Calendar sheet with working hours",
        "there is no usable calendar, so no deadlines were calculated; fill in the week's segments (weekday, from, to) "
        "in Calendar",
    ),
    "QT403": Entry(
        "“答复时限”中的时限",
        "没有可用的时限，本次未计算期限；请在“答复时限”中填写时限、等级、数值和单位",
        "limits in the Time limits sheet",
        "there are no usable limits, so no deadlines were calculated; fill in clock, level, number and unit "
        "in Time limits",
    ),
    "QT404": Entry(
        "结束时间晚于开始时间",
        "“暂停记录”第 {row} 行：结束 {end} 早于开始 {start}，该行未计入；请更正",
        "an end after the start",
        "Pauses row {row}: the end {end} is before the start {start}, so it does not count; correct it",
    ),
    "QT405": Entry(
        "登记表中已有的反馈编号",
        "“暂停记录”第 {row} 行的编号在登记表中找不到，该行未计入；请更正编号或删除该行",
        "an id of the register",
        "Pauses row {row}: no feedback has this id, so it does not count; correct the id or delete the row",
    ),
}
