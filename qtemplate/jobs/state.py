"""What a workspace remembers, for commands that only look: opened without what a run needs, and so at once."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from ..config import Config, state_password
from ..files.privacy import as_private_as
from ..journal import Database, Journal, Place, Server, StateLost, StateUnusable, is_on_server, is_there, open_state
from ..mailer.outbox.queue import Outbox

NOT_TO_BE_HAD = (StateUnusable, StateLost)
"""Why there may be no state to look at: it is damaged, or its server does not answer."""

STATE = Path(".qtemplate") / "state.db"


class State(Struct, frozen=True):
    """What was done, and the mails; of one workspace."""

    journal: Journal
    outbox: Outbox


def state_place(config: Config) -> Place:
    """Where a workspace keeps its state: in a file, or on the server of `[state] url`."""
    url = config.state.url
    if url is None:
        return config.workspace / STATE
    return Server(url.address, url.database, url.schema, state_password(url))


def has_state(config: Config) -> bool:
    """Whether the workspace has a journal, which its first run makes.

    Raises:
        StateUnusable: Something else is in its place.
        StateLost: The server does not answer.
    """
    return is_there(state_place(config))


def outbox_of(config: Config, database: Database, *, looking: bool = False) -> Outbox:
    """The queue of a workspace, with the limits of its account: its own, or those that a server keeps for all.

    Args:
        config: The workspace.
        database: Its state.
        looking: Make no table; where there is none yet, nothing limits anybody.
    """
    url = config.state.url
    if url is None or not is_on_server(database):
        return Outbox(database)
    from ..mailer.outbox.account import AccountLimits, account_schema, make_account  # who has a file loads none of it

    account = account_schema(config.mail.username, config.mail.host)
    if not database.has_table("turn", account):
        if looking:
            return Outbox(database)
        database.make_place(account)
        make_account(database, account)
    return Outbox(database, AccountLimits(database, account, url.schema))


@contextlib.contextmanager
def reading_state(config: Config) -> Iterator[State]:
    """The state of a workspace for commands that change nothing: a missing one is empty, and in memory.

    Raises:
        StateUnusable: There is one, or something in its place, that cannot be used.
    """
    place = state_place(config)
    database = open_state(place if isinstance(place, Server) or has_state(config) else None, looking=True)
    try:
        with as_private_as(config.register.path):
            yield State(Journal(database), outbox_of(config, database, looking=True))
    finally:
        database.close()
