"""One machine of a fleet is upgraded while the others work: what it brought up to date the older ones leave to it."""

from __future__ import annotations

import datetime as dt
import json
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from fleet_makers import make_fleet, unfinished
from postgres_server import Postgres
from told import typed
from workspace_state import mails

from qtemplate.config import load_config
from qtemplate.config.fleet_file import Fleet, Plant, load_fleet
from qtemplate.fleet.worker import work
from qtemplate.journal import migrations

KNOWN = migrations.MIGRATIONS
NEVER = 10**9


@contextmanager
def next_version(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The program as it will be after one more change of its tables."""
    with monkeypatch.context() as upgraded:
        upgraded.setattr(migrations, "MIGRATIONS", (*KNOWN, lambda database: None))
        yield


def tonight(fleet: Fleet, *only: str) -> Fleet:
    """The fleet, with a night that has just become due; for a worker that reaches only those registers.

    It has no rounds of its own: at a full minute they would ask for all registers of the file.
    """
    plants = tuple(plant for plant in fleet.plants if not only or plant.name in only)
    time.sleep(1 - dt.datetime.now().microsecond / 1e6)  # moments of runs are whole seconds: the last one was before
    due = dt.datetime.now(fleet.zone).time().replace(microsecond=0)
    return replace(fleet, nightly=due, plants=plants, every_minutes=NEVER)


def left(plant: Plant) -> tuple[bytes, dict[str, bytes], int, str]:
    """What a register and its state say: its bytes, its mails, how many runs it had, and the layout of the state."""
    folder = plant.config.parent
    url = load_config(plant.config).state.url
    assert url is not None
    with psycopg.connect(url.address, options=f"-c search_path={url.schema}") as connection:  # a look migrates nothing
        query = "select count(*), (select value from meta where key = 'schema') from run"
        [(runs, layout)] = connection.execute(query).fetchall()
    return (folder / "register.xlsx").read_bytes(), mails(folder), runs, layout


def test_a_worker_leaves_a_register_that_a_newer_one_has_brought_up_to_date_to_that_one(
    postgres: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    fleet = load_fleet(make_fleet(tmp_path, postgres, 2, 1))
    one, other = fleet.plants
    work(fleet, until_idle=True)
    assert [runs for _, _, runs, _ in map(left, fleet.plants)] == [1, 1]
    with next_version(monkeypatch):
        work(tonight(fleet, one.name), until_idle=True)
    brought = left(one)
    assert brought[2:] == (2, str(len(KNOWN) + 1))

    with caplog.at_level(logging.WARNING, "qtemplate.fleet"):
        work(tonight(fleet), until_idle=True)
    assert left(one) == brought
    assert left(other)[2:] == (2, str(len(KNOWN)))
    [said] = [record.getMessage() for record in caplog.records if record.name == "qtemplate.fleet"]
    sentence = "was written by a newer version of qtemplate"
    assert said.startswith(one.name) and sentence in said
    by_hand = typed(one.config.parent, "run", "--lang", "en")
    assert (by_hand.returncode, sentence in by_hand.stderr) == (4, True), by_hand.stderr
    told = json.loads(typed(tmp_path, "fleet", "status", "--json", "--lang", "en").stdout)
    assert {row["name"]: row["state"] for row in told["registers"]} == {one.name: "unreachable", other.name: "fine"}
    assert sentence in told["registers"][0]["problem"]

    with next_version(monkeypatch):
        work(tonight(fleet), until_idle=True)
    assert [left(plant)[2:] for plant in fleet.plants] == [(3, str(len(KNOWN) + 1))] * 2
    assert unfinished(fleet) == 0
