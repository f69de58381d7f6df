"""The file's last step: held open by somebody, vetoed, or done; simulated where it needs another system."""

from __future__ import annotations

from pathlib import Path

import pytest
from workbook_makers import HandMade

from qtemplate.errors import RegisterLocked
from qtemplate.sheets import edit_cells
from qtemplate.sheets import replace_file as module


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
