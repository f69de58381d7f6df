"""What stands after the rows of a sheet: merged cells and protection that forbid an edit, areas that grow with a table.

Source: ECMA-376 part 1 sections 18.3.1.55 (mergeCells), 18.3.1.85 (sheetProtection), 18.3.1.18
(conditionalFormatting), 18.3.1.32 (dataValidation), 18.3.1.51 (ignoredError), 18.3.1.71 (protectedRange);
[MS-XLSX] 2.6.6 (x14 extensions, `xm:sqref`).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import lru_cache
from typing import Final

from qtemplate.errors import WorkbookRefused
from qtemplate.ooxml.markup import Tag, attribute, set_attribute, splice, tags, text_of, truth
from qtemplate.ooxml.references import Area, Move, column_name, stretch_list

_SMALL: Final = 1 << 16
"""Bytes of merges that are worth remembering; a large sheet's are asked for once."""

_GROWS: Final = frozenset([b"conditionalFormatting", b"dataValidation", b"ignoredError", b"protectedRange"])


def merged_cells(
    tail: bytes, mask: bytes, sheet: str, touched: Mapping[int, Set[int]], areas: Sequence[Area]
) -> Iterator[WorkbookRefused]:
    """The edited cells that a merge hides, each as a refusal.

    Args:
        tail: The sheet from `</sheetData>` on.
        mask: The same with comments blanked.
        sheet: The sheet's name.
        touched: Columns of edited cells by row; the first cell of a merge may be edited.
        areas: Rows that are added or replaced; no merge may reach into them.

    Raises:
        WorkbookRefused: `merged_cell`: a merge stands where rows are added or replaced.
    """
    if b"mergeCell" not in mask:
        return
    rows = sorted(touched)
    first, last = (find(b"mergeCell") for find in (mask.find, mask.rfind))
    start, end = mask.rfind(b"<", 0, first), mask.find(b">", last) + 1
    merges = _merges if end - start <= _SMALL else _merges.__wrapped__
    for merge in merges(tail[start:end], mask[start:end]):
        for row in rows[bisect_left(rows, merge.first_row) : bisect_right(rows, merge.last_row)]:
            for column in touched[row]:
                if merge.holds(row, column) and (row, column) != (merge.first_row, merge.first_column):
                    cell = f"{column_name(column)}{row}"
                    yield WorkbookRefused(
                        "merged_cell",
                        "{sheet}!{cell} is hidden inside the merged cells {merged}; only their first cell shows. "
                        "Unmerge them.",
                        sheet,
                        cell,
                        sheet=sheet,
                        cell=cell,
                        merged=merge,
                    )
        if any(merge.meets(area) for area in areas):
            raise WorkbookRefused(
                "merged_cell.rows",
                "{sheet}: the merged cells {merged} stand where rows are written.",
                sheet=sheet,
                merged=merge,
            )


@lru_cache(maxsize=32)
def _merges(text: bytes, mask: bytes) -> tuple[Area, ...]:
    """The merges of a sheet; those of a form's template are asked for with every form that is made of it."""
    found = (
        Area.parse_wide(attribute(text[tag.start : tag.end], b"ref") or "")
        for tag in tags(mask)
        if tag.name == b"mergeCell" and not tag.closing
    )
    return tuple(area for area in found if area is not None)


def is_protected(tail: bytes, mask: bytes) -> bool:
    """Whether the sheet's cells are protected."""
    return any(
        tag.name == b"sheetProtection" and truth(attribute(tail[tag.start : tag.end], b"sheet")) for tag in tags(mask)
    )


def stretch_areas(tail: bytes, mask: bytes, stretches: Iterable[Move]) -> bytes:
    """Validations, conditional formats, ignored errors and protected ranges that ended with a table follow it.

    `xm:sqref` of a sparkline is its place and stays.

    Args:
        tail, mask: As for `merged_cells`.
        stretches: How the ends moved, downwards or to the right.
    """
    moves = [stretch for stretch in stretches if stretch.moves]
    if not moves:
        return tail
    changes: list[tuple[int, int, bytes]] = []
    parents: list[bytes] = []
    opened: Tag | None = None
    for tag in tags(mask):
        if tag.name == b"sqref":
            if not tag.closing:
                opened = None if tag.empty else tag
            elif opened is not None:
                old = text_of(tail[opened.end : tag.start])
                new = stretch_list(old, moves)
                if parents and parents[-1] in _GROWS and new != old:
                    changes.append((opened.end, tag.start, new.encode()))
                opened = None
        elif tag.closing:
            if parents and parents[-1] == tag.name:
                parents.pop()
        else:
            if tag.name in _GROWS:
                text = tail[tag.start : tag.end]
                old = attribute(text, b"sqref") or ""
                new = stretch_list(old, moves)
                if new != old:
                    changes.append((tag.start, tag.end, set_attribute(text, b"sqref", new)))
            if not tag.empty:
                parents.append(tag.name)
    return splice(tail, changes)
