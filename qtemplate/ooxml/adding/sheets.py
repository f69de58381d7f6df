"""Sheets copied out of another workbook to the end of this one: cells, formats, widths, tables, validations, charts.

Made for sheets of our own standard workbook: what a sheet may hang on beside tables, charts and links (pictures, notes,
controls) is refused. Texts go to this workbook's shared strings, formats to its formats, dates to its calendar.

Source: ECMA-376 part 1 sections 18.3.1.99 (worksheet), 18.5.1.2 (table: `id` and `displayName` unique in the workbook).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from lxml import etree
from msgspec import Struct, field

from qtemplate.errors import WorkbookRefused
from qtemplate.ooxml.adding.borrowed_styles import BorrowedStyles
from qtemplate.ooxml.adding.drawings import DrawingCopy
from qtemplate.ooxml.cells import text_element, unescape_text
from qtemplate.ooxml.package.part_names import relationships_part
from qtemplate.ooxml.package.parts import (
    Sheet,
    Workbook,
    children,
    local_name,
    parse_part,
    read_relationships,
    read_workbook,
)
from qtemplate.ooxml.package.reader import Package
from qtemplate.ooxml.styles import Styles

_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_STRICT: Final = "http://purl.oclc.org/ooxml/spreadsheetml/main"
_RELATIONS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT_RELATIONS: Final = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_DIALECTS: Final = (
    (_MAIN, _STRICT),
    (_RELATIONS, _STRICT_RELATIONS),
    *(
        (f"http://schemas.openxmlformats.org/drawingml/2006/{name}", f"http://purl.oclc.org/ooxml/drawingml/{name}")
        for name in ("main", "chart", "spreadsheetDrawing")
    ),
)
_LINKS: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
_UNFIT: Final = re.compile(r"[\[\]:*?/\\]")
_LONGEST_NAME: Final = 31
_FORMULAS: Final = frozenset(["f", "formula", "formula1", "formula2"])
_CARRIED: Final = frozenset(["table", "drawing", "hyperlink", "printerSettings"])
_DAYS_TO_1904: Final = 1462


def as_it_is(formula: str) -> str | None:
    """The same formula."""
    return formula


class NewSheet(Struct, frozen=True):
    """A sheet to be added at the end.

    Args:
        name: On its tab.
        donor: The workbook it is copied from.
        sheet: Its name there.
        rewrite: What its formulas, validations and names read here, where lists may stand elsewhere than there; None
            for one that names what is not here: then its rule is left out, and of a cell only the value comes.
    """

    name: str
    donor: Path
    sheet: str
    rewrite: Callable[[str], str | None] = as_it_is


class TakenNames(Struct):
    """What is taken in the workbook, so that nothing new gets the same: parts, numbers and names of tables.

    Args:
        package: The workbook's parts.
        parts: Part names given out, lower case.
        tables: Table and defined names, folded.
        number: The highest number of a table.
    """

    package: Package
    parts: set[str] = field(default_factory=set)
    tables: set[str] = field(default_factory=set)
    number: int = 0

    def part(self, pattern: str) -> str:
        """The first free part name of a pattern such as `xl/worksheets/sheet{}.xml`."""
        number = 1
        while (name := pattern.format(number)).lower() in self.parts or self.package.find(name) is not None:
            number += 1
        self.parts.add(name.lower())
        return name


def taken_names(package: Package, workbook: Workbook) -> TakenNames:
    """What is taken in a workbook."""
    taken = TakenNames(package, tables={name.casefold() for name in workbook.defined_names})
    for sheet in workbook.sheets:
        for link in read_relationships(package, sheet.part):
            if link.kind == "table" and link.target and package.find(link.target) is not None:
                root = parse_part(package, link.target)
                taken.tables.add((root.get("displayName") or root.get("name") or "").casefold())
                number = root.get("id", "")
                taken.number = max(taken.number, int(number) if number.isdecimal() else 0)
    return taken


class AddedParts(Struct, frozen=True):
    """A copied sheet, ready to be written.

    Args:
        parts: Part name -> bytes.
        kinds: Part name -> content type's last word, such as `table`; the sheet itself is first.
        formulas: Whether it holds formulas.
    """

    parts: Mapping[str, bytes]
    kinds: Mapping[str, str]
    formulas: bool


class SheetCopy:
    """One sheet of a donor, read; made ready once the texts have numbers and the formats are open.

    Args:
        new: What is asked for.
        workbook: The workbook that gets it.

    Attributes:
        texts: The texts of its cells.
        names: Defined names of its own (name -> formula), such as the rows repeated in print.

    Raises:
        WorkbookRefused: `no_sheet`, `not_a_worksheet`, `sheet_exists`, `sheet_name`, `sheet_parts`, and what reading
            the donor can raise.
    """

    def __init__(self, new: NewSheet, workbook: Workbook) -> None:
        _require_name(new.name, workbook)
        self.name = new.name
        self._rewrite = new.rewrite
        self._strict = workbook.strict
        self.texts: list[str] = []
        with Package.open(new.donor) as package:
            donor = read_workbook(package)
            sheet = donor.sheet(new.sheet)
            self._shift = _DAYS_TO_1904 * (int(donor.date1904) - int(workbook.date1904))
            self._root = parse_part(package, sheet.part)
            self._links = _read_links(package, sheet)
            self._tables = {
                link.id: parse_part(package, link.target)
                for link in read_relationships(package, sheet.part)
                if link.kind == "table"
            }
            self._drawings = {
                link.id: DrawingCopy(package, link.target, sheet.name)
                for link in read_relationships(package, sheet.part)
                if link.kind == "drawing"
            }
            styles, strings = donor.target("styles"), donor.target("sharedStrings")
            self._formats = None if styles is None else parse_part(package, styles)
            shared = [] if strings is None else _texts_of(parse_part(package, strings))
            self.names = _local_names(parse_part(package, donor.part), sheet, new)
        self._gather(shared)

    def _gather(self, shared: Sequence[str]) -> None:
        """Number the texts of the cells by themselves."""
        for cell in list(_below(self._root, "c")):
            if cell.get("vm") or cell.get("cm"):
                raise WorkbookRefused(
                    "sheet_parts.cell",
                    "{sheet} cannot be copied: {cell} holds a picture or a dynamic array.",
                    self.name,
                    sheet=self.name,
                    cell=cell.get("r"),
                )
            if cell.get("t") == "s":
                text = shared[int(next(children(cell, "v")).text or "0")]
            elif cell.get("t") == "inlineStr":
                text = unescape_text("".join(str(piece) for piece in cell.itertext()))
            else:
                continue
            cell[:] = []
            cell.set("t", "s")
            etree.SubElement(cell, f"{{{etree.QName(self._root).namespace}}}v").text = str(len(self.texts))
            self.texts.append(text)

    def parts(self, taken: TakenNames, folder: str, strings: Mapping[str, int] | None, home: Styles) -> AddedParts:
        """Everything to be written for it.

        Args:
            taken: Gives free names and numbers; remembers them.
            folder: Of the workbook part, such as `xl`.
            strings: Number of every text in the shared strings; None writes texts inline.
            home: The formats of the workbook that gets it.

        Raises:
            WorkbookRefused: `table_exists`.
        """
        borrowed = BorrowedStyles(self._formats, home)
        part = taken.part(f"{folder}/worksheets/sheet{{}}.xml".lstrip("/"))
        self._dress(borrowed, home)
        formulas = self._rewrite_formulas()
        for cell in list(_below(self._root, "c")):
            if cell.get("t") == "s":
                _set_text(cell, self.texts[int(cell[0].text or "0")], strings)
        for view in _below(self._root, "sheetView"):
            _set_or_drop(view, "tabSelected", None)
        for page in _below(self._root, "pageSetup"):
            for name in [name for name in page.attrib if str(name).endswith("}id")]:
                del page.attrib[name]  # the settings of a printer, which nobody here has
        parts, kinds = {part: self._written(self._root)}, {part: "worksheet"}
        links = []
        for identity, (kind, target) in self._links.items():
            if kind == "table":
                table = self._table(self._tables[identity], taken, borrowed)
                target = taken.part(f"{folder}/tables/table{{}}.xml".lstrip("/"))
                parts[target], kinds[target] = self._written(table), "table"
                links.append(self._link(identity, kind, f"/{target}"))
            elif kind == "drawing":
                drawing = self._drawings[identity]
                target, more, known = drawing.parts(taken, folder, self._rewrite, self._written, self._link)
                parts |= more
                kinds |= known
                links.append(self._link(identity, kind, f"/{target}"))
            else:
                links.append(self._link(identity, kind, target, outside=True))
        if links:
            (root := etree.fromstring(f'<Relationships xmlns="{_LINKS}"/>')).extend(links)
            parts[relationships_part(part)] = _serialized(root)
        return AddedParts(parts, kinds, formulas)

    def _dress(self, borrowed: BorrowedStyles, home: Styles) -> None:
        """Formats by their numbers here; dates in this workbook's calendar."""
        for name, attribute in (("c", "s"), ("row", "s"), ("col", "style")):
            for element in _below(self._root, name):
                if element.get(attribute) is not None:
                    element.set(attribute, str(borrowed.cell_format(int(element.get(attribute, "0")))))
        for rule in _below(self._root, "cfRule"):
            if rule.get("dxfId") is not None:
                number = borrowed.differential_format(int(rule.get("dxfId", "0")))
                _set_or_drop(rule, "dxfId", number)
        for cell in _below(self._root, "c") if self._shift else ():
            value = next(children(cell, "v"), None)
            if cell.get("t", "n") == "n" and value is not None and home.is_date(int(cell.get("s", "0"))):
                days = float(value.text or "0")
                if days >= _DAYS_TO_1904:  # less is a time of day, or a number that only looks like a date
                    value.text = f"{days + self._shift:.15g}"

    def _rewrite_formulas(self) -> bool:
        formulas = False
        for element in list(self._root.iter()):
            if local_name(element) in _FORMULAS and element.text:
                rewritten = self._rewrite(element.text)
                if rewritten is None:
                    _leave_out(element)
                    continue
                formulas |= _parent(element) == "c"
                element.text = rewritten
        return formulas

    def _table(self, root: etree._Element, taken: TakenNames, borrowed: BorrowedStyles) -> etree._Element:
        name = root.get("displayName") or root.get("name") or ""
        if name.casefold() in taken.tables:
            raise WorkbookRefused(
                "table_exists",
                "{sheet}: the workbook has a table or a name {name} already.",
                self.name,
                sheet=self.name,
                name=name,
            )
        taken.tables.add(name.casefold())
        taken.number += 1
        root.set("id", str(taken.number))
        for element in root.iter():
            for key in [key for key in element.attrib if str(key).endswith("DxfId")]:
                _set_or_drop(element, str(key), borrowed.differential_format(int(element.get(key, "0"))))
        return root

    def _link(self, identity: str, kind: str, target: str, *, outside: bool = False) -> etree._Element:
        family = _STRICT_RELATIONS if self._strict else _RELATIONS
        attributes = {"Id": identity, "Type": f"{family}/{kind}", "Target": target}
        if outside:
            attributes["TargetMode"] = "External"
        return etree.Element(f"{{{_LINKS}}}Relationship", attributes)

    def _written(self, root: etree._Element) -> bytes:
        """A part in the dialect of the workbook."""
        data = _serialized(root)
        for loose, strict in _DIALECTS:
            old, new = (loose, strict) if self._strict else (strict, loose)
            data = data.replace(b'"%s"' % old.encode(), b'"%s"' % new.encode())
        return data


def _require_name(name: str, workbook: Workbook) -> None:
    if any(sheet.name.casefold() == name.casefold() for sheet in workbook.sheets):
        raise WorkbookRefused("sheet_exists", "The workbook has a sheet {name} already.", name, name=name)
    if not name or len(name) > _LONGEST_NAME or _UNFIT.search(name) or name.startswith("'") or name.endswith("'"):
        raise WorkbookRefused("sheet_name", "{name!r} cannot be the name of a sheet.", name, name=name)


def _read_links(package: Package, sheet: Sheet) -> dict[str, tuple[str, str]]:
    """The relationships that go along: id -> (kind, address outside of the package; empty for a part).

    Raises:
        WorkbookRefused: `sheet_parts`: the sheet holds on to something that is not copied.
    """
    found = {}
    for link in read_relationships(package, sheet.part):
        if link.kind not in _CARRIED or (link.kind == "hyperlink") != bool(link.outside):
            raise WorkbookRefused(
                "sheet_parts",
                "{sheet} holds a {kind}, which is not copied.",
                sheet.name,
                sheet=sheet.name,
                kind=link.kind,
            )
        if link.kind != "printerSettings":
            found[link.id] = (link.kind, link.outside)
    return found


def _local_names(root: etree._Element, sheet: Sheet, new: NewSheet) -> dict[str, str]:
    """The defined names that belong to the sheet alone, as they read here."""
    listed = [element.get("name", "") for element in children(root, "sheets", "sheet")]
    old, here = _quoted(sheet.name), _quoted(new.name)
    names = {}
    for element in children(root, "definedNames", "definedName"):
        if element.get("localSheetId") == str(listed.index(sheet.name)):
            text = (element.text or "").replace(f"{old}!", f"{here}!").replace(f"{sheet.name}!", f"{here}!")
            if (rewritten := new.rewrite(text)) is not None:
                names[element.get("name", "")] = rewritten
    return names


def _leave_out(formula: etree._Element) -> None:
    """Take a formula out of its cell, or the whole rule it belongs to, and the list of rules if it is empty then."""
    rule = next((each for each in formula.iterancestors() if local_name(each) in ("dataValidation", "cfRule")), formula)
    above = rule.getparent()
    if above is None:
        return
    above.remove(rule)
    if above.get("count") is not None:
        above.set("count", str(len(above)))
    if rule is not formula and not len(above) and (root := above.getparent()) is not None:
        root.remove(above)


def _quoted(name: str) -> str:
    return "'" + name.replace("'", "''") + "'"


def _texts_of(root: etree._Element) -> list[str]:
    """The shared strings of a donor; furigana are left out."""
    texts = []
    for item in children(root, "si"):
        pieces = [t for t in _below(item, "t") if _parent(t) != "rPh"]
        texts.append(unescape_text("".join(piece.text or "" for piece in pieces)))
    return texts


def _set_text(cell: etree._Element, text: str, strings: Mapping[str, int] | None) -> None:
    if strings is not None:
        cell[0].text = str(strings[text])
        return
    space = etree.QName(cell).namespace or ""
    cell.set("t", "inlineStr")
    inner = b'<is xmlns="%s">%s</is>' % (space.encode(), text_element(b"", text))
    cell[:] = [etree.fromstring(inner)]


def _set_or_drop(element: etree._Element, name: str, number: int | None) -> None:
    if number is not None:
        element.set(name, str(number))
    elif name in element.attrib:
        del element.attrib[name]


def _parent(element: etree._Element) -> str:
    above = element.getparent()
    return "" if above is None else local_name(above)


def _below(root: etree._Element, name: str) -> Iterator[etree._Element]:
    return (element for element in root.iter() if local_name(element) == name)


def _serialized(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
