"""The only room that knows workbooks: reading, patching, writing, watching .xlsx files."""

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
