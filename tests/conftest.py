"""What every test can use: an outbox on a real database, a folder to send into, and no secrets around.

Its being here also puts this folder on the import path, so that tests of every kind can use the makers beside it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from qtemplate.journal import open_state
from qtemplate.mailer.outbox.queue import Outbox
from qtemplate.mailer.transports.folder import FolderTransport


@pytest.fixture(autouse=True)
def no_secrets_around(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("QTEMPLATE_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    database = open_state(tmp_path / "state.db")
    yield Outbox(database)
    database.close()


@pytest.fixture
def folder(tmp_path: Path) -> FolderTransport:
    return FolderTransport(tmp_path / "outbox")


pytest_plugins = ("demo_workspaces",)

# how long an example takes is the machine's, and several tests share it
settings.register_profile("side by side", deadline=None)
settings.load_profile("side by side")
