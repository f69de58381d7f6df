"""Reports of failed delivery written as letters, in no standard's form: Postfix, qmail, Exim, Exchange, Gmail, QQ,
163, Aliyun.

A person may write 退信 or "undeliverable" too, so it takes a server as sender, or a header or a sentence that only
servers write.

Sources: the texts of these servers; RFC 3463 for the codes that words without a code come to.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from .addresses import find_address
from .header_fields import Header

Bounced = tuple[str, str, str | None]
_SERVER = re.compile(
    r"(?:mailer-daemon|mail-daemon|maildaemon|mdaemon|postmaster|microsoftexchange[0-9a-f]+|mail-noreply"
    r"|no-?reply-?bounce|bounces?|smtp-?error|system-?bounce"
    r"|10000@qq\.com|sysbounce|mailsystem|mail\.?system)(?:@|\Z|[+._-])"
)
_SENTENCES = re.compile(
    r"this is the (?:qmail-send program|mail system at host|postfix program)"
    r"|this message was created automatically by mail delivery software"
    r"|delivery to the following recipients? failed|^undelivered mail returned to sender",
    re.I | re.M,
)
_SUBJECT = re.compile(
    r"undeliver|returned mail|mail delivery fail|delivery (?:status notification )?\(?fail|failure notice"
    r"|delivery fail|returned to sender|mail system error|delivery has failed|rejected:"
    r"|退信|退件|未送达|无法(?:送达|投递|传递|传送)|投递失败|發送失敗|发送失败|无法递送|未能送达|送信失败"
    r"|無法傳遞|无法发送到",
    re.I,
)
_DELAY = re.compile(
    r"will (?:continue|keep|be retried)|still being retried|no action is required|not yet been delivered"
    r"|delivery (?:status notification )?\(?delay|has been delayed|仍在尝试|继续尝试|将会?重试"
    r"|投递延迟|尚未送达|邮件延迟"
    r"|message (?:is )?delayed|warning: could not send",
    re.I,
)
_COPY = re.compile(
    r"^[\s>]*(?:-{2,}\s*(?:below this line|this is a copy|original message|the header of the original"
    r"|原始邮件|原邮件|the transcript of|forwarded)|original message headers|原始邮件(?:头|标头"
    r"|信息)?\s*[:：]?\s*$"
    r"|diagnostic information for administrators|供管理员使用的诊断信息|邮件原文|received: from|return-path: <)",
    re.I | re.M,
)
_DETAIL = re.compile(
    r"(?:diagnostic information for administrators|供管理员使用的诊断信息)(.*?)"
    r"(?:original message headers|原始邮件(?:头|标头)|\Z)",
    re.I | re.S,
)
"""What Exchange says below its words, above a copy of the mail."""

_ADDRESS = re.compile(r"[\w.+=#$%&'*/!?^`{|}~-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+", re.ASCII)
_CODE = re.compile(r"(?<![\d.])#?([45]\.\d{1,3}\.\d{1,3})(?![\d.]*\d)")
_SMTP = re.compile(r"(?<![\d.])5[05]\d(?=[ \-#:）),，])")
_WORDS: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(
            r"空间不足|邮箱(?:已|容量)?满|容量(?:不足|已满|超)|超出.{0,6}配额|quota|mailbox (?:is )?full"
            r"|over ?quota|insufficient (?:storage|disk)",
            re.I,
        ),
        "5.2.2",
    ),
    (
        re.compile(
            r"域名(?:不存在|错误|无法)|找不到(?:该)?(?:域名|主机|服务器)"
            r"|host (?:or domain name )?not found|domain (?:does not exist|not found)|no such (?:domain|host)"
            r"|unrouteable|dns",
            re.I,
        ),
        "5.1.2",
    ),
    (
        re.compile(
            r"(?:用户|帐号|账号|帐户|账户|地址|收件人|邮箱|信箱)\S{0,60}?(?:不存在|未找到|找不到|无效|错误"
            r"|未开通|已注销|被停用)|(?:不存在|找不到|无此)(?:的|该|此)?(?:用户|收件人|邮箱|地址|帐号|账号)"
            r"|(?:user|recipient|address|mailbox|account)\W{0,3}\S{0,60}?\W{0,3}(?:is )?(?:unknown"
            r"|not found|does ?n[o']t exist|unavailable|invalid|disabled|rejected|no longer)|no such (?:user"
            r"|recipient|mailbox)|unknown (?:user|recipient)"
            r"|invalid (?:recipient|address|user|mailbox)|wasn't found|couldn't be found"
            r"|could not be found|doesn't have an? .{0,30}account",
            re.I,
        ),
        "5.1.1",
    ),
    (
        re.compile(
            r"(?:邮件|附件|信件)\S{0,10}(?:过大|太大|超过)|(?:message|size)\W.{0,30}(?:too (?:large|big)"
            r"|exceeds)",
            re.I,
        ),
        "5.3.4",
    ),
    (
        re.compile(
            r"拒收|被拒绝|黑名单|垃圾邮件|反垃圾|spam|blocked|black ?list|denied|rejected|policy|prohibited", re.I
        ),
        "5.7.1",
    ),
)


def read_letter(header: Header, subject: str, sender: str | None, lines: Sequence[str]) -> list[tuple[str, str]]:
    """Read a letter.

    Returns:
        Address and status of each recipient that failed, status "" if nothing tells it; nothing if no server reports
        a failure.
    """
    text = "\n".join(lines)
    named = [
        address
        for value in header.all("x-failed-recipients")
        for address in _addresses(value.decode("ascii", "replace"))
    ]
    is_server = bool(_SERVER.match(sender or "")) or (sender is None and header.get("return-path").strip() == b"<>")
    told = bool(_SENTENCES.search(text[:3000])) and (is_server or header.get("return-path").strip() in (b"<>", b""))
    if not (named or told or (is_server and (_SUBJECT.search(subject) or _SUBJECT.search(text[:1000])))):
        return []
    if _DELAY.search(subject) or (_DELAY.search(text[:2000]) and not _CODE.search(text)):
        return []
    copy = _COPY.search(text)
    report = text[: copy.start()] if copy and copy.start() > 20 else text
    ours = {
        address
        for name in ("to", "from", "delivered-to")
        for value in header.all(name)
        for address in _addresses(value.decode("ascii", "replace"))
    }
    found = list(dict.fromkeys(each for each in _addresses(report) if each not in ours and not _SERVER.match(each)))
    named = (
        list(dict.fromkeys(named))
        or found
        or list(dict.fromkeys(each for each in _addresses(text) if each not in ours and not _SERVER.match(each)))[:1]
    )
    detail = _DETAIL.search(text)
    details = "" if detail is None else detail[1]
    return [
        (
            address,
            _code_by(address, named, report)
            or _code_by(address, named, details)
            or _status(address, named, report)
            or _status_in(report)
            or _status_in(text),
        )
        for address in named
    ]


def _addresses(text: str) -> list[str]:
    return [found for each in _ADDRESS.findall(text) if (found := find_address(each)) and not found.startswith("qt.")]


def _code_by(address: str, others: Sequence[str], report: str) -> str:
    """The code that a server gave for an address, "" where it says it in words alone."""
    found = _CODE.search(_said_of(address, others, report))
    return "" if found is None else found[1]


def _status(address: str, others: Sequence[str], report: str) -> str:
    """The code or the reason said next to an address."""
    return _status_in(_said_of(address, others, report))


def _said_of(address: str, others: Sequence[str], report: str) -> str:
    """What stands next to an address: before it on its line, and after it up to another one."""
    lower = report.lower()
    at = lower.find(address)
    if at < 0:
        return ""
    ends = [found for other in others if other != address and (found := lower.find(other, at + len(address))) > 0]
    after = report[at + len(address) : min(ends, default=len(report))]
    start = lower.rfind("\n", 0, at) + 1
    return report[start:at] + " " + address.partition("@")[0] + after


def _status_in(text: str) -> str:
    if found := _CODE.search(text):
        return found[1]
    for words, code in _WORDS:
        if words.search(text):
            return code
    return "5.0.0" if _SMTP.search(text) else ""
