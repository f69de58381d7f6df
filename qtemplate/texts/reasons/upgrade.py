"""Phrases of `upgrade`, and of what `doctor` says about a workbook that lacks something. key -> (zh, en). Data only."""

from __future__ import annotations

UPGRADE_REASONS: dict[str, tuple[str, str]] = {
    "upgrade.nothing": ("没有要添加的", "There is nothing to add"),
    "upgrade.would": (
        "将会添加 {n} 项（现在什么都没有改）：",
        "{n} {n:thing|things} would be added (nothing was changed now):",
    ),
    "upgrade.done": ("已添加 {n} 项：", "{n} {n:thing was|things were} added:"),
    "upgrade.later": (
        "登记表现在不能写入：{reason}；请稍后再升级。要添加的有 {n} 项：",
        "The register cannot be written now ({reason}); upgrade again later. {n} {n:thing is|things are} to be added:",
    ),
    "upgrade.column": ("“{sheet}”表的列“{name}”", "column {name} of the sheet {sheet}"),
    "upgrade.sheet": ("工作表“{name}”", "sheet {name}"),
    "upgrade.list": ("“{sheet}”表的列表“{name}”", "list {name} of the sheet {sheet}"),
    "upgrade.value": ("列表“{list}”的值“{name}”", "value {name} of the list {list}"),
    "upgrade.heights_would": (
        "以下工作表中，行高不够、文字叠在一起的行将会加高：{sheets}",
        "Rows that are lower than their texts would become high enough in: {sheets}",
    ),
    "upgrade.heights_done": (
        "以下工作表中，行高不够、文字叠在一起的行已加高：{sheets}",
        "Rows that were lower than their texts became high enough in: {sheets}",
    ),
    "upgrade.heights_later": (
        "以下工作表中有行高不够、文字叠在一起的行，也要加高：{sheets}",
        "Rows are lower than their texts, and are to become high enough, in: {sheets}",
    ),
    "upgrade.undo": (
        "升级前的文件保存在 {backup}；撤销用 qtemplate undo {run}",
        "The file from before is kept as {backup}; qtemplate undo {run} takes it back",
    ),
    "upgrade.left_out": ("不能添加：", "Could not be added:"),
    "upgrade.because": ("{what}：{reason}", "{what}: {reason}"),
    "upgrade.unknown": (
        "以前有、现在没有了，没有再添加（改了名的请改回原名；不要的不必理会）：",
        "Were there before and are gone; not added again (give a renamed one its name back; leave out what you do not want):",
    ),
    "doctor.complete": (
        "登记表不缺这一版标准工作簿里的内容",
        "the register has all that the standard workbook of this version has",
    ),
    "doctor.absent": (
        "登记表缺少这一版标准工作簿里的 {n} 项，缺的按默认处理：{things}",
        "the register lacks {n} {n:thing|things} that this version knows, and runs on with defaults: {things}",
    ),
    "doctor.absent_do": (
        "想要的话：qtemplate upgrade --dry-run 列出，qtemplate upgrade 添加。",
        "If you want them: qtemplate upgrade --dry-run lists them, qtemplate upgrade adds them.",
    ),
    "doctor.unknown": (
        "登记表以前有、现在没有了：{things}",
        "the register had these at an earlier run and has them no more: {things}",
    ),
    "doctor.unknown_do": (
        "改了名的请改回原名；有意删除的不必理会，升级也不会再添加。",
        "Give what was renamed its name back. What was deleted on purpose may stay away; an upgrade does not add it again.",
    ),
    "upgrade.like": ("{what}，也许就是现在的“{like}”", "{what}, perhaps the one now called {like}"),
}
