"""What came in, before anybody has read it: the folders of `intake/`, and what was found in them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct, field

from ...apply import Workspace
from ...plan import Finding
from .set_aside import is_noise

if TYPE_CHECKING:
    from .mail_files import MailedForm


class Delivered(Struct):
    """What lay in the folders.

    Attributes:
        files: Those that were stored, with the digest of their bytes.
        findings: What a person should know.
        forms: Those that came with mails, where everything is only looked at.
    """

    files: list[tuple[Path, str]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    forms: list[MailedForm] = field(default_factory=list)


def folder_of(workspace: Workspace, *parts: str) -> Path:
    """A folder below `intake/`."""
    return workspace.config.workspace.joinpath("intake", *parts)


def something_lies_there(workspace: Path) -> bool:
    """Whether a file waits in one of the folders."""
    return any(not is_noise(file) for file in (workspace / "intake" / "in").glob("*/*"))
