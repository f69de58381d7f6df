"""The mailbox: what is new is stored, what was taken up is moved, everything else stays as people left it."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator, Sequence

from ...apply import Workspace
from ...choices import Channel
from ...config import AuthMethod, MailboxConfig, imap_password
from ...config.oauth import access_token
from ...errors import QtemplateError
from ...intake.mail_item import read_mail_item
from ...intake.mailbox.session import Arrival, Mailbox, MailboxAway, open_mailbox
from ...intake.mapping import ChannelMap
from ...intake.raw_store import digest_of, keep_raw
from ...journal.mailbox import MailboxLog
from ...journal.received import ReceivedLog
from ...mailer.transports.smtp_session import make_tls_context
from ...plan import Finding, Phrase, Severity
from ...plan.received import MAILBOX
from ...texts import quote
from .delivered import folder_of
from .mail_files import MailedForm, set_forms_aside
from .mailed_reports import set_reports_aside, store_reports

AT_ONCE = 20
MOST = 1_000
"""Mails that one run fetches; the next one goes on."""


def take_mailbox(workspace: Workspace, now: dt.datetime, forms: list[MailedForm] | None = None) -> list[Finding]:
    """Stores what is new; a mailbox that cannot be reached is said and nothing more.

    Args:
        workspace: Held, or imagined.
        now: The run's moment; aware, in the register's zone.
        forms: Gets the forms that came with mails where all is only looked at: no bytes are kept, and the folder is
            opened so that nothing can be changed in it.
    """
    looking = forms is not None
    found: list[Finding] = []
    try:
        with _opened(workspace, looking=looking) as mailbox:
            found += _store_new(workspace, mailbox, now, forms)
            if not looking:
                _sweep(workspace, mailbox)
    except MailboxAway as away:
        found.append(_away(away.said))
    except (OSError, QtemplateError) as problem:  # a full disk, a password that is nowhere
        said = quote(problem) if isinstance(problem, QtemplateError) else Phrase.of("quoted", problem=str(problem))
        found.append(_away(Phrase.of("quoted", problem=said)))
    return found


def empty_mailbox(workspace: Workspace) -> list[Finding]:
    """Moves what was taken up since; called after the commit."""
    log = MailboxLog(workspace.journal.database)
    if not log.taken_up(_account(workspace.config.mailbox)):
        return []
    try:
        with _opened(workspace, looking=False) as mailbox:
            _sweep(workspace, mailbox)
    except (MailboxAway, OSError, QtemplateError) as problem:
        said = problem.said if isinstance(problem, MailboxAway) else Phrase.of("quoted", problem=str(problem))
        return [_away(said)]
    return []


def count_mails(workspace: Workspace) -> int | Phrase:
    """How many mails lie in the folder, or why nobody can say."""
    try:
        with _opened(workspace, looking=True) as mailbox:
            return len(mailbox.uids())
    except MailboxAway as away:
        return away.said
    except (OSError, QtemplateError) as problem:
        return Phrase.of("quoted", problem=quote(problem) if isinstance(problem, QtemplateError) else str(problem))


def has_new(workspace: Workspace) -> bool:
    """Whether the mailbox has mails that nobody has looked at; not where it cannot be reached."""
    log, account = MailboxLog(workspace.journal.database), _account(workspace.config.mailbox)
    with contextlib.suppress(MailboxAway, OSError, QtemplateError), _opened(workspace, looking=True) as mailbox:
        return not log.known(account, mailbox.validity).issuperset(mailbox.uids())
    return False


def _account(config: MailboxConfig) -> tuple[str, str]:
    return f"{config.username}@{config.host}", config.folder


@contextlib.contextmanager
def _opened(workspace: Workspace, *, looking: bool) -> Iterator[Mailbox]:
    config, mail = workspace.config.mailbox, workspace.config.mail

    def secret() -> str:
        if config.auth is AuthMethod.XOAUTH2:
            return access_token(mail, "QTEMPLATE_IMAP_TOKEN")
        found = imap_password(config)
        if found is None:
            raise MailboxAway(Phrase("intake.no_password"))
        return found

    context = make_tls_context(mail)
    with open_mailbox(config, secret, context, timeout=mail.timeout_seconds, looking=looking) as mailbox:
        yield mailbox


def _store_new(
    workspace: Workspace, mailbox: Mailbox, now: dt.datetime, forms: list[MailedForm] | None
) -> Iterator[Finding]:
    config = workspace.config.mailbox
    log, account = MailboxLog(workspace.journal.database), _account(config)
    known = log.known(account, mailbox.validity)
    new = [uid for uid in mailbox.uids() if uid not in known]
    if len(new) > MOST:
        yield Finding("QT853", Severity.INFO, facts=(("n", len(new) - MOST), ("most", MOST)))
        new = new[:MOST]
    for start in range(0, len(new), AT_ONCE):
        batch = new[start : start + AT_ONCE]
        large = {uid for uid, size in mailbox.sizes(batch).items() if size > config.max_mb << 20}
        for uid in sorted(large):
            log.see(account, mailbox.validity, uid, "")
            yield Finding("QT851", Severity.WARNING, facts=(("folder", config.folder), ("most", config.max_mb)))
        for arrival in mailbox.fetch([uid for uid in batch if uid not in large]):
            _store(workspace, arrival, mailbox.validity, now, forms)


def _store(
    workspace: Workspace, arrival: Arrival, validity: int, now: dt.datetime, forms: list[MailedForm] | None
) -> None:
    """The bytes first, then what they say, together with the place they were found at."""
    source = digest_of(arrival.data)
    mapping = ChannelMap(MAILBOX, str(Channel.EMAIL))
    item = read_mail_item(mapping, arrival.data, now, arrival.arrived)
    looking, raw = forms is not None, folder_of(workspace, "raw")
    item, reports = set_reports_aside(workspace, item, arrival.data, now, looking=looking)
    item = set_forms_aside(workspace, item, arrival.data, forms)
    if not looking:
        keep_raw(raw, arrival.data)
    with workspace.journal.database.transaction():
        ReceivedLog(workspace.journal.database).put([item], source, now)
        store_reports(workspace, reports, raw, now, looking=looking)
        account = _account(workspace.config.mailbox)
        MailboxLog(workspace.journal.database).see(account, validity, arrival.uid, source, item)


def _sweep(workspace: Workspace, mailbox: Mailbox) -> None:
    """Moves what is settled and still lies there; a run that was killed before it came to that is made up for."""
    log, account = MailboxLog(workspace.journal.database), _account(workspace.config.mailbox)
    there = set(mailbox.uids())
    taken: Sequence[int] = [uid for uid in log.taken_up(account, mailbox.validity) if uid in there]
    for start in range(0, len(taken), AT_ONCE):
        mailbox.move(taken[start : start + AT_ONCE])
    log.moved(account)


def _away(said: Phrase) -> Finding:
    return Finding("QT850", Severity.WARNING, facts=(("problem", said),))
