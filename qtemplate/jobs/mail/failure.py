"""When a run stops, the keepers are told by mail (M27), once a day, if mail can still go. The error is never hidden."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
from collections.abc import Iterator

from ...apply import Workspace
from ...choices import Role
from ...errors import QtemplateError
from ...mailer.compose import compose, render_in_any_case, workspace_templates
from ...mailer.deliver import deliver
from ...mailer.outbox.entry import NOT_GONE
from ...mailer.transports.open import open_transport
from ...plan import Message, Phrase, Recipient
from ...plan.keys import MessageKey
from ...plan.mail_kinds import MailKind
from ...rules.rulebook import RuleBook
from ...rules.stand_in import reach_role
from ...texts import say, say_error
from ...texts.display import display
from ...texts.world import in_the_way

KEEPERS = "keepers"
"""Setting of the journal: who they are, as read last; the register that says so may be what cannot be read."""


def remember_keepers(workspace: Workspace, rulebook: RuleBook, day: dt.date) -> None:
    """Remember whom to tell if a later run stops: the keepers, or who stands in for them on that day."""
    keepers = [[keeper.person.name, keeper.person.mail] for keeper in reach_role(rulebook, Role.KEEPER, day)]
    text = json.dumps(keepers, ensure_ascii=False)
    if workspace.journal.setting(KEEPERS) != text:
        workspace.journal.set_setting(KEEPERS, text)


@contextlib.contextmanager
def telling_keepers(workspace: Workspace, now: dt.datetime, *, nightly: bool, send: bool) -> Iterator[None]:
    """Mail the keepers when the block ends in an error; the error is raised again in any case.

    Args:
        workspace: Held by this run.
        now: The run's moment; aware.
        nightly: Only the nightly run tells; `watch` tries again with the next change.
        send: Whether to deliver; else the mail is only queued.
    """
    try:
        yield
    except Exception as error:
        if nightly:
            with contextlib.suppress(Exception):  # the error itself is what must be seen
                _tell(workspace, error, now, send)
        raise


def _tell(workspace: Workspace, error: Exception, now: dt.datetime, send: bool) -> None:
    config, language = workspace.config, str(workspace.config.register.language)
    if isinstance(error, OSError):
        error = in_the_way(error)
    said = say_error(error, language) if isinstance(error, QtemplateError) else f"{type(error).__name__}: {error}"
    facts = {
        "error": said,
        "when": display(now.replace(tzinfo=None), language),
        "advice": say(Phrase("failed.advice"), language),
        "register": str(config.register.path),
    }
    for old in workspace.outbox.entries(NOT_GONE):  # what was said of another failure is not sent late
        if old.kind == MailKind.FAILURE and old.id is None:
            workspace.outbox.take_back(old.key, now, "made anew")
    keys, templates = [], workspace_templates(config)
    for name, mail in json.loads(workspace.journal.setting(KEEPERS) or "[]"):
        key = MessageKey.of_day(MailKind.FAILURE, now.date(), mail)
        message = Message(key, MailKind.FAILURE, None, (Recipient(name, mail, True),), language, facts, urgent=True)
        words, _ = render_in_any_case(message, templates, config, now)
        workspace.outbox.put(compose(message, words, config, now, {}))
        keys += [entry.key for entry in workspace.outbox.entries(NOT_GONE) if entry.key.base == key]
    if send and keys:
        deliver(workspace.outbox, open_transport(config), config.mail, now, only=keys, language=language)
