"""What keeps a team's workbook from being written into, told before anything is tried on it.

Source: ECMA-376 part 1 sections 18.2.29 (workbookProtection) and 18.3.1.85 (sheetProtection); part 2 clause 13
(signatures).
"""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from ...errors import WorkbookRefused
from ...ooxml.cells import CellValue
from ...ooxml.patch import patch_workbook
from ...ooxml.reading.book import Book
from ...ooxml.references import column_name
from ...plan import Phrase
from ...texts import quote

SIGNATURES = "_xmlsignatures/"
STRUCTURE = re.compile(rb"<(?:\w+:)?workbookProtection\b[^>]*\blockStructure=[\"'](?:1|true)[\"']")
SHEET = re.compile(rb"<(?:\w+:)?sheetProtection\b[^>]*\bsheet=[\"'](?:1|true)[\"']")


def why_closed(book: Book, sheet: str, row: int, column: int) -> Phrase | None:
    """Why our columns and sheets cannot be put into a workbook, None where nothing is seen that keeps them out.

    Args:
        book: The team's workbook.
        sheet: Of its register.
        row, column: Where our first header would stand.
    """
    if any(name.lstrip("/").casefold().startswith(SIGNATURES) for name in book.part_names):
        return Phrase("adopt.closed.signed")
    if any(STRUCTURE.search(book.part(name)) for name in book.part_names if name.endswith("/workbook.xml")):
        return Phrase("adopt.closed.structure")
    if SHEET.search(book.part(book.sheet_parts[sheet])):
        with tempfile.TemporaryDirectory(prefix="qtemplate-") as scratch:
            source = Path(scratch) / "source.xlsx"
            source.write_bytes(book.data)
            edits: dict[str, dict[str, CellValue]] = {sheet: {f"{column_name(column)}{row}": "x"}}
            try:
                patch_workbook(source, Path(scratch) / "trial.xlsx", edits=edits)
            except WorkbookRefused as refused:
                if refused.reason == "locked_cell":
                    return Phrase.of("adopt.closed.sheet", sheet=sheet)
                return Phrase.of("adopt.closed.other", problem=quote(refused))
    return None
