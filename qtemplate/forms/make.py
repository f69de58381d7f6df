"""Making a follow-up form: a template workbook whose whole-cell placeholders take the facts of a row.

Writes through the lossless patcher, so that a team's own logo, pictures and formats stay; the same facts give the same
bytes. Knows templates and facts, not the register.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook

from ..errors import ConfigError
from ..plan import FormRequest
from ..register import column_letters
from ..resources import templates_root
from ..sheets import patch_workbook

PLACEHOLDER = re.compile(r"\{\{\s*(\w+)\s*\}\}")


def form_template(workspace: Path, kind: str, language: str) -> Path:
    """The template of a form: the workspace's own, else the one that ships.

    Raises:
        ConfigError: There is none.
    """
    name = f"{kind}.{language}.xlsx"
    for folder in (workspace / "templates" / "forms", templates_root() / "forms"):
        if (folder / name).is_file():
            return folder / name
    raise ConfigError(f"There is no form template {name}; put one into {workspace / 'templates' / 'forms'}.")


def make_form(request: FormRequest, template: Path, folder: Path) -> Path:
    """Fills a template.

    Args:
        request: What to fill in; a placeholder that the facts lack becomes an empty cell.
        template: A workbook with `{{name}}` cells.
        folder: Where the form goes, under the name `facts["file"]`.

    Returns:
        The file; written whole or not at all.

    Raises:
        WorkbookRefused: The template cannot be edited.
    """
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / str(request.facts["file"])
    facts = {**request.facts, "token": form_token(request)}
    patch_workbook(template, target, edits=_edits(template, facts), locked_cells=True)
    return target


def form_token(request: FormRequest) -> str:
    """What a returned form is recognised by: its key, kind and feedback, and the base of the merge, as JSON."""
    digest = hashlib.sha256(request.key.encode()).hexdigest()[:16]
    return json.dumps(
        {
            "form": request.key,
            "kind": request.kind,
            "id": request.id,
            "check": digest,
            "base": request.facts.get("base"),
        },
        ensure_ascii=False,
        sort_keys=True,
    )


def _edits(template: Path, facts: Mapping[str, Any]) -> dict[str, dict[str, str | None]]:
    book = CalamineWorkbook.from_path(str(template))
    edits: dict[str, dict[str, str | None]] = {}
    for name in book.sheet_names:
        for row, cells in enumerate(book.get_sheet_by_name(name).to_python(skip_empty_area=False), start=1):
            for column, value in enumerate(cells, start=1):
                found = PLACEHOLDER.fullmatch(value.strip()) if isinstance(value, str) else None
                if found:
                    edits.setdefault(name, {})[f"{column_letters(column)}{row}"] = (
                        str(facts.get(found[1]) or "") or None
                    )
    return edits
