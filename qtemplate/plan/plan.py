"""Everything a run would do, as one value. Data only."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from .actions import CellEdit, FormRequest, Message, NewRow, SheetCell
from .findings import Finding
from .memory import Remember


class Plan(Struct, frozen=True):
    """Everything a run would do; order within each tuple is the order of making."""

    findings: tuple[Finding, ...] = ()
    edits: tuple[CellEdit, ...] = ()
    rows: tuple[NewRow, ...] = ()
    messages: tuple[Message, ...] = ()
    forms: tuple[FormRequest, ...] = ()
    facts: tuple[Remember, ...] = ()
    cells: tuple[SheetCell, ...] = ()

    def __add__(self, other: Plan) -> Plan:
        return Plan(
            self.findings + other.findings,
            self.edits + other.edits,
            self.rows + other.rows,
            self.messages + other.messages,
            self.forms + other.forms,
            self.facts + other.facts,
            self.cells + other.cells,
        )

    @classmethod
    def join(cls, plans: Iterable[Plan]) -> Plan:
        """Many plans as one, in order; linear where repeated `+` would copy again and again."""
        parts = list(plans)
        return cls(
            tuple(item for part in parts for item in part.findings),
            tuple(item for part in parts for item in part.edits),
            tuple(item for part in parts for item in part.rows),
            tuple(item for part in parts for item in part.messages),
            tuple(item for part in parts for item in part.forms),
            tuple(item for part in parts for item in part.facts),
            tuple(item for part in parts for item in part.cells),
        )

    @property
    def acts(self) -> bool:
        """Whether applying it would do anything (findings alone do not)."""
        return bool(self.edits or self.rows or self.cells or self.messages or self.forms or self.facts)
