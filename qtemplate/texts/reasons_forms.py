"""Phrases about forms: what each kind is called and says, and why one was not taken. key -> (zh, en). Data only.

`plan/form_kinds.py` says which of them a kind of form needs.
"""

from __future__ import annotations

FORM_REASONS: dict[str, tuple[str, str]] = {
    "form.transfer": ("转交单", "Transfer form"),
    "form.said_accept": ("接受；计划完成 {planned_at}；{note}", "Accepted; planned {planned_at}; {note}"),
    "form.said_return": ("退回：{reason}；{note}", "Returned: {reason}; {note}"),
    "form.no_token": (
        "这不是程序生成的表单，或隐藏的标识已丢失；请用原来寄出的表单填写后再放进来",
        "this is no form of ours, or its hidden mark is lost; fill in the form that was sent and put it in again",
    ),
    "form.unknown": (
        "这份表单不是这个工作区生成的（{form}）",
        "this form was not made by this workspace ({form})",
    ),
    "form.no_decision": (
        "“接受或退回”一格应为接受或退回，现为“{found}”；请选择后再放进来",
        'the cell Accept or return holds "{found}"; choose one of the two and put the form in again',
    ),
    "form.no_reason": (
        "退回时必须填写理由；请补上后再放进来",
        "a return needs its reason; fill it in and put the form in again",
    ),
    "form.bad_planned_at": (
        "计划完成日期“{found}”不是日期；请写成 2026-07-20 后再放进来",
        'the planned date "{found}" is no date; write it like 2026-07-20 and put the form in again',
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
    "form.taken": ("✓ {file}：{id} {decision}", "✓ {file}: {id} {decision}"),
    "form.refused": ("✗ {file}：{problem}（已移到 forms/problem）", "✗ {file}: {problem} (moved to forms/problem)"),
    "form.stays": ("✗ {file}：{problem}（移不走，仍在原处）", "✗ {file}: {problem} (it could not be moved and stays)"),
    "form.nothing": ("没有收到表单。", "No form has come back."),
    "form.next": ("下次运行把结果写入登记表。", "The next run writes the answers into the register."),
    "form.made": ("已生成 {path}", "Made {path}"),
}
