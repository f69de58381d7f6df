"""The only room that knows workbooks: reading, patching, writing, watching .xlsx files.

Names are loaded when first used: editing a workbook needs neither pandas nor openpyxl, which take 65 MB to import.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from qtemplate.errors import WorkbookRefused as WorkbookRefused
    from qtemplate.ooxml.patch import Formula as Formula
    from qtemplate.ooxml.patch import PatchReport as PatchReport
    from qtemplate.ooxml.patch import SheetBody as SheetBody
    from qtemplate.ooxml.patch import append_rows as append_rows
    from qtemplate.ooxml.patch import edit_cells as edit_cells
    from qtemplate.ooxml.patch import patch_workbook as patch_workbook
    from qtemplate.ooxml.reading.book import Book as Book
    from qtemplate.ooxml.reading.book import open_book as open_book
    from qtemplate.sheets.reading.reader import read_register as read_register
    from qtemplate.sheets.rulebook.read import read_rulebook as read_rulebook
    from qtemplate.sheets.rulebook.rule_tables import read_decision_tables as read_decision_tables

_HOMES: Final = {
    "Book": "qtemplate.ooxml.reading.book",
    "Formula": "qtemplate.ooxml.patch",
    "PatchReport": "qtemplate.ooxml.patch",
    "SheetBody": "qtemplate.ooxml.patch",
    "WorkbookRefused": "qtemplate.errors",
    "append_rows": "qtemplate.ooxml.patch",
    "edit_cells": "qtemplate.ooxml.patch",
    "open_book": "qtemplate.ooxml.reading.book",
    "patch_workbook": "qtemplate.ooxml.patch",
    "read_decision_tables": "qtemplate.sheets.rulebook.rule_tables",
    "read_register": "qtemplate.sheets.reading.reader",
    "read_rulebook": "qtemplate.sheets.rulebook.read",
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
    return getattr(import_module(_HOMES[name]), name)
