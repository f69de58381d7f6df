"""Where an answer to a mail goes: to the contact, or to the mailbox that is read."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from msgspec.structs import replace

from qtemplate.config import Config, MailboxConfig
from qtemplate.mailer.compose import compose
from qtemplate.mailer.words.rendered import Rendered
from qtemplate.plan import Message, Recipient
from qtemplate.plan.keys import MessageKey
from qtemplate.plan.mail_kinds import MailKind

NOW = dt.datetime(2026, 7, 15, 17, tzinfo=dt.UTC)


@pytest.mark.parametrize(("host", "answers_to"), [("", "tang@example.com"), ("imap.example.com", "")])
def test_answers_come_to_the_mailbox_where_there_is_one_else_to_the_contact(host: str, answers_to: str) -> None:
    config = replace(Config(Path("/w/qtemplate.toml"), Path("/w")), mailbox=MailboxConfig(host=host))
    facts = {"contact": {"name": "", "mail": "tang@example.com"}}
    to = (Recipient("", "zhang.wei@example.com", False),)
    key = MessageKey.about(MailKind.ACKNOWLEDGEMENT, "QF-2026-0001")
    message = Message(key, MailKind.ACKNOWLEDGEMENT, "QF-2026-0001", to, "zh", facts)
    entry = compose(message, Rendered("收到", "收到", "<p>收到</p>"), config, NOW, {})
    assert entry.header("Reply-To") == answers_to
