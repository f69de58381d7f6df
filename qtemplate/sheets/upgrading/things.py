"""The kinds of things that a workbook has, and may lack."""

from __future__ import annotations

from enum import StrEnum


class What(StrEnum):
    """What is lacking."""

    COLUMN = "column"
    SHEET = "sheet"
    LIST = "list"
    VALUE = "value"
