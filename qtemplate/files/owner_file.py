"""The hidden file beside the register that says which workspace writes it, from where, and how far it has come.

It is what a copied workspace and a restored state database are recognised by. It knows neither the journal nor the
configuration.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct, field
from msgspec.structs import asdict

from ..texts.world import in_the_way


class Owner(Struct, frozen=True):
    """Who writes a register.

    Attributes:
        workspace: Name of the workspace, as its journal has it; "" where the file cannot be read.
        folder: Where it lies, links resolved.
        machine: On which computer; for people to read, nothing is decided by it.
        runs: Finished runs that wrote or sent; None in a file of the former form, which had no more than a name.
        kept: Field key -> ids whose cell in that program column is a person's.
        handed_over: Program columns that are people's as a whole.
        state: Database and schema of its state; "" where that lies in the folder, which tells copies apart then.
        turn: How often it was held, of one whose state is on a server: who held it before has lost it.
        given: Key of a team's own column that the program was given to fill -> id -> the value it had then, and what
            the cell showed.
    """

    workspace: str
    folder: str
    machine: str = ""
    runs: int | None = None
    kept: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    handed_over: tuple[str, ...] = ()
    state: str = ""
    turn: int = 0
    given: Mapping[str, Mapping[str, tuple[str, str]]] = field(default_factory=dict)


def owner_path(register: Path) -> Path:
    """Where the file of a register lies."""
    return register.with_name(f".{register.name}.qtemplate")


def read_owner(register: Path) -> Owner | None:
    """Who writes the register; None where no file says so. A file that cannot be read names nobody."""
    try:
        said: Any = json.loads(owner_path(register).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError):
        said = None
    if not isinstance(said, dict):
        return Owner("", "?", runs=0)
    runs, kept, turn = said.get("runs"), said.get("kept"), said.get("turn")
    return Owner(
        workspace=str(said.get("workspace", "")),
        folder=str(said.get("folder", "?")),
        machine=str(said.get("machine", "")),
        runs=runs if isinstance(runs, int) else None,
        kept={str(key): tuple(map(str, ids)) for key, ids in kept.items()} if isinstance(kept, dict) else {},
        handed_over=tuple(map(str, said.get("handed_over") or ())),
        state=str(said.get("state", "")),
        turn=turn if isinstance(turn, int) else 0,
        given=_given(said.get("given")),
    )


def _given(said: Any) -> dict[str, dict[str, tuple[str, str]]]:
    if not isinstance(said, dict):
        return {}
    return {
        str(key): {str(id): (str(pair[0]), str(pair[1])) for id, pair in cells.items()}
        for key, cells in said.items()
        if isinstance(cells, dict)
    }


def write_owner(register: Path, owner: Owner) -> None:
    """Writes the file, in one step.

    Raises:
        NotWritten: The folder cannot be written, or the disk is full.
    """
    file = owner_path(register)
    part = file.with_name(f".qt-tmp-{owner.workspace}")
    try:
        part.write_text(json.dumps(asdict(owner), ensure_ascii=False), "utf-8")
        part.replace(file)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise in_the_way(OSError(error.errno, error.strerror, str(file.parent))) from error


def real_folder(folder: Path) -> str:
    """A folder under its one name: links, mapped and substituted drives resolved, in its own spelling."""
    return os.path.realpath(folder)


def same_folder(one: str, other: str) -> bool:
    """Whether two such names mean one folder; where names do not differ by case, case does not tell."""
    if os.path.normcase(one) == os.path.normcase(other):
        return True
    try:
        return Path(one).samefile(other)
    except OSError:
        return False
