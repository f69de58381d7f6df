"""Whole lives of a case through forms and mails, row to closed to reopened to closed, one of each level.

`tests/life/expected.toml` says what has to come of `story.toml`, step by step.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from life_player import HERE, STORY, Life

EXPECTED: dict[str, list[str]] = tomllib.loads((HERE / "expected.toml").read_text("utf-8"))
LEVELS = [pytest.param(level, marks=[] if level == "minor" else pytest.mark.campaign) for level in EXPECTED]


@pytest.mark.parametrize("level", LEVELS)
def test_a_case_lives_by_forms_and_mails_from_its_row_to_its_second_closing(level: str, tmp_path: Path) -> None:
    life = Life(tmp_path, level)
    for told, expected in zip(life.told(), EXPECTED[level], strict=True):
        assert _points(told) == _points(expected)
    typed = [key for step in STORY[level] for key in step.get("typed", ())]
    assert typed == ["close_type"]


def _points(line: str) -> list[Any]:
    """State, mails, forms and cells, each in any order."""
    head, mails, forms, cells = (part.strip() for part in line.split("|"))
    return [head, sorted(filter(None, mails.split(", "))), sorted(forms.split(", ")), sorted(cells.split())]
