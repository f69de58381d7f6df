"""Files of the page that needs no network, as they come attached to mails: each is stored as the report it is.

It is known by its provisional number, as one that was put into a folder: come both ways, it is one row.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from ...apply import Workspace
from ...intake.new_item import inline_files, is_new, read_new_item
from ...intake.raw_store import digest_of, keep_raw
from ...intake.unfit import Unfit
from ...journal.received import ReceivedLog
from ...plan.received import Received
from .page_files import keep_beside

JSON = ".json"


class MailedReport(Struct, frozen=True):
    """A report that came with a mail, and its bytes."""

    item: Received
    data: bytes


def set_reports_aside(
    workspace: Workspace, mail: Received, data: bytes, now: dt.datetime, *, looking: bool
) -> tuple[Received, Sequence[MailedReport]]:
    """The mail without the reports that came with it, and these; what else came with it goes with the first of them.

    Args:
        workspace: Held, or imagined.
        mail: The mail; one that a machine wrote brings no report.
        data: Its bytes.
        now: The run's moment; aware, in the register's zone.
        looking: Keep no bytes.

    Raises:
        OSError: A picture could not be kept.
    """
    said = mail.content
    named = [each for each in said["files"] if str(each[0]).lower().endswith(JSON)]
    if not named or said["automatic"]:
        return mail, ()
    from ...intake.mail_item import files_of

    known = files_of(data)
    reports, spoilt, taken = list[MailedReport](), list[str](), set[str]()
    for name, _, digest, _ in named:
        if not _is_report(known[digest]):
            continue
        try:
            reports.append(_read(workspace, mail, known[digest], now, looking=looking))
            taken.add(digest)
        except Unfit:
            spoilt.append(str(name))
    content = {**said, "reports": [each.item.key for each in reports], "spoilt": spoilt}
    if reports:
        left = [each for each in said["files"] if each[2] not in taken]
        reports[0] = _with_more(workspace, reports[0], said["text"], left, known, looking=looking)
        content["files"] = []
    return replace(mail, content=content), reports


def store_reports(
    workspace: Workspace, reports: Sequence[MailedReport], raw: Path, now: dt.datetime, *, looking: bool
) -> None:
    """Stores them, each as what came of its own bytes.

    Args:
        workspace: Held, or imagined.
        reports: See `set_reports_aside`.
        raw: Folder of the bytes of what came in.
        now: The run's moment.
        looking: Keep no bytes.
    """
    for each in reports:
        if not looking:
            keep_raw(raw, each.data)
        ReceivedLog(workspace.journal.database).put([each.item], digest_of(each.data), now)


def _is_report(data: bytes) -> bool:
    try:
        return is_new(json.loads(data))
    except (ValueError, RecursionError):
        return False


def _read(workspace: Workspace, mail: Received, data: bytes, now: dt.datetime, *, looking: bool) -> MailedReport:
    """One report, with who mailed it; only the pictures inside it are its own.

    Raises:
        Unfit: It cannot be taken up.
    """
    item = read_new_item(data, now)
    files = [keep_beside(workspace, data, *each, looking=looking) for each in inline_files(data)]
    by = {name: mail.content[name] for name in ("sender", "forwarded", "auth")}
    return MailedReport(replace(item, content={**item.content, "files": files, "mailed": by}), data)


def _with_more(
    workspace: Workspace,
    report: MailedReport,
    text: str,
    left: Sequence[Sequence[Any]],
    known: Mapping[str, bytes],
    *,
    looking: bool,
) -> MailedReport:
    """The report with the words of its mail and what else was attached to it."""
    content = report.item.content
    more = [
        keep_beside(workspace, report.data, str(name), str(kind), known[digest], looking=looking)
        for name, kind, digest, _ in left
    ]
    by = {**content["mailed"], "text": text}
    item = replace(report.item, content={**content, "files": [*content["files"], *more], "mailed": by})
    return MailedReport(item, report.data)
