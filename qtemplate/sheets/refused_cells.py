"""Cells a workbook does not let be written: taken out of a plan, so that they keep nothing else from being written.

A formula of a person in a program column, a merge over a cell, a text too long for any cell: one such cell must not
cost a night. Pure but for the caller's dictionaries; what else is to be done about a refusal is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..errors import WorkbookRefused
from ..fields import Field
from ..plan import CellEdit, Finding, Phrase, Plan, Severity
from ..register import CellRef, Register
from ..texts.reasons import REASONS
from .references import parse_cell

CellKey = tuple[str | None, str]
"""Feedback id and field; for another sheet None and `sheet!address`."""

LeftOut = dict[CellKey, Finding]
"""Cells that cannot be written, and what is said about each; cells of one column share a finding."""


def key_of(edit: CellEdit) -> CellKey:
    """By what a cell is known however its row moves."""
    return (str(edit.after) if edit.field == Field.ID else edit.id), edit.field


def rows_without_id(left_out: Mapping[CellKey, Finding]) -> set[str | None]:
    """Ids that could not be written into their rows."""
    return {id for id, key in left_out if key == Field.ID}


def without_cells(plan: Plan, left_out: Mapping[CellKey, Finding]) -> Plan:
    """The plan without the edits of some cells; a row whose id cannot be written is left out as a whole."""
    if not left_out:
        return plan
    rows = rows_without_id(left_out)
    return Plan(
        plan.findings,
        tuple(edit for edit in plan.edits if key_of(edit) not in left_out and key_of(edit)[0] not in rows),
        tuple(row for row in plan.rows if row.id not in rows),
        tuple(message for message in plan.messages if message.id not in rows),
        tuple(form for form in plan.forms if form.id not in rows),
        tuple(fact for fact in plan.facts if fact.id not in rows),
        plan.cells,
    )


def strike_out(edits: Mapping[str, dict[str, Any]], left_out: Mapping[CellKey, Finding]) -> None:
    """Takes the cells of other sheets than the register out of `edits` (by sheet and address)."""
    for sheet, cells in edits.items():
        for address in [address for address in cells if (None, f"{sheet}!{address}") in left_out]:
            del cells[address]


def leave_out(
    refused: WorkbookRefused,
    register: Register,
    edits: Mapping[str, CellEdit],
    others: Mapping[str, Mapping[str, Any]],
    left_out: LeftOut,
) -> bool:
    """Notes which cells are refused, so that `without_cells` and `strike_out` take them out of what is to be written.

    Args:
        refused: The refusal, with all it names.
        register: Where the edits belong.
        edits: The register's edits by address.
        others: Cells of all other edits by sheet and address.
        left_out: Gets the refused cells.

    Returns:
        False when the refusal is not about single cells; nothing is noted then.
    """
    refusals = (refused, *refused.others)
    known = {(register.sheet, address) for address in edits}
    known |= {(sheet, address) for sheet, cells in others.items() for address in cells}
    if any((one.sheet, one.cell) not in known for one in refusals):
        return False
    groups: dict[tuple[str, str, str], list[tuple[CellKey, str]]] = {}
    for one in refusals:
        edit = edits.get(one.cell) if one.sheet == register.sheet else None
        key = (None, f"{one.sheet}!{one.cell}") if edit is None else key_of(edit)
        groups.setdefault((one.sheet, "" if edit is None else edit.field, one.reason), []).append((key, one.cell))
    for (sheet, field, reason), cells in groups.items():
        (id, _), first = cells[0]
        known_reason = f"refused.{reason}"
        finding = Finding(
            "QT711",
            Severity.WARNING,
            CellRef(sheet, *parse_cell(first)),
            facts=(
                ("why", Phrase(known_reason if known_reason in REASONS else "refused.other")),
                ("more", Phrase.of("refused.more", count=len(cells) - 1) if len(cells) > 1 else ""),
            ),
            id=id if len(cells) == 1 else None,
            field=field or None,
        )
        left_out.update({key: finding for key, _ in cells})
    return True
