"""The number formats of a workbook's cells, and what a number looks like under one, as far as ids and dates need it.

Source: ECMA-376 part 1, 18.8.30 (built-in formats, East Asian ones included) and 18.8.31 (format codes).
"""

from __future__ import annotations

import datetime as dt
import re

from qtemplate.ooxml.package.parts import descendants, parse_part
from qtemplate.ooxml.package.reader import Package

BUILT_IN_DATES = frozenset([*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)])
BUILT_IN_CODES = {1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 49: "@"}

QUOTED = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
PARTS = re.compile(r'"(?P<text>[^"]*)"|\\(?P<mark>.)|_.|\[[^\]]*\]|(?P<digits>0+)|(?P<plain>[-()/+ :A-Za-z]+)')
LAST_SERIAL = 2_958_465  # 9999-12-31


def read_number_formats(package: Package, styles: str) -> list[int | str]:
    """Per cell style (the `s` of a cell): the format code, or the number of a built-in format.

    Args:
        package: The workbook.
        styles: The part that lists them; a package without it has none.

    Raises:
        WorkbookRefused: The part cannot be read.
    """
    root = parse_part(package, styles)
    codes = {element.get("numFmtId", ""): element.get("formatCode", "") for element in descendants(root, "numFmt")}
    formats: list[int | str] = []
    for group in descendants(root, "cellXfs"):
        for xf in descendants(group, "xf"):
            number = xf.get("numFmtId", "0")
            formats.append(codes[number] if number in codes else int(number) if number.isdecimal() else 0)
    return formats


def is_date_format(form: int | str | None) -> bool:
    """Whether a format shows a date (a time alone is none)."""
    if isinstance(form, int):
        return form in BUILT_IN_DATES and form not in (18, 19, 20, 21, 45, 46, 47)
    if form is None:
        return False
    plain = QUOTED.sub("", form.split(";")[0]).lower()
    return any(mark in plain for mark in ("y", "d", "aaa")) or ("m" in plain and "h" not in plain and "s" not in plain)


def serial_to_date(serial: float, date1904: bool) -> dt.datetime | None:
    """The moment of a serial, to the second; None outside Excel's range or before 1900-03-01, where Excel errs."""
    first = 0 if date1904 else 61
    if not first <= serial <= LAST_SERIAL - (1462 if date1904 else 0):
        return None
    return (dt.datetime(1904, 1, 1) if date1904 else dt.datetime(1899, 12, 30)) + dt.timedelta(
        seconds=round(serial * 86_400)
    )


def digits_of(number: float) -> str:
    """The digits without exponent: `123`, `0.5`, `693000000000`."""
    if not number % 1 and abs(number) < 1e21:
        return str(int(number))
    return repr(number)


def general_number(number: float) -> str:
    """A number as the format General shows it: from twelve digits on with an exponent, `6.93753E+12`."""
    if abs(number) < 1e11:
        return digits_of(number)
    mantissa, _, exponent = f"{number:.5E}".partition("E")
    return f"{mantissa.rstrip('0').rstrip('.')}E{exponent}"


def displayed_number(number: float, form: int | str | None) -> str:
    """A number as its format shows it, for formats of zeros and fixed text (`000123`, `"B"0000`); else its digits."""
    code = BUILT_IN_CODES.get(form, "") if isinstance(form, int) else form or ""
    code = code.split(";")[0]
    if number % 1 or number < 0:
        return digits_of(number)
    pieces: list[tuple[str, bool]] = []  # text, whether it takes digits
    at = 0
    while at < len(code):
        part = PARTS.match(code, at)
        if part is None:
            return digits_of(number)
        if part["digits"]:
            pieces.append((part["digits"], True))
        elif fixed := part["text"] or part["mark"] or part["plain"]:
            if part["plain"] and re.search(r"[A-Za-z/:]", part["plain"]):
                return digits_of(number)  # General, dates, exponents
            pieces.append((fixed, False))
        at = part.end()
    places = sum(len(text) for text, takes in pieces if takes)
    if not places:
        return digits_of(number)
    digits = digits_of(number).rjust(places, "0")
    # the leftmost group of zeros takes what is left over, as Excel does
    shown = ""
    for text, takes in reversed(pieces):
        if not takes:
            shown = text + shown
            continue
        places -= len(text)
        if places:
            digits, tail = digits[: -len(text)], digits[-len(text) :]
            shown = tail + shown
        else:
            digits, shown = "", digits + shown
    return shown
