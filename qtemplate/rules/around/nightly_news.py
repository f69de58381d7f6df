"""The nightly result for the keeper (M25), made of what is true after the run, not of what the run did. Pure."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence

from ...choices import ClockState, ReplyState, Role, Status
from ...fields import Field
from ...plan import ABOUT_MAILS, UNLISTED, Finding, Message, Phrase, Plan, Severity
from ...plan.first_seen import Since, name_of
from ...plan.keys import MessageKey
from ...plan.mail_kinds import MailKind
from ...texts import say, say_finding
from ...texts.display import display
from ..mail_facts import insider
from ..situation import Situation
from ..stand_in import reach_role
from ..standing import equals, has, live

MOST_SENTENCES = 20
MOST_ALIKE = 8
"""So many findings of one code come first: a hundred empty cells must not hide the one mail that is held."""

SWITCHED_OFF = "QT361"
"""A condition of closing that people have switched off: told, though nobody has to do anything."""


def nightly_news(
    situation: Situation,
    findings: Sequence[Finding],
    banners: Sequence[Phrase] = (),
    *,
    listed: bool = True,
    told: Since | None = None,
    history: str = "",
) -> Plan:
    """One mail a day to each keeper, or who stands in: how the register stands, and what to look at, worst first.

    Args:
        situation: As the run leaves it.
        findings: What people should know.
        banners: What stands above it: that mail goes to a tester, or into a folder.
        listed: Whether 校验结果 could be written, so that the mail may refer to it.
        told: Since when those have stood that an earlier night has told: they are folded where the sheet shows them.
        history: Where the chain of what was done ends; "" where nothing was sealed.
    """
    register, now = situation.register, situation.now
    language, active = register.language, live(situation)
    late = register.frame[Field.CLOCK].fillna("").astype(str).str.startswith(ClockState.OVERDUE.label(language))
    errors = [item for item in findings if item.severity is Severity.ERROR]
    warnings = [item for item in findings if item.severity is Severity.WARNING]
    counts = (
        ("count.rows", int(has(situation, Field.ID).sum())),
        ("count.open", int((active & has(situation, Field.ID)).sum())),
        ("count.overdue", int((active & late.to_numpy(dtype=bool)).sum())),
        ("count.incomplete", int(equals(situation, Field.STATUS, Status.INCOMPLETE).sum())),
        ("count.to_approve", int((active & equals(situation, Field.REPLY_STATE, ReplyState.WAITING)).sum())),
        ("count.errors", len(errors)),
        ("count.warnings", len(warnings)),
        ("count.mails", sum(item.code in ABOUT_MAILS for item in findings)),
    )
    listed = listed and not any(item.code in UNLISTED for item in findings)
    switched = [item for item in findings if item.code == SWITCHED_OFF]
    worst, before = _apart(_in_order([*errors, *warnings, *switched]), told if told and listed else {}, now.date())
    facts = {
        "banners": [say(banner, language) for banner in banners],
        "counts": [{"label": say(Phrase(name), language), "value": value} for name, value in counts],
        "attention": [say_finding(item, language).message for item in worst[:MOST_SENTENCES]],
        "more": max(0, len(worst) - MOST_SENTENCES),
        "same": len(before),
        "same_since": display(min(before), language) if before else "",
        "listed": listed,
        "errors": len(errors),
        "when": display(now, language),
        "register": register.path,
        "history": history,
    }
    messages = []
    because = Phrase("because.nightly")
    for keeper in reach_role(situation.rulebook, Role.KEEPER, now.date()):
        key = MessageKey.of_day(MailKind.NIGHTLY, now.date(), keeper.person.mail)
        if key not in situation.memory.sent:
            said, to = facts | {"instead_of": keeper.absent}, (insider(keeper.person),)
            messages.append(Message(key, MailKind.NIGHTLY, None, to, language, said, because=because))
    return Plan(messages=tuple(messages))


def _apart(findings: Sequence[Finding], told: Since, today: dt.date) -> tuple[list[Finding], list[dt.date]]:
    """What is new or waits for a decision about a mail; and since when the rest has stood, one day for each."""
    new: list[Finding] = []
    before: list[dt.date] = []
    for item in findings:
        seen = dt.date.fromisoformat(told.get(name_of(item), today.isoformat()))
        if seen < today and item.code not in ABOUT_MAILS:
            before.append(seen)
        else:
            new.append(item)
    return new, before


def _in_order(findings: Sequence[Finding]) -> list[Finding]:
    """First what points to no cell, since nobody comes across it; then some of each code, then the rest."""
    seen = Counter[str]()
    some: list[Finding] = []
    rest: list[Finding] = []
    for item in sorted(findings, key=lambda item: item.where is not None):
        seen[item.code] += 1
        (some if seen[item.code] <= MOST_ALIKE else rest).append(item)
    return [*some, *rest]
