"""Whether this workspace may write its register: one writer, and never one that has forgotten what it sent."""

from __future__ import annotations

import platform
import uuid
from enum import StrEnum

from ...apply import Workspace
from ...apply.ends import why_never
from ...config import Config
from ...errors import ConfigError
from ...files.owner_file import Owner, read_owner, real_folder, same_folder, write_owner
from ...journal import Journal
from ...texts import make_error

RUNS = "runs"
"""Setting of the journal: finished runs that wrote or sent; the owner file counts along."""

NAME = "workspace"

TURN = "turn"
"""Setting of a journal on a server: how often the workspace was held; the owner file counts along."""


class Doubt(StrEnum):
    """Why a workspace may not write its register as things stand."""

    OTHER = "other"  # another workspace writes it
    MOVED = "moved"  # this one did, from another folder: it was copied or moved
    OLDER = "older"  # this one did, and knows less than it knew then: its state was restored or lost
    UNREADABLE = "unreadable"


class NotOwner(ConfigError):
    """The register is not this workspace's to write before a person has run `claim`. Exit code 4."""


def doubt_of(config: Config, journal: Journal, owner: Owner | None) -> Doubt | None:
    """Why the workspace may not write, as its journal and the owner file say; None when it may.

    A file of the former form that names this workspace is good for any folder, once. With the state on a server
    another machine, or another folder, is the same workspace.
    """
    if owner is None:
        return None
    if owner.workspace == "":
        return Doubt.UNREADABLE
    state = state_identity(config)
    here = (
        same_folder(owner.folder, real_folder(config.workspace)) if owner.state == state == "" else owner.state == state
    )
    if owner.workspace != journal.setting(NAME):
        # a lost state had another name; a workspace of the former form may lie elsewhere by now
        return Doubt.OLDER if here and owner.runs is not None else Doubt.OTHER
    if owner.runs is None:
        return None
    if not here:
        return Doubt.MOVED
    return Doubt.OLDER if owner.runs > runs_of(journal) else None


def state_identity(config: Config) -> str:
    """Database and schema of the state, which tell one workspace from another wherever it runs; "" for a file."""
    url = config.state.url
    return "" if url is None else f"{url.database}/{url.schema}"


def require_own(workspace: Workspace) -> None:
    """Nothing is written or sent by a workspace in doubt.

    Raises:
        NotOwner: What the doubt is, and what to do.
    """
    config = workspace.config
    owner = read_owner(config.register.path)
    doubt = doubt_of(config, workspace.journal, owner)
    if owner is not None and doubt is not None:
        raise doubt_error(config, owner, doubt)


def doubt_error(config: Config, owner: Owner, doubt: Doubt) -> NotOwner:
    """The doubt as an error that says what to do."""
    register = config.register.path
    folder = owner.state or (f"{owner.folder} ({owner.machine})" if owner.machine else owner.folder)
    match doubt:
        case Doubt.OTHER:
            return make_error(NotOwner, "owner.other", register=register, folder=folder)
        case Doubt.MOVED:
            return make_error(NotOwner, "owner.moved", register=register, folder=folder, here=config.workspace)
        case Doubt.OLDER:
            return make_error(NotOwner, "owner.older", register=register)
        case Doubt.UNREADABLE:
            return make_error(NotOwner, "owner.unreadable", register=register)


def claim_register(workspace: Workspace) -> None:
    """Names this workspace in the owner file; to be called when the register was read, and `require_own` has passed."""
    owner = read_owner(workspace.config.register.path)
    mine = renewed(workspace, owner)
    if mine != owner and why_never(workspace.config) is None:  # where only proposals are made nothing is written
        write_owner(workspace.config.register.path, mine)


def take_turn(workspace: Workspace) -> None:
    """Counts that the workspace is held, where its state is on a server: a run that was stopped and wakes up after
    another one took over finds another number beside the register, and replaces nothing.

    A file needs none: its lock ends with the process, and only then.
    """
    if not state_identity(workspace.config):
        return
    journal = workspace.journal
    journal.turn = int(journal.setting(TURN) or 0) + 1
    journal.set_setting(TURN, str(journal.turn))
    owner = read_owner(workspace.config.register.path)
    if owner is not None and why_never(workspace.config) is None:
        write_owner(workspace.config.register.path, renewed(workspace, owner))


def count_run(workspace: Workspace) -> None:
    """One more run that wrote or sent: first in the journal, so that the owner file is never ahead of a live one."""
    journal = workspace.journal
    journal.set_setting(RUNS, str(runs_of(journal) + 1))
    claim_register(workspace)


def renewed(workspace: Workspace, owner: Owner | None) -> Owner:
    """What the owner file says once this workspace is the writer; what it keeps for people stays."""
    journal = workspace.journal
    if journal.setting(NAME) is None:
        journal.set_setting(NAME, uuid.uuid4().hex)
    return Owner(
        workspace=str(journal.setting(NAME)),
        folder=real_folder(workspace.config.workspace),
        machine=platform.node(),
        runs=runs_of(journal),
        kept={} if owner is None else owner.kept,
        handed_over=() if owner is None else owner.handed_over,
        state=state_identity(workspace.config),
        turn=int(journal.setting(TURN) or 0) if state_identity(workspace.config) else 0,
        given={} if owner is None else owner.given,
    )


def runs_of(journal: Journal) -> int:
    """Finished runs that wrote or sent, as the journal has counted them."""
    return int(journal.setting(RUNS) or 0)


def deeds(workspace: Workspace) -> tuple[int, int]:
    """How often the register was written and mail was on its way: what has grown since was done in between."""
    database = workspace.journal.database
    written = database.one("select max(number) from own_write")
    sending = database.one("select max(number) from outbox_event where to_state = 'sending'")
    return (int(written[0] or 0) if written else 0, int(sending[0] or 0) if sending else 0)
