"""What tests of the outbox share: a database, mails to put in, what became of them."""

from __future__ import annotations

from datetime import UTC, datetime

from qtemplate.config import MailConfig
from qtemplate.mailer.addresses import Address
from qtemplate.mailer.deliver import Delivery, Reason
from qtemplate.mailer.message import Draft
from qtemplate.mailer.outbox.entry import OutboxEntry, State
from qtemplate.mailer.outbox.making import make_entry
from qtemplate.mailer.outbox.queue import Outbox

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
MAIL = MailConfig(allow_domains=("corp.cn",), max_per_run=1000)


def draft(key: str, *to: str, cc: tuple[str, ...] = ()) -> Draft:
    return Draft(
        key=key,
        sender=Address("质量部", "qa@corp.cn"),
        to=tuple(Address("", each) for each in to or ("zhang@corp.cn",)),
        cc=tuple(Address("", each) for each in cc),
        subject=f"主题 {key}",
        text="正文",
        date=NOW,
    )


def entry(key: str, *to: str, cc: tuple[str, ...] = (), approved: bool = True, now: datetime = NOW) -> OutboxEntry:
    return make_entry(draft(key, *to, cc=cc), kind=key[:3], id="QF-2026-0001", approved=approved, now=now)


def moves(outbox: Outbox, key: str) -> list[tuple[str, str]]:
    return [(event.from_state, event.to_state) for event in outbox.events(key)]


def outcome(delivery: Delivery) -> tuple[str, State, Reason]:
    return delivery.key, delivery.state, delivery.reason
