"""Where a workspace meets the world: the register's file, the folder of forms, the way mail goes.

A run has the real ends. A plan has imagined ones, and everything above is the same for both. What is met only where
something is written or sent is imported there.
"""

from __future__ import annotations

import datetime as dt
import json
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from ..config import EXPORT, WEB_SECRET, Config, WriteMode, web_secret
from ..errors import NotWritten, RegisterChanged, RegisterLocked
from ..files.locks import find_owner
from ..files.owner_file import read_owner
from ..files.secret_key import make_key
from ..files.sync_roots import find_sync_root
from ..journal import Journal, StateLost
from ..ooxml.patcher import Patcher
from ..plan import FormRequest, Phrase
from ..texts import make_error

if TYPE_CHECKING:
    from ..forms.make import FormTemplate
    from ..mailer.transports.base import Transport


def why_never(config: Config) -> Phrase | None:
    """Why the register is not written at all, or None."""
    if config.register.write is WriteMode.PROPOSE:
        return Phrase("run.proposed")
    root = find_sync_root(config.register.path) if config.register.write is WriteMode.AUTO else None
    return None if root is None else Phrase.of("run.sync_root", root=str(root[0]), client=root[1])


class Ends(Protocol):
    """What applying a plan asks of the world."""

    @property
    def patcher(self) -> Patcher:
        """Reads and writes the register."""

    def holder(self) -> Phrase | None:
        """Who has the register open now."""

    def require_unchanged(self, sha256: str) -> None:
        """Make sure that the register still has these bytes.

        Raises:
            RegisterChanged: It has others.
        """

    def before_replace(self, sha256: str, now: dt.datetime) -> Path | None:
        """The last look before the register with these bytes is replaced.

        Returns:
            The copy that is kept of it; None where none is made.

        Raises:
            RegisterChanged, RegisterLocked: It was saved, or opened.
            NotWritten: It is read-only, or no copy could be kept.
        """

    def require_turn(self) -> None:
        """The very last look: nobody has taken the register over meanwhile.

        Raises:
            StateLost: Another run has.
        """

    def make_form(self, request: FormRequest, template: FormTemplate) -> Path | None:
        """The file of a finished form; None where none is made.

        Raises:
            WorkbookRefused, OSError: It could not be made.
        """

    def open_transport(self) -> Transport:
        """The way mail goes."""

    def link_secret(self) -> bytes | None:
        """By what links to pages are signed; None where there are no pages.

        Raises:
            ConfigError: It cannot be used.
        """

    def export_pages(self, records: Mapping[str, bytes]) -> None:
        """Has the server find just these records, by name.

        Raises:
            OSError: One could not be written.
        """

    def export_board(self, board: bytes | None) -> None:
        """Has people see this board; None = none.

        Raises:
            OSError: It could not be written.
        """


WORKSPACE_KEY = Path(".qtemplate") / "forms.key"
"""By which a workspace knows its forms again, and seals its history."""

WRITABLE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH
"""A register that has none of these was marked read-only by a person, though its folder would let it be replaced."""

BACKUPS = "backups"
"""Setting of the journal: names of the copies that were made, the only ones that are ever deleted."""


class RealEnds:
    """The world as it is."""

    def __init__(self, config: Config, journal: Journal) -> None:
        self._config = config
        self._journal = journal
        self._path = config.register.path
        self.patcher = Patcher(self._path)

    def holder(self) -> Phrase | None:
        owner = find_owner(self._path)
        if owner is None or owner.stale:
            return None
        return Phrase.of("run.open_by", holder=owner.name or Phrase("run.somebody"))

    def require_unchanged(self, sha256: str) -> None:
        from ..files.digest import digest_file

        if digest_file(self._path) != sha256:
            raise make_error(RegisterChanged, "register.changed", path=self._path)

    def before_replace(self, sha256: str, now: dt.datetime) -> Path | None:
        from ..files.backups import keep_backup

        self.require_unchanged(sha256)
        if not self._path.stat().st_mode & WRITABLE:
            raise make_error(NotWritten, "register.read_only", path=self._path)
        owner = find_owner(self._path)
        if owner is not None and not owner.stale:
            raise make_error(RegisterLocked, "register.opened", path=self._path, holder=owner.name)
        rule, folder = self._config.backups, self._config.workspace / "backups"
        made = [*json.loads(self._journal.setting(BACKUPS) or "[]")]
        copy = keep_backup(self._path, folder, now, keep=rule.keep, days=rule.days, made=made)
        left = [name for name in (*made, copy.name) if (folder / name).is_file()]
        self._journal.set_setting(BACKUPS, json.dumps(left, ensure_ascii=False))
        return copy

    def require_turn(self) -> None:
        mine = self._journal.turn
        owner = None if mine is None else read_owner(self._path)
        if owner is not None and owner.turn != mine:
            raise make_error(StateLost, "state.overtaken", register=self._path, mine=mine, now=owner.turn)

    def make_form(self, request: FormRequest, template: FormTemplate) -> Path | None:
        from ..forms.make import make_form

        workspace = self._config.workspace
        return make_form(request, template, workspace / "forms" / "out", make_key(workspace / WORKSPACE_KEY))

    def open_transport(self) -> Transport:
        from ..mailer.transports.open import open_transport

        return open_transport(self._config)

    def link_secret(self) -> bytes | None:
        if not self._config.web.base_url:
            return None
        return web_secret(self._config.web) or make_key(self._config.workspace / WEB_SECRET)

    def export_pages(self, records: Mapping[str, bytes]) -> None:
        from ..received.records import write_records

        write_records(self._config.workspace / EXPORT, records)

    def export_board(self, board: bytes | None) -> None:
        from ..received.records import write_board

        write_board(self._config.workspace / EXPORT, board)
