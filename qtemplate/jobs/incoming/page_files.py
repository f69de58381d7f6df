"""What the pages wrote: read with the workspace's secret, its pictures kept beside the bytes of the answer."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import shutil
from collections.abc import Sequence
from pathlib import Path

from msgspec.structs import replace

from ...apply import Workspace
from ...intake.new_item import InlineFile, inline_files, is_new, read_new_item
from ...intake.page_item import WEB, files_named, page_object, read_page_item
from ...intake.raw_store import digest_of, keep_raw, raw_path
from ...intake.unfit import Unfit
from ...plan import FactName
from ...plan.new_page import NEW
from ...plan.received import Received
from ...received.links import Link, make_nonce, read_token
from ..web.secret import known_secret

FILES = ".files"
"""Folder of the pictures, below the answers; nobody takes them for answers there."""

NOBODYS = 7 * 86_400.0
"""Seconds after which a picture that no answer names is of an answer that was never finished."""


def is_from_page(file: Path, data: bytes) -> bool:
    """Whether the pages wrote this; a team may have lists of its own in a folder of that name.

    The page that needs no network makes files that people put into any folder.
    """
    if file.suffix.lower() != ".json" or (file.parent.name != WEB and f'"{NEW}"'.encode() not in data):
        return False
    try:
        said = json.loads(data)
    except (ValueError, RecursionError):
        return False
    return is_new(said) or (file.parent.name == WEB and isinstance(said, dict) and "page" in said and "schema" in said)


def read_page_file(workspace: Workspace, file: Path, data: bytes, now: dt.datetime, *, looking: bool) -> Received:
    """Reads an answer; its pictures are kept before anything is decided.

    Raises:
        Unfit: It cannot be taken up.
        OSError: A picture could not be kept.
    """
    if is_new(page_object(data)):
        return _with_files(workspace, file, data, read_new_item(data, now), looking=looking)
    secret = known_secret(workspace.config) or b""

    def name_of(link: Link) -> str:
        """By what the journal remembers the link."""
        for (id, name), _ in workspace.journal.facts_like(FactName.PAGE).items():
            subject = FactName.PAGE.about(name)
            if id == link.id and subject and make_nonce(secret, id, subject) == link.nonce:
                return subject
        return ""

    item = read_page_item(data, lambda token: read_token(secret, token) if secret else None, name_of, now)
    return _with_files(workspace, file, data, item, looking=looking)


def _with_files(workspace: Workspace, file: Path, data: bytes, item: Received, *, looking: bool) -> Received:
    """The same with its files, which are kept; those inside a report, too."""
    kept = [keep_beside(workspace, data, *each, looking=looking) for each in _inside(item, data)]
    for name, kind, stored in files_named(data):
        path = file.parent / FILES / stored
        if path.is_symlink() or not path.is_file():
            continue
        kept.append(keep_beside(workspace, data, name, kind, path.read_bytes(), looking=looking))
    return replace(item, content={**item.content, "files": kept})


def _inside(item: Received, data: bytes) -> Sequence[InlineFile]:
    return inline_files(data) if "held" in item.content else ()


def keep_beside(
    workspace: Workspace, data: bytes, name: str, kind: str, picture: bytes, *, looking: bool
) -> list[str | int]:
    """Keeps a file beside the bytes that it came with, unless all is only looked at; name, media type, digest, size.

    Raises:
        OSError: It could not be kept.
    """
    if not looking:
        keep_raw(_folder(workspace.config.workspace, digest_of(data)), picture)
    return [name, kind, digest_of(picture), len(picture)]


def page_picture(workspace_folder: Path, source: str, digest: str) -> bytes | None:
    """A picture that came with an answer; None where there is none."""
    path = raw_path(_folder(workspace_folder, source), digest)
    return path.read_bytes() if path.is_file() else None


def forget_pictures(workspace_folder: Path, source: str) -> None:
    """Deletes what came with an answer."""
    shutil.rmtree(_folder(workspace_folder, source), ignore_errors=True)


def forget_delivered(file: Path, data: bytes) -> None:
    """Deletes the pictures of an answer that was put away: they are kept with its bytes."""
    with contextlib.suppress(Unfit):
        for _, _, stored in files_named(data):
            with contextlib.suppress(OSError):
                (file.parent / FILES / stored).unlink()


def forget_unfinished(inbox: Path) -> None:
    """Deletes pictures whose answer was never finished: the server was stopped, or the browser went away."""
    for picture in (inbox / FILES).glob("*"):
        with contextlib.suppress(OSError):
            if abs(dt.datetime.now().timestamp() - picture.lstat().st_mtime) > NOBODYS:
                picture.unlink()


def _folder(workspace_folder: Path, source: str) -> Path:
    path = raw_path(workspace_folder / "intake" / "raw", source)
    return path.with_name(f"{path.name}.files")
