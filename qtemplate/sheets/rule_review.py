"""Every decision table of a workbook for review: bound ones as the steps use them, others as they stand alone.

Knows sheets and tables; what is wrong with a table is in `rules.table_checks`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..plan import Finding
from ..rules.decision_table import DecisionTable
from ..rules.rulebook import RuleBook
from ..rules.table_checks import check_table
from ..rules.table_problems import TableProblem
from .book import Book
from .layout import BY_KEY
from .rule_binding import NEEDED, findings_of
from .rule_tables import Grid, is_table, read_table, table_grid


@dataclass(frozen=True, slots=True)
class Reviewed:
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
    titles = {name: key for key in NEEDED for name in (BY_KEY[key].zh, BY_KEY[key].en)}
    for name in book.sheet_names:
        if not is_table(book.sheet(name)):
            continue
        grid = table_grid(book, name)
        key, table = bound.get(name, (titles.get(name.strip(), ""), None))
        if table is None and key:
            yield Reviewed(key, name, None, grid, ())
            continue
        problems: list[TableProblem] = []
        if table is None:
            table, problems = read_table(name, grid)
        checked = check_table(table) if table is not None else []
        yield Reviewed(key, name, table, grid, tuple(findings_of([*problems, *checked])))
