"""What every test can use: an outbox on a real database, a folder to send into, and no secrets around.

The makers of workbooks, the people at work on them and the servers they meet lie in `makers`, `people` and `peers`.
They are on the import path (pyproject.toml), so that tests of every kind can use them.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from postgres_server import Postgres, running

from qtemplate.journal import Place, open_state
from qtemplate.mailer.outbox.queue import Outbox
from qtemplate.mailer.transports.folder import FolderTransport

# Every save waits until the disk has it, and the tests would wait with it thousands of times: where there is memory to
# spare, their files lie there. Whoever names a TMPDIR gets that.
MEMORY = Path("/dev/shm")
if "TMPDIR" not in os.environ and MEMORY.is_dir() and not os.statvfs(MEMORY).f_flag & os.ST_NOEXEC:
    os.environ["TMPDIR"] = str(MEMORY) if shutil.disk_usage(MEMORY).free > 4 * 2**30 else tempfile.gettempdir()
    tempfile.tempdir = os.environ["TMPDIR"]

# what one of the many children compiled need not be compiled by the next, whatever the machine's own habit is
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False


@pytest.fixture(autouse=True)
def no_secrets_around(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("QTEMPLATE_")]:
        monkeypatch.delenv(name)


ON_BOTH = {"test_outbox", "test_state_on_server", "test_history_chain"}
"""Modules whose tests go through both engines in every run; the others' second time is the campaign's."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """What asks for a place of the state gets a file, and a schema of a PostgreSQL."""
    if "place" in metafunc.fixturenames:
        later = [] if metafunc.module.__name__.rsplit(".", 1)[-1] in ON_BOTH else [pytest.mark.campaign]
        metafunc.parametrize("place", ["sqlite", pytest.param("postgresql", marks=later)], indirect=True)


LONGEST = frozenset(
    f"test_{name}.py"
    for name in ("the_month", "the_week", "rehearsal", "living", "life_by_forms", "second_editor", "intake_mailbox")
)
"""Modules with a test of many seconds: they go first, or one worker would end with it while the others have nothing."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """After the order was shuffled, whatever takes longest comes first; the rest stays as it is."""
    items.sort(key=lambda item: item.path.name not in LONGEST)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One server for all the tests of a session; each takes a schema of its own."""
    with running() as server:
        yield server


@pytest.fixture
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """Where a state is kept, made by whoever opens it."""
    if request.param == "sqlite":
        return tmp_path / "state.db"
    server: Postgres = request.getfixturevalue("postgres")
    return server.server()


@pytest.fixture
def outbox(place: Place) -> Iterator[Outbox]:
    database = open_state(place)
    yield Outbox(database)
    database.close()


@pytest.fixture
def folder(tmp_path: Path) -> FolderTransport:
    return FolderTransport(tmp_path / "outbox")


pytest_plugins = ("demo_workspaces", "asking", "office")

# how long an example takes is the machine's, and several tests share it
settings.register_profile("side by side", deadline=None)
settings.load_profile("side by side")
