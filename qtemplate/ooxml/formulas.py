"""Formulas moved by some rows and columns, and areas in them stretched. Pure, text only.

This is not a parser: texts, quoted sheet names and bracketed references are stepped over, what is left is searched for
A1 references. Structured references (`[@Column]`) need no translation.

Source: ECMA-376 part 1 section 18.17 (formulas), 18.17.2.3 (cell references); 18.3.1.40 (f, shared formulas).
"""

from __future__ import annotations

import re
from typing import Final

from qtemplate.ooxml.references import LAST_COLUMN, LAST_ROW, Stretch, column_name, column_number

_WORD: Final = r"[\w.\\?]"
_TOKEN: Final = re.compile(
    rf"""
    "(?:[^"]|"")*"                                         # a text
    | '(?:[^']|'')*'                                       # a quoted sheet name
    | \[ (?: [^\[\]'] | '. | \[ (?: [^\[\]'] | '. )* \] )* \]   # a structured reference or [1] of another workbook
    | (?<!{_WORD}) (?P<rows> \$?\d{{1,7}}:\$?\d{{1,7}} ) (?!{_WORD}|[(!])
    | (?<!{_WORD}) (?P<columns> \$?[A-Za-z]{{1,3}}:\$?[A-Za-z]{{1,3}} ) (?!{_WORD}|[(!])
    | (?<!{_WORD}) (?P<area>
        \$?[A-Za-z]{{1,3}}\$?[1-9]\d{{0,6}} (?: :\$?[A-Za-z]{{1,3}}\$?[1-9]\d{{0,6}} )? ) (?!{_WORD}|[(!])
    | {_WORD}+                                             # a name, a function, a number
    """,
    re.X | re.S,
)
_CORNER: Final = re.compile(r"(\$?)([A-Za-z]{1,3})(\$?)(\d{1,7})\Z")
_LOST: Final = "#REF!"
_QUALIFIED: Final = re.compile(r"(?:'((?:[^']|'')*)'|([^\s'!(),;:*/+&=<>^-]+))!\Z")
_THIS_ROW: Final = re.compile(r"\[\s*(?:#This Row\s*\]|@)", re.I)
_OWN_ROW: Final = re.compile(r"\s*\(\s*\)")


def translate_formula(formula: str, rows: int, columns: int = 0) -> str:
    """The formula as it reads after being copied some rows down and columns to the right.

    Args:
        formula: Text without `=`.
        rows, columns: How far; negative is up and left.

    Returns:
        The formula with relative references moved; a reference that leaves the sheet becomes `#REF!`.
    """
    if rows == 0 and columns == 0:
        return formula
    return _TOKEN.sub(lambda found: _moved(found, rows, columns), formula)


def _moved(found: re.Match[str], rows: int, columns: int) -> str:
    if found["area"]:
        corners = [_move_corner(corner, rows, columns) for corner in found["area"].split(":")]
    elif found["rows"]:
        corners = [_move_number(end, rows, LAST_ROW) for end in found["rows"].split(":")]
    elif found["columns"]:
        corners = [_move_column(end, columns) for end in found["columns"].split(":")]
    else:
        return found[0]
    return _LOST if _LOST in corners else ":".join(corners)


def _move_corner(corner: str, rows: int, columns: int) -> str:
    parts = _CORNER.match(corner)
    assert parts is not None  # the token pattern is stricter
    column = _move_column(parts[1] + parts[2], columns)
    row = _move_number(parts[3] + parts[4], rows, LAST_ROW)
    return _LOST if _LOST in (column, row) else column + row


def _move_number(text: str, by: int, last: int) -> str:
    if text.startswith("$"):
        return text
    number = int(text) + by
    return str(number) if 1 <= number <= last else _LOST


def _move_column(text: str, by: int) -> str:
    if text.startswith("$") or by == 0:
        return text
    number = column_number(text) + by
    return column_name(number) if 1 <= number <= LAST_COLUMN else _LOST


def stretch_formula(formula: str, stretch: Stretch) -> str:
    """The formula with areas that lie in a table and end with its data stretched to the new end.

    Args:
        formula: Text without `=`, of a cell on the table's own sheet. References to other sheets stay.
        stretch: How the table's end moved.
    """

    def moved(found: re.Match[str]) -> str:
        area = found["area"]
        if not area or ":" not in area or formula[: found.start()].endswith("!"):
            return found[0]
        return stretch.apply(area.upper())

    return _TOKEN.sub(moved, formula)


def refers_to_row(formula: str, row: int, sheet: str) -> bool:
    """Whether a formula is about its own row: it names a cell of it, `[#This Row]`, or asks for `ROW()`.

    A reference counts only where its row is relative, so that it moves with the formula.

    Args:
        formula: Text without `=`.
        row: Where it stands.
        sheet: The name of its sheet; cells of the same row on other sheets are not its own.
    """
    for found in _TOKEN.finditer(formula):
        text = found[0]
        if text.startswith("["):
            if _THIS_ROW.match(text) or _THIS_ROW.match(text, 1):
                return True
        elif found["area"]:
            own = any(_CORNER.sub(r"\3\4", corner) == str(row) for corner in found["area"].split(":"))
            if own and _is_on(formula[: found.start()], sheet):
                return True
        elif text.upper() == "ROW" and _OWN_ROW.match(formula, found.end()):
            return True
    return False


def calls(formula: str, function: str) -> bool:
    """Whether a formula calls a function, whatever prefix a newer one is stored with; a word in a text is none."""
    name = function.upper()
    return any(
        found[0].upper().rpartition(".")[2] == name and formula[found.end() :].lstrip().startswith("(")
        for found in _TOKEN.finditer(formula)
    )


def _is_on(before: str, sheet: str) -> bool:
    """Whether a reference after this text is one to that sheet: unqualified, or qualified by its name."""
    if not before.endswith("!"):
        return True
    named = _QUALIFIED.search(before)
    return named is not None and (named[2] or (named[1] or "").replace("''", "'")).casefold() == sheet.casefold()
