"""Opening a workbook to read it: its bytes once, refused with one sentence when they are not a workbook we can read.

calamine reads the cells; what it hides is read from the package beside it. What it refuses and office programs open is
written again for it in memory, a workbook or a sheet at a time.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import stat
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

from msgspec import Struct, field
from msgspec.structs import replace
from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum

from qtemplate.errors import RegisterLocked, RegisterUnreadable, WorkbookRefused
from qtemplate.ooxml.package.limits import MOST_BYTES
from qtemplate.ooxml.package.parts import Relationship, Workbook, read_relationships, read_workbook
from qtemplate.ooxml.package.reader import Package
from qtemplate.ooxml.package.tables import Table, read_tables
from qtemplate.ooxml.reading.merges import long_parts, without_cells, without_merges
from qtemplate.ooxml.reading.number_formats import read_number_formats
from qtemplate.ooxml.reading.plain_copy import mend_sheet, write_plainly
from qtemplate.ooxml.reading.scan import Scan, scan_sheet
from qtemplate.ooxml.reading.top import LONG, cut_after

_OLE_MAGIC: Final = b"\xd0\xcf\x11\xe0"
_SHARING_VIOLATIONS: Final = (32, 33)  # Windows: the file, or a part of it, is locked by another process

MergedArea = tuple[tuple[int, int], tuple[int, int]]
"""(row, column) of its first and of its last cell, 0-based."""

MOST_CELLS: Final = 48_000_000
"""Area of one sheet: calamine keeps it densely, 30 bytes a cell, so a stray cell in the last row costs gigabytes."""


class Book(Struct):
    """A workbook held in memory: name, bytes, sha256, and what was read of it so far.

    Attributes:
        unmerged: The parts of long sheets whose merged areas calamine was kept from looking for.
        known: What readers found out and others need too, so that no sheet is parsed twice.
    """

    name: str
    data: bytes
    sha256: str
    package: Package
    workbook: Workbook
    calamine: CalamineWorkbook
    unmerged: frozenset[str] = frozenset()
    scans: dict[str, Scan] = field(default_factory=dict)
    opened: dict[str, CalamineSheet] = field(default_factory=dict)
    listed: dict[str, tuple[Table, ...]] = field(default_factory=dict)
    known: dict[str, Any] = field(default_factory=dict)

    @property
    def sheet_names(self) -> list[str]:
        """Names of the worksheets (no chart sheets), in workbook order."""
        return [s.name for s in self.calamine.sheets_metadata if s.typ is SheetTypeEnum.WorkSheet]

    @property
    def part_names(self) -> list[str]:
        """The names of all parts, as they are written in the archive."""
        return [member.name for member in self.package.members]

    @property
    def sheet_parts(self) -> dict[str, str]:
        """Worksheet name -> its part."""
        return {sheet.name: sheet.part for sheet in self.workbook.sheets if sheet.kind == "worksheet"}

    def scan(self, sheet: str) -> Scan:
        """The narrow pass over a sheet's XML: error cells, extent, and marks to find rows again.

        Raises:
            RegisterUnreadable: The sheet's part is missing or damaged.
        """
        if sheet not in self.scans:
            part = self.sheet_parts.get(sheet, "")
            if self.package.find(part) is None:
                raise RegisterUnreadable(
                    "unreadable.no_part",
                    "{book}: the sheet {sheet} has no part in the package; the file is damaged.",
                    book=self.name,
                    sheet=sheet,
                )
            self.scans[sheet] = scan_sheet(partial(self._pieces, part))
        return self.scans[sheet]

    def sheet(self, name: str) -> CalamineSheet:
        """The cells of a sheet, kept until `release`.

        Raises:
            RegisterUnreadable: The sheet's XML is damaged, or its extent would need gigabytes.
        """
        scan = self.scan(name)
        if name not in self.opened and scan.area > MOST_CELLS:
            raise RegisterUnreadable(
                "unreadable.too_far",
                "{book}: the sheet {sheet} reaches to {cell}, too far to read; delete the stray cells below or to "
                "the right of the table and save.",
                book=self.name,
                sheet=name,
                cell=scan.last_cell,
            )
        if name not in self.opened:
            try:
                with _calamine_reads(self.name):
                    self.opened[name] = self.calamine.get_sheet_by_name(name)
            except RegisterUnreadable:
                self.opened[name] = self._read_mended(name)
        return self.opened[name]

    def _read_mended(self, name: str) -> CalamineSheet:
        """The cells of a sheet that calamine refused, out of a copy without what it stumbled over.

        Raises:
            RegisterUnreadable: One of its cells cannot be read, and is named; or the sheet is damaged.
        """
        from qtemplate.ooxml.reading.cell_defects import refuse_broken_cells, refuse_broken_xml

        part = self.sheet_parts[name]
        with _package_reads(self.name):
            refuse_broken_cells(self.name, name, partial(self.package.pieces, part), self._count_texts)
            refuse_broken_xml(self.name, part, self.package.pieces(part))
            mended = mend_sheet(self.package.read(part, MOST_BYTES))
        return self._read_copy(name, {part: mended})

    def _read_copy(self, name: str, mended: Mapping[str, bytes]) -> CalamineSheet:
        """The cells of a sheet, out of a copy of it with other bytes."""
        sheets = tuple(known for known in self.workbook.sheets if known.name == name and known.kind == "worksheet")
        with _package_reads(self.name):
            data = write_plainly(self.package, replace(self.workbook, sheets=sheets[-1:]), mended)
        with _calamine_reads(self.name, name):
            return CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name(name)

    def _count_texts(self) -> int:
        from qtemplate.ooxml.reading.cell_defects import count_texts

        part = self.workbook.target("sharedStrings") or ""
        return count_texts(self.package.pieces(part)) if self.package.find(part) is not None else 0

    def merged(self, name: str) -> Sequence[MergedArea]:
        """The merged areas of a sheet.

        Raises:
            RegisterUnreadable: As for `sheet`.
        """
        sheet, part = self.sheet(name), self.sheet_parts[name]
        if part in self.unmerged:
            sheet = self._read_copy(name, {part: mend_sheet(without_cells(self.part(part)))})
        return sheet.merged_cell_ranges or ()

    def top(self, name: str, rows: int) -> list[list[Any]] | None:
        """At least the first rows of a long sheet, from A1 on; None where all of it is read as quickly.

        Raises:
            RegisterUnreadable: The archive is damaged there.
        """
        part = self.sheet_parts.get(name, "")
        member = self.package.find(part)
        cut = None
        if name not in self.opened and member is not None and member.size >= LONG:
            cut = cut_after(self._pieces(part), rows)
        if cut is None:
            return None
        with contextlib.suppress(RegisterUnreadable):  # what calamine stumbles over is mended where all is read
            return self._read_copy(name, {part: cut}).to_python(skip_empty_area=False)
        return None

    def release(self, name: str) -> None:
        """Forget the cells of a sheet; a large one takes hundreds of megabytes."""
        self.opened.pop(name, None)

    def tables(self, sheet: str) -> tuple[Table, ...]:
        """The tables of a worksheet; damaged ones are left out.

        Raises:
            RegisterUnreadable: The archive is damaged there.
        """
        if sheet not in self.listed:
            with _package_reads(self.name):
                self.listed[sheet] = tuple(
                    table
                    for known in self.workbook.sheets
                    if known.name == sheet and known.kind == "worksheet"
                    for table in read_tables(self.package, known)
                )
        return self.listed[sheet]

    def number_formats(self) -> list[int | str]:
        """Per cell style (the `s` of a cell): the format code, or the number of a built-in format.

        Raises:
            RegisterUnreadable: The archive is damaged there.
        """
        with _package_reads(self.name):
            return read_number_formats(self.package, self.workbook.target("styles") or "")

    def relationships(self, part: str) -> tuple[Relationship, ...]:
        """Where a part leads to.

        Raises:
            RegisterUnreadable: The archive is damaged there.
        """
        with _package_reads(self.name):
            return read_relationships(self.package, part)

    def part(self, name: str) -> bytes:
        """The unpacked bytes of a part, however large; empty if the package has none of that name.

        Raises:
            RegisterUnreadable: The archive is damaged there.
        """
        with _package_reads(self.name):
            return _read_if_there(self.package, name)

    def _pieces(self, part: str) -> Iterator[bytes]:
        with _package_reads(self.name):
            yield from self.package.pieces(part)


def open_book(source: str | Path | bytes) -> Book:
    """Read a workbook into memory.

    Args:
        source: Path, or the bytes themselves.

    Raises:
        RegisterUnreadable: Missing, not a workbook, encrypted, of an older format, truncated, or a zip bomb.
        RegisterLocked: On Windows, another program forbids reading.
    """
    name, data = _read_bytes(source)
    _refuse_other_formats(name, data)
    with _package_reads(name):
        package = Package(io.BytesIO(data), editable=False)
        workbook = read_workbook(package)
        strings = workbook.target("sharedStrings")
        if strings is not None and package.find(strings) is not None:
            for _ in package.pieces(strings):
                pass  # calamine unpacks these without a limit, so their declared size and checksum are tried first
        _refuse_doubled_formats(name, _read_if_there(package, workbook.target("styles") or ""))
    unmerged = long_parts(package, (sheet.part for sheet in workbook.sheets if sheet.kind == "worksheet"))
    copy = without_merges(data, unmerged) if unmerged else None
    if copy is None:
        unmerged = frozenset()
    try:
        with _calamine_reads(name):
            calamine = CalamineWorkbook.from_filelike(io.BytesIO(copy or data))
    except RegisterUnreadable:  # a sheet without cells, a state or a name it does not know
        from qtemplate.ooxml.reading.cell_defects import refuse_broken_xml

        with _package_reads(name):
            for part in (workbook.target("sharedStrings") or "", workbook.target("styles") or ""):
                if package.find(part) is not None:
                    refuse_broken_xml(name, part, package.pieces(part))
            plain = write_plainly(package, workbook)
        with _calamine_reads(name):
            calamine, unmerged = CalamineWorkbook.from_filelike(io.BytesIO(plain)), frozenset()
    return Book(name, data, hashlib.sha256(data).hexdigest(), package, workbook, calamine, unmerged)


@contextlib.contextmanager
def _package_reads(name: str) -> Iterator[None]:
    """A workbook that the package refuses is unreadable, for the same reason."""
    try:
        yield
    except WorkbookRefused as refused:
        raise RegisterUnreadable("unreadable.refused", "{book}: {reason}", book=name, reason=refused) from refused


@contextlib.contextmanager
def _calamine_reads(name: str, sheet: str = "") -> Iterator[None]:
    """Whatever calamine raises, a Rust panic included, makes a workbook or a sheet of it unreadable."""
    try:
        yield
    except BaseException as error:
        # PyO3 raises a panic as pyo3_runtime.PanicException, a BaseException that cannot be imported
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        if sheet:
            raise RegisterUnreadable(
                "unreadable.damaged_sheet",
                "{book}: the sheet {sheet} cannot be read ({problem}); open the workbook in Excel, let it repair it "
                "and save.",
                book=name,
                sheet=sheet,
                problem=error,
            ) from error
        raise RegisterUnreadable(
            "unreadable.damaged",
            "{book} cannot be read as a workbook ({problem}); open it in Excel, let it repair it and save.",
            book=name,
            problem=error,
        ) from error


def _read_if_there(package: Package, part: str) -> bytes:
    return package.read(part, MOST_BYTES) if package.find(part) is not None else b""


def _read_bytes(source: str | Path | bytes) -> tuple[str, bytes]:
    """Display name and bytes of a source."""
    if isinstance(source, bytes):
        return "workbook", source
    path = Path(source)
    try:
        kind = path.stat().st_mode
        if not (stat.S_ISREG(kind) or stat.S_ISDIR(kind)):  # a pipe would be waited for without end
            raise RegisterUnreadable(
                "unreadable.no_file", "{path} is no file but a pipe or a device; put the workbook there.", path=path
            )
        return str(path), path.read_bytes()
    except FileNotFoundError:
        raise RegisterUnreadable(
            "unreadable.missing", "{path} does not exist; correct the path, or put the workbook there.", path=path
        ) from None
    except IsADirectoryError:
        raise RegisterUnreadable(
            "unreadable.folder", "{path} is a folder, not a workbook; name the file in it.", path=path
        ) from None
    except OSError as error:
        if getattr(error, "winerror", None) in _SHARING_VIOLATIONS:
            raise RegisterLocked(
                "locked.reading", "{path} is open in another program that lets nobody read it; close it.", path=path
            ) from error
        raise RegisterUnreadable(
            "unreadable.system", "{path} cannot be read: {problem}.", path=path, problem=error.strerror or error
        ) from error


def _refuse_other_formats(name: str, data: bytes) -> None:
    """Refuse what does not begin like a zip archive nor, as older and encrypted workbooks do, like an OLE file."""
    if not data:
        raise RegisterUnreadable(
            "unreadable.empty",
            "{book} is empty (0 bytes); restore it from a backup or from the version history.",
            book=name,
        )
    if not data.startswith((b"PK", _OLE_MAGIC)):
        raise RegisterUnreadable(
            "unreadable.other_format",
            "{book} is not an Excel workbook (.xlsx); choose another file, or save it as .xlsx.",
            book=name,
        )


def _refuse_doubled_formats(name: str, styles: bytes) -> None:
    """Refuse cell formats that are written twice, once with a program's extensions; calamine counts both."""
    if b":Choice" in styles.partition(b"cellXfs")[2].rpartition(b"cellXfs")[0]:
        raise RegisterUnreadable(
            "unreadable.doubled_formats",
            "{book} holds every cell format twice, as Hancom Office writes them, and its dates would be read "
            "wrongly; open it in Excel, WPS or LibreOffice and save it as .xlsx.",
            book=name,
        )
