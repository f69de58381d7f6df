"""What `doctor --mail` asks a server, step by step; it logs in and leaves, and sends nothing."""

from __future__ import annotations

import socket
from typing import NamedTuple

from qtemplate.config import AuthMethod, MailConfig, Security
from qtemplate.errors import ConfigError
from qtemplate.mailer.addresses import MessageRefused, parse_address
from qtemplate.mailer.transports.base import Detail
from qtemplate.mailer.transports.smtp_session import SessionRefused, SmtpSession, make_tls_context, open_session
from qtemplate.plan import Phrase
from qtemplate.texts import quote


class Check(NamedTuple):
    """One question and its answer: `host`, `tls`, `login`, `size` or `sender`; `detail` says what was seen or to do."""

    check: str
    ok: bool
    detail: Detail


def probe_server(mail: MailConfig) -> list[Check]:
    """Ask the configured mail server whether mail could go.

    Args:
        mail: The `[mail]` section; its `transport` does not matter.

    Returns:
        In the order host, tls, login, size, sender; those after a failed host or tls are left out, but for sender.
    """
    return [*_probe_connection(mail), _check_sender(mail)]


def _probe_connection(mail: MailConfig) -> list[Check]:
    server = f"{mail.host}:{mail.port}"
    try:
        with socket.create_connection((mail.host, mail.port), timeout=mail.timeout_seconds):
            checks = [Check("host", True, Phrase.of("probe.answers", server=server))]
    except socket.gaierror:
        return [Check("host", False, Phrase.of("smtp.unknown_host", host=mail.host))]
    except OSError as error:
        said = error.strerror or str(error)
        return [Check("host", False, Phrase.of("probe.no_answer", server=server, said=said))]
    try:
        context = make_tls_context(mail)
        session = open_session(mail, context, login=False)
    except SessionRefused as refused:
        return [*checks, Check("tls", False, refused.problem.detail)]
    except ConfigError as wrong:
        return [*checks, Check("tls", False, quote(wrong))]
    checks.append(_describe_tls(mail, session))
    size = _describe_size(session)
    session.quit()
    if not mail.username:
        return [*checks, Check("login", True, Phrase("probe.no_login")), size]
    try:
        open_session(mail, context).quit()
    except SessionRefused as refused:
        return [*checks, Check("login", False, refused.problem.detail), size]
    how = "probe.with_token" if mail.auth is AuthMethod.XOAUTH2 else "probe.with_password"
    return [*checks, Check("login", True, Phrase.of(how, username=mail.username)), size]


def _describe_tls(mail: MailConfig, session: SmtpSession) -> Check:
    if mail.security is Security.NONE:
        return Check("tls", True, Phrase.of("probe.open", host=mail.host))
    socket_ = session.wire.sock
    until = (socket_.getpeercert() or {}).get("notAfter", Phrase("probe.until_unknown"))
    return Check("tls", True, Phrase.of("probe.secured", version=socket_.version(), until=until))


def _describe_size(session: SmtpSession) -> Check:
    limit = session.wire.esmtp_features.get("size", "")
    if not limit.isdigit() or int(limit) == 0:
        return Check("size", True, Phrase("probe.no_limit"))
    megabytes = int(limit) / 1_048_576
    return Check("size", megabytes >= 1, Phrase.of("probe.limit", megabytes=f"{megabytes:.1f}"))


def _check_sender(mail: MailConfig) -> Check:
    """Compare the sender's domain with the login's: receivers reject a sender the server may not speak for (SPF)."""
    try:
        sender = parse_address(mail.sender, "[mail] from")
    except MessageRefused as refused:
        return Check("sender", False, quote(refused))
    login_domain = mail.username.rpartition("@")[2].lower() if "@" in mail.username else ""
    if login_domain and login_domain != sender.domain:
        why = Phrase.of("probe.two_domains", sender=sender.domain, login=login_domain)
        return Check("sender", False, why)
    return Check("sender", True, sender.mail)
