"""Delivers what is due in an outbox to a server on loopback; run as a process of its own so that it can be killed."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from qtemplate.config import MailConfig, Security, TransportKind, read_state_address
from qtemplate.journal import Place, Server, open_state
from qtemplate.mailer.deliver import deliver
from qtemplate.mailer.outbox.queue import Outbox
from qtemplate.mailer.transports.smtp import SmtpTransport


def open_outbox(place: Place) -> Outbox:
    return Outbox(open_state(place))


def written(place: Place) -> str:
    """A place as an argument of this program."""
    return place.shown if isinstance(place, Server) else str(place)


def read(text: str) -> Place:
    if not text.startswith("postgresql:"):
        return Path(text)
    url = read_state_address(text, Path())
    return Server(url.address, url.database, url.schema)


def main(database: str, port: str) -> None:
    mail = MailConfig(
        transport=TransportKind.SMTP,
        host="127.0.0.1",
        port=int(port),
        security=Security.NONE,
        username="",
        allow_domains=("corp.cn",),
        max_per_run=100_000,
        max_per_minute=100_000,
    )
    outbox = open_outbox(read(database))
    deliver(outbox, SmtpTransport(mail), mail, datetime.now(UTC))
    outbox.database.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
