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
        "自反馈时间起，扣除暂停",
        "from receipt, pauses taken out",
    ),
    "clock.from_cycle": ("自反馈（或重新打开）时起，扣除暂停", "from receipt (or reopening), pauses taken out"),
    "clock.from_reply": ("自上次答复起，扣除暂停", "from the last reply, pauses taken out"),
    "clock.limit_h": ("{number} 个工作小时", "{number} working hours"),
    "clock.limit_wd": ("{number} 个工作日", "{number} working days"),
    "clock.limit_d": ("{number} 天", "{number} days"),
    "clock.limit_h_urgent": ("{number} 小时（昼夜连续）", "{number} hours (day and night)"),
    "clock.limit_wd_urgent": ("{number} 天（昼夜连续）", "{number} days (day and night)"),
}
