"""Turns a draft into the finished bytes of a mail: our own Message-ID, our own date, the same bytes every time.

Same draft, same bytes: no clock, no random boundary, so a mail sent again after a crash is recognisably the same one.
This module knows no outbox, no server and no template.

Sources: RFC 5322 (format), RFC 2045-2047 and 2231 (MIME, names), RFC 3834 (automatic mail).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from email.utils import format_datetime
from pathlib import PurePath

from msgspec import Struct, field

from qtemplate.mailer.addresses import Address, MessageRefused, parse_address
from qtemplate.mailer.cleaning import clean_body, clean_line, safe_file_name
from qtemplate.mailer.header_lines import address_tokens, fold_header, text_tokens
from qtemplate.mailer.mime_parts import VERSION, file_part, multipart, text_part
from qtemplate.plan.message_ids import make_message_id
from qtemplate.texts import make_error

# Neither CPython 3.11's own table nor a slim container knows xlsx, and some readers drop a form of unknown type.
_MIME_TYPES = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".xlsm": "application/vnd.ms-excel.sheet.macroEnabled.12",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".pdf": "application/pdf",
    ".zip": "application/zip",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".mp4": "video/mp4",
    ".csv": "text/csv; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".ics": "text/calendar; charset=utf-8; method=PUBLISH",
}

_OWN_HEADERS = frozenset(
    {"from", "to", "cc", "bcc", "subject", "date", "message-id", "reply-to", "in-reply-to", "references"}
    | {"auto-submitted", "x-auto-response-suppress", "mime-version", "content-type", "content-transfer-encoding"}
)


class Attachment(Struct, frozen=True):
    """A file to attach. `mime` may carry parameters; empty means: known from the name's ending."""

    name: str
    data: bytes
    mime: str = ""


class Draft(Struct, frozen=True):
    """Everything a mail is made of.

    Args:
        key: What the mail is about (a `MessageKey`); the Message-ID is made of it.
        date: The Date header; aware. It is also the moment the mail was made, and stays when it is sent again.
        text: The plain part. `html`: the other alternative, empty for none.
        in_reply_to: One message id with its angle brackets, or empty. `references`: older ones first.
        auto_submitted: `auto-generated`, or `auto-replied` for an acknowledgement (RFC 3834 section 5).
        headers: More headers, name to value; none of those this module makes.
        apart: As of `make_message_id`.
    """

    key: str
    sender: Address
    to: tuple[Address, ...]
    subject: str
    text: str
    date: datetime
    html: str = ""
    cc: tuple[Address, ...] = ()
    reply_to: Address | None = None
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    auto_submitted: str = "auto-generated"
    attachments: tuple[Attachment, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    apart: str = ""


def find_message_ids(text: str) -> tuple[str, ...]:
    """Find the message ids in any text, for example a cell that somebody pasted a header into, in order."""
    return tuple(re.findall(r"<[!-;=?A-~]{1,500}@[!-;=?A-~]{1,400}>", text))


def build_message(draft: Draft) -> bytes:
    """Build the finished bytes of a mail.

    Args:
        draft: The mail; texts may hold anything, they are cleaned. Addresses and ids are checked instead.

    Returns:
        An RFC 5322 message with CRLF line ends, all 7-bit; the same draft always gives the same bytes.

    Raises:
        MessageRefused: No recipient, a naive date, or an address, id or header that cannot be used; names the source.
    """
    if not draft.to:
        raise make_error(MessageRefused, "message.nobody", source="To")
    if draft.date.tzinfo is None:
        raise make_error(MessageRefused, "message.no_zone", source="Date", date=draft.date)
    headers = [
        ("From", address_tokens([_checked(draft.sender, "From")])),
        ("To", address_tokens([_checked(each, "To") for each in draft.to])),
        ("Cc", address_tokens([_checked(each, "Cc") for each in draft.cc])),
        ("Subject", text_tokens(clean_line(draft.subject))),
        ("Date", [format_datetime(draft.date)]),
        ("Message-ID", [make_message_id(draft.key, draft.sender.domain, draft.apart)]),
        ("Reply-To", address_tokens([_checked(draft.reply_to, "Reply-To")] if draft.reply_to else [])),
        ("In-Reply-To", _checked_ids([draft.in_reply_to] if draft.in_reply_to else [], "In-Reply-To")),
        ("References", _checked_ids(draft.references, "References")),
        ("Auto-Submitted", [clean_line(draft.auto_submitted)]),
        ("X-Auto-Response-Suppress", ["All"]),  # what Exchange looks at instead of RFC 3834
    ]
    for name, value in draft.headers.items():
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9-]*", name) or name.lower() in _OWN_HEADERS:
            raise make_error(MessageRefused, "message.header", source="headers", name=name)
        headers.append((name, text_tokens(clean_line(value, 2_000))))
    lines = "".join(fold_header(name, tokens) for name, tokens in headers if tokens or name == "Subject")
    return lines.encode("ascii") + _build_bodies(draft)


def _build_bodies(draft: Draft) -> bytes:
    text, html = clean_body(draft.text), clean_body(draft.html)
    boundary = _boundary(draft.key, text, html, draft.attachments)
    if not html and not draft.attachments:
        return text_part(text, "plain")
    words = text_part(text, "plain", version=b"")
    outer = b"" if draft.attachments else VERSION
    if html:
        words = multipart("alternative", f"{boundary}_a", [words, text_part(html, "html")], version=outer)
    if not draft.attachments:
        return words
    files = [_file(attachment) for attachment in draft.attachments]
    return multipart("mixed", f"{boundary}_m", [words, *files], version=VERSION)


def _file(attachment: Attachment) -> bytes:
    name = safe_file_name(attachment.name)
    kind, *parameters = (attachment.mime or _mime_type(name)).split(";")
    pairs = dict(parameter.strip().partition("=")[::2] for parameter in parameters)
    return file_part(attachment.data, kind.strip(), pairs, name)


def _boundary(key: str, text: str, html: str, attachments: Iterable[Attachment]) -> str:
    """Derive the MIME boundary from the content, so that no content can contain it on purpose."""
    digest = hashlib.sha256()
    for part in (key, text, html):
        digest.update(part.encode("utf-8", "replace") + b"\0")
    for attachment in attachments:
        digest.update(attachment.name.encode("utf-8", "replace") + b"\0" + attachment.data)
    return f"=_qt_{digest.hexdigest()[:32]}"


def _mime_type(name: str) -> str:
    return _MIME_TYPES.get(PurePath(name).suffix.lower(), "application/octet-stream")


def _checked(address: Address, source: str) -> tuple[str, str]:
    return clean_line(address.name), parse_address(address.mail, source).mail


def _checked_ids(ids: Iterable[str], source: str) -> list[str]:
    for each in ids:
        if find_message_ids(each) != (each,):
            raise make_error(MessageRefused, "message.id", source=source, found=each)
    return list(ids)
