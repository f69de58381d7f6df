"""Opening a workbook: its bytes once, refused with one sentence when they are not a workbook we can read.

Knows zip packages and calamine; knows nothing of registers, fields or rules.
Source: ECMA-376 part 2 (OPC) for the package, [MS-CFB] 2.2 for the signature of encrypted and old files.
"""

from __future__ import annotations

import hashlib
import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum

from ...errors import RegisterLocked, RegisterUnreadable
from ..package.packed_blocks import Blocks
from .scan import Scan, scan_sheet
from .workbook_parts import WorkbookParts, read_parts

CFB_SIGNATURE = bytes.fromhex("D0CF11E0A1B11AE1")
ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
PIECE = 1 << 20

ZIP_ERRORS = (
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, OverflowError),
    *(NotImplementedError, RuntimeError, MemoryError),
)
"""What `zipfile` raises on damaged archives."""

SHARING_VIOLATIONS = (32, 33)
"""Windows: the file, or a part of it, is locked by another process."""

MOST_BYTES = 4 << 30
"""Unpacked size of all parts together; a register of a million rows stays below."""

MOST_RATIO, RATIO_FROM = 400, 64 << 20
"""A part this large that packs this well is a zip bomb: sheets of identical rows reach about 150."""

MOST_CELLS = 48_000_000
"""Area of one sheet: calamine keeps it densely, 30 bytes a cell, so a stray cell in the last row costs gigabytes."""


@dataclass(slots=True)
class Book:
    """A workbook held in memory: name, bytes, sha256, and what was read of it so far.

    Attributes:
        known: What readers found out and others need too, so that no sheet is parsed twice.
        blocks: Of the file as it is now, where this run has written it; see `patch_workbook`.
    """

    name: str
    data: bytes
    sha256: str
    archive: zipfile.ZipFile
    calamine: CalamineWorkbook
    parts: WorkbookParts
    scans: dict[str, Scan] = field(default_factory=dict)
    opened: dict[str, CalamineSheet] = field(default_factory=dict)
    known: dict[str, Any] = field(default_factory=dict)
    blocks: Blocks = field(default_factory=dict)

    @property
    def sheet_names(self) -> list[str]:
        """Names of the worksheets (no chart sheets), in workbook order."""
        return [s.name for s in self.calamine.sheets_metadata if s.typ is SheetTypeEnum.WorkSheet]

    def scan(self, sheet: str) -> Scan:
        """The narrow pass over a sheet's XML: error cells, extent, and marks to find rows again."""
        if sheet not in self.scans:
            info = member_of(self.archive, self.parts.sheets.get(sheet, ""))
            if info is None:
                raise RegisterUnreadable(
                    f"{self.name}: the sheet {sheet} has no part in the package; the file is damaged."
                )
            self.scans[sheet] = scan_sheet(lambda: inflate(self.archive, info, self.name))
        return self.scans[sheet]

    def sheet(self, name: str) -> CalamineSheet:
        """The cells of a sheet, kept until `release`.

        Raises:
            RegisterUnreadable: The sheet's XML is damaged, or its extent would need gigabytes.
        """
        scan = self.scan(name)
        if name not in self.opened and scan.area > MOST_CELLS:
            raise RegisterUnreadable(
                f"{self.name}: the sheet {name} reaches to {scan.last_cell}, too far to read; "
                "delete the stray cells below or to the right of the table and save."
            )
        if name not in self.opened:
            with guarded(self.name):
                self.opened[name] = self.calamine.get_sheet_by_name(name)
        return self.opened[name]

    def release(self, name: str) -> None:
        """Forget the cells of a sheet; a large one takes hundreds of megabytes."""
        self.opened.pop(name, None)

    def part(self, path: str) -> bytes:
        """The unpacked bytes of a part; empty if the package has none of that name."""
        return read_member(self.archive, path, self.name)


class guarded:
    """Turns whatever calamine raises, a Rust panic included, into RegisterUnreadable."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        if error is None or isinstance(error, RegisterUnreadable):
            return
        # PyO3 raises a panic as pyo3_runtime.PanicException, a BaseException that cannot be imported
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":
            raise RegisterUnreadable(
                f"{self.name} cannot be read as a workbook ({error}); open it in Excel, let it repair it and save."
            ) from error


def open_book(source: str | Path | bytes) -> Book:
    """Read a workbook into memory.

    Args:
        source: Path, or the bytes themselves.

    Raises:
        RegisterUnreadable: Missing, not a workbook, encrypted, of an older format, truncated, or a zip bomb.
        RegisterLocked: On Windows, another program forbids reading.
    """
    name, data = read_bytes(source)
    refuse_other_formats(name, data)
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except ZIP_ERRORS as error:
        raise RegisterUnreadable(
            f"{name} is damaged: it begins like a workbook but its end is missing or broken ({error}); "
            "restore it from a backup or from the version history."
        ) from error
    refuse_bombs(name, archive)
    parts = read_parts(lambda path: read_member(archive, path, name), name)
    for _ in pieces_of(archive, parts.shared_strings, name):
        pass  # calamine unpacks these without a limit, so their declared sizes and checksums are tried first
    refuse_doubled_formats(name, read_member(archive, parts.styles, name))
    with guarded(name):
        calamine = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return Book(name, data, hashlib.sha256(data).hexdigest(), archive, calamine, parts)


def read_bytes(source: str | Path | bytes) -> tuple[str, bytes]:
    """Display name and bytes of a source."""
    if isinstance(source, bytes):
        return "workbook", source
    path = Path(source)
    try:
        return str(path), path.read_bytes()
    except FileNotFoundError:
        raise RegisterUnreadable(f"{path} does not exist; check [register] path in qtemplate.toml.") from None
    except IsADirectoryError:
        raise RegisterUnreadable(
            f"{path} is a folder, not a workbook; check [register] path in qtemplate.toml."
        ) from None
    except OSError as error:
        if getattr(error, "winerror", None) in SHARING_VIOLATIONS:
            raise RegisterLocked(f"{path} is open in another program that lets nobody read it; close it.") from error
        raise RegisterUnreadable(f"{path} cannot be read: {error.strerror or error}.") from error


def refuse_other_formats(name: str, data: bytes) -> None:
    """Refuse what is not an Open XML package, saying what it looks like."""
    if data[:8] == CFB_SIGNATURE:
        if ENCRYPTED_STREAM in data:
            raise RegisterUnreadable(
                f"{name} is protected by a password or by rights management; "
                "save it without (File, Info, Protect Workbook)."
            )
        raise RegisterUnreadable(f"{name} is in the old .xls or .et format; save it as .xlsx.")
    if not data:
        raise RegisterUnreadable(f"{name} is empty (0 bytes); restore it from a backup or from the version history.")
    if data[:2] != b"PK":
        raise RegisterUnreadable(
            f"{name} is not an Excel workbook (.xlsx); choose the register's file, or save it as .xlsx."
        )


def refuse_bombs(name: str, archive: zipfile.ZipFile) -> None:
    """Refuse packages that would unpack to an absurd size, and encrypted members."""
    infos = archive.infolist()
    if any(info.flag_bits & 1 for info in infos):
        raise RegisterUnreadable(
            f"{name} is an encrypted zip archive, not a workbook; save it as .xlsx without a password."
        )
    huge = sum(info.file_size for info in infos) > MOST_BYTES or any(
        info.file_size > RATIO_FROM and info.file_size > MOST_RATIO * max(info.compress_size, 1) for info in infos
    )
    if huge:
        raise RegisterUnreadable(f"{name} would unpack to an absurd size (a zip bomb, or damaged); it was not read.")


def refuse_doubled_formats(name: str, styles: bytes) -> None:
    """Refuse cell formats that are written twice, once with a program's extensions; calamine counts both."""
    if b":Choice" in styles.partition(b"cellXfs")[2].rpartition(b"cellXfs")[0]:
        raise RegisterUnreadable(
            f"{name} holds every cell format twice, as Hancom Office writes them, and its dates would be read wrongly; "
            "open it in Excel, WPS or LibreOffice and save it as .xlsx."
        )


def member_of(archive: zipfile.ZipFile, path: str) -> zipfile.ZipInfo | None:
    """The member of a part name; names are compared without case, and some writers separate folders by `\\`."""
    found = archive.NameToInfo.get(path)
    if found is None and path:
        wanted = path.casefold()
        found = next((i for i in archive.infolist() if i.filename.replace("\\", "/").casefold() == wanted), None)
    return found


def pieces_of(archive: zipfile.ZipFile, path: str, name: str) -> Iterator[bytes]:
    """The unpacked pieces of a part; none if the package lacks it."""
    info = member_of(archive, path)
    if info is None:
        return
    for _, piece in inflate(archive, info, name):
        yield piece


def read_member(archive: zipfile.ZipFile, path: str, name: str) -> bytes:
    """All bytes of a part; empty if the package lacks it."""
    return b"".join(pieces_of(archive, path, name))


def inflate(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> Iterator[tuple[int, bytes]]:
    """Unpack a part piece by piece, as (offset, bytes), never more than its declared size; its checksum is tried.

    Raises:
        RegisterUnreadable: Damaged, or larger than declared.
    """
    offset = 0
    try:
        with archive.open(info) as stream:
            while piece := stream.read(PIECE):
                yield offset, piece
                offset += len(piece)
    except ZIP_ERRORS as error:
        raise RegisterUnreadable(
            f"{name} is damaged: its part {info.filename} cannot be unpacked ({error}); "
            "restore it from a backup or from the version history."
        ) from error
