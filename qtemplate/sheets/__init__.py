"""The only room that knows workbooks: reading, patching, writing, watching .xlsx files.

Names are loaded when first used: editing a workbook needs neither pandas nor openpyxl, which take 65 MB to import.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from qtemplate.errors import WorkbookRefused as WorkbookRefused
    from qtemplate.sheets.book import Book as Book
    from qtemplate.sheets.book import open_book as open_book
    from qtemplate.sheets.patch import Formula as Formula
    from qtemplate.sheets.patch import PatchReport as PatchReport
    from qtemplate.sheets.patch import SheetBody as SheetBody
    from qtemplate.sheets.patch import append_rows as append_rows
    from qtemplate.sheets.patch import edit_cells as edit_cells
    from qtemplate.sheets.patch import patch_workbook as patch_workbook
    from qtemplate.sheets.reader import read_register as read_register
    from qtemplate.sheets.rule_tables import read_decision_tables as read_decision_tables
    from qtemplate.sheets.rulebook import read_rulebook as read_rulebook

_HOMES: Final = {
    "Book": "book",
    "Formula": "patch",
    "PatchReport": "patch",
    "SheetBody": "patch",
    "WorkbookRefused": "patch",
    "append_rows": "patch",
    "edit_cells": "patch",
    "open_book": "book",
    "patch_workbook": "patch",
    "read_decision_tables": "rule_tables",
    "read_register": "reader",
    "read_rulebook": "rulebook",
}

__all__ = [
    "Book",
    "Formula",
    "PatchReport",
    "SheetBody",
    "WorkbookRefused",
    "append_rows",
    "edit_cells",
    "open_book",
    "patch_workbook",
    "read_decision_tables",
    "read_register",
    "read_rulebook",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
