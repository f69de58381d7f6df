"""Phrases about forms: what each kind is called and says, and why one was not taken. key -> (zh, en). Data only.

`plan/form_kinds.py` says which of them a kind of form needs.
"""

from __future__ import annotations

FORM_REASONS: dict[str, tuple[str, str]] = {
    "form.transfer": ("转交单", "Transfer form"),
    "form.choice_accept": ("接受", "accepted"),
    "form.choice_return": ("退回", "returned"),
    "form.said_accept": ("接受；计划完成 {planned_at}；{note}", "Accepted; planned {planned_at}; {note}"),
    "form.said_return": ("退回：{reason}；{note}", "Returned: {reason}; {note}"),
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
    "form.decided": ("✓ {file}：{id} {decision}", "✓ {file}: {id} {decision}"),
    "form.refused": ("✗ {file}：{problem}（已移到 forms/problem）", "✗ {file}: {problem} (moved to forms/problem)"),
    "form.stays": ("✗ {file}：{problem}（移不走，仍在原处）", "✗ {file}: {problem} (it could not be moved and stays)"),
    "form.nothing": ("没有收到表单。", "No form has come back."),
    "form.next": ("下次运行把结果写入登记表。", "The next run writes the answers into the register."),
    "form.made": ("已生成 {path}", "Made {path}"),
}
