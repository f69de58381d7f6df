"""What stops a command, the outbox or a mail in the making. code -> (zh, en). Data only."""

from __future__ import annotations

COMMAND_ERRORS: dict[str, tuple[str, str]] = {
    # names given on the command line
    "none.file": ("没有文件 {path}。", "There is no file {path}."),
    "none.product": (
        "“产品”表里没有名称或型号为 {product} 的产品；有 {known}",
        "The sheet Products has no product or model {product}; it has {known}",
    ),
    "none.piled": (
        "没有第 {number} 号等人处理的来件；有 {known}",
        "Nothing with the number {number} waits for a person; there are {known}",
    ),
    "none.row": ("{book} 中没有编号为“{id}”的行；{near}", "No row of {book} has the id {id!r}; {near}"),
    "report.not_written": (
        "{path} 写不进去（{why}）；请换一个位置",
        "{path} cannot be written ({why}); name another place",
    ),
    "pack.exists": ("{path} 已经存在；请用 --out 另取一个名字", "{path} is there already; name another one with --out"),
    "verify.no_key": (
        "这里还没有封存过处理记录，或工作区的密钥 {path} 不在了（从备份恢复它）",
        "No history was sealed here yet, or the key of the workspace is gone: {path} (restore it from a backup)",
    ),
    "verify.no_head": (
        "“{head}”不是夜间运行结果里的那一行，应如 1234:a1b2c3d4e5f60718",
        "{head!r} is not the line of a nightly result, which looks like 1234:a1b2c3d4e5f60718",
    ),
    "none.run": ("没有运行“{run}”；{near}", "There is no run {run!r}; {near}"),
    "none.history": ("从没有关于“{id}”的改动记录；{near}", "Nothing was ever written about {id!r}; {near}"),
    "none.mail": ("没有邮件“{key}”；{near}", "There is no mail {key!r}; {near}"),
    "none.table": ("没有决策表“{sheet}”；{near}", "There is no decision table {sheet!r}; {near}"),
    "none.person": ("“人员”表中没有“{name}”；{near}", "The People sheet has nobody called {name!r}; {near}"),
    "none.suppressed": ("“{address}”不在不发名单上；{near}", "{address!r} is not on the suppression list; {near}"),
    "none.gaps": ("{id} 没有缺少的信息，不需要补充信息表。", "{id} lacks nothing, so there is nothing to ask for."),
    "none.form": ("没有“{kind}”这种表单；可用的有：{known}。", "There is no form {kind!r} yet; the kinds are {known}."),
    "none.old_rules": (
        "没有文件 {path}。请选择登记表的备份，或另一个带规则表的工作簿。",
        "There is no file {path}; choose a backup of the register or another workbook with rule sheets",
    ),
    "rules.none_usable": (
        "{path} 中没有可用的规则表。请选择登记表的备份。",
        "{path} holds no rule sheets that can be used; choose a backup of the register",
    ),
    "conflicts.itself": (
        "{path} 就是登记表本身；请指定它的副本，qtemplate conflicts 会列出。",
        "{path} is the register itself; name a copy of it, as qtemplate conflicts lists them.",
    ),
    # new folders
    "demo.not_empty": (
        "{folder} 不是空的，也不是未改动过的演示，因此没有做任何事。请换一个文件夹：qtemplate demo DIR。",
        "{folder} is not empty and not an unchanged demo; nothing was done. Name another folder: qtemplate demo DIR.",
    ),
    "init.not_empty": (
        "{folder} 不是空的，因此没有做任何事。请换一个新文件夹：qtemplate init DIR。",
        "{folder} is not empty; nothing was done. Name a new folder: qtemplate init DIR.",
    ),
    "docs.none": ("没有名为 {name} 的说明；有：{known}。", "There is no page {name}; there are {known}."),
    "docs.not_empty": (
        "{folder} 不是空的，因此没有复制任何文件。请换一个新文件夹。",
        "{folder} is not empty; nothing was copied. Name a new folder.",
    ),
    "init.no_zone": (
        "没有时区 {zone}。请写 IANA 时区名，例如 Asia/Shanghai。",
        "There is no time zone {zone}. Write a name of the IANA list, such as Europe/Berlin.",
    ),
    "upgrade.not_standard": (
        "{path} 只有标准工作簿其他 {all} 张表中的 {found} 张，看来不是由标准工作簿做成的，因此没有添加任何内容。"
        "需要什么，请从 qtemplate init 生成的工作簿中复制。",
        "{path} has only {found} of the {all} other sheets of the standard workbook, so it was not made from it; "
        "nothing was added. Copy what you want from a workbook that `qtemplate init` makes.",
    ),
    # a team's own workbook
    "adopt.words": (
        "{path} 不能作为词表使用（{problem}）。请按 templates/adopt/headers.toml 的样子写成 TOML 文件。",
        "{path} cannot be used as a list of words ({problem}); write it as TOML, as templates/adopt/headers.toml is.",
    ),
    "adopt.words_field": (
        "{path}：没有字段“{name}”；字段名见 docs/columns.md，自己的编号写 own_number。",
        "{path}: there is no field {name!r}; docs/columns.md lists the fields, the team's own number is own_number.",
    ),
    "adopt.words_list": (
        '{path}：[fields.{name}] 下的每一项应为文字列表，如 names = ["问题描述"]。',
        '{path}: every entry of [fields.{name}] has to be a list of texts, such as names = ["Description"].',
    ),
    "adopt.changed": (
        "{path} 已经有人改过（或不是本程序生成的），因此没有覆盖。请改名或移走后再试。",
        "Somebody changed {path}, or it was not made here; it was not replaced. Rename it or move it away, then try again.",
    ),
    "adopt.no_proposal": (
        "{path} 不是 adopt 写出的对照方案。请先运行 qtemplate adopt 工作簿，看过 adopt.xlsx 之后再用 --apply 采用。",
        "{path} is no proposal that adopt wrote. Run qtemplate adopt BOOK first, look through adopt.xlsx, then apply it.",
    ),
    "adopt.no_field": (
        "{path} 的 {cell}：没有字段“{label}”，请从下拉列表里选。",
        "{path}, {cell}: there is no field {label!r}; choose one from the drop-down list.",
    ),
    "adopt.not_given": (
        "{path} 的 {cell}：“{label}”不能交给程序填写。能交的是程序自己会填的列（状态、等级、优先级、关闭时间、各种期限等），编号不能。",
        "{path}, {cell}: {label!r} cannot be given to the program. Only columns that it fills itself can (status, level, priority, closing date, limits and the like), and never the number.",
    ),
    "adopt.no_value": (
        "{path} 的 {cell}：没有取值“{label}”，请从下拉列表里选，或留空。",
        "{path}, {cell}: there is no value {label!r}; choose one from the drop-down list, or leave the cell empty.",
    ),
    "adopt.twice": (
        "{path}：“{first}”和“{second}”两列都选了“{label}”，请只留一列。",
        "{path}: the columns {first!r} and {second!r} are both {label!r}; leave one of them.",
    ),
    "adopt.other_book": (
        "{book} 的工作表“{sheet}”里，第 {row} 行没有对照方案所说的列名“{header}”。工作簿可能改过，请重新运行 qtemplate adopt。",
        "{book}: the sheet {sheet} has no header {header!r} in row {row}, as the proposal says. The workbook may have changed; run qtemplate adopt again.",
    ),
    "adopt.already": (
        "{book} 已经采用过（有工作表“{sheet}”）。要撤回请用 qtemplate adopt {book} --undo。",
        "{book} was adopted before: it has the sheet {sheet!r}. To take that back: qtemplate adopt {book} --undo.",
    ),
    "adopt.refused": (
        "不能写入 {book}：{problem}什么也没有改。照此处理后再试；或者让它保持原样，把我们的一切放进旁边的第二个工作簿："
        "qtemplate adopt {book} --apply {proposal} --beside",
        "{book} cannot be written into. {problem} Nothing was changed. Do so and try again, or leave it as it is and put all "
        "of ours into a second workbook beside it: qtemplate adopt {book} --apply {proposal} --beside",
    ),
    "adopt.beside_number": (
        "{book}：对照方案里没有哪一列是您自己的编号。两个工作簿靠它对上行，请在 adopt.xlsx 里给那一列选“原编号”；没有编号的，请在您的工作簿里先加一列。",
        "{book}: no column of the proposal is your own number, by which the rows of two workbooks find each other. Choose 'Your own number' for one in adopt.xlsx, or add such a column to your workbook.",
    ),
    "adopt.beside_exists": (
        "已经有 {path}，没有覆盖。请改名或移走后再试。",
        "There is a {path} already; it was not replaced. Rename it or move it away, then try again.",
    ),
    "adopt.into_format": (
        "{path} 不能作登记表：请写一个 .xlsx 文件名。",
        "{path} cannot be a register: name an .xlsx file.",
    ),
    "adopt.into_none": (
        "已有的 {path} 不是登记表，不能往里加：{reason}",
        "{path} is there and is no register, so nothing can be added to it: {reason}",
    ),
    "adopt.not_adopted": (
        "工作区 {folder} 没有采用过工作簿，没有可以撤回的。",
        "The workspace {folder} has adopted no workbook; there is nothing to take back.",
    ),
    "adopt.config_other": (
        "{config} 的 [register] path 指向另一个文件（{path}）。请改为 {book}，或不写 --config。",
        "{config} names another register ({path}). Name {book} in [register] path, or leave --config out.",
    ),
    # invitations and forms
    "invite.past": (
        "会议开始时间 {begins:%Y-%m-%d %H:%M} 已过，请改为以后的时间。",
        "The meeting would begin at {begins:%Y-%m-%d %H:%M}, which is past; name a later moment.",
    ),
    "invite.left": (
        "“人员”表中 {name} 已离职，请另选一位。",
        "{name} has left, says the People sheet; choose somebody else.",
    ),
    "invite.no_mail": (
        "“人员”表中 {name} 没有邮箱，请先填写。",
        "{name} has no mail address in the People sheet; add one there.",
    ),
    "form.lacking": (
        "{id} 还没有填写{fields}；请先填写，再生成表单。",
        "{id} has no {fields} yet; fill it in, then the form can be made.",
    ),
    # the outbox
    "outbox.never_run": (
        "{folder} 还没有运行过，所以没有邮件。请先运行 qtemplate run。",
        "{folder} has not run yet, so there is no mail; run qtemplate run first.",
    ),
    "outbox.not_approved": (
        "{key} 的状态是 {state}，只有已批准的邮件才能发出；请先批准。",
        "{key} is {state}, only approved mails can be sent; approve it first.",
    ),
    "outbox.gone": (
        "{key} 的状态是 {state}，只有已批准的邮件才能发出；要再发一次请用 resend。",
        "{key} is {state}, only approved mails can be sent; resend queues it once more.",
    ),
    "outbox.no_mail": ("没有邮件“{key}”。", "There is no mail {key!r}."),
    "outbox.no_mail_near": (
        "没有邮件“{key}”；是不是“{near}”？",
        "There is no mail {key!r}; did you mean {near!r}?",
    ),
    "outbox.not_now": (
        "{key} 的状态是 {state}；只有 {allowed} 状态才能变为 {to}。",
        "{key} is {state}; only {allowed} can become {to}.",
    ),
    "outbox.not_gone": (
        "{key} 的状态是 {state}：还没有发出，不需要再发。",
        "{key} is {state}: it has not gone yet, so there is nothing to send again.",
    ),
    "outbox.again_already": (
        "{other} 的状态是 {state}：{key} 已安排再发一次。",
        "{other} is {state}: {key} is to go once more already.",
    ),
    "outbox.forgotten_text": (
        "{key}：正文已按 [mail] keep_text_days 删除，不能再发。",
        "{key}: its text was deleted after [mail] keep_text_days; it cannot be sent again.",
    ),
    # a mail that cannot be made
    "message.control": (
        "{source}：“{text}”中有换行或其他控制字符，请重新输入。",
        "{source}: {text!r} holds a line end or another control character; type it again.",
    ),
    "message.bracket": (
        "{source}：“{text}”有 < 而没有 >，应写成 name@domain 或 姓名 <name@domain>。",
        "{source}: {text!r} has '<' without '>'; expected name@domain or Name <name@domain>.",
    ),
    "message.no_address": (
        "{source}：“{text}”不是邮箱地址，应写成 name@domain 或 姓名 <name@domain>。",
        "{source}: {text!r} is not an address; expected name@domain or Name <name@domain>.",
    ),
    "message.local_part": (
        "{source}：“{text}”不是单个邮箱地址：@ 之前不能是“{local}”。",
        "{source}: {text!r} is not one address: {local!r} before the @ cannot be used.",
    ),
    "message.domain": (
        "{source}：“{text}”中的“{domain}”不是域名，应写成 corp.cn 这样。",
        "{source}: {text!r}: {domain!r} is not a domain; expected one such as corp.cn.",
    ),
    "message.nobody": (
        "{source}：没有收件人，至少要有一个。",
        "{source}: there is no recipient; a mail needs at least one.",
    ),
    "message.no_zone": (
        "{source}：{date} 没有时区，应为带时区的时刻。",
        "{source}: {date} has no time zone; expected an aware moment.",
    ),
    "message.header": (
        "{source}：不能添加“{name}”这个邮件头。",
        "{source}: {name!r} is not a header that may be added.",
    ),
    "message.id": (
        "{source}：“{found}”不是邮件标识，应写成 <abc@example.com> 这样。",
        "{source}: {found!r} is not a message id; expected one such as <abc@example.com>.",
    ),
}
