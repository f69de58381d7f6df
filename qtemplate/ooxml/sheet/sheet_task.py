"""What is to happen to one sheet in one pass, and which area it uses then."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from qtemplate.ooxml.cells import Settled
from qtemplate.ooxml.references import Area
from qtemplate.ooxml.sheet.addition import Addition
from qtemplate.ooxml.sheet.body import BodyRewrite
from qtemplate.ooxml.sheet.table_growth import Resize, TableGrowth


class SheetTask(Struct):
    """What is to happen to one sheet.

    Args:
        name: The sheet's name.
        edits: Settled values by row and column.
        growths: Tables that get rows.
        body: The new body, if the sheet gets one.
        resizes: Tables of the sheet whose end moves, for whatever reason.
        additions: What the sheet gets beside new rows: columns, values of lists.
        fits: Rows that are to be high enough for their texts: by row the texts, by column, that stand there already.
    """

    name: str
    edits: dict[int, dict[int, Settled]] = field(default_factory=dict)
    growths: list[TableGrowth] = field(default_factory=list)
    body: BodyRewrite | None = None
    resizes: list[Resize] = field(default_factory=list)
    additions: list[Addition] = field(default_factory=list)
    fits: Mapping[int, Mapping[int, str]] = field(default_factory=dict)

    @property
    def wanted(self) -> list[int]:
        """The rows that must be seen, ascending."""
        asked = (*(growth.wanted for growth in self.growths), *(addition.rows for addition in self.additions))
        return sorted(set(self.edits).union(self.fits, *asked))

    def covered(self, old: Area) -> Area:
        """The used area once everything is written."""
        rows, columns = [old.first_row, old.last_row], [old.first_column, old.last_column]
        for row, cells in self.edits.items():
            for column, value in cells.items():
                if value is not None:
                    rows.append(row)
                    columns.append(column)
        for growth in self.growths:
            rows.append(growth.resize.area.last_row)
            columns += [growth.table.area.first_column, growth.table.area.last_column]
        for area in (addition.area for addition in self.additions):
            if area is not None:
                rows.append(area.last_row)
                columns.append(area.last_column)
        last = max(rows)
        if (body := self.body) is not None:
            above = [row for row in rows[2:] if row < body.first_row]
            last = max([body.last_row, *above])
            columns.append(max(body.width, 1))
        return Area(min(*rows, last), min(columns), last, max(columns))
