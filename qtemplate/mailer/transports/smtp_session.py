"""One SMTP connection: yagmail connects, negotiates TLS and logs in; everything it may do beyond that is left alone.

`yag.send` is never called: it sends a mail three times when the line drops before the answer, attaches a file that a
text names and gives different mails one Message-ID. Only its `Client(...)`, `login`, `smtp` and `set_logging` are used,
and TLS is always verified here, which is not its default. Nor does it log in: a password that is refused would be tried
once for every way the server offers, and three refusals at once lock many an account.

Sources: RFC 5321 (SMTP), RFC 3207 (STARTTLS), RFC 4954 (AUTH), RFC 8314 (implicit TLS).
"""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any, Protocol

import yagmail

from qtemplate.config import AuthMethod, MailConfig, Security, is_loopback, smtp_password
from qtemplate.config.oauth import access_token
from qtemplate.errors import ConfigError
from qtemplate.mailer.cleaning import clean_line
from qtemplate.mailer.transports.base import Misconfigured, Retry
from qtemplate.plan import Phrase
from qtemplate.texts import make_error, quote, show

NO_SUCH_WAY = 504
"""A server that offers a way to log in and does not know it after all (RFC 4954, section 6)."""


class Wire(Protocol):
    """The calls we make on an open connection; each either returns the server's answer or raises an `OSError`."""

    esmtp_features: dict[str, str]
    sock: Any

    def ehlo_or_helo_if_needed(self) -> None: ...
    def has_extn(self, opt: str) -> bool: ...
    def mail(self, sender: str, options: list[str]) -> tuple[int, bytes]: ...
    def rcpt(self, recip: str) -> tuple[int, bytes]: ...
    def docmd(self, cmd: str, args: str = "") -> tuple[int, bytes]: ...
    def send(self, s: bytes) -> None: ...
    def getreply(self) -> tuple[int, bytes]: ...
    def rset(self) -> tuple[int, bytes]: ...
    def quit(self) -> tuple[int, bytes]: ...
    def close(self) -> None: ...


class SessionRefused(Exception):
    """No connection came about; `problem` says whether to wait or to change the set-up. Does not leave the mailer."""

    def __init__(self, problem: Retry | Misconfigured) -> None:
        super().__init__(show(problem.detail, "en"))
        self.problem = problem


class SmtpSession:
    """A connection that is logged in.

    Args:
        wire: The open connection.
    """

    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        self.mails = 0

    def quit(self) -> None:
        """Say goodbye and close; a server that is gone already is no error."""
        with suppress(OSError):
            self.wire.quit()
        self.drop()

    def drop(self) -> None:
        """Close without a word, where the state of the conversation is lost."""
        with suppress(OSError):
            self.wire.close()


def make_tls_context(mail: MailConfig) -> ssl.SSLContext:
    """Make the context that verifies certificate and host name; about 20 ms, so once per batch.

    Raises:
        ConfigError: `ca_file` cannot be read.
    """
    try:
        return ssl.create_default_context(cafile=str(mail.ca_file) if mail.ca_file else None)
    except OSError as error:
        raise make_error(ConfigError, "secret.ca_file", file=mail.ca_file, problem=error.strerror or error) from None


def open_session(mail: MailConfig, context: ssl.SSLContext, *, login: bool = True) -> SmtpSession:
    """Connect, negotiate TLS and log in, all of it within `[mail] timeout_seconds`.

    Time-outs of a socket begin anew with every byte, so a server that greets slowly would hold a run for many of them.

    Args:
        mail: Server, security, account.
        context: Of `make_tls_context`.
        login: False stops before the login, for `doctor`.

    Raises:
        SessionRefused: There is no connection; says whether it is the server, the line or the set-up.
    """
    if mail.security is Security.NONE and not (is_loopback(mail.host) or mail.allow_plaintext):
        raise SessionRefused(Misconfigured(Phrase.of("smtp.not_here", host=mail.host)))
    try:
        credential = _credential(mail) if login else None
    except ConfigError as error:
        raise SessionRefused(Misconfigured(quote(error))) from None
    opening = _Opening(partial(_open, mail, context, credential))
    opening.start()
    opening.join(mail.timeout_seconds)
    return opening.result(_late(mail))


class _Opening(threading.Thread):
    """A connection being opened; one that is given up closes itself as soon as it notices."""

    def __init__(self, open_: Callable[[], SmtpSession]) -> None:
        super().__init__(name="smtp", daemon=True)  # a server that never ends must not keep the program from ending
        self._open = open_
        self._lock = threading.Lock()
        self._given_up = False
        self._session: SmtpSession | None = None
        self._error: Exception | None = None

    def run(self) -> None:
        try:
            session = self._open()
        except Exception as error:
            self._error = error
            return
        with self._lock:
            self._session = session
            given_up = self._given_up
        if given_up:
            session.drop()

    def result(self, late: Retry) -> SmtpSession:
        """The session that is open by now.

        Raises:
            SessionRefused: It was refused, or it is not open yet and is given up as `late`.
        """
        with self._lock:
            self._given_up = self._session is None
        if self._error is not None:
            raise self._error
        if self._session is None:
            raise SessionRefused(late)
        return self._session


def _late(mail: MailConfig) -> Retry:
    late = Phrase.of("smtp.late", server=_server(mail), seconds=mail.timeout_seconds)
    return Retry(late, whole_account=True, reached=False)


def _open(mail: MailConfig, context: ssl.SSLContext, credential: str | None) -> SmtpSession:
    client = yagmail.Client(
        # A name without "@" given as text would become a Gmail address.
        {mail.username: mail.username},
        # Never None: yagmail would ask the keyring, then the terminal.
        "-",
        host=mail.host,
        port=mail.port,
        smtp_ssl=mail.security is Security.TLS,
        smtp_starttls={"context": context} if mail.security is Security.STARTTLS else False,
        smtp_skip_login=True,
        soft_email_validation=False,
        timeout=mail.timeout_seconds,
        **({"context": context} if mail.security is Security.TLS else {}),
    )
    client.set_logging(None)
    try:
        client.login()
        client.smtp.ehlo_or_helo_if_needed()
        if credential is not None and mail.auth is AuthMethod.XOAUTH2:
            _log_in_with_token(client.smtp, mail.username, credential)
        elif credential is not None:
            _log_in_with_password(client.smtp, mail, credential)
    except (OSError, ValueError, SessionRefused) as error:  # every exception of the protocol is an OSError
        client.is_closed = True
        if client.smtp is not None:
            SmtpSession(client.smtp).drop()
        if isinstance(error, SessionRefused):
            raise
        raise SessionRefused(_explain(error, mail)) from None
    client.is_closed = True  # else yagmail's destructor says QUIT on our connection
    return SmtpSession(client.smtp)


def _credential(mail: MailConfig) -> str | None:
    if not mail.username:
        return None
    if mail.auth is AuthMethod.XOAUTH2:
        return access_token(mail)
    password = smtp_password(mail)
    if password is None:
        raise make_error(ConfigError, "secret.no_password", username=mail.username)
    return password


def _log_in_with_token(wire: Any, username: str, token: str) -> None:
    response = f"user={username}\x01auth=Bearer {token}\x01\x01"
    # A refusal comes as a challenge first, which is answered with nothing to hear the real code.
    wire.auth("XOAUTH2", lambda challenge=None: response if challenge is None else "", initial_response_ok=True)


def _log_in_with_password(wire: Any, mail: MailConfig, password: str) -> None:
    """Log in by the first way that the server offers and knows; a password that it refuses is not tried again.

    Raises:
        SessionRefused: It offers no way to log in that is known here.
        OSError: It refuses.
    """
    offered = wire.esmtp_features.get("auth", "").split()
    # where nothing protects the line the password itself does not go over it, if that can be helped
    ways = ("CRAM-MD5", "PLAIN", "LOGIN") if mail.security is Security.NONE else ("PLAIN", "LOGIN", "CRAM-MD5")
    usable = [way for way in ways if way in offered]
    if not usable:
        advice = Phrase.of("smtp.no_known_way" if offered else "smtp.no_login", server=_server(mail), offered=offered)
        raise SessionRefused(Misconfigured(advice))
    wire.user, wire.password = mail.username, password
    for way in usable:
        try:
            wire.auth(way, getattr(wire, f"auth_{way.lower().replace('-', '_')}"))
            return
        except OSError as error:
            unknown_way = getattr(error, "smtp_code", None) == NO_SUCH_WAY
            if not unknown_way or way == usable[-1]:
                raise


def _server(mail: MailConfig) -> str:
    return f"{mail.host}:{mail.port}"


def _explain(error: Exception, mail: MailConfig) -> Retry | Misconfigured:
    """Tell a server that is away from a set-up that is wrong."""
    server = _server(mail)
    if isinstance(error, ssl.SSLCertVerificationError):
        return Misconfigured(Phrase.of("smtp.certificate", server=server, problem=error.verify_message))
    if isinstance(error, ssl.SSLError):
        return Misconfigured(Phrase.of("smtp.tls", server=server, problem=error.reason))
    if isinstance(error, ValueError):
        return Misconfigured(Phrase.of("smtp.characters", server=server))
    code = getattr(error, "smtp_code", None)
    kind = type(error).__name__
    said = answer_text(code, getattr(error, "smtp_error", b"")) if code is not None else clean_line(str(error))
    if kind == "SMTPAuthenticationError" and isinstance(code, int) and code >= 500:
        return Misconfigured(Phrase.of("smtp.login_refused", server=server, username=mail.username, said=said))
    if kind in ("SMTPNotSupportedError", "SMTPException"):
        return Misconfigured(Phrase.of("smtp.unfit", server=server, said=said))
    if isinstance(error, socket.gaierror):
        return Retry(Phrase.of("smtp.unknown_host", host=mail.host), whole_account=True, reached=False)
    if code is None and isinstance(error, TimeoutError):
        return _late(mail)
    return Retry(Phrase.of("smtp.away", server=server, said=said or kind), whole_account=True, reached=False)


def answer_text(code: int, text: bytes | str) -> str:
    """Spell a server's answer for a person, on one line."""
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return f"{code} {clean_line(words)}"
