"""`intake/in/<channel>/`: every file is read, its bytes and what it says are stored, and it waits to be put away."""

from __future__ import annotations

import contextlib
import datetime as dt
import stat
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ...errors import NotWritten
from ...forms.file_names import reason_file
from ...intake.mapping import ChannelMap, read_mapping
from ...intake.page_item import WEB
from ...intake.raw_store import digest_of, keep_raw
from ...intake.understand import understand
from ...intake.unfit import Unfit
from ...journal.received import ReceivedLog
from ...plan import Finding, Phrase, Severity
from ...texts import quote
from .delivered import Delivered, folder_of
from .mail_files import MailedForm, set_forms_aside
from .mailed_reports import MailedReport, set_reports_aside, store_reports
from .page_files import forget_delivered, is_from_page, read_page_file
from .set_aside import is_noise, just_written, problem_of, put_aside, put_away, shown

if TYPE_CHECKING:
    from ...apply import Workspace
    from ...plan.received import Received


def take_folders(workspace: Workspace, now: dt.datetime, *, looking: bool) -> Delivered:
    """Stores what lies in the folders; a plan only looks, in a state database of its own.

    Args:
        workspace: Held, or imagined.
        now: The run's moment; aware, in the register's zone.
        looking: Keep no bytes and move nothing.
    """
    found = Delivered()
    for folder in _folders(folder_of(workspace, "in")):
        mapping: ChannelMap | Unfit | None = None
        for file in sorted(folder.iterdir()):
            if is_noise(file):
                continue
            if mapping is None:
                mapping = _mapping(folder_of(workspace), folder.name)
            try:
                found.files.append((file, _store(workspace, file, mapping, now, found.forms if looking else None)))
            except Unfit as unfit:
                _refuse(workspace, file, unfit, found, looking=looking)
            except (OSError, NotWritten) as problem:  # a full disk, say: the file stays and is looked at again
                found.findings.append(_not_stored(file, problem))
    return found


def out_of_problems(workspace: Workspace, source: str, channel: str) -> None:
    """A file that was set aside is done now, and its reason goes; what lay in a mailbox is not here."""
    folder = folder_of(workspace, "problem", channel)
    for file in sorted(folder.iterdir()) if folder.is_dir() else ():
        if is_noise(file) or file.is_symlink() or not file.is_file() or digest_of(file.read_bytes()) != source:
            continue
        reason = reason_file(file)
        put_away(file, folder_of(workspace, "done", channel))
        with contextlib.suppress(OSError):
            reason.unlink()


def _folders(inbox: Path) -> Iterator[Path]:
    """The folders of channels; a link is none of ours to follow."""
    for folder in sorted(inbox.iterdir()) if inbox.is_dir() else ():
        if folder.is_dir() and not folder.is_symlink() and not folder.name.startswith("."):
            yield folder


def _mapping(folder: Path, name: str) -> ChannelMap | Unfit:
    try:
        return read_mapping(folder, name)
    except Unfit as unfit:
        return unfit


def _store(
    workspace: Workspace, file: Path, mapping: ChannelMap | Unfit, now: dt.datetime, seen: list[MailedForm] | None
) -> str:
    """Reads a file and stores it; the digest of its bytes.

    Raises:
        Unfit: It cannot be taken up.
        OSError, NotWritten: It could not be read or stored.
    """
    data = _read(file, workspace.config.mailbox.max_mb)
    from_page = is_from_page(file, data)
    if isinstance(mapping, Unfit) and not from_page:
        raise mapping
    try:
        items: Iterable[Received]
        if from_page or isinstance(mapping, Unfit):
            items = (read_page_file(workspace, file, data, now, looking=seen is not None),)
        else:
            items = understand(file.suffix.lower(), data, mapping, now)
    except (Unfit, OSError):
        raise
    except Exception as error:  # whatever somebody put there, it must not stop a run
        raise Unfit("unreadable", problem=type(error).__name__) from error
    source, looking, raw = digest_of(data), seen is not None, folder_of(workspace, "raw")
    reports: list[MailedReport] = []
    if file.suffix.lower() == ".eml":
        mails = [set_reports_aside(workspace, item, data, now, looking=looking) for item in items]
        reports = [report for _, brought in mails for report in brought]
        items = [set_forms_aside(workspace, item, data, seen) for item, _ in mails]
    if not looking:
        keep_raw(raw, data)
    with workspace.journal.database.transaction():
        ReceivedLog(workspace.journal.database).put(items, source, now)
        store_reports(workspace, reports, raw, now, looking=looking)
    return source


def _read(file: Path, most: int) -> bytes:
    """The bytes of a file that nobody is writing, `most` MB at the most."""
    before = file.lstat()
    if stat.S_ISLNK(before.st_mode):
        raise Unfit("link")
    if not stat.S_ISREG(before.st_mode):
        raise Unfit("folder", unfinished=True)
    if before.st_size > most << 20:
        raise Unfit("too_big", size=f"{before.st_size / (1 << 20):.0f}", most=most)
    data = file.read_bytes()
    after = file.lstat()
    if (after.st_size, after.st_mtime_ns) != (len(data), before.st_mtime_ns):
        raise Unfit("growing", unfinished=True)
    return data


def _refuse(workspace: Workspace, file: Path, unfit: Unfit, found: Delivered, *, looking: bool) -> None:
    """What is not taken up goes to the problems; what may only be half written is looked at again."""
    if unfit.unfinished and just_written(file):
        facts = (("file", shown(file)), ("problem", unfit.said))
        found.findings.append(Finding("QT831", Severity.INFO, facts=facts))
        return
    language = str(workspace.config.register.language)
    aside = partial(put_aside, file, folder_of(workspace, "problem", file.parent.name), unfit.said, language)
    if looking or not aside():
        found.findings.append(problem_of(file, unfit.said))


def _not_stored(file: Path, problem: OSError | NotWritten) -> Finding:
    said = quote(problem) if isinstance(problem, NotWritten) else Phrase.of("quoted", problem=problem.strerror)
    return Finding("QT833", Severity.ERROR, facts=(("file", shown(file)), ("problem", said)))


def put_files_away(workspace: Workspace, delivered: Delivered, piled: Mapping[int, Phrase], *, looking: bool) -> None:
    """Moves what is settled to `done/`, what a person has to decide to `problem/` with the reason; the rest stays.

    Args:
        workspace: Held.
        delivered: What lay in the folders.
        piled: Number of what came in -> why it is for a person.
        looking: Move nothing, and say what would be set aside.
    """
    log, language = ReceivedLog(workspace.journal.database), str(workspace.config.register.language)
    for file, source in delivered.files:
        if log.unsettled(source):
            continue
        number = log.piled(source)
        if number is not None:
            why = piled.get(number, Phrase("intake.for_a_person"))
            if looking or not put_aside(file, folder_of(workspace, "problem", file.parent.name), why, language):
                delivered.findings.append(problem_of(file, why))
            continue
        if looking:
            continue
        try:
            data = file.read_bytes() if file.parent.name == WEB else b""
            put_away(file, folder_of(workspace, "done", file.parent.name))
            forget_delivered(file, data)
        except OSError as problem:
            delivered.findings.append(_not_stored(file, problem))
