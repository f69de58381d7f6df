"""Phrases of `status`. key -> (zh, en). Data only."""

from __future__ import annotations

STATUS_REASONS: dict[str, tuple[str, str]] = {
    "status.line": ("{verdict}：{said}", "{verdict}: {said}"),
    "status.and": ("{one}；{other}", "{one}; {other}"),
    "status.fine": ("正常", "fine"),
    "status.people": ("有事等人处理", "people are needed"),
    "status.waiting": ("有事没有做完", "something waits"),
    "status.late": ("该运行而没有运行", "a run is missing"),
    "status.never": ("还没有运行过", "never ran"),
    "status.never_said": (
        "这个工作区还没有完成过一次运行；请运行 qtemplate run",
        "no run of this workspace has finished yet; start one with qtemplate run",
    ),
    "status.last": ("上次运行 {at}，{hours} 小时前", "last run {at}, {hours} h ago"),
    "status.looked": (
        "上次运行 {at}，{hours} 小时前查看过，没有变化",
        "last run {at}, looked {hours} h ago and nothing had changed",
    ),
    "status.too_old": ("上限是 {hours} 小时", "the limit is {hours} h"),
    "status.unwritten": ("有 {n} 项没有写入登记表，下次运行再试", "not written, to be tried again: {n}"),
    "status.findings": ("校验发现的问题等人处理", "findings need a person"),
    "status.drafted": ("{n} 封邮件待批", "mails to approve: {n}"),
    "status.capped": ("{n} 封邮件因超过上限而暂缓", "mails held by the cap: {n}"),
    "status.held": ("{n} 封邮件暂缓", "mails held: {n}"),
    "status.unknown": ("{n} 封邮件不知是否送达", "mails that may or may not have arrived: {n}"),
    "status.failed": ("{n} 封邮件发送失败", "mails that failed: {n}"),
    "status.unsent": ("{n} 封邮件没有发出去", "mails that could not be sent: {n}"),
    "status.overdue": (
        "推迟到工作时间的邮件过了时间还没有发：{n} 封，最早 {since}",
        "mails put off to working hours are overdue: {n}, the first since {since}",
    ),
}
