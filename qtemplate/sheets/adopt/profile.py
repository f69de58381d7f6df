"""What the cells of a column look like: how many are dates, numbers, addresses; whether they repeat. Pure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import Any

from msgspec import Struct

from .grid import is_blank, text_of
from .vocabulary import fold_header

DATE = re.compile(
    r"\s*(?:"
    r"\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}"
    r"|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}"
    r"|\d{1,2}月\d{1,2}"
    r"|\d{1,2}[-/. ][A-Za-z]{3,9}[-/., ]+\d{2,4}"
    r"|[A-Za-z]{3,9}\.?[ -]\d{1,2}(?:st|nd|rd|th)?[, -]+\d{2,4}"
    r"|(?:19|20)\d{2}[01]\d[0-3]\d"
    r"|\d{1,2}[-/]\d{1,2}"
    r"|\d{1,2}[-/ ](?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
    r")(?:[日号]|(?=[\sT,(（]|$))[\s\d:,.TZ上下午晚amp+()（）周星期一二三四五六日]{0,24}$",
    re.IGNORECASE,
)
"""Anything people write for a day, in whatever order; what it means is for another to decide."""

YEAR = re.compile(r"(?:19|20)\d{2}")
NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?\s*%?")
MAIL = re.compile(r"[^@\s]+@[^@\s]+\.\w+")
PHONE = re.compile(r"\+?[\d\-() /转ext.]{7,24}", re.IGNORECASE)
ID_LIKE = re.compile(r"(?=.*\d)[A-Za-z0-9一-鿿#&\-_/.]{1,30}", re.IGNORECASE)
CODE = re.compile(r"[A-Za-z]{0,3}[-/. ]?\d[\d\-/. ]{3,}")
"""A number of a material: four digits and more, with a few letters before them at most."""

LINK = re.compile(r"^(https?://|\\\\|file:)|\.(png|jpe?g|gif|bmp|mp4|docx?|xlsx?|pdf|zip|msg|pptx?)$", re.IGNORECASE)
SERIAL_FIRST, SERIAL_LAST = 32874, 62502
"""Excel's numbers of the days 1990-01-01 to 2071-02-12: a date whose cell lost its format."""


class Profile(Struct, frozen=True):
    """A column's cells in figures; shares are of the filled cells, 0 to 1.

    Attributes:
        filled: Cells that hold something.
        rows: Rows looked at.
        different: Different values.
        length: Mean characters.
        days: Of the dates those that name a year, which nothing but a date does.
        running: It counts up by one from row to row.
        serials: Numbers that could be days.
    """

    filled: int
    rows: int
    different: int
    length: float
    dates: float
    days: float
    numbers: float
    serials: float
    mails: float
    phones: float
    ids: float
    codes: float
    links: float
    running: bool
    texts: tuple[str, ...]

    @property
    def distinct(self) -> float:
        """Share of different values: 1 where nothing repeats."""
        return self.different / self.filled if self.filled else 0.0

    def share(self, words: Collection[str]) -> float:
        """Share of cells that are one of some folded words."""
        known = {text for text in set(self.texts) if fold_header(text, {}) in words}
        return sum(text in known for text in self.texts) / self.filled if self.filled else 0.0


def profile_of(cells: Sequence[Any]) -> Profile:
    """The profile of a column's cells."""
    filled = [cell for cell in cells if not is_blank(cell)]
    texts = tuple(text_of(cell) for cell in filled)
    count = len(texts) or 1

    def share(pattern: re.Pattern[str]) -> float:
        return sum(pattern.fullmatch(text) is not None for text in texts) / count

    numbers = [cell for cell in filled if isinstance(cell, (int, float)) and not isinstance(cell, bool)]
    dates = sum(_is_date(cell) for cell in filled)
    days = sum(not isinstance(cell, str) or YEAR.search(cell) is not None for cell in filled if _is_date(cell))
    return Profile(
        filled=len(texts),
        rows=len(cells),
        different=len(set(texts)),
        length=sum(map(len, texts)) / count,
        dates=dates / count,
        days=days / count,
        numbers=share(NUMBER),
        serials=sum(SERIAL_FIRST <= number <= SERIAL_LAST for number in numbers) / count,
        mails=share(MAIL),
        phones=sum(PHONE.fullmatch(text) is not None and sum(map(str.isdigit, text)) >= 7 for text in texts) / count,
        ids=share(ID_LIKE),
        codes=share(CODE),
        links=sum(LINK.search(text) is not None for text in texts) / count,
        running=_counts_up(texts),
        texts=texts,
    )


def _is_date(cell: Any) -> bool:
    return isinstance(cell, (dt.datetime, dt.date)) or (isinstance(cell, str) and DATE.match(cell) is not None)


def _counts_up(texts: Sequence[str]) -> bool:
    if len(texts) < 2 or not all(text.isdecimal() and len(text) < 8 for text in texts):
        return False
    numbers = [int(text) for text in texts]
    steps = [after - before for before, after in pairwise(numbers)]
    return sum(step == 1 for step in steps) >= 0.8 * len(steps) and numbers[0] <= 1
