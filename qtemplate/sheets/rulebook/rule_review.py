"""Every decision table of a workbook for review: bound ones as the steps use them, others as they stand alone.

Knows sheets and tables; what is wrong with a table is in `dmn.table_checks`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from ...dmn.decision_table import DecisionTable
from ...dmn.table_checks import check_table
from ...ooxml.reading.book import Book
from ...plan import Finding, Severity
from ...register import CellRef
from ...rules.rulebook import RuleBook
from ..blocks import titles_of
from ..headers import fold
from ..layout import BY_KEY
from .rule_binding import NEEDED, findings_of, meant_for
from .rule_damage import Grid
from .rule_tables import is_table, merged_areas, read_table, table_grid


class Reviewed(Struct, frozen=True):
    """One table: its key when the steps use it (`grading` …), "" when it stands alone; None when it does not parse."""

    key: str
    sheet: str
    table: DecisionTable | None
    grid: Grid
    findings: tuple[Finding, ...]


def review_tables(book: Book, rulebook: RuleBook) -> Iterator[Reviewed]:
    """All decision tables of a workbook, in sheet order.

    Args:
        book: The workbook.
        rulebook: As read from it: its tables are bound to the register, and its findings name what does not parse.

    Returns:
        Tables with what the static checks say; parse errors of bound tables are in `rulebook.findings` already.
    """
    bound = {table.sheet: (key, table) for key in NEEDED if (table := getattr(rulebook, key)) is not None}
    titles = {title: key for key in NEEDED for title in titles_of(BY_KEY[key])}
    for name in book.sheet_names:
        key, table = bound.get(name, (titles.get(fold(name), ""), None))
        if not key and not is_table(book.sheet(name)):
            continue
        grid = table_grid(book, name)
        if key:
            checked = check_table(table) if table is not None else []
            yield Reviewed(key, name, table, grid, tuple(findings_of(checked)))
            continue
        table, problems = read_table(name, grid, merged=merged_areas(book, name))
        if table is not None and (like := meant_for(table)):
            yield Reviewed("", name, table, grid, tuple(unused(name, titles, book, like)))
            continue
        checked = check_table(table) if table is not None else []
        yield Reviewed("", name, table, grid, tuple(findings_of([*problems, *checked])))


def unused(sheet: str, titles: Mapping[str, str], book: Book, like: str) -> Iterator[Finding]:
    """A copy of a table beside the one that counts. A sheet that was renamed is told as missing (QT200)."""
    for name in book.sheet_names:
        if titles.get(fold(name)) == like:
            yield Finding("QT224", Severity.WARNING, CellRef(sheet, 1, 1), "", (("counts", name),))
