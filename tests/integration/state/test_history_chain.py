"""The chain of what was done: one changed, removed, added or exchanged entry of a thousand is found, a cut end too."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import random
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from registers import ASSESSED, make_workspace

from qtemplate.apply.ends import WORKSPACE_KEY
from qtemplate.config import load_config
from qtemplate.errors import NotFound
from qtemplate.files.secret_key import read_key
from qtemplate.jobs.record.verify import verify
from qtemplate.jobs.run import run
from qtemplate.journal import in_memory, open_state
from qtemplate.journal.chain import Head, head_of, seal_news
from qtemplate.journal.database import Database
from qtemplate.journal.verify import Break, Wrong, verify_chain
from qtemplate.report.answer import to_json, to_text

SECRET = b"k" * 32
START = dt.datetime(2026, 7, 16, 9, tzinfo=dt.UTC)
ENTRIES = 1000
NIGHT = dt.datetime(2026, 7, 16, 5, 30)


def moment(number: int) -> str:
    return (START + dt.timedelta(minutes=number)).isoformat()


def add_change(database: Database, number: int) -> None:
    cells = json.dumps([["status", None, "待评估", ["because.state", []]]], ensure_ascii=False)
    values = (f"run-{number // 50}", moment(number), f"QF-2026-{number:04}", cells)
    database.execute("insert into change(run, at, id, cells) values(?,?,?,?)", values)


def add_move(database: Database, number: int) -> None:
    values = (f"M01/QF-2026-{number:04}", moment(number), "drafted", "approved", "person", f"approved {number}")
    database.execute(
        "insert into outbox_event(key, at, from_state, to_state, actor, detail) values(?,?,?,?,?,?)", values
    )


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def sealed(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A thousand entries, changes and moves in turn, sealed over twenty runs."""
    database = open_state(None if request.param == "sqlite" else request.getfixturevalue("postgres").server())
    for number in range(ENTRIES):
        (add_move if number % 3 == 0 else add_change)(database, number)
        if number % 50 == 49:
            seal_news(database, SECRET)
    yield database
    database.close()


@pytest.fixture
def database(sealed: Database) -> Iterator[Database]:
    """A copy of it, to be spoilt."""
    with contextlib.closing(in_memory(sealed)) as copied:
        yield copied


def number_of(database: Database, what: str, row: int) -> int:
    found = database.one("select number from seal where what = ? and row = ?", (what, row))
    assert found is not None
    return int(found[0])


def test_an_untouched_history_is_whole_and_says_since_when(sealed: Database) -> None:
    found = verify_chain(sealed, SECRET, head_of(sealed))
    assert (found.breaks, found.waiting, found.since) == ((), 0, moment(1))
    assert found.head is not None and found.head.number == ENTRIES
    assert Head.parse(f" {found.head} ".upper()) == found.head


@pytest.mark.parametrize("table", ["change", "mail"])
@pytest.mark.parametrize("seed", range(4))
def test_one_changed_entry_is_found_whichever_word_of_it_changed(database: Database, table: str, seed: int) -> None:
    dice = random.Random(seed)
    row = dice.randrange(1, 300)
    if table == "change":
        column = dice.choice(["run", "at", "id", "cells"])
        database.execute(f"update change set {column} = {column} || 'x' where number = ?", (row,))
    else:
        column = dice.choice(["key", "at", "from_state", "to_state", "actor", "detail"])
        database.execute(f"update outbox_event set {column} = {column} || 'x' where number = ?", (row,))
    found = verify_chain(database, SECRET)
    assert [(each.number, each.wrong, each.what) for each in found.breaks] == [
        (number_of(database, table, row), Wrong.CHANGED, table)
    ]


def remove(database: Database) -> list[tuple[int, Wrong]]:
    database.execute("delete from change where number = 77")
    return [(number_of(database, "change", 77), Wrong.MISSING)]


def exchange(database: Database) -> list[tuple[int, Wrong]]:
    for old, new in ((10, -1), (11, 10), (-1, 11)):
        database.execute("update change set number = ? where number = ?", (new, old))
    return [(number_of(database, "change", row), Wrong.CHANGED) for row in (10, 11)]


def remove_with_its_seal(database: Database) -> list[tuple[int, Wrong]]:
    number = number_of(database, "mail", 20)
    database.execute("delete from outbox_event where number = 20")
    database.execute("delete from seal where number = ?", (number,))
    return [(number, Wrong.MISSING), (number + 1, Wrong.CHANGED)]


def slip_in(database: Database) -> list[tuple[int, Wrong]]:
    """A move whose place was made free: the seals of the others do not know it."""
    database.execute("delete from seal where what = 'mail' and row = 30")
    database.execute("update outbox_event set actor = 'program' where number = 30")
    gap = [each.number for each in verify_chain(database, SECRET).breaks if each.wrong is Wrong.MISSING]
    return [(gap[0], Wrong.MISSING), (gap[0] + 1, Wrong.CHANGED), (0, Wrong.ADDED)]


@pytest.mark.parametrize("harm", [remove, exchange, remove_with_its_seal, slip_in])
def test_what_was_removed_exchanged_or_slipped_in_is_found(
    database: Database, harm: Callable[[Database], list[tuple[int, Wrong]]]
) -> None:
    expected = harm(database)
    assert [(each.number, each.wrong) for each in verify_chain(database, SECRET).breaks] == expected


def test_a_cut_end_is_found_by_the_head_in_a_mail_alone(database: Database) -> None:
    told = head_of(database)
    database.execute("delete from seal where number > 950")
    for what, table in (("change", "change"), ("mail", "outbox_event")):
        database.execute(f"delete from {table} where number > (select max(row) from seal where what = ?)", (what,))
    assert verify_chain(database, SECRET).breaks == ()
    assert verify_chain(database, SECRET, told).breaks == (Break(ENTRIES, Wrong.CUT),)


def test_a_history_sealed_anew_by_who_has_the_key_is_found_by_the_head_in_a_mail(database: Database) -> None:
    told = head_of(database)
    database.execute("update change set cells = '[]' where number = 5")
    database.execute("delete from seal")
    seal_news(database, SECRET)
    assert verify_chain(database, SECRET).breaks == ()
    assert [each.wrong for each in verify_chain(database, SECRET, told).breaks] == [Wrong.REWRITTEN]


def test_another_key_fits_no_entry(sealed: Database) -> None:
    assert len(verify_chain(sealed, b"x" * 32).breaks) == ENTRIES


def test_what_is_not_sealed_yet_is_no_break(database: Database) -> None:
    add_change(database, ENTRIES)
    add_move(database, ENTRIES)
    found = verify_chain(database, SECRET)
    assert (found.breaks, found.waiting) == ((), 2)


# -- of a workspace --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One feedback after a night: changes, mails, a nightly result."""
    folder = make_workspace(tmp_path_factory.mktemp("chain") / "w", [ASSESSED]).parent
    run(load_config(folder / "qtemplate.toml"), NIGHT)
    return folder


@pytest.fixture
def mailed(workspace: Path) -> Iterator[tuple[Database, bytes]]:
    """The state of that workspace in memory, and its key."""
    file = open_state(workspace / ".qtemplate" / "state.db", looking=True)
    copied = in_memory(file)
    file.close()
    key = read_key(workspace / WORKSPACE_KEY)
    assert key is not None
    yield copied, key
    copied.close()


def told(workspace: Path, *options: str) -> tuple[int, dict[str, Any], str]:
    """Exit code, `--json` and text of `verify`."""
    config = load_config(workspace / "qtemplate.toml")
    answer = verify(config, options[0] if options else None)
    return answer.exit_code, to_json(answer, "en"), to_text(answer, "en")


def test_a_run_seals_what_it_did_and_its_nightly_result_says_where_the_history_ends(workspace: Path) -> None:
    code, data, text = told(workspace)
    assert (code, data["whole"], data["waiting"], data["breaks"]) == (0, True, 0, [])
    assert text.startswith(f"The history is whole: {data['entries']} entries since 2026-07-16 05:30")
    news = next(file for file in (workspace / "outbox").iterdir() if "M25" in file.name)
    mail = message_from_bytes(news.read_bytes(), policy=default)
    body = mail.get_body(("plain",))
    assert body is not None
    line = re.search(r"处理记录封存至：(\d+:[0-9a-f]{16})", body.get_content())
    assert line is not None
    number = int(line[1].split(":")[0])
    assert 0 < number < int(str(data["entries"]))  # the mail itself comes after what it tells
    assert told(workspace, line[1])[0] == 0
    assert "Entry" in told(workspace, line[1])[2]


def test_what_somebody_changed_in_the_journal_is_told_with_its_feedback_and_moment(
    workspace: Path, tmp_path: Path
) -> None:
    shutil.copytree(workspace, tmp_path / "w")
    with contextlib.closing(sqlite3.connect(tmp_path / "w" / ".qtemplate" / "state.db")) as database:
        database.execute("update change set at = '2026-07-01T08:00:00+08:00' where number = 1")
        database.commit()
    code, data, text = told(tmp_path / "w")
    assert code == 3
    assert "Entry 1 was changed: change of QF-2026-0001, 2026-07-01 08:00" in text
    assert [each["wrong"] for each in data["breaks"]] == ["changed"]


def test_a_line_that_is_no_head_and_a_lost_key_are_told(workspace: Path, tmp_path: Path) -> None:
    config = load_config(workspace / "qtemplate.toml")
    with pytest.raises(NotFound, match="1234:a1b2c3d4e5f60718"):
        verify(config, "QF-2026-0001")
    shutil.copytree(workspace, tmp_path / "w")
    (tmp_path / "w" / WORKSPACE_KEY).unlink()
    with pytest.raises(NotFound, match=r"forms\.key"):
        verify(load_config(tmp_path / "w" / "qtemplate.toml"), None)


def test_a_mail_whose_text_was_forgotten_is_as_good_as_before_and_one_whose_bytes_changed_is_not(
    mailed: tuple[Database, bytes],
) -> None:
    database, key = mailed
    assert verify_chain(database, key).breaks == ()
    harm = {
        "update outbox_bytes set raw = x'21' where key in (select key from outbox where state = 'sent')": {
            Wrong.CHANGED
        },
        "update outbox set recipients_hash = 'x' where state = 'sent'": {Wrong.CHANGED},
        "update outbox_event set detail = ''": {Wrong.CHANGED},
        "delete from outbox_bytes": set(),
    }
    for sql, wrong in harm.items():
        with contextlib.closing(in_memory(database)) as copied:
            copied.execute(sql)
            assert {each.wrong for each in verify_chain(copied, key).breaks} == wrong, sql
