"""The line to the server of the state is cut in the middle of a run: it says so, and the next one finishes."""

from __future__ import annotations

import time
import zipfile
from pathlib import Path

import pytest
from postgres_server import Postgres, on_server
from slow_link import link_to
from test_state_on_server import fresh, said
from told import typed
from workspace_state import forms, message_ids

from qtemplate.jobs.demo import SAMPLE_MOMENT
from qtemplate.journal import connect

NIGHT = ("run", "--now", SAMPLE_MOMENT.isoformat(), "--lang", "en")


@pytest.mark.parametrize(
    "trips", [(450,), pytest.param((20, 40, 80, 120, 160, 200, 250, 300), marks=pytest.mark.campaign)]
)
def test_a_run_whose_line_is_cut_says_so_and_the_next_one_finishes_without_a_mail_twice(
    trips: tuple[int, ...], demo: Path, postgres: Postgres, tmp_path: Path
) -> None:
    server = postgres.server()
    plant, administrator = fresh(demo, tmp_path / "workspace"), connect(server)
    with link_to(postgres.port) as link:
        on_server(plant, postgres.server(server.schema, port=link.port))
        for each in trips:
            link.mend()
            link.cut_at = link.trips + each
            told = typed(plant, *NIGHT)
            assert (told.returncode, "Nothing was done after that" in told.stderr) == (5, True), told.stderr
            with zipfile.ZipFile(plant / "register.xlsx") as package:
                assert package.testzip() is None
            until = time.monotonic() + 30
            while administrator.holder() is not None and time.monotonic() < until:
                time.sleep(0.01)  # the server notices a moment later
        link.mend()
        assert typed(plant, *NIGHT).returncode == 3
    administrator.close()
    assert set(message_ids(plant).values()) == {1}
    assert said(plant) == said(demo)
    assert forms(plant) == forms(demo)
