"""Taking columns and sheets out of a workbook: the way back of `add`.

Columns go from the right end of a table, or of cells that are no table; sheets with everything that is theirs. What
spanned the columns ends before them again, and everything else keeps its bytes. Nothing moves. What a person made since
and that would refer to nothing is not touched: the whole is refused, and the sentence names it.
"""

from __future__ import annotations

import io
import posixpath
from collections.abc import Sequence

from msgspec import Struct

from qtemplate.errors import WorkbookRefused
from qtemplate.ooxml.dependents import formulas_depend_on
from qtemplate.ooxml.markup import require_utf8
from qtemplate.ooxml.package.index import PackageIndex
from qtemplate.ooxml.package.part_names import part_key
from qtemplate.ooxml.package.parts import Sheet, Workbook, read_workbook
from qtemplate.ooxml.package.reader import Package
from qtemplate.ooxml.package.tables import Table, read_tables
from qtemplate.ooxml.package.writer import PackageWriter
from qtemplate.ooxml.removing.columns import ColumnCut, cut_table
from qtemplate.ooxml.removing.cut import Cut
from qtemplate.ooxml.removing.referring import Going, formulas_referring, names_of, sources_referring
from qtemplate.ooxml.removing.sheets import clip_names, parts_going, reached, without_titles
from qtemplate.ooxml.sheet.stream import stream_sheet
from qtemplate.ooxml.workbook_edit import ask_recalculation

__all__ = ["Cut", "TakenOut", "take_out"]

_TITLES = "docProps/app.xml"
_SOURCES = frozenset(["chart", "chartEx", "pivotCacheDefinition", "slicer", "slicerCache"])
"""Kinds of parts that are made from cells elsewhere."""


class _Shrunk(Struct, frozen=True):
    """A table that loses columns: its part as it will be, and the ids of the columns."""

    table: Table
    xml: bytes
    ids: frozenset[int]


class TakenOut(Struct, frozen=True):
    """A workbook without something.

    Args:
        data: Its bytes.
        changed_parts: Parts that differ or are gone.
    """

    data: bytes
    changed_parts: tuple[str, ...]


def take_out(data: bytes, columns: Sequence[Cut] = (), sheets: Sequence[str] = ()) -> TakenOut:
    """Take columns and sheets out of a workbook.

    Args:
        data: The workbook.
        columns: What goes of sheets that stay; one place a sheet.
        sheets: Names of sheets that go; one that the workbook has not is gone already.

    Raises:
        WorkbookRefused: `still_used`: something that stays refers to what goes, or a person's formula stands in it;
            `beside_table`, `filter_set`, `merged_cell`; `no_sheet`; and what editing any workbook can raise.
    """
    with Package(io.BytesIO(data)) as package, PackageWriter(package) as writer:
        workbook = read_workbook(package)
        _Removal(package, writer, workbook, columns, sheets).run()
        if not writer.changed:
            return TakenOut(data, ())
        out = io.BytesIO()
        writer.write(out)
        return TakenOut(out.getvalue(), writer.changed)


class _Removal:
    def __init__(
        self, package: Package, writer: PackageWriter, workbook: Workbook, cuts: Sequence[Cut], sheets: Sequence[str]
    ) -> None:
        self._package, self._writer, self._workbook = package, writer, workbook
        named = {name.casefold() for name in sheets}
        self._gone = [sheet for sheet in workbook.sheets if sheet.name.casefold() in named]
        if len(self._gone) == len(workbook.sheets):
            raise WorkbookRefused("no_sheet.left", "The workbook would be left without a sheet.")
        self._cuts = {workbook.sheet(cut.sheet): cut for cut in cuts}
        self._places: list[str] = []

    def run(self) -> None:
        made = self._tables()
        going = self._going(made)
        for sheet in self._workbook.sheets:
            if sheet in self._gone or sheet.kind != "worksheet":
                continue
            cut = self._cuts.get(sheet)
            pieces = self._package.pieces(sheet.part) if cut is None else self._cut(sheet, cut)
            for cell in formulas_referring(pieces, going, sheet.name):
                self._places.append(f"{sheet.name}!{cell}" if cell else sheet.name)
        parts = parts_going(self._package, [sheet.part for sheet in self._gone])
        self._look_at_others(going, parts)
        old = self._package.read(self._workbook.part)
        require_utf8(old, self._workbook.part)
        new, lost = clip_names(old, going, [sheet.name for sheet in self._workbook.sheets])
        self._places += lost
        if self._places:
            raise WorkbookRefused(
                "still_used",
                "Something in the workbook still uses what would be taken out: {places}. Delete it or let it refer to "
                "something else.",
                places=names_of(self._places),
            )
        tables = [each.table.name for each in made]
        if self._cuts and formulas_depend_on(self._package, self._workbook, list(self._cuts), tables):
            new = ask_recalculation(new)
        if new != old:
            self._writer.put(self._workbook.part, [new])
        for each in made:
            self._writer.put(each.table.part, [each.xml])
        self._drop(parts)

    def _tables(self) -> list[_Shrunk]:
        """The tables that lose columns, as they will be."""
        made = []
        for sheet, cut in self._cuts.items():
            for table in read_tables(self._package, sheet):
                if table.area.meets(cut.area):
                    xml = self._package.read(table.part)
                    require_utf8(xml, table.part)
                    made.append(_Shrunk(table, *cut_table(xml, table, cut)))
        return made

    def _going(self, made: Sequence[_Shrunk]) -> Going:
        cuts, sheets = tuple(self._cuts.values()), tuple(sheet.name for sheet in self._gone)
        headers = tuple(header for cut in cuts for header in cut.headers)
        if not made:
            return Going(cuts, sheets, "", headers)
        return Going(cuts, sheets, made[0].table.name, headers, made[0].ids)

    def _cut(self, sheet: Sheet, cut: Cut) -> list[bytes]:
        editor = ColumnCut(cut)
        made = [bytes(piece) for piece in stream_sheet(self._package.pieces(sheet.part), editor, sheet.part)]
        self._places += [f"{sheet.name}!{cell}" for cell in editor.formulas]
        self._writer.put(sheet.part, made)
        return made

    def _look_at_others(self, going: Going, parts: Sequence[str]) -> None:
        """Charts, pivot tables and slicers that stay."""
        dropped = {part_key(name) for name in parts}
        sheets = [sheet.part for sheet in self._workbook.sheets]
        places = [("", self._workbook.part, sheets)]  # slicers are made from what the workbook itself lists
        places += [
            (sheet.name, sheet.part, [part for part in sheets if part != sheet.part])
            for sheet in self._workbook.sheets
            if sheet not in self._gone
        ]
        for sheet, part, without in places:
            for name, kind in reached(self._package, [part], without):
                if kind not in _SOURCES or part_key(name) in dropped:
                    continue
                if sources_referring(self._package.read(name), going):
                    self._places.append(f"{sheet} ({posixpath.basename(name)})".strip())

    def _drop(self, parts: Sequence[str]) -> None:
        index = PackageIndex(self._package, self._workbook)
        formulas = any(
            b"<f" in piece or b":f" in piece for sheet in self._gone for piece in self._package.pieces(sheet.part)
        )
        chain = self._workbook.target("calcChain")
        if formulas and chain is not None and self._package.find(chain) is not None:
            parts = [*parts, chain]
        for name in parts:
            self._writer.drop(name)
            index.remove(name)
        if self._gone and self._package.find(_TITLES) is not None:
            old = self._package.read(_TITLES)
            new = without_titles(old, [sheet.name for sheet in self._gone])
            if new != old:
                self._writer.put(_TITLES, [new])
        index.write(self._writer)
