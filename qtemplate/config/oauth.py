"""Access tokens for XOAUTH2: from the environment, a file, a command, or Microsoft's library. Never logged, never kept.

Sources: https://developers.google.com/gmail/imap/xoauth2-protocol (the response), learn.microsoft.com "Authenticate an
IMAP, POP or SMTP connection using OAuth" (the scope and the client-credentials flow).
"""

from __future__ import annotations

import subprocess

from qtemplate.config.credentials import read_secret
from qtemplate.config.sections import MailConfig
from qtemplate.errors import ConfigError

_SCOPE = "https://outlook.office365.com/.default"
_COMMAND_SECONDS = 60


def access_token(mail: MailConfig) -> str:
    """Get a token for the mailbox `[mail] username`.

    Returns:
        From QTEMPLATE_SMTP_TOKEN or its `_FILE`, else what `token_command` prints, else from Microsoft 365 with
        `oauth_tenant`, `oauth_client_id` and the secret QTEMPLATE_OAUTH_SECRET.

    Raises:
        ConfigError: There is no source, or the one there is gave no token; never quotes what a command printed.
    """
    token = read_secret("QTEMPLATE_SMTP_TOKEN")
    if token:
        return token.strip()
    if mail.token_command:
        return _run(mail.token_command)
    if mail.oauth_tenant and mail.oauth_client_id:
        return _ask_microsoft(mail)
    raise ConfigError(
        '[mail] auth = "xoauth2" has no token: set QTEMPLATE_SMTP_TOKEN, token_command, or oauth_tenant and '
        "oauth_client_id."
    )


def _run(command: tuple[str, ...]) -> str:
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=_COMMAND_SECONDS, check=True, text=True
        )
    except subprocess.CalledProcessError as error:
        raise ConfigError(f"[mail] token_command {command[0]!r} ended with code {error.returncode}.") from None
    except subprocess.TimeoutExpired:
        raise ConfigError(f"[mail] token_command {command[0]!r} took more than {_COMMAND_SECONDS} s.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"[mail] token_command {command[0]!r} cannot be run ({type(error).__name__}).") from None
    if not done.stdout.strip():
        raise ConfigError(f"[mail] token_command {command[0]!r} printed nothing; it has to print the token.")
    return done.stdout.strip()


def _ask_microsoft(mail: MailConfig) -> str:
    try:
        import msal  # an extra
    except ImportError:
        raise ConfigError('[mail] oauth_tenant needs another package: pip install "qtemplate[m365]".') from None
    secret = read_secret("QTEMPLATE_OAUTH_SECRET")
    if not secret:
        raise ConfigError("[mail] oauth_tenant needs the application's secret in QTEMPLATE_OAUTH_SECRET.")
    try:
        application = msal.ConfidentialClientApplication(
            mail.oauth_client_id,
            authority=f"https://login.microsoftonline.com/{mail.oauth_tenant}",
            client_credential=secret,
        )
        answer = application.acquire_token_for_client(scopes=[_SCOPE])
    except (OSError, ValueError) as error:
        raise ConfigError(f"Microsoft 365 gave no token ({type(error).__name__}); check [mail] oauth_tenant.") from None
    if "access_token" not in answer:
        raise ConfigError(f"Microsoft 365 gave no token: {answer.get('error', 'unknown error')}.")
    return str(answer["access_token"])
