"""What a mail says, once it is read: data only."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct


class Automatic(StrEnum):
    """Why no person wrote a mail to us."""

    AUTO_REPLY = "auto_reply"
    BOUNCE = "bounce"
    LIST = "list"
    OWN = "own"


class Attachment(Struct, frozen=True):
    """A file that came with a mail.

    Args:
        name: As the sender gave it, decoded, without folders; "" if there is none.
        media_type: In lower case, without parameters, such as `image/jpeg`.
        data: The bytes of the file.
    """

    name: str
    media_type: str
    data: bytes


class ReceivedMail(Struct, frozen=True):
    """One mail.

    Args:
        message_id: Without angle brackets. `in_reply_to` likewise, the first one if there are several.
        references: Ids without angle brackets, oldest first.
        sender: The address in lower case. `forwarded_sender`: whoever wrote what the sender only passed on.
        sender_name: Decoded, "" if missing; `subject` likewise.
        sent_at: The Date header, aware.
        text: What this sender wrote, lines ended by "\\n": no quotation, no signature, nothing hidden.
        quoted: The rest of what is to be seen.
        automatic: Whether no person wrote this to us, and why.
        bounced: Address, enhanced status code (RFC 3463; "" if unknown) and the original message id of every
            recipient that could not be reached for good.
        attachments: In the order of the mail, pictures in the text among them.
        problems: What could not be read as it should; each a `Problem`.
    """

    message_id: str | None
    in_reply_to: str | None
    references: tuple[str, ...]
    sender: str | None
    forwarded_sender: str | None
    sender_name: str
    subject: str
    sent_at: datetime | None
    text: str
    quoted: str
    automatic: Automatic | None
    bounced: tuple[tuple[str, str, str | None], ...]
    attachments: tuple[Attachment, ...]
    problems: tuple[str, ...]
