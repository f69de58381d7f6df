"""The formats of another workbook's cells, made at home in this one.

A format is a number in a list of combinations of further numbers; here the fonts, fills, borders and number formats it
stands for are appended where they lack, and the combination after them.

Source: ECMA-376 part 1 sections 18.8.45 (xf), 18.8.15 (dxfs).
"""

from __future__ import annotations

from typing import Final

from lxml import etree

from qtemplate.ooxml.markup import escape
from qtemplate.ooxml.package.parts import children, local_name
from qtemplate.ooxml.styles import Styles

_FIRST_OWN_FORMAT: Final = 164
_PARTS: Final = (("fontId", "fonts", "font"), ("fillId", "fills", "fill"), ("borderId", "borders", "border"))
_APPLIED: Final = ("applyNumberFormat", "applyFont", "applyFill", "applyBorder")


def rendered(element: etree._Element, prefix: bytes) -> bytes:
    """An element as bytes, its names with another prefix; attributes of extensions are left out."""
    attributes = b"".join(
        b' %s="%s"' % (str(name).encode(), escape(str(value)).replace(b'"', b"&quot;"))
        for name, value in element.attrib.items()
        if not str(name).startswith("{")
    )
    name = prefix + local_name(element).encode()
    inner = escape(element.text or "") if (element.text or "").strip() else b""
    inner += b"".join(rendered(child, prefix) for child in element if isinstance(child.tag, str))
    return b"<%s%s>%s</%s>" % (name, attributes, inner, name) if inner else b"<%s%s/>" % (name, attributes)


class BorrowedStyles:
    """Formats of a donor's cells, by the numbers the donor knows them by.

    Args:
        donor: The root of its styles part; None for a workbook without one.
        home: The formats of the workbook that gets them.
    """

    def __init__(self, donor: etree._Element | None, home: Styles) -> None:
        self._home = home
        self._lists: dict[str, list[etree._Element]] = {}
        self._known: dict[int, int] = {}
        self._codes: dict[str, str] = {}
        for group in donor if donor is not None else ():
            items = [child for child in group if isinstance(child.tag, str)]
            self._lists[local_name(group)] = items
            if local_name(group) == "numFmts":
                self._codes = {item.get("numFmtId", ""): item.get("formatCode", "") for item in items}

    def cell_format(self, number: int) -> int:
        """The number here of a cell format of the donor; one it does not have is the plain one."""
        if number not in self._known:
            formats = self._lists.get("cellXfs", [])
            self._known[number] = self._home.add(self._combined(formats[number])) if number < len(formats) else 0
        return self._known[number]

    def _combined(self, xf: etree._Element) -> bytes:
        lists = self._home.lists
        attributes = {
            str(name): str(value) for name, value in xf.attrib.items() if not str(name).startswith("{")
        }  # fmt: skip
        attributes["numFmtId"] = str(self._number_format(xf.get("numFmtId", "0")))
        for name, group, item in _PARTS:
            known, place = self._lists.get(group, []), int(xf.get(name, "0"))
            element = known[place] if place < len(known) else etree.Element(item)
            attributes[name] = str(lists.add(group.encode(), rendered(element, lists.prefix)))
        attributes |= dict.fromkeys(_APPLIED, "1")
        attributes.pop("xfId", None)
        if lists.has(b"cellStyleXfs"):
            attributes["xfId"] = "0"
        made = etree.Element("xf", attributes)
        for name in ("alignment", "protection"):
            for child in children(xf, name):
                etree.SubElement(made, name, {str(key): str(value) for key, value in child.attrib.items()})
        return rendered(made, lists.prefix)

    def _number_format(self, number: str) -> int:
        code = self._codes.get(number)
        if code is not None:
            return self._home.number_format(code)
        return int(number) if number.isdecimal() and int(number) < _FIRST_OWN_FORMAT else 0

    def differential_format(self, number: int) -> int | None:
        """The number here of a differential format, as conditional formats use it; None if the donor has none."""
        formats = self._lists.get("dxfs", [])
        if number >= len(formats):
            return None
        lists = self._home.lists
        dxf = etree.fromstring(etree.tostring(formats[number]))
        for child in dxf:
            if local_name(child) == "numFmt":
                child.set("numFmtId", str(self._home.number_format(child.get("formatCode", "General"))))
        return lists.add(b"dxfs", rendered(dxf, lists.prefix))
