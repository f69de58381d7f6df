"""Watching the register: each way of saving is one change, and nothing else is."""

from __future__ import annotations

import datetime as dt
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from where import ROOT

from qtemplate.config import Config, load_config
from qtemplate.files.digest import digest_file
from qtemplate.files.owner_file import owner_path
from qtemplate.files.watch import RegisterWatch, Seen, Sight, is_whole
from qtemplate.jobs.run import run
from qtemplate.jobs.watch import watch_register
from qtemplate.jobs.workspace import looking
from qtemplate.sheets import edit_cells, open_book, read_register

QUIET = 0.15
NOW = "2026-07-16T09:00"


class Watched:
    """A watch on a file of its own, and what it saw."""

    def __init__(self, path: Path, *, poll: bool = False, rescan: float = 60.0, known: str | None = None) -> None:
        self.path = path
        self.sights: list[Sight] = []
        self.watch = RegisterWatch(
            path, quiet=QUIET, rescan=rescan, poll=poll, known=digest_file(path) if known is None else known
        )
        self._thread = threading.Thread(target=self._collect, daemon=True)

    def _collect(self) -> None:
        for sight in self.watch.sights():
            self.sights.append(sight)

    def __enter__(self) -> Watched:
        self.watch.__enter__()
        self._thread.start()
        time.sleep(2 * QUIET)
        self.sights.clear()
        return self

    def __exit__(self, *_: object) -> None:
        self.watch.stop()
        self._thread.join(10)
        self.watch.__exit__(None, None, None)

    def changes(self, wait: float = 5.0) -> list[str]:
        """Digests of the changes, once nothing more comes."""
        end = time.monotonic() + wait
        while time.monotonic() < end and not any(sight.what is Seen.CHANGED for sight in self.sights):
            time.sleep(0.05)
        time.sleep(4 * QUIET)
        return [sight.sha256 for sight in self.sights if sight.what is Seen.CHANGED]

    def quiet_for(self, seconds: float = 4 * QUIET) -> list[str]:
        time.sleep(seconds)
        return [sight.sha256 for sight in self.sights if sight.what is Seen.CHANGED]


@pytest.fixture(scope="module")
def versions(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two versions of a workbook."""
    folder = tmp_path_factory.mktemp("versions")
    first, second = folder / "first.xlsx", folder / "second.xlsx"
    shutil.copyfile(ROOT / "samples" / "register.zh.xlsx", first)
    book = open_book(first)
    edit_cells(first, second, book.sheet_names[1], {"A1": "二"})
    return first, second


@pytest.fixture
def register(tmp_path: Path, versions: tuple[Path, Path]) -> Path:
    path = tmp_path / "share" / "register.xlsx"
    path.parent.mkdir()
    shutil.copyfile(versions[0], path)
    return path


# The ways programs save, as seen on Linux and written down by Microsoft (KB 814068).


def in_place(path: Path, new: Path) -> None:
    path.write_bytes(new.read_bytes())


def like_excel(path: Path, new: Path) -> None:
    part = path.with_name("Cedd4100")
    shutil.copyfile(new, part)
    path.unlink()
    time.sleep(0.02)
    part.rename(path)


def like_excel_with_backup(path: Path, new: Path) -> None:
    part, backup = path.with_name("A0B1C2D3"), path.with_name("F1B2C3D4.tmp")
    shutil.copyfile(new, part)
    path.rename(backup)
    part.rename(path)
    backup.unlink()


def like_libreoffice(path: Path, new: Path) -> None:
    lock = path.with_name(f".~lock.{path.name}#")
    lock.write_text(",lin,PC-7,15.07.2026 20:00,file:///home/lin;", "utf-8")
    part = path.with_name("lu15502126m7.tmp")
    shutil.copyfile(new, part)
    part.replace(path)
    with path.open("r+b"):
        pass  # it opens what it has saved for writing and closes it unchanged
    lock.unlink()


def slowly(path: Path, new: Path) -> None:
    data = new.read_bytes()
    with path.open("wb") as file:
        for start in range(0, len(data), len(data) // 4 + 1):
            file.write(data[start : start + len(data) // 4 + 1])
            file.flush()
            time.sleep(2 * QUIET)  # longer than the rest asked for: only the whole package decides


def moved_in(path: Path, new: Path) -> None:
    outside = path.parent.parent / "outside.xlsx"
    shutil.copyfile(new, outside)
    outside.replace(path)


@pytest.mark.parametrize("save", [in_place, like_excel, like_excel_with_backup, like_libreoffice, slowly, moved_in])
def test_every_way_of_saving_is_one_change(
    register: Path, versions: tuple[Path, Path], save: Callable[[Path, Path], None]
) -> None:
    with Watched(register) as watched:
        save(register, versions[1])
        assert watched.changes() == [digest_file(versions[1])]


def test_ten_saves_in_a_row_are_one_change(register: Path, versions: tuple[Path, Path]) -> None:
    with Watched(register) as watched:
        for number in range(10):
            like_excel(register, versions[(number + 1) % 2])
        like_excel(register, versions[1])
        assert watched.changes() == [digest_file(versions[1])]


def test_a_second_save_later_is_a_second_change(register: Path, versions: tuple[Path, Path]) -> None:
    with Watched(register) as watched:
        like_excel(register, versions[1])
        assert len(watched.changes()) == 1
        like_excel(register, versions[0])
        time.sleep(4 * QUIET)
        assert watched.changes() == [digest_file(versions[1]), digest_file(versions[0])]


def read_it(path: Path) -> None:
    path.read_bytes()


def touch_it(path: Path) -> None:
    path.touch()


def open_and_close_it(path: Path) -> None:
    with path.open("r+b"):
        pass


def owner_file_of_excel(path: Path) -> None:
    file = path.with_name(f"~${path.name}")
    file.write_bytes(b"\x03lin" + b" " * 51)
    time.sleep(0.1)
    file.unlink()


def other_files(path: Path) -> None:
    (path.parent / "notes.docx").write_bytes(b"x")
    (path.parent / ".qt-tmp-abc").write_bytes(b"x")


@pytest.mark.parametrize("act", [read_it, touch_it, open_and_close_it, owner_file_of_excel, other_files])
def test_what_leaves_the_bytes_alone_is_no_change(register: Path, act: Callable[[Path], None]) -> None:
    with Watched(register) as watched:
        act(register)
        assert watched.quiet_for() == []


def test_a_re_scan_finds_what_no_event_told(register: Path, versions: tuple[Path, Path]) -> None:
    with Watched(register, rescan=0.3) as watched:
        watched.watch._observer.unschedule_all()  # as on a share that another machine writes
        like_excel(register, versions[1])
        assert watched.changes() == [digest_file(versions[1])]


def test_a_polled_folder_tells_the_same(register: Path, versions: tuple[Path, Path]) -> None:
    with Watched(register, poll=True) as watched:
        like_excel(register, versions[1])
        assert watched.changes() == [digest_file(versions[1])]


def test_half_a_package_is_never_taken_for_whole(tmp_path: Path, versions: tuple[Path, Path]) -> None:
    data = versions[0].read_bytes()
    half = tmp_path / "half.xlsx"
    for share in (0, 1, len(data) // 2, len(data) - 1):
        half.write_bytes(data[:share])
        assert not is_whole(half)
    half.write_bytes(data)
    assert is_whole(half)


def test_letting_go_of_the_register_is_seen(register: Path) -> None:
    lock = register.with_name(f"~${register.name}")
    lock.write_bytes(b"\x03lin" + b" " * 51)
    with Watched(register) as watched:
        lock.unlink()
        time.sleep(4 * QUIET)
        assert [sight.what for sight in watched.sights if sight.what is not Seen.SAME] == [Seen.FREED]


# With the whole program behind it.


@pytest.fixture
def config(demo: Path, tmp_path: Path) -> Config:
    folder = tmp_path / "demo"
    shutil.copytree(demo, folder)
    owner_path(folder / "register.xlsx").unlink()
    file = folder / "qtemplate.toml"
    text = re.sub(r"(?m)^quiet_seconds = .*$", f"quiet_seconds = {QUIET}", file.read_text("utf-8"))
    file.write_text(text, "utf-8")
    loaded = load_config(file)
    assert loaded.watch.quiet_seconds == QUIET
    return loaded


class Watching:
    """`watch` in a thread; its lines, and how often it ran."""

    def __init__(self, config: Config) -> None:
        self.lines: list[str] = []
        self.code: int | None = None
        self._ready = threading.Event()
        self._watch: RegisterWatch | None = None
        self._config, self._moment = config, dt.datetime.fromisoformat(NOW)
        self._thread = threading.Thread(target=self._run, daemon=True)

    def _run(self) -> None:
        self.code = watch_register(
            self._config, tell=self.lines.append, language="en", moment=self._moment, started=self._started
        )

    def _started(self, watch: RegisterWatch) -> None:
        self._watch = watch
        self._ready.set()

    def __enter__(self) -> Watching:
        self._thread.start()
        assert self._ready.wait(20)
        time.sleep(3 * QUIET)
        return self

    def __exit__(self, *_: object) -> None:
        assert self._watch is not None
        self._watch.stop()
        self._thread.join(30)

    def runs(self, wanted: int, wait: float = 30.0) -> int:
        """How many runs there were, once that many are done and nothing more comes."""
        end = time.monotonic() + wait
        while time.monotonic() < end and self._count() < wanted:
            time.sleep(0.05)
        time.sleep(6 * QUIET)
        return self._count()

    def _count(self) -> int:
        return sum(" cells, " in line for line in self.lines)


def raise_severity(config: Config) -> int:
    """A person makes a normal row worse, saved by replacing the file; the worksheet row."""
    path = config.register.path
    register = read_register(open_book(path))
    graded = register.frame[(register.frame["level"] == "normal") & register.frame["closed_at"].isna()]
    row = int(graded.index[0])
    cell = register.cell(row, "severity")
    assert cell is not None
    edit_cells(path, path, register.sheet, {cell.address: 5})
    return row


def test_a_change_is_run_once_and_our_own_write_is_not(config: Config) -> None:
    with Watching(config) as watching:
        assert watching.runs(0) == 0  # the demo's own write, known from the journal
        row = raise_severity(config)
        assert watching.runs(1) == 1
        register = read_register(open_book(config.register.path))
        assert register.value(row, "suggested_level") in ("urgent", "major")
    assert watching.code == 0


def test_a_restart_knows_what_was_dealt_with(config: Config) -> None:
    with Watching(config) as watching:
        raise_severity(config)
        assert watching.runs(1) == 1
    with Watching(config) as again:
        assert again.runs(0) == 0


def test_a_change_made_while_nobody_watched_is_run_at_the_start(config: Config) -> None:
    raise_severity(config)
    with Watching(config) as watching:
        assert watching.runs(1) == 1


def test_a_re_scan_runs_where_something_else_has_changed_or_is_due(config: Config) -> None:
    text = re.sub(r"(?m)^rescan_seconds = .*$", "rescan_seconds = 1", config.path.read_text("utf-8"))
    config.path.write_text(text, "utf-8")
    config = load_config(config.path)
    run(config, dt.datetime.fromisoformat(NOW))
    with Watching(config) as watching:
        time.sleep(1.5)
        assert watching.runs(0) == 0
        folder = config.workspace / "templates"
        folder.mkdir()
        (folder / "notes.txt").write_text("ours", "utf-8")
        assert watching.runs(1) == 1
        time.sleep(1.5)
        assert watching.runs(1) == 1
    assert [line[10:] for line in watching.lines[1:2]] == ["Something else has changed or is due: running"]


def test_what_a_person_kept_open_is_written_when_they_let_go(config: Config) -> None:
    lock = config.register.path.with_name("~$register.xlsx")
    with Watching(config) as watching:
        lock.write_bytes(b"\x03lin" + b" " * 51)
        row = raise_severity(config)
        assert watching.runs(1) == 1
        register = read_register(open_book(config.register.path))
        assert register.value(row, "suggested_level") == "normal"
        lock.unlink()
        assert watching.runs(2) == 2
        register = read_register(open_book(config.register.path))
        assert register.value(row, "suggested_level") in ("urgent", "major")


def test_the_nightly_run_beside_it_wakes_nobody(config: Config) -> None:
    with Watching(config) as watching:
        run(config, dt.datetime(2026, 7, 16, 20))
        time.sleep(8 * QUIET)
        assert watching.runs(0) == 0
    with looking(config) as workspace:
        assert workspace.journal.is_own_write(digest_file(config.register.path))


@pytest.fixture
def started(config: Config) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "qtemplate", "watch", "--config", str(config.path), "--lang", "en", "--trace"],
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"},
        cwd=ROOT,
    )
    assert process.stdout is not None
    assert "Watching" in process.stdout.readline()
    yield process
    process.kill()
    process.wait(10)
    process.stdout.close()


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
@pytest.mark.skipif(sys.platform == "win32", reason="no POSIX signals")
def test_a_signal_ends_it_cleanly(started: subprocess.Popen[str], sent: signal.Signals, code: int) -> None:
    started.send_signal(sent)
    assert started.wait(20) == code
    assert started.stdout is not None
    assert "Ended; 0 runs" in started.stdout.read()


def test_a_trace_prints_what_was_seen(started: subprocess.Popen[str], config: Config) -> None:
    config.register.path.touch()
    time.sleep(4 * QUIET)
    started.send_signal(signal.SIGTERM)
    started.wait(20)
    assert started.stdout is not None
    lines = started.stdout.read()
    assert "modified register.xlsx" in lines or "attrib" in lines or "the same bytes" in lines
