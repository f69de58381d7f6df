"""Who could not be reached: reports of mail servers, in the standard's form or as a letter.

Only what failed for good counts; a report of delay, or of success, is an automatic answer like others.

Sources: RFC 3464 sections 2.2-2.3 (fields), RFC 6522 (multipart/report), RFC 3463 (status codes), RFC 6533 (UTF-8
addresses).
"""

from __future__ import annotations

import re

from .addresses import find_address
from .bounce_letters import Bounced, read_letter
from .header_fields import Header, split_header
from .message_ids import read_ids
from .parts import MESSAGES, Part

_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.]*\d)")
_COPIED_ID = re.compile(r"(?im)^[>\s]*(?:x-original-)?message-id\s*:\s*<([^<>\s]+)>")


def read_bounce(message: Part, subject: str, sender: str | None, lines: tuple[str, ...]) -> tuple[Bounced, ...]:
    """Read a report of failed delivery.

    Args:
        message: The mail.
        subject: Decoded. `sender`: its address.
        lines: Its words, all of them.

    Returns:
        Address in lower case, status and original message id of each recipient that failed; nothing if the mail is no
        such report.
    """
    reports = [
        part
        for part in message.walk()
        if part.media_type in ("message/delivery-status", "message/global-delivery-status")
    ]
    kind = message.parameters.get("report-type", "").lower()
    if message.media_type == "multipart/report" and kind not in ("", "delivery-status"):
        return ()
    failed: list[tuple[str, str]] = []
    told = False
    original: str | None = None
    for report in reports:
        groups = _read_groups(report.content([]))
        told = told or any(group.get("action") or group.get("final-recipient") for group in groups)
        failed += [each for group in groups if (each := _failed(group))]
        for group in groups:
            original = original or next(iter(read_ids(group.get("x-original-message-id"))), None)
    if not told:
        failed = read_letter(message.header, subject, sender, lines)
    if not failed:
        return ()
    original = _copied_id(message) or original or _told_id(message, lines)
    return tuple((address, status, original) for address, status in dict.fromkeys(failed))


def _read_groups(body: bytes) -> list[Header]:
    """The groups of fields of a delivery status, one for the message and one for each recipient."""
    return [split_header(group)[0] for group in re.split(rb"(?:\r?\n[ \t]*){2,}", body.strip()) if group]


def _failed(group: Header) -> tuple[str, str] | None:
    if group.token("action") not in ("failed", ""):
        return None
    texts = [group.get(name).decode("utf-8", "replace") for name in ("original-recipient", "final-recipient")]
    address = next((found for text in texts if (found := find_address(text.rpartition(";")[2]))), None)
    if address is None:
        return None
    codes = (_STATUS.search(group.ascii(name)) for name in ("status", "diagnostic-code"))
    return address, next((code[1] for code in codes if code), "")


def _copied_id(message: Part) -> str | None:
    """The id in the copy of the mail, or of its header, that came back."""
    for part in message.walk():
        header: Header | None = None
        if part.media_type in MESSAGES and part.children:
            header = part.children[0].header
        elif part.media_type in ("text/rfc822-headers", "message/rfc822-headers", "message/global-headers"):
            header = split_header(part.content([]))[0]
        if header and (found := read_ids(header.get("message-id"))):
            return found[0]
    return None


def _told_id(message: Part, lines: tuple[str, ...]) -> str | None:
    """The id in a copy inside the letter, or the one that the report answers."""
    if found := _COPIED_ID.search("\n".join(lines)):
        return found[1]
    ids = [*read_ids(message.header.get("in-reply-to")), *reversed(read_ids(message.header.get("references")))]
    return ids[0] if ids else None
