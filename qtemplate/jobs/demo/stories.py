"""Which feedbacks of the demo tell best what the program does, and where that is told: terminal, page, first sheet."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path

from ...choices import Authenticity, Clock, ReporterType, Safety
from ...config import Config
from ...fields import Field as F
from ...mailer.outbox.entry import OutboxRefused
from ...plan import Finding, Phrase, Severity
from ...plan.keys import MessageKey
from ...plan.mail_kinds import MailKind
from ...report.run_report import MailLine, RunReport
from ...report.stories import Story, changes_of, story_lines
from ...report.story_page import story_page
from ...sheets import edit_cells
from ...sheets.layout import BY_KEY
from ...texts import say, say_finding
from ...texts.workbook.guide import STORIES_FROM
from ..state import reading_state

PAGE = "stories.html"
DOUBLE = "QT351"
SMOKE = re.compile("smok|冒烟", re.IGNORECASE)

FIELDS: dict[str, tuple[F, ...]] = {
    "smoke": (F.LEVEL, F.DEPARTMENT, F.OWNER, F.PRIORITY, F.RESOLVE_BY, F.STATUS),
    "misunderstanding": (F.AUTHENTICITY, F.LEVEL, F.REPLY_STATE, F.REPLIED_AT, F.STATUS),
    "double": (F.LEVEL, F.OWNER, F.RELATED, F.STATUS),
    "late": (F.LEVEL, F.OWNER, F.RESPOND_BY, F.RESOLVE_BY),
    "reopened": (F.CONFIRMATION, F.REOPENED, F.REPLY_STATE, F.RESOLVE_BY, F.STATUS),
}
"""The columns that tell a story."""


def tell_stories(report: RunReport, config: Config) -> tuple[Story, ...]:
    """The five stories of a demo's night, each of another feedback; one that the sample does not hold is left out."""
    told: list[Story] = []
    for kind, pick in PICKS.items():
        taken = {story.id for story in told}
        found = next((each for each in pick(report) if each[0] not in taken), None)
        if found is not None:
            told.append(_story(report, config, kind, *found))
    return tuple(told)


Picked = tuple[str, MailLine, Finding | None]


def _smoke(report: RunReport) -> Iterator[Picked]:
    """Hazards that were handed over in this night; one that smokes first, the newest of them."""
    hazards = [
        mail for mail in _mails(report, MailKind.TRANSFER) if _value(report, mail.id, F.SAFETY) == Safety.YES.value
    ]
    smokes = {mail.id for mail in hazards if SMOKE.search(str(_value(report, mail.id, F.TITLE)))}
    for mail in sorted(hazards, key=lambda mail: (mail.id in smokes, mail.id), reverse=True):
        yield mail.id or "", mail, None


def _misunderstanding(report: RunReport) -> Iterator[Picked]:
    for mail in _mails(report, MailKind.EXPLAINED):
        if _value(report, mail.id, F.AUTHENTICITY) in (Authenticity.MISUSE.value, Authenticity.MISUNDERSTANDING.value):
            yield mail.id or "", mail, None


def _double(report: RunReport) -> Iterator[Picked]:
    """Reports of what is known, flawless, graded and the likest first. Its reporter is answered as any other."""
    alike = [item for item in report.findings if item.code == DOUBLE]
    kinds = (MailKind.MISSING, MailKind.ACKNOWLEDGEMENT)
    mails = {mail.id: mail for kind in kinds for mail in _mails(report, kind)}
    received = {mail.id for mail in _mails(report, MailKind.ACKNOWLEDGEMENT)}

    flawed = {item.id for item in report.findings if item.severity is Severity.ERROR}

    def likeness(item: Finding) -> tuple[bool, bool, bool, int]:
        graded = _value(report, item.id, F.LEVEL) is not None
        return item.id in received, item.id not in flawed, graded, int(str(dict(item.facts)["score"]).rstrip("%"))

    for item in sorted(alike, key=likeness, reverse=True):
        if item.id in mails and _value(report, item.id, F.REPORTER_TYPE) != ReporterType.STAFF.value:
            yield item.id or "", mails[item.id], item


def _late(report: RunReport) -> Iterator[Picked]:
    """Final replies that are overdue, by the mail that says so."""
    word = Clock.RESOLVE.label(report.register.language)
    late = [mail for mail in _mails(report, MailKind.DIGEST) if mail.id is not None and word in mail.subject]
    for mail in sorted(late, key=lambda mail: word not in str(_value(report, mail.id, F.CLOCK))):
        yield mail.id or "", mail, None


def _reopened(report: RunReport) -> Iterator[Picked]:
    for mail in _mails(report, MailKind.REOPENED):
        yield mail.id or "", mail, None


PICKS: dict[str, Callable[[RunReport], Iterator[Picked]]] = {
    "smoke": _smoke,
    "misunderstanding": _misunderstanding,
    "double": _double,
    "late": _late,
    "reopened": _reopened,
}


def _mails(report: RunReport, kind: MailKind) -> list[MailLine]:
    return [mail for mail in report.messages if mail.kind == kind and mail.to]


def _value(report: RunReport, id: str | None, field: F) -> object:
    frame = report.register.frame
    found = frame.index[frame[F.ID.value] == id]
    return report.register.value(int(found[0]), field) if len(found) else None


def _story(report: RunReport, config: Config, kind: str, id: str, mail: MailLine, found: Finding | None) -> Story:
    register = report.register
    row = int(register.frame.index[register.frame[F.ID.value] == id][0])
    return Story(
        kind,
        id,
        str(register.value(row, F.REPORTER) or ""),
        str(register.value(row, F.TITLE) or ""),
        changes_of(register, report.edits, id, row, FIELDS[kind]),
        mail.to[0],
        mail.subject,
        _html_of(config, mail.key),
        "" if found is None else say_finding(found, register.language).action,
    )


def _html_of(config: Config, key: str) -> str:
    """A mail as its reader sees it; "" where it was not made."""
    with reading_state(config) as state:
        entries = [entry for entry in state.outbox.entries() if entry.key.base == MessageKey.parse(key).base]
        try:
            raw = state.outbox.show(entries[0].key).raw if entries else b""
        except OutboxRefused:
            raw = b""
    message = email.message_from_bytes(raw, policy=email.policy.default)
    body = message.get_body(("html",)) if isinstance(message, EmailMessage) else None
    return "" if body is None else str(body.get_content())


def write_stories(report: RunReport, stories: tuple[Story, ...], folder: Path) -> None:
    """Writes the page beside the workbook, and the stories onto its first sheet."""
    language = report.register.language
    lead = say(
        Phrase.of(
            "story.lead",
            rows=len(report.register.frame),
            edits=len(report.edits),
            mails=len(report.messages),
            forms=len(report.forms),
        ),
        language,
    )
    (folder / PAGE).write_text(story_page(stories, language, lead), "utf-8")
    cells: dict[str, str] = {}
    for number, story in enumerate(stories):
        head, *rest = story_lines(story, number + 1, language)
        cells[f"B{STORIES_FROM + number}"] = head
        cells[f"C{STORIES_FROM + number}"] = "\n".join(line.strip() for line in rest)
    register = folder / "register.xlsx"
    edit_cells(register, register, BY_KEY["guide"].title(language), cells)
