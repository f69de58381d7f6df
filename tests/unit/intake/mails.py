"""Mails for tests, made of a few lines; what they are expected to say is compared as a whole."""

from __future__ import annotations

import tomllib
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from msgspec.structs import asdict

from qtemplate.intake import ReceivedMail

CASES = Path(__file__).parent / "cases"
HEADERS = {
    "From": "张三 <Zhang@X.com>",
    "Subject": "回复: [QF-2026-0001] 外壳开裂",
    "Date": "Mon, 30 Nov 2026 09:00:00 +0800",
    "Message-ID": "<m1@x.com>",
    "In-Reply-To": "<qt.0@corp.cn>",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=utf-8",
}
PLAIN: dict[str, Any] = {
    "message_id": "m1@x.com",
    "in_reply_to": "qt.0@corp.cn",
    "references": (),
    "sender": "zhang@x.com",
    "forwarded_sender": None,
    "sender_name": "张三",
    "subject": "回复: [QF-2026-0001] 外壳开裂",
    "sent_at": datetime(2026, 11, 30, 9, tzinfo=timezone(timedelta(hours=8))),
    "text": "",
    "quoted": "",
    "automatic": None,
    "bounced": (),
    "attachments": (),
    "problems": (),
}
"""What a mail with these headers and no words says."""


def make_mail(body: str | bytes, **headers: str | bytes) -> bytes:
    """A mail with `HEADERS`; a given one stands instead, one given as "" is left out. `_` in a name stands for "-"."""
    given = {name.replace("_", "-").lower(): value for name, value in headers.items()}
    lines = []
    for name, value in HEADERS.items():
        lines.append((name, given.pop(name.lower(), value)))
    lines += [(name.title(), value) for name, value in given.items()]
    head = b"".join(
        name.encode() + b": " + (value if isinstance(value, bytes) else value.encode()) + b"\r\n"
        for name, value in lines
        if value
    )
    return head + b"\r\n" + (body if isinstance(body, bytes) else body.replace("\n", "\r\n").encode())


def make_multipart(kind: str, *parts: str | bytes, **headers: str | bytes) -> bytes:
    """A mail with parts, each with its own header lines."""
    body = b"".join(
        b"--=_b\r\n" + (part if isinstance(part, bytes) else part.replace("\n", "\r\n").encode()) + b"\r\n"
        for part in parts
    )
    headers.setdefault("content_type", f'multipart/{kind}; boundary="=_b"')
    return make_mail(body + b"--=_b--\r\n", **headers)


def tell(mail: ReceivedMail) -> dict[str, Any]:
    """All a mail says; attachments as (name, media type, data), automatic as text."""
    said = asdict(mail)
    said["attachments"] = tuple((each.name, each.media_type, each.data) for each in mail.attachments)
    said["automatic"] = None if mail.automatic is None else str(mail.automatic)
    said["problems"] = tuple(map(str, mail.problems))
    return said


def says(**expected: Any) -> dict[str, Any]:
    """What a mail with `HEADERS` says, but for these fields."""
    return {**PLAIN, **expected}


def read_cases(name: str) -> list[dict[str, Any]]:
    """The cases of a table; texts without the line ends that only make them readable."""
    cases: list[dict[str, Any]] = tomllib.loads((CASES / f"{name}.toml").read_text("utf-8"))["case"]
    for case in cases:
        for key in ("text", "quoted"):
            if key in case:
                case[key] = case[key].removesuffix("\n")
        if "bounced" in case:
            case["bounced"] = tuple((address, status, id or None) for address, status, id in case["bounced"])
        if case.get("in_reply_to") == "none":
            case["in_reply_to"] = None
        if case.get("body") == "DEEP":
            case["body"] = "<div>" * 5000 + "外壳开裂"
        for key in ("references", "problems"):
            if key in case:
                case[key] = tuple(case[key])
    return cases
