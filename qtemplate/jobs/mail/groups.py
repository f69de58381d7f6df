"""Telling groups: one digest a group and day, and urgent feedback as it becomes late; at most once each."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator, Sequence

from ...apply import Workspace
from ...config import BotConfig, BotNews, bot_secret
from ...errors import ConfigError
from ...journal.groups import GroupLog
from ...mailer.bots.bodies import as_text, make_request, plain_words
from ...mailer.bots.post import post
from ...mailer.transports.base import Failed, Retry, Sent
from ...plan import Finding, Phrase, Severity
from ...rules.digests.group_lines import GroupLine, group_lines
from ...rules.situation import Situation
from ...texts import quote, say, show


def tell_groups(workspace: Workspace, after: Situation, now: dt.datetime, *, nightly: bool) -> list[Finding]:
    """Sends what is due to the configured groups; what could not go is said, and never sent twice.

    Args:
        workspace: Held.
        after: The situation as the run left it.
        now: The run's moment; aware, in the register's zone.
        nightly: Whether digests go; urgent news does in every run.
    """
    found: list[Finding] = []
    for bot in workspace.config.bots:
        if nightly and BotNews.DIGEST in bot.what:
            lines = group_lines(after, bot.departments, urgent=False)
            title = Phrase.of("bot.digest", day=now.date().isoformat(), n=len(lines))
            if lines:
                found += _send(workspace, bot, f"digest/{now:%Y-%m-%d}", title, lines, now)
        if BotNews.URGENT in bot.what:
            for line in group_lines(after, bot.departments, urgent=True):
                found += _send(workspace, bot, f"urgent/{line.id}/{line.news}", Phrase("bot.urgent"), [line], now)
    return found


def _send(
    workspace: Workspace, bot: BotConfig, what: str, title: Phrase, lines: Sequence[GroupLine], now: dt.datetime
) -> Iterator[Finding]:
    """One message, unless it was on its way before."""
    log, key, language = (
        GroupLog(workspace.journal.database),
        f"{bot.name}/{what}",
        str(workspace.config.register.language),
    )
    try:
        url, secret = bot_secret(bot)
    except ConfigError as error:
        yield _finding(bot, quote(error))
        return
    if not log.claim(key, now):
        return
    texts = ["　".join(filter(None, map(plain_words, line.words))) for line in lines]
    text = as_text(texts, say(Phrase.of("bot.more", n="{n}"), language))
    address, body = make_request(bot.kind, url, secret, say(title, language), text, time.time())
    result = post(address, body, workspace.config.mail.timeout_seconds)
    if isinstance(result, Sent):
        log.record(key, "sent", "")
        return
    state = "retry" if isinstance(result, Retry) else "failed" if isinstance(result, Failed) else "unknown"
    log.record(key, state, show(result.detail, language))
    yield _finding(bot, result.detail)


def _finding(bot: BotConfig, problem: object) -> Finding:
    return Finding("QT860", Severity.WARNING, facts=(("name", bot.name), ("problem", problem)))
