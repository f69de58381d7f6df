"""What the core properties of a workbook say (ISO/IEC 29500-2, 11)."""

from __future__ import annotations

import re

from qtemplate.errors import RegisterUnreadable
from qtemplate.ooxml.markup import unescape
from qtemplate.ooxml.reading.book import Book

CORE = "docProps/core.xml"
LONGEST = 200
_EDITOR = re.compile(r"<(?:\w+:)?lastModifiedBy\b[^>]*>([^<]*)<")
_BLANK = re.compile(r"[\s\x00-\x1f]+")


def saved_by(book: Book) -> str:
    """Who saved a workbook last, as the program that saved it says (`cp:lastModifiedBy`); "" where nothing does.

    Office programs write the name that they were told at their installation: it may be anything.
    """
    try:
        found = _EDITOR.search(book.part(CORE).decode("utf-8", "replace"))
    except RegisterUnreadable:  # the archive is damaged there, which is no reason to read nothing
        return ""
    return "" if found is None else _BLANK.sub(" ", unescape(found[1])).strip()[:LONGEST]
