"""A mail as something that came in: what is decided from is written down, its bytes stay in the store of raw ones."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from email import message_from_bytes, policy
from email.utils import parsedate_to_datetime

from ..plan.received import Received
from .mail import Attachment, ReceivedMail, read_mail
from .mapping import ChannelMap

SURE = dt.timedelta(hours=24)
"""So far the sender's clock may be from the server's; what is further away is the server's moment."""

LONGEST = 30_000
MOST_REFERENCES = 50
_COMMENT = re.compile(r"\([^()]*\)")


def read_mail_item(mapping: ChannelMap, data: bytes, now: dt.datetime, arrived: dt.datetime | None = None) -> Received:
    """Read one mail.

    Args:
        mapping: Of the channel it came through.
        data: Its bytes.
        now: The run's moment; aware, in the register's zone.
        arrived: When the server got it; None = as its topmost Received field says.
    """
    mail = read_mail(data)
    header = message_from_bytes(data[: 1 << 20], policy=policy.compat32)
    moment, told = _moment(mail, arrived or _received(str(header.get("Received", ""))), now)
    files = [[each.name, each.media_type, digest_of(each), len(each.data)] for each in mail.attachments]
    said = [mail.sender, mail.subject, mail.text, mail.quoted, files]
    content = {
        "channel": mapping.channel,
        "constants": dict(mapping.constants),
        "sender": mail.sender or "",
        "forwarded": mail.forwarded_sender or "",
        "name": mail.sender_name,
        "subject": mail.subject,
        "text": mail.text[:LONGEST],
        "quoted": mail.quoted[:LONGEST],
        "answers": [*([mail.in_reply_to] if mail.in_reply_to else []), *mail.references[::-1]][:MOST_REFERENCES],
        "automatic": str(mail.automatic or ""),
        "bounced": [list(each) for each in mail.bounced],
        "files": files,
        "dated": told,
        "auth": " ".join(str(header.get("Authentication-Results", "")).split())[:500],
    }
    digest = hashlib.sha256(json.dumps(said, ensure_ascii=False).encode("utf-8", "replace")).hexdigest()
    return Received(mapping.name, mail.message_id or "", digest, moment, content)


def digest_of(file: Attachment) -> str:
    """By what an attachment is found again in its mail."""
    return hashlib.sha256(file.data).hexdigest()


def files_of(data: bytes) -> dict[str, bytes]:
    """Digest -> bytes of the files that came with a mail."""
    return {digest_of(each): each.data for each in read_mail(data).attachments}


def _received(field: str) -> dt.datetime | None:
    """When the last server got the mail (RFC 5322, 3.6.7): what follows the last semicolon."""
    try:
        moment = parsedate_to_datetime(_COMMENT.sub("", field.rpartition(";")[2]).strip())
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo is not None else None


def _moment(mail: ReceivedMail, arrived: dt.datetime | None, now: dt.datetime) -> tuple[dt.datetime, str]:
    """When it came, in the zone of `now` and naive; and the sender's own moment where that is not believed."""
    server = min(arrived or now, now)
    if arrived is None and mail.sent_at is not None and mail.sent_at <= now:
        server = mail.sent_at
    sent = mail.sent_at
    believed = sent is not None and abs(sent - server) <= SURE and sent <= now
    moment = sent if believed and sent is not None else server
    told = "" if sent is None or believed else sent.isoformat()
    return moment.astimezone(now.tzinfo).replace(tzinfo=None, microsecond=0), told
