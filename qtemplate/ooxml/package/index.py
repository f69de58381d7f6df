"""Parts that come and go: the content types and the workbook's relationships, kept in step with them.

Source: ECMA-376 part 2 sections 6.2.3 (content types) and 6.5 (relationships); part 1 section 12.3 (spreadsheet parts).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from qtemplate.errors import WorkbookRefused
from qtemplate.ooxml.markup import Tag, attribute, blank_comments, require_utf8, splice, tags
from qtemplate.ooxml.package.part_names import part_key, relationships_part, resolve_target
from qtemplate.ooxml.package.parts import CONTENT_TYPES, Workbook
from qtemplate.ooxml.package.reader import Package
from qtemplate.ooxml.package.writer import PackageWriter

_RELATIONSHIPS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT_RELATIONSHIPS: Final = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_SPREADSHEET: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml."
_CONTENT: Final = {
    "drawing": "application/vnd.openxmlformats-officedocument.drawing+xml",
    "chart": "application/vnd.openxmlformats-officedocument.drawingml.chart+xml",
}
"""Content types that are not named after the spreadsheet."""


class PackageIndex:
    """The two lists that name the workbook's parts; changed in memory, written once.

    Args:
        package, workbook: The workbook as it is.
    """

    def __init__(self, package: Package, workbook: Workbook) -> None:
        self._package = package
        self._workbook = workbook
        self._links_part = relationships_part(workbook.part)
        self._ids = {relationship.id for relationship in workbook.relationships}
        self._types = self._old_types = package.read(CONTENT_TYPES)
        self._links = self._old_links = package.read(self._links_part)

    def remove(self, part: str) -> None:
        """Forget a part that leaves the package."""
        self._links = _without(self._links, b"Relationship", b"Target", part, self._workbook.part)
        self._types = _without(self._types, b"Override", b"PartName", part, "")

    def add(self, part: str, kind: str) -> str:
        """Name a new part of the workbook's own; gives the id of its relationship.

        Args:
            part: Its name.
            kind: Last step of its relationship type, which is also the name of its content type, such as `styles`.
        """
        family = _STRICT_RELATIONSHIPS if _STRICT_RELATIONSHIPS.encode() in self._links else _RELATIONSHIPS
        identity = next(id for n in range(1, len(self._ids) + 2) if (id := f"rId{n}") not in self._ids)
        self._ids.add(identity)
        link = f'Relationship Id="{identity}" Type="{family}/{kind}" Target="/{part}"'
        self._links = _with(self._links, b"Relationships", link.encode())
        self.declare(part, kind)
        return identity

    def declare(self, part: str, kind: str) -> None:
        """Give a part its content type; the arguments are those of `add`."""
        content = _CONTENT.get(kind, f"{_SPREADSHEET}{kind}+xml")
        override = f'Override PartName="/{part}" ContentType="{content}"'
        self._types = _with(self._types, b"Types", override.encode())

    def write(self, writer: PackageWriter) -> None:
        """Put the lists that changed."""
        if self._types != self._old_types:
            writer.put(CONTENT_TYPES, [self._types])
        if self._links != self._old_links:
            writer.put(self._links_part, [self._links])


def _with(xml: bytes, root: bytes, element: bytes) -> bytes:
    """The list with one more empty element at its end."""
    require_utf8(xml, root.decode())
    end: Tag | None = None
    for tag in tags(blank_comments(xml)):
        if tag.name == root and (tag.closing or tag.empty):
            end = tag
    if end is None or end.empty:
        raise WorkbookRefused(
            "broken_xml.list", "The list {root} of the workbook is empty or does not end.", root=root.decode()
        )
    return splice(xml, [(end.start, end.start, b"<" + end.prefix + element + b"/>")])


def _without(xml: bytes, element: bytes, key: bytes, part: str, base: str) -> bytes:
    """The list without the elements whose attribute leads to a part."""
    require_utf8(xml, element.decode())
    changes: list[tuple[int, int, bytes]] = []
    opened: int | None = None
    for tag in _named(xml, element):
        if tag.closing:
            if opened is not None:
                changes.append((opened, tag.end, b""))
            opened = None
        elif part_key(resolve_target(base, attribute(xml[tag.start : tag.end], key) or "")) == part_key(part):
            if tag.empty:
                changes.append((tag.start, tag.end, b""))
            else:
                opened = tag.start
    return splice(xml, changes)


def _named(xml: bytes, name: bytes) -> Sequence[Tag]:
    return [tag for tag in tags(blank_comments(xml)) if tag.name == name]
