"""The configuration room: `qtemplate.toml` read once into frozen records, and the default file that `init` writes.

It must not know workbooks, mail bytes, the journal or the clock. Secrets are not configuration: `smtp_password` looks
them up when they are needed.
"""

from qtemplate.choices import Language
from qtemplate.config.credentials import (
    bot_secret,
    imap_password,
    read_secret,
    smtp_password,
    state_password,
    web_secret,
)
from qtemplate.config.default_file import default_toml
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
