"""The nightly result for the keeper (M25), made of what is true after the run, not of what the run did. Pure."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence

from ...choices import ClockState, ReplyState, Role, Status
from ...fields import Field
from ...plan import UNLISTED, Finding, Memory, Message, Phrase, Plan, Severity
from ...register import Register
from ...texts import say, say_finding
from ..mail_facts import display, insider
from ..rulebook import RuleBook
from ..standing import equals, has, live

MOST_SENTENCES = 20
MOST_ALIKE = 8
"""So many findings of one code come first; a hundred empty cells must not hide the one mail that is held."""

ABOUT_MAILS = ("QT521", "QT522", "QT523", "QT524")
"""What the outbox waits for; it stands on no sheet of the register."""


def nightly_news(
    register: Register,
    rulebook: RuleBook,
    memory: Memory,
    now: dt.datetime,
    findings: Sequence[Finding],
    *,
    listed: bool = True,
) -> Plan:
    """One mail a day to the keepers: how the register stands, and what a person should look at, worst first.

    `listed` tells whether 校验结果 could be written, so that the mail may refer to it.
    """
    language = register.language
    active = live(register)
    late = register.frame[Field.CLOCK].fillna("").astype(str).str.startswith(ClockState.OVERDUE.label(language))
    errors = [item for item in findings if item.severity is Severity.ERROR]
    warnings = [item for item in findings if item.severity is Severity.WARNING]
    counts = (
        ("count.rows", int(has(register, Field.ID).sum())),
        ("count.open", int((active & has(register, Field.ID)).sum())),
        ("count.overdue", int((active & late.to_numpy(dtype=bool)).sum())),
        ("count.incomplete", int(equals(register, Field.STATUS, Status.INCOMPLETE).sum())),
        ("count.to_approve", int((active & equals(register, Field.REPLY_STATE, ReplyState.WAITING)).sum())),
        ("count.errors", len(errors)),
        ("count.warnings", len(warnings)),
        ("count.mails", sum(item.code in ABOUT_MAILS for item in findings)),
    )
    worst = _in_order([*errors, *warnings])
    facts = {
        "counts": [{"label": say(Phrase(name), language), "value": value} for name, value in counts],
        "attention": [say_finding(item, language).message for item in worst[:MOST_SENTENCES]],
        "more": max(0, len(worst) - MOST_SENTENCES),
        "listed": listed and not any(item.code in UNLISTED for item in findings),
        "errors": len(errors),
        "when": display(now, language),
        "register": register.path,
    }
    messages = []
    for person in rulebook.with_role(Role.KEEPER):
        key = f"M25/{now:%Y-%m-%d}/{person.mail}"
        if person.mail and key not in memory.sent:
            messages.append(
                Message(key, "M25", None, (insider(person),), language, facts, because=Phrase("because.nightly"))
            )
    return Plan(messages=tuple(messages))


def _in_order(findings: Sequence[Finding]) -> list[Finding]:
    """What stands in no cell first, for nobody comes across it; then of each code some, then the rest."""
    seen = Counter[str]()
    some: list[Finding] = []
    rest: list[Finding] = []
    for item in sorted(findings, key=lambda item: item.where is not None):
        seen[item.code] += 1
        (some if seen[item.code] <= MOST_ALIKE else rest).append(item)
    return [*some, *rest]
