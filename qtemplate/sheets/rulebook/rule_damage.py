"""What befalls a rule sheet unseen: a head row deleted, a blank row between the rules, cells merged.

Each would make a table of other rules than the person sees, or ten messages about one mistake. Knows the layout of
`rule_tables`, not what cells mean.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from ...ooxml.references import column_name
from .rule_labels import ALLOWED_LABELS, DEFAULT_LABELS, EXAMPLES, MARKERS, ROLES, blank, text

Grid = Sequence[Sequence[Any]]
Damage = tuple[str, str, dict[str, Any]]
"""Cell, code and facts of a problem."""

Merged = Sequence[tuple[tuple[int, int], tuple[int, int]]]
"""0-based (row, column) of the upper left and the lower right cell of each merged area."""

_LOOK_ROWS = 6


def _labels(grid: Grid, row: int) -> list[str]:
    return [text(cell) for cell in grid[row]] if row < len(grid) else []


def head_damage(grid: Grid) -> Damage | None:
    """Which of the three head rows is lost or has moved, so that nothing below can be understood; None if none is."""
    column = [_labels(grid, row)[:1] for row in range(_LOOK_ROWS)]
    marker = next((row for row, label in enumerate(column) if label and label[0].casefold() in MARKERS), None)
    if marker:
        return "A1", "head_moved", {"row": marker + 1}
    top, roles, names = (_labels(grid, row)[1:] for row in range(3))
    if marker is None and any(label.casefold() in ROLES for label in top):
        return "A1", "title_lost", {"found": "、".join(_labels(grid, 0)[:3])}
    said = [label.casefold() in ROLES for label in roles if label]
    if said and sum(said) * 2 <= len(said):
        return "A2", "roles_lost", {}
    first = (column[2] or [""])[0].casefold()
    if first in ALLOWED_LABELS | DEFAULT_LABELS or (any(roles) and not any(names)):
        return "A3", "names_lost", {}
    return None


def marker_damage(grid: Grid) -> Damage | None:
    """A table known by the name of its sheet whose A1 says something else."""
    found = (_labels(grid, 0) or [""])[0]
    return None if found.casefold() in MARKERS else ("A1", "marker_lost", {"found": found})


def rules_below(grid: Grid, end: int, outputs: Collection[int]) -> Damage | None:
    """What looks like rules below the blank row that ends a table: a name in column A and something in an output.

    Args:
        end: 0-based row of the blank row.
        outputs: 0-based columns of the outputs.
    """
    found = []
    for number in range(end + 1, len(grid)):
        row = grid[number]
        if text(row[0] if row else None).casefold() in EXAMPLES:
            break
        if row and not blank(row[0]) and any(at < len(row) and not blank(row[at]) for at in outputs):
            found.append(number)
    if not found:
        return None
    names = tuple(text(grid[number][0]) for number in found[:8])
    return f"A{found[0] + 1}", "after_blank", {"blank": end + 1, "row": found[0] + 1, "found": names}


def merged_rules(merged: Merged, rows: range, columns: Collection[int]) -> list[Damage]:
    """Merged cells that reach into the rules.

    Args:
        rows: 0-based rows of the rules.
        columns: 0-based columns of their numbers, inputs and outputs.
    """
    found: list[Damage] = []
    for (top, left), (bottom, right) in merged:
        rules_hit = max(top, rows.start) <= min(bottom, rows.stop - 1)
        if (top, left) != (bottom, right) and rules_hit and any(left <= column <= right for column in columns):
            cell = f"{column_name(left + 1)}{top + 1}"
            found.append((cell, "merged", {"found": f"{cell}:{column_name(right + 1)}{bottom + 1}"}))
    return found
