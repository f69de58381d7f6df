"""A workspace while a job holds it: one run at a time, one writing workspace per register."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator

from ..apply import Workspace
from ..apply.ends import WORKSPACE_KEY, RealEnds
from ..apply.imagined import ImaginedEnds
from ..config import Config, WriteMode
from ..errors import RegisterLocked
from ..files.owner_file import owner_path
from ..files.privacy import as_private_as, make_private
from ..files.secret_key import make_key
from ..journal import Journal, held_state, in_memory
from ..journal.chain import seal_news
from ..mailer.outbox.queue import Outbox
from ..ooxml.package.replace_file import remove_leftovers
from ..texts import make_error
from .owning.ownership import count_run, deeds, require_own, take_turn
from .state import has_state, outbox_of, reading_state, state_place

AN_HOUR = 3600.0
"""A temporary file beside the register that is this old is nobody's work; the folder may hold other registers."""

KEPT = (
    ".qtemplate", ".qtemplate/state.db", "outbox", "backups", "reports", "forms/out", "forms/done", "forms/problem",
    "intake/raw", "intake/done", "intake/problem",
)  # fmt: skip
"""Where the people of the register are named; who may put something into forms/in or intake/in is for the workspace's
people."""


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
    """A workspace for commands that change nothing: a missing journal is an empty one in memory.

    Raises:
        StateUnusable: There is a journal, or something in its place, that cannot be used.
    """
    with reading_state(config) as state, without_collector():
        yield Workspace(config, state.journal, state.outbox, RealEnds(config, state.journal))


@contextlib.contextmanager
def imagining(config: Config) -> Iterator[Workspace]:
    """A workspace to go through a run in without doing it: what is written down goes with the block."""
    with looking(config) as real:
        database = in_memory(real.journal.database)
        try:
            outbox = Outbox(database)
            for each in real.outbox.limits.all_suppressed():  # of an account on a server, too
                outbox.limits.suppress(each.address, each.reason, each.since)
            yield Workspace(config, Journal(database), outbox, ImaginedEnds(config))
        finally:
            database.close()


@contextlib.contextmanager
def holding(config: Config) -> Iterator[Workspace]:
    """A workspace for one run alone; one that wrote or sent is counted when the block is through.

    Raises:
        RegisterLocked: Another run of this workspace is under way.
        NotOwner: Another workspace writes this register, or a later state of this one has written it.
    """
    with holding_unasked(config) as workspace:
        require_own(workspace)
        take_turn(workspace)
        remove_leftovers(config.workspace / "forms" / "out")
        if config.register.write is not WriteMode.PROPOSE:
            remove_leftovers(config.register.path.parent, older_than=AN_HOUR)
        before = deeds(workspace)
        yield workspace
        if deeds(workspace) != before:
            count_run(workspace)


@contextlib.contextmanager
def holding_unasked(config: Config) -> Iterator[Workspace]:
    """A workspace for one command alone, whoever writes the register.

    Raises:
        RegisterLocked: Another run of this workspace is under way.
        StateUnusable: The journal cannot be used.
    """
    if config.state.url is None:
        has_state(config)  # a folder in its place is told as what it is, not as a right that is missing
    with as_private_as(config.register.path), held_state(state_place(config)) as database:
        if database is None:
            raise make_error(RegisterLocked, "workspace.busy", folder=config.workspace)
        kept = (config.workspace / name for name in KEPT)
        make_private((*kept, owner_path(config.register.path)), config.register.path)
        with without_collector():
            journal = Journal(database)
            yield Workspace(config, journal, outbox_of(config, database), RealEnds(config, journal))
        seal_news(database, make_key(config.workspace / WORKSPACE_KEY))
