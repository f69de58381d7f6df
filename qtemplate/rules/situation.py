"""What a step looks at: the register, the rules, what the past knows, and the moment. Pure.

A step is `def step(situation: Situation) -> Plan`. Each step sees the situation with the edits of the earlier steps in
force.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd
from msgspec import Struct
from msgspec.structs import force_setattr, replace

from ..plan import CellEdit, Memory, Remember
from ..register import Register
from .answers import Answers
from .rulebook import RuleBook

NOTHING = Answers(pd.DataFrame())
"""No answers, of no register."""


class Situation(Struct, frozen=True, eq=False):
    """The register at one moment, with everything its rules may ask.

    Attributes:
        register: As it was read, or as the earlier steps left it.
        rulebook: The rule sheets.
        memory: What the journal and the outbox know.
        now: The moment of the run; naive, in the register's zone.
        answers: What was worked out from the register's frame; starts empty when it belongs to another frame.
        examples: Worksheet rows that are examples or tests: nobody is assigned.
        quiet: Worksheet rows that no mail goes for in this run (copied rows, examples).
        faults: (row, field) of the cells that people filled wrongly, as the step that validates found them.
    """

    register: Register
    rulebook: RuleBook
    memory: Memory
    now: dt.datetime
    answers: Answers = NOTHING
    examples: frozenset[int] = frozenset()
    quiet: frozenset[int] = frozenset()
    faults: frozenset[tuple[int, str]] = frozenset()

    def __post_init__(self) -> None:
        if self.answers.frame is not self.register.frame:
            force_setattr(self, "answers", Answers(self.register.frame))

    @property
    def frame(self) -> pd.DataFrame:
        """The register's rows."""
        return self.register.frame

    def with_edits(self, edits: Iterable[CellEdit]) -> Situation:
        """The situation with these edits in the register; what the reader found wrong with those cells is over."""
        changes: dict[str, dict[int, Any]] = {}
        for edit in edits:
            changes.setdefault(edit.field, {})[edit.row] = edit.after
        if not changes:
            return self
        register = self.register.with_values(changes)
        findings = tuple(
            item for item in register.findings if item.where is None or not _holds(changes, item.field, item.where.row)
        )
        wrong = {(row, key): text for (row, key), text in register.wrong.items() if not _holds(changes, key, row)}
        register = replace(register, findings=findings, wrong=wrong)
        return replace(self, register=register, answers=self.answers.after(register.frame, changes))

    def with_facts(self, facts: Sequence[Remember]) -> Situation:
        """The situation in which these facts are remembered."""
        return replace(self, memory=self.memory.with_facts(facts)) if facts else self


def _holds(changes: Mapping[str, Mapping[int, Any]], key: str | None, row: int) -> bool:
    return key is not None and row in changes.get(key, ())
