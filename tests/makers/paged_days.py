"""A workspace with pages on the evening of a day on which people used them: what both sorts of page are told by."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from told import register_of, typed
from web_site import Pages

from qtemplate.files.owner_file import owner_path
from qtemplate.register import Register

MORNING, NIGHT = "2026-07-16T10:30", "2026-07-16T20:00"


@dataclass
class Day:
    """The evening of a day.

    Attributes:
        workspace: After its run.
        pages: As the server has them.
        planned, ran: What `plan` and the run told.
        again: The register's digest before and after everything was delivered once more.
    """

    workspace: Path
    pages: Pages
    planned: Any
    ran: Any
    again: tuple[str, str]

    @cached_property
    def register(self) -> Register:
        return register_of(self.workspace)


def called(workspace: Path, *arguments: str, now: str = NIGHT) -> Any:
    """What a command tells as JSON."""
    return json.loads(typed(workspace, *arguments, "--json", "--now", now, "--lang", "en").stdout)


def own_copy(workspace: Path, folder: Path) -> Path:
    """The workspace once more, whose register is its own."""
    shutil.copytree(workspace, folder)
    owner = owner_path(folder / "register.xlsx")
    owner.write_text(owner.read_text("utf-8").replace(str(workspace), str(folder)), "utf-8")
    return folder


def night(workspace: Path, kept: Mapping[Path, bytes]) -> tuple[Any, Any, tuple[str, str]]:
    """A plan, which changes nothing, and the run; then these files are delivered once more. See `Day`."""
    before = sorted(map(str, workspace.rglob("*")))
    planned = called(workspace, "plan")
    assert sorted(map(str, workspace.rglob("*"))) == before  # a plan stores, marks and moves nothing
    ran = called(workspace, "run", "--no-mail")
    sha256 = register_of(workspace).sha256
    for file, data in kept.items():
        file.write_bytes(data)
    called(workspace, "intake")
    return planned, ran, (sha256, register_of(workspace).sha256)
