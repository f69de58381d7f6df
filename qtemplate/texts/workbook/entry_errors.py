"""What Excel says when something is typed that a column of the register does not take. Data only."""

from __future__ import annotations

TITLE = ("请核对", "Please check")

ENTRY_ERRORS: dict[str, tuple[str, str]] = {
    "list": ("请从下拉列表中选择。", "Please choose from the list."),
    "known": ("列表中没有这一项。确定要这样填写吗？", "That is not in the list. Keep it all the same?"),
    "date": (
        "请填写日期，例如 2026-07-15 或 2026-07-15 14:30。",
        "Please enter a date such as 2026-07-15 or 2026-07-15 14:30.",
    ),
    "past": ("请填写日期，并且不晚于现在。", "Please enter a date that is not in the future."),
    "scale": ("请填写 1 到 5 的整数。", "Please enter a whole number from 1 to 5."),
    "whole": ("请填写不小于 0 的整数。", "Please enter a whole number, 0 or more."),
    "title": ("建议 4 至 60 个字。仍要这样填写吗？", "4 to 60 characters, please. Keep it all the same?"),
    "long": (
        "请写得具体一些（至少 15 个字）。仍要这样填写吗？",
        "Please say a little more (15 characters). Keep it all the same?",
    ),
    "email": (
        "看起来不是邮箱地址。仍要这样填写吗？",
        "That does not look like an e-mail address. Keep it all the same?",
    ),
}
