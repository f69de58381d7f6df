"""`outbox list` and `outbox show`: what a person sees of the mail queue."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from pathlib import Path
from typing import Any

from ...config import Config
from ...errors import NotFound
from ...files.privacy import as_private_as
from ...mailer.outbox.entry import OutboxEntry, State
from ...mailer.outbox.limits import Suppressed
from ...mailer.outbox.queue import Outbox
from ...plan import Phrase
from ...report.answer import Answer, Line, Section, columns
from ...texts import make_error
from ..lookup import near
from ..moment import local_now
from ..state import reading_state


def list_mails(
    config: Config, states: tuple[str, ...] = (), id: str | None = None, moment: dt.datetime | None = None
) -> Answer:
    """The queue, oldest first; of all states unless some are named. Who gets no mail at all stands below.

    Args:
        config: The workspace.
        states, id: Only mails in these states, about this feedback.
        moment: Instead of now, for what a mail still waits for.
    """
    now = local_now(config, moment)
    with reading_state(config) as state:
        entries = state.outbox.entries([State(name) for name in states])
        suppressed = state.outbox.limits.all_suppressed()
    entries = [entry for entry in entries if id is None or entry.id == id]
    counts = Counter(entry.state for entry in entries)
    rows = [(entry.state.value, entry.kind, ", ".join(entry.envelope), entry.subject, entry.key) for entry in entries]
    lines: list[Line] = []
    for line, entry in zip(columns(rows) if rows else (), entries, strict=True):
        lines.append(line)
        if why := _waits(entry, now):
            lines.append(Phrase.of("outbox.why", why=why))
    shown = tuple(count_of(state.value, counts[state]) for state in State if counts[state])
    lines.append(Phrase.of("outbox.counts", all=len(entries), states=shown) if entries else Phrase("outbox.empty"))
    barred = [Phrase.of("kept.who", to=each.address, reason=each.reason) for each in suppressed]
    data = {
        "messages": [mail_data(entry) for entry in entries],
        "suppressed": [suppressed_data(each) for each in suppressed],
    }
    return Answer(data, (Section.of(None, lines), Section.of(Phrase("outbox.suppressed"), barred)))


def count_of(state: str, n: int) -> Phrase:
    """So many mails in a state: its code, which `--state` takes, and in Chinese what it is called."""
    return Phrase.of("outbox.count", state=Phrase(f"outbox.in_{state}"), n=n)


def _waits(entry: OutboxEntry, now: dt.datetime) -> Phrase | str:
    """Why a mail has not gone; empty for one that has, is finished, or simply goes next time."""
    if entry.state is State.DRAFTED:
        return Phrase.of("outbox.drafted", detail=in_brackets(entry.detail))
    if entry.state is State.APPROVED:
        until = max((each for each in (entry.not_before, entry.next_try) if each and each > now), default=None)
        if until is None:
            return ""
        key = "outbox.put_off" if until == entry.not_before else "outbox.next_try"
        shown = f"{until.astimezone(now.tzinfo):%Y-%m-%d %H:%M}"
        return Phrase.of(key, until=shown, detail=entry.detail)
    return entry.detail if entry.state in (State.HELD, State.FAILED, State.UNKNOWN) else ""


def show_mail(config: Config, key: str, *, page: bool, moment: dt.datetime | None = None) -> Answer:
    """One mail as it will leave, or left, and its moves.

    Args:
        config: The workspace.
        key: The mail.
        page: Write a page for a browser and say where it is.
        moment: For the zone of the moments shown.

    Raises:
        NotFound: There is no such mail.
    """
    zone = local_now(config, moment).tzinfo
    with reading_state(config) as state:
        entry = find_mail(state.outbox, key)
        events = state.outbox.events(key)
    data: dict[str, Any] = {"message": mail_data(entry), "events": [
        {"at": event.at, "from": event.from_state, "to": event.to_state, "by": event.actor, "detail": event.detail}
        for event in events
    ]}  # fmt: skip
    lines: list[Line] = [Phrase.of("outbox.state", state=entry.state.value, detail=in_brackets(entry.detail))]
    lines.append(Phrase.of("outbox.to", to=entry.recipients))
    if entry.cc:
        lines.append(Phrase.of("outbox.cc", cc=entry.cc))
    lines.append(Phrase.of("outbox.subject", subject=entry.subject))
    text: list[Line] = [Phrase("outbox.forgotten")]
    if entry.raw:
        from ...mailer.outbox.stored import read_stored  # parses mail: a list of mails does without

        rendered, message = read_stored(entry)
        data["text"], data["attachments"] = rendered.text, list(message.forms)
        if message.forms:
            lines.append(Phrase.of("outbox.attached", files=message.forms))
        text = ["", *rendered.text.splitlines()]
        if page:
            data["html"] = path = str(_write_page(config, entry))
            text = [Phrase.of("outbox.page", path=path)]
    moves = [
        Phrase.of("outbox.move", at=event.at.astimezone(zone).strftime("%Y-%m-%d %H:%M"), actor=event.actor,
                  before=event.from_state or "–", after=event.to_state, detail=in_brackets(event.detail))
        for event in events
    ]  # fmt: skip
    sections = (Section.of(key, lines), Section.of(None, text), Section.of(Phrase("outbox.moves"), moves))
    return Answer(data, sections)


def in_brackets(detail: str) -> object:
    """What is to be known about a state, as the end of a line."""
    return Phrase.of("outbox.detail", detail=detail) if detail else ""


def find_mail(outbox: Outbox, key: str) -> OutboxEntry:
    """The mail under a key.

    Raises:
        NotFound: There is none; names the nearest.
    """
    known = [entry.key for entry in outbox.entries()]
    if key not in known:
        raise make_error(NotFound, "none.mail", key=key, near=near(key, known))
    return outbox.show(key)


def _write_page(config: Config, entry: OutboxEntry) -> Path:
    from ...mailer.outbox.stored import stored_html

    folder = config.workspace / "reports"
    name = re.sub(r"[^\w.#-]+", "-", entry.key).strip("-.")[:120]
    path = folder / f"{name}.html"
    with as_private_as(config.register.path):
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(stored_html(entry), encoding="utf-8")
    return path


def mail_data(entry: OutboxEntry) -> dict[str, Any]:
    """A mail for scripts."""
    return {
        "key": entry.key,
        "kind": entry.kind,
        "id": entry.id,
        "to": list(entry.recipients),
        "cc": list(entry.cc),
        "subject": entry.subject,
        "state": entry.state,
        "reason": entry.reason,
        "detail": entry.detail,
        "created_at": entry.created_at,
        "not_before": entry.not_before,
        "next_try": entry.next_try,
        "sent_at": entry.sent_at,
        "sent_via": entry.sent_via,
        "attempts": entry.attempts,
    }


def suppressed_data(each: Suppressed) -> dict[str, Any]:
    """An address of the suppression list for scripts."""
    return {"address": each.address, "reason": each.reason, "since": each.since}
