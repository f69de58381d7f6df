"""Blocks of rule sheets: header rows found by their headers, rows as typed cells; what does not fit becomes a finding.

Knows layout and cells; knows nothing of what the rows mean.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from ..choices import Choice
from ..plan import Finding, Severity
from ..register import CellRef
from .book import Book
from .cell_values import round_second, shown, tidy
from .headers import fold, nearest, word_of
from .layout import WORDS, Block, SheetSpec
from .text_dates import date_in_text, time_in_text

LOOK_ROWS = 20
SEPARATORS = re.compile(r"[、,，;；/\n]+")
DAY = 86_400

C = TypeVar("C", bound=Choice)


class Wanted(Choice):
    """What a cell of a rule sheet should have held."""

    NUMBER = "number", "数字", "a number"
    WHOLE = "whole", "整数", "a whole number"
    POSITIVE = "positive", "不小于 0 的数字", "a number of at least 0"
    SHARE = "share", "0% 到 100% 之间的比例，例如 20%", "a share between 0% and 100%, such as 20%"
    DATE = "date", "日期，例如 2026-03-07", "a date such as 2026-03-07"
    MOMENT = "moment", "日期和时间，例如 2026-03-07 14:30", "a date and time such as 2026-03-07 14:30"
    TIME = "time", "时刻，例如 09:00", "a time of day such as 09:00"
    LATER = "later", "晚于开始的时间", "later than the beginning"
    MAIL = "mail", "邮箱地址，例如 qa@example.com", "a mail address such as qa@example.com"
    PATTERN = "pattern", "正则表达式", "a regular expression"
    WEEKDAY = "weekday", "星期，例如 周一", "a weekday such as Mon"
    YEAR = "year", "年份，例如 2026", "a year such as 2026"
    FILLED = "filled", "填写内容", "something filled in"


@dataclass(slots=True)
class Row:
    """One row of a block: the cells of its columns, and getters that report what does not fit to `findings`."""

    sheet: str
    number: int
    cells: dict[str, Any]
    columns: dict[str, int]
    findings: list[Finding] = field(repr=False)
    broken: bool = False

    def where(self, key: str) -> CellRef | None:
        column = self.columns.get(key)
        return None if column is None else CellRef(self.sheet, self.number, column)

    def report(self, code: str, key: str, severity: Severity = Severity.ERROR, **facts: Any) -> None:
        """A finding about one cell of the row."""
        found = shown(self.cells.get(key, ""))[:80]
        self.findings.append(Finding(code, severity, self.where(key), found, tuple(facts.items())))

    def unfit(self, key: str, wanted: Wanted) -> None:
        """The cell cannot be used; the row is skipped where it needs the cell."""
        self.broken = True
        self.report("QT202", key, wanted=wanted)

    def text(self, key: str) -> str:
        """The cell as text, "" when blank."""
        value = self.cells.get(key, "")
        return tidy(value) if isinstance(value, str) else shown(value)

    def needed(self, key: str) -> str:
        """The cell as text; blank is reported."""
        text = self.text(key)
        if not text:
            self.unfit(key, Wanted.FILLED)
        return text

    def parts(self, key: str) -> tuple[str, ...]:
        """The texts of a cell that lists several."""
        return tuple(part.strip() for part in SEPARATORS.split(self.text(key)) if part.strip())

    def number_in(self, key: str, wanted: Wanted = Wanted.NUMBER) -> float | None:
        """The cell as a number, None when blank or unfit."""
        value = self.cells.get(key, "")
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return float(value)
        text = unicodedata.normalize("NFKC", self.text(key))
        if not text:
            return None
        if re.fullmatch(r"-?\d+(\.\d+)?%?", text):
            return float(text.rstrip("%")) / (100 if text.endswith("%") else 1)
        self.unfit(key, wanted)
        return None

    def moment(self, key: str, wanted: Wanted = Wanted.MOMENT) -> dt.datetime | None:
        """The cell as a moment, a date alone as midnight; None when blank or unfit."""
        value = self.cells.get(key, "")
        if isinstance(value, dt.datetime):
            return round_second(value)
        if isinstance(value, dt.date):
            return dt.datetime.combine(value, dt.time())
        if isinstance(value, str):
            if not tidy(value):
                return None
            if (found := date_in_text(value)) is not None:
                return found
        self.unfit(key, wanted)
        return None

    def date(self, key: str) -> dt.date | None:
        """The cell as a day, None when blank or unfit."""
        found = self.moment(key, Wanted.DATE)
        return None if found is None else found.date()

    def dates(self, key: str) -> tuple[dt.date, ...]:
        """The days of a cell that may list several."""
        if not isinstance(self.cells.get(key, ""), str) or date_in_text(self.text(key)) is not None:
            day = self.date(key)
            return () if day is None else (day,)
        found = [date_in_text(part) for part in re.split(r"[、,，;；\n]+", self.text(key)) if part.strip()]
        if None in found:
            self.unfit(key, Wanted.DATE)
        return tuple(moment.date() for moment in found if moment is not None)

    def time_of_day(self, key: str) -> int | None:
        """The cell as seconds of the day (24:00 = 86,400), None when blank or unfit."""
        value = self.cells.get(key, "")
        seconds: int | None = None
        if isinstance(value, dt.datetime):  # 24:00 is stored as day 1
            seconds = DAY if value.year < 1901 and value.time() == dt.time() else None
        elif isinstance(value, dt.time):
            seconds = round(value.hour * 3600 + value.minute * 60 + value.second + value.microsecond / 1e6)
        elif isinstance(value, dt.timedelta):
            seconds = round(value.total_seconds())
        elif isinstance(value, dt.date):
            seconds = DAY if value.year < 1901 else None
        elif isinstance(value, float):
            seconds = round(value * DAY) if value <= 1 else None
        elif isinstance(value, str):
            if not tidy(value):
                return None
            seconds = time_in_text(tidy(value))
        if seconds is None or not 0 <= seconds <= DAY:
            self.unfit(key, Wanted.TIME)
            return None
        return seconds

    def word(self, key: str, *allowed: str) -> str | None:
        """The canonical word among `allowed`; None when blank or, reported, another."""
        value = self.cells.get(key, "")
        if isinstance(value, str) and not tidy(value):
            return None
        found = word_of(value, *allowed)
        if found is None:
            labels = tuple(label for code in allowed for label in WORDS[code])
            self.unknown(key, labels)
        return found

    def choice(self, key: str, kind: type[C], text: str | None = None) -> C | None:
        """The member of a closed set whose label or code the cell (or `text`) holds; None when blank or unknown."""
        text = self.text(key) if text is None else text
        if not text:
            return None
        folded = fold(text)
        for member in kind:
            if folded in (fold(member.zh), fold(member.en), fold(str(member))):
                return member
        self.unknown(key, tuple(kind))
        return None

    def unknown(self, key: str, allowed: Sequence[Any]) -> None:
        """The cell holds a word that is not in the list."""
        self.broken = True
        names = [
            name for item in allowed for name in ((item.zh, item.en) if isinstance(item, Choice) else (str(item),))
        ]
        near = nearest(self.text(key), names)
        self.report("QT204" if near else "QT207", key, allowed=tuple(allowed), near=near)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a block's header stands: worksheet row and 1-based column per column key; `last` is its last column."""

    sheet: str
    row: int
    columns: dict[str, int]

    @property
    def last(self) -> int:
        return max(self.columns.values())


def locate(grid: Sequence[Sequence[Any]], sheet: str, block: Block) -> Place | None:
    """The header row that has most of a block's columns, at least half of them and its first; None if there is none."""
    spellings = {
        fold(spelling): column.key for column in block.columns for spelling in (column.key, column.zh, column.en)
    }
    best: Place | None = None
    for number, row in enumerate(grid[:LOOK_ROWS], 1):
        columns: dict[str, int] = {}
        for at, cell in enumerate(row, 1):
            if isinstance(cell, str) and (key := spellings.get(fold(cell))) is not None:
                columns.setdefault(key, at)
        enough = len(columns) * 2 >= len(block.columns) and block.columns[0].key in columns
        if enough and (best is None or len(columns) > len(best.columns)):
            best = Place(sheet, number, columns)
    return best


@dataclass(slots=True)
class RuleSheets:
    """The block sheets of a workbook: cells read once per sheet, findings collected."""

    book: Book
    language: str
    findings: list[Finding] = field(default_factory=list)
    grids: dict[str, list[list[Any]]] = field(default_factory=dict)

    def name_of(self, spec: SheetSpec) -> str | None:
        """The sheet with the spec's zh or en title or its key; None if there is none."""
        titles = {fold(spec.zh), fold(spec.en), fold(spec.key)}
        return next((name for name in self.book.sheet_names if fold(name) in titles), None)

    def grid(self, name: str) -> list[list[Any]]:
        """All cells from A1 on; error cells hold their text and are reported by `rows`."""
        if name not in self.grids:
            cells = self.book.sheet(name).to_python(skip_empty_area=False)
            self.grids[name] = [list(row) for row in cells]
            self.book.release(name)
        return self.grids[name]

    def place(self, spec: SheetSpec, block: Block, required: Sequence[str]) -> Place | None:
        """Where a block stands; a missing sheet or column is reported once, and gives None."""
        name = self.name_of(spec)
        if name is None:
            return None
        found = locate(self.grid(name), name, block)
        missing = [column for column in block.columns if column.key in required]
        if found is not None:
            missing = [column for column in missing if column.key not in found.columns]
        if missing:
            headers = tuple(column.header(self.language) for column in missing)
            self.findings.append(Finding("QT201", Severity.ERROR, None, "", (("sheet", name), ("columns", headers))))
            return None
        return found

    def rows(self, spec: SheetSpec, block: Block, required: Sequence[str]) -> Iterator[Row]:
        """The rows of a block that hold anything, in sheet order; empty if the block is not there."""
        place = self.place(spec, block, required)
        if place is not None:
            yield from self.rows_at(place)

    def rows_at(self, place: Place) -> Iterator[Row]:
        """The rows below a header."""
        errors = {(row, column): text for row, column, text in self.book.scan(place.sheet).errors}
        for number, cells in enumerate(self.grid(place.sheet)[place.row :], place.row + 1):
            values = {key: cells[at - 1] if at <= len(cells) else "" for key, at in place.columns.items()}
            row = Row(place.sheet, number, values, place.columns, self.findings)
            for key, at in place.columns.items():
                if (number, at) in errors:
                    row.cells[key] = errors[number, at]
                    row.report("QT203", key)
                    row.cells[key] = ""
                    row.broken = True
            if any(not isinstance(value, str) or tidy(value) for value in values.values()):
                yield row


def twice(rows: Iterable[tuple[Row, str, Any]]) -> set[int]:
    """Rows whose identity an earlier row has; each is reported at its cell `key`. Items: (row, key, identity)."""
    first: dict[Any, CellRef | None] = {}
    later: set[int] = set()
    for row, key, identity in rows:
        if identity in first:
            place = first[identity]
            row.report("QT205", key, Severity.WARNING, other=place.address if place else "")
            later.add(row.number)
        else:
            first[identity] = row.where(key)
    return later
