"""The state database from one version to the next: brought up to date whole or not at all, refused when it is newer."""

from __future__ import annotations

import contextlib
import gc
import json
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from former import FORMER_NOW, by_newer_rules, former_workspace
from told import typed
from workspace_state import queue, sheet_cells

import qtemplate
from qtemplate.cli import main
from qtemplate.fields import Field
from qtemplate.journal import Journal, open_state
from qtemplate.journal.engines.sqlite import SqliteDatabase
from qtemplate.journal.migrations import MIGRATIONS
from qtemplate.journal.states import differing_rows
from qtemplate.sheets import open_book, read_register

PACKAGE = Path(qtemplate.__file__).parent
LATER = "2026-07-17T09:00"
"""The evening after the run that the former version made: some mails are due again."""

WRITTEN = ("反馈登记", "沟通记录", "暂停记录", "变更日志")
"""The sheets that a run writes, but for its findings."""

DECLARATION = re.compile(r'    [A-Z_]+ = "[a-z_]+", .*')
NEW_FIELD = '    AFTERTHOUGHT = "afterthought", "事后说明", K.TEXT, A, G.INTAKE'


def state_file(workspace: Path) -> Path:
    return workspace / ".qtemplate" / "state.db"


def read(file: Path, sql: str) -> list[tuple[Any, ...]]:
    with contextlib.closing(sqlite3.connect(file)) as database:
        return database.execute(sql).fetchall()


def content(file: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Table -> its rows, in the order in which they were written."""
    tables = [name for (name,) in read(file, "select name from sqlite_master where type='table' order by name")]
    return {name: read(file, f"select * from {name} order by rowid") for name in tables}


def without_numbers(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """The rows without the numbers in front of them, which must be what SQLite counted before they had any."""
    assert [row[0] for row in rows] == list(range(1, len(rows) + 1))
    return [row[1:] for row in rows]


def run(workspace: Path, moment: str, program: Path | None = None, command: str = "run") -> dict[str, Any]:
    """What a run by this program, or by the one in that folder, reports."""
    arguments = [command, "--json", "--now", moment, "--lang", "en"]
    if program is None:
        done = typed(workspace, *arguments)
    else:
        done = subprocess.run(
            [sys.executable, "-m", "qtemplate", *arguments],
            cwd=workspace,
            env={**os.environ, "PYTHONPATH": str(program)},
            capture_output=True,
            encoding="utf-8",
            timeout=300,
        )
    assert done.returncode in (0, 3), done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def acts(told: dict[str, Any]) -> dict[str, list[str]]:
    """What a run found, wrote and sent, as JSON texts; that the workbook lacks the new column may be said."""
    kinds = ("findings", "edits", "rows", "messages", "forms")
    texts = {kind: sorted(json.dumps(each, sort_keys=True) for each in told[kind]) for kind in kinds}
    return {kind: [text for text in found if "Afterthought" not in text] for kind, found in texts.items()}


def changed_program(folder: Path, *, shuffled: bool) -> Path:
    """The program with one more column of its own, or with the declarations of its columns in another order."""
    shutil.copytree(PACKAGE, folder / "qtemplate")  # with what is compiled, which the other modules need not be again
    for name in ("templates", "samples"):
        (folder / name).symlink_to(PACKAGE.parent / name)
    file = folder / "qtemplate" / "fields.py"
    lines = file.read_text("utf-8").splitlines()
    places = [at for at, line in enumerate(lines) if DECLARATION.fullmatch(line)]
    assert len(places) == len(Field)
    if shuffled:
        others = random.Random(4).sample(places, len(places))
        lines = [lines[others[places.index(at)]] if at in places else line for at, line in enumerate(lines)]
    else:
        lines.insert(places[5], NEW_FIELD)
    file.write_text("\n".join(lines) + "\n", "utf-8")
    return folder


@pytest.mark.parametrize("language", ["zh", pytest.param("en", marks=pytest.mark.campaign)])
def test_what_a_former_version_wrote_is_found_in_the_cells_it_wrote_it_into(language: str, tmp_path: Path) -> None:
    workspace = former_workspace(tmp_path / language, language)
    before = content(state_file(workspace))
    database = open_state(state_file(workspace))
    register = read_register(open_book(workspace / "register.xlsx"))
    written = Journal(database).memory(register).written
    database.close()
    assert (len(written), differing_rows(register.frame, written)) == (len(before["state"]), [])
    assert written["check"].notna().all()
    after = content(state_file(workspace))
    for name in ("run", "former", "change", "own_write"):
        after[name] = without_numbers(after[name])
    assert [(id, run) for id, run, _ in after["former"]] == [(id, run) for id, run, _ in before["former"]]
    assert after.pop("seal") == []  # a table that 0.1 had not; the next run seals what stands there
    newer = ("received", "mailbox", "shape", "group_message")  # nor these, of what came in and what groups were told
    assert [after.pop(name) for name in newer] == [[], [], [], []]
    kept = dict(after.pop("outbox_bytes"))  # they stood between subject and digest
    assert {name: rows for name, rows in after.items() if name not in ("state", "former", "meta", "outbox")} == {
        name: rows for name, rows in before.items() if name not in ("state", "former", "meta", "outbox")
    }
    assert [(*mail[:12], kept[mail[1]], *mail[12:-1]) for mail in after["outbox"]] == before["outbox"]
    assert set(after["meta"]) == {*before["meta"], ("schema", str(len(MIGRATIONS)))}


def test_a_new_database_is_made_like_one_that_was_brought_up_to_date(tmp_path: Path) -> None:
    former = state_file(former_workspace(tmp_path / "zh", "zh"))
    new = tmp_path / "new" / "state.db"
    for file in (former, new):
        open_state(file).close()
    columns = "select m.name, c.name, c.type, c.pk from sqlite_master m, pragma_table_info(m.name) c order by 1, c.cid"
    assert read(new, columns) == read(former, columns)
    indexes = "select name from sqlite_master where type='index' order by name"
    assert read(new, indexes) == read(former, indexes)


def test_a_command_that_only_looks_leaves_the_database_of_a_former_version_to_that_version(tmp_path: Path) -> None:
    workspace = former_workspace(tmp_path / "zh", "zh")
    before = content(state_file(workspace))
    edits = run(workspace, FORMER_NOW, command="plan")["edits"]
    assert edits == by_newer_rules(edits)
    assert content(state_file(workspace)) == before


@pytest.mark.parametrize(
    "shuffled", [False, pytest.param(True, marks=pytest.mark.campaign)], ids=["one more column", "in another order"]
)
def test_a_program_with_other_columns_goes_on_as_if_nothing_had_changed(tmp_path: Path, shuffled: bool) -> None:
    workspace = former_workspace(tmp_path / "zh", "zh")
    register = workspace / "register.xlsx"
    first, cells = acts(run(workspace, FORMER_NOW)), sheet_cells(register, WRITTEN)
    expected = first, acts(run(workspace, LATER)), queue(workspace)
    assert expected[1]["messages"]
    program = changed_program(tmp_path / "program", shuffled=shuffled)
    shutil.rmtree(workspace)
    former_workspace(workspace, "zh")
    now = acts(run(workspace, FORMER_NOW, program))
    assert sheet_cells(register, WRITTEN) == cells
    assert (now, acts(run(workspace, LATER, program)), queue(workspace)) == expected
    # and back again: what the other program wrote is understood, and nothing is left to do
    again = run(workspace, LATER)
    assert {kind: again[kind] for kind in ("edits", "rows", "messages", "forms")} == {
        "edits": [], "rows": [], "messages": [], "forms": []
    }  # fmt: skip


def test_what_only_another_version_knows_of_a_row_is_kept(tmp_path: Path) -> None:
    workspace = former_workspace(tmp_path / "zh", "zh")
    open_state(state_file(workspace)).close()
    with contextlib.closing(sqlite3.connect(state_file(workspace))) as database, database:
        database.execute("""update state set cells = json_insert(cells, '$.afterthought', '"x"')""")
    told = run(workspace, LATER)
    written = {edit["id"] for edit in told["edits"]}
    kept = dict(read(state_file(workspace), "select id, json_extract(cells, '$.afterthought') from state"))
    assert written
    assert set(kept.values()) == {'"x"'}


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("zh", "状态数据库 {path} 由较新版本的 qtemplate 写成（结构第 99 版，本程序只认识到第 {known} 版）。"
               "请安装新版本后再运行；没有改动任何内容。"),
        ("en", "The state database {path} was written by a newer version of qtemplate (layout 99; this one knows up to "
               "{known}). Install the newer version and run again; nothing was changed."),
    ],
)  # fmt: skip
@pytest.mark.parametrize("command", ["run", "plan"])
def test_the_database_of_a_newer_version_is_refused(
    command: str, language: str, sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace = former_workspace(tmp_path / "zh", "zh")
    file = state_file(workspace)
    open_state(file).close()
    with contextlib.closing(sqlite3.connect(file)) as database, database:
        database.execute("update meta set value = '99' where key = 'schema'")
    before = (content(file), (workspace / "register.xlsx").read_bytes())
    arguments = [command, "--config", str(workspace / "qtemplate.toml"), "--now", LATER, "--lang", language]
    with pytest.raises(SystemExit) as left:
        main(arguments)
    said = sentence.format(path=file, known=len(MIGRATIONS))
    assert (left.value.code, capsys.readouterr().err.rstrip("\n")) == (4, said)
    assert (content(file), (workspace / "register.xlsx").read_bytes()) == before


@pytest.mark.parametrize("harm", ["newer", "no database"])
def test_doctor_names_a_database_that_cannot_be_used(
    harm: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace = former_workspace(tmp_path / "zh", "zh")
    file = state_file(workspace)
    open_state(file).close()
    if harm == "newer":
        with contextlib.closing(sqlite3.connect(file)) as database, database:
            database.execute("update meta set value = '99' where key = 'schema'")
    else:
        file.write_bytes(b"no database at all" * 500)
    with pytest.raises(SystemExit) as left:
        main(["doctor", "--config", str(workspace / "qtemplate.toml"), "--now", LATER, "--lang", "en", "--json"])
    checks = json.loads(capsys.readouterr().out)["checks"]
    [state] = [check for check in checks if check["check"] == "state"]
    expected = "was written by a newer version" if harm == "newer" else "is damaged (file is not a database)"
    assert (left.value.code, state["health"], expected in state["seen"]) == (4, "error", True)


def kill_migrations(tmp_path: Path, copies: int, kills: int) -> None:
    """Migrations killed later and later; every state is there so many times more, that one is hit in the middle."""
    made = state_file(former_workspace(tmp_path / "made", "zh"))
    with contextlib.closing(sqlite3.connect(made)) as database, database:
        for copy in range(copies):
            database.execute("insert into former select id, ?, cells from state", (f"r{copy}",))
    before = content(made)
    finished = tmp_path / "finished.db"
    shutil.copyfile(made, finished)
    open_state(finished).close()
    hits = 0
    code = "import sys, pathlib, qtemplate.journal as j; print(flush=True); j.open_state(pathlib.Path(sys.argv[1]))"
    for kill in range(kills):
        file = tmp_path / f"{kill}" / "state.db"
        file.parent.mkdir()
        shutil.copyfile(made, file)
        process = subprocess.Popen(
            [sys.executable, "-c", code, str(file)],
            env={**os.environ, "PYTHONPATH": str(PACKAGE.parent)},
            stdout=subprocess.PIPE,
        )
        assert process.stdout is not None
        process.stdout.readline()
        log = file.with_name("state.db-wal")
        until = time.monotonic() + 60
        # pages of an open transaction spill into the log once they fill the cache
        while process.poll() is None and time.monotonic() < until and not (log.exists() and log.stat().st_size > 2**20):
            time.sleep(0.0005)
        time.sleep(0.02 * kill)
        process.kill()
        process.communicate(timeout=60)
        if process.returncode == -signal.SIGKILL and content(file) == before:
            hits += 1
        open_state(file).close()
        assert content(file) == content(finished)
    assert hits > 0


def test_a_migration_that_is_killed_has_changed_nothing_and_is_made_by_the_next_run(tmp_path: Path) -> None:
    kill_migrations(tmp_path, 60, 4)


@pytest.mark.campaign
def test_a_large_migration_that_is_killed_has_changed_nothing_and_is_made_by_the_next_run(tmp_path: Path) -> None:
    kill_migrations(tmp_path, 300, 6)


def test_a_copy_that_cannot_be_made_is_closed_again() -> None:
    database = SqliteDatabase(None)
    database.close()
    with pytest.raises(sqlite3.ProgrammingError):
        database.copy()
    gc.collect()  # from Python 3.13 on the collector tells of a connection that was left open
