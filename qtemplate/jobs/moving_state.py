"""`state move`: a workspace's state carried from its file to a server, or back, and looked at row by row."""

from __future__ import annotations

import re
from pathlib import Path

from msgspec.structs import replace

from ..apply.ends import why_never
from ..config import Config, read_state_address
from ..errors import ConfigError, RegisterLocked
from ..files.owner_file import read_owner, write_owner
from ..journal import Database, held_state
from ..journal.carry import carry, compare
from ..plan import Phrase
from ..report.answer import Answer, Section
from ..texts import make_error
from .owning.ownership import renewed
from .state import STATE, has_state, outbox_of, state_place
from .workspace import holding

TO_FILE = "file"
"""What is written where the state is to lie in the workspace again."""

_URL = re.compile(r"(?m)^url\s*=\s*.*$")
_SECTION = re.compile(r"(?m)^\[state\]\s*$")


def move_state(config: Config, to: str) -> Answer:
    """Carries the state and makes the new place the one that is used.

    The new place is filled and compared before anything else is changed. Where it is killed on the way, the former
    state goes on, or the register's owner file names the one that is to be claimed.

    Args:
        config: The workspace.
        to: `postgresql://user@host/database?schema=name`, or `file`.

    Raises:
        ConfigError: It is no such address, the state lies there already, there is none, or another one lies there.
        RegisterLocked: A run of the workspace is under way.
        StateUnusable: The rows that arrived are not those that were sent.
    """
    url = None if to == TO_FILE else read_state_address(to, config.path)
    target = replace(config, state=replace(config.state, url=url))
    if url == config.state.url:
        raise make_error(ConfigError, "state.same_place", where=to)
    if not has_state(config):
        raise make_error(ConfigError, "state.none_to_move", config=config.path)
    place = state_place(target)
    with holding(config) as workspace, held_state(place) as database:
        if database is None:
            raise make_error(RegisterLocked, "workspace.busy", folder=to)
        if _is_used(database):
            raise make_error(ConfigError, "state.occupied", where=database.where)
        source = workspace.journal.database
        carry(source, database)
        rows = compare(source, database)
        others = outbox_of(target, database).limits
        for each in workspace.outbox.limits.all_suppressed():  # a server keeps the list for the whole account
            others.suppress(each.address, each.reason, each.since)
        write_address(config.path, "" if url is None else str(url))
        if why_never(config) is None:
            owner = read_owner(config.register.path)
            if owner is not None:
                write_owner(config.register.path, renewed(replace(workspace, config=target), owner))
        where = database.where
    lines = [Phrase.of("state.moved", rows=rows, where=where)]
    former = None
    if config.state.url is None:
        former = _set_aside(config.workspace / STATE)
        lines.append(Phrase.of("state.former_file", path=former))
    else:
        lines.append(Phrase.of("state.former_schema", schema=config.state.url.schema))
    data = {"moved": rows, "where": where, "former": None if former is None else str(former), "exit": 0}
    return Answer(data, (Section.of(None, lines),), 0)


def _is_used(database: Database) -> bool:
    """Whether another workspace has done something there."""
    return any(database.one(f"select 1 from {table} limit 1") for table in database.columns() if table != "meta")


def write_address(file: Path, address: str) -> None:
    """Puts the address into `[state] url`; every other line of the file stays as it is."""
    text = file.read_text("utf-8")
    line = f'url = "{address}"'
    section = _SECTION.search(text)
    if section is None:
        text = f"{text.rstrip()}\n\n[state]\n{line}\n"
    else:
        body, rest = text[: section.end()], text[section.end() :]
        end = re.search(r"(?m)^\[", rest)
        here, after = (rest, "") if end is None else (rest[: end.start()], rest[end.start() :])
        here = _URL.sub(lambda _: line, here) if _URL.search(here) else f"\n{line}{here}"
        text = body + here + after
    part = file.with_name(f"{file.name}.part")
    part.write_text(text, "utf-8")
    part.replace(file)


def _set_aside(file: Path) -> Path:
    """The former file under another name: kept, and never taken for the state."""
    kept, number = file.with_name(f"{file.name}.moved"), 1
    while kept.exists():
        number += 1
        kept = file.with_name(f"{file.name}.moved-{number}")
    file.replace(kept)
    for rest in ("-wal", "-shm"):
        file.with_name(file.name + rest).unlink(missing_ok=True)
    return kept
