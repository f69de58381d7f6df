"""One workspace writes a register: copies of it, and states that were restored, stop before anybody is mailed twice."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from demo_workspaces import first_run
from person import edit_lines, read_lines
from registers import ASSESSED, NOW, WHOLE, Row, make_workspace, memory_of, register_of, standard_rules
from scenes import scene_rows
from workspace_state import files_below, mails, queue

from qtemplate.config import load_config
from qtemplate.errors import RegisterUnreadable
from qtemplate.files.owner_file import owner_path, read_owner
from qtemplate.jobs.owning.claim import claim, done_mails
from qtemplate.jobs.owning.ownership import NotOwner
from qtemplate.jobs.run import plan, run
from qtemplate.rules import make_plan
from qtemplate.rules.situation import Situation

LATER = NOW.replace(day=16)
SOLVED_CELLS = {"implemented_at": NOW.replace(day=15, hour=19), "solution": "重新压接排线", "containment": "停用该批次"}


def run_in(folder: Path, moment: object = NOW) -> None:
    run(load_config(folder / "qtemplate.toml"), moment)  # type: ignore[arg-type] # always a datetime


def counter(folder: Path) -> int | None:
    owner = read_owner(folder / "register.xlsx")
    return None if owner is None else owner.runs


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A workspace after its first night."""
    folder = tmp_path / "work"
    first_run(folder, scene_rows())
    return folder


def add_row(folder: Path) -> None:
    edit_lines(folder / "register.xlsx", lambda lines: lines.append({**WHOLE, "title": "按键没有反应", "serial": "7"}))


def test_a_copied_workspace_mails_nobody_and_says_what_to_do(folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    add_row(copy)
    before = files_below(copy)
    with pytest.raises(NotOwner, match=r"is a copy of it, or it was moved here.*qtemplate claim"):
        run_in(copy, LATER)
    after = files_below(copy)
    assert {name: data for name, data in after.items() if not name.startswith(".qtemplate")} == {
        name: data for name, data in before.items() if not name.startswith(".qtemplate")
    }
    assert plan(load_config(copy / "qtemplate.toml"), LATER).messages  # looking is allowed


def test_a_moved_workspace_goes_on_after_claim_and_sends_nothing_twice(folder: Path, tmp_path: Path) -> None:
    moved, sent = tmp_path / "moved", mails(folder)
    folder.rename(moved)
    with pytest.raises(NotOwner):
        run_in(moved)
    claim(load_config(moved / "qtemplate.toml"), NOW)
    run_in(moved)
    assert mails(moved) == sent


def test_the_place_that_was_taken_over_stops(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(folder, other)
    config = other / "qtemplate.toml"
    register = str(folder / "register.xlsx")
    config.write_text(config.read_text("utf-8").replace('"register.xlsx"', json.dumps(register)), "utf-8")
    claim(load_config(config), NOW)
    run(load_config(config), NOW)
    with pytest.raises(NotOwner):
        run_in(folder)


def test_a_folder_under_another_name_is_the_same_folder(folder: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(folder, target_is_directory=True)
    run_in(link)


def test_a_state_restored_from_a_backup_is_older_than_the_register_knows(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder / ".qtemplate", tmp_path / "backup")
    add_row(folder)
    run_in(folder, LATER)
    sent, known = mails(folder), queue(folder)
    shutil.rmtree(folder / ".qtemplate")
    shutil.copytree(tmp_path / "backup", folder / ".qtemplate")
    with pytest.raises(NotOwner, match=r"is older than .*qtemplate claim"):
        run_in(folder, LATER)
    answer = claim(load_config(folder / "qtemplate.toml"), LATER)
    listed = {each["key"] for each in answer.data["sent"]}
    assert {key for key in known if key.startswith("M01")} - set(queue(folder)) == set()
    run_in(folder, LATER)
    news = {name: data for name, data in mails(folder).items() if name not in sent}
    assert listed and not [name for name in news if "M01" in name or "M03" in name or "M14" in name]
    outside = [key for key in queue(folder) if key not in known and key.split("/")[0] in ("M01", "M02", "M03", "M18")]
    assert [key for key in outside if key not in listed] == []


def test_a_status_that_a_lost_run_wrote_is_the_programs_after_claim(tmp_path: Path) -> None:
    folder, backup = tmp_path / "work", tmp_path / "backup"
    make_workspace(folder, scene_rows())
    register = folder / "register.xlsx"
    run_in(folder)
    row = next(at for at, line in enumerate(read_lines(register)) if line["status"] == "处理中" and not line["notes"])
    shutil.copytree(folder / ".qtemplate", backup)
    edit_lines(register, lambda lines: lines[row].update(SOLVED_CELLS))
    run_in(folder, LATER)
    assert read_lines(register)[row]["status"] == "待验证"
    shutil.rmtree(folder / ".qtemplate")
    shutil.copytree(backup, folder / ".qtemplate")
    claim(load_config(folder / "qtemplate.toml"), LATER)
    edit_lines(register, lambda lines: lines[row].update(verifier="杜鹃", verify_result="通过", verified_at=LATER))
    run_in(folder, LATER.replace(hour=20))
    assert read_lines(register)[row]["status"] == "待答复"


@pytest.mark.parametrize(
    ("shown", "done"),
    [({"reopened": 1, "related": "QF-2026-0002"}, {"M20", "M22"}), ({"related": "QF-2026-0002"}, {"M22"})],
)
def test_a_reopening_and_a_recurrence_that_the_row_shows_have_been_told(shown: Row, done: set[str]) -> None:
    hour, id = dt.timedelta(hours=1), "QF-2026-0001"
    other = {
        "serial": "77",
        "reporter": "李娜",
        "email": "li@example.com",
        "title": "充电口发烫变形",
        "description": "充电后接口发烫变形了。" * 2,
    }
    rows = (
        ASSESSED | {"level": "major", "received_at": NOW - 3 * hour} | shown,
        ASSESSED
        | other
        | {"level": "major", "received_at": NOW - 480 * hour, "description": "充电后接口发烫变形了。" * 2},
    )
    facts = {(id, "cycle"): 2, (id, "reopened_at"): (NOW - hour).isoformat()}
    situation = Situation(register_of(*rows), standard_rules(), memory_of({}, facts=facts), NOW)
    made, _ = make_plan(situation)
    kinds = {"M20", "M22"}
    assert kinds <= {str(message.kind) for message in made.messages}
    assert {str(each.key.kind) for each in done_mails(situation, made)} & kinds == done


def test_the_counter_rises_with_each_run_that_wrote_or_sent_and_with_no_other(folder: Path) -> None:
    assert counter(folder) == 1
    run_in(folder)
    assert counter(folder) == 1
    add_row(folder)
    run_in(folder)
    assert counter(folder) == 2


def test_a_marker_of_the_former_form_is_taken_over_silently_once(folder: Path, tmp_path: Path) -> None:
    file = owner_path(folder / "register.xlsx")
    former = {name: value for name, value in json.loads(file.read_text("utf-8")).items() if name in ("workspace",)}
    file.write_text(json.dumps(former | {"folder": "/somewhere/else"}), "utf-8")
    run_in(folder)
    assert counter(folder) == 1
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    with pytest.raises(NotOwner):
        run_in(copy)


@pytest.mark.parametrize("spoil", [lambda file: file.write_bytes(b"PK no workbook"), lambda file: file.unlink()])
def test_a_run_that_cannot_read_the_register_does_not_take_it(spoil: Callable[[Path], None], tmp_path: Path) -> None:
    make_workspace(tmp_path, [WHOLE])
    spoil(tmp_path / "register.xlsx")
    with pytest.raises(RegisterUnreadable):
        run_in(tmp_path)
    assert not owner_path(tmp_path / "register.xlsx").exists()


def test_an_owner_file_that_cannot_be_read_stops_a_run_until_claim(folder: Path) -> None:
    owner_path(folder / "register.xlsx").write_bytes(b"\x00")
    with pytest.raises(NotOwner, match="cannot be read"):
        run_in(folder)
    claim(load_config(folder / "qtemplate.toml"), NOW)
    run_in(folder)
