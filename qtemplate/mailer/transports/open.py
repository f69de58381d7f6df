"""Which transport a workspace has configured; the only module that knows every one of them."""

from __future__ import annotations

from qtemplate.config import Config, TransportKind
from qtemplate.mailer.transports.base import Transport
from qtemplate.mailer.transports.folder import FolderTransport


def open_transport(config: Config) -> Transport:
    """Makes the configured transport; nothing is connected yet.

    Raises:
        ConfigError: The CA file cannot be read.
    """
    if config.mail.transport is TransportKind.FOLDER:
        return FolderTransport(config.workspace / "outbox")
    from qtemplate.mailer.transports.smtp import SmtpTransport  # yagmail takes 0.1 s to import; a folder needs none

    return SmtpTransport(config.mail)
