"""Makes a follow-up form from a template workbook: placeholders and named cells get the facts of a row.

The lossless patcher does the writing, so a team's logo, pictures and formats stay, and the same facts give the same
bytes. This module knows templates and facts, not the register.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from lxml import etree
from msgspec import Struct
from python_calamine import CalamineWorkbook

from ..errors import ConfigError
from ..ooxml.blank import Blank
from ..ooxml.cells import keepable
from ..ooxml.markup import escape
from ..ooxml.package.replace_file import replace_file
from ..ooxml.references import column_name
from ..plan import FormRequest
from ..resources import templates_root
from ..texts import make_error
from .named_cells import NamedArea, named_areas
from .token import make_mark, make_token

PLACEHOLDER = re.compile(r"\{\{\s*(\w+)\s*\}\}")
PROPERTIES = "docProps/custom.xml"
_MARK = re.compile(rb"\{\{\s*token\s*\}\}")
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


class FormTemplate(Struct, frozen=True):
    """A template workbook.

    Attributes:
        path: Where it lies.
        blank: Itself, to be filled in.
        placeholders: Sheet -> cell -> name of the placeholder in it.
        named: The cells that have names.
        properties: Its own document properties, as XML; empty where it has none.
    """

    path: Path
    blank: Blank
    placeholders: Mapping[str, Mapping[str, str]]
    named: Mapping[str, NamedArea]
    properties: bytes = b""


def form_template(workspace: Path, kind: str, language: str) -> FormTemplate:
    """The template of a form: the workspace's own, else the one that ships.

    Raises:
        ConfigError: There is none.
    """
    name = f"{kind}.{language}.xlsx"
    for folder in (workspace / "templates" / "forms", templates_root() / "forms"):
        if (folder / name).is_file():
            data = (folder / name).read_bytes()
            return FormTemplate(folder / name, Blank(data), _placeholders(data), *_named(data))
    raise make_error(ConfigError, "form.no_template", name=name, folder=workspace / "templates" / "forms")


def make_form(request: FormRequest, template: FormTemplate, folder: Path, secret: bytes) -> Path:
    """Fill in a template.

    Args:
        request: What to fill in; a placeholder that the facts lack becomes an empty cell. `facts["cells"]` are values
            of named cells, a list going downwards from the first.
        template: May be used for many forms.
        folder: Where the form goes, under the name `facts["file"]`.
        secret: The workspace's key, by which the form is known when it comes back.

    Returns:
        The file; written whole or not at all.

    Raises:
        WorkbookRefused: The template cannot be edited.
    """
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / str(request.facts["file"])
    facts = {**request.facts, "token": make_token(request, secret)}
    edits: dict[str, dict[str, Any]] = {
        sheet: {cell: _kept(facts.get(name)) for cell, name in cells.items()}
        for sheet, cells in template.placeholders.items()
    }
    for name, value in (request.facts.get("cells") or {}).items():
        if name in template.named:
            sheet = template.named[name].sheet
            edits.setdefault(sheet, {}).update(_down(template.named[name], value))
    parts = _marked(template.properties, make_mark(request, secret))
    _write(template.blank.filled(edits, parts), target, template.path)
    return target


def _write(data: bytes, target: Path, like: Path) -> None:
    def write(file: BinaryIO) -> str:
        file.write(data)
        return hashlib.sha256(data).hexdigest()

    replace_file(target, write, like.stat(), lambda sha256: None)


def _kept(value: Any) -> Any:
    """A fact as its cell keeps it: dates and numbers by their types, an empty text as an empty cell."""
    return keepable(value) or None if isinstance(value, str) else value


def _down(named: NamedArea, value: Any) -> Iterator[tuple[str, Any]]:
    """The cells that a value goes to: the first, or as many below it as a list has, within the area where it is one."""
    values: Sequence[Any] = value if isinstance(value, (list, tuple)) else [value]
    area = named.area
    room = area.last_row - area.first_row + 1 if isinstance(value, (list, tuple)) else 1
    for at, each in enumerate(values[:room]):
        yield f"{column_name(area.first_column)}{area.first_row + at}", _kept(each)


def _marked(properties: bytes, mark: str) -> dict[str, bytes]:
    """The document properties with the second mark; none where the template has no place for one."""
    if not _MARK.search(properties):
        return {}
    return {PROPERTIES: _MARK.sub(lambda _: escape(mark), properties)}


def _placeholders(data: bytes) -> dict[str, dict[str, str]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    placeholders: dict[str, dict[str, str]] = {}
    for name in book.sheet_names:
        for row, cells in enumerate(book.get_sheet_by_name(name).to_python(skip_empty_area=False), start=1):
            for column, value in enumerate(cells, start=1):
                found = PLACEHOLDER.fullmatch(value.strip()) if isinstance(value, str) else None
                if found:
                    placeholders.setdefault(name, {})[f"{column_name(column)}{row}"] = found[1]
    return placeholders


def _named(data: bytes) -> tuple[dict[str, NamedArea], bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        root = etree.fromstring(package.read("xl/workbook.xml"), etree.XMLParser(resolve_entities=False))
        properties = package.read(PROPERTIES) if PROPERTIES in package.namelist() else b""
    names = ((str(name.get("name")), name.text or "") for name in root.iter(f"{_MAIN}definedName"))
    return named_areas(names), properties
