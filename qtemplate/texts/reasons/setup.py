"""What was expected in `qtemplate.toml`, and the hints beside it. key -> (zh, en). Data only."""

from __future__ import annotations

SETUP_REASONS: dict[str, tuple[str, str]] = {
    "config.meant": ("；是不是想写 {near}？", "; did you mean {near}?"),
    "config.known": ("；可用的有：{known}。", "; known are {known}."),
    "config.windows_path": (
        "Windows 路径请写在单引号里：'D:\\quality'。",
        " A Windows path goes into single quotes: 'D:\\quality'.",
    ),
    "expected.text": ("写在一行内、加引号的文字", "text in quotes, on one line"),
    "expected.flag": (" true 或 false", "true or false"),
    "expected.integer": (" {least} 至 {most} 的整数", "a whole number from {least} to {most}"),
    "expected.number": (" {least} 至 {most} 的数字", "a number from {least} to {most}"),
    "expected.one_of": ("下列之一：{known}", "one of {known}"),
    "expected.path": ("路径", "a path"),
    "expected.url": (
        "以 https:// 或 http:// 开头的网址，或留空",
        "an address that begins with https:// or http://, or nothing",
    ),
    "expected.state_url": (
        " postgresql://用户@主机/数据库?schema=名字（名字由小写字母、数字和 _ 组成，每个工作区一个，不能是 public）",
        "postgresql://user@host/database?schema=name (lower-case letters, digits and _, one a workspace, not public)",
    ),
    "expected.no_password": (
        "不含密码的地址：密码放在 QTEMPLATE_STATE_PASSWORD、QTEMPLATE_STATE_PASSWORD_FILE 所指的文件，或系统密钥环",
        "an address without a password: that goes into QTEMPLATE_STATE_PASSWORD, the file of "
        "QTEMPLATE_STATE_PASSWORD_FILE, or the keyring",
    ),
    "expected.plant_name": ("字母、数字、- 和 _ 组成的短名", "a short name of letters, digits, - and _"),
    "expected.time_of_day": ('一天中的时刻，例如 "22:00"', 'a time of day such as "22:00"'),
    "expected.list": ("列表，例如 [{like}]", "a list such as [{like}]"),
    "expected.id_prefix": ("一至十个字母或数字，以字母开头", "one to ten letters and digits, a letter first"),
    "expected.command": ('"program", "argument"', '"program", "argument"'),
    "expected.listen": ("地址和端口，例如 127.0.0.1:8720", "an address and a port, such as 127.0.0.1:8720"),
    "expected.bot_name": ("字母、数字、- 和 _ 组成的名字", "a name of letters, digits, - and _"),
    "expected.levels": ("urgent、major、normal 或 minor", "urgent, major, normal or minor"),
    "expected.department": ("部门的名称", "the name of a department"),
    "expected.bot_news": ('"digest" 或 "urgent"', '"digest" or "urgent"'),
    "expected.domains": (
        '"corp.cn"、".corp.cn"（含其子域名）或 "*"',
        '"corp.cn", ".corp.cn" with its sub-domains, or "*"',
    ),
    "expected.kinds": ('邮件类型，例如 "M01"', 'kinds such as "M01"'),
    "expected.no_reply": (
        "答复以外的类型；{replies} 在登记表中逐封批准",
        "no reply; {replies} are approved in the register",
    ),
    "expected.address": (
        '一个地址，例如 "Quality <qa@example.com>"',
        'one address such as "Quality <qa@example.com>"',
    ),
    "expected.zone": (
        ' IANA 时区名，例如 "Asia/Shanghai"',
        'a time zone of the IANA list such as "Asia/Shanghai"',
    ),
    "expected.moment": (
        '时刻，例如 "2026-11-22T08:00:00"；不设时写 ""',
        'a moment such as "2026-11-22T08:00:00", or "" for none',
    ),
    "expected.span": ('时间段，例如 "22:00-07:00"；不设时写 ""', 'a span such as "22:00-07:00", or "" for none'),
    "register.nowhere": ("所有工作表都没有这些标题", "no sheet has any of them"),
    "register.similar": (
        "所有工作表都没有这些标题（“{sheet}”名称相近，但没有这样的标题）",
        "no sheet has any of them (the sheet {sheet} has a similar name but no such headers)",
    ),
    "register.nearest": (
        "最接近的是“{sheet}”，第 {row} 行有 {count} 个认得的标题",
        "the nearest sheet is {sheet}, whose row {row} has {count} known headers",
    ),
    "either": ("{one} 或 {other}", "{one} or {other}"),
    "near.names": ("最接近的有：{names}。", "the nearest are {names}."),
    "near.known": ("已有的例如：{names} …", "known are {names} …"),
    "near.meant": ("您是否想填“{name}”？", 'Did you mean "{name}"? '),
    "near.none": ("现在还一个都没有。", "there is none yet."),
}
"""Parts of the sentences in `errors.setup`."""
