"""Phrases of the clocks. key -> (zh, en). Data only."""

from __future__ import annotations

CLOCK_REASONS: dict[str, tuple[str, str]] = {
    "clock.state": ("{state}", "{state}"),
    "clock.state_of": ("{state}：{clock}", "{state}: {clock}"),
    "clock.because_state": ("按 {now} 的各项时限", "the clocks as of {now}"),
    "clock.because_due": ("{clock}时限（{level}）：{limit}，{since}", "{clock} ({level}): {limit}, {since}"),
    "clock.because_none": ("{clock}时限（{level}）：未规定", "{clock} ({level}): no limit is set"),
    "clock.ungraded": ("等级未定，按一般", "no level yet, as normal"),
    "clock.from_received": (
        "自{@received_at}起，扣除暂停",
        "from receipt, pauses taken out",
    ),
    "clock.from_cycle": ("自反馈（或重新打开）时起，扣除暂停", "from receipt (or reopening), pauses taken out"),
    "clock.from_reply": ("自上次答复起，扣除暂停", "from the last reply, pauses taken out"),
    "clock.limit_h": ("{number} 个工作小时", "{number} working hours"),
    "clock.limit_wd": ("{number} 个工作日", "{number} working days"),
    "clock.limit_d": ("{number} 天", "{number} {number:day|days}"),
    "clock.limit_h_urgent": ("{number} 小时（昼夜连续）", "{number} {number:hour|hours} (day and night)"),
    "clock.limit_wd_urgent": ("{number} 天（昼夜连续）", "{number} {number:day|days} (day and night)"),
    "clock.explain_no_rules": (
        "没有可用的工作日历或答复时限，未计算期限",
        "there is no usable calendar or no limits, so there is no due time",
    ),
    "clock.explain_none": ("{clock}：未开始，或该等级不适用", "{clock}: not started, or this level has no such limit"),
    "clock.explain_start": (
        "{clock}（{level}）：自 {start} 起，限 {limit}",
        "{clock} ({level}): from {start}, {limit}",
    ),
    "clock.explain_segment": ("{begin} 至 {end}：{spent}，累计 {total}", "{begin} to {end}: {spent}, {total} in all"),
    "clock.explain_days": (
        "{first} 至 {last}：{days} 个整日，{spent}，累计 {total}",
        "{first} to {last}: {days} whole days, {spent}, {total} in all",
    ),
    "clock.explain_days_off": (
        "{first} 至 {last}：{days} 个整日（其间休息 {free} 天），{spent}，累计 {total}",
        "{first} to {last}: {days} whole days (days off between: {free}), {spent}, {total} in all",
    ),
    "clock.explain_free_day": ("{day} 休息，不计", "{day} is a day off"),
    "clock.explain_free": ("{first} 至 {last} 休息 {days} 天，不计", "{first} to {last}: {days} {days:day|days} off"),
    "clock.explain_pause": ("{begin} 至 {end} 暂停：扣除 {covered}", "{begin} to {end} paused: {covered} taken out"),
    "clock.explain_due": ("期限：{due}", "due {due}"),
    "clock.explain_warning": ("剩余 {percent}% 时提醒：{at}", "warning with {percent} % left: {at}"),
    "clock.explain_now": ("截至 {now}：{state}", "as of {now}: {state}"),
    "clock.explain_stop": ("{stop} 停止：{state}", "stopped {stop}: {state}"),
    "clock.explain_watch": ("{clock}：自 {start} 关闭起，至 {due}", "{clock}: from closing on {start} to {due}"),
    "clock.span_h": ("{hours} 小时", "{hours} h"),
    "clock.span_m": ("{minutes} 分", "{minutes} min"),
    "clock.span_hm": ("{hours} 小时 {minutes} 分", "{hours} h {minutes} min"),
    "clock.span_s": ("{hours} 小时 {minutes} 分 {seconds} 秒", "{hours} h {minutes} min {seconds} s"),
}
