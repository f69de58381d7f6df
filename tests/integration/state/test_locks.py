"""Who has the register open: what their programs leave beside it, and what a run makes of it.

Excel, WPS and Windows are not here: owner files are made after their documented layouts, sharing violations are
simulated by renames that fail as Windows lets them fail. LibreOffice is real in `test_second_editor.py`.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from person import read_lines
from registers import NOW, WHOLE, make_workspace

from qtemplate.config import load_config
from qtemplate.files.locks import STALE_AFTER, find_owner
from qtemplate.jobs.run import run
from qtemplate.ooxml.package import replace_file as module
from qtemplate.plan import Result
from qtemplate.texts import say_finding


def excel_file(name: str, code_page: str = "gb18030") -> bytes:
    """165 bytes: length, name in the code page and blanks to byte 55, length, name in UTF-16 and blanks."""
    narrow = name.encode(code_page)
    wide = name.encode("utf-16-le") + b" \0" * (54 - len(name))
    return (bytes([len(narrow)]) + narrow).ljust(55, b" ") + bytes([len(name), 0]) + wide


OWNERS: list[tuple[str, bytes, str]] = [
    ("~$登记表.xlsx", excel_file("王芳"), "王芳"),
    ("~$登记表.xlsx", excel_file("Zoë Müller", "cp1252"), "Zoë Müller"),
    ("~$登记表.xlsx", bytes([4]) + "王芳".encode("gb18030") + b" " * 49, "王芳"),
    (".~登记表.xlsx", excel_file("李雷"), "李雷"),
    (".~记表.xlsx", excel_file("李雷"), "李雷"),
    (".~lock.登记表.xlsx#", "王芳,wang,pc-1,15.07.2026 19:00,file:///home/wang;".encode(), "王芳"),
    (".~lock.登记表.xlsx#", b",wang,pc-1,15.07.2026 19:00,file:///home/wang;", "wang"),
    ("~$登记表.xlsx", b"", ""),
    ("~$登记表.xlsx", b"\xff\xfe\xfd", ""),
]


@pytest.mark.parametrize(("name", "data", "holder"), OWNERS)
def test_the_holder_is_read_from_the_owner_file(name: str, data: bytes, holder: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(data)
    owner = find_owner(tmp_path / "登记表.xlsx")
    assert owner is not None
    assert (owner.file.name, owner.stale) == (name, False)
    assert owner.name == holder or not holder


def test_owner_files_of_other_workbooks_do_not_count(tmp_path: Path) -> None:
    for name in ("~$别的.xlsx", ".~lock.登记表2.xlsx#", "~$我的登记表.xlsx"):
        (tmp_path / name).write_bytes(excel_file("王芳"))
    assert find_owner(tmp_path / "登记表.xlsx") is None


def test_a_young_owner_file_counts_before_an_old_one(tmp_path: Path) -> None:
    old, young = tmp_path / "~$登记表.xlsx", tmp_path / ".~lock.登记表.xlsx#"
    old.write_bytes(excel_file("王芳"))
    young.write_bytes("李雷,,,,;".encode())
    then = time.time() - STALE_AFTER - 60
    os.utime(old, (then, then))
    owner = find_owner(tmp_path / "登记表.xlsx")
    assert owner is not None and (owner.name, owner.stale) == ("李雷", False)


def test_a_stale_owner_file_is_reported_and_not_obeyed(tmp_path: Path) -> None:
    config = load_config(make_workspace(tmp_path, [WHOLE]))
    lock = tmp_path / "~$register.xlsx"
    lock.write_bytes(excel_file("王芳"))
    then = time.time() - STALE_AFTER - 60
    os.utime(lock, (then, then))
    report = run(config, NOW)
    assert report.outcomes[Result.DEFERRED] == 0
    said = [say_finding(item, "zh").message for item in report.findings if item.code == "QT705"]
    assert len(said) == 1 and "~$register.xlsx" in said[0] and "王芳" in said[0]
    assert lock.exists()
    lock.unlink()
    assert [item.code for item in run(config, NOW).findings if item.code == "QT705"] == []


def test_a_sharing_violation_keeps_the_plan_and_the_next_run_writes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Simulated: the rename over the register fails with Windows' error 32, as while Excel has it open."""
    config = load_config(make_workspace(tmp_path, [WHOLE]))
    before = config.register.path.read_bytes()
    rename = Path.replace

    def held(self: Path, target: Path) -> Path:
        if Path(target).name == "register.xlsx":
            error = PermissionError(13, "held open")
            error.winerror = 32  # type: ignore[attr-defined] # exists on Windows only
            raise error
        return rename(self, target)

    with monkeypatch.context() as patched:
        patched.setattr(module, "exchange_files", lambda one, other: False)  # Windows has no such thing
        patched.setattr(Path, "replace", held)
        patched.setattr(module, "_PATIENCE", (0.001, 0.001))
        report = run(config, NOW)
    assert (report.exit_code, report.outcomes[Result.FAILED], report.edits) == (5, 0, ())
    assert config.register.path.read_bytes() == before
    assert not list(tmp_path.glob(".qt-tmp-*"))
    free = run(config, NOW)
    assert free.outcomes[Result.DEFERRED] == 0
    assert read_lines(config.register.path)[0]["id"] == "QF-2026-0001"
