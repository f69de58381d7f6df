"""A plan without the cells that a workbook does not take: one such cell must not cost a night. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from ...fields import Field
from ...plan import CellEdit, Finding, Plan
from ...rules.owed import owe, paid

CellKey = tuple[str | None, str]
"""Feedback id and field; for a whole log sheet None and its layout key."""

LeftOut = Mapping[CellKey, Finding]
"""What cannot be written, and what is said about each; cells of one column share a finding."""


def key_of(edit: CellEdit) -> CellKey:
    """By what a cell is known however its row moves."""
    return (str(edit.after) if edit.field == Field.ID else edit.id), edit.field


def rows_without_id(left_out: Mapping[CellKey, Finding]) -> set[str | None]:
    """Ids that could not be written into their rows."""
    return {id for id, key in left_out if key == Field.ID}


def without_cells(plan: Plan, left_out: Mapping[CellKey, Finding]) -> Plan:
    """The plan without some cells and log sheets.

    A row whose id cannot be written is left out as a whole. What a log sheet does not take is owed: a fact keeps it.
    """
    if not left_out:
        return plan
    rows = rows_without_id(left_out)
    left = [row for row in plan.rows if (None, row.sheet) in left_out and row.id not in rows]
    again = [fact for fact in map(paid, left) if fact in plan.facts]  # owed since an earlier run: that fact stays
    facts = [fact for fact in plan.facts if fact.id not in rows and fact not in again]
    return Plan(
        plan.findings,
        tuple(edit for edit in plan.edits if key_of(edit) not in left_out and key_of(edit)[0] not in rows),
        tuple(row for row in plan.rows if row.id not in rows and (None, row.sheet) not in left_out),
        tuple(message for message in plan.messages if message.id not in rows),
        tuple(form for form in plan.forms if form.id not in rows),
        (*facts, *(owe(row) for row in left if paid(row) not in again)),
        tuple(cell for cell in plan.cells if (None, cell.sheet) not in left_out),
    )
