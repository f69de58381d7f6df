"""Mails get the link to their page, and the day until which it is good. Without pages nothing of them is loaded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from msgspec.structs import replace

from ...apply import Workspace
from ...plan import FactName, Message, Remember
from ...plan.pages import page_kind, page_subject
from ...rules.situation import Situation


def pages_of(
    workspace: Workspace, after: Situation, messages: Sequence[Message], now: dt.datetime
) -> tuple[Remember, ...]:
    """What is to be remembered of links; nothing where there are no pages.

    Args:
        workspace: Held, or imagined.
        after: The situation with the plan in force.
        messages: The mails that are made, or made anew.
        now: The run's moment; aware.
    """
    config = workspace.config
    if not config.web.base_url:
        return ()
    from ...mailer.compose import team_name
    from ...rules.pages.open import Terms, page_facts

    return page_facts(after, messages, Terms(now, config.web.link_days, team_name(config)))


def with_links(
    workspace: Workspace, messages: Iterable[Message], after: Situation, pages: Iterable[Remember]
) -> list[Message]:
    """The mails, those that have a page with its link."""
    secret = workspace.ends.link_secret()
    if secret is None:
        return list(messages)
    known = {**after.memory.facts, **{(each.id, each.name): each.value for each in pages}}
    return [_linked(workspace, secret, message, known) for message in messages]


def _linked(workspace: Workspace, secret: bytes, message: Message, known: dict[tuple[str, str], Any]) -> Message:
    kind = page_kind(message.key)
    if kind is None or message.id is None:
        return message
    subject = page_subject(message.key)
    fact = known.get((message.id, FactName.PAGE.of(subject)))
    if fact is None or fact["record"]["answered_at"]:
        return message
    from ...received.links import Link, make_nonce, write_token

    record = fact["record"]
    until = dt.datetime.fromisoformat(record["until"])
    link = Link(kind, message.id, record["cycle"], make_nonce(secret, message.id, subject), until)
    address = f"{workspace.config.web.base_url.rstrip('/')}/a/{write_token(secret, link)}"
    return replace(message, facts={**message.facts, "page": address, "page_until": record["last_day"]})
