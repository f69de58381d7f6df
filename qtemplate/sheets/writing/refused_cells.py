"""Cells a workbook does not let be written: taken out of a plan, so that they keep nothing else from being written.

A formula of a person in a program column, a merge over a cell, a text too long for any cell: one such cell must not
cost a night. Pure; what else is to be done about a refusal is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping

from ...errors import WorkbookRefused
from ...fields import Field
from ...ooxml.references import parse_cell
from ...plan import CellEdit, Finding, Phrase, Plan, Severity
from ...register import CellRef, Register
from ...rules.owed import owe, paid
from ...texts import quote
from ...texts.reasons import REASONS
from ..blocks import Block
from .placing import log_refused

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


def leave_out(
    refused: WorkbookRefused,
    register: Register,
    edits: Mapping[str, CellEdit],
    logs: Mapping[str, Block],
) -> LeftOut:
    """What is refused, so that `without_cells` can take it out of what is to be written.

    Args:
        refused: The refusal, with all it names.
        register: Where the edits belong.
        edits: The register's edits by address.
        logs: The log sheets that rows or cells are written to, by layout key.

    Returns:
        The refused cells, or the log sheet; nothing when the refusal is about neither.
    """
    for key, block in logs.items():
        if block.sheet == refused.sheet:
            why = _known(f"log.{refused.reason}") or Phrase.of("log.other", reason=quote(refused))
            return {(None, key): log_refused(key, block, why, register.language)}
    refusals = (refused, *refused.others)
    if any(one.sheet != register.sheet or one.cell not in edits for one in refusals):
        return {}
    left_out: dict[CellKey, Finding] = {}
    groups: dict[tuple[str, str], list[tuple[CellKey, str]]] = {}
    for one in refusals:
        edit = edits[one.cell]
        groups.setdefault((edit.field, one.reason), []).append((key_of(edit), one.cell))
    for (field, reason), cells in groups.items():
        (id, _), first = cells[0]
        finding = Finding(
            "QT711",
            Severity.WARNING,
            CellRef(register.sheet, *parse_cell(first)),
            facts=(
                ("why", _known(f"refused.{reason}") or Phrase("refused.other")),
                ("more", Phrase.of("refused.more", count=len(cells) - 1) if len(cells) > 1 else ""),
            ),
            id=id if len(cells) == 1 else None,
            field=field,
        )
        left_out.update({key: finding for key, _ in cells})
    return left_out


def _known(key: str) -> Phrase | None:
    return Phrase(key) if key in REASONS else None
