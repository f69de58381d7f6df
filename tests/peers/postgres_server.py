"""A private PostgreSQL for the tests: its own cluster on loopback, as an ordinary user, gone with the tests.

The system's own cluster is not used. Texts are compared as in English there, so that a column which relies on the
database's own order is found out. Nothing is waited for on a disk: what the tests kill is our program.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import pwd
import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from qtemplate.journal import Server

USER, DATABASE = "qtemplate", "quality"
REQUIRED = "POSTGRES_REQUIRED"
CLUSTER = ("-A", "trust", "-U", USER, "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions")
ENGLISH = ("--locale-provider=icu", "--icu-locale=en")
SETTINGS = ("fsync=off", "full_page_writes=off", "autovacuum=off", "max_connections=120")


class Postgres:
    """A running server.

    Args:
        programs: Where initdb and postgres lie.
        folder: For its data; may be written by whom it runs as.
        also_at: Another address of this machine that it listens at; who comes from its /16 is let in.
    """

    def __init__(self, programs: Path, folder: Path, also_at: str = "") -> None:
        self.also_at = also_at
        self.programs, self.folder, self.data = programs, folder, folder / "data"
        self._as = as_whom(folder)
        made = [str(programs / "initdb"), "-D", str(self.data), *CLUSTER]
        done = subprocess.run([*self._as, *made, *ENGLISH], cwd=folder, capture_output=True, text=True)
        if done.returncode:
            subprocess.run([*self._as, *made], cwd=folder, capture_output=True, text=True, check=True)
        with (self.data / "pg_hba.conf").open("a") as rules:
            rules.write(f"host all all {also_at}/16 trust\n" if also_at else "")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self._process: subprocess.Popen[bytes] | None = None
        self._schemas = itertools.count(1)
        self.start()
        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            connection.execute(f"create database {DATABASE}")

    def address(self, database: str = DATABASE, port: int | None = None) -> str:
        return f"postgresql://{USER}@127.0.0.1:{port or self.port}/{database}"

    def server(self, schema: str = "", port: int | None = None) -> Server:
        """A schema of its own for each that asks."""
        return Server(self.address(port=port), DATABASE, schema or f"plant{next(self._schemas):03}")

    def start(self) -> None:
        settings = [
            [
                f"listen_addresses={','.join(filter(None, ('127.0.0.1', self.also_at)))}",
                f"port={self.port}",
                f"unix_socket_directories={self.folder}",
            ],
            SETTINGS,
        ]
        words = [word for setting in itertools.chain(*settings) for word in ("-c", setting)]
        with (self.folder / "log").open("ab") as log:
            command = [*self._as, str(self.programs / "postgres"), "-D", str(self.data), *words]
            self._process = subprocess.Popen(command, cwd=self.folder, stdout=log, stderr=log)
        until = time.monotonic() + 60
        while True:
            try:
                psycopg.connect(self.address("postgres")).close()
                return
            except psycopg.OperationalError:
                if self._process.poll() is not None or time.monotonic() > until:
                    raise
                time.sleep(0.02)

    def stop(self) -> None:
        """At once, as when the machine is restarted in a hurry: sessions are ended, nothing is waited for."""
        if self._process is not None:
            self._process.send_signal(3)  # SIGQUIT: immediate shutdown
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(20)
            self._process = None


def on_server(folder: Path, server: Server) -> Path:
    """The workspace, with its state on the server from now on."""
    file = folder / "qtemplate.toml"
    text = re.sub(r'(?m)^url = ".*"$', f'url = "{server.shown}"', file.read_text("utf-8"))
    file.write_text(text, "utf-8")
    return folder


def as_whom(folder: Path) -> list[str]:
    """How a program runs as an ordinary user: PostgreSQL refuses to run as root."""
    if os.getuid() != 0:
        return []
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            user = pwd.getpwnam(name)
            os.chown(folder, user.pw_uid, user.pw_gid)
            ids = [f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups", "--pdeathsig=QUIT"]
            return ["setpriv", *ids, "--"]
    raise AssertionError("there is no ordinary user to run PostgreSQL as")


def find_programs() -> Path | None:
    """Where initdb lies: on the path, or where Debian puts it; the newest."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda file: int(file.parts[-3]))
    return found[-1].parent if found else None


@contextlib.contextmanager
def running(also_at: str = "") -> Iterator[Postgres]:
    """A server as long as the block lasts. Without the programs a test is skipped, or fails where they are required."""
    programs = find_programs()
    if programs is None:
        sentence = "there is no PostgreSQL on this machine (Debian: apt-get install postgresql)"
        if os.environ.get(REQUIRED):
            pytest.fail(f"{sentence}, and {REQUIRED} is set")
        pytest.skip(sentence)
    folder = Path(tempfile.mkdtemp(prefix="qtemplate-postgres-"))
    server = Postgres(programs, folder, also_at)
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
