"""The SMTP transport: finished bytes over one connection, once, and what became of them as far as anybody can tell.

The line is drawn at the first byte of the body. Before it nothing can have been taken, so a lost line is `Retry`; after
it a lost line is `Unknown`, because the server may have stored the mail and lost only its answer (RFC 1047).
"""

from __future__ import annotations

import re

from qtemplate.config import MailConfig
from qtemplate.mailer.outbox.entry import OutboxEntry
from qtemplate.mailer.outbox.queue import Refusal
from qtemplate.mailer.transports.base import Failed, Misconfigured, Retry, SendResult, Sent, Unknown
from qtemplate.mailer.transports.smtp_session import (
    SessionRefused,
    SmtpSession,
    answer_text,
    make_tls_context,
    open_session,
)
from qtemplate.plan import Phrase

# What a server says when the account or the server, not this mail, is the trouble: RFC 5321 section 4.2.2, and 432
# 4.3.2 of Exchange Online for too many connections.
_ACCOUNT_CODES = frozenset({421, 432, 451, 452, 454})
# At RCPT 451 and 452 concern one mailbox (greylisting, full), so the others need not wait.
_ACCOUNT_CODES_AT_RCPT = frozenset({421, 432, 454})
# Answers to MAIL that are about this mail's size or parameters and not about the sender.
_MAIL_ABOUT_MESSAGE = frozenset({552, 555})
_LOGIN_CODES = frozenset({530, 535, 538})


class _LineLost(Exception):
    """The connection ended before the body of a mail had begun."""

    def __init__(self, said: str) -> None:
        super().__init__(said)
        self.detail = Phrase.of("smtp.broke_before", said=said)


class SmtpTransport:
    """Sends over one connection that is opened when it is needed.

    Args:
        mail: Server, account, time-out.

    Raises:
        ConfigError: `ca_file` cannot be read.
    """

    name = "smtp"
    limited = True

    def __init__(self, mail: MailConfig) -> None:
        self._mail = mail
        self._context = make_tls_context(mail)
        self._session: SmtpSession | None = None

    def ready(self) -> Retry | Misconfigured | None:
        """Connect and log in unless that is done."""
        if self._session is None:
            try:
                self._session = open_session(self._mail, self._context)
            except SessionRefused as refused:
                return refused.problem
        return None

    def send(self, entry: OutboxEntry) -> SendResult:
        """Hand a mail over once. A line that had carried mails and is found dead before this one is opened again."""
        while True:
            problem = self.ready()
            if problem:
                return problem
            assert self._session is not None  # ready() has opened it
            used = self._session.mails > 0
            try:
                return self._transmit(self._session, entry)
            except _LineLost as lost:
                self._drop()
                # Servers close idle lines and count the mails of a connection; that is no fault of this mail.
                if not used:
                    return Retry(lost.detail, whole_account=True)

    def was_delivered(self, entry: OutboxEntry) -> None:
        """Nobody can ask a server that."""

    def close(self) -> None:
        """End the connection with QUIT."""
        if self._session:
            self._session.quit()
        self._session = None

    def _drop(self) -> None:
        if self._session:
            self._session.drop()
        self._session = None

    def _transmit(self, session: SmtpSession, entry: OutboxEntry) -> SendResult:
        try:
            outcome = self._send_envelope(session, entry)
        except OSError as error:
            raise _LineLost(str(error)) from None
        if not isinstance(outcome, tuple):
            self._reset(session)
            return outcome
        try:
            session.wire.send(stuff_dots(entry.raw))
            code, text = session.wire.getreply()
        except OSError as error:
            self._drop()
            return Unknown(Phrase.of("smtp.broke_after", said=str(error)))
        session.mails += 1
        said = answer_text(code, text)
        if 200 <= code < 300:
            return Sent(outcome)
        if 400 <= code < 500:
            if code == 421:
                self._drop()
            return Retry(said, whole_account=code in _ACCOUNT_CODES)
        if 500 <= code < 600:
            return Failed(said)
        self._drop()
        return Unknown(Phrase.of("smtp.nonsense", said=said))

    def _send_envelope(self, session: SmtpSession, entry: OutboxEntry) -> tuple[Refusal, ...] | SendResult:
        """Go as far as DATA.

        Returns:
            The refused recipients when the server waits for the body, else what became of the mail.
        """
        wire = session.wire
        limit = wire.esmtp_features.get("size", "") if wire.has_extn("size") else None  # RFC 1870
        if limit and limit.isdigit() and 0 < int(limit) < len(entry.raw):
            return Failed(Phrase.of("smtp.too_large", size=len(entry.raw), most=limit))
        code, text = wire.mail(entry.envelope_from, [] if limit is None else [f"SIZE={len(entry.raw)}"])
        if code != 250:
            return self._judge_sender(session, code, answer_text(code, text))
        refused = []
        for address in entry.envelope:
            code, text = wire.rcpt(address)
            if code in _LOGIN_CODES:
                return Misconfigured(Phrase.of("smtp.wants_login", said=answer_text(code, text)))
            if code in _ACCOUNT_CODES_AT_RCPT:
                return Retry(answer_text(code, text), whole_account=True)
            if code not in (250, 251):
                refused.append(Refusal(address, code, answer_text(code, text).partition(" ")[2]))
        if len(refused) == len(entry.envelope):
            said = "; ".join(f"{each.address}: {each.code} {each.text}" for each in refused)
            return Retry(said) if any(each.temporary for each in refused) else Failed(said)
        code, text = wire.docmd("DATA")
        if code == 354:
            return tuple(refused)
        said = answer_text(code, text)
        return Failed(said) if 500 <= code < 600 else Retry(said, whole_account=code in _ACCOUNT_CODES)

    def _judge_sender(self, session: SmtpSession, code: int, said: str) -> SendResult:
        """Say what a refused MAIL means: all our mails have the same sender, so its refusal is a matter of set-up."""
        if code == 421 and session.mails:
            raise _LineLost(said)
        if 500 <= code < 600 and code not in _MAIL_ABOUT_MESSAGE:
            return Misconfigured(Phrase.of("smtp.sender_refused", said=said))
        return Failed(said) if code in _MAIL_ABOUT_MESSAGE else Retry(said, whole_account=code in _ACCOUNT_CODES)

    def _reset(self, session: SmtpSession) -> None:
        """Make the connection fit for the next mail, or give it up."""
        try:
            code, _ = session.wire.rset()
        except OSError:
            code = 0
        if code != 250:
            self._drop()


def stuff_dots(raw: bytes) -> bytes:
    """Make a message fit for DATA: a dot before each line that begins with one, and the final dot (RFC 5321 4.5.2)."""
    body = re.sub(rb"(?m)^\.", b"..", raw)
    return body + (b"" if body.endswith(b"\r\n") else b"\r\n") + b".\r\n"
