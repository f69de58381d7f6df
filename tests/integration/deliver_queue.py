"""Delivers what is due in an outbox to a server on loopback; run as a process of its own so that it can be killed."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from qtemplate.config import MailConfig, Security, TransportKind
from qtemplate.journal import open_state
from qtemplate.mailer.deliver import deliver
from qtemplate.mailer.outbox.queue import Outbox
from qtemplate.mailer.transports.smtp import SmtpTransport


def open_outbox(path: Path) -> Outbox:
    return Outbox(open_state(path))


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
    outbox = open_outbox(Path(database))
    deliver(outbox, SmtpTransport(mail), mail, datetime.now(UTC))
    outbox.database.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
