"""A workspace while a job holds it: one run at a time, one writing workspace per register."""

from __future__ import annotations

import contextlib
import gc
import json
import uuid
from collections.abc import Iterator
from pathlib import Path

from ..apply import Workspace
from ..apply.ends import RealEnds
from ..apply.imagined import ImaginedEnds
from ..config import Config, WriteMode
from ..errors import ConfigError, RegisterLocked
from ..files.privacy import as_private_as, make_private
from ..journal import Journal, held_alone, open_state
from ..mailer.outbox.queue import Outbox
from ..ooxml.package.replace_file import remove_leftovers
from ..plan import Phrase
from ..texts import make_error

AN_HOUR = 3600.0
"""A temporary file beside the register that is this old is nobody's work; the folder may hold other registers."""

STATE = Path(".qtemplate") / "state.db"

KEPT = (".qtemplate", ".qtemplate/state.db", "outbox", "backups", "reports", "forms/out", "forms/done", "forms/problem")
"""Where the people of the register are named; who may put something into forms/in is for the workspace's people."""


def journal_path(config: Config) -> Path:
    """Where a workspace keeps its state."""
    return config.workspace / STATE


@contextlib.contextmanager
def without_collector() -> Iterator[None]:
    """Python's search for circular garbage rests: a run makes millions of objects and hardly a circle.

    At 100,000 rows the search costs 5 % of a night and finds nothing that lowers the peak.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@contextlib.contextmanager
def looking(config: Config) -> Iterator[Workspace]:
    """A workspace for commands that change nothing: a missing journal is an empty one in memory."""
    path = journal_path(config)
    database = open_state(path if path.is_file() else None, looking=True)
    try:
        with as_private_as(config.register.path), without_collector():
            yield Workspace(config, Journal(database), Outbox(database), RealEnds(config))
    finally:
        database.close()


@contextlib.contextmanager
def imagining(config: Config) -> Iterator[Workspace]:
    """A workspace to go through a run in without doing it: what is written down goes with the block."""
    with looking(config) as real:
        database = real.journal.database.copy()
        try:
            yield Workspace(config, Journal(database), Outbox(database), ImaginedEnds(config))
        finally:
            database.close()


@contextlib.contextmanager
def holding(config: Config) -> Iterator[Workspace]:
    """A workspace for one run alone.

    Raises:
        RegisterLocked: Another run of this workspace is under way.
        ConfigError: Another workspace writes this register.
    """
    path = journal_path(config)
    with as_private_as(config.register.path), held_alone(path.parent) as alone:
        if not alone:
            raise make_error(RegisterLocked, "workspace.busy", folder=config.workspace)
        kept = (config.workspace / name for name in KEPT)
        make_private((*kept, owner_file(config.register.path)), config.register.path)
        database = open_state(path)
        try:
            journal = Journal(database)
            claim_register(config, journal)
            remove_leftovers(config.workspace / "forms" / "out")
            if config.register.write is not WriteMode.PROPOSE:
                remove_leftovers(config.register.path.parent, older_than=AN_HOUR)
            with without_collector():
                yield Workspace(config, journal, Outbox(database), RealEnds(config))
        finally:
            database.close()


def owner_file(register: Path) -> Path:
    """The hidden file beside the register that names the workspace writing it."""
    return register.with_name(f".{register.name}.qtemplate")


def claim_register(config: Config, journal: Journal) -> None:
    """Makes this workspace the register's writer, unless another one is; one that only proposes writes no file for it.

    Raises:
        ConfigError: Another workspace writes it.
    """
    name = journal.setting("workspace")
    if name is None:
        name = uuid.uuid4().hex
        journal.set_setting("workspace", name)
    file = owner_file(config.register.path)
    try:
        owner = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        owner = None
    except (OSError, ValueError):
        owner = {}
    if owner is not None and owner.get("workspace") == name:
        return
    if owner is not None:
        folder = owner.get("folder") or Phrase("workspace.unknown")
        raise make_error(ConfigError, "workspace.other", path=config.register.path, folder=folder, file=file)
    if config.register.write is WriteMode.PROPOSE:
        return
    part = file.with_name(f".qt-tmp-{name}")
    part.write_text(json.dumps({"workspace": name, "folder": str(config.workspace)}, ensure_ascii=False), "utf-8")
    part.replace(file)
