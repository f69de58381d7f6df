"""The help of every command in Chinese, and what is said of arguments that were not understood.

It stands here and not in `texts`, which knows findings and fields: help is printed before any of that is loaded.
"""

from __future__ import annotations

from collections.abc import Sequence

import click

USAGE, OPTIONS_TITLE, COMMANDS_TITLE = "用法：", "选项", "命令"

_HELP = {
    "": "让产品质量反馈流程在团队现有的 Excel 登记表里自己运转。",
    "demo": "用示例登记表建立一个工作区，并在上面完整运行一遍。",
    "init": "建立正式使用的工作区。",
    "check": "只校验，不改动任何内容。",
    "plan": "列出运行时将要做的一切，不改动任何内容。",
    "run": "计划、写入、发送；加 --no-mail 只排队不发送。",
    "nightly": "与 run 相同，只是另一个名字。",
    "watch": "登记表每次保存并静止之后就运行，直到停止。\n\n加 --json 时，每次运行输出一行 JSON 对象。",
    "explain": "说明一条反馈的等级、优先级、责任人和期限从何而来。",
    "log": "什么时候改了什么，为什么。",
    "pack": "把一条反馈的全部档案导出成文件夹或压缩包：经过、改动记录、邮件、表单、附件。",
    "verify": "核对处理记录（改动和邮件）是否与封存时一致，从何时起。\n\n末尾被截掉或整个重新封存的记录，单看自身是完整的：用 --head "
    "给出以前夜间结果邮件（M25）中的那一行即可查出。有问题时退出码为 3。",
    "status": "一行状态，供监控使用：上次运行、距今多久、还有什么在等待。\n\n\b\n退出码 0：正常。\n3：需要人来处理。\n"
    "5：超过 [status] max_age_hours 没有运行，或有事情在等待。\n4：还没有完成过一次运行，或设置有误。",
    "undo": "撤销一次运行写入的单元格；之后有人改过的不动。",
    "upgrade": "把新版本增加的列、工作表和下拉选项补进登记表。\n\n表中已有的内容不移动也不改变；先留备份，可用 undo 撤销。",
    "claim": "搬家或恢复之后，让本工作区成为写入登记表的那一个。\n\n说明会有什么后果，并列出因登记表中已有记录而视为发出的邮件。",
    "conflicts": "登记表旁边的冲突副本里有哪些内容是登记表没有的。\n\n列出只有副本才有的行、登记表中为空的单元格，以及两边"
    "内容不同的单元格。加 --merge 补进前两类；第三类由人决定。已有的内容绝不覆盖。",
    "docs": "随程序附带的说明：列出、显示一页、复制。",
    "doctor": "检查运行所需的一切，并说明该怎么办。",
    "rules": "决策表：检查、显示、试算。",
    "rules check": "规则表有哪些问题。",
    "rules show": "显示各表的严格写法，以及近一年各条规则的命中和改判。",
    "rules test": "试算表旁边的示例行。",
    "rules diff": "换成另一套规则，哪些行的结果会不同。",
    "outbox": "发件箱：查看、批准、作废、再发一次。",
    "outbox list": "列出每封邮件、其去向和等待的原因。",
    "outbox show": "查看一封邮件的原样和经过。",
    "outbox approve": "批准发出待批或暂缓的邮件。",
    "outbox discard": "决定一封邮件不再发出。",
    "outbox resend": "把一封邮件原样再发一次，用新的键。",
    "outbox arrived": "把去向不明的邮件记为已送达。",
    "outbox send": "发出现在到期的邮件；点名的邮件任何时候都发。",
    "outbox suppress": "以后不再给某个地址发邮件：寄给它的邮件一律暂缓。",
    "outbox unsuppress": "把地址移出不发名单。",
    "outbox invite": "邀请同事开会讨论一条反馈。",
    "forms": "跟进表单：生成、收回。",
    "forms make": "为一条反馈生成表单；KIND：transfer 转交单、8d、why 5-Why、verification 验证报告、minutes 会议纪要、follow_up 回访表、missing 补充信息表。",
    "forms collect": "收回填好的表单，不写路径时收 forms/in 里的。",
    "fleet": "多台机器上的许多登记表：值守、收回、状态。",
    "fleet worker": "查看这台机器够得着的登记表，直到被停止。",
    "fleet sweep": "收回已死的值守进程占着的登记表；由定时器每分钟运行一次。",
    "fleet status": "每张登记表一行：上次运行、距今多久、什么在等待、在哪台机器上。\n\n\b\n退出码 0：全部正常。\n3：有的地方需要人来处理。\n"
    "5：有登记表过时未运行、从未运行，或问不到。",
    "state": "工作区的状态：搬到别处。",
    "state move": "把状态搬到服务器上，或搬回文件；每一行都核对。\n\nTO：postgresql://用户@主机/数据库?schema=名字，或 file。",
    "serve": "提供给没有登记表的人用的网页，直到被停止；需要 qtemplate[web]。",
    "qr": "生成二维码标签，扫码即可打开反馈问题的网页。\n\n每个产品一张 A4；写 PRODUCT（“产品”表中的名称或型号）则只做这一个。需要 qtemplate[web]。",
    "intake-page": "把反馈问题的网页写成一个不用联网的文件。\n\n它生成一个含照片的 JSON 文件，发邮件或放进 intake/in/web 即可。",
    "intake": "收取各渠道的来件，不做整次运行。",
    "report": "一个月的数字：有什么变化，该做什么。",
    "adopt": "看懂团队自己的登记表，建议各列的含义。\n\n不需要工作区，也不改动工作簿。不加 --json 时，建议写入当前"
    "文件夹的 adopt.xlsx，供人过目。加 --apply 时，先备份，再把我们的列和工作表加进工作簿；没有工作区就在这里建一个。"
    "再加 --beside，工作簿从此只读取：旁边的第二个工作簿里有您的列和我们的列，每次运行把改动带过来。"
    "\n\n在此之前，--into 把许多清单合成一张登记表：CSV 文件、每月一个工作簿、每月一张工作表。按您自己的编号，"
    "已有的行不会加第二次；内容不同的列出来由人决定。",
}
"""Words that lead to a command -> its help; the first line stands in lists."""

_OPTIONS = {
    "--config": "工作区的设置文件 [默认：./qtemplate.toml]",
    "--now": "按这个时刻运行；不带时区则用登记表的时区。",
    "--json": "标准输出只有一个 JSON 对象，其余都到标准错误。",
    "--lang": "终端的语言；demo 和 init 也用它决定工作簿的语言。",
    "--verbose": "列出全部提示、改动和邮件。",
    "--quiet": "只输出错误；运行时另留一行带时间的记录，供日志使用。",
    "--help": "显示本说明。",
    "--version": "显示版本。",
    "init --time-zone": "登记表中时间所在的时区，例如 Asia/Shanghai [默认：本机的时区]",
    "init --calendar": "预先填入日历的节假日：cn、none，或国家代码如 de、gb-eng [默认：中文工作簿 cn，英文工作簿先空着]",
    "fleet worker --fleet": "有哪些登记表、谁够得着 [默认：./fleet.toml]",
    "fleet worker --queue": "只看这台机器够得着的；可以写多次。",
    "fleet worker --once": "每张登记表看一次就结束。",
    "fleet sweep --fleet": "有哪些登记表、谁够得着 [默认：./fleet.toml]",
    "fleet status --fleet": "有哪些登记表、谁够得着 [默认：./fleet.toml]",
    "fleet status --html": "另写成一页，所有登记表并排。",
    "run --no-mail": "邮件只排队，不发送。",
    "run --full": "即使没有变化、没有到期的事，也完整运行一次。",
    "nightly --no-mail": "邮件只排队，不发送。",
    "nightly --full": "即使没有变化、没有到期的事，也完整运行一次。",
    "watch --trace": "输出看到的文件变化和据此所做的事。",
    "watch --runs": "运行这么多次后结束。",
    "pack --out": "新文件夹，或以 .zip 结尾的文件名。",
    "log --run": "只列这一次运行所做的。",
    "log -n": "最多列多少行。",
    "verify --head": "有人留存的夜间结果邮件所说的记录末尾。",
    "upgrade --dry-run": "只说明会增加什么。",
    "claim --ours": "程序各列中的内容出自本程序：重新生成。",
    "claim --theirs": "程序各列中的内容是人填的：保留。",
    "claim --hand-over": "今后由人填写的程序列；在采用的工作簿里，也可以是今后由程序填写的只读列。",
    "conflicts --merge": "把只有 FILE 才有的内容补进登记表。",
    "docs --out": "把全部说明和定时运行所需的文件复制到那里。",
    "doctor --fleet": "工作区所属的登记表清单 [默认：上级文件夹中最近的 fleet.toml]",
    "doctor --mail": "也询问邮件服务器；不发送任何邮件。",
    "rules diff --xlsx": "另写一个工作簿。",
    "outbox list --state": "只列处于这一状态的邮件。",
    "outbox list --id": "只列关于这条反馈的邮件。",
    "outbox show --html": "写成网页并给出其路径。",
    "outbox approve --kind": "批准这一种类的全部待批邮件。",
    "outbox approve --all-of": "批准关于这条反馈的全部待批邮件。",
    "outbox suppress --reason": "原因，供以后查问。",
    "outbox invite --at": "开始时间；不带时区则用登记表的时区。",
    "outbox invite --with": "“人员”表中的人。",
    "outbox invite --minutes": "时长，单位：分钟。",
    "outbox invite --place": "会议室或链接。",
    "forms collect --accept": "即使标记不是本工作区的，也收下所列的表单。",
    "intake --dry-run": "只看：不存储、不标记、不移动。",
    "intake --list": "列出留给人处理的来件，带编号和原因。",
    "intake --show": "看其中一件的内容。",
    "intake --link": "归入这条反馈；写 new 则登记为新反馈。",
    "intake --discard": "这一件不处理。",
    "qr --channel": "反馈的问题记在登记表的哪个渠道。",
    "qr --out": "要打印的网页文件 [默认：labels.html]",
    "intake-page --channel": "反馈的问题记在登记表的哪个渠道。",
    "intake-page --out": "网页文件 [默认：intake.html]",
    "report --month": "月份 [默认：已结束且有反馈的最近一个月]",
    "report --html": "写成可打印在 A4 上的网页。",
    "report --mail": "按“人员”中的月报一列排队发送（M26）。",
    "report --xlsx": "写成带图表的工作簿。",
    "report --public": "网页不含个人信息。",
    "adopt --apply": "按这份已经看过的对照方案采用工作簿。",
    "adopt --undo": "把我们的列和工作表再从工作簿里取出来。",
    "adopt --beside": "与 --apply 同用：工作簿保持原样，我们的一切都放进旁边的第二个工作簿。",
    "adopt --into": "把几份清单（CSV、工作簿、装有它们的文件夹）合成这一张登记表；加 --yes 才写入。",
    "adopt --yes": "与 --into 同用：写入登记表；不加就只说会怎么做。",
    "adopt --words": "团队自己对标题和取值的叫法（TOML），先于工作区 templates/adopt 里的。",
}

_EXTRAS = (("default: ", "默认："), ("required", "必填"))

_FAULTS = (
    (" is no moment; write it like ", " 不是时刻，请写成 "),
    (" is no month; write it like ", " 不是月份，请写成 "),
    (" is not one of ", " 不是以下之一："),
    (" is not a valid integer", " 不是整数"),
    (" is not in the range ", " 不在范围内："),
    ("Directory ", "文件夹 "),
    ("File ", "文件 "),
    (" does not exist.", " 不存在。"),
    (" is a directory", " 是文件夹"),
    (" is a file.", " 是文件。"),
    (" is not readable.", " 不可读。"),
    (" is not writable.", " 不可写。"),
    (" is not a valid boolean.", " 不是“是”或“否”。"),
    ("Got unexpected extra arguments ", "多出了参数 "),
    ("Got unexpected extra argument ", "多出了参数 "),
    (" requires an argument.", " 后面缺少值。"),
    (" does not take a value.", " 后面不带值。"),
    ("Missing command.", "缺少命令。"),
    ("Option ", "选项 "),
    ("--accept needs the forms that you vouch for", "--accept 需要写明由您担保的表单"),
    (
        "only one of --dry-run, --list, --show, --link and --discard",
        "--dry-run、--list、--show、--link、--discard 只能用一个",
    ),
    ("name mails by KEY, --kind or --all-of", "请用 KEY、--kind 或 --all-of 指明邮件"),
)

MISSING = {"argument": "缺少参数", "option": "缺少选项"}


def help_of(path: Sequence[str]) -> str:
    """The help of the command that these words lead to; `\\b` and line breaks as click has them."""
    return _HELP[" ".join(path)]


def option_help(path: Sequence[str], name: str) -> str:
    """What an option of that command means; those of every command are known by their name alone."""
    return _OPTIONS.get(" ".join((*path, name))) or _OPTIONS[name]


def say_pieces(pieces: Sequence[str]) -> str:
    """The rest of a usage line; what a reader puts in stays as it is."""
    return " ".join(pieces).replace("[OPTIONS]", "[选项]").replace("COMMAND [ARGS]...", "命令 [参数]...")


def say_extras(meaning: str) -> str:
    """What click adds to an option's meaning: its default, that it is required."""
    start, bracket, extras = meaning.rpartition("  [")
    for english, chinese in _EXTRAS:
        extras = extras.replace(english, chinese)
    return start + bracket + extras if bracket else meaning


def say_complaint(wrong: click.UsageError) -> str:
    """What was not understood."""
    near = getattr(wrong, "possibilities", None)
    hint = f"是不是想写 {'、'.join(near)}？" if near else ""
    match wrong:
        case click.MissingParameter(param=param) if param is not None:
            said = f"{MISSING.get(param.param_type_name, '缺少')} {param.get_error_hint(wrong.ctx)}。"
        case click.NoSuchOption(option_name=name):
            said = f"没有选项 {name}。{hint}"
        case click.BadParameter(param=param) if param is not None:
            said = f"{param.get_error_hint(wrong.ctx)} 的值不能用：{_say_fault(wrong.message)}"
        case _ if hasattr(wrong, "command_name"):
            said = f"没有命令 {wrong.command_name}。{hint}"
        case _:
            said = _say_fault(wrong.format_message())
    return f"{said}\n运行 {wrong.ctx.command_path if wrong.ctx else 'qtemplate'} --help 查看说明。"


def _say_fault(message: str) -> str:
    for english, chinese in _FAULTS:
        message = message.replace(english, chinese)
    return message
