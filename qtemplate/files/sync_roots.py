"""Folders that a sync client copies to other machines, and the conflict copies such clients leave beside a workbook.

Replacing a workbook while a client uploads it makes conflict copies, so the program only makes proposals there unless
it is told to write. Such folders are recognised by the names clients give them, by the marks they leave in them, and by
the environment variables of OneDrive. The names are the clients' defaults; a renamed folder is found by its marks only.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

FOLDERS = (
    (re.compile(r"onedrive( - .+)?", re.IGNORECASE), "OneDrive"),
    (re.compile(r"(my |我的)?(nutstore( files)?|坚果云)", re.IGNORECASE), "坚果云 Nutstore"),
    (re.compile(r"dropbox( \(.+\))?", re.IGNORECASE), "Dropbox"),
    (re.compile(r"(google drive|googledrive|my drive)", re.IGNORECASE), "Google Drive"),
    (re.compile(r"(icloud ?drive|com~apple~clouddocs)", re.IGNORECASE), "iCloud Drive"),
    (re.compile(r"(wps云盘|wps ?cloud ?files|wpsdrive)", re.IGNORECASE), "WPS 云盘"),
    (re.compile(r"(baidusyncdisk|百度网盘同步空间)", re.IGNORECASE), "百度网盘"),
    (re.compile(r"(nextcloud|owncloud|seafile|syncthing|box sync|megasync)", re.IGNORECASE), ""),
)
"""Folder name -> client; an empty client is the folder's own name."""

MARKS = {".dropbox": "Dropbox", ".dropbox.cache": "Dropbox", ".stfolder": "Syncthing", ".owncloudsync.log": "ownCloud"}
MARK_PATTERNS = ((re.compile(r"\._?sync_.*\.db"), "Nextcloud"), (re.compile(r"\.seafile-data"), "Seafile"))
ONEDRIVE = ("OneDrive", "OneDriveCommercial", "OneDriveConsumer")

CONFLICTS = re.compile(
    r"冲突|conflicted copy|\(conflict|_conflict-|\.sync-conflict-|\(sfconflict|-(desktop|laptop)-[a-z0-9]{4,}(-\d+)?$",
    re.IGNORECASE,
)
"""Dropbox, 坚果云, ownCloud, Syncthing, Seafile; OneDrive appends the computer's name."""


def find_sync_root(path: Path, environment: Mapping[str, str] = os.environ) -> tuple[Path, str] | None:
    """The synchronised folder that a file lies in, and the client's name; None if it lies in none."""
    for variable in ONEDRIVE:
        root = environment.get(variable)
        if root and path.is_relative_to(root):
            return Path(root), "OneDrive"
    for folder in path.parents:
        for pattern, client in FOLDERS:
            if pattern.fullmatch(folder.name):
                return folder, client or folder.name
        client = _marked(folder)
        if client:
            return folder, client
    return None


def _marked(folder: Path) -> str:
    """The client whose marks lie in a folder, or ""."""
    for mark, client in MARKS.items():
        if (folder / mark).exists():
            return client
    try:
        hidden = [item.name for item in folder.iterdir() if item.name.startswith(".")]
    except OSError:
        return ""
    found = (client for name in hidden for pattern, client in MARK_PATTERNS if pattern.fullmatch(name))
    return next(found, "")


def conflict_copies(register: Path) -> list[Path]:
    """Files beside the register that a sync client made of it when two people saved at once."""
    stem = register.stem.casefold()
    try:
        beside = sorted(register.parent.glob(f"*{register.suffix}"))
    except OSError:
        return []
    return [
        file
        for file in beside
        if file.name != register.name
        and file.stem.casefold().startswith(stem)
        and CONFLICTS.search(file.stem[len(stem) :])
    ]
