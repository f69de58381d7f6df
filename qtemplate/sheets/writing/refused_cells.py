"""Cells a workbook does not let be written: taken out of a plan, so that they keep nothing else from being written.

A formula of a person in a program column, a merge over a cell, a text too long for any cell: one such cell must not
cost a night. Pure; what else is to be done about a refusal is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping

from ...errors import WorkbookRefused
from ...ooxml.references import parse_cell
from ...plan import CellEdit, Finding, Phrase, Severity
from ...register import CellRef, Register
from ...texts import quote
from ...texts.reasons import REASONS
from ..blocks import Block
from .left_out import CellKey, LeftOut, key_of
from .placing import log_refused


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
