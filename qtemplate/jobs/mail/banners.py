"""What stands above everything else a run says while its mail does not reach whom it is for."""

from __future__ import annotations

from ...config import Config, TransportKind
from ...plan import Phrase


def mail_banners(config: Config) -> tuple[Phrase, ...]:
    """Test mode, or mail that goes into a folder; nothing where mail goes out."""
    if config.mail.redirect_to:
        return (Phrase.of("banner.diverted", to=config.mail.redirect_to),)
    if config.mail.transport is TransportKind.FOLDER:
        return (Phrase.of("banner.folder", folder=str(config.workspace / "outbox")),)
    return ()
