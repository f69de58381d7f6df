"""From what openpyxl saves to the file we hand out: bytes that depend on the content alone, and schema order in fonts.

openpyxl stamps the time of saving, puts `[Content_Types].xml` last, and writes the children of `font` in an order that
ISO/IEC 29500-1 (18.8.22, CT_Font) does not have; Excel forgives it, strict validators do not.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile

from lxml import etree

MADE_AT = dt.datetime(2026, 1, 1)
"""Creation and modification time written into every standard workbook."""

_STAMP = (2026, 1, 1, 0, 0, 0)
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_FIRST_PARTS = ("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml")
_FONT_ORDER = (
    "b", "i", "strike", "condense", "extend", "outline", "shadow", "u", "vertAlign", "sz", "color", "name", "family",
    "charset", "scheme",
)  # fmt: skip


def finished_bytes(saved: bytes) -> bytes:
    """The same package, fit to be handed out.

    Args:
        saved: A package as openpyxl saved it.

    Returns:
        A package whose bytes are the same on every call with the same content.
    """
    with zipfile.ZipFile(io.BytesIO(saved)) as source:
        parts = {info.filename: source.read(info) for info in source.infolist()}
    stamp = MADE_AT.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    parts["docProps/core.xml"] = _MODIFIED.sub(rb"\g<1>" + stamp + rb"\g<2>", parts["docProps/core.xml"])
    parts["xl/styles.xml"] = _with_font_order(parts["xl/styles.xml"])
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
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
