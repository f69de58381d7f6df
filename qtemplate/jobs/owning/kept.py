"""Which cells of the program's columns are people's: as the owner file says, or a first look at a filled book."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from ...apply.ends import why_never
from ...files.owner_file import Owner, read_owner, write_owner
from ...ooxml.references import column_name
from ...register import Register, is_missing, plain
from ...rules.around.kept_cells import ROW, filled_cells, name_by_words, row_names
from ...texts import make_error
from ...texts.world import in_the_way
from .ownership import NotOwner, claim_register

if TYPE_CHECKING:
    from ...apply import Workspace

Given = dict[str, tuple[str, str]]
"""Name of a row -> the value of one cell, and what it shows."""

IMAGINED = "imagined kept"
"""Setting of the journal that a plan imagines; never in a real one."""


def is_undecided(workspace: Workspace, register: Register, owner: Owner | None) -> bool:
    """Whether nothing says that the program ever wrote in this book, and its columns hold something all the same."""
    traces = owner is not None or register.logged or not workspace.journal.fresh
    return not traces and bool(filled_cells(register))


def require_decided(workspace: Workspace, register: Register) -> None:
    """Nothing is written or sent before somebody has said whose the filled cells of the program's columns are.

    Raises:
        NotOwner: Nobody has.
    """
    owner = read_owner(workspace.config.register.path)
    if why_never(workspace.config) is None and is_undecided(workspace, register, owner):
        raise make_error(NotOwner, "owner.undecided", register=workspace.config.register.path, n=count_filled(register))


def take_register(workspace: Workspace, register: Register) -> None:
    """What a run does once it has read the register: makes sure that it may write it, and says so beside it.

    Raises:
        NotOwner: Nobody has said whose the filled cells of the program's columns are.
        NotWritten: Nothing may be written beside the register: what a run does could not be counted there.
    """
    require_decided(workspace, register)
    folder = workspace.config.register.path.resolve().parent
    if why_never(workspace.config) is None and not os.access(folder, os.W_OK):
        raise in_the_way(PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(folder)))
    claim_register(workspace)


def count_filled(register: Register) -> int:
    """Filled cells of the program's columns."""
    return sum(map(len, filled_cells(register).values()))


def imagine_kept(workspace: Workspace, register: Register) -> None:
    """Keeps through all rounds of a plan what its first look found; a run has the owner file for it."""
    owner = read_owner(workspace.config.register.path)
    if is_undecided(workspace, register, owner):
        workspace.journal.set_setting(IMAGINED, json.dumps(filled_cells(register), ensure_ascii=False))


def kept_of(workspace: Workspace, register: Register) -> dict[str, Any]:
    """`kept` and `handed_over` of the memory; in a book that nobody has decided about everything filled is kept."""
    owner = read_owner(workspace.config.register.path)
    imagined = workspace.journal.setting(IMAGINED)
    if imagined is not None:
        return as_memory(Owner("", "", kept=json.loads(imagined)))
    if is_undecided(workspace, register, owner):
        return as_memory(Owner("", "", kept=filled_cells(register)))
    return {} if owner is None else {**as_memory(owner), "given": given_rows(owner, register)}


def given_cells(register: Register, keys: Collection[str], shown: Mapping[str, str]) -> dict[str, Given]:
    """What columns hold that the program is given to fill, for the owner file.

    Args:
        register: Read through the map that gives them.
        keys: The columns.
        shown: Address -> what a cell of theirs shows.
    """
    names = row_names(register)
    found: dict[str, Given] = {}
    for key in keys:
        letters, values = column_name(register.columns[key]), register.frame[key].tolist()
        for row, value in zip(register.frame.index.tolist(), values, strict=True):
            if not is_missing(value) and row not in register.past:
                text = str(plain(value))
                found.setdefault(key, {})[names[row]] = (text, shown.get(f"{letters}{row}", text))
    return found


def given_rows(owner: Owner, register: Register) -> dict[str, dict[int, str]]:
    """Key -> worksheet row -> what a column that the program was given to fill held then."""
    if not owner.given:
        return {}
    names = row_names(register)
    words = {row: name_by_words(register, row) for row in names}
    return {
        key: {
            row: cells[name][0] for row in names if (name := names[row] if names[row] in cells else words[row]) in cells
        }
        for key, cells in owner.given.items()
    }


def as_memory(owner: Owner) -> dict[str, Any]:
    """What an owner file keeps, as the rules have it."""
    kept = {key: frozenset(names) for key, names in owner.kept.items()}
    return {"kept": kept, "handed_over": frozenset(owner.handed_over)}


def name_by_id(workspace: Workspace, after: Register) -> None:
    """Kept rows that have got an id in this run are named by it from now on; people may change what they were known by.

    Args:
        workspace: Held by this run.
        after: The register with the run's edits.
    """
    path = workspace.config.register.path
    owner = read_owner(path)
    named = () if owner is None else (*owner.kept.values(), *owner.given.values())
    if owner is None or not any(name.startswith(ROW) for names in named for name in names):
        return
    now = row_names(after)
    ids = {name_by_words(after, row): name for row, name in now.items() if not name.startswith(ROW)}
    kept = {key: tuple(ids.get(name, name) for name in names) for key, names in owner.kept.items()}
    given = {key: {ids.get(name, name): cell for name, cell in cells.items()} for key, cells in owner.given.items()}
    if (kept, given) != (owner.kept, owner.given):
        write_owner(path, replace(owner, kept=kept, given=given))
