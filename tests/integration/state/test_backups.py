"""Copies of the register: kept by count and age; without one nothing is written, and that is said."""

from __future__ import annotations

import datetime as dt
import json
import os
from pathlib import Path

import pytest
from person import edit_lines, read_lines
from registers import NOW, WHOLE, make_workspace
from told import typed
from workspace_state import mails

from qtemplate.config import load_config
from qtemplate.errors import NotWritten
from qtemplate.files.backups import keep_backup
from qtemplate.jobs.run import run
from qtemplate.plan import Result

LATER = dt.datetime(2026, 11, 22, 5, 30, tzinfo=dt.UTC)


def aged(folder: Path, days: float, number: int) -> Path:
    """A copy so many days old."""
    folder.mkdir(exist_ok=True)
    file = folder / f"register-{20260101 + number}-053000.xlsx"
    file.write_bytes(b"old")
    then = LATER.timestamp() - days * 86_400
    os.utime(file, (then, then))
    return file


def names(files: list[Path]) -> list[str]:
    return [file.name for file in files]


@pytest.fixture
def register(tmp_path: Path) -> Path:
    file = tmp_path / "register.xlsx"
    file.write_bytes(b"the register")
    return file


def test_only_copies_that_are_too_many_and_too_old_go(register: Path, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    files = [aged(folder, days, number) for number, days in enumerate((90, 60, 40, 20, 10, 1))]
    strangers = [folder / "register.xlsx", folder / "notes.txt", folder / "register-2025-年终存档-勿删.xlsx"]
    for file in strangers:
        file.write_bytes(b"kept")
        os.utime(file, (0, 0))
    made = keep_backup(register, folder, LATER, keep=3, days=30, made=names(files))
    assert made.read_bytes() == b"the register"
    assert sorted(folder.iterdir()) == sorted([*files[3:], made, *strangers])


def test_many_young_copies_stay_and_few_old_ones_too(register: Path, tmp_path: Path) -> None:
    young = [aged(tmp_path / "young", 1, number) for number in range(9)]
    keep_backup(register, tmp_path / "young", LATER, keep=2, days=30, made=names(young))
    assert all(file.exists() for file in young)
    old = [aged(tmp_path / "old", 400, number) for number in range(3)]
    keep_backup(register, tmp_path / "old", LATER, keep=4, days=30, made=names(old))
    assert all(file.exists() for file in old)


def test_copies_of_one_second_get_numbers(register: Path, tmp_path: Path) -> None:
    made = [keep_backup(register, tmp_path / "backups", LATER, keep=9, days=30, made=()).name for _ in range(3)]
    assert made == [f"register-20261122-053000{tail}.xlsx" for tail in ("", "-2", "-3")]


def test_a_full_disk_leaves_no_half_copy(register: Path, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    (folder / "register-20261122-053000.part").symlink_to("/dev/full")
    with pytest.raises(NotWritten, match="No space left"):
        keep_backup(register, folder, LATER, keep=3, days=30, made=())
    assert list(folder.iterdir()) == []


def test_without_a_backup_nothing_is_written_and_the_run_says_so(tmp_path: Path) -> None:
    make_workspace(tmp_path, [WHOLE])
    before = (tmp_path / "register.xlsx").read_bytes()
    (tmp_path / "backups").write_text("a file where the folder should be")
    said = typed(tmp_path, "run", "--json", "--now", NOW.isoformat())
    report = json.loads(said.stdout)
    assert said.returncode == 5
    assert [item["severity"] for item in report["findings"] if item["code"] == "QT712"] == ["error"]
    assert "backups" in next(item["message"] for item in report["findings"] if item["code"] == "QT712")
    assert (report["edits"], report["outcomes"]["deferred"] > 5) == ([], True)
    assert (tmp_path / "register.xlsx").read_bytes() == before
    assert not list(tmp_path.glob(".qt-tmp-*"))
    assert not any("QF-2026-0001" in name for name in mails(tmp_path))
    (tmp_path / "backups").unlink()
    config = load_config(tmp_path / "qtemplate.toml")
    assert run(config, NOW).outcomes[Result.DEFERRED] == 0
    assert read_lines(tmp_path / "register.xlsx")[0]["id"] == "QF-2026-0001"


def test_a_run_deletes_no_copy_that_it_did_not_make(tmp_path: Path) -> None:
    config = make_workspace(tmp_path, [WHOLE])
    config.write_text(
        config.read_text("utf-8").replace("keep = 30", "keep = 1").replace("days = 90", "days = 1"), "utf-8"
    )
    archive = tmp_path / "backups" / "register-2025-年终存档-勿删.xlsx"
    archive.parent.mkdir(exist_ok=True)
    archive.write_bytes(b"last year")
    os.utime(archive, (0, 0))
    for day in range(2):
        edit_lines(tmp_path / "register.xlsx", lambda lines: lines.append(WHOLE | {"serial": str(len(lines))}))
        run(load_config(config), NOW + dt.timedelta(days=day))
    assert archive.read_bytes() == b"last year"
