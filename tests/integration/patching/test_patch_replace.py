"""The file's last step: held open by somebody, vetoed, or done; simulated where it needs another system."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from workbook_makers import HandMade

from qtemplate.errors import RegisterChanged, RegisterLocked
from qtemplate.ooxml.package import replace_file as module
from qtemplate.ooxml.package.exchange_files import exchange_files
from qtemplate.ooxml.patch import patch_workbook
from qtemplate.sheets import edit_cells


def held_open(times: int, monkeypatch: pytest.MonkeyPatch, code: int = 32) -> list[int]:
    """Let renames fail as Windows lets them fail while a file is open; gives the list of attempts."""
    attempts: list[int] = []
    rename = Path.replace

    def failing(self: Path, target: Path) -> Path:
        attempts.append(code)
        if len(attempts) <= times:
            error = PermissionError(13, "held open")
            error.winerror = code  # type: ignore[attr-defined] # exists on Windows only
            raise error
        return rename(self, target)

    monkeypatch.setattr(module, "exchange_files", lambda one, other: False)  # what Windows cannot
    monkeypatch.setattr(Path, "replace", failing)
    monkeypatch.setattr(module, "_PATIENCE", (0.001, 0.001, 0.001))
    return attempts


def test_a_file_held_open_for_a_moment_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = HandMade().write(tmp_path / "book.xlsx")
    before = path.read_bytes()
    assert held_open(2, monkeypatch) == []
    edit_cells(path, path, "Sheet1", {"A1": 2})
    assert path.read_bytes() != before


def test_a_file_held_open_for_long_is_reported_as_locked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = HandMade().write(tmp_path / "book.xlsx")
    before = path.read_bytes()
    attempts = held_open(99, monkeypatch)
    with pytest.raises(RegisterLocked):
        edit_cells(path, path, "Sheet1", {"A1": 2})
    assert (len(attempts), path.read_bytes(), list(tmp_path.iterdir())) == (4, before, [path])


def test_a_folder_that_may_not_be_written_is_an_ordinary_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = HandMade().write(tmp_path / "book.xlsx")
    attempts = held_open(99, monkeypatch, code=19)
    with pytest.raises(PermissionError):
        edit_cells(path, path, "Sheet1", {"A1": 2})
    assert len(attempts) == 1


def save(path: Path) -> None:
    """As an editor saves: a new file beside it takes its place."""
    beside = path.with_name("editor.tmp")
    beside.write_bytes(b"somebody's")
    beside.replace(path)


Exchange = Callable[[Path, Path], bool]


def interrupted(one: Path, other: Path) -> bool:
    exchange_files(one, other)
    raise KeyboardInterrupt


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets two files change names in one step")
@pytest.mark.parametrize(("exchange", "raised"), [(exchange_files, RegisterChanged), (interrupted, KeyboardInterrupt)])
def test_a_save_at_the_last_moment_is_given_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, exchange: Exchange, raised: type[BaseException]
) -> None:
    path = HandMade().write(tmp_path / "book.xlsx")

    def late(one: Path, other: Path) -> bool:
        save(path)
        return exchange(one, other)

    monkeypatch.setattr(module, "exchange_files", late)
    with pytest.raises(raised):
        edit_cells(path, path, "Sheet1", {"A1": 2})
    assert (path.read_bytes(), list(tmp_path.iterdir())) == (b"somebody's", [path])


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets two files change names in one step")
def test_an_interruption_after_the_exchange_leaves_the_new_register(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, wanted = (HandMade().write(tmp_path / name) for name in ("book.xlsx", "wanted.xlsx"))
    edit_cells(wanted, wanted, "Sheet1", {"A1": 2})
    monkeypatch.setattr(module, "exchange_files", interrupted)
    with pytest.raises(KeyboardInterrupt):
        edit_cells(path, path, "Sheet1", {"A1": 2})
    assert (path.read_bytes(), set(tmp_path.iterdir())) == (wanted.read_bytes(), {path, wanted})


def test_a_file_system_that_renames_where_it_should_exchange_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, wanted = (HandMade().write(tmp_path / name) for name in ("book.xlsx", "wanted.xlsx"))
    edit_cells(wanted, wanted, "Sheet1", {"A1": 2})
    monkeypatch.setattr(module, "exchange_files", lambda one, other: bool(one.replace(other)))
    edit_cells(path, path, "Sheet1", {"A1": 2})
    assert (path.read_bytes(), set(tmp_path.iterdir())) == (wanted.read_bytes(), {path, wanted})


def test_what_was_exchanged_a_moment_ago_is_no_leftover(tmp_path: Path) -> None:
    old, new = tmp_path / "book.xlsx", tmp_path / f"{module.TEMPORARY_PREFIX}x"
    for file in (old, new):
        file.write_bytes(b"")
        os.utime(file, (0, 0))
    new.rename(new)
    module.remove_leftovers(tmp_path, older_than=3600)
    assert new.exists()
    module.remove_leftovers(tmp_path)
    assert not new.exists()


def test_a_save_before_the_last_look_is_seen_where_names_cannot_be_exchanged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = HandMade().write(tmp_path / "book.xlsx")

    monkeypatch.setattr(module, "exchange_files", lambda one, other: False)
    with pytest.raises(RegisterChanged):
        patch_workbook(path, path, edits={"Sheet1": {"A1": 2}}, before_replace=lambda sha256: save(path))
    assert (path.read_bytes(), list(tmp_path.iterdir())) == (b"somebody's", [path])


def test_a_register_that_was_moved_away_is_not_made_anew(tmp_path: Path) -> None:
    path = HandMade().write(tmp_path / "book.xlsx")
    away = tmp_path / "away.xlsx"

    def move_away(sha256: str) -> None:
        path.rename(away)

    with pytest.raises(FileNotFoundError):
        patch_workbook(path, path, edits={"Sheet1": {"A1": 2}}, before_replace=move_away)
    assert list(tmp_path.iterdir()) == [away]
