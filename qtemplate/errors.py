"""What can stop the program: one typed error per cause, each sentence saying where, what and what to do.

Bad *data* in a register is never an error but a `Finding`. These classes are for bad set-up and for a world in the way.
This module knows nothing else of the package.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


class QtemplateError(Exception):
    """Base of every error the program raises on purpose; `str()` is a sentence for a person.

    Attributes:
        said: The sentence as a phrase of the catalogue, for errors that can be said in both languages; else None.
    """

    said: Any = None


class ConfigError(QtemplateError):
    """The configuration cannot be used: unknown key, wrong type, missing file. Exit code 4."""


class RegisterUnreadable(QtemplateError):
    """The register is missing, not a workbook, encrypted, truncated, or has no register sheet. Exit code 4."""


class NotFound(QtemplateError):
    """A name given on the command line is nowhere: a feedback, a mail, a run, a form. Exit code 2."""


class RegisterLocked(QtemplateError):
    """A person has the register open, or a lock is in the way; the plan is kept for later. Exit code 5.

    Args:
        message: The sentence for a person.
        holder: Who has it open, as far as the owner file tells; empty if unknown.
    """

    def __init__(self, message: str, holder: str = "") -> None:
        super().__init__(message)
        self.holder = holder


class NotWritten(QtemplateError):
    """The disk is full, or a folder may not be written: nothing was changed; tried again later. Exit code 5."""


class RegisterChanged(QtemplateError):
    """The register's bytes changed between reading and replacing it; the caller reads and plans again."""


class GuardTripped(QtemplateError):
    """A guard stopped the run before anything was written, for example most rows vanished. Exit code 5."""


class WorkbookRefused(QtemplateError):
    """A workbook cannot be edited safely; nothing was written.

    Args:
        reason: A stable word such as `"signed"`, `"merged_cell"`, `"formula_cell"`; see docs/refusals.md.
        message: The sentence for a person, naming sheet and cell where there is one.
        sheet: The sheet that is in the way, where it is one.
        cell: The one edited cell that is in the way; empty when it is the sheet or the file as a whole.

    Attributes:
        others: Further cells that were refused in the same pass; each of them alone is in the way.
    """

    def __init__(self, reason: str, message: str, sheet: str = "", cell: str = "") -> None:
        super().__init__(message)
        self.reason = reason
        self.sheet = sheet
        self.cell = cell
        self.others: tuple[WorkbookRefused, ...] = ()

    @classmethod
    def together(cls, refusals: Sequence[WorkbookRefused]) -> WorkbookRefused:
        """The first refusal, with the others."""
        first, *others = refusals
        first.others = tuple(others)
        return first


class RuleTableError(QtemplateError):
    """A decision table in a workbook cannot be used; names sheet and cell.

    Args:
        sheet: The sheet's name.
        cell: The cell's address such as `"C7"`; empty when the whole sheet is meant.
        message: What was found, what was expected, what to do.
    """

    def __init__(self, sheet: str, cell: str, message: str) -> None:
        super().__init__(f"{sheet}!{cell}: {message}" if cell else f"{sheet}: {message}")
        self.sheet = sheet
        self.cell = cell
        self.detail = message
