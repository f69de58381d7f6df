"""Editing a workbook without disturbing it: the public way to change cells, append rows, renew program-written sheets.

Only what must change does: touched cells, and where needed shared strings, formats, table parts, the calculation chain
and the workbook part. Every other part and every other cell keeps its bytes. What cannot be done safely is refused
before the target is touched; docs/refusals.md lists the reasons.

Recalculation on opening is asked for only when a formula may depend on what changed: a formula was written, a changed
sheet holds formulas, or a formula elsewhere names a changed sheet, one of its tables or a defined name.
"""

from __future__ import annotations

import io
import os
import posixpath
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from msgspec import Struct, field

from qtemplate.errors import RegisterChanged, WorkbookRefused
from qtemplate.ooxml.adding.additions import Additions, write_copies
from qtemplate.ooxml.adding.workbook_sheets import ListedSheet, list_sheets
from qtemplate.ooxml.cells import CellValue, Formula
from qtemplate.ooxml.dependents import formulas_depend_on
from qtemplate.ooxml.markup import require_utf8
from qtemplate.ooxml.package.index import PackageIndex
from qtemplate.ooxml.package.packed_blocks import Blocks
from qtemplate.ooxml.package.parts import Sheet, Workbook, parse_part, read_workbook
from qtemplate.ooxml.package.reader import Package
from qtemplate.ooxml.package.replace_file import is_other_file, replace_file
from qtemplate.ooxml.package.writer import PackageWriter
from qtemplate.ooxml.patch_tasks import Appends, Fits, PatchTasks, plan_tasks
from qtemplate.ooxml.sheet.body import SheetBody
from qtemplate.ooxml.sheet.editor import SheetEditor
from qtemplate.ooxml.sheet.row_order import require_order
from qtemplate.ooxml.sheet.stream import stream_sheet
from qtemplate.ooxml.strings import SharedStrings, index_strings, rewrite_strings
from qtemplate.ooxml.styles import Styles, plain_styles
from qtemplate.ooxml.workbook_edit import ask_recalculation, stretch_names

__all__ = [
    "CellValue",
    "Formula",
    "PatchReport",
    "SheetBody",
    "WorkbookRefused",
    "append_rows",
    "edit_cells",
    "patch_bytes",
    "patch_workbook",
]


class PatchReport(Struct, frozen=True):
    """What a patch did.

    Args:
        sha256: Of the target's bytes now.
        changed_parts: Parts that differ from the source or are gone, in the package's order.
        blocks: Of the parts that were written, for the next patch of these very bytes.
    """

    sha256: str
    changed_parts: tuple[str, ...]
    blocks: Blocks = field(default_factory=dict)


def edit_cells(
    source: str | os.PathLike[str],
    target: str | os.PathLike[str],
    sheet: str,
    values: Mapping[str, CellValue],
    replace_formulas: bool = False,
) -> PatchReport:
    """Write values into cells of one sheet.

    Args:
        source: The workbook.
        target: Where the edited workbook goes; may be the source, which is then replaced in one step.
        sheet: The sheet's name.
        values: By address such as `"B7"`; None empties the cell, its format stays.
        replace_formulas: Ordinary formulas may be overwritten.

    Raises:
        WorkbookRefused: It cannot be done safely; the target is as it was.
    """
    return patch_workbook(source, target, edits={sheet: values}, replace_formulas=replace_formulas)


def append_rows(
    source: str | os.PathLike[str],
    target: str | os.PathLike[str],
    table: str,
    rows: Sequence[Mapping[str, CellValue]],
) -> PatchReport:
    """Append rows to a table; formats, formulas, validations and all that ended with it follow.

    Args:
        source, target: As for `edit_cells`.
        table: The table's name.
        rows: Values by column header; a column left out gets its formula or stays empty, None keeps it empty.

    Raises:
        WorkbookRefused: It cannot be done safely; the target is as it was.
    """
    return patch_workbook(source, target, appends={table: rows})


def patch_workbook(
    source: str | os.PathLike[str],
    target: str | os.PathLike[str],
    *,
    edits: Mapping[str, Mapping[str, CellValue]] | None = None,
    appends: Appends | None = None,
    bodies: Sequence[SheetBody] = (),
    replace_formulas: bool = False,
    locked_cells: bool = False,
    before_replace: Callable[[str], None] | None = None,
    blocks: Blocks | None = None,
    additions: Additions | None = None,
    fits: Fits | None = None,
) -> PatchReport:
    """Make all changes of a plan in one pass.

    Args:
        source, target: As for `edit_cells`. If nothing changes, a target that is the source is not written at all.
        edits: Values by sheet name and address.
        appends: Rows by table name, or below cells that are no table.
        bodies: New contents of program-written sheets.
        replace_formulas: Edits may overwrite ordinary formulas.
        locked_cells: Edits may fill locked cells of a protected sheet; for our own form templates.
        before_replace: Called with the new sha256 when the new file is complete, before it takes the target's place;
            if it raises, the target is as it was. Not called when the target is not written.
        blocks: As the report of the patch that wrote exactly the source's bytes has them; untouched ones are copied,
            and not even unpacked where they hold no formula.
        additions: Columns, sheets and values of drop-down lists that the workbook gets; see `ooxml.add`.
        fits: Rows that grow to their wrapped texts, unless a person chose their height; with the texts that stand
            there already. Appended rows need not be named.

    Raises:
        WorkbookRefused: It cannot be done safely; the target is as it was.
        RegisterChanged: The source changed while it was read.
        RegisterLocked: Windows: the target is held open.
        OSError: Files cannot be read or written.
    """
    origin, goal = Path(source), Path(target)
    with Package.open(origin) as package, PackageWriter(package) as writer:
        before = os.fstat(package.file.fileno())
        workbook = read_workbook(package)
        tasks = plan_tasks(package, workbook, edits or {}, appends or {}, bodies, additions or Additions(), fits or {})
        _Patch(package, writer, workbook, tasks, replace_formulas, locked_cells, blocks or {}).run()
        same_file = goal.exists() and goal.samefile(origin)
        if not writer.changed and same_file:
            return PatchReport(package.digest(), (), blocks or {})

        def ready(sha256: str) -> None:
            if is_other_file(before, os.fstat(package.file.fileno())) or (
                same_file and is_other_file(before, origin.stat())
            ):
                raise RegisterChanged(
                    "changed.editing",
                    "{path} was saved by somebody while it was being edited; read it again.",
                    path=origin,
                )
            if before_replace is not None:
                before_replace(sha256)

        write = writer.write if writer.changed else package.copy
        packed = {**(blocks or {}), **writer.blocks}
        return PatchReport(
            replace_file(goal, write, before, ready, before if same_file else None), writer.changed, packed
        )


def patch_bytes(
    data: bytes,
    *,
    edits: Mapping[str, Mapping[str, CellValue]] | None = None,
    appends: Appends | None = None,
    bodies: Sequence[SheetBody] = (),
    locked_cells: bool = False,
    blocks: Blocks | None = None,
    parts: Mapping[str, bytes] | None = None,
    fits: Fits | None = None,
) -> tuple[bytes, PatchReport]:
    """The same pass over a workbook in memory; no file is touched.

    Args:
        data: The workbook.
        edits, appends, bodies, locked_cells, blocks, fits: As for `patch_workbook`.
        parts: New contents of parts that are no sheets, such as document properties.

    Returns:
        The bytes that `patch_workbook` would write, and what it would report.

    Raises:
        WorkbookRefused: It cannot be done safely.
    """
    with Package(io.BytesIO(data)) as package, PackageWriter(package) as writer:
        workbook = read_workbook(package)
        tasks = plan_tasks(package, workbook, edits or {}, appends or {}, bodies, Additions(), fits or {})
        _Patch(package, writer, workbook, tasks, False, locked_cells, blocks or {}).run()
        for name, content in (parts or {}).items():
            writer.put(name, (content,))
        if not writer.changed:
            return data, PatchReport(package.digest(), (), blocks or {})
        out = io.BytesIO()
        sha256 = writer.write(out)
        return out.getvalue(), PatchReport(sha256, writer.changed, {**(blocks or {}), **writer.blocks})


class _Patch:
    """One pass over a package: sheets first, then the parts that depend on what was met in them."""

    def __init__(
        self,
        package: Package,
        writer: PackageWriter,
        workbook: Workbook,
        tasks: PatchTasks,
        replace_formulas: bool,
        locked_cells: bool,
        blocks: Blocks,
    ) -> None:
        self._blocks = blocks
        self._package = package
        self._writer = writer
        self._workbook = workbook
        self._tasks = tasks
        self._replace_formulas = replace_formulas
        self._locked_cells = locked_cells
        self._loaded_styles: Styles | None = None
        self._new_styles = False

    def run(self) -> None:
        strings = self._index_strings()
        index = None if strings is None else strings.index
        changed: list[Sheet] = []
        removed = depends = False
        texts = sum(len(copy.texts) for copy in self._tasks.additions.copies)
        for growth in self._tasks.additions.columns:
            growth.open_formats(self._styles)
        for cells in self._tasks.additions.cells:
            cells.open_formats(self._styles)
        for sheet, task in self._tasks.sheets.items():
            editor = SheetEditor(task, index, self._styles, self._replace_formulas, self._locked_cells)
            blocks = self._blocks.get(sheet.part, ())
            pieces = self._package.pieces(sheet.part, blocks=blocks, wanted=editor.wants)
            try:
                self._writer.put(sheet.part, stream_sheet(pieces, editor, sheet.part))
            except WorkbookRefused as refused:
                refused.sheet = sheet.name
                if refused.reason != "broken_sheet":
                    raise
                raise WorkbookRefused(  # found where only rows are known
                    "broken_sheet.on",
                    "{sheet}: {reason}",
                    sheet.name,
                    refused.cell,
                    sheet=sheet.name,
                    reason=refused,
                ) from refused
            if not editor.changed:
                self._writer.keep(sheet.part)
                continue
            if editor.made_row and (blocks or not editor.sure_of_order):  # rows in blocks may have passed unseen
                require_order(partial(self._package.pieces, sheet.part), sheet.part)
            changed.append(sheet)
            removed |= editor.removed_formula
            depends |= editor.has_formula or editor.wrote_formula
            texts += editor.texts_written
        self._rewrite_tables()
        parts = PackageIndex(self._package, self._workbook)
        listed, formulas = write_copies(
            self._tasks.additions, self._package, self._workbook, parts, self._writer, index, self._styles
        )
        if strings is not None and strings.new and texts:
            self._writer.put(strings.part, rewrite_strings(strings, self._package.pieces(strings.part), texts))
        self._index_parts(parts, removed)
        if changed:
            tables = [table.name for sheet in changed for table in self._tasks.tables[sheet]]
            depends = depends or formulas_depend_on(self._package, self._workbook, changed, tables)
        self._rewrite_workbook(depends or formulas, listed)

    def _index_strings(self) -> SharedStrings | None:
        """Where the texts to be written stand; None when they are written inline or there are none."""
        part = self._workbook.target("sharedStrings")
        if not self._tasks.texts or part is None or self._package.find(part) is None:
            return None
        return index_strings(part, self._package.pieces(part), self._tasks.texts)

    def _styles(self) -> Styles:
        """The workbook's formats, read when first needed; a workbook without any gets the part with its first date."""
        if self._loaded_styles is None:
            part = self._workbook.target("styles")
            if part is not None and self._package.find(part) is not None:
                holds_lists = len(parse_part(self._package, part))  # all of them are optional
                data = self._package.read(part)
                require_utf8(data, part)
                self._loaded_styles = Styles(data if holds_lists else plain_styles(strict=self._workbook.strict))
            else:
                self._new_styles = True
                self._loaded_styles = Styles(plain_styles(strict=self._workbook.strict))
        return self._loaded_styles

    def _index_parts(self, index: PackageIndex, removed_formula: bool) -> None:
        """Write formats that were added, and let the calculation chain go when it names a cell without a formula.

        Such an entry makes Excel offer a repair; without a chain it builds one.
        """
        styles, part = self._loaded_styles, self._workbook.target("styles")
        if styles is not None and styles.changed:
            if part is None or self._new_styles:
                part = part or posixpath.join(posixpath.dirname(self._workbook.part), "styles.xml")
                index.remove(part)
                index.add(part, "styles")
            self._writer.put(part, [styles.rewritten()])
        chain = self._workbook.target("calcChain")
        if removed_formula and chain is not None and self._package.find(chain) is not None:
            self._writer.drop(chain)
            index.remove(chain)
        index.write(self._writer)

    def _rewrite_tables(self) -> None:
        for resize in self._tasks.resizes:
            if resize.moved_by and resize.table.part:
                part = resize.table.part
                old = self._package.read(part)
                require_utf8(old, part)
                self._writer.put(part, [resize.rewrite(old)])
        for growth in self._tasks.additions.columns:
            if growth.table.part:
                old = self._package.read(growth.table.part)
                require_utf8(old, growth.table.part)
                self._writer.put(growth.table.part, [growth.rewrite(old)])

    def _rewrite_workbook(self, depends: bool, listed: Sequence[ListedSheet]) -> None:
        moved = [resize for resize in self._tasks.resizes if resize.moved_by]
        made = self._tasks.additions
        if not (moved or depends or listed or made.on):
            return
        old = self._package.read(self._workbook.part)
        require_utf8(old, self._workbook.part)
        new = list_sheets(made.rewrite_names(stretch_names(old, moved)), listed)
        if depends:
            new = ask_recalculation(new)
        if new != old:
            self._writer.put(self._workbook.part, [new])
