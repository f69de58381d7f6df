"""What is to be written into a workbook, and what can become of it, as values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from ..plan import Finding, Outcome, Plan, Severity
from ..sheets.writing.left_out import LeftOut, without_cells
from ..texts import quote

if TYPE_CHECKING:
    from ..errors import RegisterChanged, WorkbookRefused
    from ..ooxml.reading.book import Book
    from ..register import Register
    from ..rules.month.table import ManyMonths
    from ..rules.views import View

PROGRAM_SHEETS = frozenset({"findings", "changes", "figures", "views"})
"""The sheets that are written as whole parts: their layout keys, `views` for all views together."""


class Order(Struct, frozen=True):
    """A plan to be written, less what the workbook does not take.

    Attributes:
        book, register: What the plan was made from.
        whole: The plan.
        run: The run's id.
        now: Its moment; aware.
        known: Cells and log sheets that were refused before and have been told.
        refused: What is refused now.
        sheets: Which of the program's own sheets are compared and renewed.
        months: What 统计 shows; None leaves it as it is.
        views: What the views show, by layout key; None leaves them as they are.
        unfit: What is said of such a sheet that could not be.
    """

    book: Book
    register: Register
    whole: Plan
    run: str
    now: dt.datetime
    known: LeftOut = field(default_factory=dict)
    refused: LeftOut = field(default_factory=dict)
    sheets: frozenset[str] = PROGRAM_SHEETS
    months: ManyMonths | None = None
    views: Mapping[str, View] | None = None
    unfit: tuple[Finding, ...] = ()

    @property
    def moment(self) -> dt.datetime:
        """The run's moment as workbook and journal have it: naive, without fractions."""
        return self.now.replace(tzinfo=None, microsecond=0)

    @property
    def left_out(self) -> LeftOut:
        return {**self.known, **self.refused}

    @property
    def news(self) -> tuple[Finding, ...]:
        """What is to be said of what was refused now."""
        return (*self.unfit, *dict.fromkeys(self.refused.values()))

    @property
    def plan(self) -> Plan:
        """What is left of the plan."""
        return replace(without_cells(self.whole, self.left_out), findings=(*self.whole.findings, *self.news))

    def without(self, refused: LeftOut) -> Order:
        """The order without these, too."""
        return replace(self, refused={**self.refused, **refused})

    def without_sheets(self, reason: WorkbookRefused) -> Order:
        """The order without the program's own sheets, of which one may be in the way."""
        unfit = Finding("QT713", Severity.ERROR, facts=(("reason", quote(reason)),))
        return replace(self, sheets=frozenset(), unfit=(unfit,))


class Written(Struct, frozen=True):
    """The workbook holds the plan, but for what is `left_out`; `sha256` are its bytes now."""

    sha256: str
    outcomes: tuple[Outcome, ...] = ()
    findings: tuple[Finding, ...] = ()
    left_out: LeftOut = field(default_factory=dict)


class Refused(Struct, frozen=True):
    """Nothing was written: the workbook cannot be edited safely before a person has looked at it."""

    outcomes: tuple[Outcome, ...]
    findings: tuple[Finding, ...]


class Locked(Struct, frozen=True):
    """Nothing was written now: somebody has it open, the disk is full, or it is never written. The next run tries."""

    outcomes: tuple[Outcome, ...]
    findings: tuple[Finding, ...] = ()


class Changed(Struct, frozen=True):
    """Nothing was written: somebody saved the workbook since it was read, and a plan for it must be made anew."""

    problem: RegisterChanged
