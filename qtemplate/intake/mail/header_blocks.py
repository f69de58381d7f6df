"""The header lines that mail programs copy above a quoted or forwarded mail: 发件人 / 发送时间 / 主题, From / Sent /
Subject.

A waybill says 发件人 and 收件人 too, and a report "From: … To: …"; so a block needs a date or a subject, or an address.

Source: Outlook, Foxmail, QQ, NetEase, Alibaba, Lark, Huawei, Apple, Gmail and Notes as their mails look; no standard.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

from .addresses import find_address

_LABELS = {
    "from": "由 发件人 发件者 寄件人 寄件者 发送人 寄信人 差出人 보낸사람 from von de",
    "date": "发送时间 发送日期 发件时间 发信时间 日期 时间 寄件日期 傳送時間 寄件時間 發送時間 送信日時 "
    "sent date gesendet datum envoyé",
    "to": "收件人 收件者 收信人 发送至 宛先 to an à",
    "cc": "抄送 抄送人 副本 密送 密件抄送 cc bcc",
    "subject": "主题 主旨 標題 标题 主題 件名 邮件主题 subject betreff objet",
    "other": "附件 重要性 回复 答复 importance attachments reply-to",
}
_KINDS = {label: kind for kind, labels in _LABELS.items() for label in labels.split()}
_LINE = re.compile(
    r"[>\s*|]*([A-Za-zÀ-ÿ-]{1,12}"
    r"|[\u3040-\u9fff\uac00-\ud7a3][\u3040-\u9fff\uac00-\ud7a3\s]{0,9})[\s*]*[:：][\s*]*(.*)"
)
_MOST_LINES = 14


class HeaderBlock(Struct, frozen=True):
    """A copied header.

    Args:
        end: The line after it.
        values: By kind: `from`, `date`, `to`, `cc`, `subject`, `other`.
    """

    end: int
    values: dict[str, str]

    @property
    def address(self) -> str | None:
        """The address of its author, in lower case."""
        return find_address(self.values.get("from", ""))

    @property
    def stands_alone(self) -> bool:
        """Whether it is a copied header even where no line announces one."""
        kinds = self.values.keys() - {"other"}
        if "from" not in kinds or len(kinds) < 2:
            return False
        return self.address is not None or (len(kinds) >= 3 and bool(kinds & {"date", "subject"}))


def kind_of(line: str) -> str | None:
    """Which header field a line copies, None if it copies none."""
    found = _LINE.match(line)
    return _KINDS.get(re.sub(r"\s+", "", found[1]).lower()) if found else None


def read_block(lines: Sequence[str], start: int) -> HeaderBlock | None:
    """Read the copied header that begins at a line; None if that line copies no header field."""
    values: dict[str, str] = {}
    at, end, last = start, start, ""
    while at < min(len(lines), start + _MOST_LINES):
        line = lines[at]
        found = _LINE.match(line)
        kind = _KINDS.get(re.sub(r"\s+", "", found[1]).lower()) if found else None
        if found and kind and kind not in values:
            values[kind], last = found[2].strip(), kind
        elif not line.strip(" \t>*"):
            following = lines[at + 1] if at + 1 < len(lines) else ""
            if at > end or kind_of(following) in (None, *values):
                break
            at += 1
            continue
        elif kind or not (last in ("to", "cc", "from") and (at == end) and _goes_on(line, values[last])):
            break
        else:
            values[last] += f" {line.strip(' >')}"
        at += 1
        end = at
    return HeaderBlock(end, values) if values else None


def _goes_on(line: str, value: str) -> bool:
    """Whether a line continues a list of recipients, or the address of a sender whose name filled a line."""
    if value.endswith((";", ",", "；", "，")):
        return True
    return (
        find_address(line) is not None
        and len(line) < 500
        and (not value or "@" in value or line.lstrip(" >").startswith("<"))
    )
