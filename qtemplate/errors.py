"""What can stop the program: one typed error per cause, each sentence saying where, what and what to do.

Bad *data* in a register is never an error but a `Finding`. These classes are for bad set-up and for a world in the way.
Every error has a stable code and facts. `str()` is its English sentence, for logs and libraries; `texts.say_error` puts
the same facts into the words of whoever reads them. This module knows nothing else of the package.
"""

from __future__ import annotations

from collections.abc import Sequence


class Interrupted(KeyboardInterrupt):
    """A person stopped a command.

    Args:
        told: A phrase of the catalogue: what was done and what was not.
    """

    def __init__(self, told: object) -> None:
        super().__init__(told)
        self.told = told


class QtemplateError(Exception):
    """Base of every error the program raises on purpose; `str()` is a sentence for a person.

    Args:
        code: Stable, such as `"config.no_file"`; never reworded, unlike the sentence.
        english: The sentence with the facts' names in braces, such as `"{path} does not exist."`.
        facts: What the sentence names.
    """

    def __init__(self, code: str, english: str, /, **facts: object) -> None:
        super().__init__(code, english)
        self.code = code
        self.english = english
        self.facts = facts

    def __str__(self) -> str:
        return self.english.format_map(self.facts)


class ConfigError(QtemplateError):
    """The configuration cannot be used: unknown key, wrong type, missing file. Exit code 4."""


class RegisterUnreadable(QtemplateError):
    """The register is missing, not a workbook, encrypted, truncated, or has no register sheet. Exit code 4."""


class NotFound(QtemplateError):
    """A name given on the command line is nowhere: a feedback, a mail, a run, a form. Exit code 2."""


class RegisterLocked(QtemplateError):
    """A person has the register open, or a lock is in the way; the plan is kept for later. Exit code 5."""

    @property
    def holder(self) -> str:
        """Who has it open, as far as the owner file tells; empty if unknown."""
        return str(self.facts.get("holder", ""))


class NotWritten(QtemplateError):
    """The disk is full, or a folder may not be written: nothing was changed; tried again later. Exit code 5."""


class RegisterChanged(QtemplateError):
    """The register's bytes changed between reading and replacing it; the caller reads and plans again."""


class GuardTripped(QtemplateError):
    """A guard stopped the run before anything was written, for example most rows vanished. Exit code 5."""


class WorkbookRefused(QtemplateError):
    """A workbook cannot be edited safely; nothing was written.

    Args:
        code: The reason, such as `"signed"` or `"formula_cell"`; where several sentences have one reason, a word after
            a full stop tells them apart: `"broken_sheet.row_order"`.
        english: The sentence for a person, naming sheet and cell where there is one.
        sheet: The sheet that is in the way, where it is one.
        cell: The one edited cell that is in the way; empty when it is the sheet or the file as a whole.
        facts: What the sentence names.

    Attributes:
        reason: The stable word that docs/refusals.md lists.
        others: Further cells that were refused in the same pass; each of them alone is in the way.
    """

    def __init__(self, code: str, english: str, sheet: str = "", cell: str = "", /, **facts: object) -> None:
        super().__init__(code, english, **facts)
        self.reason = code.partition(".")[0]
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
        code: As the tables' own list of problems has it.
        zh, en: What was found, what was expected, what to do; decision tables bring their own words.
    """

    def __init__(self, sheet: str, cell: str, code: str, *, zh: str, en: str) -> None:
        super().__init__(code, "{where}: {problem}", where=f"{sheet}!{cell}" if cell else sheet, problem=en)
        self.sheet = sheet
        self.cell = cell
        self.detail = en
        self._zh = zh

    def sentence(self, language: str) -> str:
        """Where and what, in `"zh"` or `"en"`."""
        return f"{self.facts['where']}：{self._zh}" if language == "zh" else str(self)
