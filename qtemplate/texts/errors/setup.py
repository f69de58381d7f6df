"""What is wrong with the configuration, the secrets or the place of the register. code -> (zh, en). Data only."""

from __future__ import annotations

SETUP_ERRORS: dict[str, tuple[str, str]] = {
    # qtemplate.toml
    "config.no_file": (
        "{file}：没有这个文件。请到工作区的文件夹里运行，或用 --config 指明它的 qtemplate.toml；还没有工作区的，用 qtemplate init DIR 建立。",
        "{file}: there is no such file; run this in the folder of the workspace, or name its qtemplate.toml with --config. "
        "`qtemplate init DIR` makes a workspace.",
    ),
    "config.unreadable": ("{file}：无法读取（{problem}）。", "{file}: cannot be read ({problem})."),
    "config.not_utf8": (
        "{file}：不是 UTF-8 编码。请用 UTF-8 编码重新保存。",
        "{file}: is not UTF-8; save it again with the encoding UTF-8.",
    ),
    "config.not_toml": (
        '{file}：第 {line} 行（{key}）不符合 TOML 格式：{problem}。文字要写在引号里，例如 language = "zh"。{hint}',
        '{file}: line {line} ({key}) is not TOML: {problem}. Text stands in quotation marks, such as language = "en".{hint}',
    ),
    "config.not_a_section": (
        "{file}：{section} 应为一节：请单独写一行 [{section}]。",
        "{file}: {section} must be a section: write [{section}] on a line of its own.",
    ),
    "config.unknown_section": ("{file}：没有 [{name}] 这一节{hint}", "{file}: [{name}] is not a section{hint}"),
    "config.unknown_key": (
        "{file}：[{section}] 中没有 {name} 这一项{hint}",
        "{file}: [{section}] {name} is not a key{hint}",
    ),
    "config.wrong_section": (
        "{file}：{name} 不属于 [{section}]，应写在 [{home}] 下。",
        "{file}: {name} does not belong in [{section}]; it goes under [{home}].",
    ),
    "config.outside": (
        "{file}：{name} 不应写在这里，应写在 [{home}] 下。",
        "{file}: {name} does not belong here; it goes under [{home}].",
    ),
    "config.before_sections": (
        "{file}：{name} 写在第一节之前；可用的节有：{known}。",
        "{file}: {name} stands before the first section; the sections are {known}.",
    ),
    "config.wrong_value": (
        "{file}：[{section}] {key} 为 {found!r}，应为{expected}。",
        "{file}: [{section}] {key} is {found!r}, expected {expected}.",
    ),
    "config.no_host": (
        "{file}：[mail] host 为 {host!r}，请写明邮件服务器。",
        "{file}: [mail] host is {host!r}; name your mail server.",
    ),
    "config.no_sender": (
        "{file}：[mail] from 是空的，请写明发件地址。",
        "{file}: [mail] from is empty; write the address the mails come from.",
    ),
    "config.plaintext": (
        '{file}：[mail] security = "none" 会以明文把邮件和密码发给 {host}，途中任何人都能看到。'
        '请改为 "starttls" 或 "tls"，或设置 allow_plaintext = true。',
        '{file}: [mail] security = "none" would send mails and the password to {host} readable by anybody on the way; '
        'use "starttls" or "tls", or set allow_plaintext = true.',
    ),
    "config.no_username": (
        '{file}：[mail] auth = "xoauth2" 需要 username，即令牌所属的邮箱。',
        '{file}: [mail] auth = "xoauth2" needs username, the mailbox the token is for.',
    ),
    "config.mailbox_username": (
        "{file}：[mailbox] 需要 username，即收信的账号。",
        "{file}: [mailbox] needs username, the account that mail comes in at.",
    ),
    "config.mailbox_folders": (
        "{file}：[mailbox] folder 和 done 必须是两个不同的文件夹。",
        "{file}: [mailbox] folder and done must be two different folders.",
    ),
    "config.mailbox_plaintext": (
        '{file}：[mailbox] security = "none" 会把密码和邮件明文传给 {host}。请改为 "tls" 或 "starttls"。',
        '{file}: [mailbox] security = "none" would exchange mails and the password with {host} readable by anybody on the '
        'way; use "tls" or "starttls".',
    ),
    "config.bots": (
        "{file}：bots 要写成若干个 [[bots]]，每个群一个。",
        "{file}: bots are written as [[bots]], one for each group.",
    ),
    "config.bot_names": (
        "{file}：每个 [[bots]] 都要有自己的 name。",
        "{file}: every [[bots]] needs a name of its own.",
    ),
    # secrets
    "secret.bot": (
        "环境变量 {variable} 应为群机器人的地址，有加签密钥的空一格写在后面。",
        "{variable} has to hold the address of the group bot, and the secret of its signature after a blank if there is one.",
    ),
    "secret.web_short": (
        "QTEMPLATE_WEB_SECRET 至少要有 {least} 个字符，否则网页链接可以被猜到；可用 openssl rand -hex 32 生成。",
        "QTEMPLATE_WEB_SECRET has to have {least} characters at least, or links to pages can be guessed; openssl rand -hex 32 makes one.",
    ),
    "secret.web_none": (
        "没有网页链接的密钥：请先在工作区运行一次 qtemplate run（它会生成 {file}），或设置 QTEMPLATE_WEB_SECRET_FILE，并让运行 serve 的用户能读取它。",
        "There is no secret for links to pages: run qtemplate run in the workspace once, which makes {file}, or set QTEMPLATE_WEB_SECRET_FILE, and let the user that runs serve read it.",
    ),
    "web.off": (
        "{file} 的 [web] 没有 base_url，所以没有网页；请填写邮件里链接的开头，例如 https://qa.example.com。",
        "[web] of {file} has no base_url, so there are no pages; write what links in mails begin with, such as https://qa.example.com.",
    ),
    "web.extra": (
        "网页需要另外几个软件包：pip install 'qtemplate[web]'。",
        "Pages need some more packages: pip install 'qtemplate[web]'.",
    ),
    "web.page": (
        "无法写入 {file}（{problem}）；请换一个文件夹，或关闭打开它的程序。",
        "{file} cannot be written ({problem}); choose another folder, or close what has it open.",
    ),
    "web.listen": (
        "无法在 {listen} 上监听（{problem}）；请换一个端口，或停掉占用它的程序。",
        "Cannot listen on {listen} ({problem}); choose another port, or stop what uses it.",
    ),
    "web.folders": (
        "运行 serve 的用户必须能读 {export}、能写 {inbox}（{problem}）。",
        "Whoever runs serve must be able to read {export} and to write into {inbox} ({problem}).",
    ),
    "secret.unreadable": (
        "{variable}_FILE 指定的文件 {named} 无法读取（{problem}）。",
        "{variable}_FILE names {named}, which cannot be read ({problem}).",
    ),
    "secret.no_password": (
        "没有 {username} 的密码：请设置 QTEMPLATE_SMTP_PASSWORD 或 QTEMPLATE_SMTP_PASSWORD_FILE，"
        "或把密码存入系统钥匙串（服务名 qtemplate）；不需要登录时请把 [mail] username 留空。",
        "there is no password for {username}: set QTEMPLATE_SMTP_PASSWORD or QTEMPLATE_SMTP_PASSWORD_FILE, or store it "
        "in the keyring (service qtemplate); empty [mail] username means no login.",
    ),
    "secret.ca_file": (
        "[mail] ca_file 指定的 {file} 无法使用：{problem}。",
        "[mail] ca_file {file} cannot be used: {problem}.",
    ),
    "token.none": (
        '[mail] auth = "xoauth2" 没有令牌：请设置 QTEMPLATE_SMTP_TOKEN、token_command，'
        "或 oauth_tenant 和 oauth_client_id。",
        '[mail] auth = "xoauth2" has no token: set QTEMPLATE_SMTP_TOKEN, token_command, or oauth_tenant and '
        "oauth_client_id.",
    ),
    "token.code": (
        "[mail] token_command {command!r} 以代码 {code} 结束，没有取得令牌。",
        "[mail] token_command {command!r} ended with code {code}.",
    ),
    "token.slow": (
        "[mail] token_command {command!r} 超过 {seconds} 秒仍未结束。",
        "[mail] token_command {command!r} took more than {seconds} s.",
    ),
    "token.not_run": (
        "[mail] token_command {command!r} 无法运行（{problem}）。",
        "[mail] token_command {command!r} cannot be run ({problem}).",
    ),
    "token.silent": (
        "[mail] token_command {command!r} 没有任何输出；它应当输出令牌。",
        "[mail] token_command {command!r} printed nothing; it has to print the token.",
    ),
    "token.no_package": (
        '[mail] oauth_tenant 需要另装一个软件包：pip install "qtemplate[m365]"。',
        '[mail] oauth_tenant needs another package: pip install "qtemplate[m365]".',
    ),
    "token.no_secret": (
        "[mail] oauth_tenant 需要应用程序的密钥，请设置 QTEMPLATE_OAUTH_SECRET。",
        "[mail] oauth_tenant needs the application's secret in QTEMPLATE_OAUTH_SECRET.",
    ),
    "token.refused": ("Microsoft 365 没有给出令牌：{problem}。", "Microsoft 365 gave no token: {problem}."),
    "token.unreached": (
        "Microsoft 365 没有给出令牌（{problem}），请检查 [mail] oauth_tenant。",
        "Microsoft 365 gave no token ({problem}); check [mail] oauth_tenant.",
    ),
    # the workspace and its register
    "register.none": (
        "{book} 中没有登记表：没有哪一行的标题是 {asked} 这样的；{nearest}。"
        "请补上缺少的标题，或在 [register] path 中写明正确的文件。",
        "{book} has no register sheet: looked for a row with headers such as {asked}; {nearest}. "
        "Add the missing headers, or name the right file in [register] path.",
    ),
    "register.map": (
        "{book}：列对照所说的登记表“{sheet}”里找不到它的表头（{names} 等）。改了名的请改回，或在“列对照”里写上现在的名称。",
        "{book}: the sheet {sheet}, which the column map names as the register, has not half of its headers ({names} and others). "
        "Give them their former names, or write their present ones into the column map.",
    ),
    "register.twins": (
        "{book}：有两列的标题都是 {names}：{first} 和 {second}。请改名或删除其中一列。",
        "{book}: two columns have the header {names}: {first} and {second}; rename or delete one of them.",
    ),
    "register.changed": (
        "{path} 读取之后有人保存过，将重新读取。",
        "{path} was saved by somebody since it was read; it is read again.",
    ),
    "register.opened": (
        "正在写入 {path} 时有人打开了它，关闭之后再写入。",
        "{path} was opened while it was being written; written when it is closed.",
    ),
    "register.shrunk": (
        "{path} 现有 {rows} 行，上次运行后有 {known} 行，因此没有做任何改动。"
        "如果是有意归档，请把 [register] guard_shrink 设为 0 运行一次；否则请从 backups/ 恢复。",
        "{path} has {rows} rows; after the last run it had {known}. Nothing was done. If rows were archived on "
        "purpose, run once with [register] guard_shrink = 0; else restore a copy from backups/.",
    ),
    "register.no_folder": (
        "{folder} 不存在，请检查 {file} 中的 [register] path。",
        "{folder} is not there; check [register] path in {file}.",
    ),
    "register.no_backup": (
        "无法把 {name} 备份到 {folder}（{problem}），因此没有写入。请腾出空间，或改正该文件夹的权限。",
        "No copy of {name} could be put into {folder} ({problem}), so it was not written. Make room there, or correct "
        "the folder's rights.",
    ),
    "register.read_only": (
        '{path} 设成了只读，因此没有写入。请取消只读属性；如果本来就不希望程序写入，请在配置中写 [register] write = "propose"。',
        "{path} is read-only, so nothing was written. Take the mark away; if it is not to be written at all, set "
        '[register] write = "propose".',
    ),
    "world.full": (
        "磁盘已满或超出配额：{where}（{problem}）。没有留下写到一半的文件；请腾出空间，再运行一次。",
        "The disk is full or a quota is used up: {where} ({problem}). Nothing is left half written; make room, and run "
        "again.",
    ),
    "world.forbidden": (
        "没有读写 {where} 的权限（{problem}）。请给运行程序的账号相应的权限，再运行一次。",
        "{where} may not be read or written ({problem}). Give the account that runs the program the right to, and run "
        "again.",
    ),
    "world.other": (
        "无法读写 {where}（{problem}）。请检查这个位置，再运行一次。",
        "{where} cannot be read or written ({problem}). Look at that place, and run again.",
    ),
    "workspace.busy": (
        "工作区 {folder} 正有另一次运行，本次停止。请等它结束后再试。",
        "Another run of the workspace {folder} is under way; this one stops. Try again when it is done.",
    ),
    "form.no_template": (
        "没有表单模板 {name}，请把它放到 {folder}。",
        "There is no form template {name}; put one into {folder}.",
    ),
    "holidays.no_package": (
        "某一年的节假日来自 chinesecalendar 软件包，但它没有安装。请运行 pip install 'qtemplate[holidays]'，"
        "或在日历表中手工填写。",
        "the holidays of a year come from the package chinesecalendar, which is not installed; run: pip install "
        "'qtemplate[holidays]', or enter the days in the calendar sheet by hand",
    ),
    "holidays.no_countries": (
        "{name} 的节假日来自 holidays 软件包，但它没有安装。请运行 pip install 'qtemplate[holidays]'，"
        "或不加 --calendar，在日历表中手工填写。",
        "the holidays of {name} come from the package holidays, which is not installed; run: pip install "
        "'qtemplate[holidays]', or leave --calendar out and enter the days in the calendar sheet by hand",
    ),
    "holidays.unknown": (
        "不知道 {name} 的节假日。请写国家代码（ISO 3166），例如 de，需要时加地区，例如 gb-eng；或写 cn、none。",
        "No holidays are known of {name}; write a country's code (ISO 3166) such as de, with a part of it where needed "
        "such as gb-eng, or cn, or none.",
    ),
    "holidays.no_year": (
        "chinesecalendar 只有 {first} 至 {last} 年的节假日，没有 {year} 年的。{year} 年公布之后，"
        "请运行 pip install -U chinesecalendar，或在日历表中填写。",
        "chinesecalendar knows the holidays of {first} to {last}, not of {year}; once {year} is announced, run: pip "
        "install -U chinesecalendar, or enter the days in the calendar sheet",
    ),
}
