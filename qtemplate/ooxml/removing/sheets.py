"""Sheets go: out of the workbook's list, with the names that are theirs, and with every part that only they needed.

Source: ECMA-376 part 1 sections 18.2.20 (sheets), 18.2.5 (definedName: `localSheetId` counts sheets from 0), 18.2.30
(workbookView: `activeTab`); part 2 section 6.5 (relationships); ISO 29500 part 1 section 22.2 (app.xml).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final

from qtemplate.ooxml.markup import escape, set_attribute
from qtemplate.ooxml.package.part_names import part_key, relationships_part
from qtemplate.ooxml.package.parts import read_relationships
from qtemplate.ooxml.package.reader import Package
from qtemplate.ooxml.removing.cut import Cut
from qtemplate.ooxml.removing.referring import Going
from qtemplate.ooxml.removing.tree import Element, Elements

_NAMED: Final = re.compile(
    r"(?P<sheet>'(?:[^']|'')+'|[^\s'!,()+*/&=<>;:\[\]{}\"]+)!"
    r"(?P<area>\$?[A-Z]{1,3}(?:\$?\d{1,7})?(?::\$?[A-Z]{1,3}(?:\$?\d{1,7})?)?)(?![\w.(])"
)


def reached(package: Package, start: Iterable[str], without: Collection[str] = ()) -> Iterator[tuple[str, str]]:
    """The parts that relationships lead to, from some parts on, each once, with the kind of the relationship.

    Args:
        package: The workbook.
        start: Part names; "" for the package itself.
        without: Parts that are not gone through.
    """
    closed = {part_key(name) for name in without}
    waiting = [(name, "") for name in start]
    while waiting:
        name, kind = waiting.pop()
        if part_key(name) in closed or (name and package.find(name) is None):
            continue
        closed.add(part_key(name))
        if name:
            yield name, kind
        waiting += [(link.target, link.kind) for link in read_relationships(package, name) if link.target]


def parts_going(package: Package, sheets: Collection[str]) -> list[str]:
    """The parts of these sheets that nothing else leads to, relationships parts included.

    Args:
        package: The workbook.
        sheets: Part names.
    """
    stay = {part_key(name) for name, _ in reached(package, [""], sheets)}
    gone = [name for name, _ in reached(package, sheets) if part_key(name) not in stay]
    links = (relationships_part(name) for name in gone)
    return [*gone, *(name for name in links if package.find(name) is not None)]


def clip_names(xml: bytes, going: Going, order: Collection[str]) -> tuple[bytes, list[str]]:
    """The workbook part without the sheets that go, and names that stand for nothing any more.

    Args:
        xml: The workbook part.
        going: What goes.
        order: Names of all sheets, in the order of their tabs.

    Returns:
        The part, and the names of people's that would refer to nothing.
    """
    elements, names = Elements(xml), list(order)
    stay = [at for at, name in enumerate(names) if not going.is_gone(name)]
    new = {at: number for number, at in enumerate(stay)}
    lost: list[str] = []
    for element in list(elements.named(b"sheet")):
        if going.is_gone(elements.get(element, b"name") or ""):
            elements.cut(element)
    for element in list(elements.named(b"workbookView")):
        _show_other(elements, element, new)
    for element in list(elements.named(b"definedName")):
        name, local = elements.get(element, b"name") or "", elements.get(element, b"localSheetId")
        at = int(local) if local is not None and local.isdecimal() else None
        if at is not None and at < len(names) and at not in new:
            elements.cut(element, lists=(b"definedNames",))
            continue
        old = elements.text(element)
        text = _clipped(old, going.cuts)
        if not text or going.refers(text):
            if not name.startswith("_xlnm."):
                lost.append(name)
            elements.cut(element, lists=(b"definedNames",))
            continue
        if at is not None and new.get(at, at) != at:
            elements.set(element, b"localSheetId", str(new[at]))
        if text != old:
            elements.set_text(element, escape(text))
    return elements.written(), lost


def _show_other(elements: Elements, view: Element, new: Mapping[int, int]) -> None:
    """A window that shows a sheet that goes shows the first one then."""
    tag = view.opening
    changed = {}
    for name in (b"activeTab", b"firstSheet"):
        old = elements.get(view, name)
        if old is not None and old.isdecimal() and new.get(int(old)) != int(old):
            changed[name] = str(new.get(int(old), 0))
    if changed:
        text = elements.xml[tag.start : tag.end]
        for name, value in changed.items():
            text = set_attribute(text, name, value)
        elements.replace_tag(view, text)


def _clipped(text: str, cuts: Iterable[Cut]) -> str:
    """What a name stands for, without columns that go; "" where nothing is left."""
    for cut in cuts:

        def without(found: re.Match[str], cut: Cut = cut) -> str:
            sheet = found["sheet"]
            plain = sheet[1:-1].replace("''", "'") if sheet.startswith("'") else sheet
            if plain.casefold() != cut.sheet.casefold():
                return found[0]
            left = cut.apply(found["area"])
            return f"{sheet}!{left}" if left else ""

        new = _NAMED.sub(without, text)
        if new != text:
            text = ",".join(piece for piece in new.split(",") if piece.strip()) if "," in text else new
    return text


def without_titles(xml: bytes, sheets: Collection[str]) -> bytes:
    """`docProps/app.xml` without the names of sheets that go, as far as it lists them at all.

    Args:
        xml: The part.
        sheets: Their names.
    """
    elements = Elements(xml)
    titles = [each for each in elements.named(b"lpstr") if _inside(each, b"TitlesOfParts")]
    counts = [each for each in elements.named(b"i4") if _inside(each, b"HeadingPairs")]
    numbers = [elements.text(count) for count in counts]
    if not all(text.isdecimal() for text in numbers) or sum(map(int, numbers)) != len(titles):
        return xml
    gone = {name.casefold() for name in sheets}
    place = 0
    total = 0
    for count, text in zip(counts, numbers, strict=True):
        group = titles[place : place + int(text)]
        place += int(text)
        leaving = [each for each in group if _belongs(elements.text(each), gone)]
        if leaving and len(leaving) < len(group):
            for each in leaving:
                elements.cut(each)
            elements.set_text(count, str(len(group) - len(leaving)).encode())
            total += len(leaving)
        elif leaving:
            return xml  # a heading without anything below it: an office program writes the list anew
    vector = titles[0].parent if titles else None
    if total and vector is not None and elements.get(vector, b"size") == str(len(titles)):
        elements.set(vector, b"size", str(len(titles) - total))
    return elements.written()


def _inside(element: Element | None, name: bytes) -> bool:
    while element is not None:
        if element.name == name:
            return True
        element = element.parent
    return False


def _belongs(title: str, gone: Collection[str]) -> bool:
    """Whether a title is a sheet that goes, or a name of its own such as `人员!Print_Area`."""
    sheet = title.rpartition("!")[0] or title
    return sheet.strip("'").replace("''", "'").casefold() in gone
