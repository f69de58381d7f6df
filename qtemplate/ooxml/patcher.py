"""A workbook that is patched again and again: what is known of the bytes written last spares the next patch their work.

A sheet goes through a patch in blocks. Those of the last patch are copied by the next one, and not even unpacked where
they hold nothing it asks for, as long as the workbook still has the bytes that were written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct, field

if TYPE_CHECKING:
    from .cells import CellValue
    from .package.packed_blocks import Blocks
    from .patch import PatchReport
    from .patch_tasks import Appends, Fits
    from .reading.book import Book
    from .sheet.body import SheetBody

BeforeReplace = Callable[[str], None]
"""Called with the new sha256 before the new bytes take the place of the old ones, which stay if it raises."""


class Changes(Struct, frozen=True):
    """What one patch changes; see `patch_workbook`."""

    edits: Mapping[str, Mapping[str, CellValue]] = field(default_factory=dict)
    appends: Appends = field(default_factory=dict)
    bodies: Sequence[SheetBody] = ()
    fits: Fits = field(default_factory=dict)


class Patcher:
    """Patches a file.

    Args:
        path: The workbook.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._sha256 = ""
        self._blocks: Blocks = {}

    @property
    def source(self) -> Path | bytes:
        """Where the workbook is read, as `open_book` takes it."""
        return self._path

    def patch(self, book: Book, changes: Changes, before_replace: BeforeReplace) -> str:
        """Make the changes.

        Args:
            book: As the workbook was read; its caller makes sure that it is still the same.
            changes: What to change.
            before_replace: See `BeforeReplace`.

        Returns:
            The sha256 of the workbook now.

        Raises:
            WorkbookRefused: It cannot be done safely; the workbook is as it was.
            RegisterChanged, RegisterLocked, OSError: As for `patch_workbook`.
        """
        blocks = self._blocks if book.sha256 == self._sha256 else {}
        report = self._write(book, changes, before_replace, blocks)
        self._sha256, self._blocks = report.sha256, report.blocks
        return report.sha256

    def _write(self, book: Book, changes: Changes, before_replace: BeforeReplace, blocks: Blocks) -> PatchReport:
        from .patch import patch_workbook  # reading needs none of it

        return patch_workbook(
            self._path,
            self._path,
            edits=changes.edits,
            appends=changes.appends,
            bodies=changes.bodies,
            fits=changes.fits,
            before_replace=before_replace,
            blocks=blocks,
        )


class MemoryPatcher(Patcher):
    """Patches what was read of a file; the file itself stays as it is, and nothing else is written either."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._data: bytes | None = None

    @property
    def source(self) -> Path | bytes:
        return self._path if self._data is None else self._data

    def _write(self, book: Book, changes: Changes, before_replace: BeforeReplace, blocks: Blocks) -> PatchReport:
        from .patch import patch_bytes

        data, report = patch_bytes(
            book.data,
            edits=changes.edits,
            appends=changes.appends,
            bodies=changes.bodies,
            blocks=blocks,
            fits=changes.fits,
        )
        if report.changed_parts:
            before_replace(report.sha256)
        self._data = data
        return report
