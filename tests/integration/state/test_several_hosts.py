"""Machines of their own, in network namespaces, work with one server; the cable of one is pulled in a run's middle."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from demo_workspaces import small_register
from fleet_makers import ENVIRONMENT, make_fleet, unfinished
from hosts import HERE, Host, two_hosts
from postgres_server import Postgres, running
from workspace_state import asked, mails, message_ids

from qtemplate.config.fleet_file import Fleet, load_fleet
from qtemplate.files.owner_file import read_owner

pytestmark = pytest.mark.campaign

GONE_BY = 10
"""Mails that have gone before the cable is pulled."""


@pytest.fixture(scope="module")
def hosts() -> Iterator[tuple[Host, Host]]:
    with two_hosts() as made:
        yield made


@pytest.fixture(scope="module")
def reached(hosts: tuple[Host, Host]) -> Iterator[Postgres]:
    """A server that the machines reach, too."""
    with running(also_at=HERE) as server:
        yield server


@pytest.fixture
def fleet(reached: Postgres, tmp_path: Path) -> Fleet:
    """One register, as both machines find it on a share; its mails lie beside it."""

    def change(folder: Path) -> None:
        (folder / "register.xlsx").write_bytes(small_register("zh"))

    file = make_fleet(tmp_path, reached, 1, 0, dead_after=4, change=change)
    for told in (file, *tmp_path.glob("*/qtemplate.toml")):
        text = told.read_text("utf-8").replace("@127.0.0.1:", f"@{HERE}:").replace("?schema", "?sslmode=disable&schema")
        told.write_text(text, "utf-8")
    return load_fleet(file)


def begin(host: Host, fleet: Fleet, *words: str) -> subprocess.Popen[str]:
    return host.start([sys.executable, "-m", "qtemplate", "fleet", *words, "--fleet", str(fleet.path)], ENVIRONMENT)


def do(host: Host, fleet: Fleet, *words: str) -> tuple[int, str]:
    """A command of the fleet on a machine, to its end: exit code, and what it said."""
    process = begin(host, fleet, *words)
    out, err = process.communicate(timeout=300)
    return process.returncode, out + err


def pulled_at_work(host: Host, fleet: Fleet, folder: Path) -> subprocess.Popen[str]:
    """A worker on a machine whose cable was pulled while it sent mail."""
    worker, until = begin(host, fleet, "worker", "--once"), time.monotonic() + 120
    while len(mails(folder)) < GONE_BY and worker.poll() is None and time.monotonic() < until:
        time.sleep(0.01)
    host.pull()
    assert (worker.poll(), unfinished(fleet)) == (None, 1)
    return worker


def check_whole(fleet: Fleet, folder: Path) -> None:
    """Each mail once, none lost, no run in another."""
    assert set(message_ids(folder).values()) == {1}
    states = dict(asked(folder, "select state, count(*) from outbox group by state"))
    assert not set(states) & {"sending", "failed"}, states
    assert states["sent"] <= len(mails(folder)) <= states["sent"] + states.get("unknown", 0)
    runs = asked(folder, "select started, finished from run where finished is not null order by started")
    assert runs and all(later[0] >= earlier[1] for earlier, later in pairwise(runs))
    assert unfinished(fleet) == 0


def test_another_machine_takes_over_from_one_that_is_cut_off_which_gives_up_by_itself(
    hosts: tuple[Host, Host], fleet: Fleet
) -> None:
    one, two = hosts
    folder = fleet.plants[0].config.parent
    worker, since = pulled_at_work(one, fleet, folder), time.monotonic()
    gone = len(mails(folder))
    time.sleep(fleet.dead_after_seconds + 1)
    code, said = do(two, fleet, "sweep", "--lang", "en")
    assert (code, "plant00" in said) == (0, True), said
    assert do(two, fleet, "worker", "--once", "-q")[0] == 0
    found = mails(folder)
    assert len(found) > gone
    owner = read_owner(folder / "register.xlsx")
    assert owner is not None
    assert owner.machine == two.name
    _, problem = worker.communicate(timeout=150)  # it has heard nothing for a minute
    took = time.monotonic() - since
    assert worker.returncode == 5, problem
    one.plug()
    assert mails(folder) == found
    assert do(one, fleet, "worker", "--once", "-q")[0] == 0  # it works again
    check_whole(fleet, folder)
    print(f"given up after {took:.0f} s; mails before {gone}, after {len(found)}")


def test_a_cable_that_is_out_for_some_seconds_costs_a_run_only_those(hosts: tuple[Host, Host], fleet: Fleet) -> None:
    one, _ = hosts
    folder = fleet.plants[0].config.parent
    worker = pulled_at_work(one, fleet, folder)
    time.sleep(5)
    one.plug()
    _, problem = worker.communicate(timeout=150)
    assert worker.returncode == 0, problem
    check_whole(fleet, folder)
