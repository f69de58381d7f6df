"""The charts of a sheet that is copied: its drawing and their parts, read from the donor and named anew.

Source: ECMA-376 part 1 sections 20.5 (spreadsheet drawings), 21.2 (charts; `c:f` names the cells they show).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol

from lxml import etree

from qtemplate.errors import WorkbookRefused
from qtemplate.ooxml.package.part_names import relationships_part
from qtemplate.ooxml.package.parts import descendants, parse_part, read_relationships
from qtemplate.ooxml.package.reader import Package

_LINKS: Final = "http://schemas.openxmlformats.org/package/2006/relationships"

Link = Callable[[str, str, str], etree._Element]
"""Id, kind and target of a relationship -> its element."""


class Namer(Protocol):
    """Gives free part names."""

    def part(self, pattern: str) -> str:
        """The first free part name of a pattern such as `xl/charts/chart{}.xml`."""


class DrawingCopy:
    """A drawing of a donor that holds charts and nothing else.

    Args:
        package: The donor.
        part: The drawing.
        sheet: The name of the sheet, for the message.

    Raises:
        WorkbookRefused: `sheet_parts`: it holds pictures or controls, or a chart holds on to more parts.
    """

    def __init__(self, package: Package, part: str, sheet: str) -> None:
        self._sheet = sheet
        self._root = parse_part(package, part)
        self._charts: dict[str, etree._Element] = {}
        for link in read_relationships(package, part):
            more = read_relationships(package, link.target) if link.target else ()
            if link.kind != "chart" or more:
                raise _not_copied(sheet, link.kind if link.kind != "chart" else more[0].kind)
            self._charts[link.id] = parse_part(package, link.target)

    def parts(
        self,
        names: Namer,
        folder: str,
        rewrite: Callable[[str], str | None],
        written: Callable[[etree._Element], bytes],
        link: Link,
    ) -> tuple[str, dict[str, bytes], dict[str, str]]:
        """Everything to be written for it.

        Args:
            names: Gives free part names.
            folder: Of the workbook part, such as `xl`.
            rewrite: What a reference of a chart reads here; None where it names what is not here.
            written: A tree as the bytes of a part.
            link: Makes a relationship.

        Returns:
            The name of the drawing, the parts, and the kind of each.

        Raises:
            WorkbookRefused: `sheet_parts`: a chart shows what is not here.
        """
        drawing = names.part(f"{folder}/drawings/drawing{{}}.xml".lstrip("/"))
        links = etree.fromstring(f'<Relationships xmlns="{_LINKS}"/>')
        parts, kinds = {drawing: written(self._root)}, {drawing: "drawing"}
        for identity, chart in self._charts.items():
            for shown in descendants(chart, "f"):
                text = rewrite(shown.text or "")
                if text is None:
                    raise _not_copied(self._sheet, "chart")
                shown.text = text
            part = names.part(f"{folder}/charts/chart{{}}.xml".lstrip("/"))
            parts[part], kinds[part] = written(chart), "chart"
            links.append(link(identity, "chart", f"/{part}"))
        parts[relationships_part(drawing)] = etree.tostring(
            links, xml_declaration=True, encoding="UTF-8", standalone=True
        )
        return drawing, parts, kinds


def _not_copied(sheet: str, kind: str) -> WorkbookRefused:
    return WorkbookRefused("sheet_parts", "{sheet} holds a {kind}, which is not copied.", sheet, sheet=sheet, kind=kind)
