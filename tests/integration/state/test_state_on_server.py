"""The state of a workspace on a PostgreSQL server: the same runs, the same files, one writer, wherever it runs."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import zipfile
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any, NoReturn

import psycopg
import pytest
from demo_workspaces import small_register
from msgspec.structs import replace
from postgres_server import Postgres, on_server
from registers import make_workspace
from scenes import scene_rows
from told import LATER, NOW, Told, typed
from where import ROOT
from workspace_state import SEAL, forms, mails, message_ids

import qtemplate
from qtemplate.apply.ends import WORKSPACE_KEY
from qtemplate.config import load_config
from qtemplate.errors import ConfigError, RegisterLocked
from qtemplate.files.owner_file import read_owner, write_owner
from qtemplate.jobs.demo import SAMPLE_MOMENT
from qtemplate.jobs.owning.ownership import NotOwner, claim_register
from qtemplate.jobs.run import run
from qtemplate.jobs.state import state_place
from qtemplate.jobs.workspace import holding, looking
from qtemplate.journal import Place, Server, StateLost, connect, in_memory, open_state
from qtemplate.journal.carry import compare
from qtemplate.journal.engines.spelling import table_words, with_marks

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(qtemplate.__file__).parents[1])}


def fresh(demo: Path, folder: Path) -> Path:
    """The small demo before its first night, with the key of the other one: digests of forms come out alike."""
    (folder / ".qtemplate").mkdir(parents=True)
    for name in ("qtemplate.toml", WORKSPACE_KEY):
        shutil.copyfile(demo / name, folder / name)
    (folder / "register.xlsx").write_bytes(small_register("zh"))
    return folder


@pytest.fixture(scope="module")
def served(demo: Path, postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small demo after its night, its state on a server; read only."""
    folder = fresh(demo, tmp_path_factory.mktemp("served") / "workspace")
    run(load_config(on_server(folder, postgres.server("served")) / "qtemplate.toml"), SAMPLE_MOMENT)
    return folder


@pytest.fixture
def plant(postgres: Postgres, tmp_path: Path) -> Path:
    """A small workspace on a server before its first night."""
    make_workspace(tmp_path / "workspace", scene_rows())
    return on_server(tmp_path / "workspace", postgres.server())


def parts(book: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(book) as package:
        return {name: package.read(name) for name in package.namelist()}


def said(folder: Path) -> dict[str, tuple[str, ...]]:
    """File name -> head and texts of a mail, without where the workspace lies and the seal of how it came there."""
    found = {}
    for name, data in mails(folder).items():
        mail = message_from_bytes(data, policy=default)
        texts = [part.get_content() for part in mail.walk() if part.get_content_maintype() == "text"]
        told = (str(mail["Subject"]), str(mail["To"]), str(mail["Message-ID"]), *texts)
        found[name] = tuple(SEAL.sub("", text.replace(str(folder), "")) for text in told)
    return found


def remembered(folder: Path) -> dict[str, Any]:
    with looking(load_config(folder / "qtemplate.toml")) as workspace:
        return {
            "mails": [(each.key, each.state) for each in workspace.outbox.entries()],
            "facts": workspace.journal.facts(),
            "forms": workspace.journal.forms_made(),
            "changes": [(each.id, each.field, each.after, each.because) for each in workspace.journal.changes()],
        }


def test_the_demo_is_the_same_with_either_engine(demo: Path, served: Path) -> None:
    assert parts(served / "register.xlsx") == parts(demo / "register.xlsx")
    assert forms(served) == forms(demo)
    assert said(served) == said(demo)
    assert remembered(served) == remembered(demo)
    assert not (served / ".qtemplate" / "state.db").exists()


def test_a_second_night_repeats_nothing_and_a_plan_writes_nothing(served: Path) -> None:
    before = remembered(served)
    told = json.loads(typed(served, "plan", "--json", "--now", SAMPLE_MOMENT.isoformat()).stdout)
    assert (told["edits"], told["messages"], told["forms"]) == ([], [], [])
    assert remembered(served) == before


def test_commands_that_look_and_the_seals_work_on_a_server(served: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert Told(served, capsys, "verify", "--json").code == 0
    checks = {check["check"]: check["health"] for check in Told(served, capsys, "doctor", "--json").data["checks"]}
    assert [checks[name] for name in ("server", "server_rights", "server_clock", "state", "claim")] == ["ok"] * 5
    assert Told(served, capsys, "status", "--json").data["run"]
    assert Told(served, capsys, "log", "--json").code == 0


def test_another_machine_may_take_a_workspace_over_and_another_state_may_not(served: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(served, elsewhere)
    owner = read_owner(elsewhere / "register.xlsx")
    assert owner is not None
    assert (owner.state, owner.folder) == ("quality/served", str(served))
    config = load_config(elsewhere / "qtemplate.toml")
    with holding(config):
        pass
    url = config.state.url
    assert url is not None
    with psycopg.connect(url.address, autocommit=True) as connection:
        connection.execute("drop schema if exists restored cascade")
        connection.execute("create schema restored")
        for (table,) in connection.execute("select tablename from pg_tables where schemaname = 'served'").fetchall():
            connection.execute(f"create table restored.{table} as select * from served.{table}")
    on_server(elsewhere, Server(url.address, url.database, "restored"))
    with pytest.raises(NotOwner, match="quality/served"), holding(load_config(elsewhere / "qtemplate.toml")):
        pass


def test_one_run_at_a_time_wherever_it_runs(plant: Path, tmp_path: Path) -> None:
    config = load_config(plant / "qtemplate.toml")
    shutil.copytree(plant, tmp_path / "other machine")
    other = load_config(tmp_path / "other machine" / "qtemplate.toml")
    with holding(config):
        with pytest.raises(RegisterLocked), holding(other):
            pass
        with looking(other) as seen:
            assert seen.journal.fresh
    with holding(other):
        pass


def test_a_killed_process_frees_its_workspace(plant: Path) -> None:
    code = (
        "import sys, pathlib\n"
        "from qtemplate.config import load_config\n"
        "from qtemplate.jobs.workspace import holding\n"
        "with holding(load_config(pathlib.Path(sys.argv[1]))):\n"
        "    print('held', flush=True); sys.stdin.read()\n"
    )
    command = [sys.executable, "-c", code, str(plant / "qtemplate.toml")]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT)
    assert process.stdout is not None
    assert process.stdout.readline() == b"held\n"
    config = load_config(plant / "qtemplate.toml")
    with pytest.raises(RegisterLocked), holding(config):
        pass
    process.kill()
    process.communicate(timeout=60)
    with holding(config):
        pass


def test_a_run_that_was_stopped_and_overtaken_writes_and_sends_nothing_when_it_wakes_up(plant: Path) -> None:
    place = state_place(load_config(plant / "qtemplate.toml"))
    assert isinstance(place, Server)
    administrator = connect(place)
    command = [sys.executable, "-m", "qtemplate", "run", "--now", LATER, "--lang", "en"]
    stopped = subprocess.Popen(
        command, cwd=plant, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    until = time.monotonic() + 60
    while (holder := administrator.holder()) is None and stopped.poll() is None and time.monotonic() < until:
        time.sleep(0.005)
    assert holder is not None
    stopped.send_signal(signal.SIGSTOP)
    told = typed(plant, "run", "--now", LATER, "--lang", "en")
    assert (told.returncode, "Another run of the workspace" in told.stderr) == (5, True)
    holder = administrator.holder()
    assert holder is not None
    assert administrator.end_holder(holder)
    assert typed(plant, "run", "--now", LATER).returncode == 3
    register, sent = (plant / "register.xlsx").read_bytes(), mails(plant)
    stopped.send_signal(signal.SIGCONT)
    _, complaint = stopped.communicate(timeout=120)
    assert (stopped.returncode, "Nothing was done after that" in complaint) == (5, True), complaint
    assert ((plant / "register.xlsx").read_bytes(), mails(plant)) == (register, sent)
    assert set(message_ids(plant).values()) == {1}
    administrator.close()


def test_who_finds_another_number_beside_the_register_replaces_nothing(plant: Path) -> None:
    config = load_config(plant / "qtemplate.toml")
    with holding(config) as workspace:
        claim_register(workspace)
        workspace.ends.require_turn()
        owner = read_owner(config.register.path)
        assert owner is not None
        write_owner(config.register.path, replace(owner, turn=owner.turn + 1))
        with pytest.raises(StateLost, match="was taken over by another run"):
            workspace.ends.require_turn()


def test_a_session_that_was_ended_can_write_nothing_more(place: Place) -> None:
    if not isinstance(place, Server):
        pytest.skip("a file has no session")
    database = open_state(place)
    with psycopg.connect(place.url, autocommit=True) as administrator:
        query = "select pg_terminate_backend(pid) from pg_stat_activity where application_name = %s"
        administrator.execute(query, (f"qtemplate {place.schema}",))
    with pytest.raises(StateLost, match="Nothing was done after that"), database.transaction():
        database.execute("insert into meta(key, value) values('a', 'b')")
    with pytest.raises(StateLost):
        database.execute("insert into meta(key, value) values('a', 'b')")
    database.close()


PUT = "insert into fact(id, name, value) values(?, 'n', '1')"


def test_parts_of_transactions_are_kept_or_taken_back_each_by_itself(place: Place) -> None:
    database = open_state(place)

    def put(key: str) -> None:
        database.execute(PUT, (key,))

    def note(key: str) -> None:
        database.note(PUT, (key,))

    def fail() -> NoReturn:
        raise ValueError

    def put_and_fail() -> NoReturn:
        put("lost")
        fail()

    for inner in (fail, put_and_fail):  # before and after the server has heard of the part
        with database.transaction():
            with contextlib.suppress(ValueError), database.transaction():
                inner()
            with database.transaction():
                pass
    with database.transaction():
        put("one")
        with contextlib.suppress(ValueError), database.transaction():
            with database.transaction():
                put("in the part that is taken back")
            fail()
        with database.transaction(), database.transaction():
            put("two")
    with contextlib.suppress(ValueError), database.transaction():
        put("whole")
        fail()
    with database.transaction():  # what has no answer waits for the end, and is taken back as if it had not
        with contextlib.suppress(ValueError), database.transaction():
            note("noted in the part that is taken back")
            with database.transaction():
                note("and in a part of that")
            fail()
        put("at the server")
        with contextlib.suppress(ValueError), database.transaction():
            put("taken back there")
            with database.transaction():
                put("and so")
                note("is this")
            fail()
        with database.transaction():
            note("five")
    with contextlib.suppress(ValueError), database.transaction():
        note("noted")
        fail()
    lost = (psycopg.IntegrityError, sqlite3.IntegrityError)
    with pytest.raises(lost), database.transaction():
        note("with one that is there")
        note("one")
    with pytest.raises(lost):
        database.together([(PUT, ("with one that is there",)), (PUT, ("one",))])
    asked = "select id from fact where id in ('one', 'six')"
    assert database.together([(PUT, ("six",)), (f"{asked} order by id", ())]) == [[], [("one",), ("six",)]]
    assert not database.in_transaction()
    database.execute("delete from fact where id in ('six', 'five', 'at the server')")
    with pytest.raises((psycopg.IntegrityError, sqlite3.IntegrityError)), database.transaction():
        put("one")
    with database.transaction():
        database.executemany(PUT, [("three",), ("four",)])
    assert database.rows("select id from fact order by id") == [("four",), ("one",), ("three",), ("two",)]
    assert not database.in_transaction()
    database.close()


def test_a_server_that_does_not_answer_is_told_and_tried_again(plant: Path, postgres: Postgres) -> None:
    on_server(plant, postgres.server("nowhere", port=1))
    told = typed(plant, "run", "--now", NOW, "--lang", "en")
    assert (told.returncode, "cannot be reached" in told.stderr, "the next run tries again" in told.stderr) == (
        5,
        True,
        True,
    )
    assert typed(plant, "doctor", "--now", NOW, "--lang", "en").returncode == 4


def test_what_a_server_keeps_is_carried_into_memory_row_by_row(place: Place) -> None:
    database = open_state(place)
    database.execute("insert into former(id, run, cells) values('b', 'r', '{}')")
    database.execute("insert into change(run, at, id, cells) values('r', 'é', 'Z', '[]')")
    database.execute("insert into change(run, at, id, cells) values('r', '2026 ', 'a', '[]')")
    copied = in_memory(database)
    assert compare(database, copied) == 4
    copied.execute("insert into change(run, at, id, cells) values('r', '1', 'b', '[]')")
    assert copied.rows("select number, id from change order by id") == [(1, "Z"), (2, "a"), (3, "b")]
    copied.close()
    database.close()


def test_texts_compare_by_their_characters_whatever_the_server_prefers(place: Place) -> None:
    database = open_state(place)
    database.executemany(
        "insert into meta(key, value) values(?, 'x')", [(key,) for key in ("b", "B", "a", "é", "10", "9")]
    )
    keys = [key for (key,) in database.rows("select key from meta where value = 'x' order by key")]
    assert keys == ["10", "9", "B", "a", "b", "é"]
    assert database.fault() == ""
    database.close()


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("select a from t where b = ? and c like 'x:y%'", "select a from t where b = %s and c like 'x:y%%'"),
        ("update t set a = :a1 where b = '?' and c = :b", "update t set a = %(a1)s where b = '?' and c = %(b)s"),
        ("select 7 % 2", "select 7 %% 2"),
    ],
)
def test_marks_for_values_are_written_as_the_driver_takes_them(ours: str, theirs: str) -> None:
    assert with_marks(ours) == theirs


def test_tables_are_made_in_the_words_of_the_server() -> None:
    made = "create table t(number integer primary key, raw blob not null, n integer, said text not null) strict"
    assert table_words(made) == (
        "create table t(number bigint generated by default as identity primary key, raw bytea not null, n bigint, "
        'said text collate "C" not null)'
    )


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mysql://db/quality?schema=plant07", "one a workspace"),
        ("postgresql://qa@db/quality", "one a workspace"),
        ("postgresql://qa@db/quality?schema=public", "one a workspace"),
        ("postgresql://qa@db/quality?schema=Plant-7", "one a workspace"),
        ("postgresql://qa:secret@db/quality?schema=plant07", "an address without a password"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused_and_a_password_is_not_shown(
    url: str, said: str, tmp_path: Path
) -> None:
    (tmp_path / "qtemplate.toml").write_text(f'[state]\nurl = "{url}"\n', "utf-8")
    with pytest.raises(ConfigError, match=said) as refused:
        load_config(tmp_path / "qtemplate.toml")
    assert "secret" not in str(refused.value)


def test_a_password_comes_from_the_environment_and_never_shows(
    plant: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "password").write_text("geheim\n", "utf-8")
    monkeypatch.setenv("QTEMPLATE_STATE_PASSWORD_FILE", str(tmp_path / "password"))
    server = state_place(load_config(plant / "qtemplate.toml"))
    assert isinstance(server, Server)
    assert (server.password, "geheim" in repr(server), "geheim" in server.shown) == ("geheim", False, False)


def test_a_second_run_knows_what_the_first_has_written_and_sent(plant: Path) -> None:
    told = json.loads(typed(plant, "run", "--json", "--now", LATER).stdout)
    before = mails(plant)
    again = json.loads(typed(plant, "run", "--json", "--now", LATER).stdout)
    assert (len(told["edits"]) > 100, again["edits"], again["messages"], mails(plant)) == (True, [], [], before)
