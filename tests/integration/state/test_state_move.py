"""`state move`: from the file of a workspace to a server and back, and no row is another one afterwards."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from postgres_server import Postgres
from told import LATER, typed
from workspace_state import files_below

from qtemplate.config import load_config
from qtemplate.files.owner_file import read_owner
from qtemplate.jobs.moving_state import write_address
from qtemplate.jobs.state import state_place
from qtemplate.jobs.workspace import holding
from qtemplate.journal import open_state

STATE = Path(".qtemplate") / "state.db"


def content(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """Table -> its rows; those that count along with every holding are left out."""
    database = open_state(state_place(load_config(folder / "qtemplate.toml")))
    found = {
        table: database.rows(f"select {', '.join(columns)} from {table} order by {', '.join(columns)}")
        for table, columns in database.columns().items()
    }
    database.close()
    return {table: [row for row in rows if row[0] != "turn"] for table, rows in found.items()}


def test_a_state_goes_to_a_server_and_back_and_every_row_is_as_it_was(workspace: Path, postgres: Postgres) -> None:
    before, server = content(workspace), postgres.server()
    assert len(before["change"]) > 40
    moved = typed(workspace, "state", "move", server.shown, "--json")
    assert moved.returncode == 0, moved.stderr
    assert json.loads(moved.stdout)["moved"] == sum(map(len, before.values()))
    assert content(workspace) == before
    owner = read_owner(workspace / "register.xlsx")
    assert owner is not None
    assert owner.state == f"quality/{server.schema}"
    assert not (workspace / STATE).exists()
    assert (workspace / f"{STATE}.moved").is_file()
    run = json.loads(typed(workspace, "run", "--json", "--now", LATER).stdout)
    again = json.loads(typed(workspace, "run", "--json", "--now", LATER).stdout)
    assert (bool(run["edits"]), again["edits"], again["messages"]) == (True, [], [])
    assert typed(workspace, "verify").returncode == 0
    there = content(workspace)
    back = typed(workspace, "state", "move", "file", "--lang", "en")
    assert (back.returncode, "is as it was and used no more" in back.stdout) == (0, True), back.stderr
    assert content(workspace) == there
    with holding(load_config(workspace / "qtemplate.toml")):
        pass
    assert typed(workspace, "verify").returncode == 0


@pytest.mark.parametrize(
    ("to", "said"),
    [
        ("file", "nothing is to be carried"),
        ("postgresql://qa@db/quality", "one a workspace"),
        ("", "one a workspace"),
    ],
)
def test_what_cannot_be_moved_is_said_and_nothing_is_changed(workspace: Path, to: str, said: str) -> None:
    before = files_below(workspace)
    told = typed(workspace, "state", "move", to, "--lang", "en")
    assert (told.returncode, said in told.stderr) == (4, True), told.stderr
    after = files_below(workspace)
    assert {name: data for name, data in after.items() if "state.db-" not in name} == {
        name: data for name, data in before.items() if "state.db-" not in name
    }


def test_another_states_place_is_refused(workspace: Path, postgres: Postgres) -> None:
    server = postgres.server()
    database = open_state(server)
    database.execute("insert into form(key, path, at) values('k', 'p', 'a')")
    database.close()
    told = typed(workspace, "state", "move", server.shown, "--lang", "en")
    assert (told.returncode, "Another state lies in" in told.stderr) == (4, True)
    assert (workspace / STATE).is_file()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('[mail]\nhost = "a"\n', '[mail]\nhost = "a"\n\n[state]\nurl = "x"\n'),
        ('[state]\n# why\nurl = "b"\n\n[mail]\n', '[state]\n# why\nurl = "x"\n\n[mail]\n'),
        ("[state]\n[mail]\nurl = 1\n", '[state]\nurl = "x"\n[mail]\nurl = 1\n'),
    ],
)
def test_only_the_line_of_the_address_changes_in_the_settings(before: str, after: str, tmp_path: Path) -> None:
    file = tmp_path / "qtemplate.toml"
    file.write_text(before, "utf-8")
    write_address(file, "x")
    assert file.read_text("utf-8") == after
