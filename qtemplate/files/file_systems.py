"""What kind of disk a file lies on: a local one, or one that other machines change without this one being told.

Linux names the file system of every mount; elsewhere only network paths are recognised, and the rest counts as local.
Source: proc_pid_mountinfo(5); watchdog sees no change that another host makes on SMB or NFS (watchdog issue 409).
"""

from __future__ import annotations

from pathlib import Path, PureWindowsPath

MOUNTS = Path("/proc/self/mountinfo")
REMOTE = frozenset(
    ("cifs", "smb3", "smbfs", "nfs", "nfs4", "9p", "drvfs", "vboxsf", "virtiofs", "davfs", "afs", "ceph", "glusterfs")
)
"""File systems whose files other machines change; `fuse.…` is remote but for the few local ones."""

LOCAL_FUSE = frozenset(("fuseblk", "fuse.ntfs-3g", "fuse.mergerfs", "fuse.encfs", "fuse.gocryptfs"))


def file_system(path: Path) -> str:
    """Name of the file system a path lies on, such as `ext4` or `cifs`; "" where the system does not tell."""
    if str(path).startswith(("\\\\", "//")) and PureWindowsPath(str(path)).drive:
        return "cifs"
    try:
        lines = MOUNTS.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    best, name = "", ""
    for line in lines:
        left, _, right = line.partition(" - ")
        fields = left.split()
        if len(fields) < 5 or not right:
            continue
        place = _unescape(fields[4])
        inside = (str(path) + "/").startswith(place.rstrip("/") + "/")
        if inside and len(place) >= len(best):
            best, name = place, right.split()[0]
    return name


def _unescape(place: str) -> str:
    """Mount points write space, tab, line feed and backslash as octal."""
    for code in ("040", "011", "012", "134"):
        place = place.replace(f"\\{code}", chr(int(code, 8)))
    return place


def is_remote(path: Path) -> bool:
    """Whether other machines may change files there without an event on this one."""
    name = file_system(path)
    return name in REMOTE or (name.startswith("fuse") and name not in LOCAL_FUSE)
