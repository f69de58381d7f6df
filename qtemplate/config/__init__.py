"""The configuration room: `qtemplate.toml` read once into frozen records, and the default file that `init` writes.

It must not know workbooks, mail bytes, the journal or the clock. Secrets are not configuration: `smtp_password` looks
them up when they are needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qtemplate.choices import Language
from qtemplate.config.credentials import (
    bot_secret,
    imap_password,
    read_secret,
    smtp_password,
    state_password,
    web_secret,
)
from qtemplate.config.load import is_loopback, load_config
from qtemplate.config.sections import (
    EXPORT,
    WEB_INBOX,
    WEB_SECRET,
    AuthMethod,
    BackupsConfig,
    BoardAccess,
    BotConfig,
    BotKind,
    BotNews,
    Config,
    MailboxConfig,
    MailConfig,
    PollMode,
    RegisterConfig,
    Security,
    TransportKind,
    WatchConfig,
    WebConfig,
    WhenUnknown,
    WriteMode,
)
from qtemplate.config.state_url import StateUrl, read_state_address
from qtemplate.config.values import QuietHours

if TYPE_CHECKING:
    from qtemplate.config.default_file import default_toml as default_toml

__all__ = [
    "EXPORT",
    "WEB_INBOX",
    "WEB_SECRET",
    "AuthMethod",
    "BackupsConfig",
    "BoardAccess",
    "BotConfig",
    "BotKind",
    "BotNews",
    "Config",
    "Language",
    "MailConfig",
    "MailboxConfig",
    "PollMode",
    "QuietHours",
    "RegisterConfig",
    "Security",
    "StateUrl",
    "TransportKind",
    "WatchConfig",
    "WebConfig",
    "WhenUnknown",
    "WriteMode",
    "bot_secret",
    "default_toml",
    "imap_password",
    "is_loopback",
    "load_config",
    "read_secret",
    "read_state_address",
    "smtp_password",
    "state_password",
    "web_secret",
]


def __getattr__(name: str) -> Any:
    if name != "default_toml":  # its comments, in two languages, are loaded by whoever writes the file
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from qtemplate.config.default_file import default_toml

    return default_toml
