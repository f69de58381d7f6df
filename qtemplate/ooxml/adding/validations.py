"""Data validations of a sheet: new ones put in, lists of values made longer.

Source: ECMA-376 part 1 sections 18.3.1.32 (dataValidation), 18.3.1.33 (dataValidations), 18.3.1.99 (worksheet, order of
its elements); [MS-XLSX] 2.4.13 (x14:dataValidation, `xm:f`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from msgspec import Struct, field

from qtemplate.ooxml.markup import Tag, attribute, blank_comments, escape, set_attribute, splice, tags, text_of
from qtemplate.ooxml.references import Area

_BEFORE: Final = frozenset([
    b"sheetData", b"sheetCalcPr", b"sheetProtection", b"protectedRanges", b"scenarios", b"autoFilter", b"sortState",
    b"dataConsolidate", b"customSheetViews", b"mergeCells", b"phoneticPr", b"conditionalFormatting",
])  # fmt: skip


class Validation(Struct, frozen=True):
    """What may be typed into a column.

    Args:
        attributes: Those of `dataValidation` but for `sqref`, such as `{"type": "list", "allowBlank": "1"}`.
        formulas: Up to two, without `=`.
    """

    attributes: Mapping[str, str] = field(default_factory=dict)
    formulas: tuple[str, ...] = ()

    def element(self, prefix: bytes, area: Area) -> bytes:
        """Its XML for an area."""
        text = b"<%sdataValidation>" % prefix
        for name, value in {**self.attributes, "sqref": str(area)}.items():
            text = set_attribute(text, name.encode(), value)
        inner = b"".join(
            b"<%sformula%d>%s</%sformula%d>" % (prefix, number, escape(formula), prefix, number)
            for number, formula in enumerate(self.formulas[:2], 1)
        )
        return text + inner + b"</%sdataValidation>" % prefix


def add_validations(tail: bytes, prefix: bytes, new: Sequence[tuple[Validation, Area]]) -> bytes:
    """The tail of a sheet with more validations; cells that have one keep it, for a cell can have only one.

    Args:
        tail: The sheet from `</sheetData>` on.
        prefix: The prefix of its elements.
        new: Each with its area.
    """
    mask = blank_comments(tail)
    taken = [area for text in _areas(tail, mask) for token in text.split() if (area := Area.parse(token)) is not None]
    made = [check.element(prefix, area) for check, area in new if not any(area.meets(other) for other in taken)]
    if not made:
        return tail
    place = 0
    for element in _elements(mask):
        if element.opening.name == b"dataValidations":
            return _put(tail, element, made)
        if element.opening.name not in _BEFORE:
            break
        place = element.end
    block = b'<%sdataValidations count="%d">%s</%sdataValidations>' % (prefix, len(made), b"".join(made), prefix)
    return splice(tail, [(place, place, block)])


class _Element(Struct, frozen=True):
    """An element right below the sheet: its first tag, where its content ends, where it ends itself."""

    opening: Tag
    inner_end: int
    end: int


def _elements(mask: bytes) -> Iterator[_Element]:
    """What follows the rows, element by element; the first is the end of the rows themselves."""
    depth, opened = 0, None
    for tag in tags(mask):
        if tag.name == b"sheetData" and depth == 0:
            yield _Element(tag, tag.start, tag.end)
        elif tag.closing:
            depth -= 1
            if depth < 0:
                return  # the end of the sheet
            if depth == 0 and opened is not None:
                yield _Element(opened, tag.start, tag.end)
        elif depth == 0 and tag.empty:
            yield _Element(tag, tag.end, tag.end)
        elif not tag.empty:
            opened = tag if depth == 0 else opened
            depth += 1


def _put(tail: bytes, known: _Element, made: Sequence[bytes]) -> bytes:
    """Into the list that is there."""
    tag = known.opening
    text, inner = tail[tag.start : tag.end], b"".join(made)
    count = attribute(text, b"count")
    if count is not None and count.isdecimal():
        text = set_attribute(text, b"count", str(int(count) + len(made)))
    if tag.empty:
        text = text[:-2].rstrip() + b">"
        return splice(tail, [(tag.start, tag.end, text + inner + b"</%s%s>" % (tag.prefix, tag.name))])
    return splice(tail, [(tag.start, tag.end, text), (known.inner_end, known.inner_end, inner)])


def _areas(tail: bytes, mask: bytes) -> list[str]:
    """The areas of all validations, those of extensions too."""
    found, inside, opened = [], False, None
    for tag in tags(mask):
        if tag.name == b"dataValidation":
            inside = not (tag.closing or tag.empty)
            if not tag.closing:
                found.append(attribute(tail[tag.start : tag.end], b"sqref") or "")
        elif tag.name == b"sqref" and inside:
            if tag.closing and opened is not None:
                found.append(text_of(tail[opened : tag.start]))
            opened = None if tag.closing else tag.end
    return found


def rewrite_lists(tail: bytes, rewrite: Callable[[str], str]) -> bytes:
    """The tail of a sheet with the sources of its drop-down lists rewritten.

    Args:
        tail: The sheet from `</sheetData>` on.
        rewrite: Formula without `=` -> formula.
    """
    if b"dataValidation" not in tail:
        return tail
    changes = []
    lists, opened = False, None
    for tag in tags(blank_comments(tail)):
        if tag.name == b"dataValidation":
            lists = not tag.closing and attribute(tail[tag.start : tag.end], b"type") == "list"
        elif lists and tag.name in (b"formula1", b"f"):
            if tag.closing and opened is not None:
                old = text_of(tail[opened : tag.start])
                new = rewrite(old)
                if new != old:
                    changes.append((opened, tag.start, escape(new)))
            # x14 wraps the formula in xm:f inside x14:formula1: the innermost element holds the text
            opened = None if tag.closing or tag.empty else tag.end
    return splice(tail, changes)
