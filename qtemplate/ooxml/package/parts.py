"""The small parts of a workbook, read: relationships, sheets, defined names, the date system.

They are parsed with lxml, with entities and networks off, and never written from the tree. Names are matched by their
local part and relationship types by their last step, so that strict and transitional workbooks read the same, whatever
their prefixes. A package that is to be edited must have them whole; of any other, a part that is absent or damaged
reads as an empty one.

Source: ECMA-376 part 1 sections 12.3 (parts), 18.2 (workbook); part 2 section 6.5 (relationships).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lxml import etree
from msgspec import Struct

from qtemplate.errors import WorkbookRefused
from qtemplate.ooxml.markup import truth
from qtemplate.ooxml.package.part_names import part_key, relationships_part, resolve_target
from qtemplate.ooxml.package.reader import Package

CONTENT_TYPES: Final = "[Content_Types].xml"
_STRICT: Final = "http://purl.oclc.org/ooxml/spreadsheetml/main"
_NAMESPACES: Final = ("http://schemas.openxmlformats.org/spreadsheetml/2006/main", _STRICT)
_BINARY: Final = "xl/workbook.bin"


class Relationship(Struct, frozen=True):
    """One relationship.

    Args:
        id: What elements of the part call it.
        kind: The last step of its type, such as `worksheet`.
        target: The part it leads to; empty if that is outside of the package.
        outside: The address it leads to then, as it is written.
    """

    id: str
    kind: str
    target: str
    outside: str = ""


class Sheet(Struct, frozen=True):
    """A sheet of the workbook.

    Args:
        name: As on its tab.
        part: Its part name.
        kind: `worksheet`, or another relationship type such as `chartsheet`.
    """

    name: str
    part: str
    kind: str


class Workbook(Struct, frozen=True):
    """What the workbook part and its relationships say."""

    part: str
    sheets: tuple[Sheet, ...]
    date1904: bool
    relationships: tuple[Relationship, ...]
    defined_names: tuple[str, ...]
    strict: bool

    def target(self, kind: str) -> str | None:
        """The part that the workbook's relationship of that kind leads to."""
        return next((r.target for r in self.relationships if r.kind == kind and r.target), None)

    def sheet(self, name: str) -> Sheet:
        """The worksheet of that name; case is ignored when no sheet matches exactly.

        Raises:
            WorkbookRefused: `no_sheet`, `not_a_worksheet`.
        """
        found = [s for s in self.sheets if s.name == name] or [
            s for s in self.sheets if s.name.casefold() == name.casefold()
        ]
        if not found:
            names = "、".join(sheet.name for sheet in self.sheets[:20])
            raise WorkbookRefused(
                "no_sheet", "The workbook has no sheet {name!r}; it has {known}.", name=name, known=names
            )
        if found[0].kind != "worksheet":
            raise WorkbookRefused(
                "not_a_worksheet", "{name} is a {kind}, which has no cells.", name=name, kind=found[0].kind
            )
        return found[0]


def parse_part(package: Package, name: str) -> etree._Element:
    """A part as a tree.

    Raises:
        WorkbookRefused: `broken_xml`, `doctype` if the package is to be edited; and what reading the part can raise.
    """
    if not package.editable:
        return parse_leniently(package.read(name) if package.find(name) is not None else b"")
    data = package.read(name)
    if b"<!DOCTYPE" in data:
        raise _has_doctype(name)
    try:
        root = _parse(data)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise WorkbookRefused(
            "broken_xml", "{name} is not well-formed XML: {problem}", name=name, problem=error
        ) from None
    if getattr(root.getroottree().docinfo, "doctype", ""):
        raise _has_doctype(name)
    return root


def parse_leniently(data: bytes) -> etree._Element:
    """The bytes as a tree; an empty element if they are not well-formed."""
    try:
        return _parse(data)
    except (etree.XMLSyntaxError, ValueError):
        return etree.Element("nothing")


def _parse(data: bytes) -> etree._Element:
    return etree.fromstring(
        data, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    )


def _has_doctype(part: str) -> WorkbookRefused:
    return WorkbookRefused("doctype", "{part} declares a DOCTYPE, which no workbook may.", part=part)


def local_name(element: etree._Element) -> str:
    """The element's name without its namespace; empty for comments and processing instructions."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def children(element: etree._Element, *path: str) -> Iterator[etree._Element]:
    """The elements at the end of a path of local names."""
    for child in element:
        if local_name(child) == path[0]:
            if len(path) == 1:
                yield child
            else:
                yield from children(child, *path[1:])


def descendants(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """The elements of that local name at any depth, in document order."""
    return (found for found in element.iter() if local_name(found) == name)


def read_relationships(package: Package, name: str) -> tuple[Relationship, ...]:
    """The relationships of a part, in order; none if it has no relationships part."""
    part = relationships_part(name)
    if package.find(part) is None:
        return ()
    found = []
    for element in descendants(parse_part(package, part), "Relationship"):
        outside = element.get("TargetMode") == "External"
        written = element.get("Target", "")
        target = "" if outside else resolve_target(name, written)
        kind = element.get("Type", "").rpartition("/")[2]
        found.append(Relationship(element.get("Id", ""), kind, target, written if outside else ""))
    return tuple(found)


def read_workbook(package: Package) -> Workbook:
    """The workbook part.

    Raises:
        WorkbookRefused: `not_a_workbook`; `signed` if the package is to be edited; and what reading parts can raise.
    """
    root = read_relationships(package, "")
    part = next((r.target for r in root if r.kind == "officeDocument" and r.target), "")
    if part.lower().endswith(".bin") or (not part and package.find(_BINARY) is not None):
        raise WorkbookRefused("not_a_workbook.binary", "The file is a binary workbook (.xlsb); save it as .xlsx.")
    tree = parse_part(package, part) if package.find(part) is not None else etree.Element("nothing")
    if local_name(tree) != "workbook":
        raise WorkbookRefused(
            "not_a_workbook.archive",
            "The file is a zip archive without a workbook inside; choose an .xlsx file, or restore it from a backup.",
        )
    namespace = etree.QName(tree).namespace
    if package.editable:
        _require_ordinary(package, root, namespace)
    relationships = read_relationships(package, part)
    by_id = {r.id: r for r in relationships}
    sheets = []
    for element in descendants(tree, "sheet"):
        link = next((value for key, value in element.attrib.items() if str(key).endswith("}id")), "")
        relationship = by_id.get(str(link))
        if relationship is not None and relationship.target:
            sheets.append(Sheet(element.get("name", ""), relationship.target, relationship.kind))
    date1904 = any(truth(properties.get("date1904")) for properties in descendants(tree, "workbookPr"))
    names = tuple(element.get("name", "") for element in children(tree, "definedNames", "definedName"))
    return Workbook(part, tuple(sheets), date1904, relationships, names, namespace == _STRICT)


def _require_ordinary(package: Package, root: tuple[Relationship, ...], namespace: str | None) -> None:
    """Refuse what may be read, but not be changed."""
    if package.find(CONTENT_TYPES) is None:
        raise WorkbookRefused(
            "not_a_workbook.no_types", "The file does not say what its parts are; save it again in Excel."
        )
    if any(r.kind == "origin" and "signature" in r.target.lower() for r in root) or any(
        part_key(m.name).startswith("_xmlsignatures/") for m in package.members
    ):
        raise WorkbookRefused("signed", "The workbook carries a digital signature, which any change would break.")
    if namespace not in _NAMESPACES:  # the betas of Excel 2007 call elements otherwise
        raise WorkbookRefused(
            "not_a_workbook.kind",
            "The workbook is of the unknown kind {namespace}; save it in Excel.",
            namespace=namespace,
        )
