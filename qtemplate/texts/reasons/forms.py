"""Phrases about forms: what each kind is called and says, and why one was not taken. key -> (zh, en). Data only.

`plan/form_kinds.py` says which of them a kind of form needs.
"""

from __future__ import annotations

FORM_REASONS: dict[str, tuple[str, str]] = {
    "form.transfer": ("转交单", "Transfer form"),
    "form.choice_accept": ("接受", "accepted"),
    "form.choice_return": ("退回", "returned"),
    "form.8d": ("8D报告", "8D report"),
    "form.why": ("5-Why分析", "5-Why analysis"),
    "form.verification": ("验证报告", "Verification report"),
    "form.minutes": ("会议纪要", "Minutes"),
    "form.follow_up": ("回访表", "Follow-up form"),
    "form.missing": ("补充信息表", "Form for missing details"),
    "form.said_accept": ("接受；计划完成 {planned_at}；{note}", "Accepted; planned {planned_at}; {note}"),
    "form.said_return": ("退回：{reason}；{note}", "Returned: {reason}; {note}"),
    "form.said_8d": ("交回 8D 报告。{points}", "The 8D report came back. {points}"),
    "form.said_why": ("交回 5-Why 分析。{points}", "The 5-Why analysis came back. {points}"),
    "form.said_verification": ("交回验证报告。{points}", "The verification report came back. {points}"),
    "form.said_minutes": ("交回会议纪要。{points}", "The minutes came back. {points}"),
    "form.said_follow_up": ("交回回访表。{points}", "The follow-up form came back. {points}"),
    "form.said_missing": ("补充了信息。{points}", "Details were added. {points}"),
    "form.empty": ("表里没有填写内容。", "Nothing was filled in."),
    "form.document": ("更新{document}", "Update: {document}"),
    "form.note_unfit": (
        "“{field}”填的是“{found}”，登记表的这一列不能填这样的内容，没有写入；请改正后再交一次。",
        '{field} says "{found}", which that column cannot hold, so it was not entered; please correct it and send the form '
        "again.",
    ),
    "form.note_unread": (
        "下面这些内容看不懂，没有写入，请改正后再交一次：{points}。",
        "These entries could not be read and were not entered; please correct them and send the form again: {points}.",
    ),
    "form.note_open": (
        "还没有填的：{points}。补上后把同一份表再交一次就行，已经收下的不会重复。",
        "Still open: {points}. Add them and send the same form again; what was taken up is not entered twice.",
    ),
    "form.newer": (
        "这份表单是程序的新版本生成的，现在的版本看不懂；请更新程序后再交",
        "this form was made by a newer version of the program than this one; update the program and hand it in again",
    ),
    "form.no_cells": (
        "表里要填的格子找不到了，可能是只复制了内容；请用原来寄出的表单填写后再交回",
        "the cells to fill in are gone, perhaps only the contents were copied; fill in the form that was sent and hand it in "
        "again",
    ),
    "because.decided": ("《待裁决》的决定", "decided in Decisions"),
    "decision.no_row": ("登记表里没有这个编号", "the register has no such ID"),
    "decision.no_column": (
        "登记表里没有“{field}”这一列，或者它由程序填写",
        "the register has no column {field}, or the program fills it",
    ),
    "decision.unfit": ("这一列不能填“{said}”", 'that column cannot hold "{said}"'),
    "because.form_came": ("收回了表单", "a form came back"),
    "form.note_late": (
        "这份表单寄出以后，责任部门或责任人已经变更，所以它只记入沟通记录，不再生效。",
        "Department or owner have changed since this form was sent, so it is noted in Contacts and changes nothing.",
    ),
    "form.note_kept": (
        "“{field}”在登记表中已另填为 {found}，您填写的 {form} 没有写入；以哪个为准，请与登记管理员确认。",
        "{field} was filled in meanwhile with {found}, so your {form} was not entered; please settle with the keeper of "
        "the register which of the two holds.",
    ),
    "form.no_token": (
        "这不是程序生成的表单，或隐藏的标识已丢失；请用原来寄出的表单填写后再交回",
        "this is no form of ours, or its hidden mark is lost; fill in the form that was sent and hand it in again",
    ),
    "form.unknown": (
        "这份表单不是这个工作区生成的（{form}）",
        "this form was not made by this workspace ({form})",
    ),
    "form.other_mark": (
        "它的隐藏标识不是这个工作区的：表单被改动过，或者密钥已经更换；确认来源可靠的，请运行 qtemplate forms collect 文件 --accept",
        "its hidden mark is not this workspace's: the form was tampered with, or the key is another one; if you are sure "
        "of where it comes from, take it up with qtemplate forms collect FILE --accept",
    ),
    "form.stranger": (
        "它是从 {sender} 寄来的，这个地址不在《人员》里，也不是 {id} 的反馈者；确认可靠的，请运行 qtemplate forms collect 文件 --accept",
        "it came from {sender}, an address that is neither in People nor that of the reporter of {id}; if you are sure of "
        "it, take it up with qtemplate forms collect FILE --accept",
    ),
    "form.not_asked": (
        "它是 {name} 寄来的，而这份表应由 {asked}（或其代理人、部门负责人）填写；确认无误的，请运行 qtemplate forms collect 文件 --accept",
        "it came from {name}, and is for {asked} to fill in (or their deputy or head of department); if it is right all the "
        "same, take it up with qtemplate forms collect FILE --accept",
    ),
    "form.unproven": (
        "它的发件人 {sender} 不能确认（{auth}）；确认可靠的，请运行 qtemplate forms collect 文件 --accept",
        "its sender {sender} could not be confirmed ({auth}); if you are sure of it, take it up with qtemplate forms collect "
        "FILE --accept",
    ),
    "form.no_decision": (
        "“接受或退回”一格应为接受或退回，现为“{found}”；请选择后再交回",
        'the cell Accept or return holds "{found}"; choose one of the two and hand the form in again',
    ),
    "form.no_reason": (
        "退回时必须填写理由；请补上后再交回",
        "a return needs its reason; fill it in and hand the form in again",
    ),
    "form.bad_planned_at": (
        "计划完成日期“{found}”不是日期；请写成 2026-07-20 后再交回",
        'the planned date "{found}" is no date; write it like 2026-07-20 and hand the form in again',
    ),
    "form.bad_implemented_at": (
        "实施完成日期“{found}”不是日期；请写成 2026-07-20 后再交回",
        'the date of implementation "{found}" is no date; write it like 2026-07-20 and hand the form in again',
    ),
    "form.too_large": ("文件超过 {most} MB", "the file is larger than {most} MB"),
    "form.unreadable": ("不能作为工作簿读取：{problem}", "it cannot be read as a workbook: {problem}"),
    "form.link": (
        "这是一个快捷链接，程序不会打开它指向的文件；请把表单文件本身放进来",
        "it is a symbolic link, which is not followed; put in the form itself",
    ),
    "form.folder": (
        "这是文件夹，不是表单；请把里面的表单直接放进 forms/in",
        "it is a folder or no ordinary file; put the forms in it straight into forms/in",
    ),
    "form.wrong_type": ("不是 .xlsx 文件", "it is no .xlsx file"),
    "form.taken": ("✓ {file}：{id}", "✓ {file}: {id}"),
    "form.said": ("：{choice}", ": {choice}"),
    "form.decided": ("✓ {file}：{id} {decision}", "✓ {file}: {id} {decision}"),
    "form.refused": ("✗ {file}：{problem}（已移到 forms/problem）", "✗ {file}: {problem} (moved to forms/problem)"),
    "form.stays": ("✗ {file}：{problem}（移不走，仍在原处）", "✗ {file}: {problem} (it could not be moved and stays)"),
    "form.nothing": ("没有收到表单。", "No form has come back."),
    "form.next": ("下次运行把结果写入登记表。", "The next run writes the answers into the register."),
    "form.made": ("已生成 {path}", "Made {path}"),
}
