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
    (r"onedrive( - .+)?", "OneDrive"),
    (r"(my |我的)?(nutstore( files)?|坚果云)", "坚果云 Nutstore"),
    (r"dropbox( \(.+\))?", "Dropbox"),
    (r"(google drive|googledrive|my drive)", "Google Drive"),
    (r"(icloud ?drive|com~apple~clouddocs)", "iCloud Drive"),
    (r"(wps云盘|wps ?cloud ?files|wpsdrive)", "WPS 云盘"),
    (r"(baidusyncdisk|百度网盘同步空间)", "百度网盘"),
    (r"(nextcloud|owncloud|seafile|syncthing|box sync|megasync)", ""),
)
"""Pattern of a folder's name, in any case -> client; an empty client is the folder's own name."""

MARKS = {".dropbox": "Dropbox", ".dropbox.cache": "Dropbox", ".stfolder": "Syncthing", ".owncloudsync.log": "ownCloud"}
MARK_PATTERNS = ((r"\._?sync_.*\.db", "Nextcloud"), (r"\.seafile-data", "Seafile"))
ONEDRIVE = ("OneDrive", "OneDriveCommercial", "OneDriveConsumer")

CONFLICTS = (
    r"冲突|conflicted copy|\(conflict|_conflict-|\.sync-conflict-|\(sfconflict|-(desktop|laptop)-[a-z0-9]{4,}(-\d+)?$"
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
            if re.fullmatch(pattern, folder.name, re.IGNORECASE):
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
    found = (client for name in hidden for pattern, client in MARK_PATTERNS if re.fullmatch(pattern, name))
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
        and re.search(CONFLICTS, file.stem[len(stem) :], re.IGNORECASE)
    ]
