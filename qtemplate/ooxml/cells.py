"""Values become cells: what may stand in one, and its XML.

A `str` is always text, whatever it begins with; a formula is only what comes as `Formula`. So nothing a customer writes
can become one. Values are settled (`settle_value`) before the first byte is written: a bad one is refused early.

Source: ECMA-376 part 1 sections 18.3.1.4 (c), 18.18.11 (ST_CellType), 18.17.4 (dates and times),
22.9.2.19 (ST_Xstring, the _xHHHH_ escapes); Excel specifications and limits (32,767 characters, 8,192 of a formula).
"""

from __future__ import annotations

import math
import re
import sys
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from msgspec import Struct

from qtemplate.errors import WorkbookRefused
from qtemplate.ooxml.markup import escape

LONGEST_TEXT: Final = 32_767
LONGEST_FORMULA: Final = 8_192
_EXACT: Final = 10**15
"""The first whole number of more digits than a cell keeps."""

_LOST: Final = re.compile("[\x00\ud800-\udfff\ufffe\uffff]")
_CONTROL: Final = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f]")
_LOOKS_ESCAPED: Final = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
_KEPT_SPACE: Final = re.compile(r"^\s|\s$|\n|\t|  ")
_DAY: Final = timedelta(days=1)


class CellError(StrEnum):
    """What a formula shows instead of a result."""

    NA = "#N/A"  # a line of a chart has a gap there


class Formula(Struct, frozen=True):
    """A formula to be written.

    Args:
        text: In the file's own form: English function names, commas, beginning with `=`.
        cached: Its result, for readers that do not calculate; None leaves it to Excel.
    """

    text: str
    cached: str | bool | int | float | date | datetime | time | None = None


CellValue = str | bool | int | float | date | datetime | time | Formula | None


class DateKind(StrEnum):
    """What a date format must show."""

    DATE = "date"
    DATETIME = "datetime"
    TIME = "time"


class Serial(Struct, frozen=True):
    """A date or time as the number a cell holds (days)."""

    number: float
    kind: DateKind


class SettledFormula(Struct, frozen=True):
    """A formula that may be written: its text without `=`, and its settled result."""

    text: str
    cached: str | bool | int | float | None


Settled = str | bool | int | float | Serial | SettledFormula | None


def settle_value(value: object, where: str, *, date1904: bool) -> Settled:
    """Check a value and bring it into the form in which a cell holds it.

    Args:
        value: A `CellValue`, or a numpy or pandas scalar that stands for one.
        where: Sheet and cell, for the message.
        date1904: The workbook counts days from 1904-01-01.

    Returns:
        Text with line breaks as LF, a bool, a finite number, a `Serial`, a `SettledFormula`, or None.

    Raises:
        WorkbookRefused: `text_too_long`, `unwritable_character`, `not_a_number`, `number_precision`, `date_range`,
            `time_zone`, `formula_text`, `value_type`.
    """
    if type(value) is str:  # most are plain texts and numbers
        return _settle_text(value, where)
    if type(value) is int and -_EXACT < value < _EXACT:
        return value
    if isinstance(value, Formula):
        return _settle_formula(value, where, date1904)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _settle_text(str(value), where)
    if isinstance(value, (datetime, date, time)):
        return _settle_moment(value, where, date1904)
    if not isinstance(value, (int, float)) and callable(getattr(value, "item", None)):
        value = value.item()  # type: ignore[attr-defined] # a numpy scalar: its Python value
        if isinstance(value, bool):
            return value
    if isinstance(value, int):
        if abs(value) > sys.float_info.max:
            raise WorkbookRefused(
                "number_precision.digits", "{where}: a whole number of over 300 digits; write it as text.", where=where
            )
        if (
            abs(value) >= _EXACT
            and int(f"{value:.14e}".split("e")[0].replace(".", "")) * 10 ** (len(str(abs(value))) - 15) != value
        ):
            raise WorkbookRefused(
                "number_precision",
                "{where}: {value} has more than 15 digits; write it as text, or it would change.",
                where=where,
                value=value,
            )
        return int(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            raise WorkbookRefused(
                "not_a_number", "{where}: {value} is not a number a cell can hold.", where=where, value=value
            )
        return float(value)
    raise WorkbookRefused(
        "value_type", "{where}: a {kind} is not a value for a cell.", where=where, kind=type(value).__name__
    )


def _settle_text(text: str, where: str) -> str:
    if not text.isprintable() and (found := _LOST.search(text)):  # what prints is kept
        raise WorkbookRefused(
            "unwritable_character",
            "{where}: the character U+{code_point:04X} cannot be kept in a workbook.",
            where=where,
            code_point=ord(found[0]),
        )
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if len(text) * 2 > LONGEST_TEXT and len(text.encode("utf-16-le")) // 2 > LONGEST_TEXT:
        raise WorkbookRefused(
            "text_too_long", "{where}: a cell holds at most {most:,} characters.", where=where, most=LONGEST_TEXT
        )
    return text


def _settle_formula(formula: Formula, where: str, date1904: bool) -> SettledFormula:
    text = formula.text
    if not text.startswith("=") or not text[1:].strip():
        raise WorkbookRefused(
            "formula_text", "{where}: a formula begins with '='; found {found!r}.", where=where, found=text[:40]
        )
    if len(text) > LONGEST_FORMULA:
        raise WorkbookRefused(
            "formula_text.long",
            "{where}: a formula has at most {most:,} characters.",
            where=where,
            most=LONGEST_FORMULA,
        )
    if _LOST.search(text) or _CONTROL.search(text):
        raise WorkbookRefused(
            "unwritable_character.formula", "{where}: the formula holds a control character.", where=where
        )
    if isinstance(formula.cached, CellError):
        return SettledFormula(text[1:], formula.cached)
    cached = settle_value(formula.cached, where, date1904=date1904)
    if isinstance(cached, Serial):
        cached = cached.number
    if isinstance(cached, SettledFormula):
        raise WorkbookRefused(
            "value_type.formula", "{where}: the result of a formula cannot be a formula.", where=where
        )
    return SettledFormula(text[1:], cached)


def _settle_moment(value: datetime | date | time, where: str, date1904: bool) -> Serial:
    """Days since the workbook's epoch.

    In the 1900 system day 60 is a 29 February that never was, so days before it count one less.
    Source: ECMA-376 part 1 section 18.17.4.1.
    """
    if value != value:  # pandas.NaT is a datetime
        raise WorkbookRefused("not_a_number.date", "{where}: NaT is not a date a cell can hold.", where=where)
    if isinstance(value, (datetime, time)) and value.tzinfo is not None:
        raise WorkbookRefused(
            "time_zone", "{where}: a cell has no time zone; give the register's own time.", where=where
        )
    if isinstance(value, time):
        seconds = value.hour * 3600 + value.minute * 60 + value.second + value.microsecond / 1e6
        return Serial(seconds / 86_400, DateKind.TIME)
    kind = DateKind.DATETIME if isinstance(value, datetime) else DateKind.DATE
    moment = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)
    moment = datetime.combine(moment.date(), moment.time())  # a pandas Timestamp subtracts differently
    number = (moment - (datetime(1904, 1, 1) if date1904 else datetime(1899, 12, 30))) / _DAY
    if not date1904 and number < 61:
        number -= 1
    if number < (0 if date1904 else 1):
        raise WorkbookRefused(
            "date_range", "{where}: {value} is before the first day a cell can hold.", where=where, value=value
        )
    return Serial(int(number) if number == int(number) else number, kind)


def keepable(text: str) -> str:
    """The text with U+FFFD for each character that no workbook can keep, which `settle_value` would refuse."""
    return text if text.isprintable() else _LOST.sub("\ufffd", text)  # what prints is kept


def escape_text(text: str) -> bytes:
    """Settled text as the content of `t`: what XML cannot hold as _xHHHH_, markup as entities."""
    if "_x" in text:
        text = _LOOKS_ESCAPED.sub("_x005F_", text)
    if not text.isprintable() and _CONTROL.search(text):
        text = _CONTROL.sub(lambda found: f"_x{ord(found[0]):04X}_", text)
    return escape(text)


def unescape_text(text: str) -> str:
    """The text that an ST_Xstring stands for."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def text_element(prefix: bytes, text: str) -> bytes:
    """A `t` element, its spaces protected where a reader may drop them."""
    if not text:
        return b"<%st/>" % prefix
    space = b' xml:space="preserve"' if _KEPT_SPACE.search(text) else b""
    return b"<%st%s>%s</%st>" % (prefix, space, escape_text(text), prefix)


def number_text(number: float) -> bytes:
    """A number as the shortest text that reads back as the same double."""
    return b"%d" % number if isinstance(number, int) else float.__repr__(number).encode()


class CellWriter(Struct, frozen=True):
    """Writes cells of one sheet.

    Args:
        prefix: The prefix of the sheet's elements with its colon, or nothing.
        strings: Index of every text in the shared strings; None writes texts inline.
    """

    prefix: bytes
    strings: dict[str, int] | None

    def cell(self, reference: str, style: int | None, value: Settled) -> bytes:
        """The XML of one cell.

        Args:
            reference: Its address.
            style: Index of its format (`s`); None leaves the attribute out.
            value: What it holds; None makes an empty cell.
        """
        return b'<%sc r="%s"%s' % (self.prefix, reference.encode(), self.rest(style, value))

    def rest(self, style: int | None, value: Settled) -> bytes:
        """What follows the address in the XML of a cell; the arguments are those of `cell`."""
        p = self.prefix
        at = b"" if style is None else b' s="%d"' % style
        match value:
            case None:
                return at + b"/>"
            case bool():
                return b'%s t="b"><%sv>%d</%sv></%sc>' % (at, p, value, p, p)
            case int() | float():
                return b"%s><%sv>%s</%sv></%sc>" % (at, p, number_text(value), p, p)
            case Serial():
                return b"%s><%sv>%s</%sv></%sc>" % (at, p, number_text(value.number), p, p)
            case SettledFormula():
                return self._formula(at, value)
        if self.strings is not None:
            return b'%s t="s"><%sv>%d</%sv></%sc>' % (at, p, self.strings[value], p, p)
        return b'%s t="inlineStr"><%sis>%s</%sis></%sc>' % (at, p, text_element(p, value), p, p)

    def _formula(self, at: bytes, formula: SettledFormula) -> bytes:
        p, cached = self.prefix, formula.cached
        head = b"<%sf>%s</%sf>" % (p, escape(formula.text), p)
        match cached:
            case None:
                return b"%s>%s</%sc>" % (at, head, p)
            case bool():
                kind, result = b' t="b"', b"%d" % cached
            case int() | float():
                kind, result = b"", number_text(cached)
            case CellError():
                kind, result = b' t="e"', cached.encode()
            case _:
                kind, result = b' t="str"', escape_text(cached)
        return b"%s%s>%s<%sv>%s</%sv></%sc>" % (at, kind, head, p, result, p, p)
