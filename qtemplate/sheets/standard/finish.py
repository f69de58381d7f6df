"""From what openpyxl saves to the file we hand out: the parts as Excel writes them, bytes that depend on the content alone.

openpyxl stamps the time of saving, puts `[Content_Types].xml` last, keeps every text inside its cell (some viewers show
such cells empty) as character references, and writes the children of `font` in an order that ISO/IEC 29500-1 (18.8.22,
CT_Font) does not have.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Collection, Mapping

from lxml import etree

MADE_AT = dt.datetime(2026, 1, 1)
"""Creation and modification time written into every standard workbook."""

_STAMP = (2026, 1, 1, 0, 0, 0)
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")
_MAIN_SPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_MAIN = f"{{{_MAIN_SPACE}}}"
_PRESERVE = "{http://www.w3.org/XML/1998/namespace}space"
_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_STRINGS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
_STRINGS_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
_FIRST_PARTS = ("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels")
_SHEET = re.compile(r"xl/worksheets/sheet(\d+)\.xml")
_FONT_ORDER = (
    "b", "i", "strike", "condense", "extend", "outline", "shadow", "u", "vertAlign", "sz", "color", "name", "family",
    "charset", "scheme",
)  # fmt: skip


def finished_bytes(saved: bytes, fitted: Mapping[int, Collection[int]] | None = None) -> bytes:
    """The same package, fit to be handed out.

    Args:
        saved: A package as openpyxl saved it, without a part of shared strings.
        fitted: Rows whose height nobody chose, by the number of their sheet: an office program may measure them anew.

    Returns:
        A package whose bytes are the same on every call with the same content.
    """
    with zipfile.ZipFile(io.BytesIO(saved)) as source:
        parts = {info.filename: source.read(info) for info in source.infolist()}
    stamp = MADE_AT.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    parts["docProps/core.xml"] = _MODIFIED.sub(rb"\g<1>" + stamp + rb"\g<2>", parts["docProps/core.xml"])
    parts["xl/styles.xml"] = _with_font_order(parts["xl/styles.xml"])
    _share_strings(parts, fitted or {})
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in (*_FIRST_PARTS, *(name for name in parts if name not in _FIRST_PARTS)):
            member = zipfile.ZipInfo(name, _STAMP)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o600 << 16
            target.writestr(member, parts[name], compresslevel=6)
    return out.getvalue()


def _with_font_order(styles: bytes) -> bytes:
    root = etree.fromstring(styles)
    rank = {_MAIN + name: position for position, name in enumerate(_FONT_ORDER)}
    for font in root.iter(_MAIN + "font"):
        font[:] = sorted(font, key=lambda child: rank[str(child.tag)])
    return _written(root)


def _share_strings(parts: dict[str, bytes], fitted: Mapping[int, Collection[int]]) -> None:
    """Move the texts of all cells into one part, as Excel does (18.4, shared string table)."""
    places: dict[str, int] = {}
    count = 0
    sheets = sorted((int(match[1]), name) for name in parts if (match := _SHEET.fullmatch(name)))
    for number, name in sheets:
        root = etree.fromstring(parts[name])
        for row in root.iter(_MAIN + "row"):
            if int(row.get("r", "0")) in fitted.get(number, ()):
                del row.attrib["customHeight"]
        for cell in root.iter(_MAIN + "c"):
            if cell.get("t") != "inlineStr":
                continue
            text = "".join(str(piece) for piece in cell.itertext())
            cell[:] = []
            cell.set("t", "s")
            etree.SubElement(cell, _MAIN + "v").text = str(places.setdefault(text, len(places)))
            count += 1
        parts[name] = _written(root)
    table = etree.fromstring(f'<sst xmlns="{_MAIN_SPACE}" count="{count}" uniqueCount="{len(places)}"/>'.encode())
    for text in places:
        shown = etree.SubElement(etree.SubElement(table, _MAIN + "si"), _MAIN + "t")
        shown.text = text
        if text != text.strip() or "\n" in text or "  " in text:
            shown.set(_PRESERVE, "preserve")
    parts["xl/sharedStrings.xml"] = _written(table)
    types = etree.fromstring(parts["[Content_Types].xml"])
    if not any(child.get("PartName") == "/xl/sharedStrings.xml" for child in types):
        override = {"PartName": "/xl/sharedStrings.xml", "ContentType": _STRINGS_TYPE}
        etree.SubElement(types, _TYPES + "Override", override)
    parts["[Content_Types].xml"] = _written(types)
    relations = etree.fromstring(parts["xl/_rels/workbook.xml.rels"])
    if not any(child.get("Type") == _STRINGS_RELATION for child in relations):
        relation = {"Type": _STRINGS_RELATION, "Target": "sharedStrings.xml", "Id": "rIdStrings"}
        etree.SubElement(relations, _RELATIONS + "Relationship", relation)
    parts["xl/_rels/workbook.xml.rels"] = _written(relations)


def _written(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
