"""A mail of the outbox read back from its finished bytes: a person sees exactly what will leave. Opens nothing."""

from __future__ import annotations

from collections.abc import Iterator
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message as Parsed
from email.utils import getaddresses
from typing import Any, TypeAlias, cast

from ...plan import Message, Recipient
from ...plan.mail_kinds import MailKind
from ..words.kinds import KINDS
from ..words.rendered import Rendered
from .entry import OutboxEntry

Part: TypeAlias = "Parsed[Any, Any]"


def read_stored(entry: OutboxEntry) -> tuple[Rendered, Message]:
    """Subject, text and HTML of an entry with its bytes, and who gets it.

    Args:
        entry: From `Outbox.show`; without bytes the parts are empty.
    """
    mail = message_from_bytes(entry.raw)  # in the library's older way: the newer one is two thirds of the command
    parts = list(_parts(mail))
    contract = KINDS.get(entry.kind)
    outside = contract is None or contract.outside
    rendered = Rendered(
        _decoded(mail["Subject"]) or entry.subject,
        _first_text(parts, "text/plain"),
        _first_text(parts, "text/html"),
    )
    files = tuple(part.get_filename() or "" for part in parts if _is_attached(part))
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


def _parts(part: Part) -> Iterator[Part]:
    """What a mail is made of, in its order; a mail that is attached to it stays whole."""
    if part.get_content_maintype() != "multipart":
        yield part
        return
    for inner in cast("list[Part]", part.get_payload()):
        yield from _parts(inner)


def _is_attached(part: Part) -> bool:
    return part.get_content_disposition() == "attachment"


def _first_text(parts: list[Part], kind: str) -> str:
    for part in parts:
        if part.get_content_type() == kind and not _is_attached(part):
            data = cast("bytes", part.get_payload(decode=True))
            return data.decode(part.get_content_charset("ascii"), "replace")
    return ""


def _decoded(header: Any) -> str:
    """A header without its folds (RFC 5322, 2.2.3) and encoded words (RFC 2047)."""
    return str(make_header(decode_header("".join(str(header).splitlines())))) if header else ""


def _people(mail: Part, header: str, addresses: tuple[str, ...], insider: bool) -> tuple[Recipient, ...]:
    """The addresses of the envelope with the names the header has for them."""
    names = {address.lower(): _decoded(name) for name, address in getaddresses([mail[header] or ""])}
    return tuple(Recipient(names.get(address.lower(), ""), address, insider) for address in addresses)


def stored_html(entry: OutboxEntry) -> str:
    """The page of `outbox show --html`."""
    from ..words.preview import preview_html  # the page is asked for now and then

    return preview_html(*read_stored(entry))
