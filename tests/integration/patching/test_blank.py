"""A template that is filled in many times: each copy is the one that the patcher makes."""

from __future__ import annotations

import datetime as dt
from itertools import cycle
from pathlib import Path

import pytest

from qtemplate.forms.make import form_template
from qtemplate.ooxml.blank import Blank
from qtemplate.ooxml.patch import CellValue, patch_bytes
from qtemplate.ooxml.references import column_name
from qtemplate.plan.form_kinds import FormKind

VALUES: tuple[CellValue, ...] = ("煮饭时屏幕不亮", None, 7, dt.datetime(2026, 7, 16, 8, 30), " & <b> ", 2.5, True)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_form_that_ships_is_filled_in_as_the_patcher_would(language: str, tmp_path: Path) -> None:
    for kind in FormKind:
        template = form_template(tmp_path, kind, language)
        data, places = template.path.read_bytes(), {sheet: [*at] for sheet, at in template.placeholders.items()}
        for named in template.named.values():
            places.setdefault(named.sheet, []).append(f"{column_name(named.area.first_column)}{named.area.first_row}")
        blank, parts = Blank(data), {"docProps/custom.xml": b"<Properties/>"} if template.properties else {}
        for share in (0.5, 1.0, 0.2):  # the second copy asks for cells that the first one did not
            values = cycle(VALUES)
            edits = {
                sheet: {cell: next(values) for cell in dict.fromkeys(cells[: round(len(cells) * share)])}
                for sheet, cells in places.items()
            }
            expected, _ = patch_bytes(data, edits=edits, locked_cells=True, parts=parts)
            assert blank.filled(edits, parts) == expected, (kind, share)
