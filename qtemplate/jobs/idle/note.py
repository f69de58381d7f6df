"""What a run rested on, written down where it ended with nothing left to do, for the looks that come after it."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from ...config import Config, WhenUnknown
from ...fields import Field, in_tongue_of
from ...files.attachments import exists_below, named_attachments
from ...files.file_systems import is_remote
from ...files.footprint import Mark, Thing, mark_of
from ...files.locks import STALE_AFTER, owner_files
from ...files.owner_file import owner_path
from ...files.privacy import as_private_as
from ...journal.received import ReceivedLog
from ...mailer.deliver import Reason
from ...mailer.outbox.entry import State
from ...mailer.outbox.queue import Outbox
from ...plan import Phrase, Result, Severity
from ...register import Register
from ...report.json_report import finding_json, to_json
from ...report.run_report import Deeds, RunReport
from ...rules.around.next_change import next_change
from ...texts import say
from ..month.volume_file import FILE as VOLUMES
from ..round import Errand, Round
from ..state import STATE
from ..tally import Tally
from .places import FINDINGS, LOOKED, NOTE, SCHEMA, write_note
from .program import program_identity

MOST_FINDINGS = 2_000
"""More are not kept: who asks for them as JSON gets a whole run."""

LEFT_OUT = dt.timedelta(days=1)
"""So long the nightly result says who was left out of a mail that went to others."""

Marks = tuple[tuple[Thing, Mark], ...]


class Rest(Struct, frozen=True):
    """A run that left nothing to do.

    Attributes:
        until: The first moment at which passing time alone may bring something to do; aware.
        digests: Whether it would have sent them.
        sha256: Of the register that its last look saw.
        attachments: Files that rows name, and whether they are there.
    """

    until: dt.datetime
    digests: bool
    sha256: str
    attachments: Marks


def read_basis(config: Config) -> Marks | None:
    """How everything is that a run is about to read but does not write; None where no look could do instead of a run.

    A mailbox has to be asked, and so has the server that keeps the state; what waits in a folder has to be taken up.
    """
    if config.mailbox.host or config.state.url is not None:
        return None
    try:
        marks = tuple((thing, mark_of(thing)) for thing in _basis(config))
    except OSError:
        return None
    lies_there = any(thing.kind == "nothing" and mark.content for thing, mark in marks)
    return None if lies_there or marks[0][1].content != hashlib.sha256(config.data).hexdigest() else marks


def resting(errand: Errand, tally: Tally, last: Round) -> Rest | None:
    """What is to be known of a run that left nothing to do.

    Args:
        errand: What was asked for.
        tally: What was done; its mails are counted.
        last: The last round.

    Returns:
        None where it left something, or found what it will not find again.
    """
    workspace, now = errand.workspace, errand.now
    left = tally.outcomes[Result.DEFERRED] + tally.outcomes[Result.FAILED] or tally.kept_back or last.plan.acts
    passing = set(tally.findings) - set(last.plan.findings)  # what happened once is not found a second time
    stopped = any(each.reason in (Reason.SETUP, Reason.OVER_CAP) for each in tally.deliveries)
    # what was brought over from a team's own workbook is told once
    brought = workspace.config.register.source is not None and (tally.direct.edits or tally.direct.rows)
    if left or passing or stopped or brought or not errand.send:
        return None
    log = ReceivedLog(workspace.journal.database)
    due = _mail_due(workspace.outbox, now, resend=workspace.config.mail.when_unknown is WhenUnknown.RESEND)
    if due is None or log.waiting() or log.kept_files():
        return None
    attachments = _attachments(workspace.config, last.world.register)
    if attachments is None:
        return None
    rules = next_change(last.after).replace(tzinfo=now.tzinfo)
    return Rest(min((rules, *due)), errand.nightly, last.world.register.sha256, attachments)


def note_rest(config: Config, basis: Marks | None, rest: Rest | None, report: RunReport) -> None:
    """Writes down what the run rested on, or takes the former note away; trouble with that is none of the run's."""
    with contextlib.suppress(OSError), as_private_as(config.register.path):
        (config.workspace / NOTE).unlink(missing_ok=True)
        if basis is None or rest is None or report.exit_code not in (0, 3):
            return
        taken = time.time_ns()
        marks = (*basis, *((thing, mark_of(thing)) for thing in _written(config)), *rest.attachments)
        same = all(mark_of(thing).content == mark.content for thing, mark in (*basis, *rest.attachments))
        register = next(mark for thing, mark in marks if thing.path == str(config.register.path))
        if same and register.content == rest.sha256:
            _write(config, rest, report, marks, taken)


def _basis(config: Config) -> Iterator[Thing]:
    """What a run reads and does not write. The configuration is first."""
    workspace = config.workspace
    yield Thing("file", str(config.path))
    yield Thing("tree", str(workspace / "templates"))
    yield Thing("file", str(workspace / VOLUMES))
    yield from (Thing("nothing", str(workspace / folder / "in")) for folder in ("forms", "intake"))
    yield from (Thing("tree", str(workspace / folder / "problem")) for folder in ("forms", "intake"))
    mappings = sorted((workspace / "intake").glob("*.toml"))
    yield Thing("beside", str(workspace / "intake"), ("",))
    yield from (Thing("file", str(file)) for file in mappings)
    yield from (
        Thing("file", str(book)) for book in (config.register.rules, config.register.source) if book is not None
    )
    register = config.register.path
    names = (register.stem.casefold(), *(file.name for file in owner_files(register)))
    yield Thing("beside", str(register.parent), names)


def _written(config: Config) -> Iterator[Thing]:
    """What a run reads and writes, too; the state with what is not in its file yet."""
    state = config.workspace / STATE
    yield Thing("file", str(config.register.path))
    yield Thing("file", str(owner_path(config.register.path)))
    yield from (Thing("file", f"{state}{end}") for end in ("", "-wal"))
    yield Thing("tree", str(config.workspace / "web" / "export"))


def _attachments(config: Config, register: Register) -> Marks | None:
    """The folders of the named files; None where a file has come or gone since the register was read."""
    root, folders = config.register.path.parent, dict[Path, list[str]]()
    missing, base = {name for _, name in register.missing_files}, root.resolve()
    for name in named_attachments(register.frame[Field.ATTACHMENTS]):
        if exists_below(base, name) == (name in missing):
            return None
        path = root / name.replace("\\", "/")
        if path.name and path.is_relative_to(root) and ".." not in path.parts:
            folders.setdefault(path.parent, []).append(path.name)
    try:
        things = (Thing("names", str(folder), tuple(names)) for folder, names in folders.items())
        return tuple((thing, mark_of(thing)) for thing in things)
    except OSError:
        return None


def _mail_due(outbox: Outbox, now: dt.datetime, *, resend: bool) -> tuple[dt.datetime, ...] | None:
    """The moments at which something becomes of a mail by itself; None where something is to become of one now."""
    moments = []
    waiting = (State.APPROVED, State.SENDING, State.PARTIAL, *((State.UNKNOWN,) if resend else ()))
    for entry in outbox.entries(waiting):
        if entry.state is State.PARTIAL:
            moments += [entry.sent_at + LEFT_OUT] if entry.sent_at is not None else []
        elif entry.state is State.APPROVED and entry.next_try is None and (entry.not_before or now) > now:
            moments += [entry.not_before] if entry.not_before is not None else []
        else:
            return None
    return tuple(moment for moment in moments if moment > now)


def _write(config: Config, rest: Rest, report: RunReport, marks: Marks, taken: int) -> None:
    nothing = replace(
        report, findings=(), direct=Deeds(), following=Deeds(), outcomes={}, seconds={}, kept=(), held_by_cap=0
    )
    people = sum(item.severity is not Severity.INFO for item in report.findings)
    need = Phrase.of("idle.people" if people > 1 else "idle.person", n=people) if people else ""
    until = rest.until.astimezone(report.now.tzinfo)
    books = (config.register.path, config.register.rules, config.register.source)
    shown = f"{until:%Y-%m-%d %H:%M:%S}" if until.second else f"{until:%Y-%m-%d %H:%M}"
    phrase = Phrase.of("idle.same", at=f"{report.now:%Y-%m-%d %H:%M}", until=shown, people=need)
    kept = report.findings if len(report.findings) <= MOST_FINDINGS else ()
    tongues = {language: in_tongue_of(report.register.language, language) for language in ("zh", "en")}
    listed = {name: [finding_json(item, tongue) for item in kept] for name, tongue in tongues.items()}
    (config.workspace / FINDINGS).unlink(missing_ok=True)
    if len(kept) == len(report.findings):
        write_note(config.workspace / FINDINGS, {"run": report.run, **listed})
    (config.workspace / LOOKED).unlink(missing_ok=True)
    note = {
        "schema": SCHEMA,
        "config": str(config.path),
        "program": program_identity(),
        "run": report.run,
        "at": report.now.timestamp(),
        "until": until.timestamp(),
        "stale": _first_stale(config.register.path),
        "zone": config.register.time_zone.key,
        "digests": rest.digests,
        "exit": report.exit_code,
        "pings": bool(config.status.ping_url),
        "doubt": any(is_remote(book) for book in books if book is not None),
        "taken": taken,
        "things": [(*thing, mark) for thing, mark in marks],
        "said": {language: say(phrase, language).strip() for language in ("zh", "en")},
        "object": to_json(nothing, "en"),
    }
    write_note(config.workspace / NOTE, note)


def _first_stale(register: Path) -> float:
    """When an owner file beside the register becomes one that a crash left: a finding then. Seconds of the epoch."""
    written = _written_at(owner_files(register))
    return min((at + STALE_AFTER for at in written if time.time() < at + STALE_AFTER), default=float(2**40))


def _written_at(files: Iterable[Path]) -> Iterator[float]:
    for file in files:
        with contextlib.suppress(OSError):
            yield file.stat().st_mtime
