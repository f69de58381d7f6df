"""Makes a follow-up form from a template workbook: cells that hold a placeholder get the facts of a row.

The lossless patcher does the writing, so a team's logo, pictures and formats stay, and the same facts give the same
bytes. This module knows templates and facts, not the register.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from python_calamine import CalamineWorkbook

from ..errors import ConfigError
from ..ooxml.references import column_name
from ..plan import FormRequest
from ..resources import templates_root
from ..sheets import patch_workbook
from ..texts import make_error
from .token import make_token

PLACEHOLDER = re.compile(r"\{\{\s*(\w+)\s*\}\}")


@dataclass(frozen=True, slots=True)
class FormTemplate:
    """A template workbook: sheet -> cell -> name of the placeholder in it."""

    path: Path
    placeholders: Mapping[str, Mapping[str, str]]


def form_template(workspace: Path, kind: str, language: str) -> FormTemplate:
    """The template of a form: the workspace's own, else the one that ships.

    Raises:
        ConfigError: There is none.
    """
    name = f"{kind}.{language}.xlsx"
    for folder in (workspace / "templates" / "forms", templates_root() / "forms"):
        if (folder / name).is_file():
            return FormTemplate(folder / name, _placeholders(folder / name))
    raise make_error(ConfigError, "form.no_template", name=name, folder=workspace / "templates" / "forms")


def make_form(request: FormRequest, template: FormTemplate, folder: Path, secret: bytes) -> Path:
    """Fill in a template.

    Args:
        request: What to fill in; a placeholder that the facts lack becomes an empty cell.
        template: A workbook with `{{name}}` cells; may be used for many forms.
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
    edits = {
        sheet: {cell: str(facts.get(name) or "") or None for cell, name in cells.items()}
        for sheet, cells in template.placeholders.items()
    }
    patch_workbook(template.path, target, edits=edits, locked_cells=True)
    return target


def _placeholders(template: Path) -> dict[str, dict[str, str]]:
    book = CalamineWorkbook.from_path(str(template))
    placeholders: dict[str, dict[str, str]] = {}
    for name in book.sheet_names:
        for row, cells in enumerate(book.get_sheet_by_name(name).to_python(skip_empty_area=False), start=1):
            for column, value in enumerate(cells, start=1):
                found = PLACEHOLDER.fullmatch(value.strip()) if isinstance(value, str) else None
                if found:
                    placeholders.setdefault(name, {})[f"{column_name(column)}{row}"] = found[1]
    return placeholders
