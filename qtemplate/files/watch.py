"""Watching one workbook: events only say "look"; what happened is decided from the file itself.

Programs save in very different ways (in place, temporary file and rename, delete and rename, slow copies), so no kind
of event is trusted. A change counts once the file has come to rest, is a whole zip package and has another digest.
A re-scan finds what no event reported. Owner files are watched too: when the last one goes, the register is free.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Self

from msgspec import Struct
from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.polling import PollingObserver

from .digest import digest_file
from .locks import find_owner, owner_files

LOOK_EVERY = 0.1
"""Seconds between two looks at a file that has not rested yet."""

MOST_WAITING = 60.0
"""Seconds after which a file that never rests is reported; the next re-scan tries again."""

SILENT = frozenset(("opened", "closed_no_write", "attrib"))
"""Events of readers; a run of ours reads the file too."""

Trace = Callable[[str], None]


class Seen(StrEnum):
    """What a look at the file found."""

    CHANGED = "changed"
    FREED = "freed"
    RESTLESS = "restless"
    SAME = "same"


class Sight(Struct, frozen=True):
    """One result of a look; `sha256` of the file where it could be read whole, `rescan` if no event led to it."""

    what: Seen
    sha256: str = ""
    rescan: bool = False


class RegisterWatch(FileSystemEventHandler):
    """A watch over one file.

    Args:
        path: The workbook.
        quiet: Seconds the file must rest.
        rescan: Seconds after which it is looked at without an event.
        poll: Look at the folder again and again instead of waiting for events.
        known: Digest of the file as it was last dealt with; "" reports it at once.
        trace: Called with a line for everything that is seen.
    """

    def __init__(
        self, path: Path, *, quiet: float, rescan: float, poll: bool, known: str = "", trace: Trace = lambda line: None
    ) -> None:
        self._path = path.resolve()
        self._quiet, self._rescan, self._trace = quiet, rescan, trace
        self._owners = {file.name for file in owner_files(self._path)}
        self._known = known
        self._changed_at = 0.0
        self._dirty = threading.Event()
        self._stop = threading.Event()
        self._observer = PollingObserver(timeout=max(0.2, min(5.0, quiet))) if poll else Observer()
        self._observer.schedule(self, str(self._path.parent), recursive=False)  # the folder: a replaced file is another

    def __enter__(self) -> Self:
        self._observer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._observer.stop()
        self._observer.join()

    def stop(self) -> None:
        """Ends `sights`; may be called from a signal handler or another thread."""
        self._stop.set()
        self._dirty.set()

    def dealt_with(self, sha256: str) -> None:
        """Do not report the file with this digest: it is what the program has written or read itself."""
        self._known = sha256

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Have the file looked at; runs in watchdog's thread."""
        if event.is_directory or event.event_type in SILENT:
            return
        names = {Path(os.fsdecode(path)).name for path in (event.src_path, event.dest_path) if path}
        if self._path.name in names or names & self._owners:
            self._trace(f"{event.event_type} {' '.join(sorted(names))}")
            if self._path.name in names:
                self._changed_at = time.monotonic()
            self._dirty.set()

    def sights(self) -> Iterator[Sight]:
        """What the looks find, one after another, until `stop`; first the file as it is at the start."""
        locked = self._is_locked()
        rescan = False
        while not self._stop.is_set():
            sight = self._look()
            if sight is not None:
                yield Sight(sight.what, sight.sha256, rescan)
            now_locked = self._is_locked()
            if locked and not now_locked and not self._stop.is_set():
                yield Sight(Seen.FREED, self._known)
            locked = now_locked
            rescan = not self._dirty.wait(self._rescan)
            self._dirty.clear()

    def _is_locked(self) -> bool:
        owner = find_owner(self._path)
        return owner is not None and not owner.stale

    def _look(self) -> Sight | None:
        if not self._has_settled():
            if self._stop.is_set():
                return None
            self._trace("not at rest, or not a whole workbook")
            return Sight(Seen.RESTLESS)
        sha256 = digest_file(self._path)
        if not sha256:
            self._dirty.set()
            return None
        if sha256 == self._known:
            self._trace(f"the same bytes {sha256[:12]}")
            return Sight(Seen.SAME, sha256)
        self._trace(f"other bytes {sha256[:12]}")
        self._known = sha256
        return Sight(Seen.CHANGED, sha256)

    def _has_settled(self) -> bool:
        """Waits until the file has rested and is whole."""
        begin = since = time.monotonic()
        before: tuple[int, int, int] | None = None
        while time.monotonic() - begin < MOST_WAITING and not self._stop.is_set():
            now = _state_of(self._path)
            if now != before:
                before, since = now, time.monotonic()
            rested = time.monotonic() - max(since, self._changed_at) >= self._quiet
            if now is not None and rested:
                if is_whole(self._path) and _state_of(self._path) == now:
                    return True
                since = time.monotonic()  # half a file may rest too: give its writer as long again
            self._stop.wait(LOOK_EVERY)
        return False


def _state_of(path: Path) -> tuple[int, int, int] | None:
    """Inode, size and time of the file; None while it is away, as between the delete and the rename of a save."""
    with contextlib.suppress(OSError):
        state = path.stat()
        return state.st_ino, state.st_size, state.st_mtime_ns
    return None


def is_whole(path: Path) -> bool:
    """Whether the file is a complete workbook package: its directory, its parts and all checksums."""
    try:
        with zipfile.ZipFile(path) as package:
            return "[Content_Types].xml" in package.namelist() and package.testzip() is None
    except (zipfile.BadZipFile, OSError, EOFError, RuntimeError, NotImplementedError, ValueError):
        return False
