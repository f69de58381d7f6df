"""Where secrets come from: the environment, a file it names, the keyring; never the workbook or `qtemplate.toml`."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import cast

from qtemplate.config.sections import BotConfig, MailboxConfig, MailConfig, WebConfig
from qtemplate.config.state_url import StateUrl
from qtemplate.errors import ConfigError
from qtemplate.texts import make_error


def smtp_password(mail: MailConfig) -> str | None:
    """Look the mail account's password up; it is never logged and nobody is asked for it.

    Args:
        mail: The `[mail]` section; `username` is the name in the keyring's service `qtemplate`.

    Returns:
        From QTEMPLATE_SMTP_PASSWORD, else the file QTEMPLATE_SMTP_PASSWORD_FILE names, else the keyring, else None.

    Raises:
        ConfigError: The file the environment names cannot be read.
    """
    return _password("QTEMPLATE_SMTP_PASSWORD", mail.username)


def imap_password(mailbox: MailboxConfig) -> str | None:
    """The same of the mailbox: QTEMPLATE_IMAP_PASSWORD, its `_FILE`, the keyring."""
    return _password("QTEMPLATE_IMAP_PASSWORD", mailbox.username)


def state_password(url: StateUrl) -> str | None:
    """The same of the server that keeps the state: QTEMPLATE_STATE_PASSWORD, its `_FILE`, the keyring."""
    return _password("QTEMPLATE_STATE_PASSWORD", url.user)


def bot_secret(bot: BotConfig) -> tuple[str, str]:
    """Address and secret of a group bot: the two words of QTEMPLATE_BOT_<NAME>, or of the file its `_FILE` names.

    Raises:
        ConfigError: There is none, or it holds something else.
    """
    variable = "QTEMPLATE_BOT_" + re.sub(r"[^A-Z0-9]", "_", bot.name.upper())
    words = (read_secret(variable) or "").split()
    if not 1 <= len(words) <= 2:
        raise make_error(ConfigError, "secret.bot", variable=variable)
    return words[0], words[1] if len(words) > 1 else ""


SHORTEST_WEB_SECRET = 32
"""Characters; links can be guessed with fewer."""


def web_secret(web: WebConfig) -> bytes | None:
    """By what links to pages are signed: QTEMPLATE_WEB_SECRET, its `_FILE`, the keyring; None where nothing says so.

    Raises:
        ConfigError: It is too short, or the file the environment names cannot be read.
    """
    found = _password("QTEMPLATE_WEB_SECRET", web.base_url)
    if found is None:
        return None
    secret = found.strip()
    if len(secret) < SHORTEST_WEB_SECRET:
        raise make_error(ConfigError, "secret.web_short", least=SHORTEST_WEB_SECRET)
    if re.fullmatch(r"[0-9a-f]{64}", secret):  # the workspace's own file, handed to a server that is another user
        return bytes.fromhex(secret)
    return secret.encode()


def _password(variable: str, username: str) -> str | None:
    found = read_secret(variable)
    if found is not None or not username:
        return found
    try:
        import keyring  # an extra, and slow to import
    except ImportError:
        return None
    try:
        return cast("str | None", keyring.get_password("qtemplate", username))
    except Exception:  # a server without a desktop has no keyring, and every back-end says so in its own way
        return None


def read_secret(variable: str) -> str | None:
    """Read a secret from an environment variable, or from the file that `<variable>_FILE` names.

    Raises:
        ConfigError: The named file cannot be read.
    """
    if value := os.environ.get(variable):
        return value
    if not (named := os.environ.get(f"{variable}_FILE")):
        return None
    try:
        return Path(named).read_text(encoding="utf-8-sig").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        problem = type(error).__name__
        raise make_error(ConfigError, "secret.unreadable", variable=variable, named=named, problem=problem) from None
