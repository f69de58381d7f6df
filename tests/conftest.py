"""What every test can use: an outbox on a real database, a folder to send into, and no secrets around.

Its being here also puts this folder on the import path, so that tests of every kind can use the makers beside it.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from qtemplate.mailer.outbox.queue import Outbox
from qtemplate.mailer.transports.folder import FolderTransport


@pytest.fixture(autouse=True)
def no_secrets_around(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("QTEMPLATE_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    connection = sqlite3.connect(tmp_path / "state.db", isolation_level=None)
    connection.execute("pragma journal_mode=wal")
    connection.execute("pragma synchronous=full")
    outbox = Outbox(connection)
    outbox.create_tables()
    yield outbox
    connection.close()


@pytest.fixture
def folder(tmp_path: Path) -> FolderTransport:
    return FolderTransport(tmp_path / "outbox")


pytest_plugins = ("demo_workspaces",)
