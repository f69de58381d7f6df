"""Access tokens for XOAUTH2: from the environment, a file, a command, or Microsoft's library. Never logged, never kept.

Sources: https://developers.google.com/gmail/imap/xoauth2-protocol (the response), learn.microsoft.com "Authenticate an
IMAP, POP or SMTP connection using OAuth" (the scope and the client-credentials flow).
"""

from __future__ import annotations

import subprocess

from qtemplate.config.credentials import read_secret
from qtemplate.config.sections import MailConfig
from qtemplate.errors import ConfigError
from qtemplate.texts import make_error

_SCOPE = "https://outlook.office365.com/.default"
_COMMAND_SECONDS = 60


def access_token(mail: MailConfig, variable: str = "QTEMPLATE_SMTP_TOKEN") -> str:
    """Get a token for a mail account.

    Args:
        mail: Says how.
        variable: Names the environment variable that may hold it.

    Returns:
        From the variable or its `_FILE`, else what `token_command` prints, else from Microsoft 365 with
        `oauth_tenant`, `oauth_client_id` and the secret QTEMPLATE_OAUTH_SECRET.

    Raises:
        ConfigError: There is no source, or the one there is gave no token; never quotes what a command printed.
    """
    token = read_secret(variable)
    if token:
        return token.strip()
    if mail.token_command:
        return _run(mail.token_command)
    if mail.oauth_tenant and mail.oauth_client_id:
        return _ask_microsoft(mail)
    raise make_error(ConfigError, "token.none")


def _run(command: tuple[str, ...]) -> str:
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=_COMMAND_SECONDS, check=True, text=True
        )
    except subprocess.CalledProcessError as error:
        raise make_error(ConfigError, "token.code", command=command[0], code=error.returncode) from None
    except subprocess.TimeoutExpired:
        raise make_error(ConfigError, "token.slow", command=command[0], seconds=_COMMAND_SECONDS) from None
    except (OSError, UnicodeDecodeError) as error:
        raise make_error(ConfigError, "token.not_run", command=command[0], problem=type(error).__name__) from None
    if not done.stdout.strip():
        raise make_error(ConfigError, "token.silent", command=command[0])
    return done.stdout.strip()


def _ask_microsoft(mail: MailConfig) -> str:
    try:
        import msal  # an extra
    except ImportError:
        raise make_error(ConfigError, "token.no_package") from None
    secret = read_secret("QTEMPLATE_OAUTH_SECRET")
    if not secret:
        raise make_error(ConfigError, "token.no_secret")
    try:
        application = msal.ConfidentialClientApplication(
            mail.oauth_client_id,
            authority=f"https://login.microsoftonline.com/{mail.oauth_tenant}",
            client_credential=secret,
        )
        answer = application.acquire_token_for_client(scopes=[_SCOPE])
    except (OSError, ValueError) as error:
        raise make_error(ConfigError, "token.unreached", problem=type(error).__name__) from None
    if "access_token" not in answer:
        raise make_error(ConfigError, "token.refused", problem=answer.get("error", "?"))
    return str(answer["access_token"])
