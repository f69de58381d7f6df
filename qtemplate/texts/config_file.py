"""The comments in the `qtemplate.toml` of a new workspace. Data only."""

from __future__ import annotations

INTRODUCTION: dict[str, tuple[str, ...]] = {
    "zh": (
        "# qtemplate 的设置。改完后运行 `qtemplate doctor`，它会指出哪里写错了。",
        "# 密码不写在这里，见 [mail] username。",
    ),
    "en": (
        "# Settings of qtemplate. After a change `qtemplate doctor` says what is wrong.",
        "# Passwords do not belong here, see [mail] username.",
    ),
}

SETTINGS: dict[tuple[str, str], tuple[str, str]] = {
    ("register", "path"): (
        "登记表的位置；相对路径从本文件所在文件夹算起，Windows 路径请用单引号",
        "where the register is; relative to this file; put a Windows path into single quotes",
    ),
    ("register", "language"): ("单元格、邮件和表单的语言：zh | en", "language of cells, mails and forms: zh | en"),
    ("register", "time_zone"): ("表中时间所在的时区", "time zone of the times in the workbook"),
    ("register", "rules"): (
        "规则表在另一个工作簿时写其路径；空 = 在登记表里",
        "another workbook with the rule sheets; empty = the register",
    ),
    ("register", "source"): (
        "团队自己的工作簿，只读取、从不写入；登记表在它旁边（adopt --beside）；空 = 没有",
        "a team's own workbook that is only read and never written; the register stands beside it (adopt --beside); empty = none",
    ),
    ("register", "id_prefix"): ("反馈编号的前缀", "what feedback numbers begin with"),
    ("register", "guard_shrink"): (
        "登记表突然少了这么大比例的行就停下来问人；0.5 = 一半",
        "stop and ask when this share of the rows is suddenly gone; 0.5 = half",
    ),
    ("register", "write"): (
        "auto = 能安全写入才写 | always = 写不了就报错 | propose = 从不写入，只列出建议",
        "auto = write where it is safe | always = else report an error | propose = never write, only propose",
    ),
    ("register", "link"): (
        "邮件里写的登记表位置：大家能打开的共享路径或网址；空 = 上面的 path",
        "what mails say where the register is: a share or URL that everybody can open; empty = the path above",
    ),
    ("mail", "transport"): (
        "folder = 只写到 outbox/ 文件夹 | smtp = 真正发出",
        "folder = into outbox/ only | smtp = really send",
    ),
    ("mail", "host"): ("邮件服务器", "the mail server"),
    ("mail", "port"): ("端口：starttls 一般是 587，tls 一般是 465", "usually 587 for starttls, 465 for tls"),
    ("mail", "security"): (
        "starttls | tls | none（none 只限本机）",
        "starttls | tls | none (none only on this machine)",
    ),
    ("mail", "allow_plaintext"): (
        "true = 允许不加密连接到别的机器（不建议）",
        "true = allow an open connection elsewhere (not advised)",
    ),
    ("mail", "auth"): ("password | xoauth2（Microsoft 365、Gmail）", "password | xoauth2 (Microsoft 365, Gmail)"),
    ("mail", "username"): (
        "空 = 不登录。密码放在环境变量 QTEMPLATE_SMTP_PASSWORD、QTEMPLATE_SMTP_PASSWORD_FILE 所指文件，或系统密钥环",
        "empty = no login. Password: QTEMPLATE_SMTP_PASSWORD, the file of QTEMPLATE_SMTP_PASSWORD_FILE, or the keyring",
    ),
    ("mail", "token_command"): (
        '输出 xoauth2 令牌的命令，例如 ["get-token", "qa"]；也可用环境变量 QTEMPLATE_SMTP_TOKEN',
        'a command that prints the xoauth2 token, such as ["get-token", "qa"]; or set QTEMPLATE_SMTP_TOKEN',
    ),
    ("mail", "oauth_tenant"): (
        "Microsoft 365 租户，需要 qtemplate[m365]",
        "Microsoft 365 tenant; needs qtemplate[m365]",
    ),
    ("mail", "oauth_client_id"): (
        "应用程序 ID；其密钥在 QTEMPLATE_OAUTH_SECRET",
        "the application's id; its secret is in QTEMPLATE_OAUTH_SECRET",
    ),
    ("mail", "from"): ("发件人", "the sender"),
    ("mail", "allow_domains"): (
        '只有这些域的地址会收到邮件；空 = 谁也不发；".corp.cn" 含子域；["*"] = 不限',
        'only these domains ever get mail; empty = nobody; ".corp.cn" = with sub-domains; ["*"] = anybody',
    ),
    ("mail", "auto_approve"): ("发给外部、无需审批的邮件种类", "kinds of mail to outsiders that need no approval"),
    ("mail", "lead_approves"): (
        "哪些等级的答复由质量主管审批（urgent major normal minor）；其余由责任部门负责人或协调人审批",
        "levels whose replies the quality lead approves (urgent major normal minor); the department's head or a coordinator "
        "approves the others",
    ),
    ("mail", "author_approves"): (
        "沟通负责人和责任人是否可以审批自己写的答复",
        "whether the contact and the owner may approve a reply that they wrote themselves",
    ),
    ("mail", "redirect_to"): (
        "测试模式：所有邮件都改发到这个地址",
        "test mode: every mail goes to this address instead",
    ),
    ("mail", "ca_file"): ("公司自己的 CA 证书（PEM）", "your own certificate authority (PEM)"),
    ("mail", "timeout_seconds"): ("服务器多少秒不回答就放弃", "give up when the server is silent for so long"),
    ("mail", "since"): (
        "此前收到的反馈算历史：不给外部发邮件，也不转交；内部汇总照常",
        "rows received before this are history: no mail to outsiders, no transfers; internal digests go on",
    ),
    ("mail", "max_per_run"): (
        "一次运行新邮件超过这个数就暂缓并报告",
        "more new mails than this in one run are held and reported",
    ),
    ("mail", "max_per_minute"): ("每分钟最多发多少封", "at most so many mails a minute"),
    ("mail", "when_unknown"): (
        "服务器收没收到不清楚时：hold = 等人决定 | resend = 再发一次",
        "when nobody knows whether the server took it: hold = a person decides | resend = send again",
    ),
    ("mail", "keep_text_days"): (
        "邮件正文（含个人信息）保留多少天",
        "days that mail text, with its personal data, is kept",
    ),
    ("mail", "quiet_hours"): (
        '不打扰时段，例如 "22:00-07:00"；紧急邮件除外',
        'no mail then, such as "22:00-07:00"; urgent mail goes',
    ),
    ("backups", "keep"): ("登记表备份至少保留多少份", "copies of the register that are kept at least"),
    ("backups", "days"): ("更早的备份只留上面的份数；单位：天", "copies younger than so many days are all kept"),
    ("watch", "quiet_seconds"): ("保存后静止多少秒再处理", "seconds without a change before a run"),
    ("watch", "rescan_seconds"): ("至少每多少秒检查一次", "look at least every so many seconds"),
    ("watch", "poll"): (
        "auto | always | never；网络共享需要轮询，auto 会自己判断",
        "auto | always | never; network shares need polling",
    ),
    ("mailbox", "host"): (
        "收信服务器（IMAP），反馈和答复从这里自动收取；空 = 不收信",
        "the server that mail comes in at (IMAP), from which reports and answers are taken up; empty = no mailbox",
    ),
    ("mailbox", "port"): ("端口：tls 一般是 993，starttls 一般是 143", "usually 993 for tls, 143 for starttls"),
    ("mailbox", "security"): (
        "tls | starttls | none（none 只限本机）；证书和 allow_plaintext 与 [mail] 相同",
        "tls | starttls | none (none only on this machine); certificates and allow_plaintext as in [mail]",
    ),
    ("mailbox", "auth"): (
        "password | xoauth2；令牌的来源与 [mail] 相同，或环境变量 QTEMPLATE_IMAP_TOKEN",
        "password | xoauth2; tokens come from where [mail] says, or from QTEMPLATE_IMAP_TOKEN",
    ),
    ("mailbox", "username"): (
        "账号。密码放在环境变量 QTEMPLATE_IMAP_PASSWORD、QTEMPLATE_IMAP_PASSWORD_FILE 所指文件，或系统密钥环",
        "the account. Password: QTEMPLATE_IMAP_PASSWORD, the file of QTEMPLATE_IMAP_PASSWORD_FILE, or the keyring",
    ),
    ("mailbox", "folder"): ("从哪个文件夹收信", "the folder that is read"),
    ("mailbox", "done"): (
        "已登记的邮件移到这里；其余的原样留着，不做标记",
        "what was taken up is moved here; everything else stays where it is, unmarked",
    ),
    ("mailbox", "unknown"): (
        "既不是答复、又不能肯定是反馈的邮件：pile = 留给人看 | row = 登记",
        "what is no answer and not surely a report: pile = left to people | row = becomes a row",
    ),
    ("mailbox", "closed_answer"): (
        "关闭后又收到来信：ask = 交给人决定 | reopen = 重新打开",
        "an answer after the closing: ask = a person decides | reopen = it is reopened",
    ),
    ("mailbox", "max_mb"): ("邮件和来件最大多少 MB", "mails and files are taken up to so many MB"),
    ("mailbox", "per_sender_per_day"): (
        "同一发件人一天最多自动处理多少封，其余留给人看",
        "mails of one sender and day that are worked in; the others are for a person",
    ),
    ("mailbox", "keep_raw_days"): ("来件原文保留多少天", "days that what came in is kept as it came"),
    ("web", "base_url"): (
        "邮件里网页链接的开头，例如 https://qa.example.com；空 = 不用网页。需要 qtemplate[web]，见 docs/web.zh.md",
        "what links in mails begin with, such as https://qa.example.com; empty = no pages. Needs qtemplate[web], "
        "see docs/web.md",
    ),
    ("web", "listen"): (
        "qtemplate serve 监听的地址，只给本机的反向代理用",
        "where qtemplate serve listens, for a proxy",
    ),
    ("web", "link_days"): ("链接多少天内有效", "days that a link is good for"),
    ("web", "per_address_per_day"): (
        "同一网络地址一天最多收多少份",
        "so many answers or reports of one network address and day are taken",
    ),
    ("web", "board"): (
        "看板 web/export/board.html（大厅屏幕用，每次运行生成）：open = 由 /board 提供；secret = 地址里要带密钥（qtemplate doctor 会说出地址）；off = 不要",
        "the board web/export/board.html for a screen in the hall, made by each run: open = served at /board, "
        "secret = at an address with a secret in it, which qtemplate doctor tells, off = none",
    ),
    ("status", "max_age_hours"): (
        "超过多少小时没有运行，qtemplate status 就报警（退出码 5）",
        "qtemplate status raises the alarm (exit code 5) when no run has finished for so many hours",
    ),
    ("status", "ping_url"): (
        "每次夜间运行结束后访问这个监控地址，没做完时在后面加 /fail；空 = 不通知",
        "a monitor's address, called after every nightly run, with /fail when not all was done; empty = nobody is told",
    ),
    ("state", "url"): (
        "状态放在哪里：空 = 本工作区的文件（一台机器够用）；多台机器时写 PostgreSQL，例如 postgresql://qtemplate@db/quality?schema=plant07。"
        "密码放在 QTEMPLATE_STATE_PASSWORD、QTEMPLATE_STATE_PASSWORD_FILE 所指文件，或系统密钥环",
        "where the state lies: empty = a file of this workspace, enough for one machine; for several machines PostgreSQL, such as "
        "postgresql://qtemplate@db/quality?schema=plant07. Password: QTEMPLATE_STATE_PASSWORD, the file of "
        "QTEMPLATE_STATE_PASSWORD_FILE, or the keyring",
    ),
}
"""(section, key) -> what a person has to know to choose a value; zh, en."""

SENDER = ("质量部 <qa@example.com>", "Quality <qa@example.com>")
