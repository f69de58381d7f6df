"""Whole runs on real files: what changes, what never changes, and what happens when the world is in the way."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from deeds import promised
from demo_workspaces import ToldDemo, first_run
from person import Line, edit_lines, read_lines
from registers import ASSESSED, NOW, WHOLE, make_workspace
from scenes import scene_rows
from told import typed
from workspace_state import copy_workspace, mails, message_ids, queue, sheet_cells

import qtemplate
from qtemplate.apply import Workspace, apply_plan
from qtemplate.config import load_config
from qtemplate.errors import ConfigError, GuardTripped, RegisterChanged, RegisterLocked
from qtemplate.jobs.demo import SAMPLE_MOMENT
from qtemplate.jobs.mail.wording import render_all
from qtemplate.jobs.moment import local_now
from qtemplate.jobs.run import check, plan, run
from qtemplate.jobs.workspace import holding
from qtemplate.jobs.world import read_world, recall
from qtemplate.mailer.compose import workspace_templates
from qtemplate.ooxml.patch import patch_workbook
from qtemplate.plan import Plan, Result
from qtemplate.rules import make_plan
from qtemplate.rules.situation import Situation
from qtemplate.sheets.layout import VIEWS

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(qtemplate.__file__).parents[1]), "QTEMPLATE_LANG": "en"}
MOMENT = "2026-07-16T09:00"


def another_process(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The program as a user starts it, in a workspace."""
    return subprocess.run(
        [sys.executable, "-m", "qtemplate", *arguments],
        cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, timeout=300,
    )  # fmt: skip


def parts(register: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(register) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def change_row(folder: Path, at: int, **values: Any) -> None:
    """A person types into the row at this place."""

    def change(lines: list[Line]) -> None:
        lines[at].update(values)

    edit_lines(folder / "register.xlsx", change)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A workspace with a row in every state, after its first run; a test's own."""
    folder = tmp_path / "workspace"
    first_run(folder, scene_rows())
    return folder


def test_the_demo_run_again_changes_nothing_and_mails_nobody(told_demo: ToldDemo, tmp_path: Path) -> None:
    copy_workspace(told_demo("zh")[0], tmp_path / "demo")
    register, before, sent = tmp_path / "demo" / "register.xlsx", b"", mails(tmp_path / "demo")
    before = register.read_bytes()
    again = another_process(tmp_path / "demo", "run", "--json", "--now", MOMENT)
    said = json.loads(again.stdout)
    assert again.returncode == 3
    assert (said["edits"], said["rows"], said["messages"], said["forms"]) == ([], [], [], [])
    assert register.read_bytes() == before
    assert mails(tmp_path / "demo") == sent
    assert [file.name for file in (tmp_path / "demo").glob("*.xlsx")] == ["register.xlsx"]


def test_a_run_touches_the_parts_of_its_sheets_only_and_no_cell_of_a_person(tmp_path: Path) -> None:
    config = load_config(make_workspace(tmp_path, scene_rows()))
    register = config.register.path
    before, typed = parts(register), read_lines(register)
    run(config, NOW)
    after = parts(register)
    changed = {name for name in before | after if before.get(name) != after.get(name)}
    names = {"反馈登记", "校验结果", "沟通记录", "暂停记录", "变更日志", "统计", *VIEWS}
    sheets = {name for name in changed if name.startswith("xl/worksheets/sheet")}
    assert len(sheets) == len(names)
    assert {name.split("/")[1] for name in changed - sheets} <= {
        "sharedStrings.xml",
        "tables",
        "styles.xml",
        "workbook.xml",
    }
    kept = [{key: value for key, value in line.items() if value is not None} for line in typed]
    found = read_lines(register)
    assert [{key: line[key] for key in row} for row, line in zip(kept, found, strict=True)] == kept


def test_what_a_person_overrules_stays_and_is_reported(workspace: Path) -> None:
    config = load_config(workspace / "qtemplate.toml")
    change_row(workspace, 1, level="轻微", owner="何军")
    report = run(config, NOW)
    line = read_lines(config.register.path)[1]
    assert (line["level"], line["owner"], line["suggested_level"]) == ("轻微", "何军", "重要")
    assert ("QT320", "level") in [(item.code, item.field) for item in report.findings if item.id == line["id"]]


def test_an_older_copy_is_put_right_and_nobody_gets_a_mail_twice(workspace: Path, tmp_path: Path) -> None:
    make_workspace(tmp_path / "made", scene_rows())
    as_made = (tmp_path / "made" / "register.xlsx").read_bytes()
    config = load_config(workspace / "qtemplate.toml")
    register = config.register.path
    first = register.read_bytes()
    later = NOW + dt.timedelta(days=1)
    run(config, later)
    cells, sent = sheet_cells(register, ["反馈登记", "沟通记录", "暂停记录"]), queue(config.workspace)
    for copy in (first, as_made):
        register.write_bytes(copy)
        run(config, later)
        assert sheet_cells(register, ["反馈登记", "沟通记录", "暂停记录"]) == cells
        assert queue(config.workspace) == sent
    assert set(message_ids(config.workspace).values()) == {1}


OWNER_FILES = {
    "~$register.xlsx": b"\x06Wang F" + b" " * 48 + b"\x06\x00" + "Wang F".encode("utf-16-le").ljust(109, b"\0"),
    ".~lock.register.xlsx#": ",王芳,pc-1,15.07.2026 19:00,file:///home/wang;".encode(),
    ".~register.xlsx": b"\x06Wang F" + b" " * 48,
}


@pytest.mark.parametrize("name", OWNER_FILES, ids=["excel", "libreoffice", "wps"])
def test_a_register_that_somebody_has_open_is_written_when_it_is_free(tmp_path: Path, name: str) -> None:
    make_workspace(tmp_path, [row | {"reporter": f"反馈者{at}"} for at, row in enumerate(scene_rows()[:3])])
    register, lock = tmp_path / "register.xlsx", tmp_path / name
    before = register.read_bytes()
    lock.write_bytes(OWNER_FILES[name])
    held = typed(tmp_path, "run", "--json", "--now", MOMENT)
    said = json.loads(held.stdout)
    assert held.returncode == 5
    assert (said["edits"], said["outcomes"]["deferred"] > 10) == ([], True)
    assert register.read_bytes() == before
    assert not any("M01" in file or "M03" in file for file in mails(tmp_path))
    lock.unlink()
    free = typed(tmp_path, "run", "--json", "--now", MOMENT)
    assert free.returncode == 0
    assert [line["id"] for line in read_lines(register)] == ["QF-2026-0001", "QF-2026-0002", "QF-2026-0003"]
    assert set(message_ids(tmp_path).values()) == {1}


def test_an_old_owner_file_of_a_crashed_editor_does_not_stop_a_run(tmp_path: Path) -> None:
    config = load_config(make_workspace(tmp_path, [WHOLE]))
    lock = tmp_path / "~$register.xlsx"
    lock.write_bytes(OWNER_FILES["~$register.xlsx"])
    long_ago = time.time() - 3 * 86_400
    os.utime(lock, (long_ago, long_ago))
    assert run(config, NOW).outcomes.get(Result.DEFERRED, 0) == 0


def test_a_plan_for_older_bytes_is_refused_and_made_anew(workspace: Path) -> None:
    config = load_config(workspace / "qtemplate.toml")
    change_row(workspace, 1, severity=5)
    now = local_now(config, NOW)
    with holding(config) as held:
        world = read_world(config)
        memory = recall(held, world.register, digests=False)
        made, _ = make_plan(Situation(world.register, world.rulebook, memory, NOW))
        rendered, _ = render_all(made.messages, workspace_templates(config), config, now)
        change_row(workspace, 1, severity=3)
        saved = config.register.path.read_bytes()
        with pytest.raises(RegisterChanged):
            apply_plan(held, world.book, world.register, made, rendered, run="r", now=now, send=True)
        assert config.register.path.read_bytes() == saved
        assert held.journal.pending() is None
    run(config, NOW)
    assert read_lines(config.register.path)[1]["level"] == "一般"


def test_a_save_between_two_rounds_is_never_taken_for_the_file_of_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The blocks that a second patch passes by are those of the first, and a save just before it has none of them."""
    config = load_config(make_workspace(tmp_path, [ASSESSED, ASSESSED | {"title": "显示屏闪烁"}]))
    patch, patches = patch_workbook, 0

    def patch_after_a_save(*arguments: Any, **options: Any) -> Any:
        nonlocal patches
        patches += 1
        if patches == 2:
            change_row(tmp_path, 1, severity=3)
        return patch(*arguments, **options)

    monkeypatch.setattr("qtemplate.ooxml.patch.patch_workbook", patch_after_a_save)
    report = run(config, NOW)
    assert [item.code for item in report.findings if item.code in ("QT710", "QT712", "QT713")] == []
    lines = read_lines(config.register.path)
    assert (patches > 2, lines[1]["level"], lines[1]["transferred_at"] is not None) == (True, "一般", True)


def test_a_register_saved_while_it_is_being_written_is_read_again(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A person saves between the reading and the replacing of one run; what they typed is taken up by the same run."""
    config = load_config(workspace / "qtemplate.toml")
    change_row(workspace, 1, severity=5)
    made_plan, saves = make_plan, iter([3])

    def plan_and_save(*arguments: Any) -> Any:
        result = made_plan(*arguments)
        for severity in saves:
            change_row(workspace, 1, severity=severity)
        return result

    monkeypatch.setattr("qtemplate.jobs.round.make_plan", plan_and_save)
    run(config, NOW)
    line = read_lines(config.register.path)[1]
    assert (line["severity"], line["level"]) == (3, "一般")


def test_a_register_that_lost_most_of_its_rows_stops_the_run(workspace: Path) -> None:
    config = load_config(workspace / "qtemplate.toml")
    edit_lines(config.register.path, lambda lines: lines[:3])
    before = config.register.path.read_bytes()
    with pytest.raises(GuardTripped, match="3 rows; after the last run it had 15"):
        run(config, NOW)
    assert config.register.path.read_bytes() == before
    said = typed(workspace, "run", "--now", MOMENT)
    assert (said.returncode, said.stdout, said.stderr.count("\n")) == (5, "", 1)


def test_two_workspaces_do_not_write_one_register(workspace: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    text = (workspace / "qtemplate.toml").read_text("utf-8")
    other.mkdir()
    (other / "qtemplate.toml").write_text(text.replace('"register.xlsx"', f'"{workspace / "register.xlsx"}"'), "utf-8")
    with pytest.raises(ConfigError, match="written by another workspace"):
        run(load_config(other / "qtemplate.toml"), NOW)
    said = typed(other, "run", "--now", MOMENT)
    assert (said.returncode, said.stderr.count("\n")) == (4, 1)


def test_two_runs_at_once_do_not_meet(workspace: Path) -> None:
    config = load_config(workspace / "qtemplate.toml")
    with holding(config):
        with pytest.raises(RegisterLocked):
            run(config, NOW)
        said = another_process(workspace, "run", "--now", MOMENT)
    assert (said.returncode, said.stderr.count("\n"), "under way" in said.stderr) == (5, 1, True)


def test_a_lost_journal_makes_no_mail_about_what_the_sheet_shows_as_done(workspace: Path) -> None:
    """A values are made again, S values count as people's, and a reply that was given is not given again."""
    config = load_config(workspace / "qtemplate.toml")
    cells = read_lines(config.register.path)
    shutil.rmtree(workspace / ".qtemplate")
    (workspace / ".register.xlsx.qtemplate").unlink()
    shutil.rmtree(workspace / "outbox")
    run(config, SAMPLE_MOMENT)
    kinds = {key.split("/")[0] for key in queue(workspace)}
    assert kinds.isdisjoint({"M03", "M14", "M15", "M16"})
    same = ("id", "level", "owner", "replied_at", "transferred_at", "closed_at", "reopened")
    assert [[line[key] for key in same] for line in read_lines(config.register.path)] == [
        [line[key] for key in same] for line in cells
    ]


# -- what scripts rely on ---------------------------------------------------------------------------------------------

OBJECT = {
    "schema": int, "run": str, "now": str, "register": dict, "findings": list, "edits": list, "rows": list,
    "messages": list, "forms": list, "outcomes": dict, "reasons": list, "seconds": dict,
}  # fmt: skip
FINDING = {"code", "severity", "sheet", "cell", "id", "field", "found", "expected", "action", "message"}
EDIT = {"sheet", "id", "field", "cell", "before", "after", "because"}
MESSAGE = {"key", "kind", "id", "to", "cc", "subject", "state", "detail"}
STATES = {"drafted", "approved", "sending", "sent", "partial", "failed", "unknown", "cancelled", "held", "diverted"}


@pytest.mark.parametrize("name", ["check", "plan", "run", "nightly"])
def test_the_object_of_json_has_the_keys_and_types_of_the_contract(tmp_path: Path, name: str) -> None:
    make_workspace(tmp_path, scene_rows())
    done = typed(tmp_path, name, "--json", "--now", MOMENT)
    said = json.loads(done.stdout)
    assert (done.returncode, done.stderr) == (3, "")
    assert {key: type(value) for key, value in said.items()} == OBJECT
    assert (said["schema"], said["now"]) == (1, "2026-07-16T09:00:00+08:00")
    assert set(said["register"]) == {"path", "sheet", "rows", "sha256"}
    assert (said["register"]["sheet"], said["register"]["rows"]) == ("反馈登记", 15)
    assert set(said["outcomes"]) == {"done", "skipped", "deferred", "failed", "unknown"}
    assert all(set(item) == FINDING for item in said["findings"])
    assert {item["severity"] for item in said["findings"]} <= {"error", "warning", "info"}
    marks = [item.pop("follows") for part in ("edits", "rows", "messages") for item in said[part] if "follows" in item]
    assert (set(marks), len(marks) > 0) == (({True}, True) if name == "plan" else (set(), False))
    assert all(set(item) == EDIT for item in said["edits"])
    assert all(set(item) == {"sheet", "id", "values"} for item in said["rows"])
    assert all(set(item) == MESSAGE for item in said["messages"])
    assert {item["state"] for item in said["messages"]} <= STATES
    assert all(set(item) == {"key", "kind", "id", "path"} for item in said["forms"])
    told = [json.dumps(item, sort_keys=True) for item in said["findings"]]
    assert len(set(told)) == len(told)
    if name == "check":
        assert (said["edits"], said["messages"], said["rows"], said["forms"]) == ([], [], [], [])
    else:
        assert {item["kind"] for item in said["messages"]} >= {"M01", "M03", "M10", "M13", "M14", "M18", "M25"}
        assert {item["kind"] for item in said["forms"]} == {"transfer", "8d", "verification", "follow_up", "missing"}


@pytest.mark.parametrize("job", [check, plan], ids=["check", "plan"])
def test_looking_changes_nothing(tmp_path: Path, job: Callable[..., Any]) -> None:
    config = load_config(make_workspace(tmp_path, scene_rows()))
    before = {file: file.read_bytes() for file in tmp_path.rglob("*")}
    report = job(config, NOW)
    assert {file: file.read_bytes() for file in tmp_path.rglob("*")} == before
    assert report.exit_code == 3


def test_what_plan_promises_is_what_run_does(tmp_path: Path) -> None:
    config = load_config(make_workspace(tmp_path, scene_rows()))
    made = plan(config, NOW)
    assert promised(made) == promised(first_run(tmp_path / "ran", scene_rows()))


def test_a_run_without_anything_to_say_exits_0(tmp_path: Path) -> None:
    make_workspace(tmp_path, [ASSESSED | {"received_at": dt.datetime(2026, 7, 15, 17)}])
    assert [typed(tmp_path, "run", "--now", MOMENT).returncode for _ in range(2)] == [0, 0]


def test_no_mail_queues_and_the_next_run_delivers(tmp_path: Path) -> None:
    make_workspace(tmp_path, [WHOLE])
    typed(tmp_path, "run", "--no-mail", "--now", MOMENT)
    assert (mails(tmp_path), set(queue(tmp_path).values())) == ({}, {"approved"})
    typed(tmp_path, "run", "--now", MOMENT)
    assert set(queue(tmp_path).values()) == {"sent"}
    assert len(mails(tmp_path)) == len(queue(tmp_path))


def test_more_mail_than_the_cap_is_held_and_exits_5(tmp_path: Path) -> None:
    config = make_workspace(tmp_path, [WHOLE | {"reporter": f"用户{n}"} for n in range(9)])
    config.write_text(config.read_text("utf-8").replace("max_per_run = 1000", "max_per_run = 5"), "utf-8")
    said = typed(tmp_path, "run", "--now", MOMENT)
    assert said.returncode == 5
    went = [name for name in mails(tmp_path) if not name.startswith("M25")]  # which tells the keeper of it
    assert (len(went), list(queue(tmp_path).values()).count("held") > 3) == (5, True)


def test_a_run_in_another_thread_waits_for_nobody(workspace: Path) -> None:
    """Of two runs started at once one works and the other stops at once."""
    config = load_config(workspace / "qtemplate.toml")
    results: list[object] = []

    def work() -> None:
        try:
            results.append(run(config, NOW).exit_code)
        except RegisterLocked as busy:
            results.append(type(busy))

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert results.count(3) >= 1 and set(results) <= {3, RegisterLocked}


def test_an_empty_plan_writes_nothing(workspace: Path) -> None:
    config = load_config(workspace / "qtemplate.toml")
    now = local_now(config, NOW)
    with holding(config) as held:
        world = read_world(config)
        assert isinstance(held, Workspace)
        made = Plan(recallable(config, held))
        before = config.register.path.read_bytes()
        applied = apply_plan(held, world.book, world.register, made, {}, run="r", now=now, send=False)
    assert (applied.outcomes, applied.deferred, config.register.path.read_bytes() == before) == ((), False, True)


def recallable(config: Any, held: Workspace) -> Any:
    """The findings that the sheet 校验结果 shows already."""
    world = read_world(config)
    made, _ = make_plan(Situation(world.register, world.rulebook, recall(held, world.register, digests=True), NOW))
    return made.findings
