"""Phrases of the terminal report and the help of commands. key -> (zh, en). Data only."""

from __future__ import annotations

REPORT_REASONS: dict[str, tuple[str, str]] = {
    "report.register": (
        "{path}（{sheet}）：{rows} 行，时刻 {now}",
        "{path} ({sheet}): {rows} {rows:row|rows}, as of {now}",
    ),
    "report.findings": (
        "校验：错误 {errors} · 警告 {warnings} · 提示 {infos}",
        "Findings: {errors} {errors:error|errors} · {warnings} {warnings:warning|warnings} · {infos} {infos:note|notes}",
    ),
    "report.would": (
        "将会：改 {edits} 格 · 加 {rows} 行 · 发 {mails} 封邮件 · 生成 {forms} 份表单",
        "A run would: edit {edits} {edits:cell|cells} · add {rows} {rows:row|rows} · send {mails} {mails:mail|mails} · make {forms} {forms:form|forms}",
    ),
    "report.following": (
        "其中邮件发出之后才做的：改 {edits} 格 · 加 {rows} 行 · 发 {mails} 封邮件 · 生成 {forms} 份表单",
        "Of these, only once mail has gone: {edits} {edits:cell|cells} · {rows} {rows:row|rows} · {mails} {mails:mail|mails} · {forms} {forms:form|forms}",
    ),
    "report.afterwards": ("邮件发出之后：", "Once mail has gone:"),
    "report.did": (
        "已做：改 {edits} 格 · 加 {rows} 行 · {mails} 封邮件 · {forms} 份表单",
        "Done: {edits} {edits:cell|cells} edited · {rows} {rows:row|rows} added · {mails} {mails:mail|mails} · {forms} {forms:form|forms}",
    ),
    "report.logged": (
        "{at} 退出码 {code}：改 {edits} 格，{mails} 封邮件，{forms} 份表单；提示：错误 {errors}，警告 {warnings}。",
        "{at} exit {code}: {edits} {edits:cell|cells}, {mails} {mails:mail|mails}, {forms} {forms:form|forms}; findings: {errors} {errors:error|errors}, {warnings} {warnings:warning|warnings}.",
    ),
    "progress.read": ("读取工作簿", "Reading the workbook"),
    "progress.rules": ("按规则计算", "Applying the rules"),
    "progress.words": ("起草邮件", "Wording mails"),
    "progress.apply": ("写入工作簿", "Writing the workbook"),
    "progress.forms": ("生成表单", "Making forms"),
    "progress.mails": ("邮件入列", "Queueing mails"),
    "progress.send": ("发送邮件", "Sending mails"),
    "progress.columns": ("辨认各列", "Recognising the columns"),
    "progress.proposal": ("写出建议", "Writing the proposal"),
    "progress.add": ("添加列和工作表", "Adding columns and sheets"),
    "progress.take_out": ("取出列和工作表", "Taking columns and sheets out"),
    "progress.figures": ("统计当月", "Counting the month"),
    "progress.report": ("写出月报", "Writing the month"),
    "progress.gone": ("已用 {time}", "{time}"),
    "progress.left": ("约剩 {time}", "about {time} left"),
    "stopped.nothing": ("已中断，没有改动任何内容。", "Interrupted; nothing was changed."),
    "stopped.run": (
        "已中断。已做：登记表 {cells} 格已写入，{sent} 封邮件已发出。没有做：{waiting} 封邮件还在发件箱等待，其余尚未进行。"
        "再运行一次会接着做完，不会重复。",
        "Interrupted. Done: {cells} {cells:cell|cells} written, {sent} {sent:mail|mails} gone. Not done: {waiting} {waiting:mail waits|mails wait} in the outbox, and "
        "whatever was still to come. Run it again: it goes on from there and does nothing twice.",
    ),
    "stopped.looked": (
        "已中断。工作簿和邮件都没有改动；要显示或写出的内容没有做完，请再运行一次。",
        "Interrupted. The workbook and the mails are as they were; what was to be shown or written is not finished: run it again.",
    ),
    "stopped.demo": (
        "已中断，{folder} 里的演示没有做完。再运行一次会从头重做。",
        "Interrupted: the demo in {folder} is not finished. Run it again, and it is made anew.",
    ),
    "stopped.not_adopted": (
        "已中断。工作簿 {book} 没有改动。请再运行一次。",
        "Interrupted. The workbook {book} is as it was. Run it again.",
    ),
    "stopped.adopted": (
        "已中断。工作簿 {book} 里已经加上我们的列和工作表，原来的样子备份在工作区的 backups 文件夹里。下一步运行 qtemplate check。",
        "Interrupted. Our columns and sheets are in {book}; as it was before it lies in the folder backups of the workspace. Next: qtemplate check.",
    ),
    "stopped.other": (
        "已中断。重新运行这个命令即可；qtemplate log 列出已做的改动。",
        "Interrupted. Run the command again; qtemplate log shows what was changed.",
    ),
    "report.outcomes": (
        "结果：完成 {done} · 跳过 {skipped} · 推迟 {deferred} · 失败 {failed} · 未知 {unknown}",
        "Outcomes: {done} done · {skipped} skipped · {deferred} deferred · {failed} failed · {unknown} unknown",
    ),
    "report.look": ("需要有人处理：", "For a person to look at:"),
    "report.more": ("……还有 {n} 条，见“校验结果”表，或加 -v", "… {n} more: see the Findings sheet, or add -v"),
    "report.same": (
        "{n} 条以前已经列出，没有变化，最早自 {day}；见“校验结果”表，或加 -v",
        "{n} listed before are unchanged, the oldest since {day}: see the Findings sheet, or add -v",
    ),
    "report.more_unlisted": (
        "……还有 {n} 条，运行 qtemplate check -v 查看",
        "… {n} more: qtemplate check -v shows them",
    ),
    "findings.more": ("还有 {n} 条未列出", "{n} more not listed"),
    "report.edits": ("改动的列：{fields}", "Columns edited: {fields}"),
    "report.mails": ("邮件：{kinds}", "Mails: {kinds}"),
    "report.kept": ("{state} {n} 封：{why}", "{state} ({n}): {why}"),
    "report.held": ("暂缓", "held"),
    "report.drafted": ("待批准", "waiting for approval"),
    "report.exit0": ("没有需要人处理的事。", "Nothing needs a person."),
    "report.empty": (
        "“{sheet}”表里还没有反馈：在表头下第一行填一条，保存后再运行。",
        "The sheet {sheet} holds no feedback yet: fill in the first row below its headers, save, and run this again.",
    ),
    "report.exit3": ("已完成；上面列出的事项需要有人处理。", "Done; the findings above need a person."),
    "report.look3": ("上面列出的事项需要有人处理。", "The findings above need a person."),
    "report.exit5": (
        "有些事暂时不能完成，已保留，下次运行会再做。",
        "Not everything could be done; it is kept and tried again.",
    ),
    "story.title": ("这一夜的五条反馈", "Five feedbacks of this night"),
    "story.lead": (
        "示例登记表有 {rows} 行。程序运行了一次：改 {edits} 格，写 {mails} 封邮件，做 {forms} 份表单。下面五条说明它做了什么。",
        "The sample register has {rows} {rows:row|rows}. One run edited {edits} {edits:cell|cells}, wrote {mails} {mails:mail|mails} and made {forms} {forms:form|forms}. Five of "
        "the feedbacks show what that means.",
    ),
    "story.smoke": (
        "冒烟：有安全隐患的，按第一条规则就是“紧急”，立刻转交当时手上最少的人，时钟昼夜不停",
        "Smoke: a hazard is Urgent by the first rule, goes at once to whoever has the fewest open, and its clocks run day and night",
    ),
    "story.misunderstanding": (
        "误解：不是故障，批准的说明发给反馈者，不必查原因、做验证",
        "A misunderstanding: no fault, so the approved explanation goes out, and nobody has to find a cause or verify",
    ),
    "story.double": (
        "重复：同样的话以前有人报过，程序指出是哪一条，由人决定合并；反馈者照样收到回音",
        "A double: somebody reported the same before; the program names it, a person decides, and the reporter is answered all the same",
    ),
    "story.late": (
        "答复超期：提醒负责的人，超过一天告知其部门负责人，超过三天告知质量主管",
        "A late reply: whoever is to act is reminded, a day later the head of the department, two more days later the quality lead",
    ),
    "story.reopened": (
        "重新打开：反馈者说没有解决，期限从头计算，再次转交责任人，并告知反馈者",
        "Reopened: the reporter says that it is not solved; the clock starts anew, the owner gets it back, the reporter is told",
    ),
    "story.about": ("{id} {title}（{reporter}）", "{id} {title} ({reporter})"),
    "story.before": ("之前：{cells}", "before: {cells}"),
    "story.after": ("之后：{cells}", "after: {cells}"),
    "story.mail": ("邮件：致 {to}：{subject}", "mail: to {to}: {subject}"),
    "story.column": ("列", "Column"),
    "story.was": ("之前", "Before"),
    "story.is": ("之后", "After"),
    "story.why": ("依据", "Why"),
    "story.exit": (
        "已完成。{n} 条提示需要有人处理，见《校验结果》表，或加 -v。",
        "Done. {n} {n:finding needs|findings need} a person: see the sheet Findings, or add -v.",
    ),
    "story.further": (
        "登记表在 register.xlsx，全部邮件在 outbox 文件夹，每处改动的原因在《变更日志》。",
        "The register is register.xlsx, all mails are in the folder outbox, and why each cell was changed is in its sheet Changes.",
    ),
    "demo.where": (
        "打开 {folder}/stories.html 看这五条的经过，{folder}/register.xlsx 看全部结果；邮件在 {folder}/outbox，转交单在 {folder}/forms/out。",
        "Open {folder}/stories.html to see them, {folder}/register.xlsx for all of it; mails are in {folder}/outbox, forms in "
        "{folder}/forms/out.",
    ),
    "demo.synced": (
        "{client} 会把 {root} 同步到别处；演示的登记表只有您在用，所以照样写入。正式使用请放在不同步的文件夹，见 docs/operate.zh.md。",
        "{client} syncs {root}. Nobody else works in the demo, so it is written all the same; for real use choose a folder "
        "that is not synced, see docs/operate.md.",
    ),
    "init.synced": (
        '注意：{client} 会把 {root} 同步到别处，登记表在那里只提出建议、不写入。请移到不同步的文件夹，或设 [register] write = "always"，'
        "见 docs/operate.zh.md。",
        "Mind: {client} syncs {root}, where the register is only proposed to and not written. Move it to a folder that is "
        'not synced, or set [register] write = "always"; see docs/operate.md.',
    ),
    "templates.readme": (
        "这里可以放自己的邮件模板（mail/）和表单模板（forms/）：与自带模板同名的文件优先。",
        "Put your own mail templates (mail/) and form templates (forms/) here: a file of the same name wins.",
    ),
    "init.where": (
        "已建立 {folder}：先在 register.xlsx 的“人员”“产品”表填上自己的数据，再运行 qtemplate check --config {config}。",
        "Made {folder}: fill People and Products in register.xlsx, then run qtemplate check --config {config}.",
    ),
    "init.zone": (
        "表中时间按 {zone} 计；要改，请改 qtemplate.toml 的 time_zone。",
        "The times in it are those of {zone}; to change that, set time_zone in qtemplate.toml.",
    ),
    "init.calendar": (
        "“工作日历”表已填入节假日（{calendar}），请核对。",
        "The sheet Calendar starts with holidays ({calendar}); look through them.",
    ),
    "init.plain_calendar": (
        "“工作日历”表不设节假日，只按每周工作时段计；以后要加，直接填在表里。",
        "The sheet Calendar has plain weeks without holidays; to have some later, enter them there.",
    ),
    "init.no_calendar": (
        "“工作日历”表还没有节假日：请填写，或在建立时加 --calendar，例如 cn。",
        "The sheet Calendar has no holidays yet: enter them, or name a country when you make it, such as --calendar gb.",
    ),
}
