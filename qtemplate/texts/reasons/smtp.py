"""Phrases about the mail server: why no mail goes, and what `doctor --mail` saw. key -> (zh, en). Data only.

What a server says is quoted as it says it.
"""

from __future__ import annotations

SMTP_REASONS: dict[str, tuple[str, str]] = {
    "smtp.not_here": (
        "[mail] security = “none” 只用于本机，不能用于 {host}",
        '[mail] security = "none" is only for this machine, not for {host}',
    ),
    "smtp.late": ("{server} 在 {seconds} 秒内没有应答", "{server} did not answer in {seconds} s"),
    "smtp.no_login": (
        "{server} 不提供登录；请检查 [mail] port、security 和 auth",
        "{server} offers no login; check [mail] port, security and auth",
    ),
    "smtp.no_known_way": (
        "{server} 提供的登录方式（{offered}）都不能用；请检查 [mail] port、security 和 auth",
        "{server} offers no way to log in that can be used here ({offered}); check [mail] port, security and auth",
    ),
    "smtp.certificate": (
        "{server} 的证书不受信任（{problem}）；请检查 [mail] host 和 ca_file",
        "the certificate of {server} is not trusted ({problem}); check [mail] host and ca_file",
    ),
    "smtp.tls": (
        "{server} 不能按现在的设置使用 TLS（{problem}）；请检查 [mail] port 和 security",
        "{server} does not speak TLS as it is set up here ({problem}); check [mail] port and security",
    ),
    "smtp.characters": (
        "{server} 的用户名或密码里有 SMTP 不能传送的字符",
        "the user name or password for {server} has characters that SMTP cannot carry",
    ),
    "smtp.login_refused": (
        "{server} 拒绝用户 {username} 登录：{said}；请检查 [mail] username 和密码",
        "{server} refused the login of {username}: {said}; check [mail] username and the password",
    ),
    "smtp.unfit": (
        "{server}：{said}；请检查 [mail] port、security 和 auth",
        "{server}: {said}; check [mail] port, security and auth",
    ),
    "smtp.unknown_host": (
        "找不到主机 {host}；请检查 [mail] host",
        "the host {host} is not known; check [mail] host",
    ),
    "smtp.away": ("{server}：{said}", "{server}: {said}"),
    "smtp.broke_before": (
        "连接中断，这封邮件还没有开始传送：{said}",
        "the line broke before the mail had begun: {said}",
    ),
    "smtp.broke_after": (
        "连接中断，服务器没有应答，这封邮件可能已经送达：{said}",
        "the line broke before the server answered; the mail may have arrived: {said}",
    ),
    "smtp.nonsense": ("看不懂服务器的应答：{said}", "the server's answer makes no sense: {said}"),
    "smtp.too_large": (
        "这封邮件有 {size} 字节，服务器最多接收 {most} 字节",
        "the mail has {size} bytes, the server takes at most {most}",
    ),
    "smtp.wants_login": (
        "服务器要求登录：{said}；请检查 [mail] username",
        "the server wants a login: {said}; check [mail] username",
    ),
    "smtp.sender_refused": (
        "服务器拒绝这个发件人：{said}；请检查 [mail] from 和 username",
        "the server refuses the sender: {said}; check [mail] from and username",
    ),
    "batch.rate": (
        "每分钟最多发 {most} 封（[mail] max_per_minute），其余的下次再发",
        "no more than {most} {most:mail|mails} a minute ([mail] max_per_minute); the rest goes next time",
    ),
    "batch.taken": ("另一个程序正在处理这封邮件", "another process has it"),
    "batch.unanswered": (
        "服务器接连 {n} 封邮件没有应答，其余的下次再发",
        "the server left {n} {n:mail|mails} in a row without an answer; the rest goes next time",
    ),
    "batch.set_up": ("要先改正邮件设置", "the mail set-up has to be changed first"),
    "batch.rests": ("邮箱账号暂停发送：{detail}", "the mail account rests: {detail}"),
    "probe.host": ("服务器", "host"),
    "probe.tls": ("加密", "encryption"),
    "probe.login": ("登录", "login"),
    "probe.size": ("邮件大小", "size"),
    "probe.sender": ("发件人", "sender"),
    "probe.answers": ("{server} 有应答", "{server} answers"),
    "probe.no_answer": (
        "{server}：{said}；请检查 [mail] host 和 port",
        "{server}: {said}; check [mail] host and port",
    ),
    "probe.no_login": ("不登录：[mail] username 为空", "none: [mail] username is empty"),
    "probe.with_token": ("{username}，使用令牌", "{username} with a token"),
    "probe.with_password": ("{username}，使用密码", "{username} with a password"),
    "probe.open": ("不加密，到 {host} 的连接是明文", "none, the connection to {host} is open"),
    "probe.secured": ("{version}，证书有效期至 {until}", "{version}, the certificate is valid until {until}"),
    "probe.until_unknown": ("（未说明）", "(not said)"),
    "probe.no_limit": ("服务器没有说明上限", "the server names no limit"),
    "probe.limit": ("每封邮件最多 {megabytes} MB", "at most {megabytes} MB a mail"),
    "probe.two_domains": (
        "[mail] from 的域名是 {sender}，登录账号的域名是 {login}；收件方可能拒收，或当作垃圾邮件",
        "[mail] from is in {sender}, the login in {login}; receivers may refuse it or file it as spam",
    ),
}
