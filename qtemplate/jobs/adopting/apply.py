"""`adopt BOOK --apply FILE`: a team's own workbook becomes the register of a workspace.

Nothing that stands in it is moved or changed: columns come at the right of theirs, sheets at the end.
"""

from __future__ import annotations

import datetime as dt
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from ...apply.reshape import Reshaped, reshape_register
from ...config import Config, default_toml, load_config
from ...config.system_zone import system_zone
from ...errors import ConfigError, Interrupted, WorkbookRefused
from ...ooxml.patch import patch_workbook
from ...ooxml.reading.book import Book, open_book
from ...ooxml.references import column_number
from ...plan import Phrase as P
from ...plan.progress import Progress, silent
from ...report.answer import Answer, Section
from ...sheets.adopt.additions import Adoption, plan_adoption
from ...sheets.adopt.answers import Answers, read_answers
from ...sheets.adopt.closed import why_closed
from ...sheets.headers import fold
from ...sheets.reading.column_map import TITLES, read_map
from ...sheets.reading.reader import read_register
from ...sheets.upgrading.content import content_digest
from ...sheets.upgrading.survey import survey_workbook
from ...texts import make_error, quote
from ..known_things import ADOPTED_BY, record_upgrade, remember_things, remembered_things, upgrade_record
from ..moment import local_now
from ..owning.giving import give_columns
from ..workspace import holding
from .beside import adopt_beside, make_second, require_number, second_workbook
from .first_plan import said_of_disregarded

ADOPT = "adopt"
RUN = ADOPTED_BY

ZONES = {"zh": "Asia/Shanghai", "en": "UTC"}
EXIT_LATER = 5


@contextmanager
def telling_how_far(book: Path) -> Iterator[None]:
    """A person who stops it is told whether the workbook has been written."""
    before = _seen(book)
    try:
        yield
    except KeyboardInterrupt:
        told = "stopped.not_adopted" if _seen(book) == before else "stopped.adopted"
        raise Interrupted(P.of(told, book=book)) from None


def _seen(book: Path) -> tuple[int, int, int] | None:
    """What tells one state of a file from another that has replaced it; None where there is no file."""
    if not book.exists():
        return None
    found = book.stat()
    return found.st_ino, found.st_size, found.st_mtime_ns


def apply_adoption(
    book: Path,
    proposal: Path,
    config_path: Path,
    moment: dt.datetime | None = None,
    *,
    progress: Progress = silent,
    beside: bool = False,
) -> Answer:
    """Adopts a workbook as a proposal says that a person has looked through.

    Args:
        book: The team's workbook; our columns and sheets are added to it.
        proposal: `adopt.xlsx`.
        config_path: The configuration of the workspace; made, with its folder, where there is none.
        moment: Instead of now; rows received before it are history.
        progress: Told what is being done.
        beside: Leave the workbook as it is, and put everything into a second one beside it.

    Raises:
        ConfigError: The proposal cannot be used, is of another workbook, or the workbook was adopted before.
        RegisterUnreadable: One of the two cannot be read.
        WorkbookRefused: The workbook cannot be edited without loss; nothing was made.
        RegisterChanged: Somebody saved it meanwhile.
    """
    progress("read")
    answers = read_answers(proposal)
    source = open_book(book)
    if read_map(source) is not None:
        raise make_error(ConfigError, "adopt.already", book=book, sheet=TITLES[answers.map.language])
    _require_headers(source, book, answers)
    if beside:
        return _apply_beside(book, source, answers, config_path, moment)
    last = max(map(column_number, answers.letters.values()), default=0)
    closed = why_closed(source, answers.map.sheet, answers.header_row, last + 1)
    if closed is not None:
        raise make_error(ConfigError, "adopt.refused", book=book, proposal=proposal, problem=closed)
    source.known["column map"] = answers.map
    with tempfile.TemporaryDirectory(prefix="qtemplate-") as scratch:
        progress("add")
        made = plan_adoption(survey_workbook(source), answers.map, Path(scratch))
        trial, copy = Path(scratch) / "trial.xlsx", Path(scratch) / "source.xlsx"
        copy.write_bytes(source.data)
        try:
            patch_workbook(copy, trial, additions=made.additions)
        except WorkbookRefused as refused:
            raise make_error(
                ConfigError, "adopt.refused", book=book, proposal=proposal, problem=quote(refused)
            ) from refused
        config = _workspace(book, config_path, answers.map.language, moment)
        return _carry_out(config, made, source, local_now(config, moment))


def _apply_beside(book: Path, source: Book, answers: Answers, config_path: Path, moment: dt.datetime | None) -> Answer:
    """Everything of ours in a second workbook.

    Raises:
        ConfigError: No column is the team's own number, or a file of that name is there already.
    """
    require_number(answers, book)
    path = second_workbook(book, answers.map.language)
    if path.exists():
        raise make_error(ConfigError, "adopt.beside_exists", path=path)
    with tempfile.TemporaryDirectory(prefix="qtemplate-") as scratch:
        made, adoption, listing = make_second(source, answers, book.name, Path(scratch))
        config = _workspace(path, config_path, answers.map.language, moment, source=book)
        return adopt_beside(config, made, adoption, listing, local_now(config, moment))


def _require_headers(source: Book, book: Path, answers: Answers) -> None:
    """Make sure that the workbook still has the headers that the proposal is about, where it says.

    Raises:
        ConfigError: One is not there.
    """
    sheet, row = answers.map.sheet, answers.header_row
    cells = source.sheet(sheet).to_python(skip_empty_area=False) if sheet in source.sheet_names else []
    header = cells[row - 1] if row <= len(cells) else []
    for name, letters in answers.letters.items():
        at = column_number(letters)
        if at > len(header) or fold(header[at - 1]) != fold(name):
            raise make_error(ConfigError, "adopt.other_book", book=book, sheet=sheet, row=row, header=name)


def _workspace(
    book: Path, config_path: Path, language: str, moment: dt.datetime | None, source: Path | None = None
) -> Config:
    """The configuration, made where there is none: nobody gets mail yet, and what there is counts as history.

    Raises:
        ConfigError: The one that is there is of another register.
    """
    if config_path.exists():
        config = load_config(config_path)
        other = None if source is None else source.resolve()
        if config.register.path.resolve() != book.resolve() or config.register.source != other:
            raise make_error(
                ConfigError, "adopt.config_other", config=config_path, path=config.register.path, book=book
            )
        return config
    zone = system_zone() or ZONES[language]
    now = moment or dt.datetime.now(ZoneInfo(zone))
    folder = config_path.resolve().parent
    for name in ("templates/mail", "templates/forms", "forms/in", "intake/in", "outbox"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    text = default_toml(
        language,
        zone,
        now.replace(tzinfo=None, microsecond=0),
        register=book.resolve().as_posix(),
        source="" if source is None else source.resolve().as_posix(),
    )
    config_path.write_text(text, "utf-8")
    return load_config(config_path)


def _carry_out(config: Config, made: Adoption, source: Book, now: dt.datetime) -> Answer:
    path = config.register.path
    run = f"{now:%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:6]}"
    with holding(config) as workspace:
        journal = workspace.journal
        things = sorted(remembered_things(journal))
        journal.begin_run(run, ADOPT, now, dt.datetime.now(dt.UTC).isoformat())

        def patch(before_replace: Callable[[str], None]) -> str:
            return patch_workbook(path, path, additions=made.additions, before_replace=before_replace).sha256

        def note(done: Reshaped) -> None:
            record: dict[str, Any] = {
                "before": source.sha256,
                "after": done.sha256,
                "backup": done.copy.name,
                "things": things,
            }
            record |= {"sheets": list(made.sheets), "first": made.first}
            record_upgrade(journal, run, record)
            journal.set_setting(RUN, run)

        done = reshape_register(workspace, run, now, source.sha256, patch, note)
        answer = _answer(config, made, run, done)
        if isinstance(done, Reshaped):
            written = open_book(path)
            remember_things(journal, survey_workbook(written))
            give_columns(workspace, written)
            record_upgrade(journal, run, {**(upgrade_record(journal, run) or {}), "content": content_digest(written)})
        summary = {"rows": answer.data.get("rows", 0), "exit": answer.exit_code, "added": list(made.columns)}
        journal.end_run(run, dt.datetime.now(dt.UTC).isoformat(), summary)
    return answer


def _answer(config: Config, made: Adoption, run: str, done: Reshaped | P) -> Answer:
    path = config.register.path
    if isinstance(done, P):
        data: dict[str, Any] = {"run": run, "book": str(path), "adopted": False, "deferred": done}
        return Answer(data, (Section.of(None, (P.of("adopt.later", reason=done),)),), EXIT_LATER)
    register = read_register(open_book(path))
    data = {
        "run": run,
        "book": str(path),
        "adopted": True,
        "config": str(config.workspace / "qtemplate.toml"),
        "columns": made.columns,
        "sheets": made.sheets,
        "rows": len(register.frame),
        "over": len(register.past),
        "backup": str(done.copy),
    }
    said = (
        P.of("adopt.done", book=str(path), columns=made.columns),
        P.of("adopt.sheets", sheets=made.sheets),
        P("adopt.kept"),
        *((P.of("adopt.given", columns=register.given_headers),) if register.handed_over else ()),
        P.of("adopt.over", rows=len(register.frame), over=len(register.past)),
        *said_of_disregarded(made.map),
        P.of("adopt.no_mail", since=f"{config.mail.since:%Y-%m-%d %H:%M}" if config.mail.since else "–"),
        P.of("adopt.next", backup=str(done.copy), book=path.name),
    )
    return Answer(data, (Section.of(None, said),))
