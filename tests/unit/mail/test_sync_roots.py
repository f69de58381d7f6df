"""Folders that a client keeps in step, the copies conflicts leave, and disks that send no events."""

from __future__ import annotations

from pathlib import Path

import pytest

from qtemplate.files import file_systems
from qtemplate.files.file_systems import file_system, is_remote
from qtemplate.files.sync_roots import conflict_copies, find_sync_root


@pytest.mark.parametrize(
    ("folder", "client"),
    [
        ("OneDrive", "OneDrive"),
        ("OneDrive - 某某公司", "OneDrive"),
        ("坚果云", "坚果云 Nutstore"),
        ("我的坚果云", "坚果云 Nutstore"),
        ("Nutstore Files", "坚果云 Nutstore"),
        ("Dropbox (Corp)", "Dropbox"),
        ("WPS云盘", "WPS 云盘"),
        ("BaiduSyncdisk", "百度网盘"),
        ("Nextcloud", "Nextcloud"),
    ],
)
def test_a_client_is_known_by_its_folder(tmp_path: Path, folder: str, client: str) -> None:
    path = tmp_path / folder / "质量" / "register.xlsx"
    assert find_sync_root(path, {}) == (tmp_path / folder, client)


@pytest.mark.parametrize("folder", ["drive", "OneDriver", "quality", "dropbox-old", "坚果"])
def test_other_folders_are_no_sync_roots(tmp_path: Path, folder: str) -> None:
    assert find_sync_root(tmp_path / folder / "register.xlsx", {}) is None


@pytest.mark.parametrize(
    ("mark", "client"),
    [(".dropbox.cache", "Dropbox"), (".stfolder", "Syncthing"), (".sync_0123456789ab.db", "Nextcloud")],
)
def test_a_renamed_folder_is_known_by_the_mark_in_it(tmp_path: Path, mark: str, client: str) -> None:
    (tmp_path / "shared" / "a").mkdir(parents=True)
    (tmp_path / "shared" / mark).touch()
    assert find_sync_root(tmp_path / "shared" / "a" / "register.xlsx", {}) == (tmp_path / "shared", client)


def test_onedrive_is_known_by_the_environment(tmp_path: Path) -> None:
    environment = {"OneDriveCommercial": str(tmp_path / "Firma")}
    assert find_sync_root(tmp_path / "Firma" / "register.xlsx", environment) == (tmp_path / "Firma", "OneDrive")
    assert find_sync_root(tmp_path / "other" / "register.xlsx", environment) is None


def test_conflict_copies_are_told_from_other_files(tmp_path: Path) -> None:
    register = tmp_path / "登记表.xlsx"
    copies = [
        "登记表 (DESKTOP-1的冲突副本 2026-07-15).xlsx",
        "登记表 (Lin's conflicted copy 2026-07-15).xlsx",
        "登记表-DESKTOP-AB12CD.xlsx",
        "登记表-冲突-林静.xlsx",
        "登记表.sync-conflict-20260715-200000-ABCDEFG.xlsx",
        "登记表_conflict-20260715-200000.xlsx",
    ]
    for name in [*copies, register.name, "登记表 备份.xlsx", "冲突处理.xlsx", "登记表-冲突.txt"]:
        (tmp_path / name).touch()
    assert [file.name for file in conflict_copies(register)] == sorted(copies)


def test_the_longest_mount_names_the_file_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(
        "22 1 8:1 / / rw - ext4 /dev/sda1 rw\n"
        "40 22 0:50 / /mnt/quality\\040share rw - cifs //server/q rw\n"
        "41 40 8:2 / /mnt/quality\\040share/local rw - ext4 /dev/sdb1 rw\n"
        "42 22 0:51 / /mnt/ssh rw - fuse.sshfs host: rw\n"
        "43 22 8:3 / /mnt/usb rw - fuseblk /dev/sdc1 rw\n"
        "broken line\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(file_systems, "MOUNTS", mounts)
    found = {
        str(path): (file_system(path), is_remote(path))
        for path in map(
            Path,
            (
                "/srv/register.xlsx", "/mnt/quality share/register.xlsx", "/mnt/quality share/local/register.xlsx",
                "/mnt/ssh/register.xlsx", "/mnt/usb/register.xlsx",
            ),
        )
    }  # fmt: skip
    assert list(found.values()) == [
        ("ext4", False), ("cifs", True), ("ext4", False), ("fuse.sshfs", True), ("fuseblk", False),
    ]  # fmt: skip


def test_a_network_path_of_windows_is_remote() -> None:
    assert is_remote(Path("//server/quality/register.xlsx"))


def test_a_system_that_names_no_mounts_counts_as_local(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_systems, "MOUNTS", tmp_path / "nowhere")
    assert not is_remote(Path("/Users/lin/register.xlsx"))
