"""A mail of the outbox read back from its finished bytes: a person sees exactly what will leave. Opens nothing."""

from __future__ import annotations

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import getaddresses
from typing import cast

from ...plan import Message, Recipient
from ...plan.mail_kinds import MailKind
from ..words.kinds import KINDS
from ..words.preview import preview_html
from ..words.rendered import Rendered
from .entry import OutboxEntry


def read_stored(entry: OutboxEntry) -> tuple[Rendered, Message]:
    """Subject, text and HTML of an entry with its bytes, and who gets it.

    Args:
        entry: From `Outbox.show`; without bytes the parts are empty.
    """
    mail = message_from_bytes(entry.raw, policy=default)
    assert isinstance(mail, EmailMessage)
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    contract = KINDS.get(entry.kind)
    outside = contract is None or contract.outside
    rendered = Rendered(
        str(mail["Subject"] or entry.subject),
        "" if text is None else str(text.get_content()),
        "" if html is None else str(html.get_content()),
    )
    files = tuple(part.get_filename() or "" for part in mail.iter_attachments())
    # the templates name their language; a mail without one was written by a team's own template
    english = 'lang="en' in rendered.html[:2000]
    return rendered, Message(
        key=entry.key,
        kind=cast(MailKind, entry.kind),  # only shown here, so one that another version knows does as well
        id=entry.id,
        to=_people(mail, "To", entry.recipients, not outside),
        cc=_people(mail, "Cc", entry.cc, not outside),
        language="en" if english else "zh",
        facts={},
        forms=files,
    )


def _people(mail: EmailMessage, header: str, addresses: tuple[str, ...], insider: bool) -> tuple[Recipient, ...]:
    """The addresses of the envelope with the names the header has for them."""
    names = {address.lower(): name for name, address in getaddresses([str(mail[header] or "")])}
    return tuple(Recipient(names.get(address.lower(), ""), address, insider) for address in addresses)


def stored_html(entry: OutboxEntry) -> str:
    """The page of `outbox show --html`."""
    return preview_html(*read_stored(entry))
