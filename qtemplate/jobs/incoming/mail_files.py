"""Files that came with mails: forms of ours go to the inbox of forms, the others beside the register."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from ...apply import Workspace
from ...forms.collect import carries_mark
from ...intake.raw_store import raw_path
from ...journal.received import Kept
from ...plan.received import Received
from .page_files import page_picture

FORM_SUFFIXES = (".xlsx", ".xlsm")


class MailedForm(Struct, frozen=True):
    """A form of ours that came with a mail: its name in forms/in, its bytes, the mail's moment as POSIX time."""

    name: str
    data: bytes
    at: float


def set_forms_aside(
    workspace: Workspace, item: Received, data: bytes, seen: list[MailedForm] | None = None
) -> Received:
    """The mail without the forms of ours that came with it, which lie in forms/in then, with the mail's moment.

    Args:
        workspace: Held, or imagined.
        item: The mail.
        data: Its bytes.
        seen: Gets the forms where they are only looked at, and nothing is written.

    Raises:
        OSError: One could not be written.
    """
    sheets = [each for each in item.content["files"] if str(each[0]).lower().endswith(FORM_SUFFIXES)]
    if not sheets:
        return item
    from ...intake.mail_item import files_of

    known = files_of(data)
    forms = {digest: name for name, _, digest, _ in sheets if carries_mark(known[digest])}
    inbox = workspace.config.workspace / "forms" / "in"
    moment = item.at.replace(tzinfo=workspace.config.register.time_zone).timestamp()
    for digest in forms:
        form = MailedForm(f"{digest[:12]}.xlsx", known[digest], moment)
        if seen is None:
            put_form(inbox, form)
        else:
            seen.append(form)
    left = [each for each in item.content["files"] if each[2] not in forms]
    return replace(item, content={**item.content, "files": left, "forms": list(forms)})


def put_form(folder: Path, form: MailedForm) -> Path:
    """Writes a form into a folder, with the mail's moment.

    Raises:
        OSError: It could not be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    part, path = folder / f".{form.name}.part", folder / form.name
    part.write_bytes(form.data)
    os.utime(part, (form.at, form.at))
    part.replace(path)
    return path


def keep_attachments(workspace: Workspace, wanted: Sequence[Kept]) -> tuple[list[Kept], OSError | None]:
    """Writes files beside the register; those that are there already stay.

    Returns:
        What could not be written, and why.
    """
    root, raw = workspace.config.register.path.parent, workspace.config.workspace / "intake" / "raw"
    if not wanted:
        return [], None

    owed: list[Kept] = []
    problem: OSError | None = None
    for source in dict.fromkeys(each.source for each in wanted):
        files: Mapping[str, bytes] | None = None
        for each in wanted:
            if each.source != source:
                continue
            data = page_picture(workspace.config.workspace, source, each.digest)
            if data is None:
                files = _files_of(raw_path(raw, source)) if files is None else files
                data = files.get(each.digest)
            if data is not None:
                try:
                    _write(root / each.path, data)
                except OSError as error:
                    owed.append(each)
                    problem = error
    return owed, problem


def _files_of(mail: Path) -> Mapping[str, bytes]:
    from ...intake.mail_item import files_of  # loads what takes mails apart, where there is one

    return files_of(mail.read_bytes()) if mail.is_file() else {}


def _write(path: Path, data: bytes) -> None:
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(data)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
