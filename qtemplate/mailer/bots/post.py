"""Handing a message to a group bot, once. The peers answer HTTP 200 to what they refuse: the code inside counts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from ...config import is_loopback
from ...plan import Phrase
from ..transports.base import Failed, Retry, Sent, Unknown

BUSY = frozenset({-1, 45009, 45033, 130101, 130102, 410100, 9499, 11232, 18})
"""Codes that say later: of 企业微信 45009 and 45033, of 钉钉 130101 and 410100, of 飞书 9499 and 11232; -1 is busy."""

Result = Sent | Retry | Failed | Unknown


def post(url: str, body: Mapping[str, Any], patience: float) -> Result:
    """Sends one message.

    Args:
        url: Of the web hook; nothing is sent in the open, but to this machine.
        body: As `make_request` gives it.
        patience: Seconds without an answer.
    """
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(parts.hostname or "")):
        return Failed(Phrase("bot.not_https"))
    data = json.dumps(body, ensure_ascii=False).encode()
    request = Request(url, data, {"Content-Type": "application/json; charset=utf-8", "User-Agent": "qtemplate"})
    try:
        with urlopen(request, timeout=patience) as answer:
            said = answer.read(1 << 16)
    except HTTPError as error:
        detail = Phrase.of("bot.http", code=error.code)
        error.close()
        return Retry(detail) if error.code == 429 or error.code >= 500 else Failed(detail)
    except ConnectionRefusedError as error:
        return Retry(Phrase.of("bot.away", problem=error.strerror or type(error).__name__))
    except (OSError, HTTPException) as error:
        reason = getattr(error, "reason", error)
        if isinstance(reason, (ConnectionRefusedError, OSError)) and not isinstance(
            reason, (TimeoutError, ConnectionResetError)
        ):
            return Retry(Phrase.of("bot.away", problem=str(reason)))
        return Unknown(Phrase.of("bot.away", problem=str(reason) or type(error).__name__))
    return _judge(said)


def _judge(said: bytes) -> Result:
    try:
        answer: Any = json.loads(said)
        code = next(int(answer[name]) for name in ("errcode", "code", "StatusCode") if name in answer)
    except (ValueError, TypeError, StopIteration):
        return Unknown(Phrase("bot.no_answer"))
    if code == 0:
        return Sent()
    words = str(answer.get("errmsg") or answer.get("msg") or answer.get("StatusMessage") or "")[:120]
    detail = Phrase.of("bot.code", code=code, said=" ".join(words.split()))
    return Retry(detail) if code in BUSY else Failed(detail)
