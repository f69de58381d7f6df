"""Many registers and several workers: each is looked at, a dead worker gives back what it held, nothing goes twice."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import re
import signal
import subprocess
import time
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg
import pytest
from fleet_makers import ENVIRONMENT, WORKER, make_fleet, set_in, unfinished
from postgres_server import Postgres
from registers import make_workspace
from told import NOW, typed
from workspace_state import mails, message_ids

from qtemplate.config import load_config
from qtemplate.config.fleet_file import load_fleet
from qtemplate.errors import ConfigError
from qtemplate.fleet.engine import engine_options, make_tables
from qtemplate.fleet.sweep import sweep
from qtemplate.fleet.worker import work
from qtemplate.jobs.examining.fleet import examine_fleet
from qtemplate.jobs.looking_by import look_by
from qtemplate.texts import say

URL = "postgresql://a@b/c?schema=d"


def test_each_register_is_looked_at_once_and_again_only_when_something_is_due(
    postgres: Postgres, tmp_path: Path
) -> None:
    fleet = load_fleet(make_fleet(tmp_path, postgres, 2))
    assert [(plant.name, plant.queue) for plant in fleet.plants] == [("plant00", "north"), ("plant01", "north")]
    before = typed(tmp_path, "fleet", "status", "--json")
    assert (before.returncode, [row["state"] for row in json.loads(before.stdout)["registers"]]) == (5, ["never"] * 2)
    work(fleet, until_idle=True)
    first = {plant.name: mails(plant.config.parent) for plant in fleet.plants}
    assert all(first.values())
    work(fleet, until_idle=True)
    assert {plant.name: mails(plant.config.parent) for plant in fleet.plants} == first
    after = typed(tmp_path, "fleet", "status", "--json", "--html", "plants.html")
    told = json.loads(after.stdout)
    assert [(row["name"], row["state"], row["exit"]) for row in told["registers"]] == [
        ("plant00", "fine", 0),
        ("plant01", "fine", 0),
    ]
    assert (after.returncode, all(row["machine"] for row in told["registers"])) == (0, True)
    zone = ZoneInfo("Asia/Shanghai")
    this = dt.datetime.now(zone).date().replace(day=1)
    shares = {rate: {"in_time": 0, "counted": 0} for rate in ("respond", "close")}
    known = {"received": 0, "closed": 0, "open": 2, "overdue": 0, **shares}
    for row in told["registers"]:  # two rows of a month long past, of which nobody has said how bad they are
        assert [each | {"overdue": 0} for each in row["months"]] == [
            {"month": f"{month:%Y-%m}", **known} for month in (this - dt.timedelta(days=1), this)
        ]
    page = (tmp_path / "plants.html").read_text("utf-8")
    [all_of_them] = re.findall(r'<tr class="all">(.*?)</tr>', page)
    cells = re.findall(r"<td[^>]*>(.*?)</td>", all_of_them)
    assert (page.count("<tr"), cells[1:4], cells[7:10]) == (8, ["0", "0", "4"], ["0", "0", "4"])
    assert sweep(fleet).data["returned"] == []


def test_what_a_killed_worker_held_is_given_back_and_finished_by_the_next(postgres: Postgres, tmp_path: Path) -> None:
    fleet = load_fleet(make_fleet(tmp_path, postgres, 1, rows=6))
    [plant] = fleet.plants
    killed = subprocess.Popen([*WORKER, "--once"], cwd=tmp_path, env=ENVIRONMENT, stderr=subprocess.PIPE)
    until = time.monotonic() + 120
    while not (plant.config.parent / ".qtemplate").exists() and killed.poll() is None and time.monotonic() < until:
        time.sleep(0.005)
    try:
        killed.send_signal(signal.SIGSTOP)
        work(fleet, until_idle=True)
        assert unfinished(fleet) >= 1  # it is held by the stopped one
        time.sleep(fleet.dead_after_seconds + 0.5)
        assert [each["name"] for each in sweep(fleet).data["returned"]] == ["plant00"]
        work(fleet, until_idle=True)
        assert unfinished(fleet) == 0
        before = (mails(plant.config.parent), (plant.config.parent / "register.xlsx").read_bytes())
        killed.send_signal(signal.SIGCONT)
        time.sleep(1)
        assert (mails(plant.config.parent), (plant.config.parent / "register.xlsx").read_bytes()) == before
    finally:
        killed.kill()
        killed.communicate(timeout=60)
    assert set(message_ids(plant.config.parent).values()) == {1}


def test_nobody_waits_for_what_a_machine_that_stands_still_holds_of_the_engine(
    postgres: Postgres, tmp_path: Path
) -> None:
    fleet = load_fleet(make_fleet(tmp_path, postgres, 1))
    make_tables(fleet)
    with psycopg.connect(fleet.url.address, options=engine_options(fleet)) as still:
        still.execute("insert into procrastinate_workers(last_heartbeat) values(now() - interval '1 hour')")
        still.commit()
        still.execute("select * from procrastinate_workers for update")  # and here it stands still
        assert sweep(fleet).data["returned"] == []
        work(fleet, until_idle=True)
        assert unfinished(fleet) == 0
        with pytest.raises(psycopg.Error, match="idle-in-transaction timeout"):
            still.execute("select 1")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "there is no register"),
        ('[fleet]\nspeed = 1\n[[registers]]\nname = "a"\nconfig = "c"\n', "speed is not a key"),
        ('[flete]\nurl = ""\n', "flete is not a section"),
        ('[[registers]]\nname = "a"\nconfig = "c"\n[[registers]]\nname = "a"\nconfig = "d"\n', "more than once"),
        ('[[registers]]\nname = "a b"\nconfig = "c"\n', "a short name"),
        ('[[registers]]\nname = "a"\nconfig = "c"\n', "one a workspace"),
        (f'[fleet]\nnightly = "late"\nurl = "{URL}"\n[[registers]]\nname = "a"\nconfig = "c"\n', "22:00"),
    ],
)
def test_a_list_that_cannot_be_used_is_refused_with_a_sentence(text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "fleet.toml").write_text(text, "utf-8")
    with pytest.raises(ConfigError, match=said):
        load_fleet(tmp_path / "fleet.toml")


def fleet_checks(folder: Path, file: Path | None = None) -> list[tuple[str, str]]:
    """What doctor says of the fleet of a workspace."""
    checks = examine_fleet(load_config(folder / "qtemplate.toml"), file)
    return [(check.health.value, say(check.seen, "en")) for check in checks]


@pytest.mark.parametrize(
    ("section", "key", "values", "said"),
    [
        ("register", "id_prefix", ("P00", "p00"), "both begin with p00"),
        ("mailbox", "host", ("imap.example.com",) * 2, "both read the mailbox in@example.com@imap.example.com/INBOX"),
        ("state", "url", (URL, URL), "lie in one place"),
    ],
)
def test_what_two_registers_must_not_share_is_refused_by_doctor_and_by_the_fleet(
    section: str, key: str, values: tuple[str, str], said: str, tmp_path: Path
) -> None:
    for number, value in enumerate(values):
        folder = tmp_path / f"plant{number:02}"
        make_workspace(folder, [])
        set_in(folder, "id_prefix", f"P{number:02}")
        set_in(folder, "username", "in@example.com", "mailbox")
        set_in(folder, key, value, section)
    (tmp_path / "fleet.toml").write_text(f'[fleet]\nurl = "{URL}"\n[[folders]]\npath = "."\n', "utf-8")
    for command in (("status",), ("worker", "--once")):
        told = typed(tmp_path, "fleet", *command, "--lang", "en")
        assert (told.returncode, said in told.stderr) == (4, True), told.stderr
        assert f"{tmp_path / 'fleet.toml'}: " in told.stderr
    [(health, seen)] = fleet_checks(tmp_path / "plant01")
    assert (health, said in seen) == ("error", True)


def test_doctor_says_whether_the_fleet_knows_a_workspace_and_what_it_could_not_compare(tmp_path: Path) -> None:
    make_workspace(tmp_path / "plant00", [])
    listed, away = tmp_path / "list.toml", '[[registers]]\nname = "away"\nconfig = "away/qtemplate.toml"\n'
    listed.write_text(f'[fleet]\nurl = "{URL}"\n{away}', "utf-8")
    assert fleet_checks(tmp_path / "plant00") == []
    told = typed(tmp_path / "plant00", "doctor", "--fleet", str(listed), "--lang", "en", "--now", NOW)
    assert f"✗ {listed} does not list this workspace" in told.stdout
    with listed.open("a", encoding="utf-8") as file:
        file.write('[[registers]]\nname = "here"\nconfig = "plant00/qtemplate.toml"\n')
    assert fleet_checks(tmp_path / "plant00", listed) == [
        ("note", "cannot be read from here, so not compared: away (1); run doctor where they are reached, too"),
        ("ok", f"{listed}: registers have number prefixes, mailboxes and states of their own (read: 1)"),
    ]


def test_a_register_whose_share_is_away_is_told_and_keeps_nobody_back(postgres: Postgres, tmp_path: Path) -> None:
    make_fleet(tmp_path, postgres, 1, 1)
    with (tmp_path / "fleet.toml").open("a", encoding="utf-8") as file:
        file.write('\n[[registers]]\nname = "away"\nconfig = "/nowhere/qtemplate.toml"\n')
    fleet = load_fleet(tmp_path / "fleet.toml")
    work(fleet, until_idle=True)
    told = json.loads(typed(tmp_path, "fleet", "status", "--json", "--lang", "en").stdout)
    states = {row["name"]: row["state"] for row in told["registers"]}
    assert states == {"away": "unreachable", "plant00": "fine"}
    assert told["exit"] == 5
    assert typed(tmp_path, "fleet", "status", "--html", "page.html", "--lang", "en").returncode == 5
    assert "the folder /nowhere is not there" in (tmp_path / "page.html").read_text("utf-8")


class NoneOfTheSystems(asyncio.DefaultEventLoopPolicy):
    """Whoever asks for the event loop that the system prefers is found out."""

    def new_event_loop(self) -> asyncio.AbstractEventLoop:
        raise AssertionError("the event loop of the system was asked for")


def test_workers_and_sweeper_bring_an_event_loop_that_works_on_windows_too(postgres: Postgres, tmp_path: Path) -> None:
    """The one that Windows prefers cannot wait for the driver's connections; elsewhere nobody would notice."""
    listed = '[[registers]]\nname = "away"\nconfig = "/nowhere/qtemplate.toml"\n'
    (tmp_path / "fleet.toml").write_text(f'[fleet]\nurl = "{postgres.server().shown}"\n{listed}', "utf-8")
    fleet = load_fleet(tmp_path / "fleet.toml")
    asyncio.set_event_loop_policy(NoneOfTheSystems())
    try:
        with pytest.raises(AssertionError, match="of the system"):
            asyncio.new_event_loop()
        work(fleet, until_idle=True)
        assert sweep(fleet).data["returned"] == []
    finally:
        asyncio.set_event_loop_policy(None)


def test_a_folder_of_registers_that_is_away_is_told(tmp_path: Path) -> None:
    (tmp_path / "empty mount").mkdir()
    tables = "".join(f'[[folders]]\npath = "{name}"\n' for name in ("gone", "empty mount"))
    (tmp_path / "fleet.toml").write_text(f'[fleet]\nurl = "{URL}"\n{tables}', "utf-8")
    told = json.loads(typed(tmp_path, "fleet", "status", "--json", "--lang", "en").stdout)
    assert (told["exit"], [(row["name"], row["state"]) for row in told["registers"]]) == (
        5,
        [("gone", "unreachable"), ("empty mount", "unreachable")],
    )
    assert "the share is not mounted, or away" in told["registers"][0]["problem"]


def test_a_register_with_its_state_in_a_file_is_no_fleets(tmp_path: Path) -> None:
    make_workspace(tmp_path / "w", [])
    config = load_config(tmp_path / "w" / "qtemplate.toml")
    with pytest.raises(ConfigError, match="state move"):
        look_by(config, dt.time(22), config.register.time_zone)
