"""How a mail made anew differs from the one that a person approved: in readers or wording, dates and spans apart.

A day that was moved, and `剩 3 天` that became `剩 2 天`, are no reason to ask a person again; a sentence that is new
or gone, or that says something else, is one.
"""

from __future__ import annotations

import re
from collections import Counter
from email import message_from_bytes
from email.policy import default

from msgspec import Struct

from qtemplate.mailer.outbox.entry import OutboxEntry
from qtemplate.plan import Phrase
from qtemplate.texts import say

MOST_LINES = 6
LONGEST_LINE = 120

_MONTH = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
_MOVING = re.compile(
    r"\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日"
    rf"|\d{{1,2}} (?:{_MONTH}) \d{{4}}"
    r"|\d{4}-\d{2}-\d{2}"
    r"|\d{1,2}:\d{2}(?::\d{2})?"
    r"|(?:剩|超)?\s*(?:不到 ?)?\d+ (?:天|小时|分钟|个工作日|个工作小时)"
    r"|(?:less than )?\d+ (?:working )?(?:day|hour|minute)s?(?: late| left)?"
    r"|已到期|due now|（已超期）| \(overdue\)"
)
"""Days as `mail_facts.display` writes them, times of day, and spans as `texts` has them under `time.`."""


def difference(before: OutboxEntry, after: OutboxEntry, language: str) -> str:
    """Say what a person would find changed; "" when there is nothing but dates and spans.

    Args:
        before, after: With their bytes.
        language: Of the sentence, `"zh"` or `"en"`.
    """
    old, new = _parts(before), _parts(after)
    changes: list[Phrase] = []
    if old.readers != new.readers:
        changes.append(Phrase.of("changed.to", before=old.readers, after=new.readers))
    gone, come = _unlike(old.lines, new.lines), _unlike(new.lines, old.lines)
    changes += [Phrase.of("changed.gone", line=line[:LONGEST_LINE]) for line in gone[:MOST_LINES]]
    changes += [Phrase.of("changed.new", line=line[:LONGEST_LINE]) for line in come[:MOST_LINES]]
    if old.files != new.files:
        changes.append(Phrase.of("changed.files", before=old.files, after=new.files))
    if not changes and _masked(old.html) != _masked(new.html):
        changes.append(Phrase("changed.html"))
    return say(Phrase.of("changed.since", changes=tuple(changes)), language) if changes else ""


class _Parts(Struct, frozen=True):
    readers: tuple[str, ...]
    lines: tuple[str, ...]
    html: str
    files: tuple[str, ...]


def _parts(entry: OutboxEntry) -> _Parts:
    mail = message_from_bytes(entry.raw, policy=default)
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    said = [entry.subject, *(str(text.get_content()).splitlines() if text else ())]
    return _Parts(
        tuple(sorted(each.lower() for each in entry.readers)),
        tuple(line.strip() for line in said if line.strip()),
        str(html.get_content()) if html else "",
        tuple(part.get_filename() or "" for part in mail.iter_attachments()),
    )


def _unlike(lines: tuple[str, ...], others: tuple[str, ...]) -> list[str]:
    """The lines that the others do not have, not even with another day."""
    known = Counter(map(_masked, others))
    left = []
    for line in lines:
        if known[_masked(line)]:
            known[_masked(line)] -= 1
        else:
            left.append(line)
    return left


def _masked(text: str) -> str:
    return _MOVING.sub("…", text)
