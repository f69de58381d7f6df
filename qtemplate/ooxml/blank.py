"""A workbook that is filled in again and again: what every copy needs is found out once.

A copy is the workbook with other bytes in the openings of its sheets, and what follows from that in the parts beside
them. Whatever is more than that goes the patcher's way, and comes to the same.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence

from qtemplate.errors import WorkbookRefused
from qtemplate.ooxml.adding.additions import Additions
from qtemplate.ooxml.cells import CellValue, Serial, Settled, SettledFormula, settle_value
from qtemplate.ooxml.dependents import formulas_depend_on
from qtemplate.ooxml.markup import require_utf8
from qtemplate.ooxml.package.parts import Sheet, read_workbook
from qtemplate.ooxml.package.reader import Package
from qtemplate.ooxml.package.writer import PackageWriter
from qtemplate.ooxml.patch import patch_bytes
from qtemplate.ooxml.patch_tasks import plan_tasks
from qtemplate.ooxml.sheet.stencil import Stencil
from qtemplate.ooxml.strings import index_strings, rewrite_strings
from qtemplate.ooxml.styles import Styles
from qtemplate.ooxml.workbook_edit import ask_recalculation

Edits = Mapping[str, Mapping[str, CellValue]]
"""Values by sheet name and address."""


class Blank:
    """A workbook to be filled in many times.

    Args:
        data: Its bytes.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._asked: dict[str, set[str]] = {}
        self._stencils: _Stencils | None = None

    def filled(self, edits: Edits, parts: Mapping[str, bytes]) -> bytes:
        """A copy with these cells, byte for byte the one that `patch_bytes` makes.

        Args:
            edits: Values by sheet name and address; locked cells of a protected sheet may be filled, too.
            parts: New contents of parts that are no sheets.

        Raises:
            WorkbookRefused: It cannot be done safely.
        """
        try:
            data = self._stencils_for(edits).filled(edits, parts)
        except WorkbookRefused:
            data = None  # the patcher tells it, and names all such cells together
        return patch_bytes(self._data, edits=edits, locked_cells=True, parts=parts)[0] if data is None else data

    def _stencils_for(self, edits: Edits) -> _Stencils:
        """The sheets with openings for these cells, among all that were asked for so far."""
        new = self._stencils is None
        for sheet, values in edits.items():
            asked = self._asked.setdefault(sheet, set())
            new |= not values.keys() <= asked
            asked.update(values)
        if new or self._stencils is None:
            self._stencils = None
            self._stencils = _Stencils(self._data, self._asked)
        return self._stencils


class _Stencils:
    """An opened workbook, and its sheets with openings.

    Args:
        data: The workbook.
        asked: Addresses by sheet name.

    Raises:
        WorkbookRefused: It cannot be edited, or not in these cells.
    """

    def __init__(self, data: bytes, asked: Mapping[str, Iterable[str]]) -> None:
        self._package = package = Package(io.BytesIO(data))
        self._workbook = workbook = read_workbook(package)
        anything = {name: dict.fromkeys(cells, 1) for name, cells in asked.items()}
        self._tasks = plan_tasks(package, workbook, anything, {}, (), Additions(), {})  # refuses what tables forbid
        self._sheets = {name: workbook.sheet(name) for name in asked}
        self._stencils: dict[str, Stencil] = {}
        for name, sheet in self._sheets.items():
            pieces = list(package.pieces(sheet.part))
            if len(pieces) == 1 and len(set(self._sheets.values())) == len(asked):  # a sheet may be named in two ways
                self._stencils[name] = Stencil(pieces[0], sheet.name, sheet.part, sorted(asked[name]))
        self._strings, self._styles = self._part("sharedStrings"), self._part("styles")
        self._books: dict[tuple[Sheet, ...], bytes | None] = {}

    def _part(self, kind: str) -> tuple[str, bytes]:
        """Name and contents of the workbook's part of that kind; nothing where it has none."""
        name = self._workbook.target(kind)
        return ("", b"") if name is None or self._package.find(name) is None else (name, self._package.read(name))

    def filled(self, edits: Edits, parts: Mapping[str, bytes]) -> bytes | None:
        """As `Blank.filled`; None where only the patcher can do it."""
        if not edits.keys() <= self._stencils.keys():
            return None
        date1904 = self._workbook.date1904
        settled: dict[str, dict[str, Settled]] = {
            name: {at: settle_value(value, at, date1904=date1904) for at, value in cells.items()}
            for name, cells in edits.items()
        }
        values = [value for cells in settled.values() for value in cells.values()]
        kinds = {type(value) for value in values}
        if kinds & {SettledFormula, *(() if self._styles[0] else (Serial,))}:
            return None
        return self._copy(settled, [value for value in values if isinstance(value, str)], parts)

    def _copy(
        self, settled: Mapping[str, Mapping[str, Settled]], texts: Sequence[str], parts: Mapping[str, bytes]
    ) -> bytes | None:
        (strings_part, known), (styles_part, formats) = self._strings, self._styles
        strings = index_strings(strings_part, [known], texts) if texts and strings_part else None
        index = None if strings is None else strings.index
        styles = Styles(formats)
        changed: list[Sheet] = []
        written = 0
        with PackageWriter(self._package) as writer:
            for name, values in settled.items():
                stretches, count = self._stencils[name].filled(values, index, lambda: styles)
                if stretches:
                    writer.put(self._sheets[name].part, stretches)
                    changed.append(self._sheets[name])
                    written += count
            if strings is not None and strings.new and written:
                writer.put(strings_part, rewrite_strings(strings, [known], written))
            if styles.changed:
                writer.put(styles_part, [styles.rewritten()])
            if changed and (book := self._book(changed)) is not None:
                writer.put(self._workbook.part, [book])
            for name, content in parts.items():
                writer.put(name, (content,))
            if not writer.changed:
                return None
            out = io.BytesIO()
            writer.write(out)
        return out.getvalue()

    def _book(self, changed: Sequence[Sheet]) -> bytes | None:
        """The workbook part where it has to ask for a calculation; None where it stays as it is."""
        which = tuple(changed)
        if which not in self._books:
            old = self._package.read(self._workbook.part)
            require_utf8(old, self._workbook.part)
            formulas = any(stencil.formulas for name, stencil in self._stencils.items() if self._sheets[name] in which)
            names = [table.name for sheet in which for table in self._tasks.tables[sheet]]
            depends = formulas or formulas_depend_on(self._package, self._workbook, which, names)
            new = ask_recalculation(old) if depends else old
            self._books[which] = None if new == old else new
        return self._books[which]
