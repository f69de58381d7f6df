"""A row of a rule sheet as typed cells: a getter per type; what does not fit becomes a finding. Knows cells only."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from ...choices import Choice
from ...plan import Finding, Severity
from ...register import CellRef
from ...texts import Quoted
from ...texts.wanted import Wanted
from ..headers import fold, nearest, word_of
from ..layout import WORDS, word
from ..reading.cell_values import round_second, shown, tidy
from ..reading.text_dates import date_in_text, time_in_text

SEPARATORS = re.compile(r"[、,，;；/\n]+")
DAY = 86_400

C = TypeVar("C", bound=Choice)


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

    def report(
        self, code: str, key: str, severity: Severity = Severity.ERROR, *, part: str | None = None, **facts: Any
    ) -> None:
        """A finding about one cell of the row, or about the `part` of it that does not fit."""
        found = (shown(self.cells.get(key, "")) if part is None else part)[:80]
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
        found = self.moment(key, Wanted.DAY)
        return None if found is None else found.date()

    def dates(self, key: str) -> tuple[dt.date, ...]:
        """The days of a cell that may list several."""
        if not isinstance(self.cells.get(key, ""), str) or date_in_text(self.text(key)) is not None:
            day = self.date(key)
            return () if day is None else (day,)
        found = [date_in_text(part) for part in re.split(r"[、,，;；\n]+", self.text(key)) if part.strip()]
        if None in found:
            self.unfit(key, Wanted.DAY)
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
            labels = tuple(Quoted(word(code, "zh"), word(code, "en")) for code in allowed)
            self.unknown(key, labels, names=[label for code in allowed for label in WORDS[code]])
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
        self.unknown(key, tuple(kind), text, names=[name for member in kind for name in (member.zh, member.en)])
        return None

    def unknown(self, key: str, allowed: tuple[Any, ...], part: str | None = None, *, names: Sequence[str]) -> None:
        """The cell, or the `part` of it, holds no word of the list; `names` are what may have been meant."""
        self.broken = True
        near = nearest(self.text(key) if part is None else part, names)
        self.report("QT204" if near else "QT207", key, part=part, allowed=allowed, near=near)
