"""`outbox send`: what waits is judged and made anew from today's register, then sent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any

from ...apply import Workspace
from ...apply.outgoing import files_made, queue_mail, renew_mail
from ...apply.workspace import Log
from ...config import Config
from ...mailer.compose import workspace_templates
from ...mailer.deliver import Delivery, Reason, deliver
from ...mailer.outbox.entry import NOT_GONE, OutboxEntry, OutboxRefused, State
from ...mailer.transports.open import open_transport
from ...plan import Finding, Phrase, Plan
from ...report.answer import Answer, Line, Section
from ...rules import make_plan
from ...rules.around.nightly_news import nightly_news
from ...rules.situation import Situation
from ...texts import make_error, say_finding
from ..moment import local_now
from ..month.telling import tell_month
from ..owning.kept import require_decided
from ..run import waiter
from ..workspace import holding
from ..world import World, read_world, recall
from .banners import mail_banners
from .daily import News, sort_news
from .hours import outsiders_hours
from .judging import judge, keepers_of
from .moving import require_state
from .outbox import find_mail, in_brackets
from .waiting import queue_findings, still_wanted, take_back, waiting_mails
from .wording import render_all


def send_due(config: Config, moment: dt.datetime | None = None, keys: Collection[str] = ()) -> Answer:
    """Sends what is due and still holds; the next run writes what was sent into the register.

    Args:
        config: The workspace.
        moment: Instead of now.
        keys: Only these, at any hour and before their next try too: a person who names a mail wants it to go now.

    Raises:
        NotFound: There is no such mail.
        OutboxRefused: One of them is not approved.
        RegisterLocked: A run of the workspace is under way.
    """
    require_state(config)
    now = local_now(config, moment)
    world = read_world(config)
    with holding(config) as workspace:
        require_decided(workspace, world.register)
        for key in keys:
            _require_approved(find_mail(workspace.outbox, key))
        after, findings, stale = _make_anew(workspace, world, now)
        named = {find_mail(workspace.outbox, key).key.base for key in keys}
        only = [entry.key for entry in workspace.outbox.entries(NOT_GONE) if entry.key.base in named]
        deliveries = deliver(
            workspace.outbox,
            open_transport(config),
            config.mail,
            now,
            still_wanted=still_wanted(after),
            opens=outsiders_hours(world.rulebook, config),
            only=only if keys else None,
            not_yet=stale,
            wait=waiter(now),
            language=world.register.language,
        )
    return _answer(deliveries, findings, world.register.language)


def _make_anew(
    workspace: Workspace, world: World, now: dt.datetime
) -> tuple[Situation, Sequence[Finding], frozenset[str]]:
    """Takes back what no longer holds, and gives the rest the words of today.

    Returns:
        The situation, what could not be made, and the keys of the mails that wait for that.
    """
    waiting = waiting_mails(workspace.outbox)
    memory = recall(workspace, world.register, waiting.unmade, digests=waiting.has_digest)
    made, after = make_plan(world.situation(memory, now.replace(tzinfo=None)))
    if waiting.has_month:
        made += Plan(messages=tell_month(workspace, after, waiting.daily, due=False).messages)
    keepers = keepers_of(world.rulebook, now.date())
    judged = judge(workspace, world, waiting, made, after, now=now, nightly=False, keepers=keepers)
    take_back(workspace.outbox, judged.taken_back, now)
    news = News((), (), {})
    if judged.not_yet:
        standing = (*made.findings, *queue_findings(workspace.outbox, now))
        messages = nightly_news(after, standing, mail_banners(workspace.config), listed=False).messages
        news = sort_news(workspace.outbox, messages, waiting.daily, nightly=False)
        take_back(workspace.outbox, news.lost, now)
    # what the rules ask for besides is for a run, which writes down that it was asked for
    again = [message for message in judged.plan.messages if message.id is None or message.key in waiting.mails]
    new, anew = [*again, *news.new], [*judged.anew, *news.anew]
    templates = workspace_templates(workspace.config, world.register.own_headers)
    rendered, problems = render_all([*new, *anew], templates, workspace.config, now)
    log = Log([], [])
    files = files_made(workspace, new)
    queue_mail(workspace, Plan(messages=tuple(new)), rendered, files, set(), now, log)
    stale = renew_mail(workspace, anew, rendered, now, log)
    return after, [*problems, *log.findings], stale


def _answer(deliveries: Sequence[Delivery], findings: Sequence[Finding], language: str) -> Answer:
    left = [item for item in deliveries if item.state in (State.APPROVED, State.HELD, State.FAILED)
            and item.reason not in (Reason.QUIET, Reason.HOURS)]  # fmt: skip
    unsure = [item for item in deliveries if item.state is State.UNKNOWN]
    lines: list[Line] = [
        Phrase.of("outbox.delivered", state=item.state.value, mail=item.key, detail=in_brackets(item.detail))
        for item in deliveries
    ]
    lines += [say_finding(item, language).message for item in findings]
    code = 5 if left else 3 if unsure or findings else 0
    return Answer(
        {"deliveries": [_delivery_data(item) for item in deliveries]},
        (Section.of(None, lines or [Phrase("outbox.nothing_due")]),),
        code,
    )


def _require_approved(entry: OutboxEntry) -> None:
    if entry.state is not State.APPROVED:
        which = "outbox.not_approved" if entry.state in (State.DRAFTED, State.HELD) else "outbox.gone"
        raise make_error(OutboxRefused, which, key=entry.key, state=entry.state)


def _delivery_data(item: Delivery) -> dict[str, Any]:
    reason = item.reason.value if isinstance(item.reason, Reason) else str(item.reason)
    return {"key": item.key, "kind": item.kind, "id": item.id, "state": item.state, "reason": reason,
            "detail": item.detail}  # fmt: skip
