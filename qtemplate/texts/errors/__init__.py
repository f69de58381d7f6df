"""The errors people meet, in words: those of the product in both languages, the workbook engine's in Chinese. Data only."""

from __future__ import annotations

from .commands import COMMAND_ERRORS
from .owner import OWNER_ERRORS
from .setup import SETUP_ERRORS
from .state import STATE_ERRORS
from .workbook import WORKBOOK_ERRORS

ERRORS: dict[str, tuple[str, str]] = {**SETUP_ERRORS, **COMMAND_ERRORS, **OWNER_ERRORS, **STATE_ERRORS}

__all__ = ["ERRORS", "WORKBOOK_ERRORS"]
