"""`adopt --into REGISTER FILE…`: CSV files, monthly workbooks and sheets by month become one register.

The files are only read. The register is made of the first workbook, whose look stays, or anew; one that is there is
added to.
"""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

from ...errors import ConfigError, RegisterLocked, RegisterUnreadable, WorkbookRefused
from ...files.backups import keep_backup
from ...files.locks import find_owner
from ...intake.lists.csv_file import read_csv
from ...intake.unfit import Unfit
from ...ooxml.add import CellBlock
from ...ooxml.patch import patch_workbook
from ...ooxml.reading.book import open_book
from ...ooxml.references import Area, column_name
from ...plan import Phrase as P
from ...report.answer import Answer, Section
from ...sheets.adopt.growing import Growth, ListPart, Taken, grow, parts_of
from ...sheets.adopt.look import OTHER_FORMATS
from ...sheets.adopt.team_book import build_team_book
from ...sheets.adopt.vocabulary import OwnWords
from ...sheets.reading.text_dates import date_in_text
from ...texts import make_error, quote, say
from ...texts.workbook.adopt import ADOPT

TEXTS = (".csv", ".tsv", ".txt")
WORKBOOKS = (".xlsx", ".xlsm")
LIST = "adopt-differences.xlsx"
MOST_NAMED = 10
KEPT, KEPT_DAYS = 30, 90
EXIT_PEOPLE, EXIT_NOTHING = 3, 4


class Source(Struct, frozen=True):
    """A file that was looked at: its lists, or why it has none."""

    path: Path
    parts: tuple[ListPart, ...] = ()
    aside: P | None = None


def grow_register(
    into: Path,
    paths: Sequence[Path],
    language: str,
    *,
    write: bool,
    words: OwnWords = (),
    moment: dt.datetime | None = None,
) -> Answer:
    """Brings lists together in one register.

    Args:
        into: The register; made where there is none.
        paths: The lists, and folders of them, in the order in which they are taken.
        language: Of the terminal, and of the list of differences.
        write: Else it is only said what would be done.
        words: Files with the team's own words for headers.
        moment: Instead of now.

    Returns:
        Exit code 4 when none of the files is a list of feedback, 3 when a person has to look at some, else 0.

    Raises:
        RegisterUnreadable: The register that is there cannot be read, or is none.
        RegisterLocked: Somebody has it open.
        WorkbookRefused: It cannot be added to without loss.
    """
    sources = [_source(path, words) for path in _files(paths, into)]
    parts = [part for source in sources for part in source.parts]
    base = _base(into, words)
    first = None if base is not None else _as_it_is(sources)
    grown = None
    if parts:
        grown = grow(base or first, [part for part in parts if part is not first])
    written = False
    if write and grown is not None and (grown.rows or base is None):
        _write(into, base, first, grown, sources, moment or dt.datetime.now())
        written = True
    if write and grown is not None and grown.differences:
        _list_differences(grown, language)
    return _answer(into, sources, base or first, grown, language, written=written, new=base is None)


def _files(paths: Sequence[Path], into: Path) -> Iterator[Path]:
    for path in paths:
        inside = sorted(path.iterdir()) if path.is_dir() else [path]
        for file in inside:
            ours = path.is_dir() and (
                file.suffix.lower() not in (*TEXTS, *WORKBOOKS) or file.name.startswith(("~$", "."))
            )
            if not ours and file.resolve() != into.resolve():
                yield file


def _source(path: Path, words: OwnWords) -> Source:
    try:
        if path.suffix.lower() in TEXTS:
            book = open_book(_csv_book(path))
        elif path.suffix.lower() in OTHER_FORMATS:
            return Source(path, aside=P.of("adopt.none.format", suffix=path.suffix.lower()))
        else:
            book = open_book(path)
        parts, reason = parts_of(book, path.name, words)
    except Unfit as unfit:
        return Source(path, aside=unfit.said)
    except RegisterUnreadable as error:
        return Source(path, aside=P.of("quoted", problem=quote(error)))
    return Source(path, tuple(parts), None if parts else reason)


def _csv_book(path: Path) -> bytes:
    """A CSV file as a workbook; a column of dates only gets dates, everything else stays the text it is."""
    try:
        table = read_csv(path.read_bytes())
    except FileNotFoundError:
        open_book(path)  # says what is wrong
        raise
    columns = [_dated(column) for column in table.columns]
    return build_team_book(path.stem[:31].translate(str.maketrans("[]:*?/\\", "_______")) or "list", table.headers,
                           zip(*columns, strict=True))  # fmt: skip


def _dated(column: Sequence[str]) -> list[Any]:
    moments = {cell: date_in_text(cell) for cell in set(column) if cell.strip()}
    if not moments or None in moments.values():
        return [cell or None for cell in column]
    return [moments.get(cell) for cell in column]


def _base(into: Path, words: OwnWords) -> ListPart | None:
    """The register that is there."""
    if not into.exists():
        if into.suffix.lower() not in WORKBOOKS:
            raise make_error(ConfigError, "adopt.into_format", path=into)
        return None
    parts, reason = parts_of(open_book(into), into.name, words)
    if not parts:
        raise make_error(ConfigError, "adopt.into_none", path=into, reason=reason)
    return parts[0]


def _as_it_is(sources: Sequence[Source]) -> ListPart | None:
    """The first list where it is a workbook with one list, which the register then begins as."""
    found = next((source for source in sources if source.parts), None)
    if found is None or len(found.parts) > 1 or found.path.suffix.lower() != ".xlsx":
        return None
    return found.parts[0]


def _write(
    into: Path,
    base: ListPart | None,
    first: ListPart | None,
    grown: Growth,
    sources: Sequence[Source],
    now: dt.datetime,
) -> None:
    if base is not None:
        holder = find_owner(into)
        if holder is not None and not holder.stale:
            raise make_error(RegisterLocked, "register.opened", path=into, holder=holder.name)
        keep_backup(into, Path("backups"), now, keep=KEPT, days=KEPT_DAYS, made=())
        _append(into, into, base, grown.rows)
        return
    if first is not None:
        origin = next(source.path for source in sources if first in source.parts)
        if not grown.rows:
            shutil.copyfile(origin, into)
            return
        try:
            _append(origin, into, first, grown.rows)
            return
        except WorkbookRefused:  # such as totals below its rows: the rows go into a plain workbook
            rows = [*(tuple(row) for row in first.rows.values()), *grown.rows]
            into.write_bytes(build_team_book(first.sheet, grown.headers, rows))
            return
    sheet = next(part.sheet for source in sources for part in source.parts)
    into.write_bytes(build_team_book(sheet, grown.headers, grown.rows))


def _append(source: Path, target: Path, part: ListPart, rows: Sequence[Sequence[Any]]) -> None:
    """Rows below those that are there, as those look."""
    columns = list(part.columns.values())
    if part.table:
        lines = [dict(zip(part.columns, row, strict=True)) for row in rows]
        patch_workbook(source, target, appends={part.table: lines})
        return
    last = max(part.rows, default=part.header_row)
    block = CellBlock(part.sheet, Area(part.header_row, min(columns), last, max(columns)))
    lines = [dict(zip(map(column_name, columns), row, strict=True)) for row in rows]
    patch_workbook(source, target, appends={block: lines})


def _list_differences(grown: Growth, language: str) -> None:
    """What a person has to decide, as a workbook in the current folder."""
    words = ADOPT[language]
    keys = ("grow_number", "header", "grow_here", "grow_there", "grow_file", "sheet", "grow_row")
    rows = [(each.number, each.header, each.here, each.there, each.file, each.sheet, each.row)
            for each in grown.differences]  # fmt: skip
    Path(LIST).write_bytes(build_team_book(words["grow_title"], [words[key] for key in keys], rows))


def _answer(
    into: Path,
    sources: Sequence[Source],
    base: ListPart | None,
    grown: Growth | None,
    language: str,
    *,
    written: bool,
    new: bool,
) -> Answer:
    taken = {} if grown is None else {id(each.part): each for each in grown.taken}
    files: list[dict[str, Any]] = []
    lines: list[P] = []
    aside = 0
    for source in sources:
        for part in source.parts:
            each = taken.get(id(part)) or Taken(part, new=len(part.rows))  # the one that the register begins as
            aside += each.aside is not None
            files.append(_file_json(source.path, each, language))
            lines.append(_line(source.path, each))
        if source.aside is not None:
            aside += 1
            files.append({"file": str(source.path), "set_aside": say(source.aside, language)})
            lines.append(P.of("adopt.grow.aside", file=source.path.name, sheet="", reason=source.aside))
    rows = 0 if grown is None else len(grown.rows) + (0 if base is None else len(base.rows))
    differences = [] if grown is None else grown.differences
    data = {
        "into": str(into),
        "files": files,
        "number": "" if grown is None else grown.number,
        "rows": rows,
        "written": written,
        "differing": [
            {"number": d.number, "header": d.header, "here": d.here, "there": d.there, "file": d.file, "row": d.row}
            for d in differences
        ],
    }
    said = [*lines, *(_line_of(d) for d in differences[:MOST_NAMED])]
    if differences:
        key = "adopt.grow.listed" if written else "adopt.grow.differ"
        said.append(P.of(key, n=len({d.number for d in differences}), file=LIST))
    if grown is None:
        return Answer(data, (Section.of(None, (*said, P("adopt.grow.nothing"))),), EXIT_NOTHING)
    if not grown.number:
        said.append(P("adopt.grow.no_number"))
    done = ("adopt.grow.made" if new else "adopt.grow.added") if written else "adopt.grow.would"
    said.append(P.of(done, into=str(into), rows=rows, n=len(grown.rows)))
    return Answer(data, (Section.of(None, tuple(said)),), EXIT_PEOPLE if aside or differences else 0)


def _file_json(path: Path, taken: Taken, language: str) -> dict[str, Any]:
    told: dict[str, Any] = {"file": str(path), "sheet": taken.part.sheet, "header_row": taken.part.header_row}
    told |= {"rows": len(taken.part.rows), "new": taken.new, "same": taken.same, "differing": taken.differing}
    return told | ({} if taken.aside is None else {"set_aside": say(taken.aside, language)})


def _line(path: Path, taken: Taken) -> P:
    part = taken.part
    if taken.aside is not None:
        return P.of("adopt.grow.aside", file=path.name, sheet=part.sheet, reason=taken.aside)
    facts = {"rows": len(part.rows), "new": taken.new, "same": taken.same, "differing": taken.differing}
    return P.of("adopt.grow.file", file=path.name, sheet=part.sheet, **facts)


def _line_of(difference: Any) -> P:
    facts = {name: getattr(difference, name) for name in ("number", "header", "file", "row")}
    here, there = (("–" if value is None else value) for value in (difference.here, difference.there))
    return P.of("adopt.grow.difference", **facts, here=here, there=there)
