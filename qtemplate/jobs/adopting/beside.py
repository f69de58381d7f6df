"""`adopt BOOK --apply FILE --beside`: the team's workbook is only read; a second one beside it is the register.

The second workbook has their headers and rows and everything of ours. Every run brings over what changed in theirs, see
`source`. Two files cannot be replaced as one, so that either all of ours is in their workbook or none of it is.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import uuid
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from ...apply import Workspace
from ...config import Config
from ...errors import ConfigError
from ...fields import Field
from ...files.backups import keep_backup
from ...files.owner_file import owner_path
from ...ooxml.patch import patch_workbook
from ...ooxml.reading.book import Book, open_book
from ...plan import FactName, Remember
from ...plan import Phrase as P
from ...report.answer import Answer, Section
from ...rules.incoming.mirrored import Listing, seen_of
from ...sheets.adopt.additions import Adoption, plan_adoption
from ...sheets.adopt.answers import Answers
from ...sheets.adopt.listing import headers_of, read_listing
from ...sheets.adopt.team_book import build_team_book
from ...sheets.reading.column_map import Use
from ...sheets.reading.reader import read_register
from ...sheets.upgrading.survey import survey_workbook
from ...texts import make_error
from ..known_things import ADOPTED_BY, mark_undone, record_upgrade, remember_things, set_things
from ..moment import local_now
from ..workspace import holding

ENDINGS = {"zh": "流程", "en": "process"}
EXIT_LATER = 5


def second_workbook(book: Path, language: str) -> Path:
    """Where the second workbook lies: `台账 流程.xlsx` beside `台账.xlsx`."""
    return book.with_name(f"{book.stem} {ENDINGS[language]}.xlsx")


def require_number(answers: Answers, book: Path) -> None:
    """Make sure that rows can be found again in another workbook.

    Raises:
        ConfigError: No column is the team's own number.
    """
    if not any(each.key == Field.OWN_NUMBER and each.use is Use.THEIRS for each in answers.map.columns):
        raise make_error(ConfigError, "adopt.beside_number", book=book)


def make_second(source: Book, answers: Answers, name: str, scratch: Path) -> tuple[Path, Adoption, Listing]:
    """The second workbook in a folder of its own, with what it was given and the rows it was made of."""
    listing = read_listing(source, answers.map, name)
    headers = headers_of(source, listing)
    rows = [tuple(cells.values()) for _, cells in _first_of_each(listing)]
    draft, made = scratch / "draft.xlsx", scratch / "second.xlsx"
    words = {each.header: tuple(each.values) for each in answers.map.columns if each.use is Use.THEIRS}
    draft.write_bytes(build_team_book(listing.sheet, headers, rows, words))
    book = open_book(draft)
    book.known["column map"] = replace(answers.map, below="")
    adoption = plan_adoption(survey_workbook(book), book.known["column map"], scratch)
    patch_workbook(draft, made, additions=adoption.additions)
    return made, adoption, listing


def _first_of_each(listing: Listing) -> list[tuple[str, Any]]:
    """(own number, cells) of the rows that have one, each once."""
    found: dict[str, Any] = {}
    for _, number, cells in listing.numbered():
        if number:
            found.setdefault(number, cells)
    return list(found.items())


def adopt_beside(config: Config, second: Path, adoption: Adoption, listing: Listing, now: dt.datetime) -> Answer:
    """Puts the second workbook in its place, and remembers what it was made of.

    Args:
        config: Of the workspace; its register is where the second workbook goes.
        second: The workbook that was made.
        adoption, listing: Of `make_second`.
        now: Aware.
    """
    path = config.register.path
    run = f"{now:%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:6]}"
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(second.read_bytes())
    part.replace(path)
    rows = _first_of_each(listing)
    with holding(config) as workspace:
        journal = workspace.journal
        journal.begin_run(run, "adopt", now, dt.datetime.now(dt.UTC).isoformat())
        journal.remember(Remember("", FactName.MIRRORED.of(number), seen_of(cells)) for number, cells in rows)
        written = open_book(path)
        record_upgrade(journal, run, {"before": "", "after": written.sha256, "backup": "", "things": []})
        journal.set_setting(ADOPTED_BY, run)
        remember_things(journal, survey_workbook(written))
        journal.end_run(run, dt.datetime.now(dt.UTC).isoformat(), {"rows": len(rows), "exit": 0})
    register = read_register(written)
    book = str(config.register.source)
    left = len(listing.rows) - len(rows)
    data = {
        "run": run,
        "book": book,
        "adopted": True,
        "beside": str(path),
        "config": str(config.workspace / "qtemplate.toml"),
        "columns": adoption.columns,
        "sheets": adoption.sheets,
        "rows": len(rows),
        "left_out": left,
        "over": len(register.past),
    }
    said = [
        P.of("adopt.beside_done", book=book, path=str(path)),
        P.of("adopt.beside_columns", columns=adoption.columns),
        P.of("adopt.sheets", sheets=adoption.sheets),
        P.of("adopt.over", rows=len(rows), over=len(register.past)),
        *([P.of("adopt.beside_left", n=left)] if left else []),
        P.of("adopt.no_mail", since=f"{config.mail.since:%Y-%m-%d %H:%M}" if config.mail.since else "–"),
        P.of("adopt.beside_next", book=Path(book).name, path=path.name),
    ]
    return Answer(data, (Section.of(None, tuple(said)),))


def undo_beside(workspace: Workspace, run: str, moment: dt.datetime | None) -> Answer:
    """Takes the second workbook away; it is kept among the copies, with all that people wrote into it."""
    config = workspace.config
    path, book, journal = config.register.path, str(config.register.source), workspace.journal
    if not path.is_file():
        return _answer(run, P.of("adopt.undo_nothing", book=book), "undo_nothing")
    holder = workspace.ends.holder()
    if holder is not None:
        return _answer(run, P.of("adopt.later", reason=holder), "later", EXIT_LATER)
    rule, folder = config.backups, config.workspace / "backups"
    copy = keep_backup(path, folder, local_now(config, moment), keep=rule.keep, days=rule.days, made=())
    path.unlink()
    with contextlib.suppress(FileNotFoundError):
        owner_path(path).unlink()
    mark_undone(journal, run, run)
    set_things(journal, ())
    names = (name for (_, name) in journal.facts() if FactName.MIRRORED.about(name) is not None)
    journal.remember([Remember("", name, None) for name in names])
    return _answer(run, P.of("adopt.undone_beside", book=book, path=path.name, copy=str(copy)), "undone_beside")


def _answer(run: str, said: P, adopt: str, code: int = 0) -> Answer:
    return Answer({"run": run, "adopt": adopt}, (Section.of(None, (said,)),), code)
