"""What a workspace keeps is as private as its register, and a register stays whose it was when it is replaced."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from registers import NOW, WHOLE, make_workspace
from workbook_makers import HandMade
from workspace_state import files_below

from qtemplate.config import load_config
from qtemplate.files.owner_file import owner_path
from qtemplate.jobs.run import run
from qtemplate.sheets import edit_cells

pytestmark = pytest.mark.skipif(os.name != "posix", reason="modes are POSIX")

PEOPLES = {"register.xlsx", "qtemplate.toml"}
"""What people made, with the mode they gave it."""


def modes(folder: Path) -> dict[str, int]:
    """Path -> mode of everything that the program made below a folder."""
    return {
        str(path.relative_to(folder)): path.lstat().st_mode & 0o777
        for path in folder.rglob("*")
        if str(path.relative_to(folder)) not in PEOPLES
    }


def workspace_with(folder: Path, mode: int, mask: int) -> Path:
    """A workspace whose register has this mode, after a run under this umask."""
    path = make_workspace(
        folder, [{**WHOLE, "department": "研发部", "owner": "陈晨", "cause": "design", "level": "normal"}]
    )
    (folder / "register.xlsx").chmod(mode)
    before = os.umask(mask)
    try:
        report = run(load_config(path), NOW)
        assert os.umask(mask) == mask
    finally:
        os.umask(before)
    assert {message.kind for message in report.messages}
    return folder


@pytest.mark.parametrize(
    ("mode", "mask", "file", "directory"),
    [
        (0o600, 0o022, 0o600, 0o700),
        (0o640, 0o022, 0o640, 0o750),
        (0o644, 0o022, 0o644, 0o755),
        (0o644, 0o077, 0o600, 0o700),
    ],
)
def test_whatever_a_run_makes_is_as_private_as_the_register_and_as_the_umask(
    tmp_path: Path, mode: int, mask: int, file: int, directory: int
) -> None:
    folder = workspace_with(tmp_path / "w", mode, mask)
    made = modes(folder)
    kinds = {name: directory if (folder / name).is_dir() else file for name in made}
    # the key is its user's alone, whatever the register lets others do; the board is for the group of the server of
    # pages, which comes to it only where the folder lets it
    assert made == kinds | {".qtemplate/forms.key": 0o600, "web/export/board.html": 0o640}
    parts = {Path(name).parts[0] for name in made}
    assert parts == {".qtemplate", ".register.xlsx.qtemplate", "outbox", "backups", "forms", "web"}
    assert (folder / "register.xlsx").stat().st_mode & 0o777 == mode


def test_a_register_that_is_made_private_later_takes_what_is_there_with_it(tmp_path: Path) -> None:
    folder = workspace_with(tmp_path / "w", 0o644, 0o022)
    (folder / "forms" / "in").mkdir(mode=0o755, exist_ok=True)
    (folder / "register.xlsx").chmod(0o600)
    run(load_config(folder / "qtemplate.toml"), NOW)
    found = modes(folder)
    private = {name: found[name] for name in (".qtemplate", ".qtemplate/state.db", "outbox", "backups", "forms/out")}
    assert set(private.values()) == {0o700, 0o600}
    assert found[owner_path(folder / "register.xlsx").name] == 0o600
    assert found["forms/in"] == 0o755


def test_a_run_that_only_proposes_writes_nothing_beside_the_register(tmp_path: Path) -> None:
    path = make_workspace(tmp_path / "w", [WHOLE])
    share = tmp_path / "share"
    share.mkdir()
    (tmp_path / "w" / "register.xlsx").rename(share / "register.xlsx")
    text = path.read_text("utf-8").replace('write = "auto"', 'write = "propose"')
    path.write_text(text.replace('path = "register.xlsx"', f'path = "{share / "register.xlsx"}"'), "utf-8")
    config = load_config(path)
    before, moment = files_below(share), share.stat().st_mtime_ns
    report = run(config, NOW)
    assert (config.register.path, bool(report.edits)) == (share / "register.xlsx", False)
    assert (files_below(share), share.stat().st_mtime_ns) == (before, moment)


def test_a_group_that_one_belongs_to_survives_where_the_owner_cannot(tmp_path: Path) -> None:
    path = HandMade().write(tmp_path / "book.xlsx")
    group = max(os.getgroups(), default=os.getgid())
    command = [sys.executable, "-c", "import sys; from qtemplate.sheets import edit_cells; from pathlib import Path; "
               "edit_cells(Path(sys.argv[1]), Path(sys.argv[1]), 'Sheet1', {'A1': 2})", str(path)]  # fmt: skip
    if os.geteuid() == 0:  # root may give files away, unless it gives that up
        group = 12_345
        os.chown(path, 1_234, group)
        command = ["setpriv", "--bounding-set=-chown", f"--groups=0,{group}", *command]
    else:
        os.chown(path, -1, group)
    path.chmod(0o660)
    before = path.read_bytes()
    subprocess.run(command, check=True, timeout=60)
    assert path.read_bytes() != before
    assert (path.stat().st_gid, path.stat().st_mode & 0o777) == (group, 0o660)


def test_a_register_keeps_its_owner(tmp_path: Path) -> None:
    path = HandMade().write(tmp_path / "book.xlsx")
    owner = (1_234, 12_345) if os.geteuid() == 0 else (os.getuid(), os.getgid())
    os.chown(path, *owner)
    path.chmod(0o640)
    edit_cells(path, path, "Sheet1", {"A1": 2})
    found = path.stat()
    assert ((found.st_uid, found.st_gid), found.st_mode & 0o777) == (owner, 0o640)
