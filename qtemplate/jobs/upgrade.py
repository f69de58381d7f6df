"""`upgrade`: adds to a workbook in use what the standard one of this version has: columns, sheets, drop-down values.

One that was adopted gets what it would get today: of the columns only those that the process needs. Nothing that stands
in it is moved or changed. It is a run of its own in the journal, and `undo` takes it back as long as nobody saved the
register since.
"""

from __future__ import annotations

import datetime as dt
import tempfile
import uuid
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from ..apply import Workspace
from ..apply.reshape import Reshaped, reshape_register
from ..apply.settle import settle
from ..config import Config
from ..errors import ConfigError, WorkbookRefused
from ..fields import FIELDS
from ..journal import Journal
from ..ooxml.add import Additions
from ..ooxml.patch import patch_workbook
from ..ooxml.patch_tasks import Fits
from ..ooxml.reading.book import Book, open_book
from ..plan import Phrase
from ..report.answer import Answer, Section
from ..sheets.adopt.completing import Appended, folded, lacking_columns, map_lines
from ..sheets.adopt.donor import make_donor
from ..sheets.layout import SHEETS
from ..sheets.standard.workbook import build_workbook
from ..sheets.upgrading.adding import Layout
from ..sheets.upgrading.content import content_digest
from ..sheets.upgrading.lacking import REGISTER, Lack, find_lacks
from ..sheets.upgrading.low_rows import texts_of_rows
from ..sheets.upgrading.survey import Survey, survey_workbook
from ..texts import make_error, quote
from .known_things import UPGRADE, known_things, record_upgrade, remember_things, remembered_things, upgrade_record
from .moment import local_now
from .workspace import holding, looking
from .world import read_world


class Upgrade(Struct, frozen=True):
    """What there is to be added.

    Attributes:
        lacks: What is added.
        additions: The same for the workbook engine.
        lines: Of the column map of an adopted workbook, about its new columns.
        left_out: What cannot be added, and why.
        unknown: What was there at an earlier run and is gone.
        things: What the workbook had before.
        fits: Texts of the rows that an earlier version left without a height, by sheet.
    """

    lacks: tuple[Lack, ...]
    additions: Additions
    lines: Appended
    left_out: tuple[tuple[Lack, Phrase], ...]
    unknown: tuple[Lack, ...]
    things: frozenset[str]
    fits: Fits

    @property
    def nothing(self) -> bool:
        """Whether the workbook is all that it can be."""
        return not (self.lacks or self.fits)


def upgrade(config: Config, moment: dt.datetime | None = None, *, dry_run: bool = False) -> Answer:
    """Adds what the workbook lacks.

    Args:
        config: The workspace.
        moment: The moment that names the run and the backup; None = now.
        dry_run: Only say what would be added.

    Returns:
        Exit code 5 when the register could not be written, 3 when something could not be added, else 0.

    Raises:
        ConfigError: The workbook was not made from the standard one.
        RegisterLocked: A run is under way.
        RegisterChanged: Somebody saved the register meanwhile.
        WorkbookRefused: The workbook as a whole cannot be edited.
    """
    now = local_now(config, moment)
    with tempfile.TemporaryDirectory(prefix="qtemplate-") as scratch:
        if dry_run:
            with looking(config) as workspace:
                book = open_book(config.register.path)
                return _answer(_prepare(config, workspace.journal, book, Path(scratch)), dry_run=True)
        with holding(config) as workspace:
            world = read_world(config)
            settle(workspace, world.register)
            made = _prepare(config, workspace.journal, world.book, Path(scratch))
            if made.nothing:
                return _answer(made, dry_run=False)
            return _carry_out(workspace, made, world.book, len(world.register.frame), now)


def lacking(config: Config, journal: Journal, book: Book) -> tuple[Lack, ...]:
    """What a workbook lacks; nothing, for one that was not made from the standard one.

    Raises:
        RegisterUnreadable: It has no register sheet.
    """
    ours = survey_workbook(book)
    if not _is_standard(config, ours):
        return ()
    standard = survey_workbook(open_book(_standard(ours.register.header.language)))
    return _lacks(config, journal, ours, standard)


def _lacks(config: Config, journal: Journal, ours: Survey, standard: Survey) -> tuple[Lack, ...]:
    """What an adopted one would get beside its columns today, then what any lacks of the standard one."""
    language, known = ours.register.header.language, known_things(journal)
    rules_here = config.register.rules is None
    return (*lacking_columns(ours, known), *find_lacks(ours, standard, language, known, rules_here=rules_here))


@cache
def _standard(language: str) -> bytes:
    """The standard workbook without a row; a look and the upgrade after it ask for the same one."""
    return build_workbook(language)


# ---- what is to be added ---------------------------------------------------------------------------------------------


def _prepare(config: Config, journal: Journal, book: Book, scratch: Path) -> Upgrade:
    """Finds what is lacking and tries it on a copy; what the workbook refuses is left out and named."""
    ours = survey_workbook(book)
    _require_standard(config, ours)
    language = ours.register.header.language
    donor, source = scratch / "standard.xlsx", scratch / "source.xlsx"
    source.write_bytes(book.data)
    adopted = ours.register.header.map
    if adopted is not None:
        standard = make_donor(donor, _standard(language), ours, adopted)
    else:
        donor.write_bytes(_standard(language))
        standard = survey_workbook(open_book(donor))
    lacks = _lacks(config, journal, ours, standard)
    wanted = tuple(lack for lack in lacks if not lack.unknown)
    left_out: list[tuple[Lack, Phrase]] = []
    while True:
        additions = Layout(ours, standard, donor, language, wanted).additions()
        lines: Appended = {}
        if adopted is not None:
            names = {FIELDS[lack.key]: lack.name for lack in wanted if lack.sheet == REGISTER}
            additions = replace(additions, columns=folded(additions.columns, names))
            lines = map_lines(ours, names)
        try:
            patch_workbook(source, scratch / "target.xlsx", additions=additions, appends=lines)
            break
        except WorkbookRefused as refused:
            lost = [lack for lack in wanted if refused.sheet and lack.where == refused.sheet]
            if not lost:
                raise
            left_out += [(lack, Phrase.of("quoted", problem=quote(refused))) for lack in lost]
            wanted = tuple(lack for lack in wanted if lack not in lost)
    unknown = tuple(lack for lack in lacks if lack.unknown)
    things = remembered_things(journal)
    return Upgrade(wanted, additions, lines, tuple(left_out), unknown, things, _low_rows(ours, source, scratch))


def _low_rows(ours: Survey, source: Path, scratch: Path) -> Fits:
    """The rows of sheets on which one is lower than its texts, tried on a copy; a sheet that refuses is left alone."""
    found = {}
    for sheet, rows in texts_of_rows(ours).items():
        try:
            if patch_workbook(source, scratch / "low.xlsx", fits={sheet: rows}).changed_parts:
                found[sheet] = rows
        except WorkbookRefused:
            continue
    return found


def _is_standard(config: Config, ours: Survey) -> bool:
    """Whether at least half of the standard sheets are there, where they are asked for."""
    return config.register.rules is not None or len(ours.sheets) * 2 >= len(SHEETS)


def _require_standard(config: Config, ours: Survey) -> None:
    """Refuse a team's own workbook: sheets full of rules nobody asked for would change what it does.

    Raises:
        ConfigError: Fewer than half of the standard sheets are there.
    """
    if not _is_standard(config, ours):
        raise make_error(
            ConfigError, "upgrade.not_standard", path=config.register.path, found=len(ours.sheets), all=len(SHEETS)
        )


# ---- adding it -------------------------------------------------------------------------------------------------------


def _carry_out(workspace: Workspace, made: Upgrade, book: Book, rows: int, now: dt.datetime) -> Answer:
    config, journal = workspace.config, workspace.journal
    run, path = f"{now:%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:6]}", config.register.path
    journal.begin_run(run, UPGRADE, now, dt.datetime.now(dt.UTC).isoformat())

    def patch(before_replace: Callable[[str], None]) -> str:
        report = patch_workbook(
            path,
            path,
            additions=made.additions,
            appends=made.lines,
            fits=made.fits,
            before_replace=before_replace,
        )
        return report.sha256

    def note(done: Reshaped) -> None:
        record = {"before": book.sha256, "after": done.sha256, "backup": done.copy.name}
        sheets = [sheet.name for sheet in made.additions.sheets]
        record_upgrade(journal, run, {**record, "things": sorted(made.things), "sheets": sheets})

    done = reshape_register(workspace, run, now, book.sha256, patch, note)
    answer = _answer(made, dry_run=False, run=run, done=done)
    if isinstance(done, Reshaped):
        written = open_book(path)
        remember_things(journal, survey_workbook(written))
        record_upgrade(journal, run, {**(upgrade_record(journal, run) or {}), "content": content_digest(written)})
    summary = {"rows": rows, "exit": answer.exit_code, "added": [lack.thing for lack in made.lacks]}
    journal.end_run(run, dt.datetime.now(dt.UTC).isoformat(), summary)
    return answer


def _answer(made: Upgrade, *, dry_run: bool, run: str = "", done: Reshaped | Phrase | None = None) -> Answer:
    deferred = done if isinstance(done, Phrase) else None
    backup = str(done.copy) if isinstance(done, Reshaped) else None
    code = 5 if deferred is not None else 3 if made.left_out or made.unknown else 0
    head = "later" if deferred is not None else "would" if dry_run else "done"
    if not made.lacks:
        head = "nothing"
    facts: dict[str, Any] = {"n": len(made.lacks), "reason": deferred, "run": run, "backup": backup}
    first = Phrase.of(f"upgrade.{head}", **{name: value for name, value in facts.items() if value is not None})
    sections = [Section.of(None, [first, *map(lack_line, made.lacks)])]
    if made.fits:
        said = "later" if deferred is not None else "would" if dry_run else "done"
        sections.append(Section.of(None, [Phrase.of(f"upgrade.heights_{said}", sheets=tuple(made.fits))]))
    if backup is not None:
        sections.append(Section.of(None, [Phrase.of("upgrade.undo", backup=backup, run=run)]))
    sections.append(Section.of(Phrase("upgrade.left_out"), [_left_line(*entry) for entry in made.left_out]))
    sections.append(Section.of(Phrase("upgrade.unknown"), map(unknown_line, made.unknown)))
    data = {
        "run": run or None,
        "dry_run": dry_run,
        "added": [lack_data(lack) for lack in made.lacks],
        "left_out": [{**lack_data(lack), "reason": reason} for lack, reason in made.left_out],
        "unknown": [{**lack_data(lack), "like": lack.like or None} for lack in made.unknown],
        "heights": list(made.fits),
        "backup": backup,
        "deferred": deferred,
    }
    return Answer(data, tuple(sections), code)


def lack_line(lack: Lack) -> Phrase:
    """One thing that is lacking."""
    return Phrase.of(f"upgrade.{lack.what}", sheet=lack.where, name=lack.name, list=lack.of)


def unknown_line(lack: Lack) -> Phrase:
    """One thing that is gone, with what it may be called now."""
    if lack.like:
        return Phrase.of("upgrade.like", what=lack_line(lack), like=lack.like)
    return lack_line(lack)


def _left_line(lack: Lack, reason: Phrase) -> Phrase:
    return Phrase.of("upgrade.because", what=lack_line(lack), reason=reason)


def lack_data(lack: Lack) -> dict[str, Any]:
    """One thing that is lacking, for scripts."""
    return {"what": lack.what, "sheet": lack.where, "name": lack.name, "key": lack.key, "list": lack.of or None}
