"""What tests of delivery over SMTP share: a configuration for a peer, a mail with an attachment, sending it."""

from __future__ import annotations

from datetime import UTC, datetime

from msgspec.structs import replace
from smtp_peers import Peer

from qtemplate.config import MailConfig, Security, TransportKind
from qtemplate.mailer.addresses import Address
from qtemplate.mailer.deliver import Delivery, Reason
from qtemplate.mailer.message import Attachment, Draft
from qtemplate.mailer.outbox.entry import OutboxEntry, State
from qtemplate.mailer.outbox.making import make_entry
from qtemplate.mailer.transports.base import SendResult, Sent
from qtemplate.mailer.transports.probe import Check
from qtemplate.mailer.transports.smtp import SmtpTransport
from qtemplate.texts import show

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)


def config(peer: Peer) -> MailConfig:
    return MailConfig(
        transport=TransportKind.SMTP,
        host="127.0.0.1",
        port=peer.port,
        security=Security.NONE,
        username="",
        allow_domains=("corp.cn",),
        timeout_seconds=5,
        max_per_run=1000,
        max_per_minute=1000,
    )


def entry(key: str = "M03/1", *to: str) -> OutboxEntry:
    draft = Draft(
        key=key,
        sender=Address("质量部", "qa@corp.cn"),
        to=tuple(Address("", each) for each in to or ("zhang@corp.cn",)),
        subject="转交",
        text=".一行以点开头\n.\n..\n正文",
        date=NOW,
        attachments=(Attachment("转交单.xlsx", b"PK\x00\xff" * 100),),
    )
    return make_entry(draft, kind="M03", id="QF-2026-0001", approved=True, now=NOW)


def told(result: SendResult | Check, language: str = "en") -> str:
    """What a person reads of it."""
    return "" if isinstance(result, Sent) else show(result.detail, language)


def send(mail: MailConfig, *entries: OutboxEntry) -> list[SendResult]:
    """What the transport reports, its details in English words."""
    results = _results(mail, *entries)
    return [each if isinstance(each, Sent) else replace(each, detail=told(each)) for each in results]


def _results(mail: MailConfig, *entries: OutboxEntry) -> list[SendResult]:
    transport = SmtpTransport(mail)
    try:
        return [transport.send(each) for each in entries or (entry(),)]
    finally:
        transport.close()


def reasons(deliveries: list[Delivery]) -> list[tuple[State, Reason]]:
    return [(each.state, each.reason) for each in deliveries]
