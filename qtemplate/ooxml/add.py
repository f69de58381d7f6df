"""Adding to a workbook in use: columns, sheets, values of drop-down lists; nothing that stands in it moves.

All of it can go into one patch with edits and rows: `patch_workbook(…, additions=Additions(…))`. What cannot be done
safely is refused before the target is touched; docs/refusals.md lists the reasons.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

from qtemplate.ooxml.adding.additions import Additions
from qtemplate.ooxml.adding.cells import NewCells
from qtemplate.ooxml.adding.columns import CellBlock, NewColumn
from qtemplate.ooxml.adding.lists import ListValues
from qtemplate.ooxml.adding.sheets import NewSheet
from qtemplate.ooxml.adding.validations import Validation
from qtemplate.ooxml.patch import PatchReport, patch_workbook

__all__ = [
    "Additions",
    "CellBlock",
    "ListValues",
    "NewCells",
    "NewColumn",
    "NewSheet",
    "Validation",
    "add_columns",
    "add_sheets",
    "extend_lists",
]


def add_columns(
    source: str | os.PathLike[str],
    target: str | os.PathLike[str],
    table: str | CellBlock,
    columns: Sequence[NewColumn],
) -> PatchReport:
    """Add columns at the right end of a table; what spanned its columns spans the new ones too.

    Args:
        source, target: As for `edit_cells`.
        table: The table's name, or the cells of a block that is no table.
        columns: From left to right.

    Raises:
        WorkbookRefused: It cannot be done safely; the target is as it was.
    """
    return patch_workbook(source, target, additions=Additions(columns={table: columns}))


def add_sheets(
    source: str | os.PathLike[str], target: str | os.PathLike[str], sheets: Sequence[NewSheet]
) -> PatchReport:
    """Add sheets at the end, copied out of another workbook.

    Args:
        source, target: As for `edit_cells`.
        sheets: In the order of their tabs.

    Raises:
        WorkbookRefused: It cannot be done safely; the target is as it was.
    """
    return patch_workbook(source, target, additions=Additions(sheets=sheets))


def extend_lists(
    source: str | os.PathLike[str], target: str | os.PathLike[str], lists: Sequence[ListValues]
) -> PatchReport:
    """Put values at the end of drop-down lists; drop-downs and names of exactly these cells offer them too.

    Args:
        source, target: As for `edit_cells`.
        lists: The lists, each with its new values.

    Raises:
        WorkbookRefused: It cannot be done safely; the target is as it was.
    """
    return patch_workbook(source, target, additions=Additions(lists=lists))
