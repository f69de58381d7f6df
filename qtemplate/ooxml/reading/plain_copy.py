"""A workbook written again in memory without what calamine stumbles over and office programs do not mind.

Needed only where calamine refuses the workbook or one of its sheets. Left out or spelt otherwise are sheets that have
no cells (macro sheets of Excel 4, stubs of modules), states of sheets and names of parts that it does not know, a
`dimension` that is no area, merges of whole columns, and error values younger than it. Every other cell keeps its
bytes, and where each stood is read from the workbook itself.

Source: ECMA-376 part 1 sections 18.2.19 (sheet), 18.3.1.35 (dimension), 18.3.1.55 (mergeCells); [MS-XLSX] 2.1.12 (macro
sheets).
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Mapping
from typing import Final

from qtemplate.ooxml.markup import attribute, escape, set_attribute
from qtemplate.ooxml.package.parts import Workbook
from qtemplate.ooxml.package.reader import Package
from qtemplate.ooxml.references import Area

SMALL: Final = 4 << 20
"""Bytes of a part up to which packing it costs more than the memory is worth."""

_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_TYPES: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml."

_SHEET_DATA: Final = re.compile(rb"<(?:\w+:)?sheetData(?=[\s/>])")
_DIMENSION: Final = re.compile(rb"<(?:\w+:)?dimension(?=[\s/>])[^>]*?(?:/>|>\s*</(?:\w+:)?dimension\s*>)")
_MERGE: Final = re.compile(rb"<(?:\w+:)?mergeCell(?=[\s/>])[^>]*?(?:/>|>\s*</(?:\w+:)?mergeCell\s*>)")
_ERROR: Final = re.compile(
    rb"""(<(?:\w+:)?c(?=\s)[^>]*\st\s*=\s*["']e["'][^>]*(?<!/)>(?:(?!</(?:\w+:)?c\s*>).)*?<(?:\w+:)?v(?:\s[^>]*)?>)"""
    rb"([^<]*)",
    re.DOTALL,
)
_KNOWN_ERRORS: Final = frozenset((b"#DIV/0!", b"#N/A", b"#NAME?", b"#NULL!", b"#NUM!", b"#REF!", b"#VALUE!"))


def write_plainly(package: Package, workbook: Workbook, mended: Mapping[str, bytes] | None = None) -> bytes:
    """An archive of the worksheets, the shared texts and the formats, under their usual names.

    Args:
        package, workbook: The workbook.
        mended: New bytes of sheets, by part.

    Raises:
        WorkbookRefused: A part cannot be read.
    """
    mended = mended or {}
    sheets = [sheet for sheet in workbook.sheets if sheet.kind == "worksheet"]
    parts = {f"worksheets/sheet{number}.xml": ("worksheet", sheet.part) for number, sheet in enumerate(sheets, 1)}
    for kind in ("sharedStrings", "styles"):
        if (part := workbook.target(kind)) is not None:
            parts[f"{kind}.xml"] = (kind, part)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("[Content_Types].xml", _content_types(parts))
        archive.writestr("_rels/.rels", _links([("officeDocument", "xl/workbook.xml")]))
        archive.writestr("xl/workbook.xml", _workbook(workbook, [sheet.name for sheet in sheets]))
        links = _links([(kind, name) for name, (kind, _) in parts.items()])
        archive.writestr("xl/_rels/workbook.xml.rels", links)
        for name, (_, part) in parts.items():
            if (member := package.find(part)) is not None:
                entry = zipfile.ZipInfo(f"xl/{name}")
                entry.compress_type = zipfile.ZIP_STORED if member.size < SMALL else zipfile.ZIP_DEFLATED
                with archive.open(entry, "w", force_zip64=True) as target:
                    for piece in [mended[part]] if part in mended else package.pieces(part):
                        target.write(piece)
    return made.getvalue()


def mend_sheet(xml: bytes) -> bytes:
    """A sheet's part with a `dimension` left out, merges as areas of cells, and all errors of a kind known for long."""
    data = _SHEET_DATA.search(xml)
    if data is None:
        return xml
    end = xml.rfind(b"sheetData")
    head = _DIMENSION.sub(b"", xml[: data.start()])
    cells = _ERROR.sub(_known_error, xml[data.start() : end])
    return head + cells + _MERGE.sub(_plain_merge, xml[end:])


def _known_error(found: re.Match[bytes]) -> bytes:
    return found[0] if found[2].strip() in _KNOWN_ERRORS else found[1] + b"#N/A"


def _plain_merge(found: re.Match[bytes]) -> bytes:
    area = Area.parse_wide((attribute(found[0], b"ref") or "").strip())
    return b"" if area is None else set_attribute(found[0], b"ref", str(area))


def _workbook(workbook: Workbook, names: Iterable[str]) -> str:
    date1904 = '<workbookPr date1904="1"/>' if workbook.date1904 else ""
    sheets = "".join(f'<sheet name="{_quoted(name)}" sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(names, 1))
    return f'<workbook xmlns="{_MAIN}" xmlns:r="{_LINKS}">{date1904}<sheets>{sheets}</sheets></workbook>'


def _quoted(name: str) -> str:
    """A name as the value of an attribute; `quoteattr` of the library loads 30 ms of sockets and TLS."""
    text = escape(name).decode().replace('"', "&quot;")
    return text.replace("\n", "&#10;").replace("\r", "&#13;").replace("\t", "&#9;")


def _links(links: Iterable[tuple[str, str]]) -> str:
    """A part of relationships `rId1`, `rId2`, … from (kind, target) pairs."""
    made = "".join(
        f'<Relationship Id="rId{n}" Type="{_LINKS}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(links, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{made}</Relationships>'


def _content_types(parts: Mapping[str, tuple[str, str]]) -> str:
    named = {"workbook.xml": "sheet.main"} | {name: kind for name, (kind, _) in parts.items()}
    made = "".join(f'<Override PartName="/xl/{n}" ContentType="{_TYPES}{kind}+xml"/>' for n, kind in named.items())
    rels = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    return f'<Types xmlns="{_PACKAGE}/content-types">{rels}{made}</Types>'
