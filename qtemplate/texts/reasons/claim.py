"""Phrases of `claim`. key -> (zh, en). Data only."""

from __future__ import annotations

CLAIM_REASONS: dict[str, tuple[str, str]] = {
    "claim.done": (
        "从现在起由本工作区（{here}）写 {register}。",
        "From now on this workspace ({here}) writes {register}.",
    ),
    "claim.from": (
        "此前由 {folder} 写入；那里的工作区再运行会停下（退出码 4）。",
        "Until now {folder} wrote it; the workspace there stops when it is run again (exit code 4).",
    ),
    "claim.kept": (
        "程序的列里 {n} 个已填的单元格算人填的，保持不变：{columns}。",
        "{n} filled cells of the program's columns count as people's and are kept: {columns}.",
    ),
    "claim.given": (
        "您自己的列 {columns} 从现在起由程序填写，用您自己的说法；原来的内容在改动时记入变更日志，用 undo 可以取回。",
        "From now on the program fills your own columns {columns}, in your own words; what stood there goes to the change log when it is changed, and undo brings it back.",
    ),
    "claim.later": ("还没有移交：{reason}。请稍后再试。", "Not handed over yet: {reason}. Try again later."),
    "claim.handed_over": (
        "这些列从现在起归人填，程序不再写：{columns}。",
        "These columns are people's from now on, and the program no longer writes them: {columns}.",
    ),
    "claim.next": (
        "下一次运行会重新计算程序自己的列，人填的单元格不动。先用 qtemplate plan 看一看，再运行。",
        "The next run works out the program's own columns anew; people's cells stay. Look at qtemplate plan first, then run.",
    ),
    "claim.sent": (
        "以下 {n} 封邮件视为已发出，不会再发：",
        "{n} {n:mail counts|mails count} as sent and {n:is|are} not sent again:",
    ),
    "claim.mail": ("{mail}：{why}", "{mail}: {why}"),
    "claim.none": ("没有需要视为已发出的邮件。", "There is no mail that has to count as sent."),
    "claim.known": ("已有编号，视为已告知受理", "it has a number, so its receipt counts as acknowledged"),
    "claim.asked": ("今天缺的内容视为已经问过", "what is missing today counts as asked for"),
    "claim.transferred": ("转交时间 {at}", "transferred at {at}"),
    "claim.replied": ("答复已发出", "the reply has gone"),
    "claim.confirm": ("确认发出时间 {at}", "confirmation asked for at {at}"),
    "claim.reopened": ("登记表里已有重开次数", "the register counts the reopening"),
    "claim.recurrent": ("关联反馈已经填写", "the related feedback is filled in"),
    "claim.closed": ("关闭时间 {at}", "closed at {at}"),
}
