"""What each kind of group bot is sent: the body of its message and the signature of its secret. Pure.

Sources: developer.work.weixin.qq.com, open.dingtalk.com and open.feishu.cn, their pages on bots of groups. 钉钉 signs
`timestamp\\nsecret` with the secret as the key, in milliseconds; 飞书 signs nothing, with `timestamp\\nsecret` as the
key, in seconds.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import urllib.parse
from collections.abc import Mapping, Sequence
from typing import Any

from ...config import BotKind

LONGEST = 3_800
"""Bytes of a text; 企业微信 takes 4,096 of markdown."""

_MARKS = re.compile(r"[<>@*_`\[\]()#|~\\/]+")


def plain_words(text: str) -> str:
    """A name without anything that a group would read as a mention, a link or a format."""
    return " ".join(_MARKS.sub(" ", text).split())[:60]


def as_text(lines: Sequence[str], more: str) -> str:
    """Lines as far as a message takes them; `more` has a place for how many are left."""
    text, rest = "", len(lines)
    for line in lines:
        longer = f"{text}\n{line}" if text else line
        if len(longer.encode()) > LONGEST:
            return f"{text}\n{more.format(n=rest)}"
        text, rest = longer, rest - 1
    return text


def make_request(
    kind: BotKind, url: str, secret: str, title: str, text: str, seconds: float
) -> tuple[str, Mapping[str, Any]]:
    """Address and body of one message.

    Args:
        kind: Of the bot.
        url: Its web hook.
        secret: Of its signature; "" = it has none.
        title, text: What it says; lines end with a line break.
        seconds: The moment, since the epoch: the peer accepts no old signature.
    """
    match kind:
        case BotKind.WECOM:
            return url, {"msgtype": "markdown", "markdown": {"content": f"**{title}**\n{text}"}}
        case BotKind.DINGTALK:
            if secret:
                stamp = str(round(seconds * 1000))
                sign = _sign(secret.encode(), f"{stamp}\n{secret}".encode())
                mark = "&" if "?" in url else "?"
                url += mark + urllib.parse.urlencode({"timestamp": stamp, "sign": sign})
            said = text.replace("\n", "\n\n")
            return url, {"msgtype": "markdown", "markdown": {"title": title, "text": f"**{title}**\n\n{said}"}}
        case BotKind.FEISHU:
            card = {
                "header": {"title": {"tag": "plain_text", "content": title}},
                "elements": [{"tag": "markdown", "content": text}],
            }
            body: dict[str, Any] = {"msg_type": "interactive", "card": card}
            if secret:
                stamp = str(round(seconds))
                body |= {"timestamp": stamp, "sign": _sign(f"{stamp}\n{secret}".encode(), b"")}
            return url, body


def _sign(key: bytes, message: bytes) -> str:
    return base64.b64encode(hmac.new(key, message, hashlib.sha256).digest()).decode()
