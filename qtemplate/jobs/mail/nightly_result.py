"""The last round of a night: what the keeper is told of it, made of what is true after all others."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from ...plan import Finding, Phrase
from ...rules.around.nightly_news import nightly_news
from ..record.verify import chain_head
from ..round import Errand, Round, Templates, in_words
from .banners import mail_banners, untold_monitor
from .daily import sort_news
from .waiting import queue_findings, waiting_mails


def nightly_result(
    errand: Errand,
    last: Round,
    templates: Templates,
    more: Sequence[Finding],
    *,
    listed: bool,
    unwritten: tuple[Phrase, ...] = (),
) -> Round:
    """The nightly result, made of what is true after the last round.

    Args:
        errand, last, templates: As for `assemble_round`.
        more: What is said of the run itself.
        listed: Whether that sheet could be written.
        unwritten: What was put off or failed, and why.
    """
    made = _news(errand, last, templates, more, listed=listed, unwritten=unwritten)
    if made.problems:  # the mail itself says what is wrong with the team's words for it
        made = _news(errand, last, templates, (*more, *made.problems), listed=listed, unwritten=unwritten)
    return made


def _news(
    errand: Errand,
    last: Round,
    templates: Templates,
    more: Sequence[Finding],
    *,
    listed: bool,
    unwritten: tuple[Phrase, ...],
) -> Round:
    outbox, config, journal = errand.workspace.outbox, errand.workspace.config, errand.workspace.journal
    standing = (*last.plan.findings, *more, *queue_findings(outbox, errand.now))
    told = journal.findings_told()
    banners = (*mail_banners(config), *untold_monitor(config, journal), *unwritten)
    history = chain_head(errand.workspace)
    news = nightly_news(last.after, standing, banners, listed=listed, told=told, history=history)
    daily = waiting_mails(outbox).daily
    kinds = sort_news(outbox, news.messages, daily, nightly=errand.nightly)
    plan = replace(news, messages=kinds.new)
    made = replace(
        last, plan=plan, anew=kinds.anew, taken_back=kinds.lost, not_yet=frozenset(), sheets=frozenset[str](), pages=()
    )
    return in_words(errand, made, templates)
